"""Reading office CSV files: what any spreadsheet writes is read back as it was, and the declarations are CONTRACT's."""

from __future__ import annotations

import csv
import tracemalloc
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bo_tui import dates
from bo_tui.errors import Problem
from bo_tui.formats.office import LAYOUTS, OfficeFile

COLUMNS = {
    "practices": "practice! name! uses_accounting_dates closed_through four_eyes_limit precollections_enrolled"
    " tsi_client_number tsi_ssn",
    "agencies": "agency! address1! address2 city state zip! contact phone phone_ext fax fax_ext email file_type! ssn remits"
    " baa_date client_number",
    "assignments": "practice! agency! balance_greater_than age_greater_than auto_approve auto_create_file max_lines"
    " max_amount client_number",
    "external_rules": "practice! payment_within_days payment_minimum payment_percent account_level roll_returned_mail"
    " auto_reassign re_age_if_denied move_all_by_dos",
    "precollection_rules": "practice! balance_greater_than days_past_due payment_minimum payment_percent payment_within_days"
    " thank_you exclude_excol exclude_statement_hold auto_create_start auto_create_stop",
    "transaction_codes": "practice code! description! direction! active",
    "accounts": "practice! account! last first middle organization date_of_birth ssn address1 address2 city state zip phone"
    " phone2 email returned_mail hold_statements suspend_precollection",
    "holds": "practice! account! line kind! since! until reason!",
    "service_lines": "practice! account! line! case patient_last patient_first patient_date_of_birth relationship"
    " date_of_service! procedure description fee! responsibility! responsible_since posted accounting_date",
    "transactions": "id practice! line! code! transaction_code amount! posted! accounting_date number note",
    "placements": "practice! line! agency! placed! amount! client_reference in_file",
    "precollections": "practice! line! started! amount! pre_collection_id",
}


@pytest.mark.parametrize("name", COLUMNS)
def test_the_columns_are_those_of_the_contract(name: str) -> None:
    declared = [f"{column.name}{'!' * column.required}" for column in LAYOUTS[name].columns]
    assert " ".join(declared) == COLUMNS[name]


def _read(path: Path, name: str = "accounts") -> tuple[list[dict[str, Any]], list[Problem]]:
    problems: list[Problem] = []
    layout = LAYOUTS[name]
    names = [column.name for column in (*layout.columns, *layout.derived)]
    source = OfficeFile(path, layout, problems.append)
    return [dict(zip(names, values, strict=True)) | {"row": row} for row, values in source.rows()], problems


words = st.text(st.characters(exclude_categories=("Cc", "Cs")), max_size=20).map(str.strip)
accounts = st.fixed_dictionaries(
    {"practice": words.filter(bool), "account": words.filter(bool), "last": words.filter(bool)},
    optional={
        "first": words, "city": words, "organization": words,
        "date_of_birth": st.integers(-25_000, 20_000).map(dates.iso), "returned_mail": st.sampled_from(["yes", "no", ""]),
    },
)  # fmt: skip


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(accounts, min_size=1, max_size=5),
    order=st.randoms(),
    bom=st.booleans(),
    quoting=st.sampled_from([0, 1]),
)
def test_what_is_written_is_read(
    tmp_path: Path, rows: list[dict[str, str]], order: Any, bom: bool, quoting: int
) -> None:
    columns = ["practice", "account", "last", "first", "city", "organization", "date_of_birth", "returned_mail"]
    order.shuffle(columns)
    path = tmp_path / "accounts.csv"
    with path.open("w", encoding="utf-8-sig" if bom else "utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, columns, quoting=quoting)
        writer.writeheader()
        writer.writerows(rows)
    found, problems = _read(path)
    assert problems == []
    assert [row["row"] for row in found] == list(range(2, len(rows) + 2))
    for was, now in zip(rows, found, strict=True):
        for name in ("practice", "account", "last", "first", "city", "organization"):
            assert now[name] == (was.get(name) or None)
        assert dates.iso(now["date_of_birth"]) == was.get("date_of_birth", "")
        assert now["returned_mail"] == int(was.get("returned_mail") == "yes")


def test_amounts_flags_and_percentages(tmp_path: Path) -> None:
    path = tmp_path / "external_rules.csv"
    path.write_text('practice,payment_within_days,payment_minimum,payment_percent\nA,30,5,12.5\nB,30,"1,000.00",0.00\n')
    (one, two), problems = _read(path, "external_rules")
    assert problems == []
    assert (one["payment_within_days"], one["payment_minimum"], one["payment_percent"]) == (30, 500, 1250)
    assert (two["payment_minimum"], two["payment_percent"], two["account_level"]) == (100000, 0, 0)


@pytest.mark.parametrize(
    ("cells", "problem"),
    [
        ("A,30,5.00,100.01", ("payment_percent", "100.01 is above 100")),
        ("A,0,5.00,", ("payment_within_days", "is not above zero")),
        ("A,-1,5.00,", ("payment_within_days", "-1 is not a whole number such as 45")),
        (
            "A,30,0.00,0",
            ("payment_minimum", "payment_minimum or payment_percent above zero is required when days are given"),
        ),
        ("A,,,5", ("payment_within_days", "is required when payment_percent is given")),
    ],
)
def test_a_payment_bar_needs_days_and_an_amount(tmp_path: Path, cells: str, problem: tuple[str, str]) -> None:
    path = tmp_path / "external_rules.csv"
    path.write_text(f"practice,payment_within_days,payment_minimum,payment_percent\n{cells}\n")
    _, problems = _read(path, "external_rules")
    assert [(each.row, each.column, each.reason) for each in problems] == [(2, *problem)]


def test_a_payment_bar_may_be_empty_or_zero(tmp_path: Path) -> None:
    path = tmp_path / "external_rules.csv"
    path.write_text("practice,payment_within_days,payment_minimum,payment_percent\nA,,,\nB,,0.00,\nC,1,0.01,\n")
    rows, problems = _read(path, "external_rules")
    assert (len(rows), problems) == (3, [])


@pytest.mark.parametrize(
    ("cells", "balance"),
    [("A,B,99.00,45", 9900), ("A,B,0.00,0", 0), ("A,B,,45", 0), ("A,B,,", None)],
)
def test_thresholds_may_be_zero_and_an_age_alone_means_any_balance(
    tmp_path: Path, cells: str, balance: int | None
) -> None:
    path = tmp_path / "assignments.csv"
    path.write_text(f"practice,agency,balance_greater_than,age_greater_than\n{cells}\n")
    (row,), problems = _read(path, "assignments")
    assert (row["balance_greater_than"], problems) == (balance, [])


def test_a_hold_may_end_on_the_day_that_it_begins(tmp_path: Path) -> None:
    path = tmp_path / "holds.csv"
    path.write_text(
        "practice,account,kind,since,until,reason\nA,1,manual,2026-01-02,2026-01-02,x\nA,1,manual,2026-01-02,2026-01-01,x\n"
    )
    rows, problems = _read(path, "holds")
    assert [row["row"] for row in rows] == [2]
    assert [(each.row, each.column) for each in problems] == [(3, "until")]


def test_a_row_with_several_wrong_cells_names_each(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    path.write_text("practice,account,last,returned_mail,date_of_birth\nA,,x,perhaps,never\n")
    _, problems = _read(path)
    assert [each.column for each in problems] == ["account", "date_of_birth", "returned_mail"]


def test_one_endless_line_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "accounts.csv"
    with path.open("w") as stream:
        stream.write("practice,account,last\nA,1,")
        for _ in range(40):
            stream.write("x" * 1_000_000)
    tracemalloc.start()
    _, problems = _read(path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [(each.row, each.column) for each in problems] == [(2, "last")]
    assert peak < 20_000_000
