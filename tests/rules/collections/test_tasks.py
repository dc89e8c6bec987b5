"""Collection tasks: kept by themselves or in the act that denies a line, refused whole, shown in the line's history."""

from __future__ import annotations

import json

import pytest

from bo_tui.db.tables import Act, CollectionTask, Operator, Pending
from bo_tui.errors import NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.collections import tasks
from bo_tui.rules.collections.tasks import Wanted
from bo_tui.rules.external import pending
from bo_tui.views import history
from tests import acting, making
from tests.making import DAY, PRACTICE, verify


@pytest.fixture(autouse=True)
def line(office: Office):
    making.make_agency(office)
    found = acting.a_line(office)
    yield found
    assert verify(office) == []


def test_a_task_is_kept_with_who_made_it_and_stands_in_the_lines_history(office: Office, line: int) -> None:
    kept = tasks.keep(office, PRACTICE, "L1", Wanted(" call her ", DAY, "ana"))
    row = CollectionTask.get_by_id(kept.task)
    assert (row.note, row.follow_up, row.assigned_to, row.made_by, row.made, row.state) == (
        "call her", DAY, "ana", "ana", DAY, "open",
    )  # fmt: skip
    assert row.line == line
    last = history.of_line(office, line)[-1]
    assert (last.kind, last.reason) == ("task", "call her")
    assert ("collection_task", "follow_up", None, "2026-11-20") in last.changes


@pytest.mark.parametrize(
    ("number", "wanted", "field"),
    [
        ("L9", Wanted("x", DAY), "line"),
        ("L1", Wanted("  ", DAY), "note"),
        ("L1", Wanted("x\x1b", DAY), "note"),
        ("L1", Wanted("x", DAY - 1), "follow_up"),
        ("L1", Wanted("x", DAY, "nobody"), "assigned_to"),
    ],
)
def test_what_is_refused_leaves_nothing(office: Office, number: str, wanted: Wanted, field: str) -> None:
    before = Act.select().count()
    with pytest.raises((RuleRefusal, NotFound)) as refused:
        tasks.keep(office, PRACTICE, number, wanted)
    assert refused.value.field == field
    assert (Act.select().count(), CollectionTask.select().count()) == (before, 0)


def test_a_task_is_for_workers_only(office: Office) -> None:
    with pytest.raises(NotAllowed):
        tasks.keep(acting.viewer(office), PRACTICE, "L1", Wanted("x", DAY))
    Operator.insert(user="bot", role="service", act=1).execute()
    Operator.insert(user="gone", role="operator", removed=True, act=1).execute()
    assert tasks.assignable(office) == ["ana"]


def test_denying_with_a_task_is_one_act(office: Office) -> None:
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    with pytest.raises(RuleRefusal) as refused:
        pending.deny(office, PRACTICE, "L1", "no", task=Wanted("call", DAY, "nobody"))
    assert refused.value.field == "assigned_to"
    assert Pending.get().outcome is None
    done = pending.deny(office, PRACTICE, "L1", "no", task=Wanted("call", DAY + 7))
    assert CollectionTask.get_by_id(done.task).act == done.act == Pending.get().act


def test_the_commands(bo, office: Office) -> None:
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    assert bo("deny", "L1", "--note", "no", "--task", "call").exit_code == 64
    assert bo("deny", "L1", "--note", "no", "--task", "call", "--follow-up", "2026-11-19").exit_code == 65
    asked = ("deny", "L1", "--note", "no", "--task", "call", "--follow-up", "2026-11-27", "--assign", "ana")
    assert bo(*asked).stdout.splitlines()[1] == "Collection task 1 is kept for 2026-11-27."
    (row,) = json.loads(bo("report", "tasks", "--json").stdout)
    assert row == {
        "practice": "LAKE", "task": "1", "follow_up": "2026-11-27", "account": "AL1", "guarantor": "Smith, Ana", "line": "L1",
        "balance": "480.00", "assigned_to": "ana", "note": "call", "made_by": "ana", "made": "2026-11-20",
    }  # fmt: skip
    assert "call" in bo("report", "tasks").stdout
