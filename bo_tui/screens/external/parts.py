"""What the dialogs of Transactions have in common: the intro, the accounting date where the practice uses one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules import accounting
from bo_tui.views.placements import Facts
from bo_tui.widgets.fields import DateField, Field

if TYPE_CHECKING:
    from bo_tui.screens.external.base import ExternalPage


def intro(facts: Facts) -> str:
    """Whose debt a dialog is about, in two lines."""
    first = f"{facts.guarantor}, account {facts.account}, with {facts.agency}"
    about = f"Line {facts.line}: {facts.description or 'no description'} of {dates.iso(facts.date_of_service)}"
    return f"{first}\n{about}, balance {shown(facts.balance)}"


def accounting_fields(page: ExternalPage) -> list[Field]:
    """The Accounting date, offered as the first open day, or nothing where the practice uses none."""
    practice = page.practice
    if not practice.uses_accounting_dates:
        return []
    today = page.office.business_date
    offered = accounting.first_open(cast(Any, practice), today)
    return [DateField("accounting_date", "Accounting &date", offered, today=today, required=True)]
