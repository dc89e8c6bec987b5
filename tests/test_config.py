"""The settings file: strict, small, and errors that name the file and the setting."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui import config
from bo_tui.errors import BadConfiguration, NoInput


def settings(tmp_path: Path, text: str) -> config.Settings:
    path = tmp_path / "s.toml"
    path.write_text(text)
    return config.load(path)


def test_what_it_may_say(tmp_path: Path) -> None:
    assert settings(tmp_path, "") == config.Settings()
    assert settings(tmp_path, 'db = "/x/office.db"\nidle_minutes = 0\n') == config.Settings("/x/office.db", 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("idle_minutes = '5'", "idle_minutes"),
        ("idle_minutes = 5.5", "idle_minutes"),
        ("idle_minutes = -1", "below zero"),
        ("idel_minutes = 5", "there is no setting `idel_minutes`"),
        ("db = 5", "db"),
        ("db = [", "s.toml"),
        ("[db]\nx = 1", "db"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, words: str) -> None:
    with pytest.raises(BadConfiguration) as refused:
        settings(tmp_path, text)
    assert words in refused.value.sentence
    assert "s.toml" in refused.value.sentence


def test_bytes_that_are_no_text(tmp_path: Path) -> None:
    path = tmp_path / "s.toml"
    path.write_bytes(b"db = '\xff'")
    with pytest.raises(BadConfiguration):
        config.load(path)


def test_a_named_file_must_be_there(tmp_path: Path) -> None:
    for path in (tmp_path / "none.toml", tmp_path):
        with pytest.raises(NoInput):
            config.load(path)


def test_without_a_file_there_are_defaults(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    assert config.load(None) == config.Settings()
