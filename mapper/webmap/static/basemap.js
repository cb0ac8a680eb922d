// The ground and what is written on it: land below the colours; water, borders, towns and names above.
"use strict";
(function (M) {
  const SAME = 1 / 9000; // of the world's width, some 3 to 4 km: a town so near a place that claims name is that place

  // The antimeridian cuts land in the data; no shore runs along it.
  const parted = (x) => x === 0 || x === 1;

  function trace(ctx, view, line, close) {
    const { scale, x, y } = view;
    let px = line[0] * scale - x;
    let py = line[1] * scale - y;
    const sx = px;
    const sy = py;
    ctx.moveTo(px, py);
    for (let i = 2; i < line.length; i += 2) {
      const nx = line[i] * scale - x;
      const ny = line[i + 1] * scale - y;
      if (i + 2 < line.length && Math.abs(nx - px) < 0.7 && Math.abs(ny - py) < 0.7) continue;
      px = nx;
      py = ny;
      if (!close && parted(line[i]) && line[i] === line[i - 2]) ctx.moveTo(px, py);
      else ctx.lineTo(px, py);
    }
    if (close) ctx.lineTo(sx, sy);
  }

  const boxes = new WeakMap();
  function seen(view, line) {
    let box = boxes.get(line);
    if (!box) {
      box = [Infinity, Infinity, -Infinity, -Infinity];
      for (let i = 0; i < line.length; i += 2) {
        box[0] = Math.min(box[0], line[i]);
        box[1] = Math.min(box[1], line[i + 1]);
        box[2] = Math.max(box[2], line[i]);
        box[3] = Math.max(box[3], line[i + 1]);
      }
      boxes.set(line, box);
    }
    const { scale, x, y, width, height } = view;
    return box[2] * scale >= x && box[0] * scale <= x + width && box[3] * scale >= y && box[1] * scale <= y + height;
  }

  function stroke(ctx, view, lines, colour, width, dash) {
    ctx.beginPath();
    for (const line of lines) if (seen(view, line)) trace(ctx, view, line, false);
    ctx.strokeStyle = colour;
    ctx.lineWidth = width;
    ctx.setLineDash(dash || []);
    ctx.stroke();
    ctx.setLineDash([]);
  }

  function area(ctx, view, rings, colour) {
    ctx.beginPath();
    for (const ring of rings) if (seen(view, ring)) trace(ctx, view, ring, true);
    ctx.fillStyle = colour;
    ctx.fill("evenodd");
  }

  // Land, and on it the theatre a shade lighter, so that the eye knows where the map speaks.
  function ground(ctx, view, base, theme, tiles, theatre) {
    ctx.clearRect(0, 0, view.width, view.height);
    if (tiles) return;
    ctx.lineJoin = "round";
    area(ctx, view, base.land, theatre ? theme.far : theme.paper);
    if (theatre) {
      ctx.save();
      ctx.translate(theatre.x, theatre.y);
      ctx.fillStyle = theme.paper;
      ctx.fill(theatre.path);
      ctx.restore();
    }
    stroke(ctx, view, base.land, M.palette.mix(theme.sea, theme.line, 0.35), 1); // the shore
    margin(ctx, view, base, theme);
  }

  // Where the base map ends the paper begins: a tall phone shows a framed map, not a sea that is not there.
  function margin(ctx, view, base, theme) {
    const box = [Infinity, Infinity, -Infinity, -Infinity];
    for (const ring of base.land) {
      seen(view, ring);
      const b = boxes.get(ring);
      for (let k = 0; k < 2; k++) {
        box[k] = Math.min(box[k], b[k]);
        box[k + 2] = Math.max(box[k + 2], b[k + 2]);
      }
    }
    if (!(box[0] < box[2])) return;
    const [west, north, east, south] = box.map((v, k) => Math.round(v * view.scale - (k % 2 ? view.y : view.x)));
    ctx.fillStyle = theme.halo;
    ctx.fillRect(0, 0, view.width, Math.max(0, north));
    ctx.fillRect(0, south, view.width, Math.max(0, view.height - south));
    ctx.fillRect(0, 0, Math.max(0, west), view.height);
    ctx.fillRect(east, 0, Math.max(0, view.width - east), view.height);
    ctx.strokeStyle = M.palette.mix(theme.halo, theme.line, 0.6);
    ctx.lineWidth = 1;
    ctx.strokeRect(west + 0.5, north + 0.5, east - west, south - north);
  }

  function above(ctx, view, base, theme, tiles) {
    ctx.clearRect(0, 0, view.width, view.height);
    ctx.lineJoin = ctx.lineCap = "round";
    const z = view.zoom;
    if (!tiles) {
      area(ctx, view, base.lakes, theme.sea);
      stroke(ctx, view, base.lakes, theme.river, 0.7);
      if (z >= 5) stroke(ctx, view, base.provinces, M.palette.mix(theme.line, theme.paper, 0.15) + "80", 0.7, [3, 3]);
    }
    for (const river of base.rivers) {
      stroke(ctx, view, river.lines, theme.halo + "90", z >= 7 ? 3.4 : 2.6);
      stroke(ctx, view, river.lines, theme.river, z >= 7 ? 1.9 : 1.4);
    }
    stroke(ctx, view, base.borders, theme.halo + "b0", 3.2);
    stroke(ctx, view, base.borders, theme.ink + "c8", 1.1, [7, 2.5, 1.5, 2.5]);
  }

  // Names by weight, each placed where it touches no other: right of its dot, else left, above, below, else not at all.
  function labels(ctx, view, items, theme, font) {
    const taken = [];
    const free = (box) => {
      if (box[0] < 2 || box[1] < 2 || box[2] > view.width - 2 || box[3] > view.height - 2) return false;
      return !taken.some((t) => box[0] < t[2] && box[2] > t[0] && box[1] < t[3] && box[3] > t[1]);
    };
    ctx.lineJoin = "round";
    ctx.textBaseline = "middle";
    ctx.direction = "ltr"; // places are computed from the left, whatever the page's direction; names keep their own
    ctx.textAlign = "left";
    const drawn = [];
    for (const item of items) {
      const px = item.x * view.scale - view.x;
      const py = item.y * view.scale - view.y;
      if (px < -40 || py < -20 || px > view.width + 40 || py > view.height + 20) continue;
      ctx.font = item.style + " " + item.size + "px " + (item.serif ? font.serif : font.sans);
      ctx.letterSpacing = (item.spacing || 0) + "px";
      const text = item.caps ? item.name.toLocaleUpperCase() : item.name;
      const width = ctx.measureText(text).width;
      const half = item.size * 0.62;
      const gap = item.dot ? item.dot + 3 : 0;
      const spots = item.dot
        ? [[px + gap, py], [px - gap - width, py], [px - width / 2, py - gap - half], [px - width / 2, py + gap + half]]
        : (item.caps ? [0, -1.5, 1.5, -2.5, 2.5] : [0, -1.5, 1.5]).map((lines) => [px - width / 2, py + lines * item.size]);
      const dotBox = item.dot ? [px - item.dot - 1, py - item.dot - 1, px + item.dot + 1, py + item.dot + 1] : null;
      if (dotBox && !free(dotBox) && !item.always) continue;
      // Of a place in sight the whole name is in sight; what waits beyond the rim may be cut by it until it is dragged in.
      const edge = px > view.left && px < view.width - view.left ? view.left + 2 : 0;
      const spot = spots.find(([x, y]) => x >= edge && x + width <= view.width - edge && free([x - 2, y - half, x + width + 2, y + half]));
      if (!spot && !item.always) continue;
      if (dotBox) taken.push(dotBox);
      if (spot) taken.push([spot[0] - 3, spot[1] - half, spot[0] + width + 3, spot[1] + half]);
      drawn.push({ item, px, py, text, spot });
    }
    for (const { item, px, py } of drawn) {
      if (!item.dot) continue;
      ctx.beginPath();
      ctx.arc(px, py, item.dot, 0, 7);
      ctx.fillStyle = item.claimed ? theme.ink : theme.halo;
      ctx.fill();
      ctx.lineWidth = item.claimed ? 1.6 : 1.2;
      ctx.strokeStyle = item.claimed ? theme.halo : theme.ink;
      ctx.stroke();
    }
    for (const { item, text, spot } of drawn) {
      if (!spot) continue;
      ctx.font = item.style + " " + item.size + "px " + (item.serif ? font.serif : font.sans);
      ctx.letterSpacing = (item.spacing || 0) + "px";
      ctx.globalAlpha = item.alpha || 1;
      ctx.lineWidth = item.halo || 3.2;
      ctx.strokeStyle = theme.halo + "e6";
      ctx.strokeText(text, spot[0], spot[1]);
      ctx.fillStyle = item.colour || theme.ink;
      ctx.fillText(text, spot[0], spot[1]);
      ctx.globalAlpha = 1;
    }
    ctx.letterSpacing = "0px";
  }

  // Capitals and great cities first, then what claims speak of most: Baghdad is looked for whether or not it was fought for.
  function weight(rank, count) {
    const said = Math.min(8, count);
    return rank <= 1 ? 120 + said : 96 - 4 * rank + 3 * said;
  }

  // What may be named at this zoom, heaviest first. Places that claims name come before others of their size and stand
  // for any town on the same spot; beyond the theatre only great cities are named, faintly.
  function wanted(view, base, places, theme, inside) {
    const z = view.zoom;
    const small = view.width < 700;
    const items = [];
    const soft = M.palette.mix(theme.ink, theme.paper, 0.42);
    for (const country of base.countries) {
      if (z > 8.5) break;
      items.push({ ...country, name: country.name, caps: true, style: "500", size: small ? 11 : 13, spacing: small ? 2 : 4, alpha: 0.7, weight: inside(country) ? 98 : 30, serif: true });
    }
    const spot = (x, y) => Math.round(x * 6000) + "," + Math.round(y * 6000);
    const near = new Map();
    for (const place of places) {
      for (const dx of [-1, 0, 1]) {
        for (const dy of [-1, 0, 1]) {
          const key = spot(place.x + dx / 6000, place.y + dy / 6000);
          if (near.has(key)) near.get(key).push(place);
          else near.set(key, [place]);
        }
      }
    }
    const ranks = new Map();
    for (const town of base.towns) {
      let twin = null;
      let least = SAME;
      for (const place of near.get(spot(town.x, town.y)) || []) {
        const far = place.name === town.name ? 0 : Math.hypot(place.x - town.x, place.y - town.y);
        if (far >= least) continue;
        least = far;
        twin = place;
      }
      if (twin) {
        ranks.set(twin, Math.min(town.rank, ranks.get(twin) || 9));
        continue;
      }
      const here = inside(town);
      if (town.rank > (here ? z - 2.6 : z - 4.6)) continue;
      const big = here && town.rank <= 2;
      items.push({ ...town, style: big ? "600" : "400", size: big ? 13 : 11.5, dot: big ? 3 : 2, weight: (here ? 90 : 40) - 4 * town.rank, colour: here ? theme.ink : soft, alpha: here ? 0.9 : 1 });
    }
    for (const place of places) {
      const rank = ranks.get(place) || 7;
      const heavy = weight(rank, place.count);
      if (heavy < 118 - 9 * z) continue;
      const big = rank <= 2 || (rank <= 4 && place.count >= 4);
      items.push({ ...place, style: big ? "600" : "500", size: big ? 13.5 : 11.5, dot: big ? 3.2 : 2.3, claimed: true, weight: heavy });
    }
    for (const river of base.rivers) {
      const line = river.lines.filter((l) => seen(view, l)).sort((a, b) => b.length - a.length)[0];
      if (!line || !river.name || z < 5) continue;
      const visible = [];
      for (let i = 0; i < line.length; i += 2) {
        const px = line[i] * view.scale - view.x;
        const py = line[i + 1] * view.scale - view.y;
        if (px > 60 && px < view.width - 60 && py > 30 && py < view.height - 30) visible.push(i);
      }
      if (!visible.length) continue;
      const i = visible[Math.floor(visible.length * 0.6)];
      items.push({ name: river.name, x: line[i], y: line[i + 1], style: "italic 400", size: 12, serif: true, colour: M.palette.against(theme.river, theme.paper, 4.5), weight: 60, spacing: 0.6 });
    }
    return items.sort((a, b) => b.weight - a.weight || (a.name < b.name ? -1 : 1));
  }

  // Tiles asked for with CORS may stand in the picture one takes away; a server that refuses that is asked again without.
  function layTiles(app, tiles, open) {
    const options = { attribution: "", referrerPolicy: "strict-origin-when-cross-origin", ...(open ? { crossOrigin: "anonymous" } : {}) };
    app.tileLayer = L.tileLayer(tiles.content, options).addTo(app.map);
    app.tilesOpen = open;
    let loaded = false;
    app.tileLayer.on("tileload", () => (loaded = true));
    app.tileLayer.on("tileerror", () => {
      if (!open || loaded || !app.tilesOpen) return;
      app.tileLayer.remove();
      layTiles(app, tiles, false);
    });
  }

  M.basemap = { ground, above, labels, wanted, trace, layTiles };
})((globalThis.Mapper = globalThis.Mapper || {}));
