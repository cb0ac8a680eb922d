#!/bin/sh
# What an 8-bit model says of a row depends on the rows that share its batch.
# Versions: onnx==1.23.2, onnxruntime==1.32.0, numpy==2.4.6
# Input: a graph of dynamic quantisation and integer product, run on one row of small numbers, once alone and once
#   beside a row of large ones.
# Guess: the same answer to the last bit: a matrix product treats every row alone.
# Seen: DynamicQuantizeLinear takes one scale for the whole batch, so the answer for the row moves by more than a tenth;
#   alone it is within 5 % of the exact product.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/python" -m pip install --quiet --disable-pip-version-check onnx==1.23.2 onnxruntime==1.32.0 numpy==2.4.6
cd "$work"
venv/bin/python - <<'END'
import numpy as np
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

weights = np.random.default_rng(0).integers(-127, 127, (16, 4)).astype(np.int8)
steps = [
    helper.make_node("DynamicQuantizeLinear", ["x"], ["whole", "scale", "zero"]),
    helper.make_node("MatMulInteger", ["whole", "w", "zero"], ["sums"]),
    helper.make_node("Cast", ["sums"], ["floats"], to=TensorProto.FLOAT),
    helper.make_node("Mul", ["floats", "scale"], ["y"]),
]
graph = helper.make_graph(
    steps,
    "dynamic",
    [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["rows", 16])],
    [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["rows", 4])],
    [numpy_helper.from_array(weights, "w")],
)
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
row = np.linspace(-0.2, 0.3, 16, dtype=np.float32)[None]
loud = np.full((1, 16), 20, np.float32)
exact = (row @ weights.astype(np.float32))[0]
alone = session.run(None, {"x": row})[0][0]
among = session.run(None, {"x": np.vstack([row, loud])})[0][0]
off = lambda found: float(np.linalg.norm(found - exact) / np.linalg.norm(exact))
print("exact", exact, "alone", alone, "beside a loud row", among)
print(f"off by {off(alone):.1%} alone, by {off(among):.1%} in company")
assert off(alone) < 0.05 < 0.1 < off(among)
END
