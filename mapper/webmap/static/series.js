// Square kilometres by controller over time, and what changed hands between two days. Pure.
"use strict";
(function (M) {
  // Per day with a change: low, mid and high km² of each actor. Certain counts solid ground only; likely adds presumed.
  function areaSeries(model) {
    const { periods, cells, faces, changes, actors } = model;
    const solid = new Float64Array(cells.n);
    const reached = new Float64Array(cells.n);
    for (let f = 0; f < faces.n; f++) {
      if (faces.zone[f] === 0) solid[faces.cell[f]] += faces.km2[f];
      if (faces.zone[f] <= 1) reached[faces.cell[f]] += faces.km2[f];
    }
    const days = changes.length && changes[0] === model.first ? Array.from(changes) : [model.first, ...changes];
    const n = actors.length;
    const steps = new Float64Array(3 * n * (days.length + 1));
    const slot = (day) => (day <= model.first ? 0 : Math.min(days.length, lowerBound(days, day)));
    const add = (day, cell, state, sure, sign) => {
      const at = slot(day);
      if (at >= days.length) return;
      const [certain, likely, possible] = state.weight;
      for (const actor of [state.actor, state.kind.shared ? state.other : -1]) {
        if (actor < 0) continue;
        const base = 3 * (at * n + actor);
        if (sure) steps[base] += sign * certain * solid[cell];
        steps[base + 1] += sign * likely * reached[cell];
        steps[base + 2] += sign * possible * reached[cell];
      }
    };
    for (let p = 0; p < periods.n; p++) {
      const cell = periods.cell[p];
      if (!reached[cell]) continue;
      const start = periods.start[p];
      const end = periods.end[p];
      if (end <= model.first || start > model.last) continue;
      const state = model.states[periods.state[p]];
      const full = Math.min(periods.full[p], end);
      if (full > start && full > model.first) {
        add(start, cell, state, false, 1);
        add(full, cell, state, false, -1);
      }
      if (full < end) {
        add(Math.max(start, full), cell, state, true, 1);
        add(end, cell, state, true, -1);
      }
    }
    for (let i = 3 * n; i < steps.length; i++) steps[i] += steps[i - 3 * n];
    const pick = (which) => {
      const column = new Float32Array(days.length * n);
      for (let i = 0; i < column.length; i++) column[i] = Math.max(0, steps[3 * i + which]);
      return column;
    };
    const mid = pick(1);
    let most = 0;
    const peak = new Float32Array(n);
    for (let d = 0; d < days.length; d++) {
      let sum = 0;
      for (let a = 0; a < n; a++) {
        sum += mid[d * n + a];
        if (mid[d * n + a] > peak[a]) peak[a] = mid[d * n + a];
      }
      if (sum > most) most = sum;
    }
    return { days: Int32Array.from(days), n, low: pick(0), mid, high: pick(2), most, peak };
  }

  function lowerBound(days, day) {
    let low = 0;
    let high = days.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (days[middle] < day) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  // [low, mid, high] of one actor on a day.
  function areaOn(series, actor, day) {
    const i = Math.max(0, M.store.after(series.days, day) - 1) * series.n + actor;
    return [series.low[i], series.mid[i], series.high[i]];
  }

  // How many changes fall in each of so many equal stretches of the span.
  function density(model, bins) {
    const counts = new Int32Array(bins);
    const length = Math.max(1, model.last - model.first + 1);
    const { periods } = model;
    for (let p = 0; p < periods.n; p++) {
      const day = periods.start[p];
      if (day >= model.first && day <= model.last) counts[Math.min(bins - 1, Math.floor(((day - model.first) / length) * bins))]++;
    }
    return counts;
  }

  function holder(model, period) {
    if (period < 0) return -1;
    const state = model.states[model.periods.state[period]];
    return state.kind.holds ? state.actor : -1;
  }

  // What changed hands: [{from, to, km2, cells}], the greatest first; -1 stands for nobody or undecided.
  function exchanged(model, reachedKm2, before, after) {
    const table = new Map();
    const changed = new Uint8Array(model.cells.n);
    for (let c = 0; c < model.cells.n; c++) {
      const from = holder(model, before[c]);
      const to = holder(model, after[c]);
      if (from === to) continue;
      changed[c] = 1;
      const key = from + ">" + to;
      if (!table.has(key)) table.set(key, { from, to, km2: 0, cells: [] });
      const entry = table.get(key);
      entry.km2 += reachedKm2[c];
      entry.cells.push(c);
    }
    const list = Array.from(table.values());
    for (const entry of list) entry.cells.sort((a, b) => reachedKm2[b] - reachedKm2[a] || a - b);
    list.sort((a, b) => b.km2 - a.km2 || b.cells.length - a.cells.length);
    return { list, changed };
  }

  function cellAreas({ cells, faces }) {
    const area = new Float64Array(cells.n);
    for (let f = 0; f < faces.n; f++) if (faces.zone[f] <= 1) area[faces.cell[f]] += faces.km2[f];
    return area;
  }

  M.series = { areaSeries, areaOn, density, exchanged, holder, cellAreas };
})((globalThis.Mapper = globalThis.Mapper || {}));
