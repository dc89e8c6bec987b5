"""Updates: tell an agency by hand what happened since to debt in its files, after a look at what would go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from textual import events

from bo_tui import dates, money
from bo_tui.errors import Refusal, RuleRefusal
from bo_tui.formats.agency.update import UpdateRow
from bo_tui.office import Office
from bo_tui.rules.external import files
from bo_tui.rules.external.updatechoice import WORDS, ToSend
from bo_tui.rules.external.updates import make_updates
from bo_tui.screens.external.filecreate import Created
from bo_tui.screens.page import own_connection
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextPage

NOTHING = "Nothing changed of the debt in its files since {} was told."
SHOWN = 2_000  # rows of the page that Alt+L shows


class UpdatesDialog(FormDialog):
    """Which agency; dismissed with a `Created`."""

    def __init__(self, office: Office, practice: int, waiting: list[ToSend]) -> None:
        self.office = office
        self.practice_id = practice
        self.waiting = {one.agency: one for one in waiting}
        first = next((one.agency for one in waiting if one.rows and not one.refusal), None)
        options = [(one.agency, f"{one.name}: {_waits(one)}") for one in waiting]
        field = ChoiceField("agency", "A&gency", options, first, required=True)
        super().__init__("Update file", [field], ok="Create", help_topic="updates")
        self.keys_line = "F2 Create   Esc Cancel   Down list   Alt+L all that would go"

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        chosen = self.waiting.get(values.get("agency", -1))
        if chosen is None:
            return "\n".join(NOTHING.format(one.name) for one in self.waiting.values() if not one.rows)
        if chosen.refusal:
            return chosen.refusal
        return words(chosen)

    def on_key(self, event: events.Key) -> None:
        """Alt+L: each row; the rest is the form's handler's, which textual calls after this one."""
        if event.key != "alt+l":
            return
        event.stop()
        event.prevent_default()
        chosen = self.waiting.get(self.peek().get("agency", -1))
        if chosen is not None:
            self.app.push_screen(TextPage(f"What {chosen.name} would be told", page(chosen)))

    def save_values(self, values: dict[str, Any]) -> Created:
        chosen = self.waiting[values["agency"]]
        if chosen.refusal:
            raise RuleRefusal(chosen.refusal, field="agency")

        def work() -> Created:
            made = make_updates(self.office, self.practice_id, chosen.agency)
            try:
                files.write_copies(self.office)
            except Refusal as refusal:  # the file is made and kept; only its copy waits
                return Created(made, refusal.sentence)
            return Created(made, "")

        return own_connection(self.office, work)


def words(one: ToSend) -> str:
    """What would go, in total and by kind."""
    if not one.rows:
        return NOTHING.format(one.name)
    accounts = len({row.account for row in one.rows})
    head = f"{_rows(len(one.rows))} about {accounts:,} account{'' if accounts == 1 else 's'} would go, type {one.file_type}:"
    more = ["More wait and go in further files."] if one.full else []
    kinds = [f"  {WORDS[kind]:<26}{count:>7,}{money.shown(amount):>16}" for kind, count, amount in one.by_kind()]
    return "\n".join([head, *kinds, *more])


def page(one: ToSend) -> str:
    """Each row: when, account, guarantor, what, how much, and what is left to collect."""
    lines = [f"# {words(one).splitlines()[0]}", "", "```"]
    lines.append(f"{'Date':<11}{'Acct':<10}{'Guarantor':<18}{'What':<18}{'Amount':>11}{'Left':>11}")
    lines += [_line(row) for row in one.rows[:SHOWN]]
    if len(one.rows) > SHOWN:
        lines.append(f"... and {len(one.rows) - SHOWN:,} more")
    return "\n".join([*lines, "```"])


def _line(row: UpdateRow) -> str:
    what = row.reason.replace("_", " ") or row.record_type.replace("_", " ")
    return (
        f"{dates.iso(row.date):<11}{row.account[:9]:<10}{row.guarantor[:17]:<18}{what[:17]:<18}"
        f"{money.shown(row.amount):>11}{money.shown(row.new_balance):>11}"
    )


def _waits(one: ToSend) -> str:
    if one.refusal:
        return "no file may be made"
    return f"{_rows(len(one.rows))}, {money.shown(one.amount)}" if one.rows else "nothing to tell"


def _rows(count: int) -> str:
    return f"{count:,} update{'' if count == 1 else 's'}"


def said(done: Created) -> str:
    """What was done, for the status line."""
    count, total = sum(file.count for file in done.files), sum(file.total for file in done.files)
    names = ", ".join(file.path.rsplit("/", 1)[-1] for file in done.files)
    text = f"Made {names}: {_rows(count)}, {money.shown(total)}."
    return f"{text} Its copy was not written: {done.unwritten}" if done.unwritten else text
