// One stack of canvases on the Leaflet map: ground, faces of a day (and of the compared day), what lies above, effects.
"use strict";
(function (M) {
  const PAD = 0.06; // drawn beyond each edge, as a share of the map: a drag shows no blank rim
  const SIMPLE = 4000; // borders of so many edges may be drawn with wider, slower strokes
  const LARGE = 8000; // faces from which on each pixel drawn beyond the edge counts
  const REST = 200; // ms after which a date that moved is drawn with smooth edges
  const NAMES = ["ground", "faces", "before", "above", "effects"];

  function createLayer(map, model, options) {
    const { palette } = M;
    const { looks, table } = palette.createLooks(model.states);
    const geometry = M.geometry;
    const box = geometry.boxes(model);
    const dissolve = geometry.createDissolver(model.arcs);
    const now = geometry.createCursor(model);
    const then = geometry.createCursor(model);
    const value = new Int32Array(model.faces.n);
    const visible = new Uint8Array(model.faces.n).fill(1);
    const group = new Int32Array(looks.length);
    const ringOf = new Int32Array(looks.length); // of each look that has a ring the first of those that share it, else 0
    const ringed = new Int32Array(model.faces.n);
    const home = L.DomUtil.create("div", "mapper-canvases leaflet-zoom-animated", map.getPane("overlayPane"));
    const canvas = {};
    const context = {};
    for (const name of NAMES) {
      canvas[name] = L.DomUtil.create("canvas", "mapper-" + name, home);
      context[name] = canvas[name].getContext("2d");
    }
    const state = { base: null, places: [], theme: palette.THEMES.light, colours: [], day: model.first, other: null, mode: "moment", swipe: 0.5, changed: null, cell: -1, hover: -1, tiles: false };
    const view = { zoom: 0, scale: 1, x: 0, y: 0, width: 0, height: 0, ratio: 1, left: 0, top: 0 };
    const kept = { zoom: NaN, x: new Float32Array(0), y: new Float32Array(0), offset: new Int32Array(1), originX: 0, originY: 0 };
    const raster = M.raster.createRaster(model.arcs, model.faces.n);
    const patterns = new Map();
    let pixels = null; // the looks as pixels, made when first needed
    let rest = 0;
    const pulses = [];
    let pulsing = 0;
    looks.forEach((look, i) => {
      // Borders run between controllers, not between shades of one.
      if (look && M.inks.isEdged(look)) ringOf[i] = looks.findIndex((other) => other && other.kind.id === look.kind.id && other.actor === look.actor && other.other === look.other);
      if (look) group[i] = 1 + (look.actor + 1) * 1000 + (look.kind.shared ? look.other + 2 : 0);
    });

    function place() {
      const size = map.getSize();
      const pad = size.multiplyBy(model.faces.n < LARGE ? PAD : PAD / 3).round();
      const corner = map.containerPointToLayerPoint([-pad.x, -pad.y]).round();
      L.DomUtil.setTransform(home, corner, 1);
      home._corner = corner;
      const origin = map.getPixelOrigin().add(corner);
      const zoom = map.getZoom();
      Object.assign(view, {
        zoom,
        scale: 256 * 2 ** zoom,
        x: origin.x,
        y: origin.y,
        width: size.x + 2 * pad.x,
        height: size.y + 2 * pad.y,
        ratio: state.ratio || Math.min(2, globalThis.devicePixelRatio || 1),
        left: pad.x,
        top: pad.y,
      });
      for (const name of NAMES) {
        const w = Math.round(view.width * view.ratio);
        const h = Math.round(view.height * view.ratio);
        if (canvas[name].width !== w || canvas[name].height !== h) {
          canvas[name].width = w;
          canvas[name].height = h;
          canvas[name].style.width = view.width + "px";
          canvas[name].style.height = view.height + "px";
        }
        context[name].setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
      }
      simplify();
      cull();
      raster.drop();
      pixels = null;
    }

    // Points closer than two thirds of a pixel to the one before are left out; redone only when the zoom changes.
    function simplify() {
      if (kept.zoom === view.zoom) return;
      const { arcs } = model;
      if (kept.x.length < arcs.x.length) {
        kept.x = new Float32Array(arcs.x.length);
        kept.y = new Float32Array(arcs.x.length);
        kept.offset = new Int32Array(arcs.n + 1);
      }
      kept.zoom = view.zoom;
      kept.originX = arcs.n ? arcs.x[0] * view.scale : 0;
      kept.originY = arcs.n ? arcs.y[0] * view.scale : 0;
      let n = 0;
      for (let a = 0; a < arcs.n; a++) {
        kept.offset[a] = n;
        const last = arcs.offset[a + 1] - 1;
        let px = Infinity;
        let py = Infinity;
        for (let p = arcs.offset[a]; p <= last; p++) {
          const x = arcs.x[p] * view.scale - kept.originX;
          const y = arcs.y[p] * view.scale - kept.originY;
          if (p < last && Math.abs(x - px) < 0.66 && Math.abs(y - py) < 0.66) continue;
          kept.x[n] = px = x;
          kept.y[n++] = py = y;
        }
      }
      kept.offset[arcs.n] = n;
    }

    let crowded = false;
    let pixelled = false;
    function cull() {
      const west = view.x / view.scale;
      const north = view.y / view.scale;
      const east = (view.x + view.width) / view.scale;
      const south = (view.y + view.height) / view.scale;
      const faces = box.face;
      for (let f = 0; f < model.faces.n; f++) {
        const b = 4 * f;
        visible[f] = faces[b] < east && faces[b + 2] > west && faces[b + 1] < south && faces[b + 3] > north ? 1 : 0;
      }
      let seen = 1;
      for (let f = 0; f < model.faces.n; f++) seen += visible[f];
      crowded = (view.width * view.height) / seen < 220; // px² a face
      pixelled = model.arcs.n > 0 && raster.fits(canvas.faces, crowded);
    }

    // What each face looks like on a day, into the array value; returns the cursor's periods.
    function assess(cursor, day) {
      const current = cursor.seek(day);
      const { cell, zone, n } = model.faces;
      const { start, full, state: states } = model.periods;
      for (let f = 0; f < n; f++) {
        const p = current[cell[f]];
        if (p < 0 || zone[f] > 1 || !visible[f]) {
          value[f] = 0;
          continue;
        }
        let fade = 3;
        if (day < full[p]) fade = Math.floor((3 * (day - start[p])) / (full[p] - start[p]));
        value[f] = table[states[p] * 8 + zone[f] * 4 + fade];
      }
      return current;
    }

    function addArc(path, a, backwards, first) {
      const from = kept.offset[a];
      const to = kept.offset[a + 1] - 1;
      const { x, y } = kept;
      if (backwards) {
        if (first) path.moveTo(x[to], y[to]);
        for (let p = to - 1; p >= from; p--) path.lineTo(x[p], y[p]);
      } else {
        if (first) path.moveTo(x[from], y[from]);
        for (let p = from + 1; p <= to; p++) path.lineTo(x[p], y[p]);
      }
    }

    // A moving date is painted as pixels, and as paths with their smooth edges once it rests.
    function quick() {
      if (!pixelled || state.mode !== "moment" || state.tiles) return false;
      clearTimeout(rest);
      assess(now, state.day);
      prepare();
      raster.paint(context.faces, value, group, pixels);
      if (!crowded) edges(context.faces);
      clip();
      rest = setTimeout(() => requestAnimationFrame(drawFaces), REST);
      return true;
    }

    // Rings and dashes around the looks that have them: around all that is besieged or claimed alike, whatever its shade.
    function edges(ctx) {
      let any = false;
      for (let f = 0; f < value.length; f++) {
        ringed[f] = ringOf[value[f]];
        any = any || ringed[f] > 0;
      }
      if (!any) return;
      const paths = [];
      trace(ringed, paths);
      aim(ctx);
      paths.forEach((path, v) => edgeLook(ctx, path, looks[v]));
    }

    function prepare() {
      const { width, height } = canvas.faces;
      if (!raster.ready()) raster.lay(kept, { dx: kept.originX - view.x, dy: kept.originY - view.y, ratio: view.ratio, width, height });
      if (!pixels) pixels = M.inks.asPixels(looks, colour, state.theme, { dx: kept.originX - view.x, dy: kept.originY - view.y, ratio: view.ratio, crowded });
    }

    // Before anybody asks for it, or the first step after a moved map would wait.
    let settling = 0;
    function settle() {
      clearTimeout(settling);
      const idle = globalThis.requestIdleCallback || ((run) => run());
      if (pixelled) settling = setTimeout(() => idle(() => pixelled && prepare()), 250);
    }

    function aim(ctx) {
      ctx.setTransform(view.ratio, 0, 0, view.ratio, view.ratio * (kept.originX - view.x), view.ratio * (kept.originY - view.y));
      ctx.lineJoin = "round";
    }

    // The outlines of equal faces into paths, by their value; returns the arcs between differing faces.
    function trace(values, paths) {
      const { x, y, offset } = kept;
      return dissolve(values, looks.length - 1, (v, edges, count) => {
        const path = paths[v] || (paths[v] = new Path2D());
        const first = edges[0] >> 1;
        const start = edges[0] & 1 ? offset[first + 1] - 1 : offset[first];
        path.moveTo(x[start], y[start]);
        for (let i = 0; i < count; i++) {
          const e = edges[i];
          const from = offset[e >> 1];
          const to = offset[(e >> 1) + 1] - 1;
          // The loop ends where it began: with a lineTo, not closePath, whose cost grows faster than the path in Chromium.
          if (e & 1) for (let p = to - 1; p >= from; p--) path.lineTo(x[p], y[p]);
          else for (let p = from + 1; p <= to; p++) path.lineTo(x[p], y[p]);
        }
      });
    }

    function paint(name, cursor, day, changed) {
      const ctx = context[name];
      ctx.setTransform(view.ratio, 0, 0, view.ratio, 0, 0);
      ctx.clearRect(0, 0, view.width, view.height);
      assess(cursor, day);
      if (!model.arcs.n) {
        points(ctx, cursor.current);
        return;
      }
      aim(ctx);
      const paths = [];
      const borders = trace(value, paths);
      ctx.globalAlpha = state.tiles ? 0.72 : 1;
      paths.forEach((path, v) => fillLook(ctx, path, looks[v]));
      ctx.globalAlpha = 1;
      fronts(ctx, borders);
      edges(ctx);
      if (changed) dim(ctx, changed);
    }

    // Range mode: what did not change steps back.
    function dim(ctx, changed) {
      const { cell, n } = model.faces;
      for (let f = 0; f < n; f++) value[f] = value[f] && !changed[cell[f]] ? 1 : 0;
      const path = new Path2D();
      dissolve(value, 1, (v, edges, count) => {
        for (let i = 0; i < count; i++) addArc(path, edges[i] >> 1, edges[i] & 1, i === 0);
      });
      ctx.globalAlpha = 0.68;
      ctx.fillStyle = state.theme.paper;
      ctx.fill(path);
      ctx.globalAlpha = 1;
    }

    // Lines only where the controllers on the two sides differ: light between two, the holder's own colour against bare ground.
    function fronts(ctx, borders) {
      const { left, right, seam } = model.arcs;
      const between = new Path2D();
      const edges = new Map();
      for (const a of borders) {
        const l = left[a] < 0 ? 0 : value[left[a]];
        const r = right[a] < 0 ? 0 : value[right[a]];
        if (group[l] === group[r] || seam[a]) continue;
        if (l && r) addArc(between, a, false, true);
        else {
          const { actor } = looks[l || r];
          if (!edges.has(actor)) edges.set(actor, new Path2D());
          addArc(edges.get(actor), a, false, true);
        }
      }
      // One device pixel on large maps: a hairline, which a software canvas draws many times faster than a wider stroke.
      // The holder's full colour, whatever the shade inside: a pale area too stands out from the ground 3:1.
      ctx.lineWidth = borders.length < SIMPLE ? 1.5 : 1 / view.ratio;
      for (const [actor, path] of edges) {
        ctx.strokeStyle = colour(actor);
        ctx.stroke(path);
      }
      ctx.strokeStyle = state.theme.halo;
      ctx.stroke(between);
    }

    function colour(actor) {
      return actor >= 0 && state.colours[actor] ? state.colours[actor] : state.theme.grey;
    }

    function fillLook(ctx, path, look) {
      ctx.fillStyle = M.inks.inkOf(ctx, look, colour, state.theme, patterns);
      ctx.fill(path);
    }

    function edgeLook(ctx, path, look) {
      if (!M.inks.isEdged(look)) return;
      if (crowded) {
        // Rings and dashes do not show on cells of a few pixels, and cost much: a hairline does.
        ctx.strokeStyle = M.inks.edgeColour(look, colour);
        ctx.lineWidth = 1 / view.ratio;
        ctx.stroke(path);
      } else if (look.kind.edge === "ring") {
        ctx.save();
        ctx.clip(path);
        ctx.strokeStyle = M.inks.edgeColour(look, colour);
        ctx.lineWidth = 9;
        ctx.stroke(path);
        ctx.strokeStyle = state.theme.halo;
        ctx.lineWidth = 2;
        ctx.stroke(path);
        ctx.restore();
      } else {
        const dashed = look.kind.edge === "dashes";
        ctx.strokeStyle = M.inks.edgeColour(look, colour);
        ctx.lineWidth = dashed ? 1.8 : 1;
        ctx.setLineDash(dashed ? [6, 4] : [1, 3]);
        ctx.stroke(path);
        ctx.setLineDash([]);
      }
    }

    // Without areas (no theatre, or places off it) a place shows as a disc in its colours.
    function points(ctx, current) {
      for (const spot of state.places) {
        const p = spot.cell >= 0 ? current[spot.cell] : -1;
        if (p < 0) continue;
        const look = looks[table[model.periods.state[p] * 8 + 3]];
        const path = new Path2D();
        path.arc(spot.x * view.scale - view.x, spot.y * view.scale - view.y, 9, 0, 7);
        fillLook(ctx, path, look);
        edgeLook(ctx, path, look);
        ctx.strokeStyle = state.theme.halo;
        ctx.lineWidth = 1.5;
        ctx.stroke(path);
      }
    }

    function theatre() {
      if (!model.arcs.n || state.tiles) return null;
      const path = new Path2D();
      dissolve(visible, 1, (v, edges, count) => {
        for (let i = 0; i < count; i++) addArc(path, edges[i] >> 1, edges[i] & 1, i === 0);
      });
      return { path, x: kept.originX - view.x, y: kept.originY - view.y };
    }

    function drawGround() {
      if (!state.base) return;
      M.basemap.ground(context.ground, view, state.base, state.theme, state.tiles, theatre());
    }

    // Whether a point of the base map lies in the theatre; asked once per town.
    function inside(spot) {
      if (spot.inside === undefined) spot.inside = !model.faces.n || geometry.faceAt(model, box, spot.x, spot.y) >= 0;
      return spot.inside;
    }

    function drawAbove() {
      if (!state.base) return;
      M.basemap.above(context.above, view, state.base, state.theme, state.tiles);
      const items = M.basemap.wanted(view, state.base, state.places, state.theme, inside);
      M.basemap.labels(context.above, view, items, state.theme, options.font);
    }

    function drawFaces() {
      clearTimeout(rest);
      paint("faces", now, state.day, state.mode === "range" ? state.changed : null);
      if (state.mode === "compare" && state.other !== null) paint("before", then, state.other, null);
      clip();
    }

    function clip() {
      const on = state.mode === "compare" && state.other !== null;
      const cut = view.left + state.swipe * map.getSize().x;
      canvas.before.style.display = on ? "" : "none";
      canvas.before.style.clipPath = on ? "inset(0 " + Math.max(0, view.width - cut) + "px 0 0)" : "";
      canvas.faces.style.clipPath = on ? "inset(0 0 0 " + Math.max(0, cut) + "px)" : "";
    }

    function outline(ctx, cell, width, ink) {
      const { left, right, n } = model.arcs;
      const owner = model.faces.cell;
      const path = new Path2D();
      for (let a = 0; a < n; a++) {
        const l = left[a] >= 0 && owner[left[a]] === cell;
        const r = right[a] >= 0 && owner[right[a]] === cell;
        if (l !== r) addArc(path, a, false, true);
      }
      ctx.save();
      ctx.translate(kept.originX - view.x, kept.originY - view.y);
      ctx.lineJoin = "round";
      ctx.strokeStyle = state.theme.halo;
      ctx.lineWidth = width + 2.5;
      ctx.stroke(path);
      ctx.strokeStyle = ink;
      ctx.lineWidth = width;
      ctx.stroke(path);
      ctx.restore();
    }

    function drawEffects(stamp) {
      const ctx = context.effects;
      ctx.clearRect(0, 0, view.width, view.height);
      if (state.hover >= 0 && state.hover !== state.cell) outline(ctx, state.hover, 1.2, state.theme.ink);
      if (state.cell >= 0) {
        outline(ctx, state.cell, 2.4, state.theme.ink);
        const spot = options.position(state.cell);
        if (spot) ring(ctx, spot.x * view.scale - view.x, spot.y * view.scale - view.y, 7, state.theme.ink, 2.2);
      }
      for (let i = pulses.length - 1; i >= 0; i--) {
        const age = (stamp - pulses[i].born) / 900;
        if (age >= 1) {
          pulses.splice(i, 1);
          continue;
        }
        ctx.globalAlpha = (1 - age) ** 1.5;
        ring(ctx, pulses[i].x * view.scale - view.x, pulses[i].y * view.scale - view.y, 4 + 22 * Math.sqrt(Math.max(0, age)), colour(pulses[i].actor), 3);
        ctx.globalAlpha = 1;
      }
      // Chromium hands every canvas that shows over anew in each frame, drawn on or not: an empty one is not shown.
      canvas.effects.hidden = state.cell < 0 && state.hover < 0 && !pulses.length;
    }

    function ring(ctx, x, y, radius, ink, width) {
      ctx.beginPath();
      ctx.arc(x, y, radius, 0, 7);
      ctx.strokeStyle = state.theme.halo;
      ctx.lineWidth = width + 2;
      ctx.stroke();
      ctx.strokeStyle = ink;
      ctx.lineWidth = width;
      ctx.stroke();
    }

    function animate(stamp) {
      drawEffects(stamp);
      pulsing = pulses.length ? requestAnimationFrame(animate) : 0;
    }

    function pulse(spots) {
      if (M.dom.calm()) return;
      const born = performance.now();
      for (const spot of spots.slice(0, 40)) pulses.push({ ...spot, born });
      if (pulses.length && !pulsing) pulsing = requestAnimationFrame(animate);
    }

    function redraw() {
      place();
      drawGround();
      drawFaces();
      drawAbove();
      drawEffects(performance.now());
      settle();
    }

    let pending = 0;
    function onMove() {
      if (!home._corner) return;
      // Redraw during a drag only once it has used up the padding.
      const corner = map.containerPointToLayerPoint([0, 0]);
      const dx = Math.abs(corner.x - home._corner.x - view.left);
      const dy = Math.abs(corner.y - home._corner.y - view.top);
      if ((dx > view.left || dy > view.top) && !pending && map.getZoom() === view.zoom) {
        pending = requestAnimationFrame(() => {
          pending = 0;
          redraw();
        });
      }
    }

    map.on("moveend viewreset resize", redraw);
    map.on("move", onMove);
    map.on("zoomanim", (event) => {
      const scale = map.getZoomScale(event.zoom, view.zoom);
      const at = map._latLngToNewLayerPoint(map.layerPointToLatLng(home._corner), event.zoom, event.center);
      L.DomUtil.setTransform(home, at, scale);
    });

    return {
      canvas,
      view,
      looks,
      table,
      now,
      redraw,
      pulse,
      // Patch what is shown; only the canvases that depend on it are drawn again.
      set(patch) {
        Object.assign(state, patch);
        const has = (...keys) => keys.some((key) => key in patch);
        if (has("theme", "colours")) {
          patterns.clear();
          pixels = null;
        }
        if (!view.width) return;
        if (has("theme", "base", "tiles")) drawGround();
        const step = has("day") && !has("theme", "colours", "changed", "tiles");
        if (has("theme", "colours", "day", "other", "mode", "changed", "tiles")) {
          if (!(step && quick())) drawFaces();
        } else if (has("places") && !model.arcs.n) drawFaces();
        else if (has("swipe")) clip();
        if (has("theme", "base", "tiles", "places")) drawAbove();
        if (has("cell", "hover", "theme") && !pulsing) drawEffects(performance.now());
      },
      cellAt(latlng) {
        const x = M.decode.mercatorX(latlng.lng);
        const y = M.decode.mercatorY(latlng.lat);
        const face = geometry.faceAt(model, box, x, y);
        return face < 0 ? -1 : model.faces.cell[face];
      },
      // West, north, east, south of all that is ever coloured, in Mercator units; null when nothing is.
      extent() {
        const all = [Infinity, Infinity, -Infinity, -Infinity];
        const { cells, faces } = model;
        for (let f = 0; f < faces.n; f++) {
          if (faces.zone[f] > 1 || cells.offset[faces.cell[f]] === cells.offset[faces.cell[f] + 1]) continue;
          for (let k = 0; k < 2; k++) {
            all[k] = Math.min(all[k], box.face[4 * f + k]);
            all[k + 2] = Math.max(all[k + 2], box.face[4 * f + k + 2]);
          }
        }
        return all[0] < all[2] ? all : null;
      },
    };
  }

  M.layer = { createLayer, NAMES };
})((globalThis.Mapper = globalThis.Mapper || {}));
