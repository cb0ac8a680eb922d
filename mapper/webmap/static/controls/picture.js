// The map as a picture: alone (for paper), or on a sheet with its title, date, legend, key and credits.
"use strict";
(function (M) {
  const EDGE = 22; // px left free at the sides of the sheet
  const COLUMN = 250; // px a column of the legend needs at least

  function createPicture(app) {
    const { model, store, say } = app;

    // The canvases of the map as they stand on the screen, at (0, top) of a context; of two dates each on its side.
    function map(c, top) {
      const theme = app.theme();
      const { view, canvas } = app.layer;
      const size = app.map.getSize();
      const { ratio } = view;
      c.fillStyle = theme.sea;
      c.fillRect(0, top, size.x, size.y);
      if (app.tilesOpen) tiles(c, top, size);
      const state = store.get();
      const compare = state.mode === "compare";
      const cut = compare ? state.swipe * size.x : 0;
      for (const name of M.layer.NAMES) {
        if (name === "before" && !compare) continue;
        const from = name === "faces" ? cut : 0;
        const to = name === "before" ? cut : size.x;
        if (to > from) c.drawImage(canvas[name], (view.left + from) * ratio, view.top * ratio, (to - from) * ratio, size.y * ratio, from, top, to - from, size.y);
      }
      if (!compare) return;
      c.fillStyle = theme.ink;
      c.fillRect(cut - 1, top, 2, size.y);
      c.font = "500 13px " + app.font.sans;
      for (const [day, left, right, side] of [[state.other, 0, cut, -1], [state.day, cut, size.x, 1]]) {
        const words = M.format.short(day, app.locale());
        const wide = c.measureText(words).width + 20;
        if (right - left < wide + 24) continue;
        const x = side < 0 ? cut - 12 - wide : cut + 12;
        c.fillStyle = theme.ink;
        c.fillRect(x, top + 14, wide, 26);
        c.fillStyle = theme.halo;
        put(c, words, x + 10, top + 32, "left");
      }
    }

    // The loaded tiles, where they stand on the screen, cut at the map's edges.
    function tiles(c, top, size) {
      const frame = app.map.getContainer().getBoundingClientRect();
      c.save();
      c.beginPath();
      c.rect(0, top, size.x, size.y);
      c.clip();
      for (const image of app.tileLayer.getContainer().querySelectorAll("img.leaflet-tile-loaded")) {
        const at = image.getBoundingClientRect();
        c.drawImage(image, at.left - frame.left, top + at.top - frame.top, at.width, at.height);
      }
      c.restore();
    }

    // Words in the direction of their own script, whatever the page's.
    function put(c, text, x, y, align) {
      c.direction = direction(text);
      c.textAlign = align;
      c.fillText(text, x, y);
    }
    const direction = (text) => {
      const letter = /\p{L}/u.exec(text);
      return letter && /[\u0590-\u08ff\ufb1d-\ufefc]/.test(letter[0]) ? "rtl" : "ltr";
    };

    function lines(c, text, width) {
      const out = [];
      for (const word of text.split(" ")) {
        const longer = out.length ? out[out.length - 1] + " " + word : word;
        if (out.length && c.measureText(longer).width <= width) out[out.length - 1] = longer;
        else out.push(word);
      }
      return out;
    }

    // What the sheet is made of, from above to below: each a height and a hand that draws it there.
    function parts(c, width) {
      const theme = app.theme();
      const { sans, serif } = app.font;
      const locale = app.locale();
      const state = store.get();
      const rtl = document.documentElement.dir === "rtl";
      const wide = width - 2 * EDGE;
      const start = rtl ? "right" : "left";
      const at = (x) => (rtl ? width - EDGE - x : EDGE + x); // px from where reading starts
      const list = [];
      const text = (words, font, high, ink) => {
        c.font = font;
        for (const line of lines(c, words, wide)) {
          list.push({ high, draw: (y) => {
            c.font = font;
            c.fillStyle = ink || theme.ink;
            put(c, line, at(0), y + high * 0.76, start);
          } });
        }
      };
      const gap = (high) => list.push({ high, draw: () => 0 });
      // Rows of a mark and words side by side in as many columns as there is room for.
      const table = (items, least) => {
        const columns = Math.max(1, Math.min(4, Math.floor((wide + 24) / (least + 24))));
        const each = (wide - 24 * (columns - 1)) / columns;
        for (let k = 0; k < items.length; k += columns) {
          list.push({ high: 24, draw: (y) => items.slice(k, k + columns).forEach((item, n) => {
            const x = n * (each + 24);
            const mark = item.mark.width;
            c.drawImage(item.mark, rtl ? at(x) - mark / item.ratio : at(x), y + 3, mark / item.ratio, item.mark.height / item.ratio);
            c.font = "400 13px " + sans;
            c.fillStyle = theme.ink;
            const end = item.value ? c.measureText(item.value).width : 0;
            if (item.value) {
              c.direction = "ltr";
              c.textAlign = rtl ? "left" : "right";
              c.fillText(item.value, at(x + each), y + 17);
            }
            c.font = "500 13px " + sans;
            const from = mark / item.ratio + 9;
            c.direction = direction(item.words);
            c.textAlign = start;
            c.fillText(item.words, at(x + from), y + 17, each - from - (end ? end + 12 : 0));
          }) });
        }
      };
      gap(14);
      text(model.title || say("untitled"), "500 17px " + serif, 24);
      const large = width < 560 ? 34 : 46;
      if (!app.bare) text(M.format.words(state.day, locale), "400 " + large + "px " + serif, large + 10);
      if (state.mode !== "moment") text(say(app.otherKey(), { date: M.format.words(state.other, locale) }), "400 15px " + sans, 22);
      gap(10);
      const size = app.map.getSize();
      list.push({ high: size.y, draw: (y) => map(c, y) });
      gap(10);
      const mark = (look, w) => {
        const canvas = document.createElement("canvas");
        M.inks.swatch(canvas, look, app.colour, theme, w, 18);
        return { mark: canvas, ratio: canvas.height / 18 };
      };
      table(app.actorsShown().map(({ actor, km2 }) => ({ ...mark(M.inks.plain(actor, 0), 18), words: model.actors[actor].name, value: M.format.km2(km2, locale) })), COLUMN);
      const key = app.legend.samples();
      if (key.length) {
        gap(8);
        text(say("key"), "600 12px " + sans, 22, theme.ink);
        table(key.map(({ look, label }) => ({ ...mark(look, 26), words: label })), 150);
      }
      gap(8);
      text(app.creditText(), "400 11px " + sans, 15);
      gap(10);
      return list;
    }

    function sheet() {
      const { ratio } = app.layer.view;
      const width = app.map.getSize().x;
      const canvas = document.createElement("canvas");
      const c = canvas.getContext("2d");
      const list = parts(c, width);
      const high = list.reduce((sum, part) => sum + part.high, 0);
      canvas.width = width * ratio;
      canvas.height = Math.ceil(high * ratio);
      c.scale(ratio, ratio);
      c.fillStyle = app.theme().halo;
      c.fillRect(0, 0, width, high);
      c.textBaseline = "alphabetic";
      let y = 0;
      for (const part of list) {
        part.draw(y);
        y += part.high;
      }
      return canvas;
    }

    // Onto a canvas of the page, as large as the map is now.
    function onto(canvas) {
      const { ratio } = app.layer.view;
      const size = app.map.getSize();
      canvas.width = size.x * ratio;
      canvas.height = size.y * ratio;
      const c = canvas.getContext("2d");
      c.scale(ratio, ratio);
      map(c, 0);
    }

    return { sheet, onto };
  }

  M.picture = { createPicture };
})((globalThis.Mapper = globalThis.Mapper || {}));
