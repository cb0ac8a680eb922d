// Says who: the history of a place as a strip of periods, each with its quotes and sources.
"use strict";
(function (M) {
  const STRIP = 52; // px that the strip of periods takes at the head of the panel

  function createPanel(app) {
    const { $, el, fill, keep, name, sentence, link, attempt } = M.dom;
    const { model, store, say } = app;
    const panel = $("panel");
    const body = $("panel-body");
    const views = {};
    let shown = "";
    let scrolledFor = ""; // the place and period last scrolled to: reading on is not disturbed

    function open(view, focus) {
      const same = shown === view;
      shown = view;
      panel.hidden = false;
      panel.dataset.view = view;
      document.body.classList.add("has-panel");
      body.scrollTop = 0;
      scrolledFor = "";
      if (same) refresh();
      else paint();
      // A view that took the focus itself (search and its field) keeps it.
      if (focus && !body.contains(document.activeElement)) $("panel-title").focus({ preventScroll: true });
    }

    function close() {
      shown = "";
      panel.hidden = true;
      document.body.classList.remove("has-panel");
    }

    function refresh() {
      if (shown) keep(body, paint);
    }

    function paint() {
      const view = shown === "history" ? history : views[shown];
      if (!view) return;
      attempt(
        () => view({ title: (...words) => fill($("panel-title"), ...words), body }),
        () => fill(body, el("p.empty", { role: "status" }, say("state.panelFailed"))),
      );
    }

    // Stands where an entry of a list could not be made.
    function failed(kind) {
      return el(kind, {}, el("p.empty", { role: "status" }, say("state.entryFailed")));
    }

    function actorName(index) {
      return index >= 0 ? name(model.actors[index].name) : say("nobody");
    }

    function chip(index) {
      const dot = el("span.chip", { "aria-hidden": "true" });
      dot.style.setProperty("--hue", index >= 0 ? app.colours()[index] : app.theme().grey);
      return dot;
    }

    function statusSentence(state) {
      return sentence(say("status." + state.wording), { actor: actorName(state.actor), other: actorName(state.other) });
    }

    function history({ title }) {
      const cell = store.get().cell;
      if (cell < 0) return;
      const evidence = app.evidence();
      const place = app.place(cell);
      title(place ? name(place.name) : say("place"));
      const from = model.cells.offset[cell];
      const to = model.cells.offset[cell + 1];
      const nodes = [];
      if (place) nodes.push(el("p.where", {}, [app.country(place.country), place.lat === null ? "" : place.lat.toFixed(2) + "°, " + place.lon.toFixed(2) + "°", app.kind(place)].filter(Boolean).join(" · ")));
      if (app.areaOf(cell) > 0) nodes.push(el("p.where", {}, say("cellArea", { area: M.format.km2(app.areaOf(cell), app.locale()) })));
      else nodes.push(el("p.where", {}, say("noArea")));
      if (from === to) nodes.push(el("p.empty", {}, say("noHistory")));
      else nodes.push(strip(cell, from, to));
      const items = [];
      for (let p = to - 1; p >= from; p--) items.push(attempt(() => periodItem(p, evidence), () => failed("li.period")));
      if (items.length) nodes.push(el("ol.periods", {}, ...items));
      if (!evidence) nodes.push(el("p.empty", {}, app.waiting()));
      else {
        const rest = app.otherClaims(cell);
        if (rest.length) {
          nodes.push(el("h3.small-title", {}, say("alsoSaid")));
          nodes.push(el("ol.quotes", {}, ...rest.slice(0, 50).map((i) => claimItem(i, evidence.claims, true))));
        }
      }
      fill(body, ...nodes);
      // The period of the day shown comes into sight; the strip stays when it is near the top anyway.
      const present = body.querySelector(".present");
      const moment = cell + ":" + (present ? present.dataset.period : "");
      if (present && moment !== scrolledFor) body.scrollTop = present.offsetTop - body.offsetTop > body.clientHeight * 0.55 ? present.offsetTop - body.offsetTop - STRIP : 0;
      scrolledFor = moment;
    }

    // The whole history at a glance: one bar, coloured as on the map, the present marked.
    function strip(cell, from, to) {
      const canvas = el("canvas.strip", { role: "img", "aria-label": say("stripLabel", { count: to - from }) });
      requestAnimationFrame(() => {
        const width = canvas.clientWidth || 300;
        const height = 26;
        const ratio = Math.min(2, devicePixelRatio || 1);
        canvas.width = width * ratio;
        canvas.height = height * ratio;
        const ctx = canvas.getContext("2d");
        ctx.scale(ratio, ratio);
        const theme = app.theme();
        const span = Math.max(1, model.last - model.first);
        const x = (day) => (Math.max(0, Math.min(span, day - model.first)) / span) * width;
        ctx.fillStyle = theme.paper;
        ctx.fillRect(0, 4, width, height - 8);
        for (let p = from; p < to; p++) {
          const piece = document.createElement("canvas");
          const left = x(model.periods.start[p]);
          const wide = Math.max(1, x(Math.min(model.last, model.periods.end[p])) - left);
          const look = app.layer.looks[app.layer.table[model.periods.state[p] * 8 + 3]];
          M.inks.swatch(piece, look, app.colour, theme, Math.ceil(wide), height - 8);
          ctx.drawImage(piece, left, 4, wide, height - 8);
        }
        ctx.fillStyle = theme.ink;
        ctx.fillRect(Math.min(width - 2, Math.max(0, x(store.get().day) - 1)), 0, 2, height);
      });
      return canvas;
    }

    function periodItem(p, evidence) {
      const state = model.states[model.periods.state[p]];
      const { start, full, end } = model.periods;
      const locale = app.locale();
      const day = store.get().day;
      const present = start[p] <= day && day < end[p];
      const begins = full[p] > start[p] ? M.format.span(start[p], full[p] + 1, locale, say) : M.format.short(start[p], locale);
      const opens = start[p] < model.first ? say("beforeMap") : begins;
      const ends = end[p] >= M.decode.OPEN ? say("onwards") : M.format.short(end[p] - 1, locale);
      const swatch = M.inks.sample(app.layer.looks[app.layer.table[model.periods.state[p] * 8 + 3]], app.colour, app.theme(), 22, 22);
      const target = M.store.clamp(start[p], model);
      const head = el("button.period-head", { type: "button", dataset: { key: "period" + p }, "aria-current": present ? "date" : null, onclick: () => app.go(target) }, swatch, el("span.period-words", {}, el("span.period-dates", {}, opens, " – ", ends), el("span.period-status", {}, ...statusSentence(state))));
      const why = el("p.why", {}, say("basis." + state.basis), " · ", say("confidence", { value: M.format.percent(state.confidence, locale) }));
      const claims = model.sets[model.periods.set[p]];
      const quotes = evidence && claims.length ? quoteList(claims.slice(0, 40), evidence.claims, state) : null;
      return el("li.period" + (present ? ".present" : ""), { dataset: { period: String(p) } }, head, why, quotes);
    }

    // Claims under a period; where sources contradict each other, one column per side.
    function quoteList(claims, columns, state) {
      const items = (list) => list.map((i) => claimItem(i, columns, false));
      const sides = new Map();
      for (const i of claims) {
        const side = columns.actor[i] >= 0 ? columns.actor[i] : columns.other[i];
        sides.set(side, (sides.get(side) || []).concat(i));
      }
      if (!state.kind.disputed || sides.size < 2) return el("ol.quotes", {}, ...items(claims));
      const side = ([actor, list]) => {
        const node = el("div.side", {}, el("p.side-name", {}, actorName(actor)), el("ol.quotes", {}, ...items(list)));
        node.style.setProperty("--hue", app.colour(actor));
        return node;
      };
      return el("div.quotes.sides", {}, ...Array.from(sides, side));
    }

    function claimItem(i, claims, withReason) {
      return attempt(() => wholeItem(i, claims, withReason), () => failed("li.quote"));
    }

    // A claim in its source's words, or in those of a table, with the place and the actors marked. Only the source's are quoted.
    function wholeItem(i, claims, withReason) {
      const locale = app.locale();
      const actor = (a) => (a >= 0 ? model.actors[a].name : "");
      const marks = [
        ["place", claims.placeText[i]],
        ["place", claims.place[i] >= 0 ? app.placeName(claims.place[i]) : ""],
        ["actor", actor(claims.actor[i])],
        ["actor", claims.actorText[i]],
        ["other", actor(claims.other[i])],
        ["other", claims.otherText[i]],
      ];
      const marked = (words) => M.format.marked(words, marks).map((run) => (run.mark ? el("mark." + run.mark, {}, run.text) : run.text));
      const quote = claims.quote[i];
      const note = claims.note[i];
      const reason = claims.reasons[claims.reason[i]];
      const url = M.format.safeUrl(claims.url[i]);
      const label = M.format.sourceName(claims, i) || say("noPublisher");
      const published = claims.published[i];
      const said = claims.saidBy[i];
      return el(
        "li.quote",
        { dataset: { claim: claims.id[i] } },
        quote ? el("blockquote", { dir: "auto" }, ...marked(quote)) : note ? null : el("p.unquoted", {}, say("noQuote")),
        note ? el("div.note", {}, el("span.note-label", {}, say("tableNote")), el("p", { dir: "auto" }, ...marked(note))) : null,
        el("p.source", {}, said ? [say("saidBy", {}), " ", name(said), " · "] : "", url ? link(url, label) : name(label), published === null ? "" : " · " + M.format.short(published, locale), claims.title[i] ? [" · ", name(claims.title[i])] : ""),
        el(
          "p.claim-facts",
          {},
          el("button.link", { type: "button", onclick: () => app.openClaim(i, null) }, ...claimSentence(i, claims)),
          " · ",
          M.format.span(claims.from[i], claims.to[i], locale, say),
          " · ",
          say("confidence", { value: M.format.percent(claims.confidence[i], locale) }),
          claims.rule[i] ? " · " + say("rule", { rule: claims.rule[i] }) : "",
        ),
        withReason && reason ? el("p.reason", {}, say("reason." + reason)) : null,
      );
    }

    function claimSentence(i, claims) {
      const predicate = claims.predicates[claims.predicate[i]];
      const place = claims.place[i] >= 0 ? name(app.placeName(claims.place[i])) : name(claims.placeText[i]);
      const unnamed = (index, text) => (index >= 0 ? actorName(index) : text ? name(text) : say("somebody"));
      const value = claims.share[i];
      // What nobody says has happened is not told as a fact: "Planned: capture of …".
      const reason = claims.reasons[claims.reason[i]];
      const modality = claims.modalitys[claims.modality[i]];
      const guise = reason === "rejected" ? reason : /^(planned|hypothetical|negated)$/.test(modality) ? modality : "";
      const told = !guise || (guise === "negated" && predicate === "denied") ? say("predicate." + predicate) : say("guise." + guise, { deed: say("deed." + predicate) });
      return sentence(told, {
        place,
        actor: unnamed(claims.actor[i], claims.actorText[i]),
        other: unnamed(claims.other[i], claims.otherText[i]),
        value: value === null ? "" : value <= 1 ? M.format.percent(value, app.locale()) : M.format.km2(value, app.locale()),
      });
    }

    $("panel-close").addEventListener("click", () => app.closePanel());
    return { open, close, refresh, views, failed, claimItem, claimSentence, statusSentence, actorName, chip, isOpen: () => shown };
  }

  M.panel = { createPanel };
})((globalThis.Mapper = globalThis.Mapper || {}));
