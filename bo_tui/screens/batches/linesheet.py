"""The sheets of guarantors' and insurers' payments: service fee lines with what is paid, adjusted and rolled (section 3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual import events

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.batches.model import LINE, Share
from bo_tui.rules.batches.shares import INSTEAD
from bo_tui.screens.batches import guarantors
from bo_tui.screens.batches.sheet import Sheet
from bo_tui.screens.batches.sheetbody import called
from bo_tui.screens.external.listsource import Item
from bo_tui.views.batches import candidates
from bo_tui.views.batches.candidates import LineChoice
from bo_tui.views.batches.shares import ShareRow
from bo_tui.widgets.fields import AmountField, Field, TextField
from bo_tui.widgets.gridmodel import Column

COLUMNS = (
    Column("account", "Acct", 8, min_width=7, priority=9),
    Column("guarantor", "Guarantor", 14, grow=True, min_width=9, priority=8),
    Column("line", "Line", 8, min_width=7, priority=7),
    Column("dos", "DOS", 10, priority=6),
    Column("description", "Description", 12, grow=True, min_width=11, priority=1),
    Column("owes", "Owes", 9, priority=3),
    Column("where", "Agency", 9, min_width=6, priority=2),
    Column("balance", "Balance", 9, align="right", priority=10),
    Column("paid", "Paid", 9, align="right", priority=11),
)


class LineSheet(Sheet):
    """What both have: lines found by account, guarantor or line number."""

    columns = COLUMNS
    nothing = "Type an account, a guarantor or a line; Alt+Z also shows lines at zero, Alt+S searches by more."
    foretells = True
    elsewhere = ""  # where money goes that the line does not owe

    def __init__(self, *arguments: Any) -> None:
        self.zero = False
        super().__init__(*arguments)

    def switches(self) -> str:
        return f"[{'x' if self.zero else ' '}] Show zero balances (Alt+Z)"

    def read_rows(self, text: str) -> Sequence[LineChoice]:
        return candidates.lines(self.office, self.practice.id, self.standing.id, text, zero=self.zero)

    def item(self, row: LineChoice) -> Item:
        cells = (
            row.account, row.guarantor, row.line, dates.iso(row.date_of_service), row.description, row.responsibility,
            row.agency or "", shown(row.left), shown(row.amount),
        )  # fmt: skip
        return Item(row.id, cells)

    def row_words(self, row: LineChoice) -> str:
        text = f"{row.guarantor}, {row.account}: line {row.line}, fee {shown(row.fee)}, {shown(row.balance)} left"
        if row.left != row.balance:
            text += f", {shown(row.balance - row.left)} of it pending"
        where = f"with {row.agency}" if row.agency else f"{row.responsibility} owes"
        return f"{text}; {where}" + ("; already in this payment: typing replaces it" if row.own is not None else "")

    def takes(self, values: Mapping[str, Any]) -> int | None:
        return values.get("amount")

    def adjusts(self, values: Mapping[str, Any]) -> int:
        """Cents that the row takes off its line besides what is paid."""
        return 0

    def line_left(self, values: Mapping[str, Any]) -> int:
        """What the line owes once all that is pending and this row is posted, in cents."""
        own = self.own.amount + self.own.adjusted if self.own is not None else 0
        return int(self.entered.left) + own - (values.get("amount") or 0) - self.adjusts(values)

    def left_field(self, key: str) -> str | None:
        refused = self.against(self.peek())
        return refused[1] if refused is not None and refused[0] == key else None

    def against(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        refused = self.beyond(values)
        return ("amount", f"{self.fields['amount'].label} {refused}") if refused else None

    def question(self, values: Mapping[str, Any]) -> str:
        """More than the line owes is a credit on it, which happens, and which a slip of the hand makes too."""
        over = min(-self.line_left(values), values.get("amount") or 0)
        if over <= 0:
            return ""
        pending = " with what is pending" if self.entered.left < self.entered.balance and self.own is None else ""
        return (
            f"{shown(over)} more than the line owes{pending}: it would be a credit on the line; F2 again keeps it, or put "
            f"{shown(over)} {self.elsewhere}."
        )

    def foretold(self, values: Mapping[str, Any]) -> str:
        down, left = self.adjusts(values), self.line_left(values)
        said = [f"adjusted in all {shown(down)}"] if down else []
        if down or values.get("amount"):
            said.append(f"line left {shown(left)}{', a credit' if left < 0 else ''}")
        return f"With this row: {', '.join(said)}." if said else ""

    def on_key(self, event: events.Key) -> None:
        """The switch; textual calls the base's own on_key as well."""
        if event.key != "alt+z":
            return
        event.stop()
        event.prevent_default()
        self.zero = not self.zero
        current = self.current
        self.look(current.id if current is not None else None)


class GuarantorSheet(LineSheet):
    """An amount a line; what the line owes is offered, at most what remains. Oldest first and on account as on the page."""

    elsewhere = "on account (Alt+A)"

    def switches(self) -> str:
        return f"{super().switches()}   Oldest first (Alt+O)   On account (Alt+A)"

    def on_key(self, event: events.Key) -> None:
        """What goes by itself; textual calls the bases' own on_key as well."""
        act = {"alt+o": guarantors.oldest, "alt+a": guarantors.on_account}.get(event.key)
        if act is None:
            return
        event.stop()
        event.prevent_default()
        row = self.entered if self.in_fields or self.typed else self.current
        if self.typed:
            self.refuse(f"F2 keeps or Esc drops what is typed for {called(row)} first.")
        elif self.standing.remaining <= 0:
            self.refuse("Nothing of this payment remains to be distributed.")
        else:
            account = self.standing.header.account or (row.account if row is not None else None)
            act(self.page, guarantors.Place(self.standing, account, self.act, self.added))

    def closed_to(self, row: LineChoice) -> str | None:
        return None if row.agency is None else f"Line {row.line} is with {row.agency}; {INSTEAD}"

    def make_fields(self) -> list[list[Field]]:
        return [[AmountField("amount", "Amount"), TextField("note", "Note", longest=200)]]

    def first_values(self, row: LineChoice, own: ShareRow | None) -> dict[str, Any]:
        if own is not None:
            return {"amount": shown(own.amount), "note": own.note or ""}
        offered = min(row.left, self.standing.remaining)
        return {"amount": shown(offered) if offered > 0 else ""}

    def share(self, row: LineChoice, own: ShareRow | None, values: Mapping[str, Any]) -> Share:
        return Share(LINE, values["amount"], row.line, note=values["note"] or None)
