"""From news articles to a dated, sourced map of who controlled what.

The public names are listed in ``__all__``; each is loaded from its home when it is first used, so that
``import mapper`` and ``mapper --help`` cost nothing.
"""

from importlib import import_module

__version__ = "0.1.0"

_HOMES = {
    "Article": "mapper.model",
    "Claim": "mapper.model",
    "Config": "mapper.config",
    "ControlTimeline": "mapper.webmap",
    "Gazetteer": "mapper.gazetteer",
    "MapResult": "mapper.api",
    "Result": "mapper.model",
    "Territory": "mapper.model",
    "Timeline": "mapper.model",
    "build_territory": "mapper.areas",
    "build_timeline": "mapper.timeline",
    "export": "mapper.export",
    "extract_claims": "mapper.claims",
    "find_toponyms": "mapper.toponyms",
    "read_articles": "mapper.articles",
    "read_config": "mapper.config",
    "read_table": "mapper.records",
    "render": "mapper.webmap",
    "run": "mapper.api",
}

__all__ = ["__version__", *sorted(_HOMES)]  # noqa: PLE0604 - the names above


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        message = f"module 'mapper' has no attribute {name!r}"
        raise AttributeError(message)
    return getattr(import_module(_HOMES[name]), name)
