"""Maps across the antimeridian: they open on what is coloured, in one piece, and files say where they are."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import pytest
from browsing import PHONE, WIDE, Visit

import mapper
from mapper.api import MapResult

# place, latitude, longitude, country
WARS = {
    "Fiji": (
        ("Suva", -18.1416, 178.4415, "FJ"),
        ("Labasa", -16.4167, 179.3833, "FJ"),
        ("Somosomo", -16.77, -179.97, "FJ"),
    ),
    "Chukotka": (
        ("Anadyr", 64.7337, 177.5089, "RU"),
        ("Egvekinot", 66.3221, -179.1226, "RU"),
        ("Provideniya", 64.4235, -173.2258, "RU"),
    ),
    "New Zealand and its islands": (
        ("Auckland", -36.8485, 174.7635, "NZ"),
        ("Christchurch", -43.5321, 172.6362, "NZ"),
        ("Waitangi", -43.9535, -176.5597, "NZ"),
    ),
}
WIDEST = 30  # degrees of longitude that any of these wars spans, coasts and islands of its countries included


@dataclass
class War:
    name: str
    result: MapResult
    folder: Path


@pytest.fixture(scope="module", params=list(WARS))
def war(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> War:
    folder = tmp_path_factory.mktemp("islands")
    rows = [
        f"{name},{lat},{lon},{country},captured,actor {n % 2},2001-0{n + 1}-02,A Paper,https://example.org/{n}"
        for n, (name, lat, lon, country) in enumerate(WARS[request.param])
    ]
    table = folder / "claims.csv"
    table.write_text("\n".join(["place,lat,lon,country,predicate,actor,date,publisher,url", *rows]), encoding="utf-8")
    result = mapper.run(table)
    result.save(folder / "page.html")
    result.save(folder / "control.geojson")
    return War(request.param, result, folder)


def span(west: float, east: float) -> float:
    return (east - west) % 360


def test_a_theatre_across_the_antimeridian_has_its_west_east_of_its_east(war: War) -> None:
    assert war.result.territory is not None
    west, south, east, north = war.result.territory.bounds
    assert west > 0 > east
    assert span(west, east) < WIDEST
    assert all(south <= lat <= north and span(west, lon) <= span(west, east) for _, lat, lon, _ in WARS[war.name])


def test_boxes_of_a_file_cross_the_antimeridian_where_the_shapes_do(war: War) -> None:
    document = json.loads((war.folder / "control.geojson").read_text(encoding="utf-8"))
    boxes = [document["bbox"], *(f["bbox"] for f in document["features"] if "bbox" in f)]
    assert document["bbox"][0] > 0 > document["bbox"][2]
    assert len(boxes) > 3
    assert max(span(box[0], box[2]) for box in boxes) < WIDEST
    for feature in document["features"]:
        if feature["geometry"]["type"] == "MultiPolygon":
            lons = [p[0] for polygon in feature["geometry"]["coordinates"] for ring in polygon for p in ring]
            west, _, east, _ = feature["bbox"]
            assert all(span(west, lon) <= span(west, east) + 1e-6 for lon in lons)


@pytest.mark.browser
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_the_page_opens_with_all_that_is_coloured_in_view(browser, war: War, size) -> None:
    v = Visit(browser, war.folder / "page.html", viewport=size)
    v.page.evaluate("Mapper.app.go(Mapper.app.model.last)")
    v.page.wait_for_timeout(400)
    seen = v.page.evaluate(
        "()=>{const a=Mapper.app,m=a.model,size=a.map.getSize(),out=[];"
        "for(let c=0;c<m.cells.n;c++){if(m.cells.offset[c]===m.cells.offset[c+1])continue;const p=a.place(c),"
        "q=a.map.latLngToContainerPoint([p.lat,m.unrolled(p.lon)]);out.push([p.name,q.x/size.x,q.y/size.y])}return out}"
    )
    assert {name for name, *_ in seen} >= {name for name, *_ in WARS[war.name]}
    assert all(0 < x < 1 and 0 < y < 1 for _, x, y in seen), seen
    hit = v.page.evaluate(
        "()=>{const a=Mapper.app,size=a.map.getSize(),found=new Set();for(let x=0;x<size.x;x+=3)for(let y=0;y<size.y;y+=3)"
        "{const c=a.layer.cellAt(a.map.containerPointToLatLng([x,y]));if(c>=0)found.add(a.placeName(a.model.cells.place[c]))}"
        "return [...found]}"
    )
    assert WARS[war.name][-1][0] in hit  # clicks find cells east of the line too
    assert len(hit) > 1  # the rest of the country is one cell beside them
    painted = v.page.evaluate(
        "()=>{const c=Mapper.app.layer.canvas.faces,d=c.getContext('2d').getImageData(0,0,c.width,c.height).data;"
        "let n=0;for(let i=3;i<d.length;i+=4)n+=d[i]>0;return n}"
    )
    assert painted > 100
    v.close()
