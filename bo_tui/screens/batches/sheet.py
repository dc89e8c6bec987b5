"""The sheet on which a payment is distributed row by row, by keyboard alone: find, Enter, amounts, Enter, and the next one.

Each row is kept as soon as its last field is entered, so that a lost line loses at most the row being typed. What remains of
the check stands in sight all the time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from bo_tui.errors import Conflict, Refusal
from bo_tui.money import shown
from bo_tui.rules.batches import distributions
from bo_tui.rules.batches import payments as rule
from bo_tui.rules.batches.model import PaymentStanding, Share, SharesDone
from bo_tui.screens.accounts import finder
from bo_tui.screens.batches import words
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.page import OfficePage, own_connection
from bo_tui.text import clean
from bo_tui.views.batches import shares
from bo_tui.views.batches.shares import ShareRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets import labels
from bo_tui.widgets.dialog import Dialog, Lines, call_holding_keys
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import Field
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Column, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

STEPS = ("up", "down", "pageup", "pagedown")


class Sheet(Dialog):
    """The base: find line, rows, fields of one row, live sums. Dismissed with how many rows were kept.

    A subclass says its columns, its fields, how rows are read and what of the fields becomes a share.
    """

    help_topic = "payment_sheet"
    AUTO_FOCUS = "FilterStrip LineInput"
    keys_line = "Enter next field   F2 or Alt+N keep the row   Alt+S search   Esc back, done"
    columns: ClassVar[Sequence[Column]] = ()
    nothing: ClassVar[str] = "Nothing fits."
    DEFAULT_CSS = """
    Sheet {
        & > .dialog--box { width: 100%; height: 100%; margin: 1 0 0 0; }
        & LedgerGrid { height: 1fr; min-height: 3; }
        & Horizontal { height: 1; width: 1fr; }
        & FilterStrip > LineInput { max-width: 24; }
    }
    """

    # --- what a subclass says --------------------------------------------------------------------------------------

    def make_fields(self) -> list[list[Field]]:
        """The fields of a row, by line."""
        raise NotImplementedError

    def shown_columns(self) -> Sequence[Column]:
        """The columns for the switches of now."""
        return self.columns

    def read_rows(self, text: str) -> Sequence[Any]:
        """The rows that a text finds; each has `id`, `own` and is drawn by `item`."""
        raise NotImplementedError

    def item(self, row: Any) -> Item:
        """A row as cells."""
        raise NotImplementedError

    def row_words(self, row: Any) -> str:
        """What the current row is."""
        raise NotImplementedError

    def first_values(self, row: Any, own: ShareRow | None) -> dict[str, Any]:
        """What the fields begin with: texts, and bools of switches."""
        raise NotImplementedError

    def share(self, row: Any, own: ShareRow | None, values: Mapping[str, Any]) -> Share:
        """What is kept; ValueError or a Refusal says what is wrong."""
        raise NotImplementedError

    def takes(self, values: Mapping[str, Any]) -> int | None:
        """What the row takes of the check, as far as it can be read."""
        raise NotImplementedError

    def left_field(self, key: str) -> str | None:
        """Enter is about to leave a field: what follows from it may be filled in; a sentence where it cannot be."""
        return None

    def switches(self) -> str:
        """The switches above the rows, with their Alt letters."""
        return ""

    # --- the dialog ------------------------------------------------------------------------------------------------

    def __init__(
        self, page: OfficePage, practice: PracticeRow, standing: PaymentStanding, title: str, text: str
    ) -> None:
        super().__init__(f"Distribute {title}")
        self.page, self.office, self.practice = page, page.office, practice
        self.standing = standing
        self.strip = FilterStrip("Find")
        self.grid = LedgerGrid(ListSource(self.columns, []), Sort(""), empty=self.nothing)
        self.grid.can_focus = False
        self.lines_of_fields = self.make_fields()
        self.fields = {field.key: field for line in self.lines_of_fields for field in line}
        for field in self.fields.values():
            field.label_width = labels.width(field.label) + 2
        self.rows: dict[int, Any] = {}
        self.text = text
        self.entered: Any = None  # the row whose fields are filled
        self.own: ShareRow | None = None
        self.kept = 0
        self.first_row: ShareRow | None = None  # a distribution to be changed: its fields come first
        self._first: dict[str, Any] = {}
        self._saving = False

    def body(self) -> ComposeResult:
        yield self.strip
        yield Lines(self.switches(), letters=True, id="sheet-switches")
        yield self.grid
        for line in self.lines_of_fields:
            with Horizontal():
                yield from line
        yield Lines("", keep=True, id="sheet-row")
        yield Lines("", keep=True, id="sheet-sums")
        yield Lines("", keep=True, id="sheet-error", classes="dialog--error")

    def on_mount(self) -> None:
        """Begin with what is looked for."""
        if self.text:
            self.strip.input.value = self.text
        self.look()
        self.show_sums()
        if self.first_row is not None:
            self._begin_with(self.first_row)

    def _begin_with(self, share: ShareRow) -> None:
        found = next((row for row in self.rows.values() if row.own == share.id), None)
        if found is not None:
            self.call_after_refresh(self.grid.go_to, found.id)
            self.enter_row(found)

    @property
    def find(self) -> Widget:
        """The input that finds."""
        return self.strip.input

    @property
    def current(self) -> Any:
        """The row under the cursor."""
        row = self.grid.current
        return self.rows.get(row.id) if row is not None else None

    # --- rows ------------------------------------------------------------------------------------------------------

    def look(self, to: int | None = None) -> None:
        """Read the rows that the text finds; the cursor goes to `to` where that is among them."""
        self.text = self.strip.text.strip()
        found = self.read_rows(self.text)
        self.rows = {row.id: row for row in found}
        items = [self.item(row) for row in found]
        for place, one in enumerate(items):
            one.keys[""] = place  # the order in which they were read
        self.grid.set_source(ListSource(self.shown_columns(), items), Sort(""))
        self.strip.set_count(f"{len(found):,} shown")
        self.query_one("#sheet-switches", Lines).set(self.switches())
        if to is not None and to in self.rows:
            self.grid.go_to(to)
        self._tell_row()

    def on_filter_strip_changed(self, event: FilterStrip.Changed) -> None:
        """The text rests, or a key leaves it."""
        event.stop()
        self.refuse("")
        self.look()

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        """Say what the current row is."""
        event.stop()
        self._tell_row()

    def _tell_row(self) -> None:
        row = self.entered if self.in_fields else self.current
        self.query_one("#sheet-row", Lines).set("" if row is None else clean(self.row_words(row)))

    def show_sums(self) -> None:
        """The check against what is distributed, and what would remain with the row being typed."""
        standing = self.standing
        text = f"Check {shown(standing.header.amount)}   Distributed {shown(standing.distributed)}   "
        takes = self.takes(self.peek()) if self.typed else None
        if takes is None:
            text += f"Remaining {words.remaining(standing.remaining)}"
        else:
            before = self.own.amount if self.own is not None else 0
            text += (
                f"Remaining {shown(standing.remaining)}   with this row {shown(standing.remaining + before - takes)}"
            )
        self.query_one("#sheet-sums", Lines).set(text)

    # --- fields ----------------------------------------------------------------------------------------------------

    @property
    def in_fields(self) -> bool:
        """Whether a row's fields have the focus."""
        return any(field.control is self.focused for field in self.fields.values())

    @property
    def typed(self) -> bool:
        """Whether the fields hold something that is not kept yet."""
        return self.entered is not None and any(field.raw != self._first[key] for key, field in self.fields.items())

    def peek(self) -> dict[str, Any]:
        """The values that can be read so far."""
        values = {}
        for key, field in self.fields.items():
            try:
                values[key] = field.read()
            except (ValueError, OverflowError):
                continue
        return values

    def enter_row(self, row: Any = None) -> None:
        """Enter on the find line: the fields of a row (the current one); what was typed for the same row stays."""
        row = self.current if row is None else row
        if row is None:
            self.refuse(self.nothing)
            return
        if self.entered is None or self.entered.id != row.id or not self.typed:
            self.entered = row
            self.own = None
            if row.own is not None:
                found = shares.rows(self.office, self.standing.id)
                self.own = next((one for one in found if one.id == row.own), None)
            self.fill(self.first_values(row, self.own))
        next(iter(self.fields.values())).control.focus()
        self._tell_row()
        self.show_sums()

    def fill(self, values: Mapping[str, Any]) -> None:
        """Put values into the fields as their first state."""
        for key, field in self.fields.items():
            with field.prevent(Field.Changed):
                put(field, values.get(key, ""))
            self._first[key] = field.raw

    def on_field_changed(self, event: Field.Changed) -> None:
        """Typing renews the sums."""
        event.stop()
        self.refuse("")
        self.show_sums()

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Say it above the keys, and go to the field it is about."""
        self.query_one("#sheet-error", Lines).set(clean(sentence))
        if field in self.fields:
            self.fields[field].control.focus()

    # --- keys ------------------------------------------------------------------------------------------------------

    def on_key(self, event: events.Key) -> None:
        """The way through a row, and the Alt letters."""
        if event.key == "alt+n":
            self.keep()
        elif event.key == "alt+s":
            finder.find(self.page, self._found)
        elif self.in_fields and event.key in ("enter", "down"):
            self._step(1, event.key == "enter")
        elif self.in_fields and event.key == "up":
            self._step(-1, False)
        elif event.key == "enter":
            self.enter_row()
        elif event.key in STEPS:
            self.grid.press(event.key)
        else:
            return
        event.stop()

    def _found(self, found: finder.Found) -> None:
        if found.practice.id != self.practice.id:
            self.refuse(f"This batch is of {self.practice.name}; that account is of {found.practice.name}.")
            return
        self.strip.input.value = found.number
        self.find.focus()
        self.look()

    def _step(self, step: int, enter: bool) -> None:
        order = list(self.fields.values())
        at = next(at for at, field in enumerate(order) if field.control is self.focused)
        refused = self.left_field(order[at].key) if step > 0 else None
        if refused is not None:
            self.refuse(refused)
        elif 0 <= at + step < len(order):
            order[at + step].control.focus()
        elif step < 0:
            self.find.focus()
        elif enter:
            self.keep()

    def action_ok(self) -> None:
        """F2: keep the row being typed; with none, leave."""
        if self.in_fields or self.typed:
            self.keep()
        else:
            self.dismiss(self.kept)

    def action_cancel(self) -> None:
        """Esc, a step at a time: out of the fields, the text away, out of the sheet."""
        if self.in_fields:
            self.find.focus()
        elif self.typed:
            detail = "What is typed for this row is not kept yet."

            def leave(sure: bool | None) -> None:
                if sure:
                    self.dismiss(self.kept)

            self.app.push_screen(ConfirmDialog("Leave without keeping this row?", detail), leave)
        elif self.strip.text:
            self.strip.clear()
        else:
            self.dismiss(self.kept)

    # --- keeping ---------------------------------------------------------------------------------------------------

    def keep(self) -> None:
        """Keep the row: a new distribution, or a change of the one that is there; then on to the next."""
        row, own = self.entered, self.own
        if row is None or self._saving:
            return
        values: dict[str, Any] = {}
        for key, field in self.fields.items():
            try:
                values[key] = field.read()
            except (ValueError, OverflowError) as error:
                self.refuse(f"{labels.plain(field.label)} {error}.", key)
                return
        try:
            given = self.share(row, own, values)
        except Refusal as refusal:
            self.refuse(refusal.sentence, refusal.field)
            return
        seen, payment = self.standing.act, self.standing.id

        def work() -> tuple[SharesDone, PaymentStanding]:
            if own is not None:
                done = distributions.update(self.office, own.id, given, seen=seen)
            else:
                done = distributions.add(self.office, payment, [given], seen=seen)
            return done, rule.standing(self.office, payment)

        self._saving = True
        call_holding_keys(
            self, lambda: own_connection(self.office, work), lambda done, error: self._kept(row, done, error)
        )

    def _kept(self, row: Any, done: tuple[SharesDone, PaymentStanding] | None, error: Exception | None) -> None:
        self._saving = False
        if done is None or error is not None:
            sentence = error.sentence if isinstance(error, Refusal) else f"Nothing was kept: {error}"
            if isinstance(error, Conflict):  # what was typed stays; Enter again means the state of now
                self.standing = rule.standing(self.office, self.standing.id)
                self.show_sums()
            self.refuse(sentence, error.field if isinstance(error, Refusal) else None)
            return
        self.kept += 1
        self.standing = done[1]
        self.entered = self.own = None
        self.fill({})
        self.refuse("")
        self.find.focus()
        self.strip.input.action_select_all()
        self.look(row.id)
        self.grid.press("down")
        self.show_sums()


def put(field: Field, value: Any) -> None:
    """A value into a field, as its first state."""
    if hasattr(field, "input"):
        field.input.value = value or ""
    else:
        field.value = bool(value)  # type: ignore[attr-defined]
        field.refresh()
