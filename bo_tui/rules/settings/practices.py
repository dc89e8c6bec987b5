"""A practice's own settings: its name, its accounting dates, what a second person must approve (DESIGN sections 2 and 3)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bo_tui import dates
from bo_tui.db.tables import Practice
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
}


@dataclass(frozen=True, slots=True)
class PracticeSettings:
    """Settings of a practice: `closed_through` is a day number, `four_eyes_limit` cents; None for none.

    `automatic_addresses`: address corrections are approved or denied as they are loaded (external_collections.md section 10).
    """

    name: str
    uses_accounting_dates: bool = False
    closed_through: int | None = None
    four_eyes_limit: int | None = None
    automatic_addresses: bool = False


def save(office: Office, practice: int, wanted: PracticeSettings, *, seen: int | None = None) -> int:
    """Keep a practice's settings; the act's id. The books close forward only, and never after the business date.

    `seen` is the practice's act; Conflict names who changed it. RuleRefusal names the field.
    """
    roles.require(office, changing.ACTION)
    values = asdict(wanted) | {"name": wanted.name.strip()}
    if not values["name"]:
        raise RuleRefusal("A practice needs a name.", field="name")
    changing.limits(Practice, values, LABELS)
    with office.act("practice_settings", practice) as draft:
        row = lookups.the_practice(practice)
        lookups.unchanged(seen, row.act, row.name, f"is now {words(row)}")
        _close_forward(row, values["closed_through"], office.business_date)
        changing.update(draft, Practice, row, values)
        ledger.seal(draft)
    return draft.id


def words(row: Practice) -> str:
    """The settings in a few words, for a conflict."""
    closed = f"closed through {dates.iso(row.closed_through)}" if row.closed_through is not None else "not closed"
    return f"{'with' if row.uses_accounting_dates else 'without'} accounting dates, {closed}"


def _close_forward(row: Practice, wanted: int | None, business_date: int) -> None:
    if wanted == row.closed_through:
        return
    if wanted is None or (row.closed_through is not None and wanted < row.closed_through):
        closed = dates.iso(row.closed_through)
        raise RuleRefusal(f"The books are closed through {closed} and are never opened again.", field="closed_through")
    if wanted > business_date:
        last = dates.iso(business_date)
        raise RuleRefusal(f"The books cannot be closed beyond today, {last}.", field="closed_through")
