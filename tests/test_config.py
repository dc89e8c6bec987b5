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


def test_backups_and_the_ping(tmp_path: Path) -> None:
    assert config.Settings().backups == config.Backups(False, 7, 5, 12, False)
    assert config.Settings().ping_url is None
    wanted = "[backups]\nnightly = true\nkeep_daily = 3\nattachments = true\n"
    said = settings(tmp_path, 'ping_url = "https://ping.example/id"\n' + wanted)
    assert said.backups == config.Backups(True, 3, 5, 12, True)
    assert said.ping_url == "https://ping.example/id"


def test_a_home_folder_that_is_hidden_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    """ProtectHome=yes of a systemd unit: asking for a file there is refused, not answered."""

    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "is_file", refused)
    assert config.load(None) == config.Settings()


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
        ("[backups]\nkeep_dayly = 7", "there is no setting `backups.keep_dayly`"),
        ("[backups]\nkeep_weekly = -1", "`backups.keep_weekly` is below zero"),
        ("[backups]\nkeep_daily = 0\nkeep_weekly = 0\nkeep_monthly = 0", "keeps none"),
        ("[backups]\nnightly = 1", "nightly"),
        ("backups = true", "backups"),
        ("ping_url = 'file:///etc/passwd'", "`ping_url` is not an address"),
        ("ping_url = 'https://'", "ping_url"),
        ("ping_url = 'https://ana:secret@ping.example/x'", "ping_url"),
        ("ping_url = 'https://ping.example:port/x'", "ping_url"),
        ("ping_url = 'http://ping.example/a b'", "ping_url"),
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
