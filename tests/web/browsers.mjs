// The page in Firefox (puppeteer, WebDriver BiDi) and in WebKit, Safari's engine (WebKitWebDriver): node browsers.mjs PAGE.
// Not part of make test: few machines have both. A browser that is not there is named; exit code 1 when one fails.
import { execFileSync, spawn } from "node:child_process";
import { pathToFileURL } from "node:url";
import { setTimeout as sleep } from "node:timers/promises";

const page = pathToFileURL(process.argv[2]).href;

// What a visitor does, with what must come of it: each runs in the page and returns true.
const STEPS = {
  "the page is ready": "document.documentElement.dataset.evidence === 'true'",
  "the date moves": "(Mapper.app.go(Mapper.app.model.first + 300), document.getElementById('date-year').textContent.length > 0)",
  "areas are painted while it moves": "(() => { Mapper.app.go(Mapper.app.model.first + 301); return painted(); })()",
  "and when it rests": "new Promise((done) => setTimeout(() => done(painted()), 900))",
  "a place has its history": "(Mapper.app.select(Mapper.app.cellOfPlace(Mapper.app.evidence().claims.place[0]), false), document.querySelectorAll('#panel .quote').length > 0)",
  "claims are listed": "(Mapper.app.openPanel('claims'), document.querySelectorAll('.row').length > 3)",
  "dates compare": "(Mapper.app.store.set({ mode: 'compare', other: Mapper.app.model.first + 30 }), !document.getElementById('swipe').hidden)",
  "Arabic turns it round": "(Mapper.app.store.set({ lang: 'ar', mode: 'moment' }), document.documentElement.dir === 'rtl')",
  "the address follows": "new Promise((done) => setTimeout(() => done(location.hash.includes('lang=ar')), 700))",
};
const PAINTED = `function painted() {
  const c = Mapper.app.layer.canvas.faces, data = c.getContext("2d").getImageData(0, 0, c.width, c.height).data;
  let filled = 0;
  for (let i = 3; i < data.length; i += 4) filled += data[i] > 0;
  return filled > data.length / 4 / 20;
}`;

async function visit(name, evaluate) {
  const until = Date.now() + 30000;
  while (Date.now() < until && !(await evaluate(STEPS["the page is ready"]))) await sleep(200);
  for (const [what, code] of Object.entries(STEPS)) {
    const fine = await evaluate(`(() => { ${PAINTED} return ${code}; })()`);
    console.log(`${name}: ${what}: ${fine === true ? "yes" : "NO"}`);
    if (fine !== true) process.exitCode = 1;
  }
}

function found(...names) {
  for (const name of names) {
    try {
      return execFileSync("sh", ["-c", `command -v ${name}`], { encoding: "utf8" }).trim();
    } catch {
      // the next name
    }
  }
  return "";
}

async function firefox(path) {
  const { default: puppeteer } = await import("puppeteer-core");
  const browser = await puppeteer.launch({ browser: "firefox", executablePath: path, headless: true });
  const tab = await browser.newPage();
  tab.on("pageerror", (error) => {
    console.log(`firefox: ${error.message}`);
    process.exitCode = 1;
  });
  await tab.goto(page);
  await visit("firefox", (code) => tab.evaluate(code));
  await browser.close();
}

async function webkit(driver, browser) {
  const port = 9517;
  const server = spawn("xvfb-run", ["-a", driver, `--port=${port}`], { stdio: "ignore", detached: true });
  const call = async (method, path, body) => {
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method, body: body && JSON.stringify(body) });
    const { value } = await answer.json();
    if (!answer.ok) throw new Error(value.message);
    return value;
  };
  await sleep(3000);
  const options = { binary: browser, args: ["--automation"] };
  const { sessionId } = await call("POST", "/session", { capabilities: { alwaysMatch: { "webkitgtk:browserOptions": options } } });
  const session = `/session/${sessionId}`;
  await call("POST", `${session}/url`, { url: page });
  const script = "const done = arguments[arguments.length - 1]; Promise.resolve(CODE).then(done, (e) => done(String(e)));";
  await visit("webkit", (code) => call("POST", `${session}/execute/async`, { script: script.replace("CODE", () => code), args: [] }));
  await call("DELETE", session);
  process.kill(-server.pid);
}

const fox = found("firefox", "firefox-esr");
if (fox) await firefox(fox);
else console.log("firefox is not here: its package is firefox or firefox-esr");
const driver = found("WebKitWebDriver");
const mini = found("/usr/lib/*/webkit2gtk-4.1/MiniBrowser", "MiniBrowser");
if (driver && mini && found("xvfb-run")) await webkit(driver, mini);
else console.log("WebKit is not here: its packages are webkit2gtk-driver and xvfb");
