"""`python -m cfsync`, and the installed command."""

import sys


def main() -> None:
    from cfsync.cli.errors import guarded  # noqa: PLC0415 - even an interrupted import ends quietly

    sys.exit(guarded(sys.argv[1:]))


if __name__ == "__main__":
    main()
