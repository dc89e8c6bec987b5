"""Holds: keep an account or one line out of collections, for longer, and let it go again (rules/holds.py)."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from bo_tui import dates
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.rules import holds as rule
from bo_tui.screens.external import parts
from bo_tui.views import holds
from bo_tui.views.accounts import external
from bo_tui.views.holds import HoldRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import DateField, Field, NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextPage

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage

NONE = "There is no hold on this account or line."
NO_END = "no end"


def actions(page: Any) -> tuple[PageAction, ...]:
    """What a tab whose rows are of a line offers."""
    may = page.on_row("hold")
    return (
        PageAction("hold", "Hold: set on this account or line", "O", lambda: set_one(page), may),
        PageAction("extend", "Hold: keep it longer or shorter", "K", lambda: extend_one(page), may),
        PageAction("lift", "Hold: lift", "L", lambda: lift_one(page), may),
        PageAction("holds", "Holds of the account, and their history", "Y", lambda: show(page), page.on_row("look")),
    )


def set_one(page: TransactionsPage) -> None:
    """Ask what to hold, why and until when."""
    facts = page.facts()

    def save(values: dict[str, Any]) -> rule.Held:
        line = facts.line if values["what"] == "line" else None
        return rule.set_hold(
            page.office,
            facts.practice,
            facts.account,
            values["kind"],
            values["reason"],
            line=line,
            until=values["until"],
        )

    what = [("account", f"Account {facts.account}, all its lines"), ("line", f"Line {facts.line} only")]
    fields: list[Field] = [
        ChoiceField("what", "&Hold", what, "account", required=True, width=34),
        ChoiceField("kind", "&Kind", list(rule.KINDS.items()), required=True, width=34),
        NoteField("reason", "&Reason", required=True),
        DateField("until", "&Until", None, today=page.office.business_date),
    ]
    dialog = FormDialog("Hold", fields, intro=parts.intro(facts), save=page.saving(save), help_topic="holds")
    page.open_dialog(dialog, lambda held: f"{_kind(held)} set {_until(held)}.")


def extend_one(page: TransactionsPage) -> None:
    """Ask which hold gets another end, and which."""
    today = page.office.business_date

    def fields(first: HoldRow) -> list[Field]:
        end = DateField("until", "&Until", first.until, today=today)  # emptied: without an end
        return [end, NoteField("reason", "&Reason", required=True)]

    def save(row: HoldRow, values: dict[str, Any], account: str, practice: int) -> rule.Held:
        if values["until"] is None and row.until is None:
            raise RuleRefusal("The hold has no end already; give a day, or lift it.", field="until")
        return rule.extend(
            page.office,
            practice,
            account,
            row.kind,
            values["until"],
            values["reason"],
            line=row.line,
            seen=row.act,
        )

    _on_one(page, "Hold: another end", fields, save, "Save", lambda held: f"{_kind(held)} extended {_until(held)}.")


def lift_one(page: TransactionsPage) -> None:
    """Ask which hold to lift and why."""

    def save(row: HoldRow, values: dict[str, Any], account: str, practice: int) -> rule.Held:
        return rule.lift(page.office, practice, account, row.kind, values["reason"], line=row.line, seen=row.act)

    def fields(first: HoldRow) -> list[Field]:
        return [NoteField("reason", "&Reason", required=True)]

    _on_one(page, "Lift a hold", fields, save, "Lift", lambda held: f"{_kind(held)} lifted.")


def _on_one(
    page: TransactionsPage,
    title: str,
    fields: Callable[[HoldRow], list[Field]],
    save: Callable[[HoldRow, dict[str, Any], str, int], rule.Held],
    ok: str,
    said: Callable[[rule.Held], str],
) -> None:
    """A form whose first field is one of the holds that go on; after a conflict the hold is read anew."""
    facts, office = page.facts(), page.office

    def going_on() -> dict[int, HoldRow]:
        rows = holds.of_account(office, facts.practice, facts.account, facts.line)
        return {row.id: row for row in rows if row.goes_on(office.business_date)}

    found = going_on()
    if not found:
        page.say(NONE, warning=True)
        return

    def work(values: dict[str, Any]) -> rule.Held:
        try:
            return save(found[values["hold"]], values, facts.account, facts.practice)
        except Conflict:
            found.update(going_on())
            raise

    first = next(iter(found.values()))
    options = [(row.id, described(row)) for row in found.values()]
    which = ChoiceField("hold", "&Hold", options, first.id, required=True)
    dialog = FormDialog(
        title, [which, *fields(first)], intro=parts.intro(facts), save=page.saving(work), ok=ok, help_topic="holds"
    )
    page.open_dialog(dialog, said)


def show(page: TransactionsPage) -> None:
    """All holds that the account ever had, and who did what to them."""
    facts, office = page.facts(), page.office
    page.looked("service_line", external.line_id(office, facts.practice, facts.line), "holds")

    def read() -> str:
        rows = holds.of_account(office, facts.practice, facts.account)
        return text(rows, holds.events(office, [row.id for row in rows]), office.business_date)

    def shown(found: str) -> None:
        page.app.push_screen(TextPage(f"Holds: account {facts.account}, {facts.guarantor}", found))

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


def _kind(held: rule.Held) -> str:
    return rule.KINDS[held.kind].capitalize()


def _until(held: rule.Held) -> str:
    return f"until {dates.iso(held.until)}" if held.until is not None else "without an end"
