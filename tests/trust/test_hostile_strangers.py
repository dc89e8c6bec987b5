"""Somebody who is no operator here, or no longer one, gets in nowhere: every command of every action, and the program itself."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui import cli
from bo_tui.cli import common
from bo_tui.db.tables import Access, Act, Operator
from bo_tui.office import Office
from tests import making
from tests.test_permissions import COMMANDS


@pytest.mark.parametrize("who", ["stranger", "removed"])
def test_every_command(bo, office: Office, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, who: str) -> None:
    if who == "stranger":
        monkeypatch.setattr(common, "current_user", lambda: "eve")
    else:
        Operator.update(removed=True).where(Operator.user == making.USER).execute()
    monkeypatch.setattr(cli, "require_terminal", lambda: None)
    name = "eve" if who == "stranger" else making.USER
    acts, there, copy = Act.select().count(), tmp_path, tmp_path / "copy.db"
    (tmp_path / "practices.csv").write_text("practice,name\nHILL,Hill\n")
    commands = [command for listed in COMMANDS.values() for command in listed]
    for command in [*commands, ""]:
        result = bo(*command.format(placement=1, there=there, copy=copy).split())
        assert (result.exit_code, result.stdout) == (77, ""), (command, result.output)
        assert result.stderr == f"{name} is not an operator of this office; an administrator can add them.\n"
    assert Act.select().count() == acts
    looks = list(Access.select(Access.actor, Access.kind, Access.subject, Access.detail).tuples())
    assert looks == [(name, "refused", "program", "no operator here")] * (len(commands) + 1)
    assert sorted(path.name for path in tmp_path.glob("*.db")) == []
