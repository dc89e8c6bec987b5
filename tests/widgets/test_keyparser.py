"""Bytes to keys: what the terminal sends for Alt, Esc and their neighbours."""

from __future__ import annotations

import pytest
import textual
from textual import events
from textual.drivers import linux_driver
from textual.message import Message

from bo_tui.widgets import keyparser
from bo_tui.widgets.keyparser import KeyParser


def read(*chunks: str, wait: bool = False) -> list[tuple[str, str | None]]:
    parser = KeyParser()
    found: list[Message] = []
    for chunk in chunks:
        found.extend(parser.feed(chunk))
    if wait:
        parser._timeout_time = 0
        found.extend(parser.tick())
    return [(event.key, event.character) for event in found if isinstance(event, events.Key)]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1ba", "alt+a"),
        ("\x1bb", "alt+b"),
        ("\x1bf", "alt+f"),
        ("\x1bS", "alt+shift+s"),
        ("\x1b1", "alt+1"),
        ("\x1b9", "alt+9"),
        ("\x1b\r", "alt+enter"),
        ("\x1b\x7f", "alt+backspace"),
        ("\x1b-", "alt+minus"),
        ("\x1bç", "alt+ç"),
        ("\x1b[97;3u", "alt+a"),
        ("\x1b[1;3B", "alt+down"),
    ],
)
def test_alt_arrives_at_once_and_types_nothing(sent: str, key: str) -> None:
    assert read(sent) == [(key, None)]


def test_fast_alt_keys_are_not_lost() -> None:
    assert read("\x1bs\x1ba") == [("alt+s", None), ("alt+a", None)]
    assert read("\x1bs\x1b[B") == [("alt+s", None), ("down", None)]
    assert read("\x1bs" * 4) == [("alt+s", None)] * 4
    assert read("12\x1bs3") == [("1", "1"), ("2", "2"), ("alt+s", None), ("3", "3")]


def test_alt_split_over_two_reads_is_still_alt() -> None:
    assert read("\x1b", "a") == [("alt+a", None)]


def test_esc_alone_and_esc_before_an_arrow() -> None:
    assert read("\x1b") == []
    assert [key for key, _ in read("\x1b", wait=True)] == ["escape"]
    assert [key for key, _ in read("\x1b\x1b[B")] == ["escape", "down"]
    assert [key for key, _ in read("\x1b\x1bs")] == ["escape", "alt+s"]


@pytest.mark.parametrize(
    ("sent", "key"),
    [
        ("\x1bOP", "f1"),
        ("\x1b[[A", "f1"),
        ("\x1b[11~", "f1"),
        ("\x1bOS", "f4"),
        ("\x1b[14~", "f4"),
        ("\x1b[20~", "f9"),
        ("\x1b[24~", "f12"),
        ("\x1b[1;2C", "shift+right"),
        ("\x1b[6~", "pagedown"),
        ("\x1b[2~", "insert"),
        ("\x1bOA", "up"),
    ],
)
def test_other_sequences_are_as_before(sent: str, key: str) -> None:
    assert [name for name, _ in read(sent)] == [key]


@pytest.mark.parametrize("chunks", [("\x1b[200~a\x1bsb\x1b[201~c",), ("\x1b[200~a\x1bs", "b\x1b[20", "1~c")])
def test_pasted_escapes_do_not_become_keys(chunks: tuple[str, ...]) -> None:
    parser = KeyParser()
    found = [event for chunk in chunks for event in parser.feed(chunk)]
    assert [getattr(event, "text", None) or getattr(event, "key", None) for event in found] == ["asb", "c"]


def test_is_installed_into_the_driver_of_the_version_it_leans_on() -> None:
    assert textual.__version__.startswith("8.2.")
    before = linux_driver.XTermParser
    try:
        keyparser.install()
        assert linux_driver.XTermParser is KeyParser
    finally:
        linux_driver.XTermParser = before  # type: ignore[misc]
