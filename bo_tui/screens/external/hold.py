"""Holds: keep an account or one line out of collections, for longer, and let it go again (rules/holds.py).

A page that offers them has `subject()`, whom its current row is about.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.rules import holds as rule
from bo_tui.views import holds
from bo_tui.views.holds import HoldRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import DateField, Field, NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextPage

NONE = "There is no hold on this account or line."
NO_END = "no end"
WITHOUT_PLAN = tuple(
    kind for kind in rule.KINDS if kind != "payment_plan"
)  # an account's pages set it with the plan itself


@dataclass(frozen=True, slots=True)
class Subject:
    """Whom a dialog is about: an account (by number) of a practice, and the line (by number) of the current row if there is one.

    `looked`: table and id of what an operator looks at who reads the holds. `about`: an intro of the page's own.
    """

    practice: int
    account: str
    guarantor: str
    line: str | None = None
    looked: tuple[str, int] | None = None
    about: str = ""

    @property
    def intro(self) -> str:
        """The subject in a line, or in the page's own words."""
        return self.about or f"{self.guarantor}, account {self.account}" + (f", line {self.line}" if self.line else "")


def actions(page: Any) -> tuple[PageAction, ...]:
    """What a tab whose rows are of a line offers."""
    may = page.on_row("hold")
    return (
        PageAction("hold", "Hold: set on this account or line", "O", lambda: set_one(page, tuple(rule.KINDS)), may),
        PageAction("extend", "Hold: keep it longer or shorter", "K", lambda: extend_one(page), may),
        PageAction("lift", "Hold: lift", "L", lambda: lift_one(page), may),
        PageAction("holds", "Holds of the account, and their history", "Y", lambda: show(page), page.on_row("look")),
    )


def set_one(page: Any, kinds: Sequence[str] = WITHOUT_PLAN) -> None:
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
    fields += [
        ChoiceField("kind", "&Kind", [(kind, rule.KINDS[kind]) for kind in kinds], required=True, width=34),
        NoteField("reason", "&Reason", required=True),
        DateField("until", "&Until", None, today=page.office.business_date),
    ]
    dialog = FormDialog("Hold", fields, intro=about.intro, save=page.saving(save), help_topic="holds")
    page.open_dialog(dialog, lambda held: f"{rule.KINDS[held.kind].capitalize()} set {_until(held)}.")


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

    _on_one(page, "Hold: another end", fields, save, "Save", lambda held: f"extended {_until(held)}")


def lift_one(page: Any) -> None:
    """Ask which hold to lift and why."""

    def save(row: HoldRow, values: dict[str, Any], about: Subject) -> rule.Held:
        return rule.lift(
            page.office, about.practice, about.account, row.kind, values["reason"], line=row.line, seen=row.act
        )

    _on_one(
        page,
        "Lift a hold",
        lambda first: [NoteField("reason", "&Reason", required=True)],
        save,
        "Lift",
        lambda held: "lifted",
    )


def _on_one(
    page: Any,
    title: str,
    fields: Callable[[HoldRow], list[Field]],
    save: Callable[[HoldRow, dict[str, Any], Subject], rule.Held],
    ok: str,
    said: Callable[[rule.Held], str],
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
    page.open_dialog(dialog, lambda held: f"{rule.KINDS[held.kind].capitalize()} {said(held)}.")


def show(page: Any) -> None:
    """All holds that the account ever had, and who did what to them."""
    about: Subject = page.subject()
    page.looked(*(about.looked or ("account", page.account_id())), "holds")

    def read() -> str:
        rows = holds.of_account(page.office, about.practice, about.account)
        return text(rows, holds.events(page.office, [row.id for row in rows]), page.office.business_date)

    def shown(found: str) -> None:
        page.app.push_screen(TextPage(f"Holds: account {about.account}, {about.guarantor}", found))

    page.read(read, shown, group="history")


def text(rows: list[HoldRow], events: list[holds.HoldEvent], today: int) -> str:
    """The holds as a page, the newest first, each with what was done to it."""
    if not rows:
        return "There was never a hold on this account or on one of its lines."
    lines = []
    for row in reversed(rows):
        state = "ended" if not row.goes_on(today) else "in force" if row.since <= today else "to come"
        lines += [f"# {described(row)}: {state}", "", f"- Reason: {row.reason}"]
        for event in (one for one in events if one.hold == row.id and one.field in ("since", "until")):
            if event.before is None and event.field == "until" and event.kind == "hold_set" and event.after is None:
                continue
            moved = f"{event.before or NO_END} to {event.after or NO_END}" if event.before else event.after or NO_END
            why = f" ({event.reason})" if event.reason else ""
            done = event.kind.replace("_", " ")
            lines.append(f"- {dates.iso(event.business_date)} {event.actor}, {done}: {event.field} {moved}{why}")
        lines.append("")
    return "\n".join(lines)


def described(row: HoldRow) -> str:
    """A hold in a few words: `dispute, line L-1, since 2026-11-20 until 2026-12-01`."""
    where = "the account" if row.line is None else f"line {row.line}"
    end = NO_END if row.until is None else f"until {dates.iso(row.until)}"
    return f"{rule.KINDS[row.kind]}, {where}, since {dates.iso(row.since)} {end}"


def _until(held: rule.Held) -> str:
    return f"until {dates.iso(held.until)}" if held.until is not None else f"with {NO_END}"
