// Loads the page's pure scripts into this process, as the page would, and returns the one global they make.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const vm = require("node:vm");

const STATIC = path.join(__dirname, "..", "..", "mapper", "webmap", "static");

module.exports = function load(...names) {
  for (const name of names) {
    const file = path.join(STATIC, name);
    vm.runInThisContext(fs.readFileSync(file, "utf8"), { filename: file });
  }
  return globalThis.Mapper;
};
