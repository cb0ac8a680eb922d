// Every claim, mapped or not, in a list that draws only the rows in sight: a million scroll like ten.
"use strict";
(function (M) {
  const ROW = 76; // px a row
  const TALLEST = 8000000; // px: beyond this browsers stop laying out, so the list's scroll is scaled

  function createClaims(app) {
    const { el, fill, name } = M.dom;
    const { store, say, model } = app;
    const folded = new Map();
    let kept = [];
    let key = "";
    let list = null;
    let space = null;
    let count = null;
    let built = "";

    function foldedText(i) {
      const c = app.evidence().claims;
      if (!folded.has(i)) {
        if (folded.size > 200000) folded.clear();
        folded.set(i, M.format.fold([c.placeText[i], c.place[i] >= 0 ? app.placeName(c.place[i]) : "", c.actorText[i], c.otherText[i], c.quote[i], c.publishers[c.publisher[i]], c.title[i], c.saidBy[i]].join(" ")));
      }
      return folded.get(i);
    }

    function choose(label, value, options, change) {
      const select = el("select", { "aria-label": label, onchange: (event) => change(event.target.value) }, ...options.map(([v, text]) => el("option", { value: v, selected: String(v) === String(value) }, text)));
      return el("label.field", {}, el("span", {}, label), select);
    }

    function filter(patch) {
      store.set({ filters: { ...store.get().filters, ...patch } });
    }

    function show({ title, body }) {
      title(say("claims"));
      const evidence = app.evidence();
      if (!evidence) {
        fill(body, el("p.empty", {}, say("unpacking")));
        app.needEvidence().then(app.panel.refresh);
        return;
      }
      const c = evidence.claims;
      if (!c.id.length) {
        fill(body, el("p.empty", {}, say("noClaims")));
        return;
      }
      const { filters } = store.get();
      const stamp = app.locale() + app.themeName() + JSON.stringify({ ...filters, text: "" });
      if (built !== stamp || !body.contains(list)) {
        built = stamp;
        const any = ["", say("any")];
        const text = el("input", { type: "search", value: filters.text, placeholder: say("filterText"), "aria-label": say("filterText"), oninput: (event) => filter({ text: event.target.value }) });
        const actors = Array.from(new Set([...c.actor, ...c.other])).filter((a) => a >= 0).sort((a, b) => a - b);
        count = el("p.count", { role: "status" });
        space = el("div.rows", { role: "list" });
        list = el("div.list", { tabindex: "0", role: "group", "aria-label": say("claims"), onscroll: rows }, space);
        list.addEventListener("keydown", keys);
        fill(
          body,
          text,
          el("details.filters", { open: !M.dom.narrow() && innerHeight > 500 }, el("summary", {}, say("filters")), el(
            "div.fields",
            {},
            choose(say("actor"), filters.actor, [any, ...actors.map((a) => [a, model.actors[a].name])], (v) => filter({ actor: v })),
            choose(say("predicate"), filters.predicate, [any, ...c.predicates.map((p) => [p, say("verb." + p)])], (v) => filter({ predicate: v })),
            choose(say("publisher"), filters.publisher, [any, ...c.publishers.filter(Boolean).sort().map((p) => [p, p])], (v) => filter({ publisher: v })),
            choose(say("modality"), filters.modality, [any, ...c.modalitys.map((m) => [m, say("modality." + m)])], (v) => filter({ modality: v })),
            choose(say("onMap"), filters.mapped, [any, ["yes", say("mapped")], ["no", say("notMapped")]], (v) => filter({ mapped: v })),
            choose(say("atLeast"), filters.confidence, [[0, say("any")], [0.5, "50 %"], [0.7, "70 %"], [0.9, "90 %"]], (v) => filter({ confidence: Number(v) })),
          )),
          el("div.row-buttons", {}, count, el("button.quiet-button", { type: "button", onclick: () => app.exporter.claimsCsv(kept) }, say("csv"))),
          list,
        );
      }
      refilter();
    }

    function refilter() {
      const c = app.evidence().claims;
      const { filters } = store.get();
      const stamp = JSON.stringify(filters);
      if (key !== stamp || !kept.length) {
        key = stamp;
        kept = M.store.filtered(c, filters, foldedText);
        const at = (i) => (c.from[i] === null ? (c.to[i] === null ? Infinity : c.to[i]) : c.from[i]);
        kept.sort((a, b) => at(a) - at(b) || a - b);
        list.scrollTop = 0;
      }
      count.textContent = say("claimCount", { shown: M.format.number(kept.length, app.locale()), all: M.format.number(c.id.length, app.locale()) });
      const chosen = store.get().claim;
      if (chosen >= 0) {
        const at = kept.indexOf(chosen);
        if (at >= 0) scrollTo(at);
      }
      rows(null);
    }

    const tall = () => Math.min(TALLEST, kept.length * ROW);
    const factor = () => Math.max(1e-9, (kept.length * ROW - list.clientHeight) / Math.max(1, tall() - list.clientHeight));

    function scrollTo(index) {
      space.style.height = tall() + "px";
      const real = Math.max(0, index * ROW - list.clientHeight / 3);
      list.scrollTop = tall() === kept.length * ROW ? real : real / factor();
    }

    let frame = 0;
    function rows(event) {
      if (event && frame) return;
      if (event) {
        frame = requestAnimationFrame(() => {
          frame = 0;
          rows(null);
        });
        return;
      }
      const view = list.clientHeight || 400;
      space.style.height = tall() + "px";
      const real = tall() === kept.length * ROW ? list.scrollTop : list.scrollTop * factor();
      const first = Math.max(0, Math.floor(real / ROW) - 2);
      const last = Math.min(kept.length, Math.ceil((real + view) / ROW) + 2);
      const nodes = [];
      for (let k = first; k < last; k++) nodes.push(row(k, list.scrollTop + k * ROW - real));
      fill(space, ...nodes);
      if (!kept.length) fill(space, el("p.empty", {}, say("noneMatch")));
    }

    function row(k, top) {
      const c = app.evidence().claims;
      const i = kept[k];
      const reason = c.reasons[c.reason[i]];
      const node = el(
        "div.row" + (store.get().claim === i ? ".chosen" : "") + (reason ? ".off" : ""),
        { role: "listitem", "aria-posinset": String(k + 1), "aria-setsize": String(kept.length) },
        el(
          "button.row-button",
          { type: "button", onclick: () => app.openClaim(i, c.from[i] === null ? null : c.from[i]) },
          app.panel.chip(c.actor[i] >= 0 ? c.actor[i] : c.other[i]),
          el("span.row-words", {}, el("span.row-what", {}, ...app.panel.claimSentence(i, c)), el("span.row-when", {}, M.format.span(c.from[i], c.to[i], app.locale(), say), c.publishers[c.publisher[i]] ? [" · ", name(c.publishers[c.publisher[i]])] : "", reason ? " · " + say("short." + reason) : "")),
        ),
      );
      node.style.transform = "translateY(" + top + "px)";
      return node;
    }

    function keys(event) {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8 }[event.key];
      if (!step || event.target !== list) return;
      event.preventDefault();
      list.scrollTop += (step * ROW) / (tall() === kept.length * ROW ? 1 : factor());
    }

    // One claim in full, whether or not it is on the map.
    function showClaim({ title, body }) {
      const evidence = app.evidence();
      const i = store.get().claim;
      title(say("claim"));
      if (!evidence || i < 0) {
        fill(body, el("p.empty", {}, say("unpacking")));
        if (!evidence) app.needEvidence().then(app.panel.refresh);
        return;
      }
      const c = evidence.claims;
      const share = model.shares.find((s) => s.claim === i);
      const cell = app.cellOfPlace(c.place[i]);
      fill(
        body,
        el("p.claim-lead", {}, ...app.panel.claimSentence(i, c)),
        share ? el("p.where", {}, app.timeline.shareText(share)) : "",
        el("ol.quotes", {}, app.panel.claimItem(i, c, true)),
        el(
          "div.row-buttons",
          {},
          cell >= 0 ? el("button.quiet-button", { type: "button", onclick: () => app.select(cell, true) }, say("placeHistory")) : "",
          el("button.quiet-button", { type: "button", onclick: () => app.openPanel("claims") }, say("allClaims")),
        ),
      );
    }

    app.panel.views.claims = show;
    app.panel.views.claim = showClaim;
    return { kept: () => kept, draw: () => rows(null) };
  }

  M.claims = { createClaims };
})((globalThis.Mapper = globalThis.Mapper || {}));
