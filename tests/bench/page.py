"""How fast and how large the page is, in headless Chromium: python tests/bench/page.py [--cells N] [--folium].

Time is the main thread's own processor time (Chromium's thread ticks), so that a busy machine does not change it, beside
the time on the wall. A bar that is missed makes the exit code 1 with --check. --folium builds the same data with
folium's three time plugins too, at a size they survive.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1] / "web"), str(Path(__file__).parents[2])]

from playwright.sync_api import sync_playwright  # noqa: E402 (the path above makes a plain script of this)
from synthetic import make_basemap, make_result  # noqa: E402

from mapper.webmap import render  # noqa: E402

BARS = {"file_mb": 1.3, "open_s": 1.0, "step_ms_p95": 16.0, "jump_ms_p95": 16.0, "heap_mb": 40.0}

MEASURE = """async ([kind, count]) => {
  const app = Mapper.app, {first, last} = app.model, frame = () => new Promise(requestAnimationFrame), wall = [];
  for (let i = 0; i < count; i++) {
    const day = kind === 'step' ? first + 300 + i : first + ((i * 379) % (last - first));
    const t = performance.now();
    app.store.set({day});
    await frame(); await frame();
    wall.push(performance.now() - t);
  }
  wall.sort((a, b) => a - b);
  return wall;
}"""

SINGLE = """([kind, i]) => {
  const app = Mapper.app, {first, last} = app.model;
  const t = performance.now();
  app.store.set({day: kind === 'idle' ? first + 299 : kind === 'step' ? first + 300 + i : first + ((i * 379) % (last - first))});
  return performance.now() - t;
}"""


def _percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))]


def measure(file: Path, browser) -> dict[str, float]:
    page = browser.new_page(viewport={"width": 1440, "height": 900})
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable", {"timeDomain": "threadTicks"})

    def ticks() -> float:
        found = session.send("Performance.getMetrics")["metrics"]
        return {m["name"]: m["value"] for m in found}["TaskDuration"] * 1000

    numbers: dict[str, float] = {}
    opened = []
    for _ in range(3):
        page.goto(file.as_uri())
        page.wait_for_selector("html[data-ready]", state="attached", timeout=60000)
        opened.append(page.evaluate("performance.getEntriesByName('mapper-ready')[0].startTime") / 1000)
    numbers["open_s"] = min(opened)
    page.wait_for_selector("html[data-evidence]", state="attached", timeout=60000)
    page.wait_for_timeout(500)
    harness = 0.0  # what asking costs when nothing changes: measured the same way, and taken off
    for kind in ("idle", "step", "jump"):
        thread, script = [], []
        for i in range(60):
            before = ticks()
            script.append(page.evaluate(SINGLE, [kind, i]))
            page.evaluate("new Promise(r => requestAnimationFrame(() => requestAnimationFrame(r)))")
            thread.append(ticks() - before - harness)
        if kind == "idle":
            harness = numbers["harness_ms"] = statistics.median(thread)
            continue
        numbers[f"{kind}_ms_p50"] = statistics.median(thread)
        numbers[f"{kind}_ms_p95"] = _percentile(thread, 0.95)
        numbers[f"{kind}_script_ms_p50"] = statistics.median(script)
        wall = page.evaluate(MEASURE, [kind, 60])
        numbers[f"{kind}_two_frames_ms_p50"] = statistics.median(wall)
        numbers[f"{kind}_two_frames_ms_p95"] = _percentile(wall, 0.95)
    box = page.locator("#stage").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.evaluate(
        "()=>{const n=[];let last=performance.now(),on=true;window.__frames=n;"
        "const tick=t=>{n.push(t-last);last=t;if(on)requestAnimationFrame(tick)};requestAnimationFrame(tick);window.__stop=()=>{on=false}}"
    )
    for i in range(60):
        page.mouse.move(x + 4 * i, y + 2 * i)
    frames = page.evaluate("()=>{__stop();return __frames.slice(2)}")
    page.mouse.up()
    numbers["pan_fps"] = 1000 / statistics.mean(frames)
    session.send("HeapProfiler.collectGarbage")
    session.send("HeapProfiler.collectGarbage")
    heap = session.send("Runtime.getHeapUsage")
    numbers["heap_mb"] = (heap["usedSize"] + heap.get("backingStorageSize", 0)) / 1e6
    page.close()
    return numbers


def ours(cells: int, days: int, folder: Path) -> tuple[Path, dict[str, float]]:
    result = make_result(cells, days, claims=0, changes_per_cell=0.5)
    territory = result.territory
    assert territory is not None
    started = time.perf_counter()
    text = render(result, basemap=make_basemap())
    seconds = time.perf_counter() - started
    evidence = re.search(r'id="payload-evidence">(.*?)</script>', text, re.DOTALL)
    assert evidence is not None
    file = folder / "ours.html"
    file.write_text(text, encoding="utf-8")
    return file, {
        "cells": cells,
        "periods_per_cell": sum(map(len, territory.cell_periods)) / cells,
        "render_s": seconds,
        "file_mb": (len(text.encode()) - len(evidence[1])) / 1e6,
        "file_with_evidence_mb": len(text.encode()) / 1e6,
    }


def folium_files(cells: int, days: int, folder: Path) -> dict[str, float]:
    """The same data through folium's plugins: how large the files get (they are not opened here)."""
    import folium
    from folium.plugins import Timeline, TimelineSlider, TimeSliderChoropleth, TimestampedGeoJson

    from mapper.webmap.payload import day_number

    result = make_result(cells, days, claims=0, changes_per_cell=0.5)
    territory = result.territory
    assert territory is not None
    rings: dict[int, list[list[float]]] = {}
    for arc in range(len(territory.left)):
        points = territory.xy[territory.offsets[arc] : territory.offsets[arc + 1]].round(5).tolist()
        for face in (territory.left[arc], territory.right[arc]):
            if face >= 0:
                rings.setdefault(int(face), []).extend(points)
    features, styles = [], {}
    for cell, periods in enumerate(territory.cell_periods):
        middle = [sum(p[0] for p in rings[cell]) / len(rings[cell]), sum(p[1] for p in rings[cell]) / len(rings[cell])]
        import math

        ring = sorted({tuple(p) for p in rings[cell]}, key=lambda p, m=middle: math.atan2(p[1] - m[1], p[0] - m[0]))
        geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
        for period in periods:
            end = period.end or period.start.replace(year=period.start.year + 3)
            features.append(
                {
                    "type": "Feature",
                    "geometry": geometry,
                    "properties": {
                        "start": period.start.isoformat(),
                        "end": end.isoformat(),
                        "times": [period.start.isoformat()],
                        "style": {"color": "#333"},
                    },
                }
            )
        styles[str(cell)] = {str(day_number(p.start) * 86400): {"color": "#333", "opacity": 0.8} for p in periods}
    collection = {"type": "FeatureCollection", "features": features}
    sizes = {}
    for name in ("Timeline", "TimestampedGeoJson", "TimeSliderChoropleth"):
        m = folium.Map()
        if name == "Timeline":
            layer = Timeline(collection).add_to(m)
            TimelineSlider().add_timelines(layer).add_to(m)
        elif name == "TimestampedGeoJson":
            TimestampedGeoJson(collection).add_to(m)
        else:
            TimeSliderChoropleth(json.dumps(collection), styledict=styles).add_to(m)
        file = folder / f"{name}.html"
        m.save(str(file))
        sizes[f"folium {name} file_mb"] = file.stat().st_size / 1e6
    return sizes


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=30000)
    parser.add_argument("--days", type=int, default=1000)
    parser.add_argument("--folium", action="store_true", help="also write the same data with folium's three plugins")
    parser.add_argument("--check", action="store_true", help="exit 1 when a bar is missed")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name, sync_playwright() as playwright:
        folder = Path(name)
        file, numbers = ours(options.cells, options.days, folder)
        path = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        numbers |= measure(file, browser)
        browser.close()
        if options.folium:
            numbers |= folium_files(options.cells, options.days, folder)
    missed = []
    for key, value in numbers.items():
        bar = BARS.get(key)
        late = bar is not None and value > bar
        missed += [key] if late else []
        print(f"{key:32} {value:10.2f}" + ("" if bar is None else f"   bar {bar:g} {'MISSED' if late else 'ok'}"))
    return 1 if missed and options.check else 0


if __name__ == "__main__":
    sys.exit(main())
