// Time under the finger: a stacked chart of km² by controller, density of changes, share claims, and the slider on it.
"use strict";
(function (M) {
  const AXIS = 18; // px for the years below the chart
  const TICKS = 8; // px for the density of changes
  const TOP = 16; // px above the chart where share claims stand
  const PITCH = 18; // px from one row of share claims to the next
  const APART = 24; // px between share claims of one row
  const CLOSE = 15; // px between them when all rows are full

  function createTimeline(app) {
    const { $, el, keep } = M.dom;
    const { model, store, say } = app;
    const track = $("track");
    const thumb = $("thumb");
    const other = $("thumb-other");
    const canvas = $("chart");
    let series = null;
    let width = 0;
    let height = 0;
    let dragging = "";
    const span = Math.max(1, model.last - model.first);

    const xOf = (day) => ((day - model.first) / span) * width;
    const dayAt = (x) => M.store.clamp(model.first + (x / Math.max(1, width)) * span, model);

    function draw() {
      width = track.clientWidth;
      height = track.clientHeight;
      const ratio = Math.min(2, devicePixelRatio || 1);
      canvas.width = Math.round(width * ratio);
      canvas.height = Math.round(height * ratio);
      const ctx = canvas.getContext("2d");
      ctx.setTransform(ratio, 0, 0, ratio, 0, 0);
      ctx.clearRect(0, 0, width, height);
      const theme = app.theme();
      const floor = height - AXIS - TICKS;
      if (series && series.most > 0) stack(ctx, theme, floor);
      ticks(ctx, theme, floor);
      axis(ctx, theme);
      keep($("shares"), shares, thumb);
      move();
    }

    // Layers stacked by actor: full colour up to what is certain, paler up to what is likely; dots for what is possible.
    function stack(ctx, theme, floor) {
      const { days, n, low, mid, high, peak } = series;
      const colours = app.colours();
      // Whoever rises and falls most stands on the floor, where a rise and a fall can be read.
      const swing = Float64Array.from({ length: n }, (_, a) => {
        let least = Infinity;
        for (let i = 0; i < days.length; i++) least = Math.min(least, mid[i * n + a]);
        return (peak[a] - least) / Math.sqrt(1 + peak[a]);
      });
      const order = Array.from({ length: n }, (_, a) => a).filter((a) => peak[a] > 0).sort((a, b) => swing[b] - swing[a]);
      const unit = (floor - TOP - 4) / (series.most * 1.06);
      const base = new Float64Array(days.length);
      const right = (i) => (i + 1 < days.length ? xOf(days[i + 1]) : width);
      for (const a of order) {
        for (const sure of [false, true]) {
          ctx.beginPath();
          ctx.moveTo(0, floor);
          for (let i = 0; i < days.length; i++) {
            const top = floor - (base[i] + Math.min(mid[i * n + a], sure ? low[i * n + a] : Infinity)) * unit;
            ctx.lineTo(Math.max(0, xOf(days[i])), top);
            ctx.lineTo(right(i), top);
          }
          for (let i = days.length - 1; i >= 0; i--) {
            ctx.lineTo(right(i), floor - base[i] * unit);
            ctx.lineTo(Math.max(0, xOf(days[i])), floor - base[i] * unit);
          }
          ctx.fillStyle = M.palette.mix(theme.paper, colours[a], sure ? 0.92 : 0.7);
          ctx.fill();
        }
        for (let i = 0; i < days.length; i++) base[i] += mid[i * n + a];
      }
      ctx.beginPath();
      for (let i = 0; i < days.length; i++) {
        let most = 0;
        for (let a = 0; a < n; a++) most += high[i * n + a];
        const y = Math.max(TOP, floor - most * unit);
        ctx[i ? "lineTo" : "moveTo"](Math.max(0, xOf(days[i])), y);
        ctx.lineTo(right(i), y);
      }
      ctx.strokeStyle = theme.ink + "80";
      ctx.lineWidth = 1;
      ctx.setLineDash([1.5, 2.5]);
      ctx.stroke();
      ctx.setLineDash([]);
    }

    function ticks(ctx, theme, floor) {
      const bins = Math.max(1, Math.min(model.last - model.first + 1, Math.floor(width / 3)));
      const counts = M.series.density(model, bins);
      const most = Math.log1p(Math.max(1, ...counts));
      ctx.fillStyle = theme.ink;
      for (let i = 0; i < bins; i++) {
        if (!counts[i]) continue;
        const weight = Math.log1p(counts[i]) / most;
        ctx.globalAlpha = 0.35 + 0.65 * weight;
        ctx.fillRect(Math.round((i / bins) * width), floor + 1, Math.max(1, width / bins - 1), 2 + (TICKS - 3) * weight);
      }
      ctx.globalAlpha = 1;
    }

    function axis(ctx, theme) {
      const locale = app.locale();
      const months = (span / 365.25) * 12;
      const perLabel = 58;
      const step = [1, 3, 6, 12, 24, 60, 120].find((m) => (months / m) * perLabel <= width) || 240;
      const { year, month } = M.format.parts(model.first);
      let index = Math.ceil((year * 12 + month - 1) / step) * step;
      ctx.font = "500 11.5px " + app.font.sans;
      ctx.textBaseline = "middle";
      ctx.direction = "ltr";
      ctx.lineWidth = 1;
      let free = -Infinity;
      for (; ; index += step) {
        const day = M.format.civil(Math.floor(index / 12), (index % 12) + 1, 1);
        if (day > model.last) break;
        const x = xOf(day);
        if (x < 0) continue;
        const year = index % 12 === 0;
        ctx.strokeStyle = theme.ink + (year ? "50" : "28");
        ctx.beginPath();
        ctx.moveTo(Math.round(x) + 0.5, TOP);
        ctx.lineTo(Math.round(x) + 0.5, height - AXIS + 4);
        ctx.stroke();
        const text = M.format.words(day, locale, year ? { year: "numeric" } : { month: "short" });
        const size = ctx.measureText(text).width;
        if (x + 4 < free || x + 4 + size > width) continue;
        ctx.fillStyle = theme.ink;
        ctx.globalAlpha = year ? 1 : 0.78;
        ctx.fillText(text, x + 4, height - AXIS / 2 + 1);
        ctx.globalAlpha = 1;
        free = x + 12 + size;
      }
    }

    // What sources say an actor lost or holds, with the distance to what the map computes for that day.
    function shares() {
      const box = $("shares");
      box.replaceChildren();
      const rows = []; // where the last markers of each row stand: those too near each other go below
      const deepest = Math.max(1, Math.floor((height - AXIS - 6) / PITCH));
      const ordered = model.shares.slice().sort((a, b) => a.day - b.day);
      ordered.forEach((share) => {
        let row = 0;
        while (row < deepest && rows[row] !== undefined && xOf(share.day) - rows[row] < APART) row++;
        const full = row === deepest;
        if (full) row = rows.indexOf(Math.min(...rows)); // the row with the most room
        const x = full ? Math.min(width, Math.max(xOf(share.day), rows[row] + CLOSE)) : xOf(share.day);
        rows[row] = x;
        const text = shareText(share);
        const far = share.computed !== null && distance(share) > 0.1;
        const button = el("button.share" + (far ? ".far" : ""), { type: "button", title: text, "aria-label": text, dataset: { key: "share" + share.claim }, onclick: () => app.openClaim(share.claim, share.day, -1) });
        button.style.setProperty("--at", x + "px");
        button.style.setProperty("--drop", row * PITCH + "px");
        button.style.setProperty("--hue", share.actor >= 0 ? app.colours()[share.actor] : app.theme().grey);
        if (full) for (const near of box.children) near.classList.add("close");
        if (full) button.classList.add("close");
        box.append(button);
      });
    }

    // 0 inside the computed interval; else how far outside it, as a share.
    function distance(share) {
      const scale = share.unit === "share" ? 1 : Math.max(1, share.said);
      if (share.said >= share.low && share.said <= share.high) return 0;
      return Math.min(Math.abs(share.said - share.low), Math.abs(share.said - share.high)) / scale;
    }

    function shareText(share) {
      const locale = app.locale();
      const show = (v) => (share.unit === "share" ? M.format.percent(v, locale) : M.format.km2(v, locale));
      const apart = Math.abs(share.said - share.computed);
      const gap = share.unit === "share" ? say("points", { count: Math.round(100 * apart) }) : M.format.km2(apart, locale);
      const actor = share.actor >= 0 ? model.actors[share.actor].name : say("nobody");
      const said = say(share.lost ? "shareLost" : "shareHeld", { actor, value: show(share.said), date: M.format.short(share.day, locale) });
      if (share.computed === null) return said + " " + say("shareNone");
      const verdict = distance(share) > 0.1 ? "shareFar" : "shareNear";
      return said + " " + say(verdict, { value: show(share.computed), low: show(share.low), high: show(share.high), gap });
    }

    function move() {
      const state = store.get();
      const locale = app.locale();
      place(thumb, state.day);
      const two = state.mode !== "moment";
      other.hidden = !two;
      $("span").hidden = !two;
      if (two) {
        place(other, state.other);
        const a = Math.min(state.day, state.other);
        const b = Math.max(state.day, state.other);
        $("span").style.setProperty("--at", xOf(a) + "px");
        $("span").style.setProperty("--wide", xOf(b) - xOf(a) + "px");
      }
      function place(node, day) {
        node.style.setProperty("--at", xOf(day) + "px");
        node.setAttribute("aria-valuemin", model.first);
        node.setAttribute("aria-valuemax", model.last);
        node.setAttribute("aria-valuenow", day);
        node.setAttribute("aria-valuetext", M.format.words(day, locale));
      }
    }

    function set(which, day) {
      store.set(which === "other" ? { other: day, playing: false } : { day, playing: false });
    }

    function pointed(event) {
      return dayAt(event.clientX - track.getBoundingClientRect().left);
    }

    track.addEventListener("pointerdown", (event) => {
      if (event.button || event.target.closest(".share")) return;
      const state = store.get();
      const day = pointed(event);
      dragging = "day";
      if (event.target === other) dragging = "other";
      else if (event.target !== thumb && state.mode !== "moment" && Math.abs(day - state.other) < Math.abs(day - state.day)) dragging = "other";
      track.setPointerCapture(event.pointerId);
      (dragging === "other" ? other : thumb).focus({ preventScroll: true });
      event.preventDefault();
      set(dragging, day);
    });
    let queued = null;
    track.addEventListener("pointermove", (event) => {
      if (!dragging) return;
      if (queued === null) {
        requestAnimationFrame(() => {
          if (queued !== null && dragging) set(dragging, queued);
          queued = null;
        });
      }
      queued = pointed(event);
    });
    for (const end of ["pointerup", "pointercancel"]) {
      track.addEventListener(end, () => {
        if (dragging && queued !== null) set(dragging, queued);
        queued = null;
        if (dragging) app.announce();
        dragging = "";
      });
    }
    let turned = 0;
    track.addEventListener("wheel", (event) => {
      event.preventDefault();
      turned += Math.abs(event.deltaX) > Math.abs(event.deltaY) ? event.deltaX : event.deltaY;
      while (Math.abs(turned) >= 40) {
        const way = Math.sign(turned);
        turned -= 40 * way;
        set("day", M.store.step(store.get().day, store.get().unit, way, model));
      }
    }, { passive: false });
    for (const node of [thumb, other]) {
      node.addEventListener("keydown", (event) => {
        const state = store.get();
        const which = node === other ? "other" : "day";
        const day = state[which];
        const keys = {
          ArrowRight: () => M.store.step(day, state.unit, 1, model), // the track runs to the right in every language
          ArrowLeft: () => M.store.step(day, state.unit, -1, model),
          ArrowUp: () => M.store.step(day, "day", 1, model),
          ArrowDown: () => M.store.step(day, "day", -1, model),
          PageUp: () => M.store.step(day, "month", 1, model),
          PageDown: () => M.store.step(day, "month", -1, model),
          Home: () => model.first,
          End: () => model.last,
        };
        if (!keys[event.key] || event.ctrlKey || event.altKey || event.metaKey) return;
        event.preventDefault();
        event.stopPropagation();
        set(which, keys[event.key]());
      });
    }

    return {
      draw,
      move,
      shareText,
      setSeries(value) {
        series = value;
        draw();
      },
    };
  }

  M.timeline = { createTimeline };
})((globalThis.Mapper = globalThis.Mapper || {}));
