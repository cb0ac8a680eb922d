// The payload's blocks back into arrays. Pure: text in, typed arrays out.
"use strict";
(function (M) {
  const FORMAT = "mapper-timemap";
  const VERSION = 2;
  const OPEN = 0x3fffffff;
  const LONGEST = 4000000; // days a map may span: ten thousand years and a little

  function bytesOf(base64) {
    if (Uint8Array.fromBase64) return Uint8Array.fromBase64(base64);
    const binary = atob(base64);
    const bytes = new Uint8Array(binary.length);
    for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
    return bytes;
  }

  // Raw deflate, for browsers without DecompressionStream("deflate-raw").
  function inflate(input) {
    let bit = 0;
    let at = 0;
    let hold = 0;
    let out = new Uint8Array(Math.max(1024, input.length * 4));
    let size = 0;
    const need = (count) => {
      if (size + count <= out.length) return;
      const bigger = new Uint8Array(Math.max(out.length * 2, size + count));
      bigger.set(out.subarray(0, size));
      out = bigger;
    };
    const bits = (count) => {
      while (bit < count) {
        if (at >= input.length) throw new Error("deflate: input ends early");
        hold |= input[at++] << bit;
        bit += 8;
      }
      const value = hold & ((1 << count) - 1);
      hold >>>= count;
      bit -= count;
      return value;
    };
    const table = (lengths) => {
      const counts = new Uint16Array(16);
      for (const length of lengths) counts[length]++;
      counts[0] = 0;
      const offsets = new Uint16Array(16);
      for (let i = 1; i < 16; i++) offsets[i] = offsets[i - 1] + counts[i - 1];
      const symbols = new Uint16Array(lengths.length);
      for (let i = 0; i < lengths.length; i++) if (lengths[i]) symbols[offsets[lengths[i]]++] = i;
      return { counts, symbols };
    };
    const symbol = (tree) => {
      let code = 0;
      let first = 0;
      let index = 0;
      for (let length = 1; length < 16; length++) {
        code |= bits(1);
        const count = tree.counts[length];
        if (code - count < first) return tree.symbols[index + code - first];
        index += count;
        first = (first + count) << 1;
        code <<= 1;
      }
      throw new Error("deflate: bad code");
    };
    const lengthBase = [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];
    const lengthMore = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];
    const backBase = [1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289, 16385, 24577];
    const order = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];
    for (let last = 0; !last; ) {
      last = bits(1);
      const kind = bits(2);
      if (kind === 0) {
        hold = 0;
        bit = 0;
        const count = input[at] | (input[at + 1] << 8);
        at += 4;
        need(count);
        out.set(input.subarray(at, at + count), size);
        size += count;
        at += count;
        continue;
      }
      if (kind === 3) throw new Error("deflate: bad block");
      let literals;
      let backs;
      if (kind === 1) {
        const lengths = new Uint8Array(288);
        for (let i = 0; i < 288; i++) lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
        literals = table(lengths);
        backs = table(new Uint8Array(30).fill(5));
      } else {
        const literalCount = bits(5) + 257;
        const backCount = bits(5) + 1;
        const codeCount = bits(4) + 4;
        const codeLengths = new Uint8Array(19);
        for (let i = 0; i < codeCount; i++) codeLengths[order[i]] = bits(3);
        const codes = table(codeLengths);
        const lengths = new Uint8Array(literalCount + backCount);
        for (let i = 0; i < lengths.length; ) {
          const value = symbol(codes);
          if (value < 16) lengths[i++] = value;
          else {
            const repeated = value === 16 ? lengths[i - 1] : 0;
            const times = value === 16 ? 3 + bits(2) : value === 17 ? 3 + bits(3) : 11 + bits(7);
            for (let k = 0; k < times; k++) lengths[i++] = repeated;
          }
        }
        literals = table(lengths.subarray(0, literalCount));
        backs = table(lengths.subarray(literalCount));
      }
      for (;;) {
        const value = symbol(literals);
        if (value < 256) {
          need(1);
          out[size++] = value;
        } else if (value === 256) break;
        else {
          const length = lengthBase[value - 257] + bits(lengthMore[value - 257]);
          const code = symbol(backs);
          const back = backBase[code] + bits(code < 2 ? 0 : (code >> 1) - 1);
          if (back > size) throw new Error("deflate: points before the start");
          need(length);
          for (let k = 0; k < length; k++, size++) out[size] = out[size - back];
        }
      }
    }
    return out.subarray(0, size);
  }

  async function unpacked(base64) {
    const bytes = bytesOf(base64.trim());
    if (!bytes.length) return bytes;
    if (typeof DecompressionStream === "function" && typeof Response === "function") {
      try {
        const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
        return new Uint8Array(await new Response(stream).arrayBuffer());
      } catch (error) {
        if (!(error instanceof TypeError)) throw error; // a browser that knows the class, not this format
      }
    }
    return inflate(bytes);
  }

  function json(bytes) {
    return JSON.parse(new TextDecoder().decode(bytes));
  }

  // A file that lost or gained bytes on its way must not make the page count to a number that noise says.
  function sound(condition) {
    if (!condition) throw new Error("the payload is damaged");
  }

  function streams(directory, bytes) {
    const all = {};
    let at = 0;
    for (const [name, count, size] of directory) {
      const end = at + size;
      sound(count >= 0 && count <= size && end <= bytes.length);
      const numbers = new Int32Array(count);
      let i = 0;
      while (at < end) {
        let byte = bytes[at++];
        let value = byte & 0x7f;
        for (let shift = 7; byte & 0x80; shift += 7) {
          byte = bytes[at++];
          value |= (byte & 0x7f) << shift;
        }
        numbers[i++] = (value >>> 1) ^ -(value & 1);
      }
      sound(i === count && at === end);
      all[name] = numbers;
    }
    return all;
  }

  function summed(deltas) {
    for (let i = 1; i < deltas.length; i++) deltas[i] += deltas[i - 1];
    return deltas;
  }

  function offsets(counts) {
    const result = new Int32Array(counts.length + 1);
    for (let i = 0; i < counts.length; i++) {
      sound(counts[i] >= 0);
      result[i + 1] = result[i] + counts[i];
    }
    return result;
  }

  // Why the page cannot show a payload, as a key of the string table; "" when it can.
  function objection(core) {
    if (!core || core.format !== FORMAT) return "broken";
    return core.version > VERSION ? "newer" : "";
  }

  // A state with its rows of the tables of statuses and bases; wording: the key of its sentence, in other words where
  // nobody is named as the other side.
  function stateOf(core, [status, actor, other, basis, confidence]) {
    const kind = core.statuses[status];
    const why = core.bases[basis];
    return {
      status: kind.id,
      basis: why.id,
      kind,
      why,
      weight: kind.weights[basis],
      wording: kind.id + (kind.rival && other < 0 ? ".alone" : ""),
      actor,
      other,
      confidence: confidence / 20,
    };
  }

  function model(core, bytes) {
    const s = streams(core.streams, bytes);
    const cells = { n: s.per_n.length, place: summed(s.cell_place), offset: offsets(s.per_n) };
    const count = s.per_start.length;
    sound(cells.offset[cells.n] === count && cells.place.length === cells.n);
    sound([s.per_fuzz, s.per_end, s.per_state, s.per_set].every((column) => column.length === count));
    sound(core.last >= core.first && core.last - core.first < LONGEST);
    const periods = {
      n: count,
      cell: new Int32Array(count),
      start: s.per_start,
      full: new Int32Array(count), // from this day on the change is certain
      end: s.per_end,
      state: s.per_state,
      set: s.per_set,
    };
    for (let c = 0; c < cells.n; c++) {
      let before = 0;
      for (let p = cells.offset[c]; p < cells.offset[c + 1]; p++) {
        periods.cell[p] = c;
        before = periods.start[p] += before;
        periods.full[p] = before + s.per_fuzz[p];
      }
      for (let p = cells.offset[c + 1] - 1; p >= cells.offset[c]; p--) {
        const code = periods.end[p];
        periods.end[p] = code === 0 ? OPEN : code === 1 ? periods.start[p + 1] : periods.start[p] + code - 2;
      }
    }
    const faces = { n: 0, cell: new Int32Array(0), zone: new Int32Array(0), km2: new Float64Array(0) };
    const arcs = { n: 0, offset: new Int32Array(1), lon: new Float64Array(0), lat: new Float64Array(0), x: new Float64Array(0), y: new Float64Array(0), left: new Int32Array(0), right: new Int32Array(0), seam: new Uint8Array(0) };
    if (core.grid) {
      faces.n = s.face_cell.length;
      faces.cell = summed(s.face_cell);
      faces.zone = s.face_zone;
      faces.km2 = Float64Array.from(s.face_ha, (hectares) => hectares / 100);
      arcs.n = s.arc_n.length;
      arcs.offset = offsets(s.arc_n);
      arcs.left = summed(s.arc_left);
      arcs.right = s.arc_right;
      const points = arcs.offset[arcs.n];
      sound(s.arc_x.length === points && s.arc_y.length === points && faces.zone.length === faces.n && faces.km2.length === faces.n);
      sound(arcs.left.length === arcs.n && arcs.right.length === arcs.n);
      for (let a = 0; a < arcs.n; a++) arcs.right[a] = arcs.right[a] === 0 ? -1 : arcs.right[a] + arcs.left[a];
      const gridX = summed(s.arc_x);
      const gridY = summed(s.arc_y);
      const { west, south, step } = core.grid;
      arcs.lon = Float64Array.from(gridX, (v) => west + v * step);
      arcs.lat = Float64Array.from(gridY, (v) => south + v * step);
      arcs.x = arcs.lon.map((lon) => mercatorX(unrolled(core, lon)));
      arcs.y = arcs.lat.map(mercatorY);
      arcs.seam = Uint8Array.from({ length: arcs.n }, (_, a) => onSeam(core, arcs, a));
      ends(arcs, gridX, gridY);
    }
    return {
      unrolled: (lon) => unrolled(core, lon),
      title: core.title,
      first: core.first,
      last: core.last,
      bounds: core.bounds,
      actors: core.actors,
      statuses: core.statuses,
      bases: core.bases,
      states: core.states.map((state) => stateOf(core, state)),
      sets: core.sets,
      shares: core.shares,
      counts: core.counts,
      issues: core.issues,
      versions: core.versions,
      cells,
      periods,
      faces,
      arcs,
      changes: changes(core, periods),
    };
  }

  // A map across the antimeridian is drawn in one piece: what lies west of the cut goes on beyond 180 degrees.
  function unrolled(core, lon) {
    return lon < core.seam ? lon + 360 : lon;
  }

  // Whether an arc is the antimeridian itself, which cuts areas in files and is no border.
  function onSeam(core, arcs, a) {
    if (core.seam <= -180) return 0;
    for (let p = arcs.offset[a]; p < arcs.offset[a + 1]; p++) if (180 - Math.abs(arcs.lon[p]) > core.grid.step) return 0;
    return 1;
  }

  // Number the points where arcs meet, so that loops can be chained without comparing coordinates.
  function ends(arcs, gridX, gridY) {
    const numbers = new Map();
    const number = (p) => {
      const key = gridX[p] * 4194304 + gridY[p];
      let id = numbers.get(key);
      if (id === undefined) numbers.set(key, (id = numbers.size));
      return id;
    };
    arcs.from = new Int32Array(arcs.n);
    arcs.to = new Int32Array(arcs.n);
    for (let a = 0; a < arcs.n; a++) {
      arcs.from[a] = number(arcs.offset[a]);
      arcs.to[a] = number(arcs.offset[a + 1] - 1);
    }
    arcs.nodes = numbers.size;
  }

  // Every day inside the span on which something on the map starts, becomes certain or ends, in order.
  function changes(core, periods) {
    const length = core.last - core.first + 1;
    const marks = new Uint8Array(length);
    const mark = (day) => {
      if (day >= core.first && day <= core.last) marks[day - core.first] = 1;
    };
    for (let p = 0; p < periods.n; p++) {
      mark(periods.start[p]);
      mark(periods.full[p]);
      mark(periods.end[p]);
    }
    const days = [];
    for (let i = 0; i < length; i++) if (marks[i]) days.push(core.first + i);
    return Int32Array.from(days);
  }

  // Web Mercator with the world as the unit square, y down.
  function mercatorX(lon) {
    return lon / 360 + 0.5;
  }

  function mercatorY(lat) {
    const sine = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
    return 0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI);
  }

  // Delta-coded lines of the base map, as interleaved Mercator coordinates.
  function lines(list, step) {
    return list.map((flat) => {
      const line = new Float64Array(flat.length);
      let x = 0;
      let y = 0;
      for (let i = 0; i < flat.length; i += 2) {
        x += flat[i];
        y += flat[i + 1];
        line[i] = mercatorX(x * step);
        line[i + 1] = mercatorY(y * step);
      }
      return line;
    });
  }

  function base(raw) {
    return {
      land: lines(raw.land, raw.step),
      lakes: lines(raw.lakes, raw.step),
      borders: lines(raw.borders, raw.step),
      provinces: lines(raw.provinces, raw.step),
      rivers: raw.rivers.map((river) => ({ name: river.name, lines: lines(river.lines, raw.step) })),
      towns: raw.towns.map(([name, lat, lon, rank]) => ({ name, lat, lon, rank, x: mercatorX(lon), y: mercatorY(lat) })),
      countries: raw.countries.map(([name, lat, lon]) => ({ name, lat, lon, x: mercatorX(lon), y: mercatorY(lat) })),
      credits: raw.credits,
      view: raw.view || "", // whose borders these are
    };
  }

  M.decode = { FORMAT, VERSION, OPEN, inflate, unpacked, json, streams, objection, model, base, mercatorX, mercatorY };
})((globalThis.Mapper = globalThis.Mapper || {}));
