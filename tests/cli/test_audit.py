"""What commands keep of who took out what, the report `audit`, and `audit prune`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bo_tui.db import access
from bo_tui.db.access import Look
from bo_tui.db.connection import Store
from bo_tui.db.tables import Access, Act, Operator
from bo_tui.errors import Locked
from bo_tui.office import Office
from bo_tui.rules import audit, checking
from tests import acting
from tests.making import PRACTICE, USER

Bo = Callable[..., Result]


@pytest.fixture
def lined(office: Office) -> Office:
    """Two lines on accounts AL1 and AL2."""
    for number in ("L1", "L2"):
        acting.a_line(office, number)
    return office


def kept() -> list[tuple[str, str, int | None, str | None, int | None]]:
    query = Access.select(Access.kind, Access.subject, Access.subject_id, Access.detail, Access.practice)
    return list(query.order_by(Access.id).tuples())


@pytest.mark.parametrize(
    ("command", "row"),
    [
        ("report aging", ("report", "aging", None, "2 rows, table", PRACTICE)),
        ("report entries --csv --date t", ("report", "entries", None, "2 rows, CSV, to 2026-11-22", PRACTICE)),
        ("report entries --json --code SVCFE", ("report", "entries", None, "2 rows, JSON, by code", PRACTICE)),
        ("why L1", ("look", "service_line", 1, "why", PRACTICE)),
        ("account show AL2", ("look", "account", 2, "overview", PRACTICE)),
        ("account show AL2 --activity --json", ("look", "account", 2, "activity", PRACTICE)),
        ("account show AL2 --pdf {there}/a.pdf", ("print", "account", 2, "overview, PDF", PRACTICE)),
        ("approve list", ("look", "proposal", None, "0 rows", PRACTICE)),
        ("precollect files", ("look", "precollect_file", None, "0 rows", PRACTICE)),
        ("backup {there}/copy.db", ("export", "store", None, "backup", None)),
    ],
)
def test_a_command_leaves_one_row_that_names_nobody(
    bo: Bo, lined: Office, tmp_path: Path, command: str, row: object
) -> None:
    there = tmp_path / "there"
    there.mkdir()
    result = bo(*command.format(there=there).replace("--date t", "--date 2026-11-22").split())
    assert result.exit_code == 0, result.stderr
    assert kept() == [row]
    assert checking.check(lined.store) == []


@pytest.mark.parametrize(
    "command",
    ["report aging", "why L1", "account show AL1", "account show AL1 --pdf {there}/a.pdf", "backup {there}/a.pdf"],
)
def test_what_cannot_be_kept_is_not_shown(
    bo: Bo, lined: Office, tmp_path: Path, command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    def busy(store: Store, looks: object) -> int:
        raise Locked("office.db is being written to by somebody else; try again in a moment.")

    monkeypatch.setattr(access, "write", busy)
    result = bo(*command.format(there=tmp_path).split())
    assert (result.exit_code, result.stdout) == (75, "")
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith("a.pdf")] == []


def test_neither_the_night_nor_the_check_is_a_look(bo: Bo, lined: Office) -> None:
    for command in (["nightly"], ["nightly", "--json", "--lines"], ["check"]):
        assert bo(*command).exit_code == 0
    assert kept() == []


def test_the_night_prints_every_head_and_check_knows_them(bo: Bo, lined: Office) -> None:
    assert "who looked" not in bo("nightly").stdout
    audit.keep(lined, "look", "account", 1)
    out = bo("nightly").stdout
    heads = [line.split(": ")[1] for line in out.splitlines() if line.startswith("Head of ")]
    own = Act.select(Act.digest).where(Act.practice.is_null()).order_by(Act.id.desc()).limit(1).scalar()
    assert heads[1:] == [Access.get().digest, own]
    told = json.loads(bo("nightly", "--json").stdout)
    assert list(told)[1:] == ["backup", "office_head", "access_head"]
    assert (told["runs"][0]["head"], told["access_head"], told["office_head"]) == tuple(heads)
    tried = json.loads(bo("nightly", "--json", "--dry-run").stdout)
    assert (tried["office_head"], tried["access_head"]) == (None, None)
    assert bo("check", *(part for head in heads for part in ("--anchor", head))).exit_code == 0
    assert bo("check", "--anchor", "0" * 64).exit_code == 1


def test_the_report_has_acts_and_looks_in_the_order_they_were_made(bo: Bo, lined: Office) -> None:
    access.write(lined.store, [Look("bob", "export", "transactions", None, "7 rows", None, "2020-01-01T00:00:00Z")])
    audit.keep(lined, "unmask", "account", 2, "SSN", PRACTICE)
    rows = json.loads(bo("report", "audit", "--json").stdout)
    assert [row["made_at"] for row in rows] == sorted(row["made_at"] for row in rows)
    assert (rows[0]["what"], rows[0]["actor"], rows[0]["kind"], rows[0]["practice"]) == ("look", "bob", "export", None)
    assert {(row["what"], row["kind"]) for row in rows} >= {("act", "init"), ("act", "line"), ("look", "unmask")}
    assert len(rows) == Act.select().count() + 2
    assert [row["kind"] for row in json.loads(bo("report", "audit", "--json", "--date", "2020-01-02").stdout)] == [
        "export"
    ]
    later = json.loads(bo("report", "audit", "--json", "--since", "2020-01-03").stdout)
    assert "export" not in {row["kind"] for row in later}
    mine = json.loads(bo("report", "audit", "--json", "--practice", "LAKE").stdout)
    assert {row["practice"] for row in mine} == {"LAKE"}
    assert "unmask" in bo("report", "audit").stdout


def test_a_report_of_the_trail_is_for_supervisors(bo: Bo, lined: Office) -> None:
    Operator.update(role="operator").where(Operator.user == USER).execute()
    refused = ("refused", "audit", None, "as operator", None)  # the refusal itself is a row of the trail
    assert (bo("report", "audit").exit_code, kept()) == (77, [refused])


def test_prune_says_how_many_and_refuses_less_than_six_years(bo: Bo, lined: Office) -> None:
    old = Look("bob", "look", "account", 1, None, PRACTICE, "2019-01-01T00:00:00Z")
    access.write(lined.store, [old, old])
    refused = bo("audit", "prune", "--before", "2026-01-01")
    assert refused.exit_code == 65
    assert "kept for 6 years" in refused.stderr
    done = bo("audit", "prune", "--before", "2020-01-01")
    assert (done.exit_code, done.stderr) == (0, "2 rows of before 2020-01-01 deleted.\n")
    assert kept() == []
    assert checking.check(lined.store) == []
