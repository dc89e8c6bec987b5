"""What a sheet shows: the find line, the rows it finds, the fields of one row, and the check against what is distributed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from bo_tui.money import shown
from bo_tui.rules.batches.model import PaymentStanding, Share
from bo_tui.screens.batches import words
from bo_tui.screens.external.listsource import Item, ListSource
from bo_tui.screens.page import OfficePage
from bo_tui.text import clean
from bo_tui.views.batches import shares
from bo_tui.views.batches.shares import ShareRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets import labels
from bo_tui.widgets.dialog import Dialog, Lines
from bo_tui.widgets.fields import Field
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Column, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

STEPS = ("up", "down", "pageup", "pagedown")


class SheetBody(Dialog):
    """The base: find line, rows, fields of one row, live sums. Dismissed with how many rows were kept.

    A subclass says its columns, its fields, how rows are read and what of the fields becomes a share.
    """

    help_topic = "payment_sheet"
    AUTO_FOCUS = "FilterStrip LineInput"
    keys_line = "Enter next field   F2 or Alt+N keep the row   Alt+S search   Esc back, done"
    columns: ClassVar[Sequence[Column]] = ()
    nothing: ClassVar[str] = "Nothing fits."
    DEFAULT_CSS = """
    SheetBody {
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


def put(field: Field, value: Any) -> None:
    """A value into a field, as its first state."""
    if hasattr(field, "input"):
        field.input.value = value or ""
    else:
        field.value = bool(value)  # type: ignore[attr-defined]
        field.refresh()
