"""The sheet of an agency's payment: its placements, with gross, net and commission (back_office_rest.md section 3.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from textual import events

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.batches.model import NET, PLACEMENT, Share
from bo_tui.screens.batches.sheet import Sheet
from bo_tui.screens.external.listsource import Item
from bo_tui.views.batches import candidates
from bo_tui.views.batches.candidates import PlacementChoice
from bo_tui.views.batches.shares import ShareRow
from bo_tui.widgets.fields import AmountField, Field
from bo_tui.widgets.gridmodel import Column

COLUMNS = (
    Column("account", "Acct", 8, min_width=7, priority=9),
    Column("guarantor", "Guarantor", 14, grow=True, min_width=9, priority=8),
    Column("dos", "DOS", 10, priority=4),
    Column("description", "Description", 12, grow=True, min_width=11, priority=1),
    Column("agency", "Agency", 10, min_width=6, priority=2),
    Column("balance", "Balance", 10, align="right", priority=10),
    Column("gross", "Gross", 10, align="right", priority=7),
    Column("net", "Net", 10, align="right", priority=6),
    Column("commission", "Comm", 9, align="right", priority=5),
)
AGENCY = 4  # its place; one agency's rows need not name it
CLOSED = {"AGTFR": "moved to another agency", "RVCOL": "brought back to active AR"}


class AgencySheet(Sheet):
    """Gross, net, commission a placement; the commission is 0.00 where gross is net. Below zero is a takeback."""

    columns = COLUMNS
    nothing = "Alt+Z shows placements at zero, Alt+A those of other agencies."

    def __init__(self, *arguments: Any) -> None:
        self.zero = self.everyone = False
        self._filled: frozenset[str] = frozenset()  # fields that were filled in and not typed over
        self._own_hand = ("", "")  # what was put there last
        super().__init__(*arguments)

    def make_fields(self) -> list[list[Field]]:
        return [
            [
                AmountField("gross", "Gross", negative=True),
                AmountField("net", "Net", negative=True),
                AmountField("commission", "Comm", negative=True),
            ]
        ]

    def switches(self) -> str:
        zero, everyone = ("x" if one else " " for one in (self.zero, self.everyone))
        return f"[{zero}] Show zero balances (Alt+Z)   [{everyone}] Show all agencies (Alt+A)"

    def shown_columns(self) -> Sequence[Column]:
        return COLUMNS if self.everyone else COLUMNS[:AGENCY] + COLUMNS[AGENCY + 1 :]

    def read_rows(self, text: str) -> Sequence[PlacementChoice]:
        agency = None if self.everyone else self.standing.header.agency
        return candidates.placements(
            self.office, self.practice.id, self.standing.id, text, agency=agency, zero=self.zero
        )

    def item(self, row: PlacementChoice) -> Item:
        cells = (
            row.account, row.guarantor, dates.iso(row.date_of_service), row.description, row.agency, shown(row.left),
            shown(row.gross), shown(row.net), shown(row.commission),
        )  # fmt: skip
        return Item(row.id, cells if self.everyone else cells[:AGENCY] + cells[AGENCY + 1 :])

    def row_words(self, row: PlacementChoice) -> str:
        text = f"{row.guarantor}, {row.account}: placement {row.id}, line {row.line}, balance {shown(row.balance)}"
        if row.left != row.balance:
            text += f", {shown(row.balance - row.left)} of it pending"
        if row.closed is not None:
            text += f"; {CLOSED.get(row.closed, 'closed')}: posting asks"
        return text + ("; already in this payment: typing replaces it" if row.own is not None else "")

    def first_values(self, row: PlacementChoice, own: ShareRow | None) -> dict[str, Any]:
        if own is None:
            return {}
        return {"gross": shown(own.gross), "net": shown(own.net), "commission": shown(own.commission)}

    def left_field(self, key: str) -> str | None:
        """Gross is at most the balance; with gross and net known and alike, no commission was taken: 0.00."""
        values = self.peek()
        gross, net, kept = (values.get(name) for name in ("gross", "net", "commission"))
        if gross is None or key == "commission":
            return None
        if key == "gross":
            for name in self._filled:  # what was filled in for another gross follows it
                self._put(name, "")
            return self._too_much(gross)
        if net is None:
            net = gross - (kept or 0)
            self._put("net", shown(net))
        if gross == net and kept is None:
            self._put("commission", shown(0))
        return None

    def question(self, values: Mapping[str, Any]) -> str:
        """A remittance lists its takebacks last, so that its rows may stand above the check until those are keyed."""
        beyond = self.beyond(values)
        if beyond is None:
            return ""
        field = "Net" if self.standing.remits == NET else "Gross"
        return f"{field} {beyond} F2 again keeps it, where a takeback (below zero) is still to follow."

    def _too_much(self, gross: int) -> str | None:
        row: PlacementChoice = self.entered
        left = row.left + ((self.own.gross or 0) if self.own is not None else 0)
        if row.closed is not None or gross <= left:
            return None
        pending = " less what is pending" if left != row.balance else ""
        return f"Gross {shown(gross)} is more than the balance of placement {row.id}{pending}, {shown(left)}."

    def _put(self, key: str, text: str) -> None:
        field = self.fields[key]
        assert isinstance(field, AmountField)
        field.set(text)
        self._filled = (self._filled - {key}) | ({key} if text else set())
        self._own_hand = (key, text)

    def on_field_changed(self, event: Field.Changed) -> None:
        """What is typed over is the operator's; textual calls the base's own handler as well."""
        key = event.field.key
        if (key, event.field.raw) != self._own_hand:
            self._filled = self._filled - {key}

    def fill(self, values: Mapping[str, Any]) -> None:
        """As the base; figures without a commission follow another gross, as if they had been filled in here."""
        super().fill(values)
        plain = bool(values) and values.get("gross") == values.get("net")
        self._filled = frozenset(("net", "commission")) if plain else frozenset()

    def takes(self, values: Mapping[str, Any]) -> int | None:
        gross, net, kept = values.get("gross"), values.get("net"), values.get("commission")
        if self.standing.remits != NET:
            return gross
        return net if net is not None or gross is None else gross - (kept or 0)

    def share(self, row: PlacementChoice, own: ShareRow | None, values: Mapping[str, Any]) -> Share:
        of_entry = own.of_entry if own is not None and (values["gross"] or 0) < 0 else None
        return Share(
            PLACEMENT, placement=row.id, gross=values["gross"], net=values["net"], commission=values["commission"],
            of_entry=of_entry, note=own.note if own is not None else None,
        )  # fmt: skip

    def on_key(self, event: events.Key) -> None:
        """The two switches; textual calls the base's own on_key as well."""
        if event.key == "alt+z":
            self.zero = not self.zero
        elif event.key == "alt+a":
            self.everyone = not self.everyone
        else:
            return
        event.stop()
        event.prevent_default()
        current = self.current
        self.look(current.id if current is not None else None)
