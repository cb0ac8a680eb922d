// Payload → store → views. Everything the views share hangs on one object, app.
"use strict";
(function (M) {
  const FONT = {
    sans: 'system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", "Noto Sans", "Liberation Sans", Arial, sans-serif',
    serif: '"Iowan Old Style", "Palatino Linotype", Palatino, "Book Antiqua", Georgia, "Noto Serif", "Liberation Serif", serif',
  };

  function start(map) {
    M.dom.$("cut").remove(); // all of the file is here
    boot(map).catch((error) => {
      fail("broken");
      throw error;
    });
  }

  function fail(key) {
    const say = M.strings.sayer(document.documentElement.lang);
    const notice = M.dom.$("notice");
    notice.hidden = false;
    notice.classList.add("grave");
    notice.textContent = say("state." + key);
    document.body.classList.add("failed");
  }

  async function boot(map) {
    const { $ } = M.dom;
    const text = (name) => $("payload-" + name).textContent;
    let core;
    try {
      core = JSON.parse(text("core"));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      core = null;
    }
    const objection = M.decode.objection(core);
    if (objection) {
      fail(objection);
      return;
    }
    const [data, base] = await Promise.all([M.decode.unpacked(text("data")), M.decode.unpacked(text("base"))]);
    const model = M.decode.model(core, data);
    const app = createApp(map, model, M.decode.base(M.decode.json(base)), () => text("evidence"));
    M.app = app; // for people at the console, and for tests
    app.begin();
    document.documentElement.dataset.ready = "true";
    performance.mark("mapper-ready");
  }

  function createApp(map, model, base, evidenceText) {
    const { $, el, fill, name } = M.dom;
    const store = M.store.createStore(M.store.initial(model));
    const fileLanguage = document.documentElement.lang || "en";
    const dark = matchMedia("(prefers-color-scheme: dark)");
    const tiles = document.querySelector('meta[name="mapper-tiles"]');
    let speak = M.strings.sayer(fileLanguage);
    let evidence = null;
    let unpacking = null;
    let lost = false; // the sources cannot be read: the map goes on without them
    let series = null;
    let areas = null;
    let colours = [];
    let byPlace = new Map(); // place number -> cell
    let claimsAt = null; // place number -> claims, in order
    let eventDays = null; // day -> periods that start on it
    let writing = 0;
    let own = ""; // the hash this page wrote last
    const credits = base.credits.length ? base.credits : ["GeoNames (CC BY 4.0)", "Natural Earth"];

    const app = { map, model, store, font: FONT, tiles: Boolean(tiles) };
    app.bare = !model.periods.n; // nothing to show at any date: none is invented
    app.say = (key, values) => speak(key, values);
    app.language = () => (M.strings.NAMES[store.get().lang] ? store.get().lang : fileLanguage);
    app.locale = () => ({ ar: "ar", fr: "fr", en: "en-GB" })[app.language()] || "en-GB";
    app.themeName = () => (app.printing ? "light" : store.get().theme === "auto" ? (dark.matches ? "dark" : "light") : store.get().theme);
    app.theme = () => M.palette.THEMES[app.themeName()];
    app.colours = () => colours;
    app.colour = (actor) => (actor >= 0 && colours[actor]) || app.theme().grey;
    app.series = () => series;
    app.evidence = () => evidence;
    app.cellAreas = () => areas || new Float64Array(model.cells.n);
    app.areaOf = (cell) => (areas ? areas[cell] : 0);
    app.hash = (patch) => undated(M.store.encode({ ...store.get(), ...patch }, { place: placeKey, claim: (i) => (evidence ? evidence.claims.id[i] : "") }));
    const undated = (hash) => (app.bare ? hash.replace(/^#[^&]*&?/, "#") : hash);

    // Places --------------------------------------------------------------------------------------------------------
    app.placeName = (place) => (evidence ? evidence.places.name[place] : "");
    app.isNamed = (cell) => Boolean(app.placeName(model.cells.place[cell]));
    app.cellName = (cell) => name(app.placeName(model.cells.place[cell]) || app.say("place"));
    app.cellOfPlace = (place) => (byPlace.has(place) ? byPlace.get(place) : -1);
    app.place = (cell) => {
      if (!evidence) return null;
      const i = model.cells.place[cell];
      const p = evidence.places;
      return { name: p.name[i], lat: p.lat[i], lon: p.lon[i], country: p.country[i], code: p.code[i] };
    };
    app.country = (code) => {
      if (!/^[A-Z]{2}$/.test(code)) return code;
      return new Intl.DisplayNames([app.locale()], { type: "region", fallback: "code" }).of(code);
    };
    app.kind = (place) => (/^ADM|^PCL|^RGN/.test(place.code) ? app.say("region") : place.code === "STM" ? app.say("river") : "");
    const placeKey = (cell) => (evidence ? evidence.places.id[model.cells.place[cell]] : "");
    const position = (cell) => {
      const place = app.place(cell);
      return place && place.lat !== null ? { x: M.decode.mercatorX(model.unrolled(place.lon)), y: M.decode.mercatorY(place.lat) } : null;
    };
    app.flyTo = (place) => {
      const p = evidence.places;
      if (p.lat[place] !== null) map.setView([p.lat[place], model.unrolled(p.lon[place])], Math.max(8, map.getZoom()), { animate: !M.dom.calm() });
    };

    // Evidence: unpacked after the first picture, or sooner when a panel asks ------------------------------------------
    app.needEvidence = () => {
      if (!unpacking) {
        const read = async () => M.decode.json(await M.decode.unpacked(evidenceText()));
        unpacking = read().catch(() => null).then((sources) => {
          if (!sources) {
            lost = true;
            wanted = {};
            app.notice(app.waiting());
            app.panel.refresh();
            return null;
          }
          evidence = sources;
          claimsAt = new Map();
          evidence.claims.place.forEach((place, i) => {
            if (!claimsAt.has(place)) claimsAt.set(place, []);
            claimsAt.get(place).push(i);
          });
          app.layer.set({ places: spots() });
          app.legend.update();
          if (wanted.place || wanted.claim) {
            const cell = wanted.place ? app.cellOfPlace(evidence.places.id.indexOf(wanted.place)) : -1;
            const claim = wanted.claim ? evidence.claims.id.indexOf(wanted.claim) : -1;
            wanted = {};
            const { panel } = store.get();
            store.set({ cell, claim, panel: panel || (claim >= 0 ? "claim" : cell >= 0 ? "history" : "") });
            const { x, y } = hidden();
            if (x || y) bring(cell);
          }
          app.panel.refresh();
          return evidence;
        });
      }
      return unpacking;
    };
    app.waiting = () => app.say(lost ? "state.sourcesLost" : "unpacking");
    // What a panel says until it has the sources, and comes back to when it has them.
    app.await = (body) => {
      fill(body, el("p.empty", {}, app.waiting()));
      if (!lost) app.needEvidence().then(app.panel.refresh);
    };
    app.otherClaims = (cell) => {
      const used = new Set();
      for (let p = model.cells.offset[cell]; p < model.cells.offset[cell + 1]; p++) model.sets[model.periods.set[p]].forEach((i) => used.add(i));
      return (claimsAt.get(model.cells.place[cell]) || []).filter((i) => !used.has(i));
    };
    app.claimCounts = () => {
      const counts = new Map();
      if (claimsAt) for (const [place, list] of claimsAt) counts.set(place, list.length);
      return counts;
    };

    // Places that some claim names, for dots and labels.
    function spots() {
      const p = evidence.places;
      const list = [];
      if (app.bare && !tiles && !base.land.length) return list; // no ground for a name to stand on
      for (const [place, claims] of claimsAt) {
        if (place < 0 || p.lat[place] === null || /^ADM|^PCL|^STM|^RGN/.test(p.code[place])) continue;
        list.push({ name: p.name[place], x: M.decode.mercatorX(model.unrolled(p.lon[place])), y: M.decode.mercatorY(p.lat[place]), count: claims.length, cell: app.cellOfPlace(place) });
      }
      return list.sort((a, b) => b.count - a.count || (a.name < b.name ? -1 : 1));
    }

    // Events ------------------------------------------------------------------------------------------------------
    // Periods that start on a day, one per place, places with claims of their own first; a region's many cells count once.
    app.eventsOn = (day) => {
      const starting = events().get(day);
      if (!starting) return [];
      const seen = new Set();
      const list = [];
      for (const p of starting) {
        const cell = model.periods.cell[p];
        const state = model.states[model.periods.state[p]];
        if (!state.why.own || !app.isNamed(cell)) continue;
        const key = model.periods.set[p] ? "set" + model.periods.set[p] : "cell" + cell;
        if (seen.has(key)) continue;
        seen.add(key);
        list.push({ cell, state, weight: app.areaOf(cell) });
      }
      return list.sort((a, b) => b.weight - a.weight || a.cell - b.cell);
    };
    app.lastEventDay = (day) => {
      let best = null;
      for (const d of events().keys()) if (d < day && d >= model.first && (best === null || d > best) && app.eventsOn(d).length) best = d;
      return best;
    };
    function events() {
      if (!eventDays) {
        eventDays = new Map();
        for (let p = 0; p < model.periods.n; p++) {
          if (!model.states[model.periods.state[p]].why.own) continue;
          const day = model.periods.start[p];
          if (!eventDays.has(day)) eventDays.set(day, []);
          eventDays.get(day).push(p);
        }
      }
      return eventDays;
    }

    // Doing ---------------------------------------------------------------------------------------------------------
    app.go = (day) => store.set({ day: M.store.clamp(day, model), playing: false });
    app.openPanel = (panel) => store.set({ panel });
    app.closePanel = () => {
      const opener = document.querySelector('[data-panel="' + store.get().panel + '"]');
      store.set({ panel: "", cell: -1, claim: -1 });
      (opener && opener.offsetParent ? opener : $("thumb")).focus({ preventScroll: true });
    };
    app.select = (cell, fly) => {
      store.set({ cell, claim: -1, panel: cell >= 0 ? "history" : "" });
      const { x, y } = hidden();
      if (fly || x || y) bring(cell);
    };
    // The map goes no farther than it must to show a place beside what covers it.
    function bring(cell) {
      const spot = cell >= 0 ? app.place(cell) : null;
      if (!spot || spot.lat === null) return;
      const size = map.getSize();
      const at = map.latLngToContainerPoint([spot.lat, model.unrolled(spot.lon)]);
      const { x, y, left } = hidden();
      const wide = size.x - x;
      const high = size.y - y;
      const rim = Math.min(40, high / 3, wide / 3);
      at.x -= left;
      if (at.x > rim && at.x < wide - rim && at.y > rim && at.y < high - rim) return;
      map.panBy([at.x - wide / 2, at.y - high / 2], { animate: !M.dom.calm() });
    }
    // What an open panel covers of the map: its lower part (a sheet), or one side of it (left: how much of the left one).
    function hidden() {
      const none = { x: 0, y: 0, left: 0 };
      const panel = $("panel");
      if (panel.hidden || app.printing) return none;
      const stage = $("stage").getBoundingClientRect();
      const from = panel.offsetLeft; // where it will be: it may still be rising
      const to = from + panel.offsetWidth;
      const x = Math.min(to, stage.right) - Math.max(from, stage.left);
      if (x <= 0) return none;
      if (M.dom.narrow()) return { ...none, y: Math.max(0, stage.bottom - (innerHeight - panel.offsetHeight)) };
      return { x, y: 0, left: from <= stage.left ? x : 0 };
    }
    app.openClaim = (claim, day, elsewhere) => {
      const patch = { claim, panel: "claim" };
      if (elsewhere !== undefined) patch.cell = elsewhere;
      if (day !== null) patch.day = M.store.clamp(day, model);
      if (evidence) {
        const cell = app.cellOfPlace(evidence.claims.place[claim]);
        if (cell >= 0) patch.cell = cell;
      }
      store.set({ ...patch, playing: false });
      if (!evidence && !lost) app.needEvidence().then(app.panel.refresh);
    };
    app.announce = () => {
      const { day } = store.get();
      const items = app.eventsOn(day).slice(0, 2);
      const said = items.map(({ cell, state }) => app.placeName(model.cells.place[cell]) + ": " + app.say("status." + state.wording, { actor: state.actor >= 0 ? model.actors[state.actor].name : "", other: state.other >= 0 ? model.actors[state.other].name : "" }));
      $("live").textContent = [M.format.words(day, app.locale()), ...said].join(". ");
    };
    app.otherKey = () => (store.get().mode === "compare" ? "comparedWith" : store.get().other > store.get().day ? "untilDate" : "sinceDate");
    let noticeTimer = 0;
    app.notice = (words) => {
      const notice = $("notice");
      notice.textContent = words;
      notice.hidden = false;
      clearTimeout(noticeTimer);
      noticeTimer = setTimeout(() => {
        notice.hidden = true;
        if (app.bare) states();
      }, 5000);
    };
    app.actorsShown = () => {
      if (!series) return [];
      return model.actors
        .map((_, actor) => ({ actor, km2: M.series.areaOn(series, actor, store.get().day)[1] }))
        .filter(({ km2 }) => km2 >= 0.5)
        .sort((a, b) => b.km2 - a.km2);
    };
    const pointOfView = () => (/^(gn_a1_code|de_facto)$/.test(base.view) ? " · " + app.say("view." + base.view) : "");
    app.creditText = () => app.say("credits", { data: credits.join(" · ") }) + pointOfView() + (tiles && tiles.dataset.attribution ? " · " + tiles.dataset.attribution : "");

    // Views ---------------------------------------------------------------------------------------------------------
    for (let c = 0; c < model.cells.n; c++) byPlace.set(model.cells.place[c], c);
    app.layer = M.layer.createLayer(map, model, { font: FONT, position });
    app.panel = M.panel.createPanel(app);
    app.timeline = M.timeline.createTimeline(app);
    app.legend = M.legend.createLegend(app);
    app.claims = M.claims.createClaims(app);
    app.compare = M.compare.createCompare(app);
    M.search.createSearch(app);
    app.picture = M.picture.createPicture(app);
    app.exporter = M.exporter.createExporter(app);
    M.print.createPrint(app);
    app.transport = M.transport.createTransport(app);

    function paintWords() {
      const lang = app.language();
      speak = M.strings.sayer(lang);
      document.documentElement.lang = lang;
      document.documentElement.dir = lang === "ar" ? "rtl" : "ltr";
      for (const node of document.querySelectorAll("[data-say]")) node.textContent = app.say(node.dataset.say);
      for (const node of document.querySelectorAll("[data-say-label]")) {
        const label = app.say(node.dataset.sayLabel);
        node.setAttribute("aria-label", label);
        if (node.tagName === "BUTTON") node.title = label;
      }
      map.getContainer().setAttribute("role", "application"); // its arrow keys are its own
      map.getContainer().setAttribute("aria-label", app.say("mapLabel"));
      fill($("credits"), app.creditText());
      $("whole").textContent = app.say("whole");
      app.transport.build();
    }

    function paintTheme() {
      document.documentElement.dataset.theme = app.themeName();
      colours = M.palette.coloursOf(model.actors, app.themeName());
      app.layer.set({ theme: app.theme(), colours });
    }

    app.retheme = () => {
      if (document.documentElement.dataset.theme !== app.themeName()) paintTheme();
      app.legend.build();
      app.legend.update();
      app.timeline.draw();
    };

    function applyMode() {
      const state = store.get();
      // The earlier of two compared dates is on the left, whichever handle holds it.
      const [other, day] = state.mode === "compare" ? app.compare.ends() : [state.other, state.day];
      const patch = { day, other, mode: state.mode, swipe: state.swipe };
      if (state.mode === "range") patch.changed = app.compare.exchanged().changed;
      app.layer.set(patch);
      app.compare.place();
    }

    function onChange(state, changed) {
      const has = (...keys) => keys.some((key) => changed.has(key));
      if (has("lang")) paintWords();
      if (has("lang") && app.bare) states();
      if (has("theme")) paintTheme();
      if (has("lang", "theme")) {
        app.legend.build();
        app.timeline.draw();
        app.panel.refresh();
      }
      if (has("day", "other", "mode")) {
        applyMode();
        app.timeline.move();
        app.legend.update();
        if (state.panel === "history" || state.panel === "changes") app.panel.refresh();
      } else if (has("swipe")) {
        app.layer.set({ swipe: state.swipe });
        app.compare.place();
      } else if (has("lang", "theme")) {
        app.legend.update();
        app.compare.place();
      }
      if (has("day")) pulse(state);
      if (has("cell")) app.layer.set({ cell: state.cell });
      if (has("playing")) app.transport.run();
      if (has("playing", "unit", "speed", "loop", "mode", "day")) app.transport.update();
      if (has("panel", "cell", "claim")) {
        // A place that is looked at stays as large as it was and goes above the sheet; else all of the map does.
        const sheet = has("panel") && M.dom.narrow() && state.cell < 0 && whole();
        if (state.panel) app.panel.open(state.panel, has("panel") && opened);
        else app.panel.close();
        if (sheet) fit();
        for (const button of document.querySelectorAll("button[data-panel]")) button.setAttribute("aria-expanded", String(button.dataset.panel === state.panel));
      } else if (has("filters") && state.panel === "claims") app.panel.refresh();
      if (has("embed")) document.body.classList.toggle("embed", state.embed);
      // The address follows at rest: each writing of it costs half a frame.
      if (!state.playing) clearTimeout(writing);
      if (!state.playing || !writing) writing = setTimeout(write, state.playing ? 1500 : 250);
    }

    let lastDay = model.first;
    function pulse(state) {
      const from = lastDay;
      lastDay = state.day;
      if (state.day <= from || !evidence || state.mode !== "moment") return;
      if (!state.playing && state.day - from > 62) return;
      const c = evidence.claims;
      const spotsNow = [];
      for (let day = from + 1; day <= state.day; day++) {
        for (const i of claimsByDay().get(day) || []) {
          const cell = app.cellOfPlace(c.place[i]);
          const spot = cell >= 0 ? position(cell) : null;
          if (spot) spotsNow.push({ ...spot, actor: c.actor[i] >= 0 ? c.actor[i] : c.other[i] });
        }
      }
      if (spotsNow.length) app.layer.pulse(spotsNow);
    }
    let dated = null;
    function claimsByDay() {
      if (!dated) {
        dated = new Map();
        const c = evidence.claims;
        const mapped = c.reasons.indexOf("");
        c.from.forEach((day, i) => {
          if (day === null || c.reason[i] !== mapped) return;
          if (!dated.has(day)) dated.set(day, []);
          dated.get(day).push(i);
        });
      }
      return dated;
    }

    function write() {
      writing = 0;
      if (wanted.place || wanted.claim) return; // what the link asked for is still being unpacked
      own = app.hash({});
      if (location.hash === own) return;
      try {
        history.replaceState(null, "", own);
      } catch (error) {
        if (error.name !== "SecurityError") throw error; // too many in a short time, or a sandboxed frame
      }
      $("whole").href = location.href.split("#")[0] + app.hash({ embed: false });
    }

    // The page follows a link's hash; places and claims wait for the evidence that knows their ids.
    let wanted = {};
    function read() {
      if (location.hash === own && own) return;
      wanted = {};
      const patch = M.store.decodeHash(location.hash, model, {
        place: (id) => {
          if (!evidence) wanted.place = id;
          return evidence ? app.cellOfPlace(evidence.places.id.indexOf(id)) : -1;
        },
        claim: (id) => {
          if (!evidence) wanted.claim = id;
          return evidence ? evidence.claims.id.indexOf(id) : -1;
        },
      });
      if (patch.claim >= 0 && patch.panel !== "claims") patch.panel = "claim";
      store.set(patch);
      if (patch.view) map.setView([patch.view[0], patch.view[1]], patch.view[2], { animate: false });
    }

    let fitted = null; // the view that shows everything, while nobody has moved the map away from it
    const whole = () => fitted && map.getZoom() === fitted.zoom && map.getCenter().distanceTo(fitted.at) < 2000;
    function fit() {
      const seen = app.layer.extent();
      const b = model.bounds || [-25, -35, 60, 60];
      const lat = (y) => (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI;
      const box = seen ? [[lat(seen[3]), (seen[0] - 0.5) * 360], [lat(seen[1]), (seen[2] - 0.5) * 360]] : [[b[1], b[0]], [b[3], b[2]]];
      const bar = M.dom.narrow() ? 0 : 30; // room for the tools above, and at the sides for names
      map.fitBounds(box, { animate: false, paddingTopLeft: [bar ? 64 : 20, 20 + bar], paddingBottomRight: [bar ? 64 : 20, 22 + hidden().y], maxZoom: 10 });
      fitted = { at: map.getCenter(), zoom: map.getZoom() };
    }

    app.fit = fit;
    app.whole = whole;
    app.fitted = (view) => (fitted = view || fitted);

    let opened = false;
    app.begin = () => {
      paintWords();
      colours = M.palette.coloursOf(model.actors, app.themeName());
      document.documentElement.dataset.theme = app.themeName();
      app.layer.set({ theme: app.theme(), colours, base, tiles: Boolean(tiles), day: model.first });
      store.subscribe(onChange);
      fit();
      read();
      if (!store.get().view) app.layer.redraw();
      app.legend.build();
      app.timeline.draw();
      app.legend.update();
      app.transport.update();
      states();
      wire();
      opened = true;
      // After the first picture: areas for the chart, then the words behind it.
      requestAnimationFrame(() => setTimeout(later, 0));
    };

    function later() {
      areas = M.series.cellAreas(model);
      if (model.actors.length) series = M.series.areaSeries(model);
      app.legend.build();
      app.timeline.setSeries(series);
      app.legend.update();
      app.panel.refresh();
      const idle = globalThis.requestIdleCallback || ((run) => setTimeout(run, 60));
      idle(() => app.needEvidence().then(() => (document.documentElement.dataset.evidence = lost ? "lost" : "true")));
    }

    // Empty states, said kindly.
    function states() {
      const total = model.counts.claims + model.counts.shares;
      let key = "";
      if (!total && !model.periods.n) key = "noClaims";
      else if (!model.periods.n) key = "noPeriods";
      else if (total === 1) key = "oneClaim";
      else if (model.first === model.last) key = "oneDay";
      else if (!model.faces.n) key = "noAreas";
      if (!key) return;
      const notice = $("notice");
      notice.hidden = false;
      const claims = key === "noPeriods" && el("button.notice-button", { type: "button", onclick: () => app.openPanel("claims") }, app.say("allClaims"));
      fill(notice, app.say("state." + key), claims);
      document.body.dataset.state = key;
      if (!app.bare) return;
      document.body.classList.add("bare");
      document.body.classList.toggle("landless", !tiles && !base.land.length);
    }

    function wire() {
      if (tiles) {
        M.basemap.layTiles(app, tiles, true);
      }
      map.on("moveend", () => {
        const centre = map.getCenter();
        store.set({ view: [centre.lat, centre.lng, map.getZoom()] });
      });
      map.on("click", (event) => {
        const cell = app.layer.cellAt(event.latlng);
        if (cell >= 0) app.select(cell, false);
        else if (!model.faces.n) app.select(nearest(event.containerPoint), false);
        else store.set({ cell: -1, claim: -1, panel: store.get().panel === "history" ? "" : store.get().panel });
      });
      let hovering = 0;
      map.on("mousemove", (event) => {
        if (hovering) return;
        hovering = requestAnimationFrame(() => {
          hovering = 0;
          app.layer.set({ hover: app.layer.cellAt(event.latlng) });
        });
      });
      map.on("mouseout", () => app.layer.set({ hover: -1 }));
      map.getContainer().addEventListener("keydown", (event) => {
        if (event.key === "Enter" && event.target === map.getContainer()) app.select(app.layer.cellAt(map.getCenter()), false);
      });
      $("zoom-in").addEventListener("click", () => map.zoomIn(1));
      $("zoom-out").addEventListener("click", () => map.zoomOut(1));
      $("zoom-home").addEventListener("click", fit);
      for (const button of document.querySelectorAll("button[data-panel]")) {
        button.addEventListener("click", () => {
          const { panel } = button.dataset;
          store.set(store.get().panel === panel ? { panel: "" } : { panel });
        });
      }
      document.addEventListener("keydown", (event) => {
        if (event.ctrlKey || event.altKey || event.metaKey) return;
        if (event.key === "Escape" && store.get().panel) app.closePanel();
        else if (event.target.closest("input, select, textarea")) return;
        else if (event.key === " ") {
          if (event.target.closest("button, a, summary, .list")) return; // theirs; all other keys are the page's
          event.preventDefault();
          app.transport.toggle();
        } else if (event.key === "/") {
          event.preventDefault();
          app.openPanel("search");
        } else if (event.key === "," || event.key === ".") app.transport.step(event.key === "," ? -1 : 1);
      });
      let announcing = 0;
      store.subscribe((state, changed) => {
        if (!changed.has("day") || state.playing) return;
        clearTimeout(announcing);
        announcing = setTimeout(app.announce, 500);
      });
      addEventListener("hashchange", read);
      new ResizeObserver(() => {
        if (app.printing) return;
        const all = whole();
        map.invalidateSize({ animate: false, pan: true });
        if (all) fit();
      }).observe($("stage"));
      new ResizeObserver(() => app.printing || app.timeline.draw()).observe($("track"));
      dark.addEventListener("change", () => store.get().theme === "auto" && app.retheme());
    }

    function nearest(point) {
      let best = -1;
      let least = 24;
      for (let c = 0; c < model.cells.n; c++) {
        const place = app.place(c);
        if (!place || place.lat === null) continue;
        const at = map.latLngToContainerPoint([place.lat, model.unrolled(place.lon)]);
        const far = at.distanceTo(point);
        if (far < least) {
          least = far;
          best = c;
        }
      }
      return best;
    }

    return app;
  }

  M.start = start;
})((globalThis.Mapper = globalThis.Mapper || {}));
