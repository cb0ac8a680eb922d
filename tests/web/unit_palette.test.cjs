"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { palette } = require("./load.cjs")("palette.js");

test("text keeps 4.5:1 and names are readable on both themes", () => {
  for (const theme of Object.values(palette.THEMES)) {
    for (const ground of [theme.paper, theme.halo]) assert.ok(palette.contrast(theme.ink, ground) >= 7);
    assert.ok(palette.contrast(palette.against(theme.river, theme.paper, 4.5), theme.paper) >= 4.5);
    assert.ok(palette.contrast(theme.grey, theme.paper) >= 3);
  }
});

test("looks differ by status, sides, shade and fade, and equal ones are one", () => {
  const states = [
    { kind: { id: "controlled" }, actor: 0, other: -1, why: { id: "stated", tone: 0 } },
    { kind: { id: "controlled" }, actor: 0, other: -1, why: { id: "region", tone: 0 } },
    { kind: { id: "controlled" }, actor: 0, other: -1, why: { id: "implied", tone: 1 } },
    { kind: { id: "contested" }, actor: 0, other: 1, why: { id: "stated", tone: 0 } },
  ];
  const { table, looks } = palette.createLooks(states);
  assert.equal(table[3], table[8 + 3]);
  assert.notEqual(table[3], table[16 + 3]);
  assert.notEqual(table[3], table[24 + 3]);
  assert.equal(table[7], table[16 + 3]); // presumed by distance looks like implied
  const strengths = [0, 1, 2, 3].map((fade) => palette.strength(looks[table[fade]]));
  assert.deepEqual(strengths, strengths.slice().sort((a, b) => a - b));
});
