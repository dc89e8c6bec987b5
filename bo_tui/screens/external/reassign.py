"""The Reassign External Collection Transaction window (Alt+E)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bo_tui.money import shown
from bo_tui.rules.external import reassign as rule
from bo_tui.screens.external import parts
from bo_tui.views import placements
from bo_tui.views.placements import Facts
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage


def start(page: TransactionsPage) -> None:
    """Ask for the agency; the present one is not offered."""
    seen = parts.Seen(page)
    facts = seen.facts
    names = [name for _, name in placements.assigned_agencies(page.office, facts.practice) if name != facts.agency]
    if not names:
        page.say(f"No other agency is assigned to {page.practice.name}.", warning=True)
        return

    def save(facts: Facts, values: dict[str, Any]) -> rule.Reassigned:
        date = values.get("accounting_date")
        agency = values["agency"]
        return rule.reassign(page.office, facts.id, agency, date, seen=facts.act, practice=facts.practice)

    fields = [
        ChoiceField("agency", "&Agency", [(name, name) for name in names], required=True, width=34),
        *parts.accounting_fields(page),
    ]

    def intro() -> str:
        told = f"{seen.facts.agency} has it in a file and is told in its next update." if seen.facts.file else ""
        words = f"AGTFR: all of it moves, and goes into the new agency's next file. No night moves it on. {told}"
        return f"{seen.intro()}\n{words}"

    dialog = FormDialog(
        "Reassign External Collection Transaction",
        fields,
        intro=intro,
        save=seen.saving(save),
        ok="Reassign",
        help_topic="transactions",
    )

    def done(moved: rule.Reassigned) -> str:
        page.grid.go_to(moved.new)
        return f"{shown(moved.balance)} moved to {moved.agency} as placement {moved.new}."

    page.open_dialog(dialog, done)
