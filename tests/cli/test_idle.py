"""`idle_minutes` of the settings file reaches the program."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui import cli
from bo_tui.office import Office

opened: list[int] = []


def fake(office: Office, idle_minutes: int) -> int:
    opened.append(idle_minutes)
    return 0


@pytest.mark.parametrize(("text", "minutes"), [("", 15), ("idle_minutes = 3\n", 3), ("idle_minutes = 0\n", 0)])
def test_the_setting_reaches_the_program(
    bo, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, minutes: int
) -> None:
    monkeypatch.setattr(cli, "require_terminal", lambda: None)
    monkeypatch.setattr(cli, "PROGRAM", ("tests.cli.test_idle", "fake"))
    settings = tmp_path / "settings.toml"
    settings.write_text(text)
    opened.clear()
    assert bo("--config", str(settings)).exit_code == 0
    assert opened == [minutes]
