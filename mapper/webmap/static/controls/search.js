// Places by name in any spelling: accents, articles and romanisations folded.
"use strict";
(function (M) {
  const MOST = 40;

  // [{place, score}], best first: the whole name, then its start, then anywhere, then the same sound.
  function search(index, query) {
    const wanted = M.format.fold(query);
    if (!wanted) return [];
    const heard = M.format.sound(query);
    const found = [];
    for (const entry of index) {
      let score = 0;
      for (const [folded, sound] of entry.keys) {
        if (folded === wanted) score = Math.max(score, 5);
        else if (folded.startsWith(wanted)) score = Math.max(score, 4);
        else if (sound && sound === heard) score = Math.max(score, 3.5);
        else if (folded.includes(wanted)) score = Math.max(score, 3);
        else if (heard.length > 2 && sound.startsWith(heard)) score = Math.max(score, 2);
      }
      if (score) found.push({ place: entry.place, score: score + entry.weight });
    }
    return found.sort((a, b) => b.score - a.score || a.place - b.place).slice(0, MOST);
  }

  function index(places, counts) {
    return places.name.map((name, place) => ({
      place,
      keys: [name, ...places.also[place]].map((n) => [M.format.fold(n), M.format.sound(n)]),
      weight: Math.min(0.4, Math.log10(1 + places.pop[place]) / 20) + Math.min(0.5, 0.1 * (counts.get(place) || 0)),
    }));
  }

  function createSearch(app) {
    const { el, fill, name } = M.dom;
    const { say } = app;
    let entries = null;
    let query = "";

    function show({ title, body }) {
      title(say("search"));
      const evidence = app.evidence();
      if (!evidence) {
        app.await(body);
        return;
      }
      if (!entries) entries = index(evidence.places, app.claimCounts());
      const results = el("ol.results", {});
      const note = el("p.count", { role: "status" });
      const input = el("input", { type: "search", value: query, placeholder: say("searchPlace"), "aria-label": say("searchPlace"), autocomplete: "off", oninput: list, onkeydown: (event) => {
        if (event.key === "Enter") {
          const first = results.querySelector("button");
          if (first) first.click();
        }
      } });
      fill(body, input, note, results);
      list();
      if (!M.dom.narrow()) input.focus();

      function list() {
        query = input.value;
        const found = search(entries, query);
        note.textContent = query ? (found.length ? say("found", { count: found.length }) : say("notFound", { name: query })) : say("searchHint");
        fill(results, ...found.map(({ place }) => {
          const cell = app.cellOfPlace(place);
          const count = app.claimCounts().get(place) || 0;
          return el("li", {}, el("button.row-button", { type: "button", onclick: () => (cell >= 0 ? app.select(cell, true) : app.flyTo(place)) }, el("span.row-words", {}, el("span.row-what", {}, name(evidence.places.name[place])), el("span.row-when", {}, [app.country(evidence.places.country[place]), count ? say("claimsHere", { count }) : ""].filter(Boolean).join(" · ")))));
        }));
      }
    }

    app.panel.views.search = show;
  }

  M.search = { createSearch, search, index };
})((globalThis.Mapper = globalThis.Mapper || {}));
