"""The entry point: `bo-tui` and `python -m bo_tui`."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> None:
    """Run one command, or open the program when none is named, and leave with its exit code (CONTRACT, Exit codes)."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # a name that the terminal cannot show must not end a report
            stream.reconfigure(errors="backslashreplace")
    if arguments is None and len(sys.argv) == 1:
        from bo_tui.cli import exits, opening

        sys.exit(exits.guarded(opening.open_program))
    from bo_tui.cli import program

    program.main(args=arguments)


def start() -> None:
    """`main` as a process of its own: garbage is collected once the modules are loaded, of which none becomes garbage."""
    gc.disable()
    main()


if __name__ == "__main__":
    start()
