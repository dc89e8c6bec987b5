"""Import: a folder of CSV files into the office, all or nothing (CONTRACT, Office CSV; DESIGN section 7)."""

from __future__ import annotations

from pathlib import Path

from bo_tui.db.staging import staging
from bo_tui.errors import WrongUsage
from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.importing.checks import check
from bo_tui.rules.importing.folder import stage_office
from bo_tui.rules.importing.load import head, load
from bo_tui.rules.importing.stage import Progress, Stage
from bo_tui.rules.importing.summary import FileCount, Summary, summarize
from bo_tui.rules.importing.synthea import stage_synthea

OFFICE, SYNTHEA = "office", "synthea"
SOURCES = (OFFICE, SYNTHEA)

__all__ = ["SOURCES", "FileCount", "Summary", "import_folder"]


def import_folder(
    office: Office,
    folder: Path,
    source: str = OFFICE,
    *,
    practice: str | None = None,
    update: bool = False,
    hold_back_payments: bool = False,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> Summary:
    """Read, check and load a folder; the store is locked only while it is loaded, and not at all by a dry run.

    `practice`: of an office's folder, only its rows; of Synthea's, the practice to load into. Raises NoInput (66) for a folder
    without files, BadInput (65) with the refused rows, NotAllowed (77), WrongUsage (64).
    """
    roles.require(office, "import")
    if source not in SOURCES:
        raise WrongUsage(f"{source} is none of {', '.join(SOURCES)}.")
    with staging(office.store) as db:
        stage = Stage(db, progress)
        if source == OFFICE:
            if hold_back_payments:
                raise WrongUsage("--hold-back-payments belongs to --from synthea.")
            stage_office(stage, folder, practice)
        else:
            stage_synthea(stage, folder, practice, hold_back_payments)
        seen = head()
        check(stage, office.business_date, update)
        summary = summarize(stage, dry_run)
        if not dry_run:
            load(office, stage, seen, update)
    return summary
