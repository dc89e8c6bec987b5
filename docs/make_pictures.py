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
    "collections_admin": ((100, 30), ["alt+x", "c"]),
    "accounts": ((100, 24), ["alt+m", "a"]),
    "account": ((100, 24), ["alt+m", "a", *"bap", "down", "down", "down", "enter"]),
    "account_ar": ((100, 24), ["alt+m", "a", *"bap", "down", "down", "down", "enter", "alt+2", "down", "right"]),
    "precollections": ((100, 24), ["alt+m", "t", "alt+3"]),
    "payment": ((100, 24), ["alt+m", "p", "enter", "enter"]),
    "audit": ((100, 24), ["alt+x", "t"]),
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


def prepare(store: Path, remittance: Path) -> None:
    """Load a remittance, set pre-collections up and start a few accounts, so that their pages have something to show."""
    from bo_tui import dates
    from bo_tui.db.connection import open_store
    from bo_tui.db.tables import Practice
    from bo_tui.office import Actor, Office
    from bo_tui.rules.batches import remit
    from bo_tui.rules.precollect import candidates, starts
    from bo_tui.rules.settings import practices, precollection_rules

    office = Office(open_store(store), Actor("ana", "administrator"), dates.today())
    with office.reading():
        row = Practice.get()
    remit.import_remit(office, row.id, "First Bay", remittance)
    wanted = practices.PracticeSettings(row.name, precollections_enrolled=True, tsi_client_number="12345")
    practices.save(office, row.id, wanted)
    precollection_rules.save(office, row.id, precollection_rules.Rules(50_00, 20, 20_00, None, 35))
    found = candidates.candidates(office, row.id, most=8).rows
    starts.create_start(office, row.id, [one.line for one in found])
    office.close()


def remitted(folder: Path, rows: list[dict[str, str]]) -> Path:
    """A remittance over the first debts of one agency."""
    path = folder / "4471.csv"
    mine = [row for row in rows if row["agency"] == "First Bay" and row["balance"] != "0.00"][:6]
    lines = [f"{row['placement']},2026-11-18,{row['balance']},25.00" for row in mine]
    path.write_text("placement,date,gross,commission\n" + "\n".join(lines) + "\n", encoding="utf-8")
    return path


def main() -> None:
    """Make the practice, give one placement a child, have a remittance and pre-collections, and draw."""
    from bo_tui.widgets import environment

    environment.prepare(os.environ)
    HERE.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        store = Path(folder) / "demo" / "office.db"
        run = [sys.executable, "-m", "bo_tui"]
        subprocess.run(
            [*run, "demo", str(store.parent)], check=True, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        report = [*run, "--db", str(store), "report", "placements", "--json"]
        rows = json.loads(subprocess.run(report, check=True, capture_output=True, text=True).stdout)
        first = str(min(rows, key=lambda row: (row["guarantor"], int(row["placement"])))["placement"])
        act = ["adjust", first, "--code", "SMBAL", "--amount", "46.04", "--note", "Settled on the phone"]
        subprocess.run([*run, "--db", str(store), *act], check=True, stdout=subprocess.DEVNULL)
        prepare(store, remitted(Path(folder), rows))
        asyncio.run(draw(store))


if __name__ == "__main__":
    main()
