"""Posting a batch of 5,000 payments, and loading a remittance of as many rows: `python -m benchmarks.batch [PAYMENTS]`."""

from __future__ import annotations

import sys
import tempfile
import time
from pathlib import Path

from benchmarks import practice
from bo_tui.db.bulk import insert_rows
from bo_tui.db.tables import Act, Distribution, Payment, Placement, ServiceLine
from bo_tui.office import Actor, Office
from bo_tui.rules import checking, ledger
from bo_tui.rules.batches import batches, posting, remit
from bo_tui.rules.external import pending

LINES = 40_000


def enter(office: Office, count: int) -> int:
    """A batch of so many guarantors' checks, each for one line, written straight into its tables; its id."""
    db = office.store.db
    with office.act("bench", 1) as draft:
        mine = (ServiceLine.responsibility == "guarantor") & (ServiceLine.ar > 2000)
        found = ServiceLine.select(ServiceLine.id, ServiceLine.account).where(mine).limit(count).tuples()
        batch = batches.create_within(draft, 1, count, None, None, "bench").batch
        checks, shares = [], []
        for place, (line, account) in enumerate(found, start=1):
            day = office.business_date
            checks.append((place, 1, batch, "guarantor", "check", str(place), 1500, day, account, "bench", draft.id))
            shares.append((1, place, "line", account, line, 1500, "bench", draft.id))
        fields = "id practice batch kind type number amount date account made_by act".split()
        insert_rows(db, [getattr(Payment, name) for name in fields], checks)
        fields = "practice payment kind account line amount made_by act".split()
        insert_rows(db, [getattr(Distribution, name) for name in fields], shares)
        ledger.seal(draft)
    return batch


def remittance(office: Office, folder: Path, count: int) -> Path:
    """A file of so many rows, for lines that were placed for it."""
    mine = (ServiceLine.responsibility == "guarantor") & (ServiceLine.ar > 10_000)
    lines = [number for (number,) in ServiceLine.select(ServiceLine.number).where(mine).limit(count).tuples()]
    pending.add(office, 1, lines, "First Bay")
    pending.post(office, 1, lines)
    path = folder / "remit.csv"
    with path.open("w") as stream:
        stream.write("placement,date,gross,net\n")
        for (placement,) in Placement.select(Placement.id).tuples():
            stream.write(f"{placement},2026-11-01,50.00,40.00\n")
    return path


def timed(what: str, act: object) -> tuple[object, float]:
    """Call and tell the seconds; they go with the answer."""
    started = time.perf_counter()
    done = act()  # type: ignore[operator]
    seconds = time.perf_counter() - started
    print(f"{what}: {seconds:.2f} s", file=sys.stderr)
    return done, seconds


def main(count: int) -> float:
    """Tell the figures; the seconds of posting the batch."""
    with tempfile.TemporaryDirectory() as folder:
        store = practice.build(Path(folder) / "office.db", LINES)
        office = Office(store, Actor("bench", "administrator"), practice.DAY)
        batch = enter(office, count)
        acts = Act.select().count()
        done, seconds = timed(f"post {count:,} payments", lambda: posting.post(office, batch))  # type: ignore[arg-type]
        assert done.payments == count, done  # type: ignore[attr-defined]
        print(f"in {Act.select().count() - acts} acts", file=sys.stderr)
        path = remittance(office, Path(folder), count)
        made, _ = timed(
            f"load a remittance of {count:,} rows", lambda: remit.import_remit(office, 1, "First Bay", path)
        )
        timed(f"post its {count:,} distributions", lambda: posting.post(office, made.batch))  # type: ignore[attr-defined]
        findings = [one for one in checking.check(store) if one.kind != "history"]  # its batch was keyed without one
        assert not findings, findings[:3]
        store.close()
    return seconds


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
