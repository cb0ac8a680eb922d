// The dissolving areas and a small date slider for a Leaflet map that somebody else made. Only what it is given an id for
// is read from the document, and nothing but its own elements is touched.
"use strict";
(function (M) {
  async function attach(map, id) {
    const text = (block) => document.getElementById(id + "-" + block).textContent;
    const core = JSON.parse(text("core"));
    const objection = M.decode.objection(core);
    if (objection) throw new Error("the payload of " + id + " cannot be read: " + objection);
    const [data, base, said] = await Promise.all(["data", "base", "evidence"].map((block) => M.decode.unpacked(text(block))));
    const model = M.decode.model(core, data);
    const places = M.decode.json(said).places;
    const theme = M.palette.THEMES.light;
    const colours = M.palette.assign(model.actors, "light");
    const position = (cell) => {
      const place = model.cells.place[cell];
      return places.lat[place] === null ? null : { x: M.decode.mercatorX(places.lon[place]), y: M.decode.mercatorY(places.lat[place]) };
    };
    const store = M.store.createStore(M.store.initial(model));
    const layer = M.layer.createLayer(map, model, { font: { sans: "sans-serif", serif: "serif" }, position });
    // The map under it has its own ground, borders and names, as it would have with tiles.
    layer.set({ theme, colours, base: M.decode.base(M.decode.json(base)), tiles: true, day: model.first });
    if (!model.arcs.n) layer.set({ places: spots(model, places, position) });
    const bar = timebar(model, store, colours, id);
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
    bar.node.dataset.ready = "true";
    return { layer, store, model };
  }

  // Without areas the places themselves are drawn; countries, provinces and rivers have no honest point.
  function spots(model, places, position) {
    const list = [];
    for (let cell = 0; cell < model.cells.n; cell++) {
      const place = model.cells.place[cell];
      const at = position(cell);
      if (at && !/^ADM|^PCL|^STM/.test(places.code[place])) list.push({ ...at, name: places.name[place], count: 1, cell });
    }
    return list;
  }

  function timebar(model, store, colours, id) {
    const { el } = M.dom;
    const step = (direction) => {
      const { day } = store.get();
      const days = Array.from(model.changes);
      return direction > 0 ? days.find((d) => d > day) : days.reverse().find((d) => d < day);
    };
    const go = (day) => day !== undefined && store.set({ day: M.store.clamp(day, model) });
    const back = el("button", { type: "button", id: id + "-back", "aria-label": "Previous change", onclick: () => go(step(-1)) }, "◀");
    const next = el("button", { type: "button", id: id + "-next", "aria-label": "Next change", onclick: () => go(step(1)) }, "▶");
    const date = el("output", { id: id + "-date", "aria-live": "polite" });
    const slider = el("input", { id: id + "-slider", "aria-label": "Date", oninput: () => go(Number(slider.value)) });
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
    const node = el("div.mapper-timebar.leaflet-control", { id, role: "group", "aria-label": model.title || "Who controlled what, and when" }, el("div.mapper-row", {}, back, date, next), slider, el("ul", {}, legend));
    // Arrow keys on the slider are not the map's.
    node.addEventListener("keydown", (event) => event.stopPropagation());
    return {
      node,
      show(day) {
        const words = M.format.words(day, "en-GB");
        slider.value = String(day);
        slider.setAttribute("aria-valuetext", words);
        date.textContent = words;
        back.disabled = step(-1) === undefined;
        next.disabled = step(1) === undefined;
      },
    };
  }

  M.control = { attach };
})((globalThis.Mapper = globalThis.Mapper || {}));
