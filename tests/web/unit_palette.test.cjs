"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { palette } = require("./load.cjs")("palette.js");

test("a stated area keeps 3:1 against the ground, and so does the line around a paler one, in both themes", () => {
  const actors = ["#f7e018", "#ffffff", "#000000", "", "#3b3b3b", "", "#00ff00", "#b8860b"].map((colour) => ({ colour }));
  for (const theme of ["light", "dark"]) {
    const { paper } = palette.THEMES[theme];
    for (const colour of palette.assign(actors, theme)) {
      assert.ok(palette.contrast(palette.mix(paper, colour, palette.TONES[0]), paper) >= 3, theme + " " + colour);
      assert.ok(palette.contrast(colour, paper) >= 3, theme + " " + colour);
    }
  }
});

test("text keeps 4.5:1 and names are readable on both themes", () => {
  for (const theme of Object.values(palette.THEMES)) {
    for (const ground of [theme.paper, theme.halo]) assert.ok(palette.contrast(theme.ink, ground) >= 7);
    assert.ok(palette.contrast(palette.against(theme.river, theme.paper, 4.5), theme.paper) >= 4.5);
    assert.ok(palette.contrast(theme.grey, theme.paper) >= 3);
  }
});

test("actors without a colour get hues that every kind of eye tells apart", () => {
  const colours = palette.assign(Array.from({ length: 5 }, () => ({ colour: "" })), "light");
  for (let i = 0; i < colours.length; i++) for (let k = 0; k < i; k++) {
    assert.ok(palette.apart(colours[i], colours[k]) >= 6, colours[i] + " " + colours[k] + " " + palette.apart(colours[i], colours[k]).toFixed(1));
  }
});

test("two actors with nearly the same own colour are moved apart, the first keeps its own", () => {
  const [a, b] = palette.assign([{ colour: "#a67c00" }, { colour: "#a87e02" }], "light");
  assert.equal(a, "#a67c00");
  assert.ok(palette.apart(a, b) >= 6);
});

test("colours simulate as colours and normal sight sees them unchanged", () => {
  for (const sight of Object.keys(palette.SIGHTS)) assert.match(palette.seen("#b03a2e", sight), /^#[0-9a-f]{6}$/);
  assert.equal(palette.seen("#b03a2e", "normal"), "#b03a2e");
  assert.ok(palette.distance(palette.seen("#ff0000", "deuteranopia"), palette.seen("#00a000", "deuteranopia")) < palette.distance("#ff0000", "#00a000"));
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
