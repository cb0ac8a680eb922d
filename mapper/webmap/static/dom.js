// The one door by which text enters the document: elements are made here and words go in as text nodes.
"use strict";
(function (M) {
  // el("a.source", {href}, "words", child…): classes after dots; attributes as given; on* are listeners.
  function el(kind, props, ...children) {
    const [tag, ...classes] = kind.split(".");
    const node = document.createElement(tag);
    if (classes.length) node.className = classes.join(" ");
    for (const [key, value] of Object.entries(props || {})) {
      if (value === null || value === undefined || value === false) continue;
      if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
      else if (key === "dataset") Object.assign(node.dataset, value);
      else if (key in node && key !== "list" && typeof value !== "string") node[key] = value;
      else node.setAttribute(key, value === true ? "" : value);
    }
    append(node, children);
    return node;
  }

  function append(node, children) {
    for (const child of children.flat(3)) {
      if (child === null || child === undefined || child === false || child === "") continue;
      node.append(child instanceof Node ? child : document.createTextNode(String(child)));
    }
    return node;
  }

  function fill(node, ...children) {
    node.replaceChildren();
    return append(node, children);
  }

  // Paint a box anew and leave the focus where it was: on the node of the same data-key, else on the one in the same order.
  const FOCUSABLE = "a[href], button:not(:disabled), input, select, summary, [tabindex]";
  function keep(box, paint, spare) {
    const had = document.activeElement;
    if (!had || had === box || !box.contains(had)) {
      paint();
      return;
    }
    const all = () => Array.from(box.querySelectorAll(FOCUSABLE));
    const at = all().indexOf(had);
    const { key } = had.dataset;
    paint();
    if (box.contains(document.activeElement)) return; // it never left, or the painter chose
    const now = all();
    const alike = (node) => node && node.tagName === had.tagName && node.className === had.className;
    const heir = key ? now.find((node) => node.dataset.key === key) : alike(now[at]) && now[at];
    (heir || spare || box).focus({ preventScroll: true });
  }

  const $ = (id) => document.getElementById(id);

  // A name in whatever script, kept from turning the sentence around it.
  function name(text) {
    return el("bdi", { dir: "auto" }, text);
  }

  // A sentence with names in it: "{place} taken by {actor}" and nodes for the braces.
  function sentence(template, parts) {
    return template.split(/(\{\w+\})/).map((piece) => {
      const key = /^\{(\w+)\}$/.exec(piece);
      return key ? (key[1] in parts ? parts[key[1]] : "") : piece;
    });
  }

  function link(url, ...children) {
    const safe = M.format.safeUrl(url);
    if (!safe) return el("span", {}, ...children);
    return el("a", { href: safe, target: "_blank", rel: "noopener noreferrer" }, ...children);
  }

  // What make returns, or what stands in its place where it fails: one bad entry hides no other. The console hears of it.
  function attempt(make, instead) {
    try {
      return make();
    } catch (error) {
      reportError(error);
      return instead();
    }
  }

  function save(name, type, content) {
    const url = URL.createObjectURL(content instanceof Blob ? content : new Blob([content], { type }));
    const anchor = el("a", { href: url, download: name });
    document.body.append(anchor);
    anchor.click();
    anchor.remove();
    setTimeout(() => URL.revokeObjectURL(url), 4000);
  }

  const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
  // Whether what one asks for comes as a sheet from below: as in mapper.css.
  const narrow = () => matchMedia("(max-width: 760px) and (min-height: 501px), (max-width: 560px)").matches;

  M.dom = { el, append, fill, keep, $, name, sentence, link, attempt, save, calm, narrow };
})((globalThis.Mapper = globalThis.Mapper || {}));
