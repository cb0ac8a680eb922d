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
from mapper.cli.ending import Carried, Ended, answer, catch_signals, end_at_once, flushed, open_streams, past_typer
from mapper.cli.inputs import guarded
from mapper.cli.terminal import say, shell, show

EXIT_CODES = (
    "Exit codes: 0 done; 1 no result (nothing usable in the input, or a check failed); 2 the call itself is wrong, or the"
    " machine refused (a full disk, no memory); 128 and the signal's number when one ended it."
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


@past_typer
def _version(value: bool) -> None:
    if value:
        from mapper.gazetteer import Gazetteer

        show(f"mapper {__version__}")
        gazetteer = Gazetteer.open(progress=say)
        for name, text in {**gazetteer.versions(), **gazetteer.credits()}.items():
            show(f"{name}: {text}")
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
    "get": names.gazetteer_get,
}
app.callback()(main_options)
app.add_typer(gazetteer_app, name="gazetteer")
for group, commands in ((app, COMMANDS), (gazetteer_app, GAZETTEER_COMMANDS)):
    for name, command in commands.items():
        group.command(name)(past_typer(guarded(command)))


def run_main(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a call. A user's mistake ends in one line on standard error, never in a traceback."""
    try:
        app(args=None if arguments is None else list(arguments))
    except SystemExit as done:  # how typer ends: after help, after a wrong option, and when all went well
        if isinstance(done.code, str):
            raise  # not typer's: somebody stops the program, and says why
        return done.code or 0
    except (Exception, KeyboardInterrupt, Carried, Ended) as error:  # noqa: BLE001 - answer raises what is not the user's
        return answer(error)
    return 0


def main() -> None:
    """The command ``mapper``: as ``run_main``, with the process's streams and signals in order."""
    open_streams()
    catch_signals()
    try:
        code = flushed(run_main())
    except Ended as ended:  # while the answer to another error was given
        code = answer(ended)
    end_at_once()
    sys.exit(code)
