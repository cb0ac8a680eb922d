// Take away: a link, a picture, tables, shapes; and the page's credits.
"use strict";
(function (M) {
  const COLUMNS = ["id", "date_from", "date_before", "edtf", "place_id", "place", "place_text", "lat", "lon", "country", "predicate", "actor", "actor_text", "other", "other_text", "share", "modality", "extent", "confidence", "said_by", "publisher", "published", "url", "quote", "not_mapped_because"];

  function claimRows(evidence, actors, kept) {
    const c = evidence.claims;
    const p = evidence.places;
    const day = (value) => (value === null ? "" : M.format.iso(value));
    const actor = (a) => (a >= 0 ? actors[a].id : "");
    return [COLUMNS].concat(
      kept.map((i) => {
        const place = c.place[i];
        const at = (column) => (place >= 0 && p[column][place] !== null ? p[column][place] : "");
        return [c.id[i], day(c.from[i]), day(c.to[i]), c.edtf[i], at("id"), at("name"), c.placeText[i], at("lat"), at("lon"), at("country"), c.predicates[c.predicate[i]], actor(c.actor[i]), c.actorText[i], actor(c.other[i]), c.otherText[i], c.share[i] === null ? "" : c.share[i], c.modalitys[c.modality[i]], c.extent[i], c.confidence[i], c.saidBy[i], c.publishers[c.publisher[i]], day(c.published[i]), c.url[i], c.quote[i], c.reasons[c.reason[i]]];
      }),
    );
  }

  // The date shown as RFC 7946: one feature per controller, status, basis and zone, shapes dissolved.
  function geojson(model, day) {
    const cursor = M.geometry.createCursor(model);
    const current = cursor.seek(day);
    const { faces, periods } = model;
    const groups = [null];
    const numbers = new Map();
    const value = new Int32Array(faces.n);
    for (let f = 0; f < faces.n; f++) {
      const p = current[faces.cell[f]];
      if (p < 0 || faces.zone[f] > 1) continue;
      const state = model.states[periods.state[p]];
      const uncertain = day < periods.full[p];
      const key = [state.status, state.actor, state.other, state.basis, faces.zone[f], uncertain].join();
      if (!numbers.has(key)) {
        numbers.set(key, groups.length);
        groups.push({ state, zone: faces.zone[f], uncertain, loops: [] });
      }
      value[f] = numbers.get(key);
    }
    if (model.arcs.n) M.geometry.createDissolver(model.arcs)(value, groups.length - 1, (v, edges, count) => groups[v].loops.push(Array.from(edges.subarray(0, count))));
    const named = (a) => (a >= 0 ? model.actors[a] : { id: "", name: "" });
    const features = groups.slice(1).map(({ state, zone, uncertain, loops }) => ({
      type: "Feature",
      properties: {
        date: M.format.iso(day),
        status: state.status,
        actor: named(state.actor).id,
        actor_name: named(state.actor).name,
        other: named(state.other).id,
        other_name: named(state.other).name,
        basis: state.basis,
        reach: zone === 0 ? "solid" : "presumed",
        start_uncertain: uncertain,
      },
      geometry: { type: "MultiPolygon", coordinates: M.geometry.polygons(model.arcs, loops) },
    }));
    return { type: "FeatureCollection", features };
  }

  function createExporter(app) {
    const { el, fill, save, $ } = M.dom;
    const { model, store, say } = app;
    const stem = () => (M.format.fold(model.title || "map").replace(/ /g, "-").slice(0, 60) || "map") + "-" + M.format.iso(store.get().day);

    async function claimsCsv() {
      await app.needEvidence();
      if (!app.evidence()) {
        app.notice(app.waiting());
        return;
      }
      const kept = app.claims.kept();
      if (!kept.length && app.evidence().claims.id.length) app.notice(say("noneMatch"));
      save(stem() + "-claims.csv", "text/csv;charset=utf-8", "\ufeff" + M.format.csv(claimRows(app.evidence(), model.actors, kept)));
    }

    function saveGeojson() {
      save(stem() + ".geojson", "application/geo+json", JSON.stringify(geojson(model, store.get().day)));
    }

    // The map as it is, with title, date, legend and credits on one sheet.
    function picture() {
      const theme = app.theme();
      const { view, canvas } = app.layer;
      const size = app.map.getSize();
      const ratio = view.ratio;
      const head = 118;
      const foot = 30;
      const actors = app.actorsShown();
      const side = Math.min(300, size.x * 0.4);
      const sheet = document.createElement("canvas");
      sheet.width = size.x * ratio;
      sheet.height = (size.y + head + foot) * ratio;
      const c = sheet.getContext("2d");
      c.scale(ratio, ratio);
      c.fillStyle = theme.halo;
      c.fillRect(0, 0, size.x, size.y + head + foot);
      c.fillStyle = theme.sea;
      c.fillRect(0, head, size.x, size.y);
      if (app.tilesOpen) tiles(c, head, size);
      const state = store.get();
      const cut = state.mode === "compare" ? state.swipe * size.x : 0;
      for (const name of M.layer.NAMES) {
        if (name === "before" && state.mode !== "compare") continue;
        const from = name === "faces" ? cut : 0;
        const to = name === "before" ? cut : size.x;
        if (to > from) c.drawImage(canvas[name], (view.left + from) * ratio, view.top * ratio, (to - from) * ratio, size.y * ratio, from, head, to - from, size.y);
      }
      if (cut) {
        c.fillStyle = theme.ink;
        c.fillRect(cut - 1, head, 2, size.y);
      }
      c.fillStyle = theme.ink;
      c.textBaseline = "alphabetic";
      c.direction = "ltr";
      c.font = "500 17px " + app.font.serif;
      c.fillText(model.title || say("untitled"), 22, 36, size.x - 44);
      c.font = "400 46px " + app.font.serif;
      const date = M.format.words(state.day, app.locale());
      c.fillText(date, 22, 86);
      if (state.mode !== "moment") {
        c.font = "400 15px " + app.font.sans;
        c.fillText(say(app.otherKey(), { date: M.format.words(state.other, app.locale()) }), 24, 108);
      }
      const rows = actors.slice(0, 8);
      const high = rows.length * 22 + 16;
      const x0 = size.x - side - 14;
      const y0 = head + size.y - high - 14;
      if (rows.length) {
        c.fillStyle = theme.halo;
        c.globalAlpha = 0.92;
        c.fillRect(x0, y0, side, high);
        c.globalAlpha = 1;
        rows.forEach(({ actor, km2 }, k) => {
          const y = y0 + 8 + k * 22;
          c.fillStyle = app.colour(actor);
          c.fillRect(x0 + 10, y + 4, 14, 14);
          c.fillStyle = theme.ink;
          c.font = "500 13px " + app.font.sans;
          c.fillText(model.actors[actor].name, x0 + 32, y + 15.5, side - 130);
          const value = M.format.km2(km2, app.locale());
          c.textAlign = "right";
          c.font = "400 13px " + app.font.sans;
          c.fillText(value, x0 + side - 10, y + 15.5);
          c.textAlign = "left";
        });
      }
      c.font = "400 11px " + app.font.sans;
      c.fillStyle = theme.ink;
      c.fillText(app.creditText(), 22, head + size.y + 19, size.x - 44);
      return sheet;
    }

    // The loaded tiles, where they stand on the screen, cut at the map's edges.
    function tiles(c, head, size) {
      const frame = app.map.getContainer().getBoundingClientRect();
      c.save();
      c.beginPath();
      c.rect(0, head, size.x, size.y);
      c.clip();
      for (const image of app.tileLayer.getContainer().querySelectorAll("img.leaflet-tile-loaded")) {
        const at = image.getBoundingClientRect();
        c.drawImage(image, at.left - frame.left, head + at.top - frame.top, at.width, at.height);
      }
      c.restore();
    }

    function savePicture() {
      picture().toBlob((blob) => save(stem() + ".png", "image/png", blob));
      if (app.tiles && !app.tilesOpen) app.notice(say("tilesLeftOut"));
    }

    async function copyLink(embed) {
      const link = location.href.split("#")[0] + app.hash({ embed });
      let copied = false;
      if (navigator.clipboard && globalThis.isSecureContext) {
        copied = await navigator.clipboard.writeText(link).then(() => true, () => false);
      }
      if (!copied) {
        const field = el("textarea", { readonly: true, "aria-hidden": "true", class: "off-screen" }, link);
        document.body.append(field);
        field.select();
        copied = document.execCommand("copy");
        field.remove();
      }
      app.notice(copied ? say("linkCopied") : link);
      return link;
    }

    function show({ title, body }) {
      title(say("share"));
      const locale = app.locale();
      const row = (label, hint, action) => el("button.action", { type: "button", onclick: action }, el("strong", {}, label), el("span", {}, hint));
      const option = (value, label, current) => el("option", { value, selected: value === current }, label);
      const state = store.get();
      fill(
        body,
        el(
          "div.actions",
          {},
          row(say("copyLink"), say("copyLinkHint"), () => copyLink(false)),
          row(say("copyEmbed"), say("copyEmbedHint"), () => copyLink(true)),
          row(say("png"), say("pngHint"), savePicture),
          row(say("csv"), say("csvHint"), () => claimsCsv()),
          row(say("geojson"), say("geojsonHint"), saveGeojson),
          row(say("print"), say("printHint"), () => globalThis.print()),
        ),
        el(
          "div.fields",
          {},
          el("label.field", {}, el("span", {}, say("language")), el("select", { onchange: (event) => store.set({ lang: event.target.value }) }, ...Object.entries(M.strings.NAMES).map(([code, label]) => option(code, label, app.language())))),
          el("label.field", {}, el("span", {}, say("theme")), el("select", { onchange: (event) => store.set({ theme: event.target.value }) }, option("auto", say("themeAuto"), state.theme), option("light", say("themeLight"), state.theme), option("dark", say("themeDark"), state.theme))),
        ),
        el("h3.small-title", {}, say("about")),
        el("p.where", {}, say(model.counts.articles ? "aboutText" : "aboutTable", { claims: M.format.number(model.counts.claims + model.counts.shares, locale), articles: M.format.number(model.counts.articles, locale) })),
        el("p.where", {}, say("borders")),
        el("p.where", {}, app.creditText()),
        model.issues.length ? el("p.where", {}, say("issues", { count: M.format.number(model.issues.reduce((sum, [, n]) => sum + n, 0), locale) })) : "",
        el("h3.small-title", {}, say("keys")),
        el("dl.keys", {}, ...["space", "arrows", "page", "home", "slash", "escape"].flatMap((key) => [el("dt", {}, say("key-" + key)), el("dd", {}, say("keys-" + key))])),
        el("p.where.versions", {}, Object.entries(model.versions).map(([what, version]) => what + " " + version).join(" · ")),
      );
    }

    app.panel.views.about = show;
    return { claimsCsv, saveGeojson, savePicture, picture, copyLink };
  }

  M.exporter = { createExporter, claimRows, geojson, COLUMNS };
})((globalThis.Mapper = globalThis.Mapper || {}));
