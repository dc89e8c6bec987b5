"""Files: what went to the agencies, or will; one file after the other, each with what became of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import ClassVar

from bo_tui import dates
from bo_tui.rules import audit
from bo_tui.rules.external import filechoice, updatechoice
from bo_tui.rules.external import files as rules
from bo_tui.rules.external.filechoice import Waiting
from bo_tui.rules.external.updatechoice import ToSend
from bo_tui.screens.external import filecontents, filecreate, filesource, fileupdate
from bo_tui.screens.external.acknowledge import AcknowledgeDialog
from bo_tui.screens.external.base import ExternalPage, ExternalSource
from bo_tui.screens.external.fileexport import ExportDialog
from bo_tui.screens.external.fileprint import PreviewPage
from bo_tui.screens.external.filesource import COLUMNS, FileSource
from bo_tui.views import files
from bo_tui.views.files import Contents, FileRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Dialog
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

NO_BYTES = "This stands for debt that the agency had before; there is no file."

NAMED = 3  # files not sent that are named


class FilesPage(ExternalPage):
    """The tab Files: create, look into, preview, export, mark sent, acknowledge."""

    tab = "files"
    help_topic = "files"
    subject: ClassVar[str] = "agency_file"
    columns: ClassVar[Sequence[Column]] = COLUMNS
    first_sort = Sort("file", descending=True)
    empty = "No file was made yet. Alt+C makes one of the placements that wait for it."

    def make_source(self, practice: PracticeRow) -> ExternalSource:
        return FileSource(self.office, practice.id)

    def own_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("create", "Create file", "C", self.create, self.with_practice("file"), short="Create"),
            *self.on_files(),
            PageAction(
                "updates", "Updates: tell an agency what changed", "U", self.updates, self.with_practice("file")
            ),
            PageAction("contents", "Contents as a grid (Enter)", "O", self.contents, self.on_row("look", self._bytes)),
        )

    def on_files(self, may: str = "file") -> Sequence[PageAction]:
        """What can be done with a file that is there; `may` is the role's action for what became of it."""
        return (
            PageAction(
                "print",
                "Print: preview, save as PDF",
                "P",
                self.preview,
                self.on_row("look", self._bytes),
                short="Print",
            ),
            PageAction("export", "Export", "E", self.export, self.on_row("export", self._bytes)),
            PageAction("sent", "Mark sent", "T", self.mark_sent, self.on_row(may, self._unsent), short="Mark sent"),
            PageAction("acknowledge", "Acknowledge", "K", self.acknowledge, self.on_row(may, self._open), short="Ack"),
        )

    # --- where files are kept; those of Pre-Collections say otherwise ------------------------------------------------

    def read_contents(self, row: FileRow) -> Contents:
        """What is in a file; in a worker."""
        return files.contents(self.office, row.id)

    def unsent_before(self, row: FileRow) -> list[FileRow]:
        """Files to the same agency that were made before and are not sent yet; one quick read."""
        return files.unsent_before(self.office, row.id)

    def record_sent(self, row: FileRow) -> None:
        """Record that a file went; in a worker."""
        rules.mark_sent(self.office, row.id)

    def export_dialog(self, row: FileRow) -> Dialog:
        """Where to, and in what form."""
        return ExportDialog(self.office, row)

    def acknowledge_dialog(self, row: FileRow) -> Dialog:
        """What was received."""
        return AcknowledgeDialog(self.office, row)

    # --- rows ------------------------------------------------------------------------------------------------------

    @property
    def current(self) -> FileRow | None:
        """The current file as it was read."""
        row = self.grid.current
        return self._words(row.id) if row is not None else None

    def _words(self, row_id: int) -> FileRow | None:
        source = self.source
        return source.words.get(row_id) if isinstance(source, FileSource) else None

    def _copy(self, row_id: int) -> str:
        source = self.source
        return source.copies.get(row_id, "") if isinstance(source, FileSource) else ""

    def row_words(self, row: Row) -> str:
        found = self._words(row.id)
        return filesource.sentence(found, self._copy(row.id)) if found is not None else ""

    def _bytes(self, row: Row) -> str | None:
        found = self._words(row.id)
        return NO_BYTES if found is None or found.kind == "earlier" else None

    def _unsent(self, row: Row) -> str | None:
        found = self._words(row.id)
        if found is None or found.kind == "earlier":
            return NO_BYTES
        return None if found.state == "created" else f"This file was already {found.state}."

    def _open(self, row: Row) -> str | None:
        found = self._words(row.id)
        if found is None or found.kind == "earlier":
            return NO_BYTES
        return "This file was already acknowledged." if found.state == "acknowledged" else None

    def on_screen_resume(self) -> None:
        """Copies may have changed meanwhile; textual calls the base's handler as well."""
        self.call_later(self._check_copies)

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """New rows, new copies."""
        self._check_copies()

    def _check_copies(self) -> None:
        """Compare the copies on the disk with what was made, in a worker; the grid is read again only when that tells more."""
        source = self.source
        if not isinstance(source, FileSource):
            return
        ids = [row.id for row in self.grid.shown]

        def checked(_: None) -> None:
            if source is self.source and any(source.stale(row) for row in self.grid.shown):
                self.grid.reload()

        self.read(lambda: source.check_copies(ids), checked, group="copies", quiet=True)

    def why_reason(self) -> str | None:
        return "A file has no rule to explain; Enter shows what is in it."

    # --- actions ---------------------------------------------------------------------------------------------------

    def create(self) -> None:
        """Alt+C: the agency, what would go, what the accounts lack."""
        practice = self.practice.id

        def ask(waiting: list[Waiting]) -> None:
            if not waiting:
                self.say("No agency is assigned to this practice.", warning=True)
                return
            dialog = filecreate.CreateDialog(self.office, practice, waiting)
            self.app.push_screen(dialog, lambda done: self._made(done, filecreate.said))

        self.act(lambda: filechoice.waiting(self.office, practice), ask)

    def updates(self) -> None:
        """Alt+U: what happened since to debt that an agency has, as a file by hand."""
        practice = self.practice.id

        def ask(waiting: list[ToSend]) -> None:
            if not waiting:
                self.say("No agency has a file of this practice yet; there is nobody to tell.", warning=True)
                return
            dialog = fileupdate.UpdatesDialog(self.office, practice, waiting)
            self.app.push_screen(dialog, lambda done: self._made(done, fileupdate.said))

        self.act(lambda: updatechoice.waiting(self.office, practice), ask)

    def _made(self, done: filecreate.Created | None, said: Callable[[filecreate.Created], str]) -> None:
        """The cursor goes to the newest of the files that were made."""
        if done is not None:
            self.announce(said(done), done.files[-1].id)

    def preview(self) -> None:
        """Alt+P: the file as a page of text, and from there as a PDF."""

        def show(row: FileRow, found: Contents) -> None:
            self.looked(self.subject, row.id, f"preview, {audit.rows(row.lines)}")
            kept = audit.Kept("print", self.subject, row.id, f"PDF, {audit.rows(row.lines)}", self.practice.id)
            self.app.push_screen(PreviewPage(self.office, row, found, self._copy(row.id), kept))

        self._with_contents(show)

    def contents(self) -> None:
        """Enter and Alt+O: the file's rows as a grid."""

        def show(row: FileRow, found: Contents) -> None:
            self.looked(self.subject, row.id, f"contents, {audit.rows(row.lines)}")
            self.app.push_screen(filecontents.ContentsPage(row, found))

        self._with_contents(show)

    def _with_contents(self, show: Callable[[FileRow, Contents], object]) -> None:
        row = self.current
        if row is None:
            return

        def found(contents: Contents) -> None:
            show(row, contents)

        self.act(lambda: self.read_contents(row), found)

    async def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter opens the file."""
        await self.do(next(action for action in self.actions if action.id == "contents"))

    def export(self) -> None:
        """Alt+E: a copy to a place of the operator's choice."""
        row = self.current
        if row is None:
            return

        def said(path: Path) -> str:
            return f"Exported {filesource.title(row)} to {path}."

        self.open_dialog(self.export_dialog(row), said)

    def mark_sent(self) -> None:
        """Alt+T: the file went to its agency today."""
        row = self.current
        if row is None:
            return
        today = dates.iso(self.office.business_date)

        def sure(yes: bool | None) -> None:
            if yes:
                self.act_and_announce(
                    lambda: self.record_sent(row), lambda _: f"{filesource.title(row)}: sent {today}."
                )

        copy = self._copy(row.id)
        warning = f" Take care: {filesource.COPY_WORDS[copy]}." if copy else ""
        question = f"Mark {filesource.title(row)} as sent on {today}?"
        dialog = ConfirmDialog(question, f"This cannot be taken back.{warning}")
        self._in_order(row, "mark it as sent", lambda: self.app.push_screen(dialog, sure))

    def _in_order(self, row: FileRow, what: str, then: Callable[[], object]) -> None:
        """Go on; where an earlier file of the same agency is not sent yet, only after a question that names it."""
        before = self.unsent_before(row)
        if not before:
            then()
            return
        named = "; ".join(f"{filesource.title(one)} of {dates.iso(one.created)}" for one in before[:NAMED])
        more = f"; and {len(before) - NAMED:,} more" if len(before) > NAMED else ""
        are = "was made before it and is" if len(before) == 1 else "were made before it and are"
        detail = f"{named}{more} {are} not marked as sent. An agency needs its files in their order."

        def sure(yes: bool | None) -> None:
            if yes:
                then()

        self.app.push_screen(ConfirmDialog(f"{filesource.title(row)}: {what} all the same?", detail), sure)

    def acknowledge(self) -> None:
        """Alt+K: what the agency says it received."""
        row = self.current
        if row is not None:
            said = f"{filesource.title(row)}: "
            dialog = self.acknowledge_dialog(row)
            self._in_order(
                row, "acknowledge it", lambda: self.open_dialog(dialog, lambda difference: said + difference)
            )
