"""Draws the pictures of the README and the guide from the made-up practice: `.venv/bin/python docs/make_pictures.py`."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent / "pictures"
# name -> size, keys from the Home page
PICTURES = {
    "home": ((100, 24), []),
    "transactions": ((100, 24), ["alt+m", "x", "right"]),
    "pending": ((100, 24), ["alt+m", "x", "alt+1"]),
    "files": ((100, 24), ["alt+m", "x", "alt+3"]),
    "adjust": ((80, 24), ["alt+m", "x", "f3"]),
    "why": ((80, 24), ["alt+m", "x", "f8"]),
}


async def draw(store: Path) -> None:
    """One picture after the other, each from a program of its own."""
    from bo_tui import dates
    from bo_tui.db.connection import open_store
    from bo_tui.office import Actor, Office
    from bo_tui.screens.app import BackOffice

    office = Office(open_store(store), Actor("ana", "administrator"), dates.today())
    for name, (size, keys) in PICTURES.items():
        app = BackOffice(office)
        app.title = "bo_tui"
        async with app.run_test(size=size) as pilot:
            await pilot.pause(0.5)
            for key in keys:
                await pilot.press(key)
                await pilot.pause(0.3)
            await pilot.pause(0.5)
            (HERE / f"{name}.svg").write_text(app.export_screenshot(), encoding="utf-8")
        print(f"{name}.svg")


def main() -> None:
    """Make the practice, give one placement a child, and draw."""
    from bo_tui.widgets import environment

    environment.prepare(os.environ)
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "demo" / "office.db"
        run = [sys.executable, "-m", "bo_tui"]
        subprocess.run([*run, "demo", str(store.parent)], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        report = [*run, "--db", str(store), "report", "placements", "--json"]
        rows = json.loads(subprocess.run(report, check=True, capture_output=True, text=True).stdout)
        first = str(min(rows, key=lambda row: (row["guarantor"], int(row["placement"])))["placement"])
        act = ["adjust", first, "--code", "SMBAL", "--amount", "46.04", "--note", "Settled on the phone"]
        subprocess.run([*run, "--db", str(store), *act], check=True, stdout=subprocess.DEVNULL)
        asyncio.run(draw(store))


if __name__ == "__main__":
    main()
