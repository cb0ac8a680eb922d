"""Makes weights.json: the recogniser, the three looks of the ranker and the acceptance score.

    python data/models/train.py --geovirus geovirus.jsonl [--validate lgl.jsonl …] [--skip-folds] [-o weights.json]

Trains on GeoVirus (CC BY), on ``sentences.txt`` (ours) and on generated texts about small areas; ``--validate`` corpora
are only scored. Deterministic: full-batch optimisation from zero, no sampling, no clock. GeoVirus scores are
cross-validated by document. It optimises with numpy alone; nothing here is needed at run time.
"""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parents[1]), str(HERE)]

from scoring import (  # noqa: E402
    Doc,
    Gold,
    end_to_end,
    fits,
    found_in,
    km,
    read_corpus,
    read_marked,
    resolution,
    slack,
)

from mapper.gazetteer import Gazetteer  # noqa: E402
from mapper.model import Article, ArticleId, Place  # noqa: E402
from mapper.toponyms import reader, resolver  # noqa: E402
from mapper.toponyms import reading as reading_steps  # noqa: E402
from mapper.toponyms import weights as weights_module  # noqa: E402
from mapper.toponyms.names import Atlas, unit  # noqa: E402
from mapper.toponyms.recogniser import Recogniser, prepare  # noqa: E402
from mapper.toponyms.spans import Finder, Span  # noqa: E402
from mapper.toponyms.tokens import tokenise  # noqa: E402
from mapper.toponyms.weights import Words  # noqa: E402

FOLDS = 5
INNER_FOLDS = 3  # the ranker and the acceptance learn from what a recogniser not trained on the text lets through
LEAST_COUNT = 3  # a feature seen less often in training gets no weight
L2_RECOGNISER = 0.6
L2_RANK = 1.0
L2_ACCEPT = 0.5
LOOSE = -1.5  # log-odds from which a span goes on to the ranking
KEEP = 0.35  # score from which a mention is reported: near half the F1 reached, where F1 is best
RANK_WEIGHT = {"local": 0.35}  # generated texts count less than real ones
Floats = NDArray[np.float32]
Row = tuple[list[str], bool]
Case = tuple[Floats, Floats, NDArray[np.bool_], float]


def label_rows(doc: Doc, atlas: Atlas, words: Words) -> None:
    """Every candidate span with its features and whether it is a place (None: not marked in this corpus).

    Candidates nested in a place are left out: the recogniser never comes to them. GeoVirus marks no demonyms.
    """
    tokens = tokenise(doc.article.text)
    finder = Finder(tokens, atlas)
    recogniser = Recogniser(finder, words)
    exact = {(g.start, g.end) for g in doc.gold}
    accepted: list[Span] = []
    skip = -1
    for i in sorted(finder.at):
        if i < skip:
            continue
        for span in finder.at[i]:
            if not prepare(span, finder):
                continue
            features = recogniser.features(span, accepted)
            label = _label(span, doc, exact, finder)
            doc.rows.append((features, label))
            if label:
                accepted.append(span)
                skip = span.last
                break


def _label(span: Span, doc: Doc, exact: set[tuple[int, int]], finder: Finder) -> bool | None:
    overlaps = [g for g in doc.gold if g.start < span.end and span.start < g.end]
    if (span.start, span.end) in exact:
        return True
    if not overlaps:
        return None if doc.corpus == "geovirus" and span.kind == "demonym" else False
    # longer or shorter than marked: right unless it runs over into another name or is a scrap of one
    gold = overlaps[0]
    inner = any((s.start, s.end) in exact for s in finder.at[span.first] if s is not span)
    scrap = span.last - span.first == 1 and span.end - span.start < 0.5 * (gold.end - gold.start)
    return not inner and not scrap and span.start <= gold.start + 5 and len(span.key) >= 3 and len(overlaps) == 1


def logistic(rows: Sequence[Row]) -> dict[str, float]:
    """Weights by feature name: L2-regularised logistic regression."""
    counts = Counter(f for features, _ in rows for f in set(features))
    names = ["bias", *sorted(f for f, n in counts.items() if n >= LEAST_COUNT)]
    index = {name: i for i, name in enumerate(names)}
    x = np.zeros((len(rows), len(names)), np.float32)
    x[:, 0] = 1
    for i, (features, _) in enumerate(rows):
        for f in features:
            if f in index:
                x[i, index[f]] += 1
    y = np.array([label for _, label in rows], np.float32)
    penalty = np.full(len(names), L2_RECOGNISER, np.float32)
    penalty[0] = 0
    theta = descend(lambda t: (x.T @ (sigmoid(x @ t) - y) + penalty * t) / len(rows), len(names), 400)
    return {name: round(float(v), 4) for name, v in zip(names, theta, strict=True) if abs(v) > 0.004 or name == "bias"}


def sigmoid(z: Floats) -> Floats:
    result: Floats = (1 / (1 + np.exp(-z))).astype(np.float32)
    return result


def descend(gradient: Callable[[Floats], Floats], size: int, steps: int) -> Floats:
    """The minimum of a convex function by Adam with a cosine schedule, from zero."""
    theta, m, v = (np.zeros(size, np.float32) for _ in range(3))
    for step in range(1, steps + 1):
        g = gradient(theta)
        m = (0.9 * m + 0.1 * g).astype(np.float32)
        v = (0.999 * v + 0.001 * g * g).astype(np.float32)
        rate = 0.1 * (0.5 * (1 + math.cos(math.pi * step / steps)) + 0.01)
        theta = (theta - rate * (m / (1 - 0.9**step)) / (np.sqrt(v / (1 - 0.999**step)) + 1e-6)).astype(np.float32)
    return theta


class Dice:
    """A small fixed pseudo-random sequence, so that generated texts are the same on every machine."""

    def __init__(self, seed: int) -> None:
        self.state = seed * 2654435761 % 2**32

    def roll(self, sides: int) -> int:
        self.state = (self.state * 1664525 + 1013904223) % 2**32
        return (self.state >> 8) % max(1, sides)

    def chance(self, percent: int) -> bool:
        return self.roll(100) < percent


#: How many texts per country; local news in English, then the countries wars were in.
LOCAL = {
    "US": 330,
    "GB": 60,
    "CA": 50,
    "AU": 40,
    "IE": 15,
    "NZ": 12,
    "ZA": 10,
    "IN": 20,
    "SY": 20,
    "IQ": 20,
    "UA": 20,
    "SD": 10,
    "YE": 10,
    "LY": 10,
    "AF": 12,
    "NG": 12,
    "PK": 10,
}
TLD = {"GB": "co.uk", "AU": "com.au", "NZ": "co.nz", "ZA": "co.za", "US": "com"}
LEADS = (
    "In {0}, ",
    "Residents of {0} and ",
    "Crews came from {0} to ",
    "The meeting in {0} was about ",
    "A man from {0} went to ",
    "Officials in {0} met those of ",
)


def local_texts(gazetteer: Gazetteer) -> list[Doc]:
    """Texts about one small area, as a local paper would name it: for the ranker alone, with the gold known from the gazetteer.

    A home town, often with a bigger namesake elsewhere, its county, towns within 60 km, sometimes the province or the
    country, sometimes a far place that has nothing to do with it.
    """
    docs = []
    far = [
        gazetteer.candidates(n)[0].place
        for n in (
            "London",
            "Paris",
            "Washington",
            "Moscow",
            "Beijing",
            "New York City",
            "Baghdad",
            "Chicago",
            "Toronto",
            "Sydney",
        )
    ]
    for country, number in LOCAL.items():
        places = [
            p
            for p in gazetteer.populated_places((country,))
            if p.population >= 800 or p.country in ("SY", "IQ", "YE", "SD", "LY", "AF")
        ]
        xyz = np.array([unit(p.lat, p.lon) for p in places])
        homes = [i for i, p in enumerate(places) if p.population >= 3000]
        provinces = {p.admin1: p for p in gazetteer.regions(country)}
        dice = Dice(number + ord(country[0]) * 31 + ord(country[1]))
        made = 0
        while made < number:
            home = places[homes[dice.roll(len(homes))]]
            namesakes = gazetteer.candidates(home.name)
            if dice.chance(75) and not (len(namesakes) > 2 and namesakes[0].place.population > home.population):
                continue
            cosine = xyz @ np.array(unit(home.lat, home.lon))
            near = [places[i] for i in np.flatnonzero((cosine > math.cos(60 / 6371)) & (cosine < math.cos(2 / 6371)))]
            if not near:
                continue
            made += 1
            named = [near[dice.roll(len(near))] for _ in range(1 + dice.roll(5))]
            county = next(
                (
                    gazetteer.get(i)
                    for i in gazetteer.containing(home)
                    if (gazetteer.get(i) or home).feature_code == "ADM2"
                ),
                None,
            )
            if county is not None and dice.chance(45):
                named.append(county)
            province = provinces.get(home.admin1)
            if province is not None and dice.chance(30):
                named.append(province)
            if dice.chance(12 if country in ("US", "GB", "CA", "AU") else 60):
                named += [place for place in [gazetteer.country(country)] if place is not None]
            if dice.chance(15):
                named.append(far[dice.roll(len(far))])
            text, gold = "", []
            order = [home, *named] if dice.chance(70) else [*named, home]
            for position, place in enumerate(order):
                lead = LEADS[dice.roll(len(LEADS))].split("{0}")
                if position == 0 and text == "":
                    text += lead[0]
                gold.append(Gold(len(text), len(text) + len(place.name), place.lat, place.lon))
                text += place.name
                if place is home and province is not None and dice.chance(12):
                    text += ", "
                    gold.append(Gold(len(text), len(text) + len(province.name), province.lat, province.lon))
                    text += province.name
                text += lead[1] if dice.chance(50) else ". Later, people spoke of it. In "
            url = f"http://news.example.{TLD.get(country, country.lower())}/1" if dice.chance(60) else ""
            docs.append(Doc(Article(id=ArticleId(f"local-{country}-{made}"), text=text, url=url), gold, "local"))
    return docs


def targets(reading: reading_steps.Reading, doc: Doc) -> dict[int, NDArray[np.bool_]]:
    """For each group of the reading the candidates that are where the gold puts it."""
    result: dict[int, NDArray[np.bool_]] = {}
    for span, at in zip(reading.spans, reading.of_span, strict=True):
        gold = next((g for g in doc.gold if g.start < span.end and span.start < g.end and g.placed), None)
        if gold is None or at in result:
            continue
        places = reading.groups[at].entry.places
        good = np.array([fits(p, gold) for p in places])
        if gold.lat is not None and gold.lon is not None:
            away = np.array([km(gold.lat, gold.lon, p.lat, p.lon) for p in places])
            tight = good & (away <= max(30.0, away.min() * 1.5 + 10))
            good = tight if tight.any() else good
        if good.any():
            result[at] = good
    return result


def listwise(cases: Sequence[Case], size: int) -> Floats:
    """Weights that put the mass of each list on its good rows, given logits they add to."""
    x = np.concatenate([c[0] for c in cases]).astype(np.float32)
    base = np.concatenate([c[1] for c in cases]).astype(np.float32)
    good = np.concatenate([c[2] for c in cases])
    sizes = np.array([len(c[1]) for c in cases])
    starts = np.concatenate(([0], np.cumsum(sizes)[:-1]))
    weight = np.repeat(np.array([c[3] for c in cases], np.float32), sizes)

    def gradient(t: Floats) -> Floats:
        z = x @ t + base
        z -= np.repeat(np.maximum.reduceat(z, starts), sizes)
        e = np.exp(z)
        p = e / np.repeat(np.add.reduceat(e, starts), sizes)
        eg = e * good
        q = eg / np.repeat(np.maximum(np.add.reduceat(eg, starts), 1e-30), sizes)
        result: Floats = (x.T @ (weight * (p - q)) + L2_RANK * t) / len(cases)
        return result

    return descend(gradient, size, 500)


def recogniser_rows(docs: Iterable[Doc]) -> list[Row]:
    return [(features, label) for doc in docs for features, label in doc.rows if label is not None]


def fit(docs: list[Doc], local: list[Doc], gazetteer: Gazetteer) -> dict[str, dict[str, float]]:
    """All weights, from labelled documents and from generated ones that only the ranker sees."""
    raw: dict[str, dict[str, float]] = {
        "recogniser": logistic(recogniser_rows(docs)),
        "first": dict.fromkeys(resolver.FIRST, 0.0),
        "second": dict.fromkeys(resolver.SECOND, 0.0),
        "third": dict.fromkeys(resolver.SECOND, 0.0),
        "accept": dict.fromkeys(reader.ACCEPT, 0.0),
        "limits": {"loose": LOOSE, "keep": KEEP},
    }
    held_out = []
    for k in range(INNER_FOLDS):
        rest = [d for i, d in enumerate(docs) if i % INNER_FOLDS != k]
        held_out.append(([d for i, d in enumerate(docs) if i % INNER_FOLDS == k], logistic(recogniser_rows(rest))))

    def readings() -> dict[str, reading_steps.Reading]:
        found: dict[str, reading_steps.Reading] = {}
        for held, recogniser in held_out:
            model = weights_module.made({**raw, "recogniser": recogniser}, lean=False)
            for d in held:
                found[d.article.id] = reading_steps.read(d.article, gazetteer, model)
        model = weights_module.made(raw, lean=False)
        for d in local:
            found[d.article.id] = reading_steps.read(d.article, gazetteer, model, [(g.start, g.end) for g in d.gold])
        return found

    for which, names in (("first", resolver.FIRST), ("second", resolver.SECOND), ("third", resolver.SECOND)):
        theta = listwise(ranking_cases(which, [*docs, *local], readings(), raw), len(names))
        raw[which] = {n: round(float(v), 4) for n, v in zip(names, theta, strict=True)}
    raw["accept"] = acceptance(docs, readings())
    return raw


def ranking_cases(
    which: str, docs: Iterable[Doc], readings: dict[str, reading_steps.Reading], raw: dict[str, Any]
) -> list[Case]:
    first = np.array(list(raw["first"].values()), np.float32)
    cases: list[Case] = []
    for d in docs:
        reading = readings[d.article.id]
        ranking = reading.ranking
        if ranking is None:
            continue
        for at, good in targets(reading, d).items():
            if len(good) < 2 or good.all():
                continue
            a, b = ranking.offsets[at], ranking.offsets[at + 1]
            x1 = ranking.first[a:b]
            weight = RANK_WEIGHT.get(d.corpus, 1.0)
            if which == "first":
                cases.append((x1, np.zeros(b - a, np.float32), good, weight))
            else:
                x2 = ranking.between[a:b] if which == "second" else ranking.second[a:b]
                cases.append((x2, x1 @ first, good, weight))
    return cases


def acceptance(docs: Iterable[Doc], readings: dict[str, reading_steps.Reading]) -> dict[str, float]:
    """Logistic weights of "this is a place and the first choice is right"."""
    xs, ys = [], []
    for d in docs:
        reading = readings[d.article.id]
        ranking = reading.ranking
        if ranking is None:
            continue
        for row, span, at in zip(reader.accept_features(reading), reading.spans, reading.of_span, strict=True):
            gold = next((g for g in d.gold if g.start < span.end and span.start < g.end), None)
            if (gold is None and d.corpus == "geovirus" and span.kind == "demonym") or (
                gold is not None and not gold.placed
            ):
                continue
            a, b = ranking.offsets[at], ranking.offsets[at + 1]
            place = reading.groups[at].entry.places[int(np.argmax(ranking.probs[a:b]))]
            xs.append(row)
            ys.append(gold is not None and right(place, gold))
    x, y = np.array(xs, np.float32), np.array(ys, np.float32)
    theta = descend(lambda t: (x.T @ (sigmoid(x @ t) - y) + L2_ACCEPT * t) / len(y), x.shape[1], 800)
    return {n: round(float(v), 4) for n, v in zip(reader.ACCEPT, theta, strict=True)}


def right(place: Place, gold: Gold) -> bool:
    if gold.lat is None or gold.lon is None:
        return fits(place, gold)
    return km(gold.lat, gold.lon, place.lat, place.lon) <= slack(place)


def training_docs(geovirus: Path, gazetteer: Gazetteer) -> tuple[list[Doc], list[Doc], list[Doc]]:
    """GeoVirus and our own texts, labelled, and the generated ones."""
    real, own = read_corpus(geovirus, "geovirus"), read_marked(HERE / "sentences.txt")
    for doc in real + own:
        label_rows(doc, reading_steps.atlas_of(gazetteer), weights_module.words())
    return real, own, local_texts(gazetteer)


def cross_validate(real: list[Doc], own: list[Doc], local: list[Doc], gazetteer: Gazetteer) -> dict[str, Any]:
    """Scores of GeoVirus documents by weights that never saw them."""
    found: dict[str, Any] = {}
    accuracy = 0.0
    for k in range(FOLDS):
        held = [d for i, d in enumerate(real) if i % FOLDS == k]
        model = weights_module.made(fit([d for i, d in enumerate(real) if i % FOLDS != k] + own, local, gazetteer))
        found |= found_in(held, gazetteer, model)
        accuracy += resolution(held, gazetteer, model) * sum(len(d.gold) for d in held)
    return {
        "strict": end_to_end(real, found, demonyms=False),
        "tolerant": end_to_end(real, found, demonyms=False, tolerant=True),
        "resolution": accuracy / sum(len(d.gold) for d in real),
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--geovirus", type=Path, required=True)
    parser.add_argument("--validate", type=Path, nargs="*", default=[])
    parser.add_argument("--skip-folds", action="store_true")
    parser.add_argument("-o", "--output", type=Path, default=HERE / "weights.json")
    options = parser.parse_args()
    gazetteer = Gazetteer.open()
    real, own, local = training_docs(options.geovirus, gazetteer)
    print(f"{len(real)} GeoVirus texts, {len(own)} of our own, {len(local)} generated")
    if not options.skip_folds:
        for name, value in cross_validate(real, own, local, gazetteer).items():
            print("GeoVirus, cross-validated,", name, value)
    raw = fit(real + own, local, gazetteer)
    options.output.write_text(json.dumps(raw, indent=0, ensure_ascii=False) + "\n", encoding="utf-8")
    model = weights_module.made(raw)
    for path in options.validate:
        docs = read_corpus(path, path.stem)
        found = found_in(docs, gazetteer, model)
        print(path.stem, "strict", end_to_end(docs, found), "| tolerant", end_to_end(docs, found, tolerant=True))
        print(path.stem, f"resolution of gold spans {resolution(docs, gazetteer, model):.3f}")


if __name__ == "__main__":
    main()
