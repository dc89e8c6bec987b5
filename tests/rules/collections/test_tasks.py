"""Collection tasks: kept by themselves or in the act that denies a line, refused whole, shown in the line's history."""

from __future__ import annotations

import json

import pytest

from bo_tui.db.tables import Act, CollectionTask, Operator, Pending
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import operators
from bo_tui.rules.collections import tasks, transfer
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
    making.keep(office, Operator, user="bot", role="service")
    operators.add(office, "gone", "operator")
    operators.remove(office, "gone")
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


def kept(office: Office, number: str = "L1", **wanted: object) -> CollectionTask:
    done = tasks.keep(office, PRACTICE, number, Wanted("call her", DAY, **wanted))  # type: ignore[arg-type]
    return CollectionTask.get_by_id(done.task)


def test_an_update_writes_what_differs_and_refuses_what_is_so_already(office: Office) -> None:
    row = kept(office, assigned_to="ana")
    done = tasks.update(office, PRACTICE, row.id, Wanted("call her", DAY + 1), seen=row.act)
    assert acting.changes(done.act) == [
        ("collection_task", "follow_up", "2026-11-20", "2026-11-21"),
        ("collection_task", "assigned_to", "ana", None),
    ]
    with pytest.raises(RuleRefusal, match="is so already"):
        tasks.update(office, PRACTICE, row.id, Wanted("call her", DAY + 1))
    with pytest.raises(Conflict, match=r"was changed meanwhile by ana .task update.: it is for nobody yet, 2026-11-21"):
        tasks.update(office, PRACTICE, row.id, Wanted("write", DAY), seen=row.act)


def test_a_task_is_done_once_and_with_a_note_and_stays_kept(office: Office, line: int) -> None:
    row = kept(office)
    with pytest.raises(RuleRefusal) as refused:
        tasks.close(office, PRACTICE, row.id, " ")
    assert refused.value.field == "note"
    tasks.close(office, PRACTICE, row.id, "she pays on Friday", seen=row.act)
    last = history.of_line(office, line)[-1]
    assert (last.kind, last.reason, last.changes) == (
        "task_done", "she pays on Friday", [("collection_task", "state", "open", "done")],
    )  # fmt: skip
    with pytest.raises(RuleRefusal, match="is done already"):
        tasks.close(office, PRACTICE, row.id, "again")
    with pytest.raises(NotFound):
        tasks.close(office, PRACTICE + 1, row.id, "another practice's")


def test_a_transfer_queues_lines_and_ends_the_task_in_one_act_or_does_neither(office: Office) -> None:
    making.make_agency(office, "West")
    acting.a_line(office, "L2", responsibility="insurance", aging_date=None)
    row = kept(office)
    with pytest.raises(RuleRefusal):
        transfer.transfer(office, PRACTICE, row.id, ["L1", "L2"], "West")
    assert (Pending.select().count(), CollectionTask.get().state) == (0, "open")
    done = transfer.transfer(office, PRACTICE, row.id, ["L1"], "West", seen_task=row.act)
    queued = Pending.get()
    assert (queued.source, queued.because, queued.pinned, queued.queued_act) == ("task", "operator", True, done.act)
    assert (CollectionTask.get().state, CollectionTask.get().act) == ("done", done.act)
