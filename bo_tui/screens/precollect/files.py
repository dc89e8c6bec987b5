"""Start Files and Stop Files: what TSI was told, one file after the other, each with what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from bo_tui.rules.precollect import filestates, gate, stops
from bo_tui.rules.precollect.candidates import Candidates
from bo_tui.rules.precollect.stops import Upcoming
from bo_tui.screens.external.acknowledge import AcknowledgeDialog
from bo_tui.screens.external.files import FilesPage
from bo_tui.screens.precollect import startcreate, startcriteria, startwords, stopcreate
from bo_tui.screens.precollect.base import PrecollectPage
from bo_tui.screens.precollect.export import ExportDialog
from bo_tui.screens.precollect.filesource import START_COLUMNS, STOP_COLUMNS, PrecollectFileSource
from bo_tui.views import precollect
from bo_tui.views.files import Contents, FileRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Dialog

HELP = "precollections"


class _PrecollectFilesPage(PrecollectPage, FilesPage):
    """Create, look into, preview, export, mark sent, acknowledge; a subclass names its `kind` and says how one is created."""

    help_topic = HELP
    subject = "precollect_file"
    kind: ClassVar[str] = ""

    def make_source(self, practice: PracticeRow) -> PrecollectFileSource:
        return PrecollectFileSource(self.office, practice.id, self.kind)

    def own_actions(self) -> Sequence[PageAction]:
        look = self.on_row("look", self._bytes)
        return (
            PageAction("create", f"Create {self.kind.capitalize()} file", "C", self.create, self.with_practice(gate.ACTION),
                       short="Create"),
            *self.on_files(gate.ACTION),
            PageAction("contents", "Contents as a grid (Enter)", "O", self.contents, look),
        )  # fmt: skip

    def why_reason(self) -> str | None:
        return "A file has no rule to explain; Enter shows what is in it. The list of Create answers for its lines."

    # --- where files are kept ----------------------------------------------------------------------------------------

    def read_contents(self, row: FileRow) -> Contents:
        return precollect.contents(self.office, row.id)

    def unsent_before(self, row: FileRow) -> list[FileRow]:
        return precollect.unsent_before(self.office, self.practice.id, row.id)

    def record_sent(self, row: FileRow) -> None:
        filestates.mark_sent(self.office, row.id)

    def export_dialog(self, row: FileRow) -> Dialog:
        return ExportDialog(self.office, row)

    def acknowledge_dialog(self, row: FileRow) -> Dialog:
        return AcknowledgeDialog(self.office, row, filestates.acknowledge, help_topic=HELP)


class StartFilesPage(_PrecollectFilesPage):
    """The tab Start Files: lines that go to TSI."""

    tab = "start_files"
    kind = precollect.START
    columns = START_COLUMNS
    empty = "No Start file was made yet. Alt+C makes one of the lines that qualify."

    def create(self) -> None:
        """Alt+C: which practice, date of service and how many lines; then the lines themselves."""

        def listed(found: tuple[PracticeRow, startwords.Criteria, Candidates] | None) -> None:
            if found is None:
                return
            practice, criteria, candidates = found
            if practice != self.session.practice:
                self.session.practice = practice
                self._use_practice()
            dialog = startcreate.StartDialog(self.office, practice, criteria, candidates)
            self.app.push_screen(dialog, self._started)

        self.app.push_screen(startcriteria.CriteriaDialog(self.office, self.practice), listed)

    def _started(self, done: startwords.Done | None) -> None:
        if done is not None:
            files = done.started.files
            self.announce(startwords.said(done), files[-1].id if files else None)


class StopFilesPage(_PrecollectFilesPage):
    """The tab Stop Files: what happened since to what TSI has."""

    tab = "stop_files"
    kind = precollect.STOP
    columns = STOP_COLUMNS
    empty = "No Stop file was made yet. Alt+C makes one of what TSI must be told."

    def create(self) -> None:
        """Alt+C: what would be told, and what is left out."""
        practice = self.practice

        def ask(rows: list[Upcoming]) -> None:
            self.app.push_screen(stopcreate.CreateDialog(self.office, practice, rows), made)

        def made(done: stopcreate.Done | None) -> None:
            if done is not None:
                self.announce(stopcreate.said(done), done.files[-1].id)

        self.act(lambda: stops.upcoming(self.office, practice.id), ask)
