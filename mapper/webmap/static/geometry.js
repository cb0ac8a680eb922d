// The shared edges at work: what each face shows on a day, loops of equal faces, and which face a point is in.
"use strict";
(function (M) {
  const NONE = -1;

  // The period of each cell on a day (index, or -1). Cursors remember where each cell was: a day's step costs one pass.
  function createCursor(model) {
    const { cells, periods } = model;
    const at = Int32Array.from({ length: cells.n }, (_, c) => cells.offset[c]);
    const current = new Int32Array(cells.n).fill(NONE);
    return {
      current,
      seek(day) {
        for (let c = 0; c < cells.n; c++) {
          const first = cells.offset[c];
          const end = cells.offset[c + 1];
          let p = at[c];
          while (p + 1 < end && periods.start[p + 1] <= day) p++;
          while (p > first && periods.start[p] > day) p--;
          at[c] = p;
          current[c] = p < end && periods.start[p] <= day && day < periods.end[p] ? p : NONE;
        }
        return current;
      },
    };
  }

  // Loops around each group of equal values, drawn from the arcs whose two sides differ; value 0 is left out.
  // Calls emit(value, halfEdges, count) per loop set: half-edge 2a runs arc a forwards with the group on its left, 2a+1 backwards.
  function createDissolver(arcs) {
    const half = 2 * arcs.n;
    const next = new Int32Array(half);
    const head = new Int32Array(arcs.nodes || 0).fill(NONE);
    const inGroup = new Int32Array(half);
    const edges = new Int32Array(half);
    const loop = new Int32Array(half + 1);
    const differing = new Int32Array(arcs.n);
    let counts = new Int32Array(64);
    let place = new Int32Array(65);
    // Returns the arcs whose sides differ, for whoever draws the borders.
    return function dissolve(value, most, emit) {
      if (counts.length <= most + 1) {
        counts = new Int32Array(2 * most + 2);
        place = new Int32Array(2 * most + 3);
      }
      counts.fill(0, 0, most + 1);
      let total = 0;
      let differ = 0;
      const { left, right, n } = arcs;
      for (let a = 0; a < n; a++) {
        const l = left[a] < 0 ? 0 : value[left[a]];
        const r = right[a] < 0 ? 0 : value[right[a]];
        if (l === r) continue;
        differing[differ++] = a;
        if (l) {
          counts[l]++;
          inGroup[total++] = 2 * a;
        }
        if (r) {
          counts[r]++;
          inGroup[total++] = 2 * a + 1;
        }
      }
      place[0] = 0;
      for (let v = 0; v <= most; v++) place[v + 1] = place[v] + counts[v];
      for (let i = 0; i < total; i++) {
        const e = inGroup[i];
        const a = e >> 1;
        edges[place[e & 1 ? value[right[a]] : value[left[a]]]++] = e;
      }
      let begin = 0;
      for (let v = 1; v <= most; v++) {
        const count = counts[v];
        if (!count) continue;
        const end = begin + count;
        chain(v, begin, end, emit);
        begin = end;
      }
      return differing.subarray(0, differ);
    };

    function chain(v, begin, end, emit) {
      const { from, to } = arcs;
      for (let i = begin; i < end; i++) {
        const e = edges[i];
        const node = e & 1 ? to[e >> 1] : from[e >> 1];
        next[e] = head[node];
        head[node] = e;
      }
      for (let i = begin; i < end; i++) {
        const startEdge = edges[i];
        const startNode = startEdge & 1 ? to[startEdge >> 1] : from[startEdge >> 1];
        let e = head[startNode];
        if (e === NONE) continue;
        let length = 0;
        let node = startNode;
        while (e !== NONE) {
          head[node] = next[e];
          loop[length++] = e;
          node = e & 1 ? from[e >> 1] : to[e >> 1];
          if (node === startNode) break;
          e = head[node];
        }
        emit(v, loop, length);
      }
      for (let i = begin; i < end; i++) {
        const e = edges[i];
        head[e & 1 ? to[e >> 1] : from[e >> 1]] = NONE;
      }
    }
  }

  // The boxes of arcs and faces in Mercator coordinates: [west, north, east, south] each.
  function boxes(model) {
    const { arcs, faces } = model;
    const arc = new Float64Array(4 * arcs.n);
    const face = new Float64Array(4 * faces.n);
    for (let f = 0; f < faces.n; f++) {
      face[4 * f] = face[4 * f + 1] = Infinity;
      face[4 * f + 2] = face[4 * f + 3] = -Infinity;
    }
    for (let a = 0; a < arcs.n; a++) {
      let w = Infinity;
      let n = Infinity;
      let e = -Infinity;
      let s = -Infinity;
      for (let p = arcs.offset[a]; p < arcs.offset[a + 1]; p++) {
        const x = arcs.x[p];
        const y = arcs.y[p];
        if (x < w) w = x;
        if (x > e) e = x;
        if (y < n) n = y;
        if (y > s) s = y;
      }
      arc.set([w, n, e, s], 4 * a);
      for (const f of [arcs.left[a], arcs.right[a]]) {
        if (f < 0) continue;
        if (w < face[4 * f]) face[4 * f] = w;
        if (n < face[4 * f + 1]) face[4 * f + 1] = n;
        if (e > face[4 * f + 2]) face[4 * f + 2] = e;
        if (s > face[4 * f + 3]) face[4 * f + 3] = s;
      }
    }
    return { arc, face };
  }

  // The face under a point, by the first arc straight to its south; -1 outside.
  function faceAt(model, box, x, y) {
    const { arcs } = model;
    let best = Infinity;
    let face = NONE;
    for (let a = 0; a < arcs.n; a++) {
      const b = 4 * a;
      if (x < box.arc[b] || x >= box.arc[b + 2] || y > box.arc[b + 3] || box.arc[b + 1] > best) continue;
      for (let p = arcs.offset[a] + 1; p < arcs.offset[a + 1]; p++) {
        const x0 = arcs.x[p - 1];
        const x1 = arcs.x[p];
        if (x0 <= x === x1 <= x) continue;
        const cross = arcs.y[p - 1] + ((x - x0) / (x1 - x0)) * (arcs.y[p] - arcs.y[p - 1]);
        if (cross >= y && cross < best) {
          best = cross;
          // Going east, north is on the left; the point is north of the crossing.
          face = x1 > x0 ? arcs.left[a] : arcs.right[a];
        }
      }
    }
    return face;
  }

  // A dissolved group as GeoJSON MultiPolygon coordinates (outer rings anticlockwise, as RFC 7946 asks).
  function polygons(arcs, loops) {
    const rings = loops.map((edges) => {
      const ring = [];
      for (const e of edges) {
        const a = e >> 1;
        const from = arcs.offset[a];
        const to = arcs.offset[a + 1] - 1;
        if (e & 1) for (let p = to; p > from; p--) ring.push([arcs.lon[p], arcs.lat[p]]);
        else for (let p = from; p < to; p++) ring.push([arcs.lon[p], arcs.lat[p]]);
      }
      ring.push(ring[0]);
      return ring.map(([lon, lat]) => [Math.round(lon * 1e5) / 1e5, Math.round(lat * 1e5) / 1e5]);
    });
    const shells = [];
    const holes = [];
    for (const ring of rings) {
      const size = ringArea(ring);
      if (ring.length < 4 || size === 0) continue;
      (size > 0 ? shells : holes).push({ ring, size, holes: [] });
    }
    shells.sort((a, b) => a.size - b.size);
    for (const hole of holes) {
      const home = shells.find((shell) => shell.size > -hole.size && touches(shell.ring, hole.ring));
      if (home) home.holes.push(hole.ring);
    }
    return shells.map((shell) => [shell.ring, ...shell.holes]);
  }

  function ringArea(ring) {
    let sum = 0;
    for (let i = 1; i < ring.length; i++) sum += ring[i - 1][0] * ring[i][1] - ring[i][0] * ring[i - 1][1];
    return sum / 2;
  }

  function touches(shell, hole) {
    for (let i = 1; i < hole.length; i++) {
      const x = (hole[i - 1][0] + hole[i][0]) / 2;
      const y = (hole[i - 1][1] + hole[i][1]) / 2;
      if (inRing(shell, x, y)) return true;
    }
    return false;
  }

  function inRing(ring, x, y) {
    let inside = false;
    for (let i = 1; i < ring.length; i++) {
      const [x0, y0] = ring[i - 1];
      const [x1, y1] = ring[i];
      if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside;
    }
    return inside;
  }

  M.geometry = { createCursor, createDissolver, boxes, faceAt, polygons, ringArea };
})((globalThis.Mapper = globalThis.Mapper || {}));
