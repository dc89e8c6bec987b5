"""Two operators at once: two programs in two terminals on one store; each sees what the other did, and nothing typed is lost."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from .harness import Terminal, alt
from .test_program_transactions import PROGRAM, store

__all__ = ["store"]


@pytest.fixture
def two(store: Path) -> Iterator[tuple[Terminal, Terminal]]:
    """Both at Transactions, 80x24 and 120x40, the cursor on the first row: McDonald, line L-3, 480.00."""
    environ = {"BO_TUI_DB": str(store)}
    with (
        Terminal(PROGRAM, rows=24, cols=80, environ=environ) as one,
        Terminal(PROGRAM, rows=40, cols=120, environ=environ) as other,
    ):
        for term in (one, other):
            term.wait_for("2 Placed")
            term.press("2")
            term.wait_for("L-3 placed")
            term.settle(0.05)
        yield one, other


def adjust_by_five(term: Terminal) -> None:
    term.press("f3", "SMBAL", "enter", "5", "enter", "rounding", "f2")
    term.wait_for("MADJN of 5.00 written; the balance is 475.00.")


def test_a_conflict_names_who_shows_the_state_of_now_and_keeps_what_was_typed(two: tuple[Terminal, Terminal]) -> None:
    one, other = two
    one.press("alt+a", "CHRTY", "enter", "80", "enter", "hardship of hers")
    one.wait_for("Balance now 480.00, after this 400.00")
    adjust_by_five(other)
    one.press("f2")
    one.wait_for("was changed meanwhile by")
    text = " ".join(line.strip(" │") for line in one.lines)
    assert "(adjust): it is with First Bay and its balance is 475.00" in " ".join(text.split())
    one.wait_for("Balance now 475.00, after this 395.00")
    for typed in ("CHRTY", "80", "hardship of hers"):
        assert typed in one.text
    one.press("f2")
    one.wait_for("MADJN of 80.00 written; the balance is 395.00.")


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        ("alt+r", ("a mistake",), "RVCOL of 475.00 written"),
        ("alt+e", ("bay",), "475.00 moved to Bay West"),
        ("alt+t", (), "1 placement, 475.00, transferred back"),
    ],
)
def test_every_dialog_means_the_new_state_when_f2_is_pressed_again(
    two: tuple[Terminal, Terminal], key: str, typed: tuple[str, ...], said: str
) -> None:
    one, other = two
    one.press(key, *typed)
    one.wait_for("480.00")
    one.settle(0.05)
    adjust_by_five(other)
    one.press("f2")
    one.wait_for("was changed meanwhile by")
    assert all(text in one.text.lower() for text in typed)
    one.wait_for("balance 475.00")
    one.press("f2")
    one.wait_for(said)


def test_the_others_grid_shows_it_within_two_seconds_with_its_cursor_where_it_was(
    two: tuple[Terminal, Terminal],
) -> None:
    one, other = two
    other.press("down", "down")
    other.wait_for("L-0 placed")
    other.settle(0.1)
    place = other.cursor
    one.press("f3", "SMBAL", "enter", "5", "enter", "rounding", "f2")
    one.wait_for("MADJN of 5.00 written")
    done = time.monotonic()
    other.wait_for("475.00", timeout=2.0)
    assert time.monotonic() - done < 2.0
    assert other.cursor == place
    assert "L-0 placed" in other.text
    one.send(alt("e") + b"bay\x1bOQ")  # McDonald moves: the row that stood above goes, and another one comes
    one.wait_for("475.00 moved to Bay West")
    other.wait_for("Bay West", timeout=2.0)
    assert "L-0 placed" in other.text
    other.press("f3")
    other.wait_for("Smith, Ana, account 100230")
