"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { store, format } = require("./load.cjs")("format.js", "store.js");
const d = format.dayOf;
const span = { first: d("2014-01-01"), last: d("2014-12-31"), changes: Int32Array.from([d("2014-01-01"), d("2014-03-10"), d("2014-06-10"), d("2014-12-31")]) };
const names = { place: (c) => "Ba&b=el~" + c, claim: (c) => "c" + c };
const find = { place: (key) => Number(key.split("~").pop()), claim: (id) => Number(id.slice(1)) };

test("steps by change go to the very days of the changes and stop at the ends", () => {
  let day = span.first;
  const seen = [];
  for (let i = 0; i < 6; i++) {
    day = store.step(day, "change", 1, span);
    seen.push(format.iso(day));
  }
  assert.deepEqual(seen.slice(0, 3), ["2014-03-10", "2014-06-10", "2014-12-31"]);
  assert.equal(day, span.last);
  for (let i = 0; i < 6; i++) day = store.step(day, "change", -1, span);
  assert.equal(day, span.first);
});

test("stepping there and back between changes returns", () => {
  const middle = d("2014-05-05");
  const on = store.step(middle, "change", 1, span);
  assert.equal(format.iso(on), "2014-06-10");
  assert.equal(format.iso(store.step(on, "change", -1, span)), "2014-03-10");
});

test("day, week and month steps stay inside the span", () => {
  assert.equal(format.iso(store.step(d("2014-01-31"), "month", 1, span)), "2014-02-28");
  assert.equal(format.iso(store.step(d("2014-01-31"), "week", 1, span)), "2014-02-07");
  assert.equal(store.step(d("2014-12-30"), "month", 1, span), span.last);
  assert.equal(store.step(span.first, "day", -1, span), span.first);
});

test("playing reaches the end and stops, or goes round when it repeats", () => {
  let state = { ...store.initial(span), unit: "day", playing: true };
  let carry = 0;
  let ended = false;
  for (let i = 0; i < 4000 && !ended; i++) {
    const move = store.advance(carry, 1 / 60, state, span);
    assert.ok(move.day >= state.day);
    ({ carry, ended } = move);
    state = { ...state, day: move.day };
  }
  assert.ok(ended);
  assert.equal(state.day, span.last);
  const round = store.advance(0.99, 0.02, { ...state, loop: true }, span);
  assert.equal(round.day, span.first);
  assert.equal(round.ended, false);
});

test("a hash reopens exactly the state it was made from", () => {
  const state = {
    ...store.initial(span),
    day: d("2014-06-10"),
    mode: "compare",
    other: d("2014-03-10"),
    swipe: 0.25,
    view: [33.2001, 41.3, 6.5],
    cell: 12,
    claim: 4,
    panel: "claims",
    unit: "week",
    speed: 4,
    loop: true,
    theme: "dark",
    lang: "ar",
    filters: { ...store.noFilters(), text: "a&b=c #é", actor: "3", confidence: 0.7 },
  };
  const back = { ...store.initial(span), ...store.decodeHash(store.encode(state, names), span, find) };
  assert.deepEqual({ ...back, playing: false }, { ...state, playing: false });
});

test("a broken hash does no harm", () => {
  for (const hash of ["#", "#%E0%A4%A", "#2014-99-99&view=a,b,c&swipe=9&step=eon&speed=1e9&theme=pink&lang=../..&f.x=1&range=never", "#=&&==", "#<img src=x>"]) {
    const patch = store.decodeHash(hash, span, { place: () => -1, claim: () => -1 });
    assert.equal(patch.day, undefined);
    assert.equal(patch.view, undefined);
    assert.equal(patch.mode, "moment");
  }
  assert.equal(store.decodeHash("#1999-01-01", span, find).day, span.first);
});

test("listeners hear only what really changed", () => {
  const s = store.createStore(store.initial(span));
  const heard = [];
  const stop = s.subscribe((_, changed) => heard.push([...changed].join()));
  s.set({ day: span.first });
  s.set({ day: span.last, loop: false });
  s.set({ filters: store.noFilters() });
  stop();
  s.set({ day: span.first });
  assert.deepEqual(heard, ["day"]);
});

test("filters keep exactly the claims that pass every one of them", () => {
  const claims = { id: ["a", "b", "c"], actor: [0, 1, 0], other: [-1, 0, -1], predicates: ["captured", "held"], predicate: [0, 1, 0], publishers: ["", "Wire"], publisher: [0, 1, 1], modalitys: ["asserted", "planned"], modality: [0, 0, 1], confidence: [0.5, 0.9, 0.9], reasons: ["", "planned"], reason: [0, 0, 1] };
  const words = ["rawa", "ráwa".normalize("NFKD"), "mosul"].map(format.fold);
  const keep = (patch) => store.filtered(claims, { ...store.noFilters(), ...patch }, (i) => words[i]);
  assert.deepEqual(keep({}), [0, 1, 2]);
  assert.deepEqual(keep({ actor: "0" }), [0, 1, 2]);
  assert.deepEqual(keep({ actor: "1" }), [1]);
  assert.deepEqual(keep({ predicate: "captured", publisher: "Wire" }), [2]);
  assert.deepEqual(keep({ mapped: "no" }), [2]);
  assert.deepEqual(keep({ mapped: "yes", confidence: 0.7 }), [1]);
  assert.deepEqual(keep({ text: "Ráwa" }), [0, 1]);
});
