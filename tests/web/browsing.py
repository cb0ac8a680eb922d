"""A visit to the real page in a real browser, and the pages that are visited."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from mapper.model import Result

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
READY = "html[data-evidence]"
HOSTILE = '</script><img src=x onerror="document.title=1"> {{7*7}} =HYPERLINK("http://x")'


def hostile(result: Result) -> Result:
    """One claim, one place and one actor whose words would be code anywhere but here."""
    first = result.claims[0]
    bad = replace(
        first,
        place_text=HOSTILE,
        quote=replace(first.quote, text=HOSTILE + " took it"),
        source=replace(first.source, publisher=HOSTILE, url="javascript:document.title=2"),
    )
    places = dict(result.places)
    places[first.place_id] = replace(places[first.place_id], name=HOSTILE)
    return replace(result, claims=(bad, *result.claims[1:]), places=places, title=HOSTILE)


class Visit:
    """A page that is open, with everything it complained about or asked the network for."""

    def __init__(self, browser, path: Path, hash_: str = "", wait: str = READY, **context) -> None:
        self.context = browser.new_context(**{"viewport": WIDE, "accept_downloads": True, "locale": "en-GB", **context})
        self.page = self.context.new_page()
        self.trouble: list[str] = []
        self.page.on("console", self._said)
        self.page.on("pageerror", lambda error: self.trouble.append(str(error)))
        self.page.on("request", self._asked)
        self.page.goto(path.as_uri() + hash_)
        if wait:
            self.page.wait_for_selector(wait, state="attached", timeout=15000)

    def _said(self, message) -> None:
        # Reading pixels back is the tests' doing, not the page's.
        if message.type in ("error", "warning") and "getImageData" not in message.text:
            self.trouble.append(message.text)

    def _asked(self, request) -> None:
        if not request.url.startswith(("file:", "data:", "blob:")):
            self.trouble.append("request " + request.url)

    def until(self, expression: str, seconds: float = 10) -> None:
        """Playwright's wait_for_function evaluates strings inside the page, which the page's policy forbids."""
        for _ in range(int(seconds / 0.05)):
            if self.page.evaluate(expression):
                return
            self.page.wait_for_timeout(50)
        pytest.fail(f"never came true: {expression}")

    def state(self, key: str):
        return self.page.evaluate(f"Mapper.app.store.get()[{json.dumps(key)}]")

    def date(self) -> date:
        return date.fromordinal(date(1970, 1, 1).toordinal() + self.state("day"))

    def cell_point(self, cell: int) -> tuple[float, float]:
        """Where on the screen a cell's place is."""
        point = self.page.evaluate(
            "(c)=>{const p=Mapper.app.place(c),m=Mapper.app.map,a=m.latLngToContainerPoint([p.lat,p.lon]),"
            "b=m.getContainer().getBoundingClientRect();return [a.x+b.left,a.y+b.top]}",
            cell,
        )
        return point[0], point[1]

    def claimed_cell(self) -> int:
        """A cell with a stated history, near the middle of the map."""
        return self.page.evaluate(
            "()=>{const a=Mapper.app,m=a.model,c=a.map.getCenter();let best=-1,least=1e9;"
            "for(let i=0;i<m.cells.n;i++){const from=m.cells.offset[i];if(from===m.cells.offset[i+1]||!m.periods.set[from])continue;"
            "const p=a.place(i),d=Math.hypot(p.lat-c.lat,p.lon-c.lng);if(d<least){least=d;best=i}}return best}"
        )

    def close(self) -> None:
        self.context.close()
        assert self.trouble == []


def pixel(visit: Visit, canvas: str, x: float, y: float) -> list[int]:
    return visit.page.evaluate(
        "([n,x,y])=>{const l=Mapper.app.layer,b=Mapper.app.map.getContainer().getBoundingClientRect(),r=l.view.ratio;"
        "return Array.from(l.canvas[n].getContext('2d').getImageData((x-b.left+l.view.left)*r,(y-b.top+l.view.top)*r,1,1).data)}",
        [canvas, x, y],
    )
