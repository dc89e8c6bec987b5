"""A practice's own settings: its name, its accounting dates, what a second person must approve (DESIGN sections 2 and 3)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bo_tui import dates
from bo_tui.db.tables import Practice, PrecollectAccount, PrecollectMessage
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.settings import changing

LABELS = {
    "name": "Name",
    "uses_accounting_dates": "Uses accounting dates",
    "closed_through": "Closed through",
    "four_eyes_limit": "Four-eyes limit",
    "automatic_addresses": "Automatic addresses",
    "precollections_enrolled": "Enrolled in pre-collections",
    "tsi_client_number": "TSI client number",
    "tsi_ssn": "SSN for TSI",
}
TSI_SSN = {"none": "none", "full": "full"}


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """Settings of a practice: `closed_through` is a day number, `four_eyes_limit` cents; None for none.

    `automatic_addresses`: address corrections are approved or denied as they are loaded (external_collections.md section 10).
    `precollections_enrolled`: TSI's service is set up for the practice; `tsi_ssn` is a key of TSI_SSN (DESIGN section 4).
    """

    name: str
    uses_accounting_dates: bool = False
    closed_through: int | None = None
    four_eyes_limit: int | None = None
    automatic_addresses: bool = False
    precollections_enrolled: bool = False
    tsi_client_number: str | None = None
    tsi_ssn: str = "none"


def save(office: Office, practice: int, wanted: PracticeSettings, *, seen: int | None = None) -> int:
    """Keep a practice's settings; the act's id. The books close forward only, and never after the business date.

    `seen` is the practice's act; Conflict names who changed it. RuleRefusal names the field.
    """
    roles.require(office, changing.ACTION)
    values = asdict(wanted) | {
        "name": wanted.name.strip(),
        "tsi_client_number": changing.trimmed(wanted.tsi_client_number),
    }
    if not values["name"]:
        raise RuleRefusal("A practice needs a name.", field="name")
    if wanted.tsi_ssn not in TSI_SSN:
        raise RuleRefusal(f"{LABELS['tsi_ssn']} is none or full.", field="tsi_ssn")
    changing.limits(Practice, values, LABELS)
    with office.act("practice_settings", practice) as draft:
        row = lookups.the_practice(practice)
        lookups.unchanged(seen, row.act, row.name, f"is now {words(row)}")
        _close_forward(row, values["closed_through"], office.business_date)
        _leave(row, values["precollections_enrolled"])
        changing.update(draft, Practice, row, values)
        ledger.seal(draft)
    return draft.id


def words(row: Practice) -> str:
    """The settings in a few words, for a conflict."""
    closed = f"closed through {dates.iso(row.closed_through)}" if row.closed_through is not None else "not closed"
    return f"{'with' if row.uses_accounting_dates else 'without'} accounting dates, {closed}"


def _leave(row: Practice, enrolled: bool) -> None:
    """A practice leaves the service only once TSI has none of its accounts: nobody could tell TSI anything afterwards."""
    if enrolled or not row.precollections_enrolled:
        return
    with_tsi = (PrecollectAccount.practice == row.id) & (PrecollectAccount.state == "with")
    count = PrecollectAccount.select(PrecollectAccount.id).where(with_tsi).count()
    if count:
        raise RuleRefusal(
            f"{count:,} account{' is' if count == 1 else 's are'} still with TSI: take them back first (Stop Pre-Coll).",
            field="precollections_enrolled",
        )
    waiting = (PrecollectMessage.practice == row.id) & PrecollectMessage.file.is_null()
    if PrecollectMessage.select().where(waiting & (PrecollectMessage.left_out == False)).exists():  # noqa: E712
        raise RuleRefusal("A Stop file waits to be created: TSI has to be told first.", field="precollections_enrolled")


def _close_forward(row: Practice, wanted: int | None, business_date: int) -> None:
    if wanted == row.closed_through:
        return
    if wanted is None or (row.closed_through is not None and wanted < row.closed_through):
        closed = dates.iso(row.closed_through)
        raise RuleRefusal(f"The books are closed through {closed} and are never opened again.", field="closed_through")
    if wanted > business_date:
        last = dates.iso(business_date)
        raise RuleRefusal(f"The books cannot be closed beyond today, {last}.", field="closed_through")
