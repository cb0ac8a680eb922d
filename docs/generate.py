# ruff: noqa: INP001 - a script, not a package
"""Writes the reference pages from the program itself: commands, attributes, configuration.

Run by hand after a change (``python docs/generate.py``); a test fails when the pages and the program differ.
"""

from __future__ import annotations

import inspect
import re
import sys
from pathlib import Path
from typing import Any

import typer.main

from mapper.cli import app
from mapper.config import Config, Fold, Reach, Theatre
from mapper.export import EVERY, LAYERS, SHAPES, WRITERS
from mapper.records import CLAIM_COLUMNS, DIALECT_NAMES, PERIOD_COLUMNS, TOPONYM_COLUMNS

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


def config_page() -> str:
    """The keys of mapper.toml with their defaults, from the dataclasses and their comments."""
    out = ["# mapper.toml", ""]
    out += [
        "Everything has a default, so no file is needed. `mapper` takes `--config`, or the `mapper.toml` beside the first input.",
        "An unknown key is an error that names it.",
        "",
        "## Top level",
        "",
        *_keys(Config, skip=("folder", "theatre", "fold", "reach")),
    ]
    for name, cls in (("theatre", Theatre), ("reach", Reach), ("fold", Fold)):
        out += ["", f"## [{name}]", "", " ".join((cls.__doc__ or "").split()), "", *_keys(cls)]
    return NOTE + "\n".join(out) + "\n"


def _keys(cls: type, skip: tuple[str, ...] = ()) -> list[str]:
    rows = ["| key | default | what it sets |", "|---|---|---|"]
    for line in inspect.getsource(cls).splitlines():
        match = re.match(r"    (\w+): ([^=#]+?) = (.+?)(?:  # (.*))?$", line)
        if match is None or match[1] in skip:
            continue
        default = match[3]
        made = re.match(r"field\(default_factory=(\w+)", default)
        if made:
            default = {"dict": "{}", "tuple": "[]"}.get(made[1], "")
        default = {"()": "[]", "None": "not set"}.get(default, default)
        rows.append(f"| `{match[1]}` | `{default}` | {(match[4] or '').strip()} |")
    return rows


PAGES = {"cli.md": cli_page, "attributes.md": attributes_page, "config.md": config_page}


def main() -> int:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name, make in PAGES.items():
        (FOLDER / name).write_text(make(), encoding="utf-8", newline="\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
