"""The sheets of guarantors' and insurers' payments: service fee lines with what is paid, adjusted and rolled (section 3.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from textual import events

from bo_tui import dates, money
from bo_tui.errors import RuleRefusal
from bo_tui.money import shown
from bo_tui.rules.batches.model import LINE, Reason, Share
from bo_tui.screens.batches.sheet import Sheet
from bo_tui.screens.external.listsource import Item
from bo_tui.views.batches import candidates, shares
from bo_tui.views.batches.candidates import LineChoice
from bo_tui.views.batches.shares import ShareRow
from bo_tui.widgets.fields import AmountField, Field, TextField
from bo_tui.widgets.gridmodel import Column

COLUMNS = (
    Column("account", "Acct", 8, min_width=7, priority=9),
    Column("guarantor", "Guarantor", 14, grow=True, min_width=9, priority=8),
    Column("line", "Line", 8, min_width=7, priority=7),
    Column("dos", "DOS", 10, priority=6),
    Column("description", "Description", 12, grow=True, min_width=8, priority=1),
    Column("owes", "Owes", 9, priority=3),
    Column("where", "With agency", 11, min_width=6, priority=2),
    Column("balance", "Balance", 10, align="right", priority=10),
    Column("paid", "Paid", 10, align="right", priority=11),
)
CO, CONTRACTUAL = "CO", "45"
PARTIES = {"guarantor": "guarantor", "insurance": "insurer"}
_CODE = re.compile(r"([A-Za-z]{2})-?([0-9A-Za-z]{1,5})\s+(-?[\d.,]*\d)")


class LineSheet(Sheet):
    """What both have: lines found by account, guarantor or line number."""

    columns = COLUMNS
    nothing = "Type an account, a guarantor or a line; Alt+Z also shows lines at zero, Alt+S searches by more."

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
        return f"{text}; {where}" + ("; already in this payment" if row.own is not None else "")

    def takes(self, values: Mapping[str, Any]) -> int | None:
        return values.get("amount")

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
    """An amount a line; what the line owes is offered, at most what remains."""

    def make_fields(self) -> list[list[Field]]:
        return [[AmountField("amount", "Amount"), TextField("note", "Note", longest=200)]]

    def first_values(self, row: LineChoice, own: ShareRow | None) -> dict[str, Any]:
        if own is not None:
            return {"amount": shown(own.amount), "note": own.note or ""}
        offered = min(row.left, self.standing.remaining)
        return {"amount": shown(offered) if offered > 0 else ""}

    def share(self, row: LineChoice, own: ShareRow | None, values: Mapping[str, Any]) -> Share:
        return Share(LINE, values["amount"], row.line, note=values["note"] or None)


class RollField(TextField):
    """Roll to: whom the line is rolled to next; the first letters suffice, empty rolls nothing."""

    def __init__(self) -> None:
        super().__init__("roll", "Roll to", longest=9, hint="g or i")

    def read(self) -> str | None:
        """guarantor, insurance, or None; ValueError for anything else."""
        text = (super().read() or "").casefold()
        found = [party for party, word in PARTIES.items() if word.startswith(text) or party.startswith(text)]
        if text and len(found) != 1:
            raise ValueError("is guarantor or insurer: g or i")
        return found[0] if text else None


class InsuranceSheet(LineSheet):
    """Paid, contractual adjustment (CO-45), further group and reason codes, roll to the next party, claim and control number."""

    def make_fields(self) -> list[list[Field]]:
        return [
            [
                AmountField("amount", "Paid"),
                AmountField("contractual", "CO-45 adj."),
                RollField(),
            ],
            [
                TextField("codes", "Codes", longest=200),
                TextField("claim", "Claim", longest=40),
                TextField("control_number", "Control no.", longest=40),
            ],
        ]

    def first_values(self, row: LineChoice, own: ShareRow | None) -> dict[str, Any]:
        if own is None:
            return {}
        found = shares.reasons(self.office, own.id)
        first = next((one for one in found if (one.group, one.reason) == (CO, CONTRACTUAL)), None)
        rest = [f"{one.group}-{one.reason} {shown(one.amount)}" for one in found if one is not first]
        return {
            "amount": shown(own.amount), "contractual": shown(first.amount) if first else "", "codes": ", ".join(rest),
            "roll": PARTIES.get(own.roll or "", ""), "claim": own.claim or "", "control_number": own.control_number or "",
        }  # fmt: skip

    def share(self, row: LineChoice, own: ShareRow | None, values: Mapping[str, Any]) -> Share:
        reasons = codes(values["codes"])
        if values["contractual"]:
            reasons.insert(0, Reason(CO, CONTRACTUAL, values["contractual"]))
        return Share(
            LINE, values["amount"] or 0, row.line, reasons=tuple(reasons), roll=values["roll"],
            claim=values["claim"] or None, control_number=values["control_number"] or None,
            note=own.note if own is not None else None,
        )  # fmt: skip


def codes(text: str) -> list[Reason]:
    """Group and reason codes with amounts, as `PR-1 25.00, OA-23 10`; RuleRefusal, field `codes`."""
    found = []
    for part in (one.strip() for one in re.split(r"[,;]\s+|;", text) if one.strip()):
        match = _CODE.fullmatch(part)
        if match is None:
            raise RuleRefusal(f"{part}: a code is written as PR-1 25.00, several with commas between.", field="codes")
        try:
            found.append(Reason(match[1].upper(), match[2].upper(), money.parse(match[3])))
        except ValueError as error:
            raise RuleRefusal(f"{part}: the amount {error}.", field="codes") from error
    return found
