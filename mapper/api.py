"""The pipe for programmers and notebooks: one call from articles or tables to a result that shows itself."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from html import escape
from pathlib import Path
from typing import Any

import geopandas as gpd

from mapper import pipeline
from mapper.areas import basemap
from mapper.articles import SUFFIXES, make_article, parse_articles
from mapper.config import Config, default_config, read_config
from mapper.export import export as write_export
from mapper.export import frame
from mapper.files import write_text
from mapper.gazetteer import Gazetteer
from mapper.inputs import config_beside, load, open_gazetteer
from mapper.model import Article, Issue, Result
from mapper.reader import open_reader
from mapper.records import EXPORTED_SUFFIXES, TABLE_SUFFIXES, Table
from mapper.webmap import render

_SUFFIXES = SUFFIXES + TABLE_SUFFIXES + EXPORTED_SUFFIXES
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
        """A GeoDataFrame (EPSG:4326) of the periods: ``layer`` is places, territory, regions, claims or changes."""
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


def _opened(source: Source, published: date | None) -> list[str | Article | Table | Issue]:
    """A source as ``inputs.load`` takes it: paths as they are, texts and mappings as articles."""
    if isinstance(source, Article | Table):
        return [source]
    if isinstance(source, Mapping):
        record = dict(source)
        if published is not None:
            record["published"] = published.isoformat()
        return list(make_article(record))
    is_text = isinstance(source, str) and "\n" in source
    if not is_text and os.path.exists(source):  # noqa: PTH110 - a text is no path, and Path.exists raises for a long one
        return [str(source)]
    if not is_text and (isinstance(source, Path) or source.lower().endswith(_SUFFIXES)):
        message = f"no such file: {source}"
        raise FileNotFoundError(message)
    return list(parse_articles(str(source), name="", kind=".txt", published=published))


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
    ``config`` is a Config or the path of a mapper.toml; without it the mapper.toml beside the first path that has one is
    used, as on the command line. ``gazetteer`` replaces the bundled one with the configuration's and the user's own files
    before it. Raises FileNotFoundError for a path that is not there
    and ConfigError for a configuration that is wrong; everything else that is odd is in ``result.issues``.
    """
    several = [sources] if isinstance(sources, str | Path | Article | Mapping | Table) else list(sources)
    opened = [one for source in several for one in _opened(source, published)]
    if isinstance(config, Config):
        settings = config
    else:
        path = config_beside(one for one in opened if isinstance(one, str)) if config is None else Path(config)
        settings = default_config() if path is None else read_config(path)
    settings = replace(settings, title=title or settings.title)
    loaded = load(opened, settings, published=published)
    settings = loaded.settle(settings)
    book = gazetteer or open_gazetteer(settings)
    result = pipeline.run(
        loaded.articles,
        gazetteer=book,
        config=settings,
        given=pipeline.Given.of(loaded.tables),
        issues=(*book.issues, *loaded.issues),
        as_of=as_of,
        reader=open_reader(settings.reader) if loaded.articles else None,
    )
    return MapResult(gazetteer=book, **{f.name: getattr(result, f.name) for f in fields(Result)})
