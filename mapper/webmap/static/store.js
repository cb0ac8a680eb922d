// The page's whole state and every way it changes. Pure: no document, no clock.
"use strict";
(function (M) {
  const UNITS = ["change", "day", "week", "month"];
  const SPEEDS = [0.5, 1, 2, 4, 8];
  const FILTERS = ["actor", "predicate", "publisher", "confidence", "modality", "mapped", "text"];

  function initial(span) {
    return {
      day: span.first,
      mode: "moment",
      other: span.first, // the second date of range and compare, the earlier one
      swipe: 0.5,
      playing: false,
      speed: 1,
      loop: false,
      unit: "change",
      cell: -1,
      claim: -1,
      panel: "",
      filters: noFilters(),
      view: null,
      theme: "auto",
      lang: "",
      embed: false,
    };
  }

  function noFilters() {
    return { actor: "", predicate: "", publisher: "", confidence: 0, modality: "", mapped: "", text: "" };
  }

  function createStore(start) {
    let state = start;
    const listeners = [];
    return {
      get: () => state,
      // Merge; listeners hear the new state and the set of keys that really changed.
      set(patch) {
        const changed = new Set(Object.keys(patch).filter((key) => !same(patch[key], state[key])));
        if (!changed.size) return;
        state = Object.freeze({ ...state, ...patch });
        for (const listener of listeners.slice()) listener(state, changed);
      },
      subscribe(listener) {
        listeners.push(listener);
        return () => listeners.splice(listeners.indexOf(listener), 1);
      },
    };
  }

  function same(a, b) {
    if (a === b) return true;
    return typeof a === "object" && typeof b === "object" && JSON.stringify(a) === JSON.stringify(b);
  }

  function clamp(day, span) {
    return Math.max(span.first, Math.min(span.last, Math.round(day)));
  }

  // Index of the first change after a day.
  function after(changes, day) {
    let low = 0;
    let high = changes.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (changes[middle] > day) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  // The day one step on (or back); the ends hold.
  function step(day, unit, direction, span) {
    const { changes } = span;
    if (unit === "change") {
      if (direction > 0) {
        const i = after(changes, day);
        return i < changes.length ? changes[i] : span.last;
      }
      const i = after(changes, day - 1) - 1;
      return i >= 0 ? changes[i] : span.first;
    }
    if (unit === "month") return clamp(M.format.addMonths(day, direction), span);
    return clamp(day + direction * (unit === "week" ? 7 : 1), span);
  }

  // The day after so much playing time: a day every 1/12 s at speed 1 by day, a change every half second by change.
  function advance(carry, seconds, state, span) {
    const rate = { change: 2.5, day: 12, week: 4, month: 2 }[state.unit] * state.speed;
    let left = carry + seconds * rate;
    let day = state.day;
    let ended = false;
    while (left >= 1) {
      left -= 1;
      if (day >= span.last) {
        if (!state.loop) {
          ended = true;
          break;
        }
        day = span.first;
      } else day = step(day, state.unit, 1, span);
    }
    return { day, carry: left, ended };
  }

  // Hash: readable, order fixed, defaults left out. #2014-06-10&view=33.2,41.3,6.5&cell=… reopens exactly that.
  function encode(state, names) {
    const { iso } = M.format;
    const pieces = [iso(state.day)];
    if (state.mode !== "moment") pieces.push(state.mode + "=" + iso(state.other));
    if (state.mode === "compare" && state.swipe !== 0.5) pieces.push("swipe=" + state.swipe.toFixed(3));
    if (state.view) pieces.push("view=" + state.view.map((v, i) => v.toFixed(i < 2 ? 4 : 2)).join(","));
    if (state.cell >= 0 && names.place(state.cell)) pieces.push("place=" + encodeURIComponent(names.place(state.cell)));
    if (state.claim >= 0 && names.claim(state.claim)) pieces.push("claim=" + encodeURIComponent(names.claim(state.claim)));
    if (state.panel && state.panel !== "history") pieces.push("panel=" + state.panel);
    for (const key of FILTERS) if (state.filters[key]) pieces.push("f." + key + "=" + encodeURIComponent(state.filters[key]));
    if (state.unit !== "change") pieces.push("step=" + state.unit);
    if (state.speed !== 1) pieces.push("speed=" + state.speed);
    if (state.loop) pieces.push("loop");
    if (state.theme !== "auto") pieces.push("theme=" + state.theme);
    if (state.lang) pieces.push("lang=" + state.lang);
    if (state.embed) pieces.push("embed");
    return "#" + pieces.join("&");
  }

  // A patch from a hash; whatever is malformed is left out, never an error.
  function decodeHash(hash, span, find) {
    const patch = { filters: noFilters(), mode: "moment", cell: -1, claim: -1, panel: "", embed: false, loop: false };
    for (const piece of String(hash).replace(/^#/, "").split("&")) {
      const cut = piece.indexOf("=");
      const key = cut < 0 ? piece : piece.slice(0, cut);
      const value = cut < 0 ? "" : text(piece.slice(cut + 1));
      const day = M.format.dayOf(value || key);
      if (cut < 0 && day !== null) patch.day = clamp(day, span);
      else if (key === "embed") patch.embed = true;
      else if (key === "loop") patch.loop = true;
      else if ((key === "range" || key === "compare") && day !== null) {
        patch.mode = key;
        patch.other = clamp(day, span);
      } else if (key === "swipe" && Number(value) >= 0 && Number(value) <= 1) patch.swipe = Number(value);
      else if (key === "view") {
        const view = value.split(",").map(Number);
        if (view.length === 3 && view.every(Number.isFinite) && Math.abs(view[0]) <= 86 && Math.abs(view[1]) <= 540) patch.view = view;
      } else if (key === "place") patch.cell = find.place(value);
      else if (key === "claim") patch.claim = find.claim(value);
      else if (key === "panel" && /^(claims|changes|about|search)$/.test(value)) patch.panel = value;
      else if (key === "step" && UNITS.includes(value)) patch.unit = value;
      else if (key === "speed" && SPEEDS.includes(Number(value))) patch.speed = Number(value);
      else if (key === "theme" && (value === "light" || value === "dark")) patch.theme = value;
      else if (key === "lang" && /^[a-z]{2}$/.test(value)) patch.lang = value;
      else if (key.startsWith("f.") && FILTERS.includes(key.slice(2))) {
        patch.filters[key.slice(2)] = key === "f.confidence" ? Math.max(0, Math.min(1, Number(value) || 0)) : value;
      }
    }
    if (patch.cell >= 0 && !patch.panel) patch.panel = "history";
    return patch;
  }

  function text(encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return encoded;
    }
  }

  // Which claims pass the filters, newest last; claims are columns.
  function filtered(claims, filters, foldedText) {
    const wanted = M.format.fold(filters.text);
    const code = (list, value) => (value ? list.indexOf(value) : -2);
    const predicate = code(claims.predicates, filters.predicate);
    const publisher = code(claims.publishers, filters.publisher);
    const modality = code(claims.modalitys, filters.modality);
    const actor = filters.actor === "" ? -2 : Number(filters.actor);
    const mapped = claims.reasons.indexOf("");
    const kept = [];
    for (let i = 0; i < claims.id.length; i++) {
      if (predicate !== -2 && claims.predicate[i] !== predicate) continue;
      if (publisher !== -2 && claims.publisher[i] !== publisher) continue;
      if (modality !== -2 && claims.modality[i] !== modality) continue;
      if (actor !== -2 && claims.actor[i] !== actor && claims.other[i] !== actor) continue;
      if (claims.confidence[i] < filters.confidence) continue;
      if (filters.mapped === "yes" && claims.reason[i] !== mapped) continue;
      if (filters.mapped === "no" && claims.reason[i] === mapped) continue;
      if (wanted && !foldedText(i).includes(wanted)) continue;
      kept.push(i);
    }
    return kept;
  }

  M.store = { UNITS, SPEEDS, initial, noFilters, createStore, clamp, after, step, advance, encode, decodeHash, filtered };
})((globalThis.Mapper = globalThis.Mapper || {}));
