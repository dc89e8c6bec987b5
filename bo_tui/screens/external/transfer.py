"""The External Collections Transfer window (Alt+T): the marked placements, or the current one, back to active AR."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bo_tui.errors import Conflict
from bo_tui.money import shown
from bo_tui.rules.external import transfer as rule
from bo_tui.screens.external import parts
from bo_tui.text import counted
from bo_tui.views import placements
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import CheckField, Field
from bo_tui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage

PARTIES = [("guarantor", "Guarantor"), ("insurance", "Insurance")]


def start(page: TransactionsPage) -> None:
    """Ask who is responsible and whether to re-age; closed and zero ones among the marked are refused before anything is asked."""
    wanted = sorted(page.grid.selected_ids) or [page.root.id]
    found = placements.several(page.office, page.practice.id, wanted)
    bad = [row for row in found if row[3] is not None or row[2] == 0]
    if bad:
        what = "is closed" if bad[0][3] else "stands at zero"
        more = f" (and {len(bad) - 1} more)" if len(bad) > 1 else ""
        page.say(f"Placement {bad[0][0]}{more} {what} and cannot be transferred; take its mark away.", warning=True)
        return
    practice, current = page.practice.id, None if page.grid.selected_ids else parts.Seen(page)

    def save(values: dict[str, Any]) -> rule.Transferred:
        try:
            return rule.transfer(
                page.office,
                [row[0] for row in found],
                values["responsible"],
                values["re_age"],
                values.get("accounting_date"),
                seen={placement: act for placement, act, _, _ in found},
                practice=practice,
            )
        except Conflict:  # the operator is told what it is now; F2 again means that
            found[:] = placements.several(page.office, practice, wanted)
            if current is not None:
                current.facts = placements.facts(page.office, current.facts.id)
            raise

    def intro() -> str:
        if current is not None:
            return current.intro()
        return f"{len(found):,} marked placements, {shown(sum(row[2] for row in found))} together."

    def live(values: Mapping[str, Any]) -> str:
        total = sum(row[2] for row in found)
        return _words(len(found), total, values.get("responsible"), bool(values.get("re_age")))

    fields: list[Field] = [
        ChoiceField("responsible", "&Responsible", PARTIES, "guarantor", required=True, width=16),
        CheckField("re_age", "Re-&age", hint="age from today; the night may take it again"),
        *parts.accounting_fields(page),
    ]
    dialog = FormDialog(
        "External Collections Transfer",
        fields,
        intro=intro,
        save=page.saving(save),
        live=live,
        ok="Transfer",
        help_topic="transactions",
    )

    def done(back: rule.Transferred) -> str:
        page.grid.unmark_all()
        what = "placement" if len(back.lines) == 1 else "placements"
        return f"{len(back.lines):,} {what}, {shown(back.amount)}, transferred back to active AR."

    page.open_dialog(dialog, done)


def _words(count: int, total: int, responsible: str | None, re_age: bool) -> str:
    what = counted(count, "line")
    first = f"RVCOL: {what}, {shown(total)}, back to active AR."
    if responsible == "insurance":
        return f"{first} The insurer is responsible; nothing ages." + (" Leave Re-age out." if re_age else "")
    if responsible is None:
        return first
    if re_age:
        return f"{first} The guarantor is responsible, the age begins at 0, and the night may take it again."
    return f"{first} The guarantor is responsible; the night does not take it until an operator adds it."
