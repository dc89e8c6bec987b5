"""The rows of the Files tab as a grid shows them, with what is known of the copies on the disk."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui import dates, money
from bo_tui.office import Office
from bo_tui.rules.external.filestates import difference
from bo_tui.screens.external.keyedsource import KeyedSource
from bo_tui.views import files
from bo_tui.views.files import FileRow, Key
from bo_tui.widgets.gridmodel import Column, Row

COLUMNS: tuple[Column, ...] = (
    Column("agency", "Agency", 16, grow=True, min_width=9, priority=9),
    Column("file", "File", 7, priority=8),
    Column("created", "Created", 10, priority=5),
    Column("accounts", "Accounts", 8, align="right", priority=4),
    Column("lines", "Lines", 6, align="right", priority=3),
    Column("balance", "Balance", 12, align="right", priority=7),
    Column("state", "State", 12, priority=6),
    Column("acknowledged", "Acknowledged", 24, grow=True, min_width=14, priority=5),
)
RECORDS = {"start": "line", "stop": "record"}  # kinds of pre-collections files, and what their lines are
_STATE = next(at for at, column in enumerate(COLUMNS) if column.key == "state")
DIFFERS, MISSING, UNWRITTEN, GOOD = "copy differs", "copy missing", "not written", ""
COPY_WORDS = {
    DIFFERS: "THE COPY ON THE DISK NO LONGER HAS THE BYTES THAT WERE MADE: do not send it; export the file instead",
    MISSING: "there is no copy on the disk any more; export the file instead",
    UNWRITTEN: "its copy is not on the disk yet; the next file or night writes it",
}


class FileSource(KeyedSource[FileRow]):
    """One practice's agency files, filtered by agency; `copies` says what is wrong on the disk."""

    columns: Sequence[Column] = COLUMNS

    def __init__(self, office: Office, practice: int) -> None:
        super().__init__(office, practice)
        self.copies: dict[int, str] = {}

    def read_page(
        self, order: tuple[str, bool], key: Key | None, count: int, backward: bool
    ) -> list[tuple[Key, FileRow]]:
        """Where the rows come from; the files of Pre-Collections say otherwise."""
        return files.page(self.office, self.practice, order, key, count, backward, self.prefix)

    def read_at(self, row_id: int, sort: str) -> tuple[Key, FileRow] | None:
        """Where one row comes from."""
        return files.at(self.office, self.practice, row_id, sort, self.prefix)

    def count(self, limit: int) -> int:
        """How many files the filter shows."""
        return files.count(self.office, self.practice, limit, self.prefix)

    def check_copies(self, ids: Sequence[int]) -> None:
        """Look at the copies of some files on the disk, in a worker."""
        for file_id in ids:
            row = self.words.get(file_id)
            if row is not None:
                self.copies[file_id] = copy_state(self.office, row)

    def stale(self, row: Row) -> bool:
        """Whether a row was drawn before its copy was looked at."""
        return row.cells[_STATE] != self._state(self.words[row.id])

    def _state(self, row: FileRow) -> str:
        return self.copies.get(row.id) or row.state

    def cells(self, row: FileRow) -> tuple[str, ...]:
        return (
            row.agency,
            number(row),
            dates.iso(row.created),
            f"{row.accounts:,}",
            f"{row.lines:,}",
            money.shown(row.total),
            self._state(row),
            _acknowledged(row),
        )


def copy_state(office: Office, row: FileRow) -> str:
    """What is wrong with a file's copy on the disk, in the words of the State column; empty when nothing is."""
    if row.path is None:
        return GOOD
    if not row.written:
        return UNWRITTEN
    same = files.intact(office, row)
    return GOOD if same else MISSING if same is None else DIFFERS


def number(row: FileRow) -> str:
    """The file's number at its agency; `old`, as on Transactions, for what the agency had before the office started."""
    return "old" if row.kind == "earlier" else f"{row.sequence} upd" if row.kind == "update" else str(row.sequence)


def title(row: FileRow) -> str:
    """`First Bay, file 7`, `Start file 7` for pre-collections."""
    if row.kind in RECORDS:
        return f"{row.kind.capitalize()} file {row.sequence}"
    kind = "update file" if row.kind == "update" else "file"
    return f"{row.agency}, {'debt it had earlier' if row.kind == 'earlier' else f'{kind} {row.sequence}'}"


def rows_of(row: FileRow) -> str:
    """What a file's lines are."""
    word = RECORDS.get(row.kind, "update" if row.kind == "update" else "placement")
    return word if row.lines == 1 else f"{word}s"


def acknowledged(row: FileRow) -> str:
    """How what the agency acknowledged differs, and when it did: `-20.00 -1 acct 2026-11-21`, `agrees 2026-11-21`."""
    if row.acknowledged is None:
        return ""
    accounts = (row.acknowledged_accounts or 0) - row.accounts
    amount = (row.acknowledged_amount or 0) - row.total
    parts = [("+" if amount > 0 else "") + money.shown(amount)] if amount else []
    parts += [f"{accounts:+,} acct"] if accounts else []
    return f"{' '.join(parts) or 'agrees'} {dates.iso(row.acknowledged)}"


def _acknowledged(row: FileRow) -> str:
    """As `acknowledged`, for a column that has little room: without the year where it is the one in which the file was made."""
    words, year = acknowledged(row), f" {dates.iso(row.created)[:5]}"
    return words.replace(year, " ")


def compared(row: FileRow, accounts: int, amount: int) -> str:
    """In words, what was acknowledged (accounts, cents) against what the file holds."""
    words = difference(row.accounts, row.total, accounts, amount)
    return words.replace("The agency", "TSI") if row.kind in RECORDS else words


def sentence(row: FileRow, copy: str) -> str:
    """The line above the keys: what the file is, what became of it, and what is wrong with its copy."""
    if copy:
        return f"{title(row)}: {COPY_WORDS[copy]}."
    if row.kind == "earlier":
        return f"{title(row)}: loaded as already known to the agency; there is no file."
    parts = [f"{title(row)}, {row.file_type}, made {dates.iso(row.created)}"]
    parts += [f"sent {dates.iso(row.sent)}"] if row.sent is not None else []
    if row.acknowledged is not None:
        said = compared(row, row.acknowledged_accounts or 0, row.acknowledged_amount or 0)
        return f"{'; '.join(parts)}. {said}"
    return f"{'; '.join(parts)}; {row.path}"
