"""Keeping who looked at what: written within two seconds by a worker of the program, at once by a command (DESIGN section 7).

Nothing here is an act: looking changes nothing. What is kept names pages, tables and ids, never a guarantor. Rows are kept for
six years unless an administrator deletes older ones, which is an act.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from peewee import fn

from bo_tui import dates
from bo_tui.db import access
from bo_tui.db.access import Look
from bo_tui.db.tables.access import Access, AccessFloor
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.keeping import Keeper

__all__ = ["KINDS", "YEARS", "Keeper", "Kept", "keep", "keep_beside", "look_of", "prune", "rows"]

KINDS = {
    "open": "opened the program",
    "look": "looked at",
    "report": "printed a report",
    "export": "exported",
    "print": "printed",
    "unmask": "unmasked",
    "refused": "was refused",
}
YEARS = 6


def look_of(
    office: Office, kind: str, subject: str, subject_id: int | None, detail: str | None, practice: int | None
) -> Look:
    """What the office's operator does now, as a row of the chain."""
    return Look(office.actor.name, kind, subject, subject_id, detail, practice, dates.utc_stamp())


def keep(
    office: Office,
    kind: str,
    subject: str,
    subject_id: int | None = None,
    detail: str | None = None,
    practice: int | None = None,
) -> None:
    """Write one look at once; for commands. Raises Locked where the store stays busy: what cannot be kept is not shown."""
    access.write(office.store, [look_of(office, kind, subject, subject_id, detail, practice)])


def keep_beside(office: Office, *what: Any) -> None:
    """The same as `keep`, with a connection of its own, for whoever is reading from the store; returns once it is kept."""
    failed: list[Exception] = []

    def run() -> None:
        try:
            keep(office, *what)
        except Exception as error:
            failed.append(error)
        finally:
            office.close()

    beside = threading.Thread(target=run, name="access")
    beside.start()
    beside.join()
    if failed:
        raise failed[0]


@dataclass(frozen=True, slots=True)
class Kept:
    """What is about to leave the office, for `keep`: `subject` a page or a table, `detail` words without names."""

    kind: str
    subject: str
    subject_id: int | None = None
    detail: str | None = None
    practice: int | None = None

    def keep(self, office: Office) -> None:
        """Write it at once; raises Locked."""
        keep(office, self.kind, self.subject, self.subject_id, self.detail, self.practice)


def rows(count: int, more: bool = False) -> str:
    """A number of rows as a look's detail has it: `1 row`, `1,204 rows`, `more than 5,000 rows`."""
    return f"{'more than ' if more else ''}{count:,} row{'' if count == 1 and not more else 's'}"


def prune(office: Office, before: int, *, tell: Callable[[int], None] = lambda count: None) -> int:
    """Delete the access rows made before a day (UTC), which lies at least six years back; how many.

    An act without a practice: its change row names the last row that went and its digest, from which the kept chain goes on.
    Raises RuleRefusal, field `before`.
    """
    roles.require(office, "prune")
    youngest = dates.shift(office.business_date, -YEARS, "y")
    if before > youngest:
        raise RuleRefusal(
            f"Who looked at what is kept for {YEARS} years: the day can be {dates.iso(youngest)} at the latest.",
            field="before",
        )
    with office.act("prune", None, f"access rows before {dates.iso(before)}") as draft:
        old = Access.made_at < dates.iso(before)
        last = Access.select(fn.MAX(Access.id)).where(old).scalar()
        if last is None:
            return 0
        digest = Access.select(Access.digest).where(Access.id == last).scalar()
        ledger.change(draft, "access", last, "floor", access.floor()[1] or None, digest)
        AccessFloor.insert(access=last, digest=digest, act=draft.id).execute()
        count = Access.delete().where(Access.id <= last).execute()
        ledger.seal(draft)
    tell(count)
    return count
