"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const Mapper = require("./load.cjs")("format.js", "decode.js", "palette.js", "geometry.js", "raster.js");
const { geometry, raster } = Mapper;

globalThis.ImageData = class {
  constructor(width, height) {
    Object.assign(this, { width, height, data: new Uint8ClampedArray(4 * width * height) });
  }
};

// A net of side × side crooked quadrilaterals over the square [0, 1]²; every edge is one arc of two points.
function net(side, jitter, seed = 7) {
  let state = seed;
  const random = () => ((state = (state * 16807) % 2147483647) / 2147483647 - 0.5) * jitter;
  const at = [];
  for (let r = 0; r <= side; r++) {
    for (let c = 0; c <= side; c++) {
      const rim = r === 0 || c === 0 || r === side || c === side;
      at.push([(c + (rim ? 0 : random())) / side, (r + (rim ? 0 : random())) / side]);
    }
  }
  const node = (r, c) => r * (side + 1) + c;
  const face = (r, c) => (r < 0 || c < 0 || r >= side || c >= side ? -1 : r * side + c);
  const arcs = { x: [], y: [], offset: [0], left: [], right: [] };
  const add = (a, b, left, right) => {
    arcs.x.push(at[a][0], at[b][0]);
    arcs.y.push(at[a][1], at[b][1]);
    arcs.offset.push(arcs.x.length);
    arcs.left.push(left);
    arcs.right.push(right);
  };
  // y grows to the south: going east, north lies to the left.
  for (let r = 0; r <= side; r++) for (let c = 0; c < side; c++) add(node(r, c), node(r, c + 1), face(r - 1, c), face(r, c));
  for (let c = 0; c <= side; c++) for (let r = 0; r < side; r++) add(node(r, c), node(r + 1, c), face(r, c), face(r, c - 1));
  const n = arcs.left.length;
  return {
    arcs: { n, x: Float64Array.from(arcs.x), y: Float64Array.from(arcs.y), offset: Int32Array.from(arcs.offset), left: Int32Array.from(arcs.left), right: Int32Array.from(arcs.right), faces: side * side },
    faces: { n: side * side },
  };
}

function scaled(arcs, scale) {
  return { x: arcs.x.map((v) => v * scale), y: arcs.y.map((v) => v * scale), offset: arcs.offset };
}

test("every pixel shows the face under its middle, wherever the view stands", () => {
  const model = net(12, 0.7);
  const box = geometry.boxes(model);
  const scale = 100;
  for (const frame of [
    { dx: 5, dy: 5, ratio: 1, width: 110, height: 110 }, // all of it, with a rim
    { dx: -33.3, dy: -21.7, ratio: 1, width: 40, height: 50 }, // its middle: every line begins inside a face
    { dx: 60.25, dy: 70.5, ratio: 2, width: 120, height: 120 }, // a corner, at two pixels a unit
    { dx: -40.1, dy: 3.1, ratio: 1.5, width: 90, height: 150 },
  ]) {
    const image = raster.facesOf(model.arcs, scaled(model.arcs, scale), frame);
    let wrong = 0;
    for (let row = 0; row < frame.height; row++) {
      for (let column = 0; column < frame.width; column++) {
        const x = ((column + 0.5) / frame.ratio - frame.dx) / scale;
        const y = ((row + 0.5) / frame.ratio - frame.dy) / scale;
        if (image[row * frame.width + column] !== 1 + geometry.faceAt(model, box, x, y)) wrong++;
      }
    }
    assert.equal(wrong, 0, JSON.stringify(frame));
  }
});

test("arcs that meet exactly on a line of pixels leave no streak", () => {
  const model = net(10, 0); // nodes at whole tenths: at this scale in the middle of pixels
  const image = raster.facesOf(model.arcs, scaled(model.arcs, 100), { dx: 0.5, dy: 0.5, ratio: 1, width: 101, height: 101 });
  for (let row = 0; row < 100; row++) {
    for (let column = 0; column < 100; column++) {
      assert.equal(image[row * 101 + column], 1 + Math.floor(row / 10) * 10 + Math.floor(column / 10), `${row}, ${column}`);
    }
  }
});

test("a day is painted in the colours of the looks, with lines where the sides differ", () => {
  const model = net(2, 0);
  const size = 2;
  const flat = (colour) => new Array(size * size).fill(colour);
  const looks = {
    size,
    dx: 1,
    dy: 0,
    texels: Uint32Array.from([...flat(0), ...flat(10), ...flat(20), 31, 32, 33, 34]),
    between: Uint32Array.from([0, 91, 92, 93]),
    against: Uint32Array.from([0, 81, 82, 83]),
    rings: Uint32Array.from([0, 0, 0, 70]),
  };
  const group = Int32Array.from([0, 1, 2, 2]);
  const paint = (value, more) => {
    let got;
    const painter = raster.createRaster(model.arcs, 4);
    assert.equal(painter.ready(), false);
    painter.lay(scaled(model.arcs, 20), { dx: 0, dy: 0, ratio: 1, width: 20, height: 20 });
    painter.paint({ putImageData: (data) => (got = new Uint32Array(data.data.buffer)) }, Int32Array.from(value), group, { ...looks, ...more });
    return (x, y) => got[y * 20 + x];
  };
  const two = paint([1, 2, 1, 2]);
  assert.equal(two(5, 5), 10);
  assert.equal(two(15, 5), 20);
  assert.ok([91, 92].includes(two(10, 5))); // between two holders, of either
  assert.equal(two(5, 10), 10); // none within one
  const bare = paint([1, 0, 1, 0]);
  assert.equal(bare(15, 5), 0);
  assert.equal(bare(10, 5), 81);
  const wide = paint([1, 0, 1, 0], { wide: true }); // the pixel beside the line is half of both
  assert.equal(wide(10, 5), 81);
  assert.equal(wide(11, 5), 81 & new Uint32Array(Uint8Array.of(255, 255, 255, 127).buffer)[0]);
  assert.equal(paint([1, 2, 1, 2], { wide: true, between: Uint32Array.from([0, 90, 90, 0]) })(11, 5), (90 + 20) / 2);
  const ringed = paint([2, 3, 2, 3]); // of one holder, but one is ringed, and has a pattern that begins one pixel later
  assert.equal(ringed(10, 5), 70);
  const shades = paint([2, 3, 2, 3], { rings: Uint32Array.from([0, 0, 70, 70]) }); // one ring around two shades
  assert.notEqual(shades(10, 5), 70);
  assert.deepEqual([ringed(15, 4), ringed(16, 4), ringed(15, 5), ringed(16, 5)], [31, 32, 33, 34]);
});

test("a pixel holds red, green, blue and full opacity in the order of ImageData", () => {
  const word = new Uint32Array([raster.pixel("#123456")]);
  assert.deepEqual(Array.from(new Uint8Array(word.buffer)), [0x12, 0x34, 0x56, 0xff]);
});
