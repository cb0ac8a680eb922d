"""The encoder that reads: weights of ``data/models/reader`` run by onnxruntime, one window at a time, on one thread."""

from __future__ import annotations

import hashlib
import json
import math
import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from mapper.bundled import bundled
from mapper.claims.reader import CHANGE, CONTEST, KINDS, PUBLISHED, UNDATED, Answer, Blend, Sheet
from mapper.claims.reconcile import ALONE, BOTH
from mapper.model import Predicate
from mapper.reader.windows import Window, cut

LEAST: Final = 0.02  # answers less likely than this, in every mood, are not given
LONGEST: Final = 16  # tokens of the words that name a side
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_PREDICATES: Final = {"holds": Predicate.HOLDS, "presence": Predicate.PRESENCE, "denied": Predicate.DENIED}


_REMEDY: Final = (
    "Reinstall mapper, make the weights with data/models/train_reader.py, or read with the rules alone: --reader rules"
)


class ReaderError(ValueError):
    """The weights are missing, or not those this program was made for; the message says which file and what to do."""


def _card(folder: Path) -> dict[str, Any]:
    """What ``reader.json`` says of the weights beside it. Raises ReaderError when it is missing or says less."""
    path = folder / "reader.json"
    try:
        card: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        numbers: dict[str, Any] = {k: tuple(v) if isinstance(v, list) else v for k, v in card["blend"].items()}
        card["blend"] = _blend(numbers)
        card["version"], card["sha256"] = str(card["version"]), dict(card["sha256"])
    except OSError as error:
        message = f"the reader's weights are missing: {path} cannot be read ({error.strerror}). {_REMEDY}"
        raise ReaderError(message) from error
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        message = f"{path} is damaged, or of another version of mapper. {_REMEDY}"
        raise ReaderError(message) from error
    return card


def _blend(numbers: dict[str, Any]) -> Blend:
    """Raises TypeError or ValueError for one with which no sentence can be weighed."""
    blend = Blend(**numbers)
    if (len(blend.alone), len(blend.both)) != (len(ALONE), len(BOTH)):
        message = "its weights are not those of what is weighed"
        raise ValueError(message)
    if not all(map(math.isfinite, (*blend.alone, *blend.both, blend.accept, blend.bare, blend.unsaid, blend.doubt))):
        message = "a weight is no number"
        raise ValueError(message)
    return blend


def _whole(path: Path, digest: object) -> bytes:
    """The bytes of a file whose SHA-256 is known. Raises ReaderError when they are others, or none."""
    try:
        content = path.read_bytes()
    except OSError as error:
        message = f"the reader's weights are incomplete: {path} cannot be read ({error.strerror}). {_REMEDY}"
        raise ReaderError(message) from error
    if hashlib.sha256(content).hexdigest() != digest:
        message = f"{path} is damaged, or not the file that reader.json describes (sha256 differs). {_REMEDY}"
        raise ReaderError(message)
    return content


def _folder() -> Path:
    try:
        return bundled("models", "reader")
    except FileNotFoundError as error:
        message = f"the reader's weights are missing (data/models/reader). {_REMEDY}"
        raise ReaderError(message) from error


class OnnxReader:
    """A ``mapper.claims.reader.Reader``. Holds a session: open it once, read many articles."""

    def __init__(self, folder: Path) -> None:
        card = _card(folder)
        weights = _whole(folder / "reader.onnx", card["sha256"].get("reader.onnx"))
        words = _whole(folder / "tokenizer.json", card["sha256"].get("tokenizer.json"))
        # loading these takes longer than reading a table, which needs neither
        import onnxruntime as ort  # noqa: PLC0415
        from tokenizers import Tokenizer  # noqa: PLC0415

        options = ort.SessionOptions()
        options.intra_op_num_threads = 1  # the same sums in the same order, however many cores there are
        options.inter_op_num_threads = 1
        options.execution_mode = ort.ExecutionMode.ORT_SEQUENTIAL
        options.log_severity_level = 3
        self._session = ort.InferenceSession(weights, options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_buffer(words)
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        vocabulary = self._tokenizer.get_vocab()
        self._cls, self._sep = vocabulary["[CLS]"], vocabulary["[SEP]"]
        self._version: str = card["version"]
        self._blend: Blend = card["blend"]

    @classmethod
    def open(cls) -> OnnxReader:
        """The reader that ships with mapper; raises ReaderError when it is not there or damaged."""
        return cls(_folder())

    @property
    def version(self) -> str:
        return self._version

    @property
    def blend(self) -> Blend:
        return self._blend

    def read(self, sheet: Sheet) -> Sequence[Answer]:
        """One run of the encoder a window; a window holds the sentences it has room for, and nothing is padded."""
        text = _SURROGATE.sub("\ufffd", sheet.text)  # one for one; the tokenizer takes no half of a letter
        encoding = self._tokenizer.encode(text, add_special_tokens=False)
        answers: list[Answer] = []
        for window in cut(sheet, encoding.ids, encoding.offsets, self._cls, self._sep):
            answers.extend(self._answers(window))
        answers.sort(key=lambda a: (a.candidate, KINDS.index(a.kind)))
        return answers

    def _answers(self, window: Window) -> Iterator[Answer]:
        moods, change, contest, part, sides, when = self._session.run(
            None,
            {
                "ids": window.ids[None],
                "marks": window.marks[None],
                "spans": window.spans,
                "kinds": window.kinds,
                "homes": window.sentences,
                "times": window.times[None],
            },
        )
        likely = _softmax(moods)
        for n, candidate in enumerate(window.candidates):
            for k, kind in enumerate(KINDS):
                p = likely[n, k]
                if p[0] > 1 - LEAST:
                    continue
                if kind == "change":
                    predicate = CHANGE[int(change[n].argmax())]
                elif kind == "contest":
                    predicate = CONTEST[int(contest[n].argmax())]
                else:
                    predicate = _PREDICATES[kind]
                times = _softmax(when[n, k])
                best = int(times.argmax())
                yield Answer(
                    candidate=candidate,
                    kind=kind,
                    said=float(p[1]),
                    moods=tuple(float(x) for x in p),
                    predicate=predicate,
                    part=float(1 / (1 + np.exp(-part[n, k]))),
                    actor=_span(window, sides[n, k, 0], sides[n, k, 1]),
                    other=_span(window, sides[n, k, 2], sides[n, k, 3]),
                    time=PUBLISHED if best == 0 else UNDATED if best == 1 else window.time_ids[best - 2],
                )


@lru_cache(maxsize=2)
def open_reader(kind: str) -> OnnxReader | None:
    """The reader of a run: ``full`` opens the one that ships (once a process), ``rules`` is None. Raises ReaderError."""
    return OnnxReader.open() if kind == "full" else None


def reader_version(kind: str) -> str:
    """Names what reads: ``rules``, or the version of the weights. Raises ReaderError when they are missing."""
    return str(_card(_folder())["version"]) if kind == "full" else "rules"


def _softmax(x: NDArray[np.float32]) -> NDArray[np.float64]:
    e = np.exp(x.astype(np.float64) - x.max(-1, keepdims=True))
    return np.asarray(e / e.sum(-1, keepdims=True))


def _span(window: Window, first: NDArray[np.float32], last: NDArray[np.float32]) -> tuple[int, int] | None:
    """The likeliest span of words, None if "nobody" (the frame's first token) is likelier."""
    nobody = float(first[0] + last[0])
    best, found = nobody, None
    size = len(first) - 1
    for i in np.argsort(-first[1:size], kind="stable")[:4] + 1:
        stop = min(size, int(i) + LONGEST)
        j = int(last[i:stop].argmax()) + int(i)
        score = float(first[i] + last[j])
        if score > best:
            best, found = score, (int(window.offsets[i, 0]), int(window.offsets[j, 1]))
    return found
