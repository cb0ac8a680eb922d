"""Scores of place names: recognised and resolved, with floors.

    python tests/evals/toponyms.py [--data FOLDER] [--quick] [--errors]

Always measures our own texts (``toponyms/places.txt``) and single sentences (``toponyms/alone.jsonl``: past wars, famous
cities, villages, other spellings, names with an anchor, what is no place), which no training sees. Where the development corpora are at hand
(``toponyms/lgl.jsonl``, ``toponyms/geovirus.jsonl`` and ``claims/verb_place.jsonl`` in ``../shared/eval`` or the folder
given) it measures LGL end to end and with gold spans, GeoVirus (with weights refitted without the text: two minutes, left
out by ``--quick``) and war reports; otherwise it says so. Exit code 1 below a floor.
"""

from __future__ import annotations

import argparse
import json
import re
import resource
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "data" / "models"
sys.path[:0] = [str(ROOT), str(MODELS)]

import train  # noqa: E402
from scoring import (  # noqa: E402
    Doc,
    end_to_end,
    found_in,
    km,
    matched,
    precision_above,
    read_corpus,
    read_marked,
    resolution,
)

from mapper.gazetteer import Gazetteer, normalise  # noqa: E402
from mapper.model import Article, ArticleId, Toponym  # noqa: E402
from mapper.toponyms import find_toponyms, resolve_spans  # noqa: E402

OWN = Path(__file__).with_name("toponyms") / "places.txt"
ALONE = Path(__file__).with_name("toponyms") / "alone.jsonl"
#: A place in a sentence alone is right within so many km of its gold.
_ALONE_KM = 50.0
#: Lowering one is a decision, not an accident: the score it was pinned at stands in data/models/README.md.
FLOORS = {
    "own texts, F1": 0.9,
    "own texts, resolution": 0.95,
    "alone, wars": 0.95,
    "alone, cities": 0.97,
    "alone, villages": 0.95,
    "alone, near": 0.95,
    "alone, anchors": 1.0,
    "alone, junk": 1.0,
    "alone, no place": 0.95,
    "LGL, F1@161 strict": 0.79,
    "LGL, resolution of gold spans": 0.86,
    "LGL, precision of score >= .8": 0.9,
    "GeoVirus, cross-validated F1@161 tolerant": 0.89,
    "war reports, right country": 0.78,
    "war reports, right country of given spans": 0.88,
}
#: Counts that may not rise.
CEILINGS = {
    "war reports, far off without cause": 0.0,
    "war reports, far off without cause, given": 0.0,
}
#: Two countries the war reports are about and those that touch them: elsewhere is wrong.
_THEATRE = ("SY", "IQ")
_BESIDE = ("TR", "LB", "JO", "IL", "PS", "IR", "SA", "KW", "")
_ABOUT = re.compile(
    r"\b(?:Syrian?|Iraqi?|Aleppo|Damascus|Mosul|ISIS|Islamic State|Baghdad|Homs|Hama|Idlib|Raqqa|Deir)\b"
)


def own_scores(gazetteer: Gazetteer, *, errors: bool) -> dict[str, float]:
    docs = [doc for doc in read_marked(OWN) if not doc.article.id.endswith("-caps")]
    found = found_in(docs, gazetteer)
    if errors:
        show_errors(docs, found)
    return {
        "own texts, F1": end_to_end(docs, found, demonyms=True).f1,
        "own texts, resolution": resolution(docs, gazetteer),
    }


def alone_scores(gazetteer: Gazetteer, *, errors: bool) -> dict[str, float]:
    """Single sentences, by kind: the share of gold places found within 50 km, and of words that are no place left alone."""
    right: dict[str, list[bool]] = {}
    for line in ALONE.read_text(encoding="utf-8").splitlines():
        raw = json.loads(line)
        found = find_toponyms(Article(id=ArticleId(raw["id"]), text=raw["text"]), gazetteer)
        kind = raw["id"].partition("-")[0]
        for gold in raw["gold"]:
            over = [t for t in found if t.quote.start < gold["end"] and gold["start"] < t.quote.end]
            places = [t.place for t in over if t.place is not None]
            hit = any(km(gold["lat"], gold["lon"], p.lat, p.lon) <= _ALONE_KM for p in places)
            right.setdefault(kind, []).append(hit)
            if errors and not hit:
                named = raw["text"][gold["start"] : gold["end"]]
                print(
                    f"  {raw['id']} {named}:",
                    [(t.text, t.kind, t.place and (t.place.name, t.place.country)) for t in over],
                )
        for word in raw.get("none", ()):
            start = raw["text"].index(word)
            over = [t for t in found if t.quote.start < start + len(word) and start < t.quote.end]
            taken = [t for t in over if t.place is not None and not t.place.radius_km and t.kind != "coarse"]
            right.setdefault("no place", []).append(not taken)
            if errors and taken:
                print(f"  {raw['id']} {word} is no place:", [(t.text, t.kind, t.place and t.place.name) for t in taken])
    return {f"alone, {kind}": sum(hits) / len(hits) for kind, hits in right.items()}


def show_errors(docs: list[Doc], found: dict) -> None:
    for doc in docs:
        pairs = matched(doc.gold, found[doc.article.id])
        text = doc.article.text
        for gold in doc.gold:
            if not any(g is gold for g, _ in pairs):
                print(
                    "  missed",
                    text[gold.start : gold.end],
                    gold.hint,
                    "in",
                    repr(text[max(0, gold.start - 30) : gold.end + 20]),
                )
        for gold, mention in pairs:
            place = mention.place
            if place is None or gold.hint not in (place.country, place.admin1):
                print(
                    "  wrong",
                    mention.text,
                    mention.score,
                    mention.kind,
                    place and (place.name, place.country, place.admin1),
                    "for",
                    gold.hint,
                )
        for mention in found[doc.article.id]:
            if not any(m is mention for _, m in pairs):
                print("  not marked", mention.text, mention.score, mention.kind)


def corpus_scores(folder: Path, gazetteer: Gazetteer, *, cross_validate: bool) -> dict[str, float]:
    lgl = read_corpus(folder / "toponyms" / "lgl.jsonl", "lgl")
    found = found_in(lgl, gazetteer)
    print("LGL strict", end_to_end(lgl, found), "| tolerant", end_to_end(lgl, found, tolerant=True))
    precise, count = precision_above(lgl, found, 0.8)
    print(f"LGL: {count} mentions with score >= .8")
    scores = {
        "LGL, F1@161 strict": end_to_end(lgl, found).f1,
        "LGL, resolution of gold spans": resolution(lgl, gazetteer),
        "LGL, precision of score >= .8": precise,
    }
    if cross_validate:
        folds = train.cross_validate(*train.training_docs(folder / "toponyms" / "geovirus.jsonl", gazetteer), gazetteer)
        print(
            "GeoVirus, cross-validated: strict",
            folds["strict"],
            "| tolerant",
            folds["tolerant"],
            f"| resolution {folds['resolution']:.3f}",
        )
        scores["GeoVirus, cross-validated F1@161 tolerant"] = folds["tolerant"].f1
    scores |= war_reports(folder / "claims" / "verb_place.jsonl", gazetteer)
    print(
        f"speed: {speed([doc.article.text for doc in lgl], gazetteer):.0f} texts of 3,000 characters a second, warm, one core"
    )
    return scores


def war_reports(path: Path, gazetteer: Gazetteer) -> dict[str, float]:
    """Places in sentences about Syria and Iraq: the share put in one of the two, and how many are put far off without cause.

    Once as found in the text and once with the marked spans given. A place is far off without cause where it is neither in
    the two countries nor in one that touches them, no country the sentence names holds it, and it is no country, capital,
    big town or region under its own name.
    """
    right = {False: 0, True: 0}
    astray = {False: 0, True: 0}
    count = 0
    for line in filter(None, path.read_text(encoding="utf-8").split("\n")):
        raw = json.loads(line)
        if not raw["locations"] or not _ABOUT.search(raw["text"]):
            continue
        article = Article(id=ArticleId(raw["id"]), text=raw["text"])
        spans = [(location["start"], location["end"]) for location in raw["locations"]]
        count += len(spans)
        found = find_toponyms(article, gazetteer)
        named = {
            t.place.country
            for t in found
            if t.place and (t.kind == "demonym" or t.place.feature_code.startswith("PCL"))
        }
        answers = resolve_spans(article, spans, gazetteer)
        right[True] += sum(t.place is not None and t.place.country in _THEATRE for t in answers)
        for start, end in spans:
            over = [t for t in found if t.quote.start < end and start < t.quote.end]
            place = max(over, key=lambda t: t.quote.end - t.quote.start).place if over else None
            right[False] += place is not None and place.country in _THEATRE
        for given, toponyms in ((False, found), (True, answers)):
            for toponym in toponyms:
                if far_without_cause(toponym, named):
                    astray[given] += 1
                    print(f"  far off: {toponym.text} -> {toponym.place.name}, {toponym.place.country}")
    print(f"war reports: {count} places")
    return {
        "war reports, right country": right[False] / max(1, count),
        "war reports, right country of given spans": right[True] / max(1, count),
        "war reports, far off without cause": float(astray[False]),
        "war reports, far off without cause, given": float(astray[True]),
    }


def far_without_cause(toponym: Toponym, named: set[str]) -> bool:
    place = toponym.place
    if place is None or place.country in named or place.country in (*_THEATRE, *_BESIDE):
        return False
    if place.feature_code.startswith("PCL") or place.feature_code == "PPLC":
        return False
    if place.population > 2_000_000:  # under any name: "Tex."
        return False
    own = normalise(place.name) in normalise(toponym.text)
    return not (own and (place.population > 100_000 or place.feature_class in "LH"))


def speed(texts: list[str], gazetteer: Gazetteer) -> float:
    joined = " ".join(texts)
    articles = [
        Article(id=ArticleId(str(i)), text=joined[i : i + 3000])
        for i in range(0, min(len(joined), 900_000) - 3000, 3000)
    ]
    best = 0.0
    for _ in range(2):
        begun = time.process_time()
        for article in articles:
            find_toponyms(article, gazetteer)
        best = max(best, len(articles) / (time.process_time() - begun))
    print(
        f"memory: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB resident at most (training included if it ran)"
    )
    return best


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "eval")
    parser.add_argument("--quick", action="store_true", help="do not refit the weights for GeoVirus")
    parser.add_argument("--errors", action="store_true")
    options = parser.parse_args()
    gazetteer = Gazetteer.open()
    scores = own_scores(gazetteer, errors=options.errors)
    scores |= alone_scores(gazetteer, errors=options.errors)
    wanted = {name for name in FLOORS if name.startswith(("own", "alone"))}
    if (options.data / "toponyms" / "lgl.jsonl").exists():
        scores |= corpus_scores(options.data, gazetteer, cross_validate=not options.quick)
        wanted |= {name for name in FLOORS if not (options.quick and name.startswith("GeoVirus"))}
    else:
        print(f"development corpora not found in {options.data}: only our own texts are measured")
    absent = sorted(wanted - scores.keys())
    for name in absent:
        print(f"{name:45}  nothing measured   floor {FLOORS[name]:.2f}   BELOW")
    failed = bool(absent)
    for name, value in scores.items():
        if name in CEILINGS:
            high = value > CEILINGS[name]
            failed |= high
            print(f"{name:45} {value:5.0f}   at most {CEILINGS[name]:.0f}{'   ABOVE' if high else ''}")
            continue
        floor = FLOORS[name]
        low = value < floor
        failed |= low
        print(f"{name:45} {value:.3f}   floor {floor:.2f}{'   BELOW' if low else ''}")
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
