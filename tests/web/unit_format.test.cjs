"use strict";
const test = require("node:test");
const assert = require("node:assert/strict");
const { format, strings } = require("./load.cjs")("strings.js", "format.js");
const say = strings.sayer("en");

test("a day and its ISO form are one, before 1970 and across leap years", () => {
  for (const iso of ["1900-02-28", "1969-12-31", "1970-01-01", "2000-02-29", "2001-09-09", "2014-06-10", "2100-03-01"]) {
    assert.equal(format.iso(format.dayOf(iso)), iso);
  }
  assert.equal(format.dayOf("1970-01-01"), 0);
  assert.equal(format.dayOf("1969-12-31"), -1);
});

test("a date that does not exist is no date", () => {
  for (const text of ["2015-02-29", "2015-13-01", "2015-00-10", "2015-04-31", "", "today", "2015-1-1"]) assert.equal(format.dayOf(text), null);
});

test("consecutive days differ by one, for four hundred years", () => {
  let day = format.dayOf("1800-01-01");
  for (let year = 1800; year < 2200; year++) {
    for (let month = 1; month <= 12; month++) {
      assert.equal(format.civil(year, month, 1), day);
      day += month === 2 ? (new Date(Date.UTC(year, 2, 0)).getUTCDate()) : [4, 6, 9, 11].includes(month) ? 30 : 31;
    }
  }
});

test("a month on from the 31st is the last day of a shorter month", () => {
  assert.equal(format.iso(format.addMonths(format.dayOf("2015-01-31"), 1)), "2015-02-28");
  assert.equal(format.iso(format.addMonths(format.dayOf("2016-01-31"), 1)), "2016-02-29");
  assert.equal(format.iso(format.addMonths(format.dayOf("2014-01-15"), -1)), "2013-12-15");
});

test("an interval is said as exactly as it is known", () => {
  const d = format.dayOf;
  assert.equal(format.span(d("2017-07-01"), d("2017-08-01"), "en-GB", say), "July 2017");
  assert.equal(format.span(d("2014-01-01"), d("2015-01-01"), "en-GB", say), "2014");
  assert.equal(format.span(d("2014-06-10"), d("2014-06-11"), "en-GB", say), "10 Jun 2014");
  assert.equal(format.span(null, null, "en-GB", say), "no date");
  assert.match(format.span(null, d("2014-06-10"), "en-GB", say), /^before/);
  assert.match(format.span(d("2014-06-10"), null, "en-GB", say), /^since/);
  assert.match(format.span(d("2014-06-04"), d("2014-06-11"), "en-GB", say), /4 Jun 2014 to 10 Jun 2014/);
});

test("folding ignores case, accents, apostrophes and Arabic marks", () => {
  assert.equal(format.fold("Al-Qā’im"), format.fold("al qaim"));
  assert.equal(format.fold("ÉLAZIĞ"), "elazig");
  assert.equal(format.fold("الرَّقّة"), format.fold("الرقه"));
  assert.equal(format.fold("کرکوک"), format.fold("كركوك")); // Persian and Arabic letters
  assert.equal(format.fold("علی"), format.fold("على"));
});

test("romanisations of one name sound alike", () => {
  for (const [a, b] of [["Al-Raqqa", "Raqqah"], ["Deir ez-Zor", "Dayr az Zawr".replace("Dayr", "Deir").replace("Zawr", "Zor")], ["Tell Abyad", "Tel Abyad"], ["Hawija", "Hawijah"], ["Douma", "Duma"], ["Kobanê", "Kobani"], ["Fallouja", "al-Fallujah"]]) {
    assert.equal(format.sound(a), format.sound(b), a + " / " + b);
  }
  assert.notEqual(format.sound("Mosul"), format.sound("Manbij"));
});

test("only web addresses become links", () => {
  assert.equal(format.safeUrl("https://example.org/a?b=c"), "https://example.org/a?b=c");
  assert.equal(format.safeUrl("https://example.org/Battle_of_Ra's_al-Ayn"), "https://example.org/Battle_of_Ra's_al-Ayn");
  for (const bad of ["javascript:alert(1)", "data:text/html,x", "//example.org", " https://e.org", 'https://e.org/"onclick=', "", null]) assert.equal(format.safeUrl(bad), "");
});

test("an address that the browser refuses is no link and no name, and throws nothing", () => {
  for (const bad of ["http://[", "http://%zz/", "https://e.org:99999/", "http://999.1.1.1/", "https://ex^a/", "https:///a", "https://?q", {}, 7]) {
    assert.equal(format.safeUrl(bad), "", String(bad));
    assert.equal(format.sourceName({ publishers: [""], publisher: [0], url: [bad], title: ["A title"] }, 0), "A title");
  }
});

test("cells that a spreadsheet would run are defused, numbers are not", () => {
  assert.equal(format.csvCell('=HYPERLINK("http://x")'), '"\'=HYPERLINK(""http://x"")"');
  for (const start of ["=", "+", "-", "@", "\t", "\r"]) assert.ok(format.csvCell(start + "cmd").replace(/^"/, "").startsWith("'"));
  for (const start of "\uff1d\uff0b\uff0d\uff20") assert.ok(format.csvCell(start + "1+1").startsWith("'"), start);
  assert.equal(format.csvCell("Rawa;=1+1;-2;'=3"), "\"Rawa;'=1+1;-2;''=3\"");
  assert.equal(format.csvCell('a\n"=1+1"'), '"a\n\'""=1+1"""');
  assert.equal(format.csvCell(-3.5), "-3.5");
  assert.equal(format.csv([["a", 'b"c', "d,e"]]), 'a,"b""c","d,e"\r\n');
});

test("the marks in a quote are whole words and never lose a letter", () => {
  const quote = "Iraqi forces took Rawa from IS on Friday; Iraq said so.";
  const runs = format.marked(quote, [["actor", "Iraq"], ["place", "rawa"], ["other", "IS"], ["other", "Islamic State"]]);
  assert.equal(runs.map((r) => r.text).join(""), quote);
  assert.deepEqual(runs.filter((r) => r.mark).map((r) => [r.mark, r.text]), [["place", "Rawa"], ["other", "IS"], ["actor", "Iraq"]]);
});

test("every language has every string, with the same braces", () => {
  const braces = (text) => (text.match(/\{\w+\}/g) || []).sort().join();
  for (const [code, table] of Object.entries(strings.TABLE)) {
    for (const [key, english] of Object.entries(strings.TABLE.en)) {
      if (!(key in table)) {
        assert.match(key, /^(key-|keys-)|\.one$/, code + " lacks " + key);
        continue;
      }
      if (!key.endsWith(".one")) assert.equal(braces(table[key]), braces(english), code + ": " + key);
    }
    for (const key of Object.keys(table)) assert.ok(key in strings.TABLE.en, code + " has a stray " + key);
  }
});

test("a source is called by its publisher, its address, its title, in this order", () => {
  const claims = {
    publishers: ["", "A Paper"], publisher: [1, 0, 0, 0],
    url: ["https://example.org/1", "https://example.org/2", "javascript:alert(1)", ""],
    title: ["One", "Two", "Three", ""],
  };
  assert.deepEqual([0, 1, 2, 3].map((i) => format.sourceName(claims, i)), ["A Paper", "example.org", "Three", ""]);
});
