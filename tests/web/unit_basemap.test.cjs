"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const M = require("./load.cjs")("palette.js", "basemap.js");

const view = { zoom: 6, scale: 256 * 2 ** 6, x: 9000, y: 6000, width: 1100, height: 700, left: 0, top: 0 };
const base = { countries: [], rivers: [], towns: [
  { name: "Great City", x: 0.6, y: 0.4, rank: 1 },
  { name: "New Great City", x: 0.60003, y: 0.4, rank: 1 },
  { name: "Village", x: 0.601, y: 0.4, rank: 6 },
] };
const wanted = (places) => M.basemap.wanted(view, base, places, M.palette.THEMES.light, () => true);

test("a great city is named before a small place of many claims", () => {
  const items = wanted([
    { name: "Village", x: 0.601, y: 0.4, count: 30, cell: 1 },
    { name: "Great City", x: 0.6, y: 0.4, count: 1, cell: 0 },
  ]);
  assert.deepEqual(items.map((item) => item.name), ["Great City", "Village"]);
  assert.equal(items[0].style, "600");
});

test("a lesser claimed place near by does not take a city's rank from it", () => {
  const items = wanted([
    { name: "Great City", x: 0.6, y: 0.4, count: 5, cell: 0 },
    { name: "Suburb", x: 0.60014, y: 0.4, count: 1, cell: 1 },
  ]);
  assert.equal(items[0].name, "Great City");
  assert.ok(!items.some((item) => item.name === "New Great City"));
  assert.ok(items.find((item) => item.name === "Great City").weight > items.find((item) => item.name === "Village" || item.name === "Suburb").weight + 20);
});
