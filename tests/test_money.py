"""Money: cents in, text out, and nothing in between."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_tui import money

CENTS = st.integers(1 - money.LARGEST, money.LARGEST - 1)


@pytest.mark.parametrize(
    ("text", "cents"),
    [
        ("0", 0), ("0.00", 0), ("-0", 0), ("5", 500), ("123.45", 12345), ("123.4", 12340), ("1,234.50", 123450),
        ("-5", -500), ("+5.01", 501), (" 7.10 ", 710), ("1,000,000", 100_000_000), ("00012.00", 1200),
        ("99999999999.99", 9_999_999_999_999),
    ],
)  # fmt: skip
def test_amounts_that_are_read(text: str, cents: int) -> None:
    assert money.parse(text) == cents


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "is not an amount"), ("x", "is not an amount"), ("1.2.3", "is not an amount"), (".5", "is not an amount"),
        ("5.", "is not an amount"), ("1e3", "is not an amount"), ("NaN", "is not an amount"), ("1,23", "is not an amount"),
        ("12,34.00", "is not an amount"), ("$5", "is not an amount"), ("٣", "is not an amount"), ("--5", "is not an amount"),
        ("1.005", "fractions of a cent"), ("1.000", "fractions of a cent"), ("100000000000", "too large"),
    ],
)  # fmt: skip
def test_amounts_that_are_refused_with_a_reason(text: str, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        money.parse(text)


@given(CENTS)
def test_what_is_written_is_read_back(cents: int) -> None:
    assert money.parse(money.plain(cents)) == cents
    assert money.parse(money.shown(cents)) == cents


def test_how_amounts_look() -> None:
    assert [money.plain(cents) for cents in (0, 5, -5, 123450, -100)] == ["0.00", "0.05", "-0.05", "1234.50", "-1.00"]
    assert (money.shown(123456789), money.shown(-100000), money.shown(None)) == ("1,234,567.89", "-1,000.00", "")


@pytest.mark.parametrize(
    ("text", "hundredths"), [("10", 1000), ("12.5", 1250), ("12.5%", 1250), (" 0 ", 0), ("100%", 10000)]
)
def test_percentages(text: str, hundredths: int) -> None:
    assert money.parse_percent(text) == hundredths


@pytest.mark.parametrize("text", ["-1", "x", "", "1.005", "%"])
def test_percentages_that_are_refused(text: str) -> None:
    with pytest.raises(ValueError):
        money.parse_percent(text)


def test_shares_round_half_up() -> None:
    assert money.share(100_00, 25_00) == 25_00
    assert money.share(1, 50_00) == 1  # half a cent
    assert money.share(1, 49_99) == 0
    assert money.share(99, 10_00) == 10


def test_proportions_round_half_up() -> None:
    assert money.proportion(31_25, 60_00, 125_00) == 15_00
    assert money.proportion(1, 1, 2) == 1
    assert money.proportion(1, 1, 3) == 0


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.data())
def test_a_proportion_never_exceeds_the_whole(cents: int, whole: int, data: st.DataObject) -> None:
    part = data.draw(st.integers(0, whole))
    assert 0 <= money.proportion(cents, part, whole) <= cents
    assert money.proportion(cents, whole, whole) == cents
