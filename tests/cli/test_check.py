"""`bo-tui check --anchor`: a digest that was kept outside is still in the store, or it is not."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bo_tui.db.tables import Act
from bo_tui.office import Office
from bo_tui.rules import audit
from tests import making

Run = Callable[..., Result]


@pytest.fixture
def ran(office: Office) -> Office:
    """An office with a line, whose user runs the command."""
    making.make_line(office, making.make_account(office), "L1", 100_00)
    return office


def head(office: Office) -> str:
    with office.reading():
        return str(Act.select(Act.digest).order_by(Act.id.desc()).limit(1).scalar())


def test_a_digest_of_this_store_is_silent(ran: Office, bo: Run) -> None:
    audit.keep(ran, "look", "account", 1)
    result = bo("check", "--anchor", head(ran), "--anchor", head(ran).upper())
    assert (result.stdout, result.exit_code) == ("", 0)


def test_one_of_a_store_that_was_exchanged_is_named(ran: Office, bo: Run) -> None:
    result = bo("check", "--anchor", "ab" * 32, "--json")
    assert result.exit_code == 1
    assert [(row["kind"], row["subject"]) for row in json.loads(result.stdout)] == [("anchor", "ab" * 32)]


@pytest.mark.parametrize("anchor", ["ab", "g" * 64, ""])
def test_what_is_no_digest_is_wrong_usage(ran: Office, bo: Run, anchor: str) -> None:
    assert bo("check", "--anchor", anchor).exit_code == 64


@pytest.mark.parametrize("command", ["check", "report aging", "drill", "nightly", "why L1", "backup {there}/copy.db"])
def test_a_bad_settings_file_is_refused_beside_a_named_store(
    office: Office, bo: Run, tmp_path: Path, command: str
) -> None:
    wrong = tmp_path / "wrong.toml"
    wrong.write_text("idel_minutes = 5\n")
    words = command.format(there=tmp_path).split()
    refused = bo(*words, "--config", str(wrong))
    assert (refused.exit_code, "there is no setting `idel_minutes`" in refused.stderr) == (78, True)
    assert bo(*words, "--config", str(tmp_path / "none.toml")).exit_code == 66
    assert not (tmp_path / "copy.db").exists()
