"""How fast and how large the page is, in headless Chromium: python tests/bench/page.py [--cells N] [--folium].

Time is the main thread's own processor time (Chromium's thread ticks), so that a busy machine does not change it, beside
the time on the wall. Frames a second need a quiet machine: the rate of an idle page in the same run is printed beside
them. A bar that is missed makes the exit code 1.

--folium writes, opens and measures folium's three time plugins in the same browser: on the same data where they survive
it (TimeSliderChoropleth repeats every cell on every day, so it gets a tenth of the days), and all four on a small map.
"""

from __future__ import annotations

import argparse
import re
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path[:0] = [str(Path(__file__).parents[1] / "web"), str(Path(__file__).parents[2])]

import folium_pages  # noqa: E402 (the path above makes a plain script of this)
from playwright.sync_api import Error, sync_playwright  # noqa: E402
from synthetic import make_basemap, make_result  # noqa: E402

from mapper.webmap import render  # noqa: E402

BARS = {"file_mb": 1.3, "open_s": 1.0, "step_ms_p95": 16.0, "jump_ms_p95": 16.0, "heap_mb": 40.0}
LEAST = {"pan_fps": 30.0, "zoom_fps": 30.0}  # and these may not be lower; 60 a second where the machine idles at 60
SMALL = (3000, 100)  # cells and days that all three plugins open
PATIENCE = 60_000  # ms a page may take to open

OURS = "i => Mapper.app.store.set({day: Mapper.app.model.first + i})"
TWO_FRAMES = "new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))"

# Frames while something runs: {seconds, work} where work(stamp) is done once a frame.
FRAMES = """async ([seconds, work]) => {
  const run = (0, eval)(work), stamps = [];
  await new Promise((done) => {
    const tick = (stamp) => {
      stamps.push(stamp);
      if (stamp - stamps[0] > 1000 * seconds) return done();
      run(stamps.length, stamp - stamps[0]);
      requestAnimationFrame(tick);
    };
    requestAnimationFrame(tick);
  });
  return 1000 * (stamps.length - 1) / (stamps[stamps.length - 1] - stamps[0]);
}"""
IDLE = "() => 0"
PLAY = "(n) => Mapper.app.store.set({day: Mapper.app.model.first + 300 + (n % 600), playing: true})"
# What Leaflet does while a hand drags the map: move the pane and say so; the map is drawn anew where its rim shows.
PAN = "(n) => { const way = n % 120 < 60 ? 1 : -1, m = Mapper.app.map; m._rawPanBy(L.point(6 * way, 3 * way)); m.fire('move'); }"
ZOOM = """(() => { let way = 1, last = -1e9;
  return (n, ms) => { if (ms - last > 600) { last = ms; Mapper.app.map.setZoom(Mapper.app.map.getZoom() + way, {animate: true}); way = -way; } }; })()"""
SCROLL = "(n) => { const l = document.querySelector('.list'); l.scrollTop += n % 40 ? 230 : l.scrollHeight / 9; }"

MILLION = """() => {
  const c = Mapper.app.evidence().claims, n = c.id.length, many = 1000000;
  for (const key of Object.keys(c)) if (c[key].length === n && !key.endsWith('s')) { const was = c[key]; c[key] = Array.from({length: many}, (_, i) => was[i % n]); }
  Mapper.app.store.set({filters: {...Mapper.app.store.get().filters, confidence: 0.01}});
}"""


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


class Visit:
    """An open page and the processor time of its main thread."""

    def __init__(self, browser: Any, *, csp: bool = True) -> None:
        self.context = browser.new_context(viewport={"width": 1440, "height": 900}, bypass_csp=not csp)
        self.page = self.context.new_page()
        self.session = self.context.new_cdp_session(self.page)
        self.session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def ticks(self) -> float:
        """All the processor time of the main thread so far, in ms: TaskDuration would leave out the drawing of canvases."""
        found = self.session.send("Performance.getMetrics")["metrics"]
        return {m["name"]: m["value"] for m in found}["ThreadTime"] * 1000

    def open(self, file: Path, *, ready: str = "") -> float:
        """Seconds until the page answers: its own mark, or two frames after its load event."""
        self.page.goto(file.as_uri(), wait_until="load", timeout=PATIENCE)
        if ready:
            self.page.wait_for_selector(ready, state="attached", timeout=PATIENCE)
            return self.page.evaluate("performance.getEntriesByName('mapper-ready')[0].startTime") / 1000
        return self.page.evaluate(f"{TWO_FRAMES}.then(() => performance.now())") / 1000

    def moves(self, go: str, days: list[int], harness: float) -> tuple[list[float], list[float]]:
        """Processor time of the main thread and time on the wall for each day shown, up to the second frame after."""
        thread, wall = [], []
        for day in days:
            before = self.ticks()
            wall.append(
                self.page.evaluate(
                    f"async (i) => {{ const t = performance.now(); ({go})(i); await {TWO_FRAMES}; return performance.now() - t; }}",
                    day,
                )
            )
            thread.append(self.ticks() - before - harness)
        return thread, wall

    def heap_mb(self) -> float:
        self.session.send("HeapProfiler.collectGarbage")
        self.session.send("HeapProfiler.collectGarbage")
        heap = self.session.send("Runtime.getHeapUsage")
        return (heap["usedSize"] + heap.get("backingStorageSize", 0)) / 1e6

    def stepped(self, go: str, span: int, times: int) -> dict[str, float]:
        """Steps of a day and jumps across the span, with what asking costs (nothing changes) taken off."""
        start = int(span * 0.3)
        self.moves(go, [start], 0.0)
        harness = statistics.median(self.moves(IDLE, [0] * times, 0.0)[0])
        numbers: dict[str, float] = {"harness_ms": harness}
        for kind, days in (
            ("step", [start + 1 + i % (span - start - 1) for i in range(times)]),
            ("jump", [(i * 379) % span for i in range(times)]),
        ):
            thread, wall = self.moves(go, days, harness)
            numbers[f"{kind}_ms_p50"] = statistics.median(thread)
            numbers[f"{kind}_ms_p95"] = _percentile(thread, 0.95)
            numbers[f"{kind}_two_frames_ms_p95"] = _percentile(wall, 0.95)
        return numbers

    def close(self) -> None:
        self.context.close()


def measure(file: Path, browser: Any, span: int) -> dict[str, float]:
    """Our page without its list of claims."""
    numbers: dict[str, float] = {}
    visit = Visit(browser)
    numbers["open_s"] = min(visit.open(file, ready="html[data-ready]") for _ in range(3))
    visit.page.wait_for_selector("html[data-evidence]", state="attached", timeout=PATIENCE)
    visit.page.wait_for_timeout(500)
    numbers |= visit.stepped(OURS, span, 60)
    numbers["heap_mb"] = visit.heap_mb()
    visit.close()
    return numbers


def frames(file: Path, claims_file: Path, browser: Any) -> dict[str, float]:
    """Frames a second for what moves by itself or under the hand; the page's policy is off, because we evaluate."""
    visit = Visit(browser, csp=False)
    visit.open(file, ready="html[data-ready]")
    visit.page.wait_for_selector("html[data-evidence]", state="attached", timeout=PATIENCE)
    visit.page.wait_for_timeout(500)
    numbers = {}
    for name, seconds, work in (("idle", 2, IDLE), ("play", 5, PLAY), ("pan", 3, PAN), ("zoom", 4, ZOOM)):
        before, started = visit.ticks(), time.monotonic()
        numbers[f"{name}_fps"] = visit.page.evaluate(FRAMES, [seconds, work])
        numbers[f"{name}_ms_a_frame"] = (visit.ticks() - before) / max(
            1, numbers[f"{name}_fps"] * (time.monotonic() - started)
        )
        visit.page.evaluate("Mapper.app.store.set({playing: false})")
        visit.page.wait_for_timeout(500)
    visit.close()
    visit = Visit(browser, csp=False)
    visit.open(claims_file, ready="html[data-ready]")
    visit.page.wait_for_selector("html[data-evidence]", state="attached", timeout=PATIENCE)
    visit.page.click("#tool-claims")
    visit.page.wait_for_selector(".row")
    visit.page.evaluate(MILLION)
    visit.page.wait_for_timeout(500)
    numbers["list_fps"] = visit.page.evaluate(FRAMES, [4, SCROLL])
    visit.close()
    return numbers


def ours(cells: int, days: int, folder: Path) -> tuple[Path, dict[str, float]]:
    result = make_result(cells, days, claims=0, changes_per_cell=0.5)
    territory = result.territory
    assert territory is not None
    started = time.process_time()
    text = render(result, basemap=make_basemap())
    seconds = time.process_time() - started
    evidence = re.search(r'id="payload-evidence">(.*?)</script>', text, re.DOTALL)
    assert evidence is not None
    file = folder / f"ours-{cells}.html"
    file.write_text(text, encoding="utf-8")
    return file, {
        "cells": cells,
        "periods_per_cell": sum(map(len, territory.cell_periods)) / cells,
        "render_s": seconds,
        "file_mb": (len(text.encode()) - len(evidence[1])) / 1e6,
        "file_with_evidence_mb": len(text.encode()) / 1e6,
    }


def rival(plugin: str, cells: int, days: int, folder: Path, launch: Callable[[], Any]) -> dict[str, float | str]:
    """One plugin of folium: written, opened, stepped, in a browser of its own."""
    result = make_result(cells, days, claims=0, changes_per_cell=0.5 * days / 1000 if days < 1000 else 0.5)
    page = folium_pages.write(result, days, folder, plugin)
    numbers: dict[str, float | str] = {"cells": cells, "days": days, "file_mb": page.file.stat().st_size / 1e6}
    browser = launch()
    try:
        visit = Visit(browser, csp=False)
        folium_pages.serve(visit.page)
        numbers["open_s"] = visit.open(page.file)
        numbers |= visit.stepped(page.go, days, 12)
        numbers["shown"] = visit.page.evaluate(page.shown)
        numbers["heap_mb"] = visit.heap_mb()
    except Error as error:
        numbers["failed"] = str(error).splitlines()[0][:80]
    finally:
        browser.close()
        page.file.unlink()
    return numbers


COLUMNS = ("file_mb", "open_s", "step_ms_p95", "jump_ms_p95", "heap_mb")


def table(title: str, rows: dict[str, dict[str, Any]]) -> None:
    print(f"\n{title}")
    print(f"{'':22}" + "".join(f"{name:>14}" for name in COLUMNS) + f"{'areas shown':>14}")
    for name, numbers in rows.items():
        if "failed" in numbers:
            print(f"{name:22}{numbers['file_mb']:14.2f}  {numbers['failed']}")
            continue
        print(f"{name:22}" + "".join(f"{numbers[c]:14.2f}" for c in COLUMNS) + f"{numbers.get('shown', '–'):>14}")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=30000)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--folium", action="store_true", help="also folium's three plugins, in the same browser")
    options = parser.parse_args()
    if options.folium and not folium_pages.MODULES.is_dir():
        print("folium's scripts are not here: npm install --prefix tests/bench", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        path = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)

        def launch() -> Any:
            return playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])

        file, numbers = ours(options.cells, options.days, folder)
        with_claims = folder / "claims.html"
        with_claims.write_text(render(make_result(400, claims=200), basemap=make_basemap()), encoding="utf-8")
        browser = launch()
        numbers |= measure(file, browser, options.days)
        numbers |= frames(file, with_claims, browser)
        browser.close()
        missed = _print(numbers)
        if options.folium:
            _beside(options.cells, options.days, numbers, folder, launch)
    return 1 if missed else 0


def _print(numbers: dict[str, float]) -> list[str]:
    missed = []
    for key, value in numbers.items():
        most, least = BARS.get(key), LEAST.get(key)
        late = (most is not None and value > most) or (least is not None and value < least)
        missed += [key] if late else []
        bar = "" if most is None and least is None else f"   bar {most or least:g} {'MISSED' if late else 'ok'}"
        print(f"{key:32} {value:10.2f}{bar}")
    return missed


def _beside(cells: int, days: int, numbers: dict[str, float], folder: Path, launch: Callable[[], Any]) -> None:
    rows: dict[str, dict[str, Any]] = {"ours": dict(numbers)}
    for plugin in folium_pages.PLUGINS:
        fewer = days // 10 if plugin == "TimeSliderChoropleth" else days
        label = plugin if fewer == days else f"{plugin} ({fewer} d)"
        rows[label] = rival(plugin, cells, fewer, folder, launch)
    table(f"{cells:,} cells, {days:,} days, 3 changes a cell", rows)
    small, few = SMALL
    file, numbers = ours(small, few, folder)
    browser = launch()
    rows = {"ours": {**numbers, **measure(file, browser, few)}}
    browser.close()
    rows |= {plugin: rival(plugin, small, few, folder, launch) for plugin in folium_pages.PLUGINS}
    table(f"{small:,} cells, {few:,} days", rows)


if __name__ == "__main__":
    sys.exit(main())
