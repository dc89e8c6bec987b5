"""Updates: tell an agency by hand what happened since to debt in its files, after a look at what would go."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui import dates, money
from bo_tui.formats.agency.update import UpdateRow
from bo_tui.office import Office
from bo_tui.rules.external.files import MadeFile
from bo_tui.rules.external.updatechoice import WORDS, ToSend
from bo_tui.rules.external.updates import make_updates
from bo_tui.screens.external import filemaking
from bo_tui.screens.external.filemaking import Created, MakeDialog
from bo_tui.text import counted
from bo_tui.widgets.textpage import TextPage

NOTHING = "Nothing changed of the debt in its files since {} was told."
SHOWN = 2_000  # rows of the page that Alt+L shows


class UpdatesDialog(MakeDialog[ToSend]):
    """What an agency would be told."""

    nothing = "nothing to tell"

    def __init__(self, office: Office, practice: int, waiting: list[ToSend]) -> None:
        super().__init__("Update file", office, practice, waiting, all_of="all that would go", help_topic="updates")

    def waits(self, one: ToSend) -> str:
        return f"{updates(len(one.rows))}, {money.shown(one.amount)}" if one.rows else ""

    def make(self, agency: int) -> list[MadeFile]:
        return make_updates(self.office, self.practice_id, agency)

    def whole_list(self, chosen: ToSend | None) -> None:
        if chosen is not None:
            self.app.push_screen(TextPage(f"What {chosen.name} would be told", page(chosen)))

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        chosen = self.waiting.get(values.get("agency", -1))
        if chosen is None:
            return "\n".join(NOTHING.format(one.name) for one in self.waiting.values() if not one.rows)
        if chosen.refusal:
            return chosen.refusal
        return words(chosen)


def words(one: ToSend) -> str:
    """What would go, in total and by kind."""
    if not one.rows:
        return NOTHING.format(one.name)
    accounts = len({row.account for row in one.rows})
    head = f"{updates(len(one.rows))} about {counted(accounts, 'account')} would go, type {one.file_type}:"
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


def updates(count: int) -> str:
    """`1 update`, `2 updates`."""
    return counted(count, "update")


def said(done: Created) -> str:
    """What was done, for the status line."""
    return filemaking.said(done, updates)
