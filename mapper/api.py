"""The pipe for programmers and notebooks: one call from articles or tables to a result that shows itself."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import geopandas as gpd

from mapper import pipeline
from mapper.areas import basemap
from mapper.articles import SUFFIXES, list_files, make_article, parse_articles, read_file
from mapper.config import Config, default_config, read_config
from mapper.export import export as write_export
from mapper.export import frame
from mapper.files import write_text
from mapper.gazetteer import Gazetteer
from mapper.model import Article, Issue, Result
from mapper.records import TABLE_SUFFIXES, Table, looks_like_table, read_table
from mapper.webmap import render

Source = str | Path | Article | Mapping[str, Any] | Table


@dataclass(frozen=True, slots=True, kw_only=True)
class MapResult(Result):
    """A Result that writes itself: as a page, as files, as a GeoDataFrame, as a map in a notebook."""

    gazetteer: Gazetteer

    def to_html(self, *, language: str = "en") -> str:
        """The whole page, self-contained and offline."""
        land = self.territory
        base = basemap(self.gazetteer, None if land is None else land.bounds, places=self.places)
        return render(self, basemap=base, language=language)

    def to_frame(self, layer: str = "places", *, at: date | None = None) -> gpd.GeoDataFrame:
        """A GeoDataFrame (EPSG:4326) of the periods: ``layer`` is places, territory, claims or changes."""
        return frame(self, layer=layer, at=at)

    def save(self, path: str | Path, **options: Any) -> Path:
        """Write a page (.html) or a file of ``mapper.export`` by its suffix; ``options`` are those of ``export``."""
        path = Path(path)
        if path.suffix.lower() in (".html", ".htm"):
            write_text(path, self.to_html(**options))
        else:
            write_export(self, path, **options)
        return path

    def _repr_html_(self) -> str:
        # an iframe of its own: the page's styles and scripts and the notebook's must not meet
        page = escape(self.to_html(), quote=True)
        return (
            f'<iframe srcdoc="{page}" style="width:100%;height:640px;border:0" title="{escape(self.title)}"></iframe>'
        )


def _table(path: Path, config: Config) -> Table | None:
    """The table in a file, or None when the file holds articles."""
    name = path.name.lower()
    if not name.endswith(TABLE_SUFFIXES):
        if not name.endswith((".csv", ".jsonl", ".ndjson")):
            return None
        with path.open(encoding="utf-8-sig", errors="replace", newline="") as stream:
            if not looks_like_table(stream.read(1 << 16), path.suffix.lower()):
                return None
    return read_table(path, name=str(path), actors=config.actors)


def _open(source: Source, config: Config, published: date | None) -> list[Article | Table | Issue]:
    if isinstance(source, Article | Table):
        return [source]
    if isinstance(source, Mapping):
        record = dict(source)
        if published is not None:
            record["published"] = published.isoformat()
        return list(make_article(record))
    if isinstance(source, str) and ("\n" in source or len(source) > 255 or not Path(source).exists()):
        looks_like_path = "\n" not in source and source.lower().endswith(SUFFIXES + TABLE_SUFFIXES)
        if looks_like_path:
            message = f"no such file: {source}"
            raise FileNotFoundError(message)
        return list(parse_articles(source, name="", kind=".txt", published=published))
    found: list[Article | Table | Issue] = []
    for item in list_files([str(source)], SUFFIXES + TABLE_SUFFIXES):
        table = None if isinstance(item, Issue) else _table(Path(item), config)
        if isinstance(item, Issue):
            found.append(item)
        elif table is not None:
            found.append(table)
        else:
            found += read_file(item, published=published)
    return found


def run(
    sources: Source | Iterable[Source],
    *,
    config: Config | str | Path | None = None,
    gazetteer: Gazetteer | None = None,
    published: date | None = None,
    title: str = "",
    as_of: date | None = None,
) -> MapResult:
    """From articles and tables to a result.

    ``sources``: a path (file or folder), a text, an Article, a mapping with ``text`` (and ``published``, ``url``, …), a
    Table of ``read_table``, or several of them. ``published`` is the publication date of articles that bring none.
    ``config`` is a Config or the path of a mapper.toml. Raises FileNotFoundError for a path that is not there and
    ConfigError for a configuration that is wrong; everything else that is odd is in ``result.issues``.
    """
    settings = (
        config if isinstance(config, Config) else default_config() if config is None else read_config(Path(config))
    )
    several = [sources] if isinstance(sources, str | Path | Article | Mapping | Table) else list(sources)
    found = [one for source in several for one in _open(source, settings, published)]
    tables = [one for one in found if isinstance(one, Table)]
    new = {actor.id: actor for table in tables for actor in table.actors}
    settings = replace(settings, actors=(*settings.actors, *new.values()), title=title or settings.title)
    book = gazetteer or Gazetteer.open(
        extra=settings.gazetteers, aliases=settings.aliases, point_of_view=settings.point_of_view
    )
    given = pipeline.Given(
        claims=tuple(c for t in tables for c in t.claims),
        share_claims=tuple(s for t in tables for s in t.share_claims),
        periods=tuple(p for t in tables for p in t.periods),
        places={i: p for t in tables for i, p in t.places.items()},
        issues=(*(i for i in found if isinstance(i, Issue)), *(i for t in tables for i in t.issues)),
    )
    articles = [one for one in found if isinstance(one, Article)]
    result = pipeline.run(articles, gazetteer=book, config=settings, given=given, as_of=as_of)
    return MapResult(gazetteer=book, **{f.name: getattr(result, f.name) for f in fields(Result)})
