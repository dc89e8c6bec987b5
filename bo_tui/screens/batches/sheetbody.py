"""What a sheet shows: the find line, the rows it finds, the fields of one row, and the check against what is distributed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.widget import Widget

from bo_tui.money import shown
from bo_tui.rules.batches.model import PaymentStanding
from bo_tui.screens.batches import words
from bo_tui.screens.batches.sheetkind import SheetKind
from bo_tui.screens.external.listsource import ListSource
from bo_tui.text import clean
from bo_tui.views.batches import shares
from bo_tui.views.batches.shares import ShareRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets import labels
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.fields import AmountField, Field
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.gridmodel import Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

if TYPE_CHECKING:
    from bo_tui.screens.batches.payment import PaymentPage

AMOUNT = 17  # cells: the largest amount there may be, so that none is shown with its beginning cut


class SheetBody(SheetKind):
    """The base: find line, rows, fields of one row, live sums. Dismissed with how many rows were kept."""

    help_topic = "payment_sheet"
    AUTO_FOCUS = "FilterStrip LineInput"
    keys_line = "Enter next field   F2 or Alt+N keep the row   Alt+S search   Esc back, done"
    DEFAULT_CSS = """
    SheetBody {
        & > .dialog--box { width: 100%; height: 100%; margin: 1 0 0 0; }
        & LedgerGrid { height: 1fr; min-height: 3; }
        & Horizontal { height: 1; width: 1fr; }
        & FilterStrip > LineInput { max-width: 24; }
    }
    """

    # --- the dialog ------------------------------------------------------------------------------------------------

    def __init__(
        self, page: PaymentPage, practice: PracticeRow, standing: PaymentStanding, title: str, text: str
    ) -> None:
        super().__init__(f"Distribute {title}")
        self.page, self.office, self.practice = page, page.office, practice
        self.standing = standing
        self.strip = FilterStrip("Find")
        self.grid = LedgerGrid(ListSource(self.columns, []), Sort(""), empty=f"Nothing is shown. {self.nothing}")
        self.grid.can_focus = False
        self.lines_of_fields = self.make_fields()
        self.fields = {field.key: field for line in self.lines_of_fields for field in line}
        for field in self.fields.values():
            field.label_width = labels.width(field.label) + 2
            if isinstance(field, AmountField):
                field.control_width, field.input.max_length = AMOUNT + 1, AMOUNT
                field.styles.width = field.label_width + AMOUNT + 2
        self.rows: dict[int, Any] = {}
        self.text = text
        self.entered: Any = None  # the row whose fields are filled
        self.own: ShareRow | None = None
        self.kept = 0
        self.first_row: ShareRow | None = None  # a distribution to be changed: its fields come first
        self._first: dict[str, Any] = {}
        self._asked = ""  # the question that F2 answers
        self._said = ""  # what was done just now
        self._saving = False

    def body(self) -> ComposeResult:
        yield self.strip
        yield Lines(self.switches(), letters=True, id="sheet-switches")
        yield self.grid
        for line in self.lines_of_fields:
            with Horizontal():
                yield from line
        yield Lines("", keep=True, id="sheet-row")
        yield Lines("", keep=self.foretells, id="sheet-follows")
        yield Lines("", keep=True, id="sheet-sums")
        yield Lines("", keep=True, id="sheet-error", classes="dialog--error")

    def on_mount(self) -> None:
        """Begin with what is looked for."""
        if self.text:
            self.put_text(self.text)
        self.look()
        self.show_sums()
        if self.first_row is not None:
            self._begin_with(self.first_row)

    def _begin_with(self, share: ShareRow) -> None:
        found = next((row for row in self.rows.values() if row.own == share.id), None)
        if found is not None:
            self.call_after_refresh(self.grid.go_to, found.id)
            self.enter_row(found)

    def put_text(self, text: str) -> None:
        """Put a text into Find, marked: the first letter typed replaces it."""
        self.strip.input.value = text
        self.strip.input.action_select_all()

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
        self._said = ""
        self.refuse("")
        self.look()

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        """Say what the current row is."""
        event.stop()
        self._tell_row()

    def on_descendant_focus(self) -> None:
        """In the fields it is their row that is told of."""
        self._tell_row()

    def _tell_row(self) -> None:
        """What the fields' row is, or the current one; never one row beside what is typed for another."""
        if self._said:
            self.tell_row(self._said)
        elif self.entered is not None and not self.in_fields and self.typed:
            self.tell_row(f"What is typed for {called(self.entered)} is not kept: F2 keeps it, Esc drops it.")
        else:
            row = self.entered if self.in_fields else self.current
            self.tell_row("" if row is None else self.row_words(row))

    def tell_done(self, text: str) -> None:
        """Say in the row's place what was done, until the next key or letter."""
        self._said = text
        self._tell_row()

    def tell_row(self, text: str) -> None:
        """Say something about a row, below the fields."""
        self.query_one("#sheet-row", Lines).set(clean(text))

    def show_sums(self) -> None:
        """The check against what is distributed, and what would remain with the row being typed."""
        standing, values = self.standing, self.peek()
        text = f"Check {shown(standing.header.amount)}   Distributed {shown(standing.distributed)}   "
        takes = self.takes(values) if self.typed else None
        if takes is None:
            text += f"Remaining {words.remaining(standing.remaining)}"
        else:
            before = self.own.amount if self.own is not None else 0
            text += (
                f"Remaining {shown(standing.remaining)}   with this row {shown(standing.remaining + before - takes)}"
            )
        self.query_one("#sheet-sums", Lines).set(text)
        if self.foretells:
            self.query_one("#sheet-follows", Lines).set("" if self.entered is None else clean(self.foretold(values)))

    def beyond(self, values: Mapping[str, Any]) -> str | None:
        """Why what the row takes of the check is too much; None where that much remains, or a row is made smaller."""
        takes, before = self.takes(values), self.own.amount if self.own is not None else 0
        left = max(self.standing.remaining + before, 0)
        if takes is None or takes <= max(left, before):
            return None
        return f"{shown(takes)} is more than what remains of the payment, {shown(left)}."

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
            text = self.strip.text.strip()
            self.refuse(f"Nothing fits {text}. {self.nothing}" if text else self.nothing)
            return
        if self.typed and self.entered.id != row.id:
            self.refuse(f"{called(row)} waits: F2 keeps or Esc drops what is typed for {called(self.entered)} first.")
            return
        closed = self.closed_to(row)
        if closed is not None:
            self.refuse(closed)
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

    def leave_row(self) -> None:
        """Back to Find; what was only offered in the fields goes away, what was typed stays its row's."""
        if not self.typed:
            self.drop_row()
        self.find.focus()
        self.strip.input.action_select_all()

    def drop_row(self) -> None:
        """The fields are no row's any more."""
        self.entered = self.own = None
        self._asked = ""
        self.fill({})
        self.refuse("")
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
        self._asked = ""
        self.refuse("")
        self.show_sums()

    def refuse(self, sentence: str, field: str | None = None) -> None:
        """Say it above the keys, and go to the field it is about."""
        self.query_one("#sheet-error", Lines).set(clean(sentence))
        field = self.names.get(field or "", field)
        if field in self.fields:
            self.fields[field].control.focus()


def called(row: Any) -> str:
    """Whose row it is."""
    return f"{row.guarantor}, {row.account}, line {row.line}"


def put(field: Field, value: Any) -> None:
    """A value into a field, as its first state."""
    if hasattr(field, "input"):
        field.input.value = value or ""
    else:
        field.value = bool(value)  # type: ignore[attr-defined]
        field.refresh()
