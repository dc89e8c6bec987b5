"""Before an update file is made by hand: which agencies must be told something, how much of each kind, and whether they may be."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bo_tui.db.tables import Agency, AgencyFile
from bo_tui.errors import RuleRefusal
from bo_tui.formats.agency import update
from bo_tui.formats.agency.update import UpdateRow
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.external import filerows, outgoing, updaterows
from bo_tui.rules.external.updates import LARGEST

WORDS = {
    update.RECALL: "recalls",
    update.DOWN: "adjustments down",
    update.UP: "adjustments up",
    update.PAYMENT: "payments to the practice",
    update.PAYMENT_REVERSED: "payments reversed",
}


@dataclass(frozen=True, slots=True)
class ToSend:
    """What would be told to an agency now: its rows in the next file, at most 20,000; `refusal` says why none may be made."""

    agency: int
    name: str
    file_type: str
    rows: tuple[UpdateRow, ...]
    refusal: str

    @property
    def full(self) -> bool:
        """Whether there may be more than one file takes."""
        return len(self.rows) == LARGEST

    @property
    def amount(self) -> int:
        """The rows' cents together, whatever their direction, as the file's total has them."""
        return sum(row.amount for row in self.rows)

    def by_kind(self) -> list[tuple[str, int, int]]:
        """(record type, rows, cents) of each kind that occurs, in the order of the documents."""
        found = []
        for kind in update.RECORD_TYPES:
            amounts = [row.amount for row in self.rows if row.record_type == kind]
            if amounts:
                found.append((kind, len(amounts), sum(amounts)))
        return found


def waiting(office: Office, practice: int) -> list[ToSend]:
    """Every agency that has a file of the practice, by name; a few queries for each. For a worker."""
    roles.require(office, "look")
    with office.reading():
        return [_of(office, practice, agency) for agency in _agencies(practice)]


def _agencies(practice: int) -> list[int]:
    filed = AgencyFile.select(AgencyFile.agency).where(AgencyFile.practice == practice)
    query: Any = Agency.select(Agency.id).where(Agency.id.in_(filed)).order_by(Agency.name)
    return [agency for (agency,) in query.tuples()]


def _of(office: Office, practice: int, agency: int) -> ToSend:
    to = filerows.recipient(practice, agency)
    told = updaterows.waiting(to, office.business_date, LARGEST).rows
    try:
        outgoing.require_agreement(to, office.business_date)
        refusal = ""
    except RuleRefusal as refused:
        refusal = refused.sentence
    return ToSend(agency, to.agency_name, to.file_type, tuple(one.row for one in told), refusal)
