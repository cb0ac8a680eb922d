"""The command line: the only package that prints, shows progress and exits.

Heavy modules are imported inside the commands that need them, so that ``mapper --help`` answers at once.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from mapper import __version__
from mapper.cli import names, products, stages
from mapper.cli.terminal import Stop, plain, say, shell
from mapper.files import OutputError

EXIT_CODES = (
    """Exit codes: 0 done; 1 no result (nothing usable in the input, or a check failed); 2 the call itself is wrong."""
)


app = typer.Typer(
    name="mapper",
    no_args_is_help=True,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Turn news articles into a dated, sourced map of who controlled what, and when.",
    epilog=EXIT_CODES,
)


gazetteer_app = typer.Typer(no_args_is_help=True, help="What the gazetteer knows, and how to teach it more.")


def _version(value: bool) -> None:
    if value:
        from mapper.gazetteer import Gazetteer

        print(f"mapper {__version__}")
        gazetteer = Gazetteer.open(progress=say)
        for name, text in {**gazetteer.versions(), **gazetteer.credits()}.items():
            print(f"{name}: {text}")
        raise typer.Exit


def main_options(
    quiet: Annotated[bool, typer.Option("-q", "--quiet", help="Say nothing but errors.")] = False,
    verbose: Annotated[bool, typer.Option("-v", "--verbose", help="List every issue with its quote.")] = False,
    version: Annotated[  # noqa: ARG001 - its callback does it
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Versions of program and data.")
    ] = False,
    online: Annotated[
        str,
        typer.Option("--online", help="Ask this public geocoder (nominatim) for names nobody knows. Off by default."),
    ] = "",
) -> None:
    shell.quiet, shell.verbose, shell.online = quiet, verbose, online


# The order is that of the help: the pipe from end to end, then what looks at it, then archives.
COMMANDS: dict[str, Callable[..., None]] = {
    "toponyms": stages.toponyms,
    "claims": stages.claims,
    "timeline": stages.timeline,
    "map": products.make_map,
    "export": products.export,
    "areas": products.areas,
    "diff": products.diff,
    "check": products.check,
    "extract": stages.extract,
}
GAZETTEER_COMMANDS: dict[str, Callable[..., None]] = {
    "search": names.gazetteer_search,
    "info": names.gazetteer_info,
    "add": names.gazetteer_add,
}
app.callback()(main_options)
app.add_typer(gazetteer_app, name="gazetteer")
for group, commands in ((app, COMMANDS), (gazetteer_app, GAZETTEER_COMMANDS)):
    for name, command in commands.items():
        group.command(name)(command)


def run_main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a call. A user's mistake ends in one line on standard error, never in a traceback."""
    try:
        app(args=None if arguments is None else list(arguments))
    except SystemExit as done:  # how typer ends: after help, after a wrong option, and when all went well
        if isinstance(done.code, str):
            raise  # not typer's: somebody stops the program, and says why
        return done.code or 0
    except Stop as stop:
        print(plain(f"error: {stop}"), file=sys.stderr)
        return stop.code
    except OutputError as error:
        print(plain(f"error: {error}"), file=sys.stderr)
        return 2
    except OSError as error:  # a name too long, a disk that fails while reading
        if error.strerror is None:
            raise
        where = f"{str(error.filename)[:200]}: " if error.filename else ""
        print(plain(f"error: {where}{error.strerror}"), file=sys.stderr)
        return 2
    except ValueError as error:
        if type(error).__module__.startswith("mapper"):  # ConfigError and its like say where and what to do
            print(plain(f"error: {error}"), file=sys.stderr)
            return 2
        raise
    return 0


def main() -> None:
    sys.exit(run_main())
