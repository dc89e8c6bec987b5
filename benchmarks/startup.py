"""Start-up: `--help`, a night with nothing to do and the first usable frame, beside bare Python and a bare Textual app."""

from __future__ import annotations

import compileall
import os
import pwd
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import bo_tui
from bo_tui import dates
from bo_tui.cli.init import make_office
from tests.terminal.harness import Terminal

ROUNDS = 9
PROGRAM = [sys.executable, "-m", "bo_tui"]
BARE = (
    "from textual.app import App\nfrom textual.widgets import Static\n"
    "class Bare(App):\n    def compose(self):\n        yield Static('here it is')\nBare().run()\n"
)


def measure() -> dict[str, float]:
    """Median milliseconds of each over rounds that alternate."""
    with tempfile.TemporaryDirectory(prefix="bo_tui-start-") as folder:
        path = Path(folder) / "office.db"
        user = pwd.getpwuid(os.getuid()).pw_name
        make_office(path, "BENCH", "Bench Anesthesia", user, dates.today()).close()
        night = [*PROGRAM, "--db", str(path), "nightly"]
        subprocess.run(night, check=True, capture_output=True)
        compileall.compile_dir(Path(bo_tui.__file__).parent, quiet=1)  # as installing does
        every: dict[str, Callable[[], float]] = {
            "python": lambda: _ran([sys.executable, "-c", "pass"]),
            "help": lambda: _ran([*PROGRAM, "--help"]),
            "nightly": lambda: _ran(night),
            "textual": lambda: _shown([sys.executable, "-c", BARE], {}, "here it is"),
            "program": lambda: _shown(PROGRAM, {"BO_TUI_DB": str(path)}, "2 Placed"),
        }
        times: dict[str, list[float]] = {name: [] for name in every}
        for _ in range(ROUNDS):
            for name, run in every.items():
                times[name].append(run())
    return {name: sorted(values)[len(values) // 2] * 1000 for name, values in times.items()}


def _ran(command: list[str]) -> float:
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - started


def _shown(command: list[str], environ: dict[str, str], text: str) -> float:
    started = time.perf_counter()
    with Terminal(command, environ=environ) as term:
        term.wait_until(lambda: text in term.text, text, 30)
        return time.perf_counter() - started
