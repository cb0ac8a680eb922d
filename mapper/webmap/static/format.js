// Days, numbers and text. A day is an integer counted from 1970-01-01; no time zone ever enters.
"use strict";
(function (M) {
  const DAY_MS = 86400000;

  function dayOf(iso) {
    const match = /^([+-]?\d{4,6})-(\d\d)-(\d\d)$/.exec(String(iso));
    if (!match) return null;
    return civil(Number(match[1]), Number(match[2]), Number(match[3]));
  }

  // Days since 1970-01-01 of a proleptic Gregorian date; null when there is no such date.
  function civil(year, month, date) {
    if (month < 1 || month > 12 || date < 1 || date > monthLength(year, month)) return null;
    const stamp = new Date(0);
    stamp.setUTCFullYear(year, month - 1, date);
    return Math.round(stamp.getTime() / DAY_MS);
  }

  function monthLength(year, month) {
    if (month === 2) return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
    return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  }

  function parts(day) {
    const stamp = new Date(day * DAY_MS);
    return { year: stamp.getUTCFullYear(), month: stamp.getUTCMonth() + 1, date: stamp.getUTCDate() };
  }

  function iso(day) {
    const { year, month, date } = parts(day);
    return String(year).padStart(4, "0") + "-" + String(month).padStart(2, "0") + "-" + String(date).padStart(2, "0");
  }

  // The same date some months later; the 31st becomes the last day of a shorter month.
  function addMonths(day, count) {
    const { year, month, date } = parts(day);
    const index = year * 12 + month - 1 + count;
    const toYear = Math.floor(index / 12);
    const toMonth = index - toYear * 12 + 1;
    return civil(toYear, toMonth, Math.min(date, monthLength(toYear, toMonth)));
  }

  const makers = new Map();
  function maker(locale, options) {
    const key = locale + JSON.stringify(options);
    if (!makers.has(key)) makers.set(key, new Intl.DateTimeFormat(locale, { timeZone: "UTC", ...options }));
    return makers.get(key);
  }

  function words(day, locale, options) {
    return maker(locale || "en", options || { day: "numeric", month: "long", year: "numeric" }).format(new Date(day * DAY_MS));
  }

  function short(day, locale) {
    return words(day, locale, { day: "numeric", month: "short", year: "numeric" });
  }

  // An interval in words, as exact as the text was: a day, a month, a year, or "between … and …".
  function span(from, to, locale, say) {
    if (from === null && to === null) return say("undated");
    if (from === null) return say("before", { date: short(to, locale) });
    if (to === null) return say("since", { date: short(from, locale) });
    if (to - from <= 1) return short(from, locale);
    const a = parts(from);
    const b = parts(to);
    if (a.date === 1 && b.date === 1) {
      const months = (b.year - a.year) * 12 + b.month - a.month;
      if (months === 1) return words(from, locale, { month: "long", year: "numeric" });
      if (months === 12 && a.month === 1) return String(a.year);
    }
    return say("between", { from: short(from, locale), to: short(to - 1, locale) });
  }

  const numerals = new Map(); // making a NumberFormat costs more than a frame can spare
  function numeral(locale, options) {
    const key = locale + (options ? options.style : "");
    if (!numerals.has(key)) numerals.set(key, new Intl.NumberFormat(locale || "en", options));
    return numerals.get(key);
  }

  function km2(value, locale) {
    const round = value >= 10000 ? 100 : value >= 1000 ? 10 : 1;
    return numeral(locale).format(Math.round(value / round) * round) + "\u00a0km²";
  }

  function number(value, locale) {
    return numeral(locale).format(value);
  }

  function percent(value, locale) {
    return numeral(locale, { style: "percent", maximumFractionDigits: 0 }).format(value);
  }

  // What search compares: case, accents, Arabic marks, articles' hyphens and apostrophes folded away.
  function fold(text) {
    return String(text)
      .normalize("NFKD")
      .replace(/[\u0300-\u036f\u064b-\u065f\u0670\u0640]/g, "")
      .replace(/[أإآٱ]/g, "ا")
      .replace(/[ىی]/g, "ي")
      .replace(/ک/g, "ك")
      .replace(/ة/g, "ه")
      .toLowerCase()
      .replace(/ı/g, "i")
      .replace(/[ʻʼʿʾ’‘'\u0060´]/g, "")
      .replace(/[^\p{L}\p{N}]+/gu, " ")
      .trim();
  }

  // One spelling for the romanisations of a name: articles, doubled letters, ou/u, ee/i, what vowel a longer word ends in.
  function sound(text) {
    return fold(text)
      .replace(/\b(al|el|ad|ed|an|en|ar|er|as|es|ash|esh|at|et|az|ez) /g, "")
      .replace(/ou|oo/g, "u")
      .replace(/ee|ei|ey|ie/g, "i")
      .replace(/[eo]/g, (vowel) => (vowel === "e" ? "a" : "u"))
      .replace(/q/g, "k")
      .replace(/y/g, "i")
      .replace(/a?h\b/g, "a")
      .replace(/([a-z]{3})[aiu]+\b/g, "$1")
      .replace(/(.)\1+/g, "$1")
      .replace(/ /g, "");
  }

  // The parsed web address in a text, null where there is none: a browser refuses more than a pattern can say.
  function address(text) {
    const bare = String(text || "");
    if (!/^https?:\/\/[^\s<>"/\\?#][^\s<>"]*$/i.test(bare)) return null;
    try {
      return new URL(bare);
    } catch {
      return null;
    }
  }

  function safeUrl(text) {
    return address(text) ? String(text) : "";
  }

  // What to call the source of claim i: its publisher, else the host of its address, else its title (or file); "" for none.
  function sourceName(claims, i) {
    const at = address(claims.url[i]);
    return claims.publishers[claims.publisher[i]] || (at ? at.hostname : claims.title[i]) || "";
  }

  // A CSV cell that a spreadsheet would run as a formula gets an apostrophe before it; full-width signs are formulas in
  // East Asian locales. So does a piece of a cell: where lists are parted by semicolons, a file with commas is cut there,
  // and at tabs and line ends, whatever the quotes.
  const FORMULA = /^'*[=+\-@\uff0b\uff0d\uff1d\uff20]/;
  const PIECE = /^['"]*[=+\-@\uff0b\uff0d\uff1d\uff20]/;
  const NUMBER = /^[-+]?(\d+(\.\d*)?|\.\d+)(e[-+]?\d+)?$/i;
  function csvCell(value) {
    let text = value === null || value === undefined ? "" : String(value);
    const whole = /^'*[\t\r\n]/.test(text) || (FORMULA.test(text) && !NUMBER.test(text)) ? "'" : "";
    text = whole + text.split(/([;\t\r\n])/).map((piece, at) => (at && PIECE.test(piece) && !NUMBER.test(piece) ? "'" + piece : piece)).join("");
    return /[",;\t\r\n]/.test(text) ? '"' + text.replace(/"/g, '""') + '"' : text;
  }

  function csv(rows) {
    return rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";
  }

  // A quote cut into plain and marked runs: [{text, mark}] with mark "", "place", "actor" or "other". Of several names for
  // one mark the first that occurs as whole words counts.
  function marked(quote, names) {
    const found = [];
    const done = new Set();
    for (const [mark, name] of names) {
      if (!name || done.has(mark)) continue;
      const at = whole(quote, name);
      if (at < 0 || found.some((f) => at < f.end && f.at < at + name.length)) continue;
      done.add(mark);
      found.push({ at, end: at + name.length, mark });
    }
    found.sort((a, b) => a.at - b.at);
    const runs = [];
    let here = 0;
    for (const { at, end, mark } of found) {
      if (at > here) runs.push({ text: quote.slice(here, at), mark: "" });
      runs.push({ text: quote.slice(at, end), mark });
      here = end;
    }
    if (here < quote.length) runs.push({ text: quote.slice(here), mark: "" });
    return runs;
  }

  // Where a name stands in a text with no letter or digit touching it; -1 if nowhere.
  function whole(text, name) {
    const letter = /[\p{L}\p{N}]/u;
    const low = text.toLowerCase();
    const wanted = name.toLowerCase();
    if (low.length !== text.length || wanted.length !== name.length) return text.indexOf(name); // folding moved the letters
    for (let at = low.indexOf(wanted); at >= 0; at = low.indexOf(wanted, at + 1)) {
      if (!letter.test(low[at - 1] || " ") && !letter.test(low[at + wanted.length] || " ")) return at;
    }
    return -1;
  }

  M.format = { dayOf, civil, parts, iso, addMonths, words, short, span, km2, number, percent, fold, sound, safeUrl, sourceName, csvCell, csv, marked };
})((globalThis.Mapper = globalThis.Mapper || {}));
