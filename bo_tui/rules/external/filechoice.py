"""Before a file is made: which agencies wait for one, with how many placements, and whether one may be made; and exporting one."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from peewee import fn

from bo_tui.db import exporting
from bo_tui.db.tables import Agency, AgencyFile, Assignment, Placement, ServiceLine
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import audit, roles
from bo_tui.rules.external import filerows, files, outgoing

NAMED = 500  # held placements that are named


@dataclass(frozen=True, slots=True)
class Waiting:
    """What would go to an agency now: placements, accounts, cents, how many files; `refusal` says why none may be made.

    `held` are placements in no file that a hold keeps out of this one; `held_lines` names the first of them: line and account.
    """

    agency: int
    name: str
    file_type: str
    lines: int
    accounts: int
    amount: int
    refusal: str
    held: int = 0
    held_amount: int = 0
    held_lines: tuple[tuple[str, str], ...] = ()

    @property
    def parts(self) -> int:
        """How many files that makes."""
        return -(-self.lines // files.LARGEST)


def waiting(office: Office, practice: int) -> list[Waiting]:
    """Every agency assigned to the practice, or with a placement in no file, by name; a query for each agency."""
    roles.require(office, "look")
    with office.reading():
        return [_of(office, practice, agency) for agency in _agencies(practice)]


def export(office: Office, file_id: int, target: str) -> Path:
    """Copy a file's bytes to a place of the operator's choice, kept as a look; see `db.exporting` for what is refused."""
    roles.require(office, "export")
    with office.reading():
        query: Any = AgencyFile.select(AgencyFile.practice, AgencyFile.count).where(AgencyFile.id == file_id)
        practice, count = query.tuples().first() or (None, 0)
    kept = partial(audit.keep, office, "export", "agency_file", file_id, audit.rows(count), practice)
    return exporting.export(office.store, file_id, target, first=kept)


def save(office: Office, target: str, name: str, content: bytes | Iterable[bytes], kept: audit.Kept) -> Path:
    """Put bytes made for the operator (a PDF, a list) to a place of their choice; the same is refused as by `export`.

    `kept` says what they are: it is in the chain of looks before a byte is on the disk, or Locked (75) and no file.
    """
    roles.require(office, "export")
    return exporting.write_new(office.store, target, name, content, first=partial(kept.keep, office))


def _agencies(practice: int) -> list[int]:
    assigned: Any = Assignment.select(Assignment.agency).where(
        (Assignment.practice == practice) & (Assignment.removed == False)  # noqa: E712
    )
    unfiled: Any = Placement.select(Placement.agency).where(
        (Placement.practice == practice) & Placement.file.is_null() & Placement.closed.is_null()
    )
    either = Agency.id.in_(assigned) | Agency.id.in_(unfiled)
    query: Any = Agency.select(Agency.id).where(either).order_by(Agency.name)
    return [agency for (agency,) in query.tuples()]


def _of(office: Office, practice: int, agency: int) -> Waiting:
    to = filerows.recipient(practice, agency)
    query: Any = Placement.select(
        fn.COUNT(Placement.id), fn.COUNT(Placement.account.distinct()), fn.COALESCE(fn.SUM(Placement.balance), 0)
    )
    lines, accounts, amount = query.where(filerows.waiting(to, office.business_date)).tuples().get()
    try:
        outgoing.require_agreement(to, office.business_date)
        refusal = ""
    except RuleRefusal as refused:
        refusal = refused.sentence
    return Waiting(
        agency, to.agency_name, to.file_type, lines, accounts, amount, refusal, *_held(to, office.business_date)
    )


def _held(to: filerows.Recipient, day: int) -> tuple[int, int, tuple[tuple[str, str], ...]]:
    """How many placements a hold keeps out of the next file, their cents, and the first by account."""
    kept = filerows.held(to, day)
    sums: Any = Placement.select(fn.COUNT(Placement.id), fn.COALESCE(fn.SUM(Placement.balance), 0)).where(kept)
    count, amount = sums.tuples().get()
    rows: Any = Placement.select(ServiceLine.number, Placement.account_number)
    rows = rows.join(ServiceLine, on=(ServiceLine.id == Placement.line)).where(kept)
    first = rows.order_by(Placement.account_number, Placement.id).limit(NAMED)
    return count, amount, tuple(first.tuples()) if count else ()
