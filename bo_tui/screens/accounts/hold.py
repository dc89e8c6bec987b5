"""Holds of a whole account, or of one of its lines, from the Accounts page and an account's tabs (rules/holds.py)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.rules import holds as rule
from bo_tui.screens.external.hold import NO_END, described, text
from bo_tui.views import holds
from bo_tui.views.holds import HoldRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import DateField, Field, NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextPage

NONE = "There is no hold on this account or line."


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a dialog is about: an account (by number) of a practice, and the line (by number) of the current row if there is one."""

    practice: int
    account: str
    guarantor: str
    line: str | None = None

    @property
    def intro(self) -> str:
        """The subject in a line."""
        return f"{self.guarantor}, account {self.account}" + (f", line {self.line}" if self.line else "")


def set_one(page: Any) -> None:
    """Ask what to hold, why and until when."""
    about: Subject = page.subject()

    def save(values: dict[str, Any]) -> rule.Held:
        line = about.line if values.get("what") == "line" else None
        return rule.set_hold(
            page.office, about.practice, about.account, values["kind"], values["reason"], line=line,
            until=values["until"],
        )  # fmt: skip

    what = [("account", f"Account {about.account}, all its lines"), ("line", f"Line {about.line} only")]
    fields: list[Field] = [ChoiceField("what", "&Hold", what, "account", required=True, width=34)] if about.line else []
    kinds = [(kind, words) for kind, words in rule.KINDS.items() if kind != "payment_plan"]
    fields += [
        ChoiceField("kind", "&Kind", kinds, required=True, width=34),
        NoteField("reason", "&Reason", required=True),
        DateField("until", "&Until", None, today=page.office.business_date),
    ]
    dialog = FormDialog("Hold", fields, intro=about.intro, save=page.saving(save), help_topic="holds")
    page.open_dialog(dialog, lambda held: f"{rule.KINDS[held.kind].capitalize()} set {_until(page, held)}.")


def extend_one(page: Any) -> None:
    """Ask which hold gets another end, and which."""
    today = page.office.business_date

    def fields(first: HoldRow) -> list[Field]:
        end = DateField("until", "&Until", first.until, today=today)  # emptied: without an end
        return [end, NoteField("reason", "&Reason", required=True)]

    def save(row: HoldRow, values: dict[str, Any], about: Subject) -> rule.Held:
        if values["until"] is None and row.until is None:
            raise RuleRefusal("The hold has no end already; give a day, or lift it.", field="until")
        return rule.extend(
            page.office, about.practice, about.account, row.kind, values["until"], values["reason"], line=row.line,
            seen=row.act,
        )  # fmt: skip

    _on_one(page, "Hold: another end", fields, save, "Save", "extended")


def lift_one(page: Any) -> None:
    """Ask which hold to lift and why."""

    def save(row: HoldRow, values: dict[str, Any], about: Subject) -> rule.Held:
        return rule.lift(
            page.office, about.practice, about.account, row.kind, values["reason"], line=row.line, seen=row.act
        )

    _on_one(page, "Lift a hold", lambda first: [NoteField("reason", "&Reason", required=True)], save, "Lift", "lifted")


def _on_one(
    page: Any,
    title: str,
    fields: Callable[[HoldRow], list[Field]],
    save: Callable[[HoldRow, dict[str, Any], Subject], rule.Held],
    ok: str,
    done: str,
) -> None:
    """A form whose first field is one of the holds that go on; after a conflict they are read anew."""
    about: Subject = page.subject()

    def going_on() -> dict[int, HoldRow]:
        found = holds.of_account(page.office, about.practice, about.account, about.line)
        return {row.id: row for row in found if row.goes_on(page.office.business_date)}

    found = going_on()
    if not found:
        page.say(NONE, warning=True)
        return

    def work(values: dict[str, Any]) -> rule.Held:
        try:
            return save(found[values["hold"]], values, about)
        except Conflict:
            found.update(going_on())
            raise

    first = next(iter(found.values()))
    options = [(row.id, described(row)) for row in found.values()]
    which = ChoiceField("hold", "&Hold", options, first.id, required=True)
    dialog = FormDialog(
        title, [which, *fields(first)], intro=about.intro, save=page.saving(work), ok=ok, help_topic="holds"
    )
    page.open_dialog(dialog, lambda held: f"{rule.KINDS[held.kind].capitalize()} {done} {_until(page, held)}.")


def show(page: Any) -> None:
    """All holds that the account ever had, and who did what to them."""
    about: Subject = page.subject()
    page.looked("account", page.account_id(), "holds")

    def read() -> str:
        rows = holds.of_account(page.office, about.practice, about.account)
        return text(rows, holds.events(page.office, [row.id for row in rows]), page.office.business_date)

    def shown(found: str) -> None:
        page.app.push_screen(TextPage(f"Holds: account {about.account}, {about.guarantor}", found))

    page.read(read, shown, group="history")


def _until(page: Any, held: rule.Held) -> str:
    return f"until {dates.iso(held.until)}" if held.until is not None else f"with {NO_END}"
