"""What the dialogs of Transactions have in common: the intro, the accounting date where the practice uses one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar, cast

from bo_tui import dates
from bo_tui.errors import Conflict
from bo_tui.money import shown
from bo_tui.rules import accounting
from bo_tui.views import placements
from bo_tui.views.pending import PendingRow
from bo_tui.views.placements import Facts
from bo_tui.widgets.fields import DateField, Field

if TYPE_CHECKING:
    from bo_tui.screens.external.base import ExternalPage
    from bo_tui.screens.external.transactions import TransactionsPage

Result = TypeVar("Result")


class Seen:
    """A dialog's placement as the operator sees it; after a conflict it is read anew, so that F2 again means the new state."""

    def __init__(self, page: TransactionsPage) -> None:
        self.page = page
        self.facts = page.facts()

    def intro(self) -> str:
        """Whose debt the dialog is about, as it is now."""
        return intro(self.facts)

    def saving(self, save: Callable[[Facts, dict[str, Any]], Result]) -> Callable[[dict[str, Any]], Result]:
        """A form's `save`: the rule call on what was seen and the form's values, in a worker."""

        def work(values: dict[str, Any]) -> Result:
            try:
                return save(self.facts, values)
            except Conflict:
                self.facts = placements.facts(self.page.office, self.facts.id)
                raise

        return self.page.saving(work)


def intro(facts: Facts | PendingRow) -> str:
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
