"""The entries behind an amount (F8, Alt+H), and taking one of them back (Alt+E)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from bo_tui import dates
from bo_tui.errors import Conflict
from bo_tui.money import shown
from bo_tui.rules.batches import foreseeing
from bo_tui.rules.batches import reversing as rule
from bo_tui.rules.batches.foreseeing import Foreseen
from bo_tui.rules.batches.model import Moved
from bo_tui.rules.codes import ACTIVITY, CASH, ON_ACCOUNT
from bo_tui.screens.batches import batchforms, reversing, words
from bo_tui.views.held import HeldEntry
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialogs import ListDialog
from bo_tui.widgets.fields import AmountField, Field, NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextPage

if TYPE_CHECKING:
    from bo_tui.screens.held.page import HeldPage

TO = [(rule.PAYER, "back to the payer"), (rule.TO_SUSPENSE, "to suspense, as money of the payment that brought it")]
HELP = "held"


def show(page: HeldPage) -> None:
    """All that moved the amount of the current row, the latest first."""
    title = f"What is behind it: {page.title_of_row()}"
    page.looked(*page.subject(), "entries")

    def text(found: list[HeldEntry]) -> None:
        lines = [line for one in reversed(found) for line in _told(one)]
        page.app.push_screen(TextPage(title, "\n".join(lines) or "Nothing moved it."))

    page.read(page.entries_of_row(), text, group="entries")


def _told(one: HeldEntry) -> list[str]:
    what = f"# {dates.iso(one.posted)}  {one.code} {shown(one.moved)}, then {shown(one.balance)}  by {one.actor}"
    parts = [ACTIVITY[one.code].meaning, f"debit {one.debit}, credit {one.credit}"]
    parts += [f"line {one.line}"] if one.line else []
    parts += [f"account {one.account}"] if one.account else []
    if one.number or one.payer:
        kind = words.TYPES.get(one.how or "", "payment").lower()
        parts.append(" ".join(text for text in (kind, one.number, f"of {one.payer}" if one.payer else "") if text))
    elif one.how:
        parts.append(words.TYPES[one.how].lower())
    parts += [f"dated {one.dated}"] if one.dated else []
    lines = [what, f"- {'; '.join(parts)}; entry {one.id}"]
    return [*lines, *([f"- {one.note}"] if one.note else []), ""]


def can_be_reversed(one: HeldEntry) -> bool:
    """Whether an entry is of a kind that is taken back here, and something is left of it."""
    return one.code in rule.REVERSED_HERE and one.left > 0


def undo(page: HeldPage) -> None:
    """Choose one of the entries behind the amount; its reversal is asked for."""

    def choose(found: list[HeldEntry]) -> None:
        able = [one for one in reversed(found) if can_be_reversed(one)]
        if not able:
            page.say(
                "Nothing behind this amount can be reversed here; what came off a line stands in its account.",
                warning=True,
            )
            return
        by = {one.id: one for one in able}
        entries = [(one.id, _named(one)) for one in able]
        dialog = ListDialog("Reverse which entry?", entries, ok="Go on")
        page.open_dialog(dialog, lambda entry: _ahead(page, by[entry]))

    page.act(page.entries_of_row(), choose)


def _named(one: HeldEntry) -> str:
    left = "" if one.left == one.amount else f", {shown(one.left)} left"
    of = one.line or one.number or one.account or ""
    return (
        f"{dates.iso(one.posted)}  {one.code:<6} {shown(one.amount)}{left}  {ACTIVITY[one.code].meaning} {of}".rstrip()
    )


def _ahead(page: HeldPage, one: HeldEntry) -> None:
    """What reversing all of it would leave, read before it is asked for."""
    page.act(lambda: foreseeing.of_entry(page.office, one.id), lambda ahead: _ask(page, one, ahead))


def _ask(page: HeldPage, one: HeldEntry, ahead: Foreseen) -> None:
    """The reason, how much, and where the money goes if there is a choice."""
    state: dict[str, Any] = {"one": one, "ahead": ahead}
    read = page.entries_of_row()

    def save(values: dict[str, Any]) -> Moved:
        now: HeldEntry = state["one"]
        part = None if values["amount"] == now.left else values["amount"]
        try:
            return rule.reverse_entry(
                page.office, one.id, values["reason"], part, values.get("to") or rule.PAYER, values.get("accounting_date"),
                seen=now.seen, practice=page.practice.id,
            )  # fmt: skip
        except Conflict:
            state["one"] = next((row for row in read() if row.id == one.id), now)
            state["ahead"] = foreseeing.of_entry(page.office, one.id)
            raise

    def intro() -> str:
        now = state["one"]
        about = (
            f"{now.code} {now.id}, {ACTIVITY[now.code].meaning}: {shown(now.amount)}, {shown(now.left)} left to reverse"
        )
        whose = f"\nCheck {now.number} of {now.payer}" if now.number and now.payer else ""
        return about + whose + (f"\n{now.note}" if now.note else "")

    def live(values: Mapping[str, Any]) -> str:
        amount = values.get("amount") or 0
        return "\n".join(reversing.told(state["ahead"], None if amount == state["one"].left else amount))

    fields: list[Field] = [
        NoteField("reason", "&Reason", required=True),
        AmountField("amount", "&Amount", one.left, required=True, hint=f"at most {shown(one.left)}"),
    ]
    if one.credit == ON_ACCOUNT and one.debit == CASH and one.payment is not None:
        fields.append(ChoiceField("to", "&Goes", TO, rule.PAYER, required=True))
    fields += batchforms.accounting_field(page.practice, page.office.business_date, required=True)
    dialog = FormDialog(
        f"Reverse {one.code} of {shown(one.amount)}", fields, intro=intro, save=page.saving(save), live=live,
        ok="Reverse", help_topic=HELP,
    )  # fmt: skip
    page.open_dialog(dialog, lambda done: page.announce(_said(done)))


def _said(done: Moved) -> str:
    said = f"Reversed {shown(done.amount)} by {words.count(len(done.entries), 'entry', 'entries')}."
    return " ".join([said, *reversing.briefly([one.sentence for one in done.left])])
