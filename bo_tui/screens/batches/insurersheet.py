"""The sheet of an insurer's payment: what is paid, adjusted by group and reason codes, and rolled (section 3.6)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from bo_tui import money
from bo_tui.errors import RuleRefusal
from bo_tui.money import shown
from bo_tui.rules.batches import reasons
from bo_tui.rules.batches.model import LINE, Reason, Share
from bo_tui.screens.batches.linesheet import LineSheet
from bo_tui.views.batches import shares
from bo_tui.views.batches.candidates import LineChoice
from bo_tui.views.batches.shares import ShareRow
from bo_tui.widgets.fields import AmountField, Field, TextField

CO, CONTRACTUAL = "CO", "45"
PARTIES = {"guarantor": "guarantor", "insurance": "insurer"}
_CODE = re.compile(r"([A-Za-z]{2})-?([0-9A-Za-z]{1,5})\s+(-?[\d.,]*\d)")


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

    elsewhere = "in suspense (Alt+2 on the payment)"
    names = {"reasons": "codes"}

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

    def adjusts(self, values: Mapping[str, Any]) -> int:
        return reasons.adjusted(readable(values.get("codes") or "")) + (values.get("contractual") or 0)

    def against(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        beyond = super().against(values)
        if beyond is not None:
            return beyond[0], f"{beyond[1]} What the payer takes back is entered first (Recoup, Alt+3 on the payment)."
        typed = readable(values.get("codes") or "")
        if values.get("contractual") and any((one.group, one.reason) == (CO, CONTRACTUAL) for one in typed):
            return "codes", "CO-45 stands in its own field, CO-45 adj.; twice it would adjust twice. Empty one of them."
        row: LineChoice = self.entered
        refused = reasons.too_much(self.adjusts(values), values.get("amount") or 0, row.balance, row.line)
        if refused is None:
            return None
        return ("codes" if reasons.adjusted(typed) else "contractual"), refused

    def foretold(self, values: Mapping[str, Any]) -> str:
        """As the base; a debt that an agency has comes back with the insurer's money, and the guarantor's rest waits again."""
        row: LineChoice = self.entered
        said = [super().foretold(values)]
        if row.placed:
            waits = (
                row.responsibility == "guarantor" and values.get("roll") != "insurance" and self.line_left(values) > 0
            )
            rest = f"; what is left then waits for {row.agency} again" if waits else ""
            said.append(f"Posting recalls {shown(row.placed)} from {row.agency}{rest}.")
        return " ".join(said).strip()

    def share(self, row: LineChoice, own: ShareRow | None, values: Mapping[str, Any]) -> Share:
        found = codes(values["codes"])
        if values["contractual"]:
            found.insert(0, Reason(CO, CONTRACTUAL, values["contractual"]))
        return Share(
            LINE, values["amount"] or 0, row.line, reasons=tuple(found), roll=values["roll"],
            claim=values["claim"] or None, control_number=values["control_number"] or None,
            note=own.note if own is not None else None,
        )  # fmt: skip


def readable(text: str) -> list[Reason]:
    """The codes of a text that is still being typed, as far as they can be read."""
    found = []
    for part in _parts(text):
        with suppress(RuleRefusal):
            found += codes(part)
    return found


def _parts(text: str) -> list[str]:
    return [one.strip() for one in re.split(r"[,;]\s+|;", text) if one.strip()]


def codes(text: str) -> list[Reason]:
    """Group and reason codes with amounts, as `PR-1 25.00, OA-23 10`; RuleRefusal, field `codes`."""
    found = []
    for part in _parts(text):
        match = _CODE.fullmatch(part)
        if match is None:
            raise RuleRefusal(f"{part}: a code is written as PR-1 25.00, several with commas between.", field="codes")
        try:
            found.append(Reason(match[1].upper(), match[2].upper(), money.parse(match[3])))
        except ValueError as error:
            raise RuleRefusal(f"{part}: the amount {error}.", field="codes") from error
    return found
