"""View Attachment (Alt+V): what is attached to a row, as facts, and as a picture where the terminal and the extra allow it.

Nothing is run and nothing outside the store is read: the bytes come by their hash, and are compared with it first.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import events
from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import Refusal
from bo_tui.office import Office
from bo_tui.screens.external.placementrows import ATTACHED, PlacementLine
from bo_tui.screens.page import own_connection
from bo_tui.text import counted
from bo_tui.views import attachments
from bo_tui.views.attachments import AttachmentRow
from bo_tui.widgets import picture
from bo_tui.widgets.dialog import call_holding_keys
from bo_tui.widgets.gridmodel import Row
from bo_tui.widgets.picture import Decoded, PictureView
from bo_tui.widgets.textpage import TextBar, TextView, Viewer

if TYPE_CHECKING:
    from bo_tui.screens.external.transactions import TransactionsPage

KINDS = {
    "image/png": "PNG image",
    "image/jpeg": "JPEG image",
    "image/tiff": "TIFF image",
    "application/pdf": "PDF document",
}


def against(row: Row) -> str | None:
    """Why there is nothing to view on a row, or None."""
    assert isinstance(row, PlacementLine)
    if row.attached:
        return None
    if row.batch is not None:
        return f"It is not posted yet; look at its payment, in payment batch {row.batch}."
    whose = "this line" if row.parent is None else "this entry"
    return f"Nothing is attached to {whose}; rows that have something show {ATTACHED} before the description."


def start(page: TransactionsPage) -> None:
    """Show what is attached to the current row: of a placement the line's and all its entries', else the entry's own."""
    row = page.grid.current
    assert isinstance(row, PlacementLine)
    read = attachments.of_placement if row.parent is None else attachments.of_entry

    def show(found: list[AttachmentRow]) -> None:
        if found:
            page.app.push_screen(AttachmentPage(page.office, found))

    page.act(lambda: read(page.office, row.id), show)


def facts(row: AttachmentRow, index: int, of: int) -> str:
    """What is known of an attachment, as a page."""
    pages = "pages not told" if row.pages is None else counted(row.pages, "page")
    to = f"line {row.line}" if row.entry is None else f"entry {row.entry} ({row.code})"
    to += f" of line {row.line}" if row.entry is not None and row.line is not None else ""
    to = f"payment {row.payment}" if row.payment is not None else to
    folder, _, file = row.path.rpartition("/")  # on two lines, so that 80 cells hold each
    return "\n".join(
        [
            f"# Attachment {index + 1} of {of}",
            "",
            f"- Name: {row.name}",
            f"- Type: {KINDS[row.kind]}, {pages}, {_size(row.size)}",
            f"- Attached to: {to}",
            f"- By: {row.actor}, {dates.written(row.made_at, row.on)}",
            f"- Kept in {folder} of the office's folder, as",
            f"  {file}",
            f"- SHA-256: {row.sha256}",
        ]
    )


def _size(size: int) -> str:
    return (
        f"{size:,} bytes" if size < 10_000 else f"{size / 1024:,.0f} KB" if size < 10_000_000 else f"{size >> 20:,} MB"
    )


class AttachmentPage(Viewer):
    """A whole screen; `n` and `p` go through several attachments, Enter turns between facts and picture."""

    AUTO_FOCUS = "TextView"
    DEFAULT_CSS = "AttachmentPage { background: $background; &:ansi { background: ansi_default; } }"
    BINDINGS = [("f1", "app.help", "Help")]
    help_topic = "attachment"

    def __init__(self, office: Office, found: list[AttachmentRow]) -> None:
        super().__init__()
        self.office = office
        self.found = found
        self.index = 0
        self.page = 0
        self.pictured = False  # whether the picture is in front
        self.content: bytes | None = None  # None when the file is not what was attached
        self.checked = ""

    def compose(self) -> ComposeResult:
        yield TextBar("")
        yield TextView("")
        yield PictureView()
        yield TextBar("")

    def on_mount(self) -> None:
        """Begin with the first one's facts."""
        self._show(0)

    # --- one attachment --------------------------------------------------------------------------------------------

    @property
    def row(self) -> AttachmentRow:
        """The attachment in front."""
        return self.found[self.index]

    def _show(self, index: int) -> None:
        """Show an attachment's facts; its file is read and compared with its hash while keys wait."""
        self.index, self.page, self.content = index, 0, None
        row = self.row
        self.app.looks.at("attachment", row.id)  # type: ignore[attr-defined]

        def read() -> bytes | str:
            try:
                return attachments.content(self.office, row)
            except Refusal as refusal:
                return refusal.sentence

        def done(result: bytes | str | None, error: Exception | None) -> None:
            self.content = result if isinstance(result, bytes) else None
            self.checked = "the file is as it was attached"
            if not isinstance(result, bytes):
                self.checked = f"TAKE CARE: {result or error}"
            self._say_facts(self._no_picture() or "Enter shows the picture.")

        call_holding_keys(self, lambda: own_connection(self.office, read), done)  # type: ignore[arg-type]

    def _say_facts(self, hint: str) -> None:
        """The facts, what the check of the file said, and what can be done."""
        text = f"{facts(self.row, self.index, len(self.found))}\n- Checked now: {self.checked}\n\n{hint}"
        self.query_one(TextView).set(text)
        self._front(False)

    def _no_picture(self) -> str:
        """Why there is no picture of this attachment here; empty when there is one."""
        if self.content is None:
            return "There is nothing to show of it."
        if self.row.kind == "application/pdf":
            return "A PDF is not drawn in the terminal; copy it out and open it there."
        return picture.missing() or ""

    def _front(self, pictured: bool) -> None:
        self.pictured = pictured
        view, text = self.query_one(PictureView), self.query_one(TextView)
        view.display, text.display = pictured, not pictured
        (view if pictured else text).focus()
        self._say()

    def _say(self) -> None:
        first, last = self.query(TextBar)
        row = self.row
        several = f"   {self.index + 1} of {len(self.found)}" if len(self.found) > 1 else ""
        pages = f"   page {self.page + 1} of {row.pages}" if self.pictured and (row.pages or 1) > 1 else ""
        zoom = f"   {self.query_one(PictureView).place}" if self.pictured else ""
        first.set(f"{row.name}{several}{pages}{zoom}")
        keys = "Esc back"
        keys += "   n p others" if len(self.found) > 1 else ""
        if self.pictured:
            keys += "   Enter facts   + - zoom   arrows move" + ("   PgUp PgDn page" if pages else "")
        elif not self._no_picture():
            keys += "   Enter picture"
        last.set(keys)

    # --- the picture -----------------------------------------------------------------------------------------------

    def _draw(self, page: int) -> None:
        """Decode a page in a worker and show it; a picture that cannot be decoded says so among the facts."""
        content = self.content
        if content is None:
            return

        def done(result: Decoded | None, error: Exception | None) -> None:
            if result is None:
                self._say_facts(str(error))
                return
            self.page = result.page
            self._front(True)
            self.call_after_refresh(self._fill, result)

        call_holding_keys(self, lambda: picture.decode(content, page), done)  # type: ignore[arg-type]

    def _fill(self, result: Decoded) -> None:
        self.query_one(PictureView).set(result.image)
        self._say()

    # --- keys ------------------------------------------------------------------------------------------------------

    async def on_key(self, event: events.Key) -> None:
        """Everything the page can do; text keys as well as named ones, for `+` and `-`."""
        key = event.character if event.character in ("+", "-", "n", "p", "q") else event.key
        if self._pressed(key):
            event.stop()

    def _pressed(self, key: str) -> bool:
        view = self.query_one(PictureView)
        moves = {"left": (-1, 0), "right": (1, 0), "up": (0, -1), "down": (0, 1)}
        if key in ("escape", "f2", "q"):
            self.dismiss(None)
        elif key in ("n", "p") and len(self.found) > 1:
            self._show((self.index + (1 if key == "n" else -1)) % len(self.found))
        elif key == "enter":
            self._turn()
        elif self.pictured and key in ("+", "-"):
            view.turn(1 if key == "+" else -1)
            self._say()
        elif self.pictured and key in moves:
            view.move(*moves[key])
        elif self.pictured and key in ("pagedown", "pageup"):
            page = self.page + (1 if key == "pagedown" else -1)
            if 0 <= page < (self.row.pages or 1):
                self._draw(page)
        else:
            return False
        return True

    def _turn(self) -> None:
        if self.pictured:
            self._front(False)
        elif not self._no_picture():
            self._draw(self.page)
