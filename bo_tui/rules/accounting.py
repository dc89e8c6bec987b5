"""Which accounting date an entry bears: the practice's switch, its closed-through date, and the night's own choice."""

from __future__ import annotations

from bo_tui import dates
from bo_tui.db.tables import Practice
from bo_tui.errors import RuleRefusal

FIELD = "accounting_date"
DAYS_AHEAD = 14  # further than this after the business date is a slip of the keyboard


def resolve(practice: Practice, given: int | None, business_date: int, *, night: bool = False) -> int | None:
    """The accounting date of an act's entries, a day number, or None where the practice uses none.

    An operator must give one when the practice uses accounting dates: after the closed-through date and at most 14 days
    after the business date; where it uses none, giving one is refused (RuleRefusal, field `accounting_date`). The night
    takes the later of its business date and the day after the closed-through date (DESIGN section 5).
    """
    if night:
        return first_open(practice, business_date) if practice.uses_accounting_dates else None
    if not practice.uses_accounting_dates:
        if given is not None:
            raise RuleRefusal(f"{practice.name} does not use accounting dates; leave it out.", field=FIELD)
        return None
    if given is None:
        raise RuleRefusal(f"{practice.name} uses accounting dates; give one.", field=FIELD)
    if practice.closed_through is not None and given <= practice.closed_through:
        closed = dates.iso(practice.closed_through)
        raise RuleRefusal(f"The books are closed through {closed}; the accounting date must be later.", field=FIELD)
    if given > business_date + DAYS_AHEAD:
        last = dates.iso(business_date + DAYS_AHEAD)
        raise RuleRefusal(f"The accounting date {dates.iso(given)} is too far ahead; {last} is the last.", field=FIELD)
    return given


def first_open(practice: Practice, business_date: int) -> int:
    """The business date, or the day after the books' closed-through date when that is later; what a form offers first."""
    closed = practice.closed_through
    return business_date if closed is None else max(business_date, closed + 1)
