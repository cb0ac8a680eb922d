// The dissolving areas and a small date slider for a Leaflet map that somebody else made. Only what it is given an id for
// is read from the document, and nothing but its own elements is touched.
"use strict";
(function (M) {
  const QUOTES = 5; // in a popup; the rest is counted
  const RATE = 6; // changes a second while playing

  async function attach(map, id, language) {
    const text = (block) => document.getElementById(id + "-" + block).textContent;
    const core = JSON.parse(text("core"));
    const objection = M.decode.objection(core);
    if (objection) throw new Error("the payload of " + id + " cannot be read: " + objection);
    const [data, base, said] = await Promise.all(["data", "base", "evidence"].map((block) => M.decode.unpacked(text(block))));
    const model = M.decode.model(core, data);
    const evidence = M.decode.json(said);
    const { places } = evidence;
    const say = M.strings.sayer(language);
    const locale = language === "en" ? "en-GB" : language;
    const theme = M.palette.THEMES.light;
    const colours = M.palette.coloursOf(model.actors, "light");
    const position = (cell) => {
      const place = model.cells.place[cell];
      return places.lat[place] === null ? null : { x: M.decode.mercatorX(model.unrolled(places.lon[place])), y: M.decode.mercatorY(places.lat[place]) };
    };
    const store = M.store.createStore(M.store.initial(model));
    const layer = M.layer.createLayer(map, model, { font: { sans: "sans-serif", serif: "serif" }, position });
    // The map under it has its own ground, borders and names, as it would have with tiles.
    layer.set({ theme, colours, base: M.decode.base(M.decode.json(base)), tiles: true, day: model.first });
    if (!model.arcs.n) layer.set({ places: spots(model, places, position) });
    const bar = timebar(model, store, colours, id, say, locale);
    const control = L.control({ position: "bottomleft" });
    control.onAdd = () => bar.node;
    control.addTo(map);
    L.DomEvent.disableClickPropagation(bar.node);
    L.DomEvent.disableScrollPropagation(bar.node);
    store.subscribe((state) => {
      layer.set({ day: state.day });
      bar.show(state.day);
    });
    bar.show(model.first);
    layer.redraw();
    map.on("click", (event) => {
      const cell = model.arcs.n ? layer.cellAt(event.latlng) : nearest(map, model, places, event.containerPoint);
      if (cell < 0) return;
      const words = M.dom.attempt(() => popup(model, evidence, cell, store.get().day, say, locale), () => M.dom.el("p", {}, say("state.panelFailed")));
      L.popup({ maxWidth: 320, maxHeight: 260, className: "mapper-popup" }).setLatLng(event.latlng).setContent(words).openOn(map);
    });
    bar.node.dataset.ready = "true";
    return { layer, store, model };
  }

  // Without areas the places themselves are drawn; countries, provinces and rivers have no honest point.
  function spots(model, places, position) {
    const list = [];
    for (let cell = 0; cell < model.cells.n; cell++) {
      const place = model.cells.place[cell];
      const at = position(cell);
      if (at && !/^ADM|^PCL|^STM|^RGN/.test(places.code[place])) list.push({ ...at, name: places.name[place], count: 1, cell });
    }
    return list;
  }

  // The place whose point is hit, where there are no areas; -1 for none.
  function nearest(map, model, places, point) {
    let best = -1;
    let least = 16;
    for (let cell = 0; cell < model.cells.n; cell++) {
      const place = model.cells.place[cell];
      if (places.lat[place] === null) continue;
      const far = map.latLngToContainerPoint([places.lat[place], model.unrolled(places.lon[place])]).distanceTo(point);
      if (far < least) [best, least] = [cell, far];
    }
    return best;
  }

  // Says who: what held on the day in this cell, in the words of its sources.
  function popup(model, evidence, cell, day, say, locale) {
    const { el, name, sentence, link, attempt } = M.dom;
    const { periods, cells } = model;
    const node = el("div", {}, el("strong", {}, name(evidence.places.name[cells.place[cell]] || say("place"))));
    let at = -1;
    for (let p = cells.offset[cell]; p < cells.offset[cell + 1]; p++) if (periods.start[p] <= day && day < periods.end[p]) at = p;
    if (at < 0) {
      node.append(el("p", {}, say("noHistory")));
      return node;
    }
    const state = model.states[periods.state[at]];
    const who = (actor) => (actor >= 0 ? name(model.actors[actor].name) : say("nobody"));
    node.append(el("p", {}, ...sentence(say("status." + state.wording), { actor: who(state.actor), other: who(state.other) }), " · ", say("since", { date: M.format.short(periods.start[at], locale) })));
    node.append(el("p.mapper-why", {}, say("basis." + state.basis), " · ", say("confidence", { value: M.format.percent(state.confidence, locale) })));
    const c = evidence.claims;
    const ids = model.sets[periods.set[at]];
    const said = (i) => {
      const url = M.format.safeUrl(c.url[i]);
      const source = M.format.sourceName(c, i) || say("noPublisher");
      const date = c.published[i] === null ? "" : ", " + M.format.short(c.published[i], locale);
      return [
        c.quote[i] ? el("blockquote", { dir: "auto" }, c.quote[i]) : null,
        c.note[i] ? el("div.mapper-note", {}, el("span", {}, say("tableNote")), el("p", { dir: "auto" }, c.note[i])) : null,
        c.quote[i] || c.note[i] ? null : el("p.mapper-why", {}, say("noQuote")),
        el("p.mapper-why", {}, url ? link(url, source) : name(source), date),
      ];
    };
    for (const i of ids.slice(0, QUOTES)) M.dom.append(node, [attempt(() => said(i), () => el("p.mapper-why", {}, say("state.entryFailed")))]);
    if (ids.length > QUOTES) node.append(el("p.mapper-why", {}, say("andMore", { count: ids.length - QUOTES })));
    return node;
  }

  function timebar(model, store, colours, id, say, locale) {
    const { el } = M.dom;
    const step = (direction) => {
      const { day } = store.get();
      const days = Array.from(model.changes);
      return direction > 0 ? days.find((d) => d > day) : days.reverse().find((d) => d < day);
    };
    const go = (day) => day !== undefined && store.set({ day: M.store.clamp(day, model) });
    const back = el("button", { type: "button", id: id + "-back", "aria-label": say("previous"), onclick: () => stopped() && go(step(-1)) }, "‹");
    const next = el("button", { type: "button", id: id + "-next", "aria-label": say("next"), onclick: () => stopped() && go(step(1)) }, "›");
    const play = el("button", { type: "button", id: id + "-play", "aria-label": say("play"), onclick: () => (timer ? stopped() : started()) }, "▶");
    let timer = 0;
    function stopped() {
      clearInterval(timer);
      timer = 0;
      play.textContent = "▶";
      play.setAttribute("aria-label", say("play"));
      date.setAttribute("aria-live", "polite");
      return true;
    }
    function started() {
      if (step(1) === undefined) go(model.first);
      play.textContent = "❚❚";
      play.setAttribute("aria-label", say("pause"));
      date.setAttribute("aria-live", "off"); // six dates a second help nobody who listens
      timer = setInterval(() => (step(1) === undefined ? stopped() : go(step(1))), 1000 / RATE);
    }
    const date = el("output", { id: id + "-date", "aria-live": "polite" });
    const slider = el("input", { id: id + "-slider", "aria-label": say("date"), oninput: () => stopped() && go(Number(slider.value)) });
    slider.type = "range";
    slider.min = String(model.first);
    slider.max = String(model.last);
    slider.step = "1";
    const held = new Set(model.states.flatMap((state) => [state.actor, state.other]));
    const legend = model.actors.map((actor, i) => {
      if (!held.has(i)) return null;
      const swatch = el("span", { "aria-hidden": "true" });
      swatch.style.background = colours[i];
      return el("li", {}, swatch, actor.name);
    });
    const node = el("div.mapper-timebar.leaflet-control", { id, role: "group", "aria-label": model.title || say("untitled") }, el("div.mapper-row", {}, play, back, date, next), slider, el("ul", {}, legend));
    // Arrow keys on the slider are not the map's.
    node.addEventListener("keydown", (event) => event.stopPropagation());
    return {
      node,
      show(day) {
        const words = M.format.words(day, locale);
        slider.value = String(day);
        slider.setAttribute("aria-valuetext", words);
        date.textContent = words;
        play.disabled = model.changes.length < 2;
        back.disabled = step(-1) === undefined;
        next.disabled = step(1) === undefined;
      },
    };
  }

  M.control = { attach };
})((globalThis.Mapper = globalThis.Mapper || {}));
