# ruff: noqa: INP001 - a script, not a package
"""Writes the reference pages from the program itself: commands, attributes, configuration.

Run by hand after a change (``python docs/generate.py``); a test fails when the pages and the program differ.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, get_type_hints

import msgspec
import typer.main

from mapper.cli import app
from mapper.config import ActorEntry, File, Fold, Reach, Theatre
from mapper.export import EVERY, LAYERS, SHAPES, WRITERS
from mapper.records import CLAIM_COLUMNS, DIALECT_NAMES, PERIOD_COLUMNS, TOPONYM_COLUMNS
from mapper.validation import allowed, shown

FOLDER = Path(__file__).resolve().parent / "reference"
NOTE = "<!-- Written by docs/generate.py from the program. Edit the program, then run it again. -->\n\n"


def cli_page() -> str:
    """Every command with its arguments and options."""
    root = typer.main.get_command(app)
    out = [
        "# Command line",
        "",
        root.help or "",
        "",
        (root.epilog or "").strip(),
        "",
        "Options of every command stand before it:",
        "",
    ]
    out += _options(root)
    out += _commands(root, "mapper")
    return NOTE + "\n".join(out).rstrip() + "\n"


def _commands(group: Any, path: str) -> list[str]:
    out: list[str] = []
    for name, command in sorted(group.commands.items()):
        full = f"{path} {name}"
        if getattr(command, "commands", None):
            out += ["", f"## {full}", "", _text(command.help)]
            out += _commands(command, full)
            continue
        arguments = [p for p in command.params if p.param_type_name == "argument"]
        usage = " ".join(f"<{a.metavar or a.name}>" if a.required else f"[{a.name}]" for a in arguments)
        out += ["", f"## {full}", "", f"`{full} [OPTIONS] {usage}`".replace(" `", "`"), "", _text(command.help), ""]
        out += _options(command)
    return out


def _text(value: str | None) -> str:
    paragraphs = inspect.cleandoc(value or "").split("\n\n")
    return "\n\n".join(" ".join(p.split()) for p in paragraphs)


def _options(command: Any) -> list[str]:
    rows = []
    for parameter in command.params:
        if parameter.name in ("install_completion", "show_completion"):
            continue
        if parameter.param_type_name == "argument":
            names = f"`{parameter.metavar or parameter.name}`"
        else:
            names = ", ".join(f"`{o}`" for o in (*parameter.opts, *parameter.secondary_opts))
        said = str(getattr(parameter, "help", "") or "").replace("|", "\\|")
        default = parameter.default
        if callable(default) or default in (None, False, "", (), []):
            default = None
        shown = "" if default is None else f"`{getattr(default, 'value', default)}`"
        rows.append(f"| {names} | {' '.join(said.split())} | {shown} |")
    return ["| option | what it does | default |", "|---|---|---|", *rows] if rows else []


def attributes_page() -> str:
    """The columns and properties of every output."""
    out = [
        "# Attributes",
        "",
        "The same attributes in every format. Dates are days; `start` and `end` are half-open, `begin_date` and `end_date` inclusive.",
        "",
        (
            f"Formats of `mapper export`, by suffix: {', '.join(f'`{s}`' for s in WRITERS)}. "
            f"Shapes: {', '.join(f'`{s}`' for s in SHAPES)}. Slices: every {', '.join(f'`{e}`' for e in EVERY)}."
        ),
    ]
    heads = {
        "territory": "Areas (`territory`)",
        "places": "Points (`places`)",
        "regions": "Regions told in words (`regions`)",
        "claims": "Claims in a GeoPackage (`claims`)",
        "changes": "Changes (`changes`)",
    }
    for layer, title in heads.items():
        out += ["", f"## {title}", ""]
        if layer == "places":
            out += [
                "The same as for areas; `zone` and `km2` are empty. Countries and provinces are rows without a point.",
                "",
            ]
            continue
        if layer == "regions":
            out += [
                'The same as for areas, one outline a period: the land that words such as "north-east Syria" mean, of which somebody',
                "holds a part; `zone` is `presumed` and `km2` empty. They lie over the areas and must not be added to them.",
                "",
            ]
            continue
        out += ["| attribute | kind | what it says |", "|---|---|---|"]
        out += [f"| `{f.name}` | {f.kind} | {f.says} |" for f in LAYERS[layer]]
    for title, columns in (
        ("Columns of `mapper claims`", CLAIM_COLUMNS),
        ("Columns of `mapper timeline`", PERIOD_COLUMNS),
        ("Fields of `mapper toponyms`", TOPONYM_COLUMNS),
    ):
        out += ["", f"## {title}", "", ", ".join(f"`{c}`" for c in columns)]
    out += [
        "",
        "## Tables that can be read",
        "",
        ", ".join(f"`{d}`" for d in DIALECT_NAMES) + " (the names for `--dialect`).",
    ]
    return NOTE + "\n".join(out) + "\n"


TABLES: dict[str, type] = {"": File, "[theatre]": Theatre, "[reach]": Reach, "[fold]": Fold, "[[actors]]": ActorEntry}


def config_page() -> str:
    """The keys of mapper.toml with what they allow and their defaults, from the dataclasses and their comments."""
    out = ["# mapper.toml", ""]
    out += [
        "Everything has a default, so no file is needed. `mapper` takes `--config`, or the `mapper.toml` beside the first input that has one.",
        "A value that is not allowed and an unknown key are errors (exit code 2) that name the file, the key, the value and what",
        "is allowed, in one line for up to five of them:",
        "",
        "```text",
        'error: mapper.toml: fold.stale_days = "ten": must be a whole number from 0 to 36525',
        "error: mapper.toml: reach.solid: unknown key, did you mean reach.solid_km?; known here are infer, infer_gap_km, …",
        "```",
        "",
        "Entries of a list are counted from 0: `actors[2].since` is in the third `[[actors]]`.",
        "",
        "## In an editor",
        "",
        "[mapper.schema.json](mapper.schema.json) is a JSON schema of the file (draft 2020-12). Editors that know schemas for TOML,",
        "such as VS Code with *Even Better TOML*, complete and check the keys when the first line of the `mapper.toml` names it by",
        "its path or address:",
        "",
        "```toml",
        "#:schema ./mapper.schema.json",
        "```",
        "",
        "What a schema cannot say, the program says when it reads the file: a box whose south is not below its north, two actors",
        "of one id, `until` before `since`, a `parent` nobody knows, `presumed_km` below `solid_km`, `inf` and `nan`.",
    ]
    for title, cls in TABLES.items():
        says = [] if cls is File else [" ".join((cls.__doc__ or "").split()), ""]
        out += ["", f"## {title or 'Top level'}", "", *says, *_keys(cls)]
    return NOTE + "\n".join(out) + "\n"


def _comments(cls: type) -> dict[str, str]:
    """What the comment beside each key of a table says."""
    lines = (re.match(r"    (\w+): [^#]+#? ?(.*)$", line) for line in inspect.getsource(cls).splitlines())
    return {match[1]: match[2].strip() for match in lines if match}


def _keys(cls: type) -> list[str]:
    rows = ["| key | default | allowed | what it sets |", "|---|---|---|---|"]
    says, kinds = _comments(cls), get_type_hints(cls, include_extras=True)
    for entry in fields(cls):
        if f"[{entry.name}]" in TABLES or f"[[{entry.name}]]" in TABLES:
            continue
        if entry.default_factory is not MISSING:
            default = "`{}`"
        elif entry.default is MISSING:
            default = "must be given"
        else:
            default = {(): "`[]`", None: "not set"}.get(entry.default, f"`{shown(entry.default)}`")
        rows.append(f"| `{entry.name}` | {default} | {allowed(kinds[entry.name])} | {says[entry.name]} |")
    return rows


def schema_page() -> str:
    """The JSON schema of mapper.toml: msgspec's of the dataclasses, with their comments, and no unknown keys."""
    (schema,), parts = msgspec.json.schema_components([File], ref_template="#/$defs/{name}")
    for cls in TABLES.values():
        part = parts[cls.__name__]
        part["description"] = " ".join((cls.__doc__ or "").split())
        part["additionalProperties"] = False
        part["required"] = [f.name for f in fields(cls) if f.default is f.default_factory is MISSING]
        for name, says in _comments(cls).items():
            if says:
                part["properties"][name]["description"] = says
    # None is the default of a box, and no TOML file can say it
    box = parts["Theatre"]["properties"]["box"]
    box |= next(kind for kind in box.pop("anyOf") if kind["type"] != "null") | {"description": box["description"]}
    del box["default"]
    whole = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "mapper.toml",
        **schema,
        "$defs": parts,
    }
    return json.dumps(whole, ensure_ascii=False, indent=2, sort_keys=False) + "\n"


PAGES = {
    "cli.md": cli_page,
    "attributes.md": attributes_page,
    "config.md": config_page,
    "mapper.schema.json": schema_page,
}


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
