"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const zlib = require("node:zlib");
const Mapper = require("./load.cjs")("format.js", "decode.js", "geometry.js", "store.js", "series.js", "controls/export.js");
const { decode, geometry, series, exporter } = Mapper;

const held = (actor) => ({ status: "controlled", actor, other: -1, basis: "stated", kind: { id: "controlled", holds: true }, weight: [1, 1, 1] });

// Two unit squares side by side and a third on top of both: faces 0, 1, 2.
function model(extra) {
  const lines = [
    [[1, 0], [1, 1]], // between 0 and 1
    [[1, 1], [0, 1]], // between 0 and 2
    [[2, 1], [1, 1]], // between 1 and 2
    [[0, 1], [0, 0], [1, 0]], // 0 and outside
    [[1, 0], [2, 0], [2, 1]], // 1 and outside
    [[2, 1], [2, 2], [0, 2], [0, 1]], // 2 and outside
  ];
  const left = [0, 0, 1, 0, 1, 2];
  const right = [1, 2, 2, -1, -1, -1];
  const lon = [];
  const lat = [];
  const offset = [0];
  const nodes = new Map();
  const node = (p) => {
    const key = p.join();
    if (!nodes.has(key)) nodes.set(key, nodes.size);
    return nodes.get(key);
  };
  const from = [];
  const to = [];
  for (const line of lines) {
    for (const [x, y] of line) {
      lon.push(x);
      lat.push(y);
    }
    offset.push(lon.length);
    from.push(node(line[0]));
    to.push(node(line[line.length - 1]));
  }
  const arcs = { n: lines.length, offset: Int32Array.from(offset), lon: Float64Array.from(lon), lat: Float64Array.from(lat), left: Int32Array.from(left), right: Int32Array.from(right), from: Int32Array.from(from), to: Int32Array.from(to), nodes: nodes.size };
  arcs.x = arcs.lon.map(decode.mercatorX);
  arcs.y = arcs.lat.map(decode.mercatorY);
  return {
    first: 0,
    last: 100,
    actors: [{ id: "a", name: "A" }, { id: "b", name: "B" }],
    states: [held(0), held(1), { status: "contested", actor: 0, other: 1, basis: "stated", kind: { id: "contested", shared: true }, weight: [0, 0.5, 1] }],
    arcs,
    faces: { n: 3, cell: Int32Array.from([0, 1, 2]), zone: Int32Array.from([0, 0, 1]), km2: Float64Array.from([10, 20, 40]) },
    cells: { n: 3, place: Int32Array.from([0, 1, 2]), offset: Int32Array.from([0, 2, 3, 4]) },
    periods: { n: 4, cell: Int32Array.from([0, 0, 1, 2]), start: Int32Array.from([0, 50, 10, 0]), full: Int32Array.from([0, 60, 10, 0]), end: Int32Array.from([50, decode.OPEN, 40, decode.OPEN]), state: Int32Array.from([0, 1, 0, 2]), set: Int32Array.from([0, 0, 0, 0]) },
    changes: Int32Array.from([0, 10, 40, 50, 60]),
    ...extra,
  };
}

function loops(m, value) {
  const found = new Map();
  const differing = geometry.createDissolver(m.arcs)(Int32Array.from(value), Math.max(...value), (v, edges, count) => {
    if (!found.has(v)) found.set(v, []);
    found.get(v).push(Array.from(edges.subarray(0, count)));
  });
  return { found, differing };
}

test("equal faces dissolve into one loop without the edge between them", () => {
  const m = model();
  const { found, differing } = loops(m, [1, 1, 2]);
  assert.equal(found.get(1).length, 1);
  assert.equal(found.get(1)[0].length, 4);
  assert.ok(!Array.from(differing).includes(0));
  assert.equal(loops(m, [1, 1, 1]).found.get(1)[0].length, 3);
  assert.equal(loops(m, [0, 0, 0]).found.size, 0);
});

test("outer rings run anticlockwise and enclose the summed area, whatever the grouping", () => {
  const m = model();
  for (const value of [[1, 1, 1], [1, 1, 2], [1, 2, 1], [1, 2, 3], [0, 1, 0], [2, 0, 2]]) {
    const { found } = loops(m, value);
    const size = [1, 1, 2];
    for (const [v, edges] of found) {
      const polygons = geometry.polygons(m.arcs, edges);
      const area = polygons.reduce((sum, rings) => sum + rings.reduce((s, ring) => s + geometry.ringArea(ring), 0), 0);
      assert.ok(Math.abs(area - value.reduce((s, g, f) => s + (g === v ? size[f] : 0), 0)) < 1e-9, value.join() + " " + v);
      for (const rings of polygons) {
        assert.ok(geometry.ringArea(rings[0]) > 0);
        assert.deepEqual(rings[0][0], rings[0][rings[0].length - 1]);
      }
    }
  }
});

test("a point finds the face it is in and none outside", () => {
  const m = model();
  const box = geometry.boxes(m);
  const at = (lon, lat) => geometry.faceAt(m, box, decode.mercatorX(lon), decode.mercatorY(lat));
  assert.deepEqual([at(0.5, 0.5), at(1.5, 0.4), at(0.3, 1.6), at(1.9, 1.2)], [0, 1, 2, 2]);
  assert.deepEqual([at(-0.1, 0.5), at(0.5, 2.1), at(2.5, 0.5), at(0.5, -0.1)], [-1, -1, -1, -1]);
});

test("the cursor is right on any day in any order, with half-open ends", () => {
  const m = model();
  const cursor = geometry.createCursor(m);
  const want = (day) => [day < 0 ? -1 : day < 50 ? 0 : 1, day >= 10 && day < 40 ? 2 : -1, day < 0 ? -1 : 3];
  for (const day of [0, 9, 10, 39, 40, 49, 50, 100, 3, -1, 77, 10, 50, 49]) assert.deepEqual(Array.from(cursor.seek(day)), want(day), "day " + day);
});

test("the series agrees with adding up the day, and low ≤ likely ≤ high", () => {
  const m = model();
  const s = series.areaSeries(m);
  assert.deepEqual(series.areaOn(s, 0, 5), [10, 30, 50]); // face 2 is presumed and contested: half, for both
  assert.deepEqual(series.areaOn(s, 1, 5), [0, 20, 40]);
  assert.deepEqual(series.areaOn(s, 0, 20), [30, 50, 70]);
  assert.deepEqual(series.areaOn(s, 1, 55), [0, 30, 50]); // begun perhaps: not yet certain
  assert.deepEqual(series.areaOn(s, 1, 60), [10, 30, 50]);
  for (let i = 0; i < s.mid.length; i++) assert.ok(s.low[i] <= s.mid[i] && s.mid[i] <= s.high[i]);
});

test("what changed hands is listed from and to, with its area", () => {
  const m = model();
  const a = geometry.createCursor(m);
  const b = geometry.createCursor(m);
  const { list, changed } = series.exchanged(m, [10, 20, 40], a.seek(20), b.seek(70));
  assert.deepEqual(list.map(({ from, to, km2 }) => [from, to, km2]), [[0, -1, 20], [0, 1, 10]]);
  assert.deepEqual(Array.from(changed), [1, 1, 0]);
});

test("the GeoJSON of a day names status and actor and closes its rings", () => {
  const made = exporter.geojson(model(), 20);
  assert.equal(made.type, "FeatureCollection");
  assert.deepEqual(made.features.map((f) => [f.properties.actor, f.properties.status, f.properties.reach]).sort(), [["a", "contested", "presumed"], ["a", "controlled", "solid"]]);
  assert.equal(exporter.geojson(model(), 55).features.find((f) => f.properties.actor === "b").properties.start_uncertain, true);
});

test("our inflate reads what zlib writes: stored, fixed and dynamic blocks", () => {
  const random = Buffer.from(Array.from({ length: 5000 }, (_, i) => (i * 7919) % 251));
  for (const text of [Buffer.from(""), Buffer.from("a"), Buffer.from("abc".repeat(9000)), random, Buffer.concat([random, Buffer.alloc(70000, 7)])]) {
    for (const level of [0, 1, 9]) assert.ok(Buffer.from(decode.inflate(zlib.deflateRawSync(text, { level }))).equals(text));
    assert.ok(Buffer.from(decode.inflate(zlib.deflateRawSync(text, { strategy: zlib.constants.Z_FIXED }))).equals(text));
  }
  assert.throws(() => decode.inflate(Uint8Array.from([0x07])), /deflate/);
});

test("streams come back as they were written, of either sign", () => {
  const numbers = [0, -1, 1, 63, -64, 64, 8191, -8192, 1e6, -1e6, 2 ** 30, -(2 ** 30)];
  const bytes = [];
  for (const n of numbers) {
    let z = BigInt(n) * 2n;
    if (n < 0) z = -z - 1n;
    while (z >= 128n) {
      bytes.push(Number(z & 127n) | 128);
      z >>= 7n;
    }
    bytes.push(Number(z));
  }
  assert.deepEqual(Array.from(decode.streams([["a", numbers.length, bytes.length]], Uint8Array.from(bytes)).a), numbers);
});

test("a payload of a newer version, or of something else, is refused", () => {
  assert.equal(decode.objection({ format: decode.FORMAT, version: decode.VERSION }), "");
  assert.equal(decode.objection({ format: decode.FORMAT, version: decode.VERSION + 1 }), "newer");
  assert.equal(decode.objection({ format: "else" }), "broken");
  assert.equal(decode.objection(null), "broken");
});

test("a damaged payload is refused at once, however large the numbers it names", () => {
  assert.throws(() => decode.streams([["per_n", 2 ** 31, 4]], new Uint8Array(4)), /damaged/);
  assert.throws(() => decode.streams([["per_n", 2, 9]], new Uint8Array(4)), /damaged/);
  assert.throws(() => decode.streams([["per_n", 1, 2]], new Uint8Array(2)), /damaged/);
  const names = ["per_n", "cell_place", "per_start", "per_fuzz", "per_end", "per_state", "per_set"];
  const core = { streams: names.map((name) => [name, 1, 1]), first: 0, last: 9, states: [], statuses: [], bases: [] };
  const bytes = new Uint8Array([2, 0, 0, 0, 0, 0, 0]); // one cell with one period
  assert.equal(decode.model(core, bytes).periods.n, 1);
  assert.throws(() => decode.model(core, new Uint8Array([60, 0, 0, 0, 0, 0, 0])), /damaged/); // one cell with thirty
  assert.throws(() => decode.model({ ...core, last: 2 ** 40 }, bytes), /damaged/);
});
