"""``python -m mapper`` is the command ``mapper``."""

import sys


def main() -> None:
    """The command; Ctrl-C while it is still loading ends it as later: without a traceback."""
    try:
        from mapper.cli import main as command
    except KeyboardInterrupt:
        sys.exit(130)
    command()


if __name__ == "__main__":
    main()
