// How a look is filled: flat or with a pattern, on the map's canvas, as pixels, and as a sample in legend and panel.
"use strict";
(function (M) {
  const TILE = 16; // px of the square that repeats in a pattern
  const ATLAS = 256; // patterns read at once: a canvas may be some ten thousand pixels high

  const isFlat = (look) => look.kind.fill === "flat";
  const isEdged = (look) => look.kind.edge !== "";

  // An area of an actor's colour and nothing else, as pale as a tone says.
  const plain = (actor, tone) => ({ kind: { id: "", fill: "flat", wash: 0, edge: "" }, actor, other: -1, tone, fade: 3 });

  // The colour of the line around a look: a ring is of those who stand around.
  const edgeColour = (look, colourOf) => colourOf(look.kind.edge === "ring" ? look.other : look.actor);

  // The fill of a look: a flat mix with the paper, or a pattern that reads without colour.
  function inkOf(ctx, look, colourOf, theme, cache) {
    if (isFlat(look)) return M.palette.mix(theme.paper, colourOf(look.actor), M.palette.strength(look));
    const key = [look.kind.id, look.actor, look.other, look.tone, look.fade].join();
    if (!cache.has(key)) {
      const size = Math.round(TILE * Math.min(2, globalThis.devicePixelRatio || 1));
      const c = tileCanvas(size, size);
      c.scale(size / TILE, size / TILE);
      drawTile(c, look, colourOf, theme);
      const made = ctx.createPattern(c.canvas, "repeat");
      if (size !== TILE) made.setTransform(new DOMMatrix([TILE / size, 0, 0, TILE / size, 0, 0]));
      cache.set(key, made);
    }
    return cache.get(key);
  }

  function tileCanvas(width, height) {
    const canvas = document.createElement("canvas");
    canvas.width = width;
    canvas.height = height;
    return canvas.getContext("2d", { willReadFrequently: true });
  }

  // What repeats in a pattern: a square of TILE units.
  function drawTile(c, look, colourOf, theme) {
    const mix = (colour, share) => M.palette.mix(theme.paper, colour, share);
    const first = colourOf(look.actor);
    const strength = M.palette.strength(look);
    const stripes = (colour, width, every) => {
      c.strokeStyle = colour;
      c.lineWidth = width;
      c.beginPath();
      for (let x = -TILE; x <= 2 * TILE; x += every) {
        c.moveTo(x - TILE, 2 * TILE);
        c.lineTo(x + 2 * TILE, -TILE);
      }
      c.stroke();
    };
    c.save();
    c.beginPath();
    c.rect(0, 0, TILE, TILE);
    c.clip();
    const { fill, wash } = look.kind;
    c.fillStyle = mix(fill === "grey" ? theme.grey : first, fill === "halves" ? strength : wash);
    c.fillRect(0, 0, TILE, TILE);
    if (fill === "halves") stripes(look.other >= 0 ? mix(colourOf(look.other), strength) : theme.paper, TILE * 0.354, TILE);
    else if (fill === "hatch") stripes(mix(first, strength), 2.4, TILE / 2);
    else if (fill === "dots") {
      c.fillStyle = mix(first, strength);
      c.beginPath();
      for (let k = 0; k < 8; k++) {
        const x = (TILE / 4) * (k % 4) + TILE / 8;
        const y = (TILE / 4) * (2 * (k >> 2) + (k % 2)) + TILE / 8;
        c.moveTo(x + 1.5, y);
        c.arc(x, y, 1.5, 0, 7);
      }
      c.fill();
    }
    c.restore();
  }

  // The looks as colours by their number, for a raster whose ground lies at (dx, dy): see createRaster.
  function asPixels(looks, colourOf, theme, { dx, dy, ratio, crowded }) {
    const { pixel } = M.raster;
    const size = TILE * 2 ** Math.max(0, Math.ceil(Math.log2(ratio))); // a power of two, as the raster asks
    const start = (d) => ((Math.round(-d * ratio) % size) + size) % size;
    const made = { size, wide: !crowded, dx: start(dx), dy: start(dy), texels: new Uint32Array(looks.length * size * size) };
    for (const line of ["between", "against", "rings"]) made[line] = new Uint32Array(looks.length);
    looks.forEach((look, v) => {
      if (!look) return;
      const flat = M.palette.mix(theme.paper, colourOf(look.actor), M.palette.strength(look));
      if (isFlat(look)) made.texels.fill(pixel(flat), v * size * size, (v + 1) * size * size);
      made.between[v] = pixel(M.palette.mix(flat, theme.halo, crowded ? 0.7 : 1));
      made.against[v] = pixel(colourOf(look.actor));
      if (crowded && isEdged(look)) made.rings[v] = pixel(edgeColour(look, colourOf));
    });
    // Patterns below each other on one canvas: reading many canvases costs far more than reading one.
    const patterned = looks.map((look, v) => (look && !isFlat(look) ? v : 0)).filter(Boolean);
    for (let from = 0; from < patterned.length; from += ATLAS) {
      const some = patterned.slice(from, from + ATLAS);
      const c = tileCanvas(size, size * some.length);
      some.forEach((v, k) => {
        c.setTransform(size / TILE, 0, 0, size / TILE, 0, k * size);
        drawTile(c, looks[v], colourOf, theme);
      });
      const read = new Uint32Array(c.getImageData(0, 0, size, size * some.length).data.buffer);
      some.forEach((v, k) => made.texels.set(read.subarray(k * size * size, (k + 1) * size * size), v * size * size));
    }
    return made;
  }

  // A sample for the legend, drawn with the same hand as the map.
  function swatch(canvas, look, colourOf, theme, width, height) {
    const ratio = Math.min(2, globalThis.devicePixelRatio || 1);
    canvas.width = width * ratio;
    canvas.height = height * ratio;
    const ctx = canvas.getContext("2d");
    ctx.scale(ratio, ratio);
    ctx.fillStyle = theme.paper;
    ctx.fillRect(0, 0, width, height);
    ctx.fillStyle = inkOf(ctx, look, colourOf, theme, new Map());
    ctx.fillRect(0, 0, width, height);
    ctx.lineWidth = 1;
    ctx.strokeStyle = edgeColour(look, colourOf);
    if (look.kind.edge === "ring") ctx.lineWidth = 7;
    else if (look.kind.edge === "dashes") {
      ctx.setLineDash([5, 3]);
      ctx.lineWidth = 3;
    } else if (look.kind.edge === "dots") ctx.setLineDash([1, 2]);
    ctx.strokeRect(0, 0, width, height);
  }

  // The same as an image, which stands in a page at no cost, where a canvas costs a little in every frame.
  function sample(look, colourOf, theme, width, height) {
    const canvas = document.createElement("canvas");
    swatch(canvas, look, colourOf, theme, width, height);
    return M.dom.el("img.swatch", { src: canvas.toDataURL(), alt: "" });
  }

  M.inks = { isFlat, isEdged, plain, edgeColour, inkOf, asPixels, swatch, sample };
})((globalThis.Mapper = globalThis.Mapper || {}));
