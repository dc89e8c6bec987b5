"""Reports: their figures, their three forms, and that opening, movements and closing always meet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable

import pytest
from click.testing import Result

from bo_tui import dates
from bo_tui.cli.report import _print_csv
from bo_tui.db.tables import Entry
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger, operators
from bo_tui.rules.codes import AGENCY_PAYABLE, CASH, COMMISSION, EXT
from bo_tui.rules.external import reverse
from bo_tui.views.reports import REPORTS, Asked, Column, Report
from bo_tui.views.reports.base import COUNT, ID, MONEY
from tests import making

Run = Callable[..., Result]


@pytest.fixture
def worked(office: Office) -> Office:
    """Lines of 0, 30, 31, 90, 91, 120 and 121 days, a credit, one placed with a payment and its commission."""
    agency = making.make_agency(office)
    account = making.make_account(office, "A1", guarantor="=Smith, Ana")
    for number, age in enumerate((0, 30, 31, 90, 91, 120, 121), 1):
        making.make_line(office, account, f"L{number}", number * 100, age=age)
    other = making.make_account(office, "A2", guarantor="Jones, Bo")
    credit = making.make_line(office, other, "C1", 50_00, age=10)
    making.pay(office, credit, 60_00, days_ago=5)
    making.make_line(office, other, "I1", 70_00, responsibility="insurance", aging_date=None, responsible_since=None)
    placed = making.make_line(office, other, "P1", 480_00, age=60)
    placement = making.place(office, placed, agency)
    with office.act("payment", making.PRACTICE) as draft:
        paid = making.placement_entry(draft, "EPYMT", (CASH, EXT), 125_00, placement)
        ledger.write(draft, "ECOMM", (COMMISSION, AGENCY_PAYABLE), 31_25, line=placed, placement=placement, parent=paid)
        ledger.settle(draft)
        ledger.seal(draft)
    making.make_file(office, agency)
    return office


def rows(bo: Run, *arguments: str) -> list[dict[str, str]]:
    done = bo("report", *arguments, "--json")
    assert done.exit_code == 0, done.output
    return json.loads(done.stdout)


def test_aging_puts_both_ends_of_each_bucket_in_place(worked: Office, bo: Run) -> None:
    first, second = rows(bo, "aging")
    assert first == {
        "practice": "LAKE", "account": "A1", "guarantor": "=Smith, Ana", "0-30": "3.00", "31-60": "3.00",
        "61-90": "4.00", "91-120": "11.00", "121+": "7.00", "total": "28.00",
    }  # fmt: skip
    assert (second["account"], second["0-30"], second["total"]) == ("A2", "-10.00", "-10.00")


def test_aging_on_another_day_moves_the_buckets(worked: Office, bo: Run) -> None:
    assert rows(bo, "aging", "--date", dates.iso(making.DAY + 1))[0]["31-60"] == "5.00"


def test_rollforward_meets_the_balances(worked: Office, bo: Run) -> None:
    found = {(row["book"], row["item"]): row["amount"] for row in rows(bo, "rollforward")}
    assert found["EXT", "EXCOL"] == "480.00"
    assert found["EXT", "EPYMT"] == "-125.00"
    assert found["EXT", "closing"] == "355.00"
    assert found["AR", "closing"] == "88.00"
    assert ("EXT", "ECOMM") not in found
    whole = rows(bo, "rollforward", "--since", "2000-01-01")
    assert {(row["book"], row["item"]): row["amount"] for row in whole}["AR", "opening"] == "0.00"
    early = rows(bo, "rollforward", "--since", "2000-01-01", "--date", dates.iso(making.DAY - 6))
    assert {(row["book"], row["item"]): row["amount"] for row in early}["EXT", "closing"] == "0.00"


@pytest.mark.parametrize("back", [0, 1, 5, 6, 60, 200])
def test_opening_and_movements_make_the_closing(worked: Office, bo: Run, back: int) -> None:
    found = rows(bo, "rollforward", "--since", dates.iso(making.DAY - back))
    for book in ("AR", "EXT"):
        cents = [round(float(row["amount"]) * 100) for row in found if row["book"] == book]
        assert sum(cents[:-1]) == cents[-1]


def test_a_rollforward_that_does_not_add_up_is_a_defect(worked: Office, bo: Run) -> None:
    worked.store.use().execute_sql("UPDATE service_line SET ar = ar + 1 WHERE number = 'L1'")
    done = bo("report", "rollforward")
    assert done.exit_code == 70
    assert "AR does not add up" in done.stderr


def test_agencies_sum_what_was_placed_and_collected(worked: Office, bo: Run) -> None:
    assert rows(bo, "agencies") == [
        {
            "practice": "LAKE", "agency": "First Bay", "placements": 1, "placed": "480.00", "collected": "125.00",
            "commission": "31.25", "net": "93.75", "percent": "26.04", "balance": "355.00", "adjusted": "0.00",
            "recalled": "0.00", "reassigned": "0.00", "elsewhere": "0.00", "by_others": "0.00",
        }
    ]  # fmt: skip
    (later,) = rows(bo, "agencies", "--since", dates.iso(making.DAY + 1), "--date", dates.iso(making.DAY + 1))
    assert (later["placements"], later["placed"], later["percent"]) == (0, "0.00", None)


def test_money_that_comes_back_to_a_placement_is_not_another_placement(office: Office, bo: Run) -> None:
    line = making.make_line(office, making.make_account(office), "L1", 100_00, age=60)
    making.pay(office, line, 30_00)
    making.place(office, line, making.make_agency(office))
    paid = Entry.get(Entry.code == "GPYMT").id
    reverse.reverse(office, paid, "bounced")
    (row,) = rows(bo, "agencies")
    assert (row["placements"], row["placed"], row["balance"]) == (1, "100.00", "100.00")


def test_placements_and_entries_print_the_ids_that_commands_ask_for(worked: Office, bo: Run) -> None:
    (placement,) = rows(bo, "placements")
    entries = {row["entry"]: row for row in rows(bo, "entries")}
    assert entries[placement["placement"]]["code"] == "EXCOL"
    assert (placement["balance"], placement["file"], placement["closed"]) == ("355.00", 1, None)
    assert [row["code"] for row in entries.values()][-2:] == ["EPYMT", "ECOMM"]
    assert rows(bo, "entries", "--since", dates.iso(making.DAY), "--date", dates.iso(making.DAY)) != []
    assert rows(bo, "placements", "--date", dates.iso(making.DAY - 1)) == []


def test_files_and_runs(worked: Office, bo: Run) -> None:
    (file,) = rows(bo, "files")
    assert (file["sequence"], file["count"], file["state"]) == (1, 1, "created")
    assert rows(bo, "runs") == []
    control = '{"queued": [1, 500], "too_young": [2, 700], "failed": [0, 0], "candidates": [3, 1200]}'
    worked.store.use().execute_sql(
        "INSERT INTO run (practice, business_date, status, control, started_at) VALUES (1, ?, 'done', ?, 'x')",
        (making.DAY, control),
    )
    (run,) = rows(bo, "runs")
    assert (run["candidates"], run["queued_amount"], run["excluded"], run["excluded_amount"]) == (3, "5.00", 2, "7.00")


def test_pending_lists_what_waits(worked: Office, bo: Run) -> None:
    assert rows(bo, "pending") == []
    with worked.act("add", making.PRACTICE) as draft:
        worked.store.db.execute_sql(
            "INSERT INTO pending (practice, account, line, agency, amount, age, source, because, queued, queued_act, act)"
            " VALUES (1, 1, 7, 1, 700, 121, 'add', 'operator', ?, ?, ?)",
            (making.DAY, draft.id, draft.id),
        )
        ledger.seal(draft)
    (row,) = rows(bo, "pending")
    assert (row["line"], row["amount"], row["age"], row["because"]) == ("L7", "7.00", 121, "operator")


def test_csv_cannot_become_a_formula_and_keeps_amounts_plain(worked: Office, bo: Run) -> None:
    text = bo("report", "aging", "--csv").stdout
    found = list(csv.DictReader(io.StringIO(text)))
    assert found[0]["guarantor"] == "'=Smith, Ana"
    assert found[1]["total"] == "-10.00"


def test_numbers_below_zero_stay_numbers_in_csv(capsys: pytest.CaptureFixture[str]) -> None:
    columns = Column("accounts_differ", COUNT), Column("amount", MONEY), Column("note"), Column("file", ID)
    _print_csv(Report("differences", "", columns, lambda asked: iter(())), iter([("LAKE", -3, -5, "-3", 7)]))
    assert capsys.readouterr().out.splitlines()[1] == "LAKE,-3,-0.05,'-3,7"


def test_a_table_has_totals_and_hides_the_only_practice(worked: Office, bo: Run) -> None:
    lines = bo("report", "aging").stdout.splitlines()
    assert lines[0].split()[:2] == ["Account", "Guarantor"]
    assert lines[-1].split()[0] == "Total"
    assert lines[-1].split()[-1] == "18.00"


@pytest.mark.parametrize("name", sorted(REPORTS))
@pytest.mark.parametrize("form", [(), ("--csv",), ("--json",)])
def test_every_report_of_an_empty_office(bo: Run, name: str, form: tuple[str, ...]) -> None:
    done = bo("report", name, *form)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize("name", sorted(REPORTS))
def test_every_row_fits_its_columns(worked: Office, name: str) -> None:
    report = REPORTS[name]
    with worked.reading():
        for row in report.rows(Asked(worked, making.PRACTICE, None, making.DAY)):
            assert len(row) == len(report.columns)


def test_what_a_night_ahead_made_is_listed_unless_a_date_ends_the_list(office: Office, bo: Run) -> None:
    today = dates.today()
    line = making.make_line(office, making.make_account(office), "L1", 100_00)
    making.place(office.on(today + 3), line, making.make_agency(office))
    assert [row["line"] for row in rows(bo, "placements")] == ["L1"]
    assert [row["placements"] for row in rows(bo, "agencies", "--since", dates.iso(today))] == [1]
    assert rows(bo, "placements", "--date", dates.iso(today)) == []


def test_what_is_refused(worked: Office, bo: Run) -> None:
    assert bo("report", "nothing").exit_code == 64
    assert bo("report", "aging", "--csv", "--json").exit_code == 64
    assert bo("report", "aging", "--practice", "NOPE").exit_code == 65
    assert bo("report", "aging", "--date", "2026-02-30").exit_code == 64
    assert bo("report", "entries", "--since", "2026-11-21", "--date", "2026-11-20").exit_code == 64


def test_options_narrow_the_reports_that_take_them(worked: Office, bo: Run) -> None:
    """Each name is checked, and the month's last day belongs to it."""
    commission = rows(bo, "entries", "--book", "commission", "--agency", "First Bay", "--operator", "ana")
    assert [(row["code"], row["agency"], row["payer"]) for row in commission] == [("ECOMM", "First Bay", None)]
    assert rows(bo, "entries", "--operator", "night") == []
    month = dates.iso(making.DAY)[:7]
    assert [row["code"] for row in rows(bo, "entries", "--placed", month, "--code", "epymt")] == ["EPYMT"]
    assert rows(bo, "entries", "--placed", "2026-10") == []
    (found,) = rows(bo, "scoreboard", "--by", "accounting", "--agency", "First Bay")
    assert (found["month"], found["placements"], found["percent"], found["open"]) == (
        f"{month}-01",
        1,
        "26.04",
        "355.00",
    )
    assert [row["amount"] for row in rows(bo, "deposits")] == ["125.00"]
    assert rows(bo, "deposits", "--date", dates.iso(making.DAY - 1)) == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (("aging", "--agency", "First Bay"), 64, "The report aging does not take --agency."),
        (("agencies", "--operator", "ana"), 64, "The report agencies does not take --operator."),
        (("entries", "--agency", "Nobody"), 65, "There is no agency Nobody."),
        (("entries", "--operator", "zoe"), 65, "There never was an operator zoe."),
        (("entries", "--placed", "2026-13"), 64, "'2026-13' is not a month such as 2026-03."),
        (("entries", "--code", "XXXXX"), 64, "XXXXX"),
        (("rollforward", "--by", "mood"), 64, "mood"),
    ],
)
def test_an_option_that_does_not_fit(worked: Office, bo: Run, arguments: tuple[str, ...], code: int, says: str) -> None:
    done = bo("report", *arguments)
    assert (done.exit_code, done.stdout) == (code, "")
    assert says in done.stderr


def test_the_service_role_prints_no_reports(worked: Office, bo: Run) -> None:
    operators.add(worked, "ben", "administrator")
    operators.change_role(worked.by(Actor("ben", "administrator")), "ana", "service")
    assert bo("report", "aging").exit_code == 77


def test_a_long_table_streams_in_the_widths_of_its_first_rows(capsys: pytest.CaptureFixture[str]) -> None:
    from bo_tui.cli import common

    common.print_table(
        [common.Column("Id", right=True), common.Column("Name")], ((n, "x\x1b") for n in range(common._FIRST_ROWS + 2))
    )
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == common._FIRST_ROWS + 4
    assert lines[-1] == f"{common._FIRST_ROWS + 1:>4}  x·"
