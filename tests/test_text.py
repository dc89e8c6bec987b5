"""Text from data is inert: on the screen and in a spreadsheet."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bo_tui import text


@pytest.mark.parametrize(
    "bad",
    [
        "\x1b[31m", "\x00", "\x07", "\r", "\n", "\t", "\x7f", "\x9b", "\u202e", "\u2066", "\u200b", "\u200f", "\ufeff",
        "\u2028", "\u00ad", "\ud800", "\U000e0041",
    ],
)  # fmt: skip
def test_what_could_act_becomes_a_dot(bad: str) -> None:
    assert text.clean(f"a{bad}b").startswith("a·")
    assert bad[0] not in text.clean(f"a{bad}b")


@pytest.mark.parametrize("good", ["", "Smith, Ana", "Zoë Müller", "[bold]x[/]", "株式会社", "O'Neil & Sons", "a  b"])
def test_what_is_only_text_stays(good: str) -> None:
    assert text.clean(good) == good


def test_other_values() -> None:
    assert (text.clean(None), text.clean(12), text.clean(0)) == ("", "12", "0")


@given(st.text())
def test_nothing_that_acts_is_ever_left(anything: str) -> None:
    assert not any(ord(character) < 32 or 0x7F <= ord(character) < 0xA0 for character in text.clean(anything))
    assert len(text.clean(anything)) == len(anything)


@pytest.mark.parametrize(
    ("given_text", "name"), [("a\x00", "U+0000"), ("a\tb", "U+0009"), ("\x1b", "U+001B"), ("\ud800", "U+D800")]
)
def test_the_first_unsafe_character_is_named(given_text: str, name: str) -> None:
    assert text.first_unsafe(given_text) == name


@pytest.mark.parametrize("fine", ["", "Ana", "a\u00a0b", "Zoë"])
def test_nothing_unsafe(fine: str) -> None:
    assert text.first_unsafe(fine) is None


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_field_becomes_a_formula(start: str) -> None:
    assert text.no_formula(f"{start}1+1") == f"'{start}1+1"


@pytest.mark.parametrize("fine", ["", "Ana", "1+1", "'=1"])
def test_other_fields_stay(fine: str) -> None:
    assert text.no_formula(fine) == fine


@pytest.mark.parametrize(
    ("count", "said"), [(0, "0 entries"), (1, "1 entry"), (2, "2 entries"), (2_000, "2,000 entries")]
)
def test_one_of_something_is_not_several(count: int, said: str) -> None:
    assert text.counted(count, "entry", "entries") == said
    assert text.counted(count, "row") == said.replace("entries", "rows").replace("entry", "row")
