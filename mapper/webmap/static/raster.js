// A map as pixels: which face each pixel shows is worked out once a view, so that a date is painted by looking
// colours up. Paths of ten thousand edges take a software canvas a frame and more; this takes a few milliseconds.
"use strict";
(function (M) {
  const MOST = 6e6; // pixels of a crowded view; beyond, the paths are the better way
  const FEW = 2.5e6; // and of one with few paths
  const FINE = 65536; // parts of a pixel that tell crossings of one line apart

  // The face (counted from 1; 0 is none) under the middle of each pixel, row by row. x and y hold the points of the arcs from
  // offset[a] to offset[a + 1]; a point lies at ((x + dx) * ratio, (y + dy) * ratio) pixels.
  function facesOf(arcs, { x, y, offset }, { dx, dy, ratio, width, height }) {
    const { left, right, n } = arcs;
    // Half-edge 2a crosses a line of pixels going up: its left face lies to the west. 2a + 1 goes down.
    const west = (h) => 1 + (h & 1 ? right[h >> 1] : left[h >> 1]);
    const east = (h) => 1 + (h & 1 ? left[h >> 1] : right[h >> 1]);
    const cross = (visit) => {
      for (let a = 0; a < n; a++) {
        for (let p = offset[a] + 1; p < offset[a + 1]; p++) {
          const y0 = (y[p - 1] + dy) * ratio;
          const y1 = (y[p] + dy) * ratio;
          const from = Math.max(0, Math.ceil(Math.min(y0, y1) - 0.5));
          const to = Math.min(height, Math.ceil(Math.max(y0, y1) - 0.5));
          if (from >= to) continue;
          const x0 = (x[p - 1] + dx) * ratio;
          const slope = ((x[p] + dx) * ratio - x0) / (y1 - y0);
          for (let row = from; row < to; row++) visit(row, x0 + (row + 0.5 - y0) * slope, 2 * a + (y1 > y0 ? 1 : 0));
        }
      }
    };
    // To the left of the picture only the last crossing of a line matters: it says what the line begins with.
    const before = new Float64Array(height).fill(-Infinity);
    const opening = new Int32Array(height);
    const ends = new Int32Array(height + 1);
    cross((row, at, h) => {
      if (at >= width) return;
      if (at >= 0) ends[row + 1]++;
      else if (at > before[row]) {
        before[row] = at;
        opening[row] = east(h);
      }
    });
    for (let row = 0; row < height; row++) ends[row + 1] += ends[row];
    // A crossing is one number, its place before its half-edge, so that a line's sort needs no comparing function.
    const span = Math.max(1, 2 * n);
    const crossings = new Float64Array(ends[height]);
    const next = ends.slice();
    cross((row, at, h) => {
      if (at >= 0 && at < width) crossings[next[row]++] = Math.floor(at * FINE) * span + h;
    });
    const image = arcs.faces < 65535 ? new Uint16Array(width * height) : new Uint32Array(width * height);
    for (let row = 0; row < height; row++) {
      const line = crossings.subarray(ends[row], ends[row + 1]).sort();
      let face = opening[row];
      let column = row * width;
      for (let i = 0; i < line.length; i++) {
        // Where arcs meet on the line, the one that leaves the face at hand comes first.
        for (let j = i + 1; west(line[i] % span) !== face && j < line.length && line[j] - line[i] < 2 * span; j++) {
          if (west(line[j] % span) === face) [line[i], line[j]] = [line[j], line[i]];
        }
        const h = line[i] % span;
        const to = row * width + Math.min(width, Math.ceil((line[i] - h) / span / FINE - 0.5));
        while (column < to) image[column++] = face;
        face = east(h);
      }
      while (column < (row + 1) * width) image[column++] = face;
    }
    return image;
  }

  const bytes = new Uint8ClampedArray(4);
  const word = new Uint32Array(bytes.buffer);
  bytes.set([255, 255, 255, 127]);
  const word7f = word[0]; // keeps a colour and halves its opacity, in the order of this machine's bytes

  // Half of each of two pixels, channel by channel; over nothing, half of the second.
  function half(under, over) {
    return under ? (((under ^ over) & 0xfefefefe) >>> 1) + (under & over) : over & word7f;
  }

  // A colour as a pixel of ImageData, whatever the order of bytes in this machine's words.
  function pixel(colour) {
    bytes.set(M.palette.rgb(colour));
    bytes[3] = 255;
    return word[0];
  }

  // Paints days of one view. The looks come as colours by their number: texels, a square tile of side size (a power of two) pixels
  // each, one after the other, which begin at (dx, dy), so that they stand still on the ground; the line between two holders,
  // the line against bare ground, whether lines are wide, and rings, the line around a look that has one whoever its neighbour is (else 0).
  function createRaster(arcs, faces) {
    let image = null;
    let data = null;
    let out = null;
    let points = null;
    let frame = null;
    const shown = new Uint16Array(faces + 1);
    const tile = new Uint32Array(faces + 1);

    function fill(texels, size, dx, dy) {
      const { width, height } = frame;
      const mask = size - 1;
      for (let row = 0, i = 0; row < height; row++) {
        const line = ((row + dy) & mask) * size;
        for (const end = i + width, shift = dx - i; i < end; i++) out[i] = texels[tile[image[i]] + line + ((i + shift) & mask)];
      }
    }

    function draw(group, { between, against, rings, wide }) {
      const { left, right, n } = arcs;
      for (let a = 0; a < n; a++) {
        const u = shown[left[a] + 1];
        const v = shown[right[a] + 1];
        if (u === v) continue;
        const ring = rings[u] === rings[v] ? 0 : rings[u] || rings[v]; // none between two shades of one ring
        if (ring) line(a, ring, wide);
        else if (group[u] !== group[v]) line(a, u && v ? between[u] : against[u || v], wide);
      }
    }

    // One pixel for each column or row that a line passes, whichever are more; a wide line shades the pixel beside it too.
    function line(a, colour, wide) {
      const { x, y, offset } = points;
      const { dx, dy, ratio, width, height } = frame;
      for (let p = offset[a] + 1; p < offset[a + 1]; p++) {
        let px = (x[p - 1] + dx) * ratio;
        let py = (y[p - 1] + dy) * ratio;
        const east = (x[p] + dx) * ratio - px;
        const south = (y[p] + dy) * ratio - py;
        const steps = Math.ceil(Math.max(Math.abs(east), Math.abs(south)));
        const beside = Math.abs(south) > Math.abs(east) ? 1 : width;
        for (let k = 0; k < steps; k++) {
          if (px >= 0 && px < width - 1 && py >= 0 && py < height - 1) {
            const i = (py | 0) * width + (px | 0);
            out[i] = colour;
            if (wide) out[i + beside] = half(out[i + beside], colour);
          }
          px += east / steps;
          py += south / steps;
        }
      }
    }

    return {
      fits: ({ width, height }, crowded) => width * height <= (crowded ? MOST : FEW),
      ready: () => image !== null,
      // The view changed.
      drop() {
        image = null;
      },
      lay(lines, view) {
        points = lines;
        frame = view;
        image = facesOf({ ...arcs, faces }, points, frame);
        if (!data || data.width !== frame.width || data.height !== frame.height) {
          data = new ImageData(frame.width, frame.height);
          out = new Uint32Array(data.data.buffer);
        }
      },
      paint(ctx, value, group, looks) {
        for (let f = 0; f < faces; f++) {
          shown[f + 1] = value[f];
          tile[f + 1] = value[f] * looks.size * looks.size;
        }
        fill(looks.texels, looks.size, looks.dx, looks.dy);
        draw(group, looks);
        ctx.putImageData(data, 0, 0);
      },
    };
  }

  M.raster = { createRaster, facesOf, pixel };
})((globalThis.Mapper = globalThis.Mapper || {}));
