// Damaged payloads into the page's decoder until the time is up: it gives a model or throws an Error, soon, and does not grow.
//
// `node tests/fuzz/decoder.cjs PAGE.html [seconds] [seed]`: PAGE is any map that mapper made. Exit code 1 on a fault.
"use strict";
const fs = require("node:fs");
const path = require("node:path");
const zlib = require("node:zlib");
const { decode } = require(path.join(__dirname, "..", "web", "load.cjs"))("decode.js");

const HANG = 5000; // ms one payload may take
const GROWTH = 300; // MB
const [page, seconds = "60", seed = "1"] = process.argv.slice(2);
const html = fs.readFileSync(page, "utf8");
const block = (name) => html.match(new RegExp(`<script[^>]*id="payload-${name}"[^>]*>([\\s\\S]*?)</script>`))[1].trim();
const core = block("core");
const packed = Buffer.from(block("data"), "base64");
const plain = zlib.inflateRawSync(packed);

let state = Number(seed) >>> 0 || 1;
function random(below) {
  // xorshift32: the same inputs on every run
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) % below;
}

function damagedBytes(bytes) {
  let raw = Buffer.from(bytes);
  for (let n = 1 + random(6); n > 0; n--) {
    const at = random(raw.length + 1);
    const kind = random(5);
    if (kind === 0 && at < raw.length) raw[at] = random(256);
    else if (kind === 1) raw = raw.subarray(0, at);
    else if (kind === 2) raw = Buffer.concat([raw.subarray(0, at), Buffer.alloc(1 + random(9), 0xff), raw.subarray(at)]);
    else if (kind === 3) raw = Buffer.concat([raw.subarray(0, at), raw.subarray(at + 1 + random(40))]);
    else for (let k = at; k < Math.min(raw.length, at + 8); k++) raw[k] = random(256);
  }
  return raw;
}

const NUMBERS = [0, -1, 1, 0.5, 1e9, -1e9, 2 ** 31, 2 ** 53, 1e308, null, "x", [], {}, true];
function damagedCore() {
  const value = JSON.parse(core);
  for (let n = 1 + random(3); n > 0; n--) {
    let at = value;
    for (let depth = random(4); ; depth--) {
      const keys = Object.keys(at);
      if (!keys.length) break;
      const key = keys[random(keys.length)];
      if (depth > 0 && at[key] && typeof at[key] === "object") at = at[key];
      else {
        if (random(4) === 0) delete at[key];
        else at[key] = NUMBERS[random(NUMBERS.length)];
        break;
      }
    }
  }
  return value;
}

const known = new Set();
function attempt(name, work) {
  const begun = performance.now();
  let fault = "";
  try {
    work();
  } catch (error) {
    // a damaged page says so; the engine's own complaints about sizes and types are part of that
    if (!(error instanceof Error)) fault = `threw ${error}`;
  }
  const took = performance.now() - begun;
  if (took > HANG) fault = `took ${Math.round(took)} ms`;
  if (fault && !known.has(name + fault)) {
    known.add(name + fault);
    console.log(`decoder: ${name}: ${fault}`);
  }
}

const end = performance.now() + 1000 * Number(seconds);
let tried = 0;
let before = 0;
while (performance.now() < end) {
  const inflated = damagedBytes(packed);
  attempt("inflate", () => decode.inflate(inflated));
  const bytes = random(3) ? damagedBytes(plain) : plain;
  const changed = random(3) ? JSON.parse(core) : damagedCore();
  attempt("model", () => decode.objection(changed) || decode.model(changed, bytes));
  tried += 2;
  if (tried === 200) before = process.memoryUsage().rss;
}
const grew = before ? (process.memoryUsage().rss - before) / 2 ** 20 : 0;
if (grew > GROWTH) known.add("growth");
console.log(`decoder: ${tried} payloads in ${seconds} s, ${known.size} faults, memory +${Math.round(grew)} MB`);
process.exitCode = known.size ? 1 : 0;
