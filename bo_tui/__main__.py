"""The entry point: `bo-tui` and `python -m bo_tui`."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence

from bo_tui.cli import program


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command, or open the program when none is named, and leave with its exit code (CONTRACT, Exit codes)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show must not end a report
            stream.reconfigure(errors="backslashreplace")
    program.main(args=arguments)


if __name__ == "__main__":
    main()
