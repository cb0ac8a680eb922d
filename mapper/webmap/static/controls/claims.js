// Every claim, mapped or not, in a list that draws only the rows in sight: a million scroll like ten.
"use strict";
(function (M) {
  const ROW = 76; // px a row
  const TALLEST = 8000000; // px: beyond this browsers stop laying out, so the list's scroll is scaled

  function createClaims(app) {
    const { el, fill, name, attempt } = M.dom;
    const { store, say, model } = app;
    const folded = new Map();
    let kept = [];
    let key = "";
    let list = null;
    let space = null;
    let count = null;
    let built = ""; // language of the form
    let fields = []; // [filter, its input or select]
    let folds = null; // the filters, unfolded or not
    let drawn = ""; // what the rows in sight show
    const nodes = new Map(); // number in the list -> row in sight

    function foldedText(i) {
      const c = app.evidence().claims;
      if (!folded.has(i)) {
        if (folded.size > 200000) folded.clear();
        folded.set(i, M.format.fold([c.placeText[i], c.place[i] >= 0 ? app.placeName(c.place[i]) : "", c.actorText[i], c.otherText[i], c.quote[i], c.note[i], c.publishers[c.publisher[i]], c.title[i], c.saidBy[i]].join(" ")));
      }
      return folded.get(i);
    }

    function choose(label, key, options) {
      const change = (event) => filter({ [key]: key === "confidence" ? Number(event.target.value) : event.target.value });
      const select = el("select", { "aria-label": label, dataset: { key }, onchange: change }, ...options.map(([v, text]) => el("option", { value: v }, text)));
      fields.push([key, select]);
      return el("label.field", {}, el("span", {}, label), select);
    }

    function filter(patch) {
      store.set({ filters: { ...store.get().filters, ...patch } });
    }

    // The form stays while its language does: a changed filter only sets what it shows.
    function settle() {
      const { filters } = store.get();
      for (const [key, field] of fields) if (field.value !== String(filters[key])) field.value = String(filters[key]);
    }

    function show({ title, body }) {
      title(say("claims"));
      const evidence = app.evidence();
      if (!evidence) {
        app.await(body);
        return;
      }
      const c = evidence.claims;
      if (!c.id.length) {
        fill(body, el("p.empty", {}, say("noClaims")));
        return;
      }
      if (built !== app.locale() || !body.contains(list)) {
        built = app.locale();
        drawn = "";
        const any = ["", say("any")];
        const text = el("input", { type: "search", dataset: { key: "text" }, placeholder: say("filterText"), "aria-label": say("filterText"), oninput: (event) => filter({ text: event.target.value }) });
        fields = [["text", text]];
        const actors = Array.from(new Set([...c.actor, ...c.other])).filter((a) => a >= 0).sort((a, b) => a - b);
        count = el("p.count", { role: "status" });
        space = el("div.rows", { role: "list" });
        list = el("div.list", { tabindex: "0", role: "group", "aria-label": say("claims"), onscroll: rows }, space);
        list.addEventListener("keydown", keys);
        folds = el("details.filters", { open: folds ? folds.open : !M.dom.narrow() && innerHeight > 500 }, el("summary", {}, say("filters")), el(
          "div.fields",
          {},
          choose(say("actor"), "actor", [any, ...actors.map((a) => [a, model.actors[a].name])]),
          choose(say("predicate"), "predicate", [any, ...c.predicates.map((p) => [p, say("verb." + p)])]),
          choose(say("publisher"), "publisher", [any, ...c.publishers.filter(Boolean).sort().map((p) => [p, p])]),
          choose(say("modality"), "modality", [any, ...c.modalitys.map((m) => [m, say("modality." + m)])]),
          choose(say("onMap"), "mapped", [any, ["yes", say("mapped")], ["no", say("notMapped")]]),
          choose(say("atLeast"), "confidence", [[0, say("any")], [0.5, "50 %"], [0.7, "70 %"], [0.9, "90 %"]]),
        ));
        fill(
          body,
          text,
          folds,
          el("div.row-buttons", {}, count, el("button.quiet-button", { type: "button", onclick: () => app.exporter.claimsCsv() }, say("csv"))),
          list,
        );
      }
      settle();
      refilter();
    }

    // The claims that pass the filters, in order of time, whether or not their list was ever opened.
    function sift() {
      const c = app.evidence().claims;
      const { filters } = store.get();
      const stamp = JSON.stringify(filters);
      if (key === stamp) return kept;
      key = stamp;
      kept = M.store.filtered(c, filters, foldedText);
      const at = (i) => (c.from[i] === null ? (c.to[i] === null ? Infinity : c.to[i]) : c.from[i]);
      return kept.sort((a, b) => at(a) - at(b) || a - b);
    }

    function refilter() {
      const c = app.evidence().claims;
      const before = kept;
      if (sift() !== before) list.scrollTop = 0;
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
      const stamp = [key, built, app.themeName(), store.get().claim].join();
      if (stamp !== drawn) {
        drawn = stamp;
        nodes.clear();
        fill(space, kept.length ? "" : el("p.empty", {}, say("noneMatch")));
      }
      // Rows still in sight stay as they are, and the one with the focus wherever it is.
      for (const [k, node] of nodes) {
        if ((k >= first && k < last) || node.contains(document.activeElement)) continue;
        node.remove();
        nodes.delete(k);
      }
      for (let k = first; k < last; k++) if (!nodes.has(k)) nodes.set(k, row(k));
      const shift = list.scrollTop - real;
      let at = space.firstChild;
      for (const k of Array.from(nodes.keys()).sort((a, b) => a - b)) {
        const node = nodes.get(k);
        node.style.transform = "translateY(" + (shift + k * ROW) + "px)";
        if (node === at) at = at.nextSibling;
        else space.insertBefore(node, at);
      }
    }

    function row(k) {
      const place = { role: "listitem", "aria-posinset": String(k + 1), "aria-setsize": String(kept.length) };
      return attempt(() => wholeRow(k, place), () => el("div.row", place, el("button.row-button", { type: "button" }, say("state.entryFailed"))));
    }

    function wholeRow(k, place) {
      const c = app.evidence().claims;
      const i = kept[k];
      const reason = c.reasons[c.reason[i]];
      return el(
        "div.row" + (store.get().claim === i ? ".chosen" : "") + (reason ? ".off" : ""),
        place,
        el(
          "button.row-button",
          { type: "button", dataset: { key: "row" + i }, onclick: () => app.openClaim(i, c.from[i] === null ? null : c.from[i], -1) },
          app.panel.chip(c.actor[i] >= 0 ? c.actor[i] : c.other[i]),
          el("span.row-words", {}, el("span.row-what", {}, ...app.panel.claimSentence(i, c)), el("span.row-when", {}, M.format.span(c.from[i], c.to[i], app.locale(), say), M.format.sourceName(c, i) ? [" · ", name(M.format.sourceName(c, i))] : "", reason ? " · " + say("short." + reason) : "")),
        ),
      );
    }

    // Arrows go from row to row, as far as the list goes.
    function keys(event) {
      const step = { ArrowDown: 1, ArrowUp: -1, PageDown: 8, PageUp: -8, Home: -Infinity, End: Infinity }[event.key];
      if (!step || event.ctrlKey || event.altKey || event.metaKey || !kept.length) return;
      event.preventDefault();
      const on = event.target.closest(".row");
      const scale = tall() === kept.length * ROW ? 1 : factor();
      const top = list.scrollTop * scale;
      const from = on ? Number(on.getAttribute("aria-posinset")) - 1 : Math.ceil(top / ROW) - (step > 0 ? 1 : 0);
      const k = Math.max(0, Math.min(kept.length - 1, from + step));
      if (k * ROW < top) list.scrollTop = Math.floor((k * ROW) / scale);
      else if ((k + 1) * ROW > top + list.clientHeight) list.scrollTop = Math.ceil(((k + 1) * ROW - list.clientHeight) / scale);
      rows(null);
      nodes.get(k).querySelector("button").focus({ preventScroll: true });
    }

    // One claim in full, whether or not it is on the map.
    function showClaim({ title, body }) {
      const evidence = app.evidence();
      const i = store.get().claim;
      title(say("claim"));
      if (!evidence || i < 0) {
        if (!evidence) app.await(body);
        else fill(body);
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
    return { kept: sift, draw: () => rows(null) };
  }

  M.claims = { createClaims };
})((globalThis.Mapper = globalThis.Mapper || {}));
