"""The commands of ``mapper gazetteer``: search it, list its sources, teach it places, one by one or a country's."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import typer

from mapper.cli.inputs import find_config, open_gazetteer
from mapper.cli.options import Extra, OwnConfig
from mapper.cli.terminal import Stop, report, say, show, show_table


def gazetteer_search(
    name: Annotated[str, typer.Argument(help="A place name, in any spelling or script.")],
    country: Annotated[str, typer.Option("--country", help="Only in these countries: SY,IQ.")] = "",
    limit: Annotated[int, typer.Option("--limit", min=1, max=1000, help="How many to show.")] = 10,
    config_file: OwnConfig = None,
    extra: Extra = None,
) -> None:
    """Which places a name may mean, and why.

    Example: `mapper gazetteer search Kobane`, or in words `mapper gazetteer search "north-east Syria"`
    """
    from mapper.config import country_codes
    from mapper.toponyms import region_in_words

    countries = country_codes([code for code in country.split(",") if code.strip()], "--country")
    config = find_config((), config_file)
    gazetteer = open_gazetteer(config, extra)
    told = region_in_words(name, gazetteer)
    if told is not None and countries and told.country not in countries:
        told = None
    found = gazetteer.search(name, limit=limit, countries=countries)
    if not found and told is None:
        where = f" in {', '.join(countries)}" if countries else ""
        message = f"{name!r} is not in the gazetteer{where}; `mapper gazetteer add FILE` teaches it places"
        raise Stop(message)
    show_table(
        f"Places that {name!r} may mean",
        ([] if told is None else [_row(told, name, "told in words")])
        + [_row(c.place, c.matched, c.why) for c in found],
    )


def _row(place: Any, matched: str, why: str) -> dict[str, object]:
    """One line of the table; the model is not imported here, because the command line must start at once."""
    return {
        "id": place.id,
        "name": place.name,
        "kind": place.feature_code,
        "country": place.country,
        "province": place.admin1,
        "lat": f"{place.lat:.4f}",
        "lon": f"{place.lon:.4f}",
        "people": place.population or "",
        "matched": matched,
        "why": why,
    }


def gazetteer_info(
    config_file: OwnConfig = None,
    extra: Extra = None,
    verify: Annotated[
        bool, typer.Option("--verify", help="Check every byte of what is unpacked, and make anew what is damaged.")
    ] = False,
) -> None:
    """Sources, versions, licences and counts of the bundled gazetteer and of yours."""
    gazetteer = open_gazetteer(find_config((), config_file), extra, verify=verify)
    for key, value in (gazetteer.info() | (gazetteer.cache() if verify else {})).items():
        show(f"{key}: {value}")


def gazetteer_add(
    file: Annotated[
        Path,
        typer.Argument(help="A GeoNames dump (SY.txt, .zip, allCountries.txt), CSV, GeoJSON or GeoPackage of points."),
    ],
    to: Annotated[
        Path | None, typer.Option("--to", help="A gazetteer file of a project instead (name it in mapper.toml).")
    ] = None,
    country: Annotated[str, typer.Option("--country", help="ISO code for rows that have none.")] = "",
) -> None:
    """Teach the gazetteer places; they come before the bundled ones from now on.

    Example: `mapper gazetteer add SY.txt`, or `mapper gazetteer add villages.csv --to villages.tsv`
    """
    from mapper.config import country_codes
    from mapper.gazetteer.importers import add_places

    code = country_codes([country], "--country")[0] if country.strip() else ""
    if not file.is_file():
        message = f"{file}: no such file"
        raise Stop(message, 2)
    added = add_places(file, to=to, country=code)
    report(added.issues)
    say(f"{added.places:,} places added")
    show(added.path)


def gazetteer_get(
    country: Annotated[str, typer.Argument(help="The country's two letters (ISO 3166-1): SY.")],
    source: Annotated[
        Path | None,
        typer.Argument(
            help="A dump, or a folder with dumps: GeoNames (SY.txt, .zip), OCHA's units with P-codes (XLSX, CSV, GeoJSON,"
            " GeoPackage, Shapefile), OpenStreetMap places (GeoJSON)."
        ),
    ] = None,
    to: Annotated[
        Path | None, typer.Option("--to", help="A gazetteer file of a project instead (name it in mapper.toml).")
    ] = None,
    download: Annotated[
        bool,
        typer.Option("--download", help="Fetch the country's GeoNames dump (CC BY 4.0) from download.geonames.org."),
    ] = False,
) -> None:
    """A country's villages, districts and their outlines from open dumps; no network unless you ask for it.

    Example: `mapper gazetteer get SY dumps`, or `mapper gazetteer get SY --download`
    """
    from mapper.dumps import get_country
    from mapper.dumps.download import geonames_dump
    from mapper.gazetteer import Gazetteer

    if (source is None) != download:
        message = (
            "name a dump or a folder with dumps, or ask for --download: where open dumps are says"
            " docs/how-to/gazetteer.md"
            if source is None
            else "either a file or folder of yours, or --download"
        )
        raise Stop(message, 2)
    gazetteer = Gazetteer.open(districts=False, progress=say)
    path = source if source is not None else geonames_dump(country, progress=say)
    got = get_country(country, path, gazetteer=gazetteer, to=to)
    report(got.issues)
    for file, kind in got.files:
        say(f"read {file} ({kind})")
    say(
        f"{got.places:,} places, {got.units:,} of them units ({got.outlines:,} with outlines, {got.joined:,} known before)"
    )
    show(got.path)
