"""Print (Alt+P): an agency file as a page of text to preview, and from there as a PDF to a place of the operator's choice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bo_tui import dates, money
from bo_tui.office import Office
from bo_tui.rules.audit import Kept
from bo_tui.rules.external import filechoice
from bo_tui.screens.external import filesource
from bo_tui.screens.external.filecontents import FIRST, WIDEST, items, title_of
from bo_tui.screens.looking import RoleReason
from bo_tui.screens.page import own_connection
from bo_tui.text import counted
from bo_tui.views import practices
from bo_tui.views.files import Contents, FileRow
from bo_tui.widgets.dialogs import MessageDialog
from bo_tui.widgets.fields import TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.textpage import TextBar, TextPage

ROWS_IN_PREVIEW = 2_000
# what a sheet of paper shows besides FIRST where there is room; no birth dates, no addresses
FURTHER = ("patient_last", "patient_first", "PATIENTLASTNAME", "PATIENTFIRSTNAME", "original_amount", "payments", "adjustments",
           "new_balance", "guarantor", "date", "record_type", "TRANSACTION TYPE", "TRANSACTION DATE", "TRANSACTION AMOUNT",
           "NEW BALANCE", "TRANSMITTAL/REFERENCE NUMBER", "phone", "DEBTOR PHONE", "ssn", "DEBTOR SSN")  # fmt: skip


class PreviewPage(TextPage):
    """The file as text; Alt+P or F3 saves it as a PDF."""

    KEYS = "Esc back   F3 Save as PDF (Alt+P)   PgUp PgDn Home End"
    BINDINGS = [("f3,alt+p", "save", "Save as PDF"), ("f1", "app.help", "Help")]
    help_topic = "files"

    def __init__(self, office: Office, row: FileRow, found: Contents, copy: str, kept: Kept) -> None:
        super().__init__(f"Preview: {filesource.title(row)}", preview(row, found, copy))
        self.kept = kept  # what stands in the chain of looks once it is saved
        self.office = office
        self.row = row
        self.found = found
        self.copy = copy

    def action_save(self) -> None:
        """Ask where to; a role that may not export is told so."""
        refused = RoleReason.against(self.office, "export")
        if refused is not None:
            self.app.looks.refused(refused)  # type: ignore[attr-defined]  # the app of every screen is ours
            self.app.push_screen(MessageDialog("Save as PDF", refused))
            return

        def said(path: Path | None) -> None:
            if path is not None:
                list(self.query(TextBar))[-1].set(f"Saved as {path}")

        self.app.push_screen(PdfDialog(self.office, self.row, self.found, self.copy, self.kept), said)


class PdfDialog(FormDialog):
    """Where to; dismissed with the path that was written."""

    def __init__(self, office: Office, row: FileRow, found: Contents, copy: str, kept: Kept) -> None:
        self.office = office
        self.kept = kept
        self.row = row
        self.found = found
        self.copy = copy
        intro = (
            f"{filesource.title(row)} on paper, SSNs masked. It names people who owe money; only you can read it. "
            "Nothing that is there is overwritten."
        )
        field = TextField("target", "&To", f"~/{_name(row)}", required=True, hint="")
        super().__init__("Save as PDF", [field], intro=intro, ok="Save", help_topic="files")

    def save_values(self, values: dict[str, Any]) -> Path:
        return own_connection(self.office, lambda: self._print(values["target"]))

    def _print(self, target: str) -> Path:
        from bo_tui.formats import pdf

        content = pdf.render(sheet(self.office, self.row, self.found, self.copy, self.kept.practice))
        return filechoice.save(self.office, target, _name(self.row), content, self.kept)


def _name(row: FileRow) -> str:
    return (row.path or "file").rsplit("/", 1)[-1].rsplit(".", 1)[0] + ".pdf"


def facts(row: FileRow, copy: str) -> list[str]:
    """What is known of a file, a line each."""
    what, amounts = filesource.rows_of(row).capitalize(), "Amounts" if row.kind == "update" else "Balance"
    found = [
        f"Made {dates.iso(row.created)}, type {row.file_type}, state {row.state}"
        + (f", sent {dates.iso(row.sent)}" if row.sent is not None else ""),
        f"{what} {row.lines:,}   Accounts {row.accounts:,}   {amounts} {money.shown(row.total)}",
        f"Copy {row.path}" + (f" ({filesource.COPY_WORDS[copy]})" if copy else ""),
        f"SHA-256 {row.sha256}",
    ]
    if row.acknowledged is not None:
        found.insert(3, f"Acknowledged {filesource.acknowledged(row)}")
    return found


def sheet(office: Office, row: FileRow, found: Contents, copy: str, practice: int | None) -> Any:
    """The file as a `formats.pdf.Sheet`: the columns that matter on paper and hold something, all rows, the totals."""
    from bo_tui.formats.pdf import Column, Sheet

    cells = [item.cells for item in items(found)]
    named = {name: at for at, name in enumerate(found.columns)}
    used = [named[name] for name in (*FIRST, *FURTHER) if name in named]
    used = [at for at in dict.fromkeys(used) if any(line[at] for line in cells)]
    return Sheet(
        title=filesource.title(row),
        facts=(*_whose(office, practice), *facts(row, copy)),
        columns=tuple(Column(title_of(found.columns[at]), at in found.amounts) for at in used),
        rows=[[line[at] for at in used] for line in cells],
        totals=f"Total: {row.lines:,} {filesource.rows_of(row)} of {counted(row.accounts, 'account')}, {money.shown(row.total)}",
        printed=f"Printed {dates.iso(office.business_date)} by {office.actor.name}",
        order=tuple(sorted(range(len(used)), key=lambda at: (used[at] in found.amounts, used[at]))),
    )


def _whose(office: Office, practice: int | None) -> tuple[str, ...]:
    """The practice (by id) in words, for a sheet that may leave the office."""
    return tuple(f"Practice {one.name} ({one.code})" for one in practices.all_practices(office) if one.id == practice)


def preview(row: FileRow, found: Contents, copy: str) -> str:
    """The file as text: its facts, then a line for each row."""
    return "\n".join([f"# {filesource.title(row)}", *facts(row, copy), "", "```", *_table(found), "```"])


def _table(found: Contents) -> list[str]:
    chosen = [found.columns.index(name) for name in FIRST if name in found.columns][:5]
    chosen.sort(key=lambda at: (at in found.amounts, at))
    rows = [item.cells for item in items(found)]
    shown = rows[:ROWS_IN_PREVIEW]
    widths = [min(WIDEST, max([len(title_of(found.columns[at])), *(len(row[at]) for row in shown)])) for at in chosen]

    def line(cells: list[str]) -> str:
        parts = []
        for at, width, cell in zip(chosen, widths, cells, strict=True):
            parts.append(cell[:width].rjust(width) if at in found.amounts else cell[:width].ljust(width))
        return "  ".join(parts).rstrip()

    lines = [line([title_of(found.columns[at]) for at in chosen]), line(["-" * width for width in widths])]
    lines += [line([row[at] for at in chosen]) for row in shown]
    if len(rows) > len(shown):
        lines.append(f"... and {len(rows) - len(shown):,} more rows")
    return lines
