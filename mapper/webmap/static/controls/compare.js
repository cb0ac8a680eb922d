// Two dates: the swipe between them on the map, and the list of what changed hands with km².
"use strict";
(function (M) {
  function createCompare(app) {
    const { $, el, fill, append } = M.dom;
    const { model, store, say } = app;
    const swipe = $("swipe");
    const first = M.geometry.createCursor(model);
    const second = M.geometry.createCursor(model);

    let fields = null;
    let built = "";

    // Whichever handle was dragged past the other: the earlier date is the first.
    const ends = () => {
      const { day, other } = store.get();
      return [Math.min(day, other), Math.max(day, other)];
    };

    function exchanged() {
      const [a, b] = ends();
      return M.series.exchanged(model, app.cellAreas(), first.seek(a), second.seek(b));
    }

    function show({ title, body }) {
      const locale = app.locale();
      const [a, b] = ends();
      title(say("changedHands"));
      const { list } = exchanged();
      const total = list.reduce((sum, entry) => sum + entry.km2, 0);
      if (built !== locale || !body.contains(fields)) {
        built = locale;
        fields = el("div.fields", {}, date(say("earlier")), date(say("later")));
        fill(body, fields);
      }
      settle(false);
      while (fields.nextSibling) fields.nextSibling.remove();
      append(
        body,
        [el("p.where", {}, list.length ? say("changedTotal", { from: M.format.short(a, locale), to: M.format.short(b, locale), area: M.format.km2(total, locale) }) : say("nothingChanged", { from: M.format.short(a, locale), to: M.format.short(b, locale) })),
        el("ol.exchanges", {}, ...list.map((entry) => exchange(entry, locale)))],
      );
    }

    // A date is typed part by part: the fields stay, and what is typed stays in them, until they are left.
    function date(label) {
      const take = (input, whole) => {
        const day = M.format.dayOf(input.value);
        if (day === null || (!whole && M.store.clamp(day, model) !== day)) return;
        store.set({ [input.dataset.end]: M.store.clamp(day, model), playing: false });
      };
      const input = el("input", { type: "date", min: M.format.iso(model.first), max: M.format.iso(model.last), onchange: () => take(input, false), onblur: () => {
        take(input, true);
        setTimeout(settle, 0, true);
      } });
      return el("label.field", {}, el("span", {}, label), input);
    }

    function settle(left) {
      const inputs = fields.querySelectorAll("input");
      const { day, other } = store.get();
      const names = other <= day ? ["other", "day"] : ["day", "other"];
      const typing = !left && fields.contains(document.activeElement) && Boolean(inputs[0].dataset.end);
      if (typing && inputs[0].dataset.end !== names[0]) return; // which end is whose stays while one types
      inputs.forEach((input, i) => {
        if (typing && input === document.activeElement) return;
        input.dataset.end = names[i];
        input.value = M.format.iso(store.get()[names[i]]);
      });
    }

    function exchange(entry, locale) {
      const places = entry.cells.filter((cell) => app.isNamed(cell)).slice(0, 12);
      const rest = entry.cells.length - places.length;
      return el(
        "li",
        {},
        el("p.exchange", {}, app.panel.chip(entry.from), app.panel.actorName(entry.from), el("span.arrow", { "aria-hidden": "true" }, document.documentElement.dir === "rtl" ? " ← " : " → "), el("span.visually-hidden", {}, say("toActor")), app.panel.chip(entry.to), app.panel.actorName(entry.to), el("strong", {}, entry.km2 > 0 ? M.format.km2(entry.km2, locale) : say("places", { count: entry.cells.length }))),
        el("p.where", {}, ...places.flatMap((cell, k) => [k ? ", " : "", el("button.link", { type: "button", onclick: () => app.select(cell, true) }, app.cellName(cell))]), rest > 0 ? " " + say(places.length ? "andMorePlaces" : "places", { count: rest }) : ""),
      );
    }

    function place() {
      const state = store.get();
      swipe.hidden = state.mode !== "compare";
      $("changes").hidden = state.mode === "moment";
      if (swipe.hidden) return;
      swipe.style.setProperty("--at", 100 * state.swipe + "%");
      swipe.setAttribute("aria-valuenow", Math.round(100 * state.swipe));
      const locale = app.locale();
      const [a, b] = ends();
      $("swipe-left").textContent = M.format.short(a, locale);
      $("swipe-right").textContent = M.format.short(b, locale);
      swipe.setAttribute("aria-valuetext", say("swipeText", { left: $("swipe-left").textContent, right: $("swipe-right").textContent, percent: Math.round(100 * state.swipe) }));
    }

    let dragging = false;
    L.DomEvent.disableClickPropagation(swipe);
    swipe.addEventListener("pointerdown", (event) => {
      dragging = true;
      swipe.setPointerCapture(event.pointerId);
      event.stopPropagation();
    });
    swipe.addEventListener("pointermove", (event) => {
      if (!dragging) return;
      const box = $("stage").getBoundingClientRect();
      store.set({ swipe: Math.max(0, Math.min(1, (event.clientX - box.left) / box.width)) });
    });
    for (const end of ["pointerup", "pointercancel"]) swipe.addEventListener(end, () => (dragging = false));
    swipe.addEventListener("keydown", (event) => {
      const by = { ArrowLeft: -0.05, ArrowRight: 0.05, PageDown: -0.2, PageUp: 0.2, Home: -1, End: 1 }[event.key];
      if (!by) return;
      event.preventDefault();
      event.stopPropagation();
      store.set({ swipe: Math.max(0, Math.min(1, store.get().swipe + by)) });
    });
    $("tool-compare").addEventListener("click", () => toggle("compare"));
    $("range").addEventListener("click", () => toggle("range"));

    function toggle(mode) {
      const state = store.get();
      if (state.mode === mode) {
        store.set({ mode: "moment", panel: state.panel === "changes" ? "" : state.panel });
        return;
      }
      // A sensible second date: a tenth of the span before, kept if there is one already.
      let { other } = state;
      if (other >= state.day || state.mode === "moment") other = M.store.clamp(state.day - Math.max(1, Math.round((model.last - model.first) / 6)), model);
      const day = other === state.day ? M.store.clamp(state.day + Math.round((model.last - model.first) / 6), model) : state.day;
      store.set({ mode, other, day, playing: false, panel: M.dom.narrow() ? state.panel : "changes", swipe: 0.5 });
    }

    app.panel.views.changes = show;
    return { place, exchanged, ends, toggle };
  }

  M.compare = { createCompare };
})((globalThis.Mapper = globalThis.Mapper || {}));
