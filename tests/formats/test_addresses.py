"""The results of an address service: what a made-up file of all kinds says, and what is refused, row by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui import dates
from bo_tui.errors import Problem
from bo_tui.formats import addresses
from bo_tui.formats.addresses import codes

GOLDEN = Path(__file__).parent / "golden" / "addresses.csv"


def read(content: bytes) -> tuple[list[addresses.Result], list[str]]:
    """The good rows, and the refused ones as sentences."""
    problems: list[Problem] = []
    rows = list(addresses.results(content, "x.csv", problems.append))
    return rows, [str(problem) for problem in problems]


def test_a_file_of_all_kinds() -> None:
    rows, problems = read(GOLDEN.read_bytes())
    assert problems == []
    first = rows[0]
    assert (first.row, first.record_id, first.account, first.practice) == (2, "K-0001", "100231", None)
    assert first.old == ("12 OAK ST", None, "MADISON", "WI", "53703-1201")
    assert first.new == ("40 LAKE AVE", "APT 2", "CHICAGO", "IL", "60601-2210")
    assert (first.move_type, first.moved, first.return_code) == ("F", dates.parse("2026-09-01"), "A")
    said = [codes.words(row.return_code, row.undeliverable, any(row.new)) for row in rows]
    assert said == [
        "moved",
        "moved",
        "returned: no change of address",  # the load does not take it for returned mail
        "returned: moved, left no address",
        "returned: vacant",
        "returned: Dog on the porch",
        "moved, unit not in the list",
    ]
    assert [row.return_code for row in rows] == ["A", "A", "00", "02", None, None, "92"]
    assert [row.move_type for row in rows] == ["F", "I", None, "I", None, None, "B"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (
            "account,new_adress1\nA,1 Main\n",
            "x.csv row 1, new_adress1: is not a column of x.csv; did you mean new_address1?",
        ),
        ("undeliverable\nV\n", "x.csv row 1, account: is required and not in the header"),
        ("account,account\n", "x.csv row 1, account: stands twice in the header"),
        ("account,undeliverable\n,V\n", "x.csv row 2, account: is required"),
        (
            "account,undeliverable\nA,\n",
            "x.csv row 2, new_address1: neither a new address, a return code nor an undeliverable reason is given",
        ),
        ("account,new_zip\nA,1234\n", "x.csv row 2, new_zip: 1234 is not five digits, or nine as in 54007-1234"),
        (
            "account,return_code\nA,21\n",
            "x.csv row 2, return_code: 21 is none of NCOALink's return codes, such as A, 00 or 02",
        ),
        (
            "account,return_code,move_date\nA,00,9/1/26\n",
            "x.csv row 2, move_date: 9/1/26 is not a date such as 2026-11-21",
        ),
        (
            "account,undeliverable,move_type\nA,V,firm\n",
            "x.csv row 2, move_type: firm is none of I, F, B (individual, family, business)",
        ),
        (f"account,undeliverable\nA,{'x' * 61}\n", "x.csv row 2, undeliverable: has more than 60 characters"),
        ("account,undeliverable\nA,V,V\n", "x.csv row 2: has 3 cells, the header has 2"),
        ("account,undeliverable\nA,\x1b[2J\n", "x.csv row 2, undeliverable: holds a control character (U+001B)"),
        ("", "x.csv row 1: has no header row"),
    ],
)
def test_refusals(text: str, problem: str) -> None:
    assert read(text.encode()) == ([], [problem])


def test_other_encodings_are_named() -> None:
    assert read("account,new_city,undeliverable\nA,Zürich,\n".encode("latin-1"))[1] == [
        "x.csv row 2, new_city: holds bytes that are not UTF-8"
    ]
