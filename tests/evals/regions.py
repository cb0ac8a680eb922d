"""Regions told in words: the land that comes out of a phrase against the land that was meant, with a floor.

    python tests/evals/regions.py [--errors]

``regions.tsv`` holds sentences of our own, each with the phrase and the land it means, written down before any code read it: provinces
(``SY.09``), countries, boxes ``[west,south,east,north]``, ``poly(lon lat;…)``, and kilometres round bundled lines and points:
``border(SY,IQ,25)``, ``coast(SY,30)``, ``river(euphrates,12)``, ``line(lon lat;lon lat;15)``, ``near(lon lat;20)``; ``+`` joins,
``&`` cuts, ``-`` takes away. A phrase is right when the two overlap by .6 (area of both over area of either) and a whole
country never stands for a part of it. Exit code 1 below the floor.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

import shapely
from shapely.geometry.base import BaseGeometry

from mapper.areas.projection import LocalProjection
from mapper.gazetteer import Gazetteer
from mapper.model import Article, ArticleId, Toponym
from mapper.regions import country_outline, geometry, outline
from mapper.toponyms import find_toponyms

PHRASES = Path(__file__).with_name("regions.tsv")
ENOUGH = 0.6
FLOOR = 0.93
_FACTOR = re.compile(r"([&-]?)\s*(\[[^\]]*\]|[a-z]+\([^)]*\)|[A-Z]{2}(?:\.\w+)?)")


def meant(shape: str, gazetteer: Gazetteer) -> BaseGeometry:
    """The land of an expression, longitude and latitude."""
    terms = []
    for term in re.split(r"\+(?![^(\[]*[)\]])", shape):
        made: BaseGeometry | None = None
        for sign, word in _FACTOR.findall(term):
            one = _factor(word, gazetteer)
            made = (
                one
                if made is None
                else shapely.difference(made, one)
                if sign == "-"
                else shapely.intersection(made, one)
            )
        if made is None:
            message = f"no shape: {term!r} of {shape!r}"
            raise ValueError(message)
        terms.append(made)
    return shapely.union_all(terms)


def _factor(word: str, gazetteer: Gazetteer) -> BaseGeometry:
    if word[0] == "[":
        return shapely.box(*map(float, word[1:-1].split(",")))
    name, _, rest = word.partition("(")
    rest = rest.rstrip(")")
    if not rest:
        found = geometry(gazetteer.outline(f"unit:{name}")) if len(name) > 2 else country_outline(gazetteer, name)
        if found is None:
            message = f"no outline of {name}"
            raise ValueError(message)
        return found
    if name == "poly":
        return shapely.make_valid(shapely.Polygon(_points(rest.split(";"))))
    if name in ("near", "line"):
        *points, reach = rest.split(";")
        at = _points(points)
        return _buffered(shapely.Point(at[0]) if name == "near" else shapely.LineString(at), float(reach))
    *names, reach = rest.split(",")
    if name == "river":
        line = geometry(gazetteer.outline(f"river:{names[0]}"))
        return _buffered(line, float(reach))
    land = country_outline(gazetteer, names[0])
    if name == "border":
        other = country_outline(gazetteer, names[1])
        line = shapely.intersection(shapely.boundary(land), shapely.buffer(other, 0.03))
        return shapely.intersection(_buffered(line, float(reach)), shapely.union(land, other))
    around = [country_outline(gazetteer, code) for code in gazetteer.overlapping(land.bounds) if code != names[0]]
    shore = shapely.difference(
        shapely.boundary(land), shapely.buffer(shapely.union_all([a for a in around if a]), 0.05)
    )
    return shapely.intersection(land, _buffered(shore, float(reach)))


def _points(texts: list[str]) -> list[tuple[float, ...]]:
    return [tuple(map(float, text.split())) for text in texts]


def _buffered(shape: BaseGeometry, km: float) -> BaseGeometry:
    plane = LocalProjection.around(shapely.get_coordinates(shape))
    made = shapely.buffer(plane.project(shapely.segmentize(shape, 0.5)), km * 1000)
    return shapely.transform(made, plane.inverse)


def overlap(one: BaseGeometry, other: BaseGeometry) -> float:
    """The area of both over the area of either."""
    plane = LocalProjection.around(shapely.get_coordinates(one))
    a, b = (shapely.make_valid(plane.project(shapely.segmentize(s, 0.2))) for s in (one, other))
    return float(shapely.intersection(a, b).area / shapely.union(a, b).area)


def answer(text: str, phrase: str, gazetteer: Gazetteer) -> Toponym | None:
    """The toponym of the phrase: a region among those whose words or name lie in it, else the first."""
    start = text.index(phrase)
    end = start + len(phrase)
    over = [
        t
        for t in find_toponyms(Article(id=ArticleId("r"), text=text), gazetteer)
        if (t.wording or t.quote).start < end and start < (t.wording or t.quote).end
    ]
    return next((t for t in over if t.kind == "region"), over[0] if over else None)


def main() -> int:
    gazetteer = Gazetteer.open()
    right = whole = outside = number = 0
    for line in PHRASES.read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            continue
        text, phrase, shape = line.split("\t")
        number += 1
        found = answer(text, phrase, gazetteer)
        place = None if found is None else found.place
        made = None if place is None else outline(gazetteer, place)
        score = 0.0 if made is None else overlap(meant(shape, gazetteer), made)
        right += score >= ENOUGH
        whole += place is not None and place.feature_code.startswith("PCL")
        if made is not None and found is not None and place is not None and found.kind == "region":
            outside += not shapely.intersects(made, shapely.Point(place.lon, place.lat))
        if "--errors" in sys.argv and score < ENOUGH:
            print(f"  {score:.2f} {phrase}: {place and (place.id, place.name, place.country)} for {shape}")
    print(
        f"regions: {right}/{number} = {right / number:.3f} overlap by {ENOUGH}; whole countries {whole}; points outside {outside}"
    )
    failed = right / number < FLOOR or whole > 0 or outside > 0
    if failed:
        print("  BELOW FLOOR")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
