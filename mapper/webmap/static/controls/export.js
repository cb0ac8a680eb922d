// Take away: a link, a picture, tables, shapes; and the page's credits.
"use strict";
(function (M) {
  const COLUMNS = ["id", "date_from", "date_before", "edtf", "place_id", "place", "place_text", "lat", "lon", "country", "predicate", "actor", "actor_text", "other", "other_text", "share", "modality", "extent", "confidence", "said_by", "publisher", "published", "url", "quote", "note", "not_mapped_because"];

  function claimRows(evidence, actors, kept) {
    const c = evidence.claims;
    const p = evidence.places;
    const day = (value) => (value === null ? "" : M.format.iso(value));
    const actor = (a) => (a >= 0 ? actors[a].id : "");
    return [COLUMNS].concat(
      kept.map((i) => {
        const place = c.place[i];
        const at = (column) => (place >= 0 && p[column][place] !== null ? p[column][place] : "");
        return [c.id[i], day(c.from[i]), day(c.to[i]), c.edtf[i], at("id"), at("name"), c.placeText[i], at("lat"), at("lon"), at("country"), c.predicates[c.predicate[i]], actor(c.actor[i]), c.actorText[i], actor(c.other[i]), c.otherText[i], c.share[i] === null ? "" : c.share[i], c.modalitys[c.modality[i]], c.extent[i], c.confidence[i], c.saidBy[i], c.publishers[c.publisher[i]], day(c.published[i]), c.url[i], c.quote[i], c.note[i], c.reasons[c.reason[i]]];
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
    const { el, fill, save } = M.dom;
    const { model, store, say } = app;
    const stem = () => (M.format.fold(model.title || "map").replace(/ /g, "-").slice(0, 60) || "map") + (app.bare ? "" : "-" + M.format.iso(store.get().day));

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

    function savePicture() {
      app.picture.sheet().toBlob((blob) => save(stem() + ".png", "image/png", blob));
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
    return { claimsCsv, saveGeojson, savePicture, copyLink };
  }

  M.exporter = { createExporter, claimRows, geojson, COLUMNS };
})((globalThis.Mapper = globalThis.Mapper || {}));
