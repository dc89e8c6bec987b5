"""What a night's report says beside its figures."""

from __future__ import annotations

import pytest

from bo_tui.cli.nightly import print_report
from bo_tui.db.tables import Agency
from bo_tui.errors import InputOutput
from bo_tui.office import Office
from bo_tui.rules import nightly
from bo_tui.rules.night import finishing
from tests import acting, making


def test_an_agency_without_an_agreement_is_named_and_what_its_accounts_lack_is_not(
    office: Office, capsys: object
) -> None:
    agency = making.make_agency(
        office, balance_greater_than=99_00, age_greater_than=45, auto_approve=True, auto_create_file=True
    )
    Agency.update(baa_date=None).where(Agency.id == agency).execute()
    acting.a_line(office, "L1", 200_00)
    with nightly.nights(office, "LAKE", pause=0) as reports:
        (report,) = list(reports)
    assert report.unsigned == ["First Bay"]
    assert (report.files, report.lacking) == ([], [])
    print_report(report)
    out = capsys.readouterr().out  # type: ignore[attr-defined]
    assert "First Bay: no file was made, because no business-associate agreement is in force." in out


def test_a_disk_that_fails_a_finished_night_is_reported_and_keeps_nobody_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    with nightly.nights(office, "LAKE", pause=0) as reports:
        assert [report.status for report in reports] == ["done"]

    def full(night: object) -> None:
        raise InputOutput("The disk is full.")

    monkeypatch.setattr(finishing, "write_copies", full)
    with nightly.nights(office, "LAKE", pause=0) as reports:
        (report,) = list(reports)
    assert (report.status, report.exit_code, report.message) == ("failed", 74, "The disk is full.")
