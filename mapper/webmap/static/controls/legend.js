// The plate: title, the date large, what happened that day, who holds how much, and how to read the map.
"use strict";
(function (M) {
  function createLegend(app) {
    const { $, el, fill, keep, name } = M.dom;
    const { model, store, say } = app;
    const rows = new Map();
    let statuses = "";

    function build() {
      fill($("title"), name(model.title || say("untitled")));
      rows.clear();
      const list = $("legend-actors");
      list.replaceChildren();
      // Allies that never hold ground stay out: the legend names what is on this map.
      const onMap = new Set();
      for (const state of model.states) {
        if (state.actor >= 0) onMap.add(state.actor);
        if (state.other >= 0) onMap.add(state.other);
      }
      const peak = app.series() ? app.series().peak : [];
      const order = Array.from(onMap).sort((a, b) => (peak[b] || 0) - (peak[a] || 0) || a - b);
      for (const actor of order) {
        const swatch = sample(M.inks.plain(actor, 0), 18);
        const value = el("span.value", { dir: "ltr" });
        const bar = el("span.bar", { "aria-hidden": "true" });
        bar.style.setProperty("--hue", app.colours()[actor]);
        const row = el("li", {}, swatch, el("span.who", {}, name(model.actors[actor].name), merged(model.actors[actor])), value, bar);
        rows.set(actor, { row, value, bar });
        list.append(row);
      }
      $("legend").hidden = !order.length;
      statuses = "";
    }

    // The words of tables that were taken for this party, so that whoever sees one colour knows what is in it.
    function merged(actor) {
      const words = (actor.merged || []).flatMap((word, n) => [n ? ", " : "", name(word)]);
      return words.length ? el("small.merged", {}, ...M.dom.sentence(say("merged"), { words: el("span", {}, ...words) })) : "";
    }

    // An image; on paper a canvas, for an image made just before printing may come too late.
    function sample(look, width) {
      if (!app.printing) return M.inks.sample(look, app.colour, app.theme(), width, 18);
      const canvas = el("canvas.swatch", {});
      M.inks.swatch(canvas, look, app.colour, app.theme(), width, 18);
      return canvas;
    }

    // Only the statuses that this map ever shows, as the map draws them.
    function samples() {
      const list = [];
      const add = (look, label) => list.push({ look, label });
      let solid = null;
      for (const kind of model.statuses) {
        const state = model.states.find((s) => s.kind === kind);
        if (state) add({ ...state, tone: 0, fade: 3 }, say("key." + kind.id));
        if (state && M.inks.isFlat(state)) solid = solid || state;
      }
      if (solid) {
        const bases = new Set(model.states.map((state) => state.why));
        for (const tone of [1, 2]) {
          const why = model.bases.find((basis) => basis.tone === tone && bases.has(basis));
          if (why) add(M.inks.plain(solid.actor, tone), say("key." + why.id));
          else if (tone === 1 && model.faces.zone.includes(1)) add(M.inks.plain(solid.actor, tone), say("key.far"));
        }
      }
      return list;
    }

    function key() {
      const list = samples();
      // Beside the actors, and where the plate has no room for it under a button on the map.
      for (const id of ["legend-statuses", "how-statuses"]) fill($(id), ...list.map(({ look, label }) => el("li", {}, sample(look, 26), el("span", {}, label))));
      $("legend-key").hidden = $("how").hidden = !list.length;
    }

    const how = $("how-button");
    L.DomEvent.disableClickPropagation($("how"));
    how.addEventListener("click", () => unfold($("how-statuses").hidden));
    $("how").addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || $("how-statuses").hidden) return;
      event.stopPropagation();
      unfold(false);
      how.focus();
    });
    function unfold(open) {
      $("how-statuses").hidden = !open;
      how.setAttribute("aria-expanded", String(open));
    }

    function update() {
      const state = store.get();
      const locale = app.locale();
      if (app.bare) return;
      const { year } = M.format.parts(state.day);
      $("date-day").textContent = M.format.words(state.day, locale, { day: "numeric", month: "long" });
      $("date-year").textContent = M.format.words(state.day, locale, { year: "numeric" }) || String(year);
      const from = $("date-from");
      from.hidden = state.mode === "moment";
      if (!from.hidden) from.textContent = say(app.otherKey(), { date: M.format.words(state.other, locale) });
      const series = app.series();
      let most = 1;
      if (series) for (const actor of rows.keys()) most = Math.max(most, series.peak[actor]);
      for (const [actor, { row, value, bar }] of rows) {
        const [low, mid, high] = series ? M.series.areaOn(series, actor, state.day) : [0, 0, 0];
        const text = mid < 0.5 ? "–" : M.format.km2(mid, locale);
        if (value.textContent === text) continue;
        value.textContent = text;
        row.classList.toggle("absent", mid < 0.5);
        row.title = mid < 0.5 ? "" : say("areaBand", { low: M.format.km2(low, locale), high: M.format.km2(high, locale) });
        bar.style.setProperty("--share", (mid / most).toFixed(3));
      }
      if (statuses !== app.themeName() + locale) {
        statuses = app.themeName() + locale;
        key();
      }
      keep($("events"), () => events(state), $("thumb"));
    }

    // What happened on the day shown, or on a quiet day what happened last: each a way into a history.
    function events(state) {
      let day = state.day;
      let items = app.eventsOn(day);
      const last = items.length ? null : app.lastEventDay(day);
      if (last !== null) {
        day = last;
        items = app.eventsOn(day);
      }
      const shown = items.slice(0, last === null ? 3 : 2);
      fill(
        $("events"),
        last === null ? "" : el("li.quiet", {}, el("button.link", { type: "button", onclick: () => app.go(last) }, say("lastChange", { date: M.format.short(last, app.locale()) }))),
        ...shown.map(({ cell, state: reached }) =>
          el("li", {}, el("button.event" + (last === null ? "" : ".past"), { type: "button", title: app.placeName(model.cells.place[cell]), onclick: () => app.select(cell, true) }, app.panel.chip(reached.actor), el("span", {}, app.cellName(cell), " — ", ...app.panel.statusSentence(reached)))),
        ),
        items.length > shown.length ? el("li.quiet", {}, say("andMore", { count: items.length - shown.length })) : "",
      );
    }

    return { build, update, samples };
  }

  M.legend = { createLegend };
})((globalThis.Mapper = globalThis.Mapper || {}));
