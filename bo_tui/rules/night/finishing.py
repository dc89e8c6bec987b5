"""The last steps of a night: agency files and updates, their copies on the disk, and the check of what the night touched.

What makes and writes files is imported only where there is a file to make or to write: most nights of most practices have none.
"""

from __future__ import annotations

from bo_tui.db import outbox
from bo_tui.db.tables import Act, AgencyFile
from bo_tui.errors import Refusal
from bo_tui.office import NIGHT
from bo_tui.rules import checking
from bo_tui.rules.external.terms import automatic
from bo_tui.rules.night.progress import Night, StepState

LISTED = 200  # accounts that lack something, named one by one in the report


class CheckFailed(Refusal):
    """The night's check found something (1)."""

    exit_code = 1


def files(night: Night, state: StepState) -> None:
    """Make the files of agencies that have them made automatically, and write every copy that is missing on the disk."""
    _write_agency_copies(night)
    agencies = _automatic(night)
    if "lacking" not in state.detail:  # kept before a file is made: a placement in a file is asked about no more
        lacking = _lacking(night, agencies)
        state.detail |= {
            "lacking": lacking[:LISTED],
            "lacking_count": len(lacking),
            "unsigned": _unsigned(night, agencies),
        }
        night.keep(state)
    if agencies:
        from bo_tui.rules.external import files as agency_files

        agency_files.make_night_files(night.office, night.practice.id)
        _write_agency_copies(night)
    state.count, state.amount = totals(night, "placement")
    night.finish(state)


def _automatic(night: Night) -> list[int]:
    with night.office.reading():
        return automatic(night.practice.id, night.day)


def _lacking(night: Night, agencies: list[int]) -> list[tuple[int, str, list[str]]]:
    """(agency, account, words) for what the accounts of the files to be made lack."""
    if not agencies:
        return []
    from bo_tui.rules.external import files as agency_files

    return [
        (agency, account, words)
        for agency in agencies
        for account, words in agency_files.lacking(night.office, night.practice.id, agency)
    ]


def _unsigned(night: Night, signed: list[int]) -> list[int]:
    """The agencies whose files the night would make, if their business-associate agreement were in force."""
    wanted = [row.agency for row in night.terms().assignments if row.auto_create_file]
    return [agency for agency in wanted if agency not in signed]


def updates(night: Night, state: StepState) -> None:
    """Tell agencies that have their files made automatically what became of the debt in them, and write the copies."""
    if _automatic(night):
        from bo_tui.rules.external import updates as agency_updates

        agency_updates.make_night_updates(night.office, night.practice.id)
        _write_agency_copies(night)
    state.count, state.amount = totals(night, "update")
    night.finish(state)


def write_copies(night: Night) -> None:
    """Write what is missing on the disk, of any run; for a night that was finished before."""
    _write_agency_copies(night)
    if outbox.any_unwritten(night.office.store, outbox.PRECOLLECTIONS):
        from bo_tui.rules.precollect import files as precollect_files

        precollect_files.write_copies(night.office)


def _write_agency_copies(night: Night) -> None:
    if outbox.any_unwritten(night.office.store, outbox.AGENCY_FILES):
        from bo_tui.rules.external import outgoing

        outgoing.write_copies(night.office)


def made(night: Night) -> list[AgencyFile]:
    """The files that this night made, in order."""
    with night.office.reading():
        query = AgencyFile.select().join(Act, on=(Act.id == AgencyFile.made_act))
        mine = (AgencyFile.practice == night.practice.id) & (AgencyFile.business_date == night.day)
        return list(query.where(mine & (Act.actor == NIGHT)).order_by(AgencyFile.id))


def totals(night: Night, kind: str) -> tuple[int, int]:
    """Placements, or updates, and cents in the files of a kind that this night made."""
    files = [file for file in made(night) if file.kind == kind]
    return sum(file.count for file in files), sum(file.total for file in files)


def check(night: Night, state: StepState) -> None:
    """Check the acts since the last verified one and the lines they touched; CheckFailed names the first finding."""
    findings = checking.check_new(night.office.store, night.practice.id)
    state.count = len(findings)
    if findings:
        raise CheckFailed(f"The check found {len(findings)}: {findings[0].sentence}")
    night.finish(state)
