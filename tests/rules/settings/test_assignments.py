"""Assignments: both thresholds or neither, brakes, once per practice, history, and who was faster."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bo_tui.db.tables import Act, Assignment
from bo_tui.errors import Conflict, NotAllowed, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules.settings import agencies, assignments
from bo_tui.rules.settings.agencies import AgencyFields
from bo_tui.rules.settings.assignments import Thresholds
from bo_tui.views import admin
from tests import acting, making

PRACTICE = making.PRACTICE
FULL = Thresholds(99_00, 45, auto_approve=True, auto_create_file=True, max_lines=12, max_amount=20_000_00)


@pytest.fixture
def agency(office: Office) -> int:
    return agencies.create(office, AgencyFields("First Bay", "14 Pier Road", zip="54007", file_type="csv")).agency


def test_add_update_and_remove_each_keep_before_and_after(office: Office, agency: int) -> None:
    added = assignments.add(office, PRACTICE, agency, FULL)
    assert acting.changes(added.act) == [
        ("assignment", "agency", None, str(agency)),
        ("assignment", "balance_greater_than", None, "99.00"),
        ("assignment", "age_greater_than", None, "45"),
        ("assignment", "auto_approve", None, "yes"),
        ("assignment", "auto_create_file", None, "yes"),
        ("assignment", "max_lines", None, "12"),
        ("assignment", "max_amount", None, "20000.00"),
    ]
    wanted = replace(FULL, age_greater_than=60, auto_approve=False, client_number=" K-1 ")
    changed = assignments.update(office, added.assignment, wanted, seen=added.act)
    assert acting.changes(changed.act) == [
        ("assignment", "age_greater_than", "45", "60"),
        ("assignment", "auto_approve", "yes", "no"),
        ("assignment", "client_number", None, "K-1"),
    ]
    act = Act.get_by_id(changed.act)
    assert (act.actor, act.practice, act.kind) == ("ana", PRACTICE, "assignment_update")
    removed = assignments.remove(office, added.assignment, seen=changed.act)
    assert acting.changes(removed.act) == [("assignment", "removed", "no", "yes")]
    assert Assignment.get_by_id(added.assignment).removed
    assert admin.assignments(office, PRACTICE) == []
    again = assignments.add(office, PRACTICE, agency, Thresholds())
    assert again.assignment != added.assignment
    assert making.verify(office) == []


@pytest.mark.parametrize(
    ("wanted", "field", "sentence"),
    [
        (
            Thresholds(99_00),
            "age_greater_than",
            "Age Greater Than is required when Balance Greater Than is given.",
        ),
        (
            Thresholds(auto_approve=True),
            "auto_approve",
            "Auto Approve needs thresholds: Balance Greater Than and Age Greater Than are not given.",
        ),
        (
            Thresholds(auto_create_file=True),
            "auto_create_file",
            "Auto Create File needs thresholds: Balance Greater Than and Age Greater Than are not given.",
        ),
        (Thresholds(0, 0, max_lines=0), "max_lines", "Most lines a night must be above zero; leave it empty for no limit."),
        (Thresholds(0, 0, max_amount=0), "max_amount", "Most amount a night must be above zero; leave it empty for no limit."),
        (Thresholds(-1, 5), "balance_greater_than", "Balance Greater Than is below zero."),
        (Thresholds(0, 1_000_000_000), "age_greater_than", "Age Greater Than is too large."),
        (Thresholds(client_number="a\x1bb"), "client_number", "Client number cannot hold the character U+001B."),
    ],
)  # fmt: skip
def test_what_is_refused(office: Office, agency: int, wanted: Thresholds, field: str, sentence: str) -> None:
    before = acting.acts()
    with pytest.raises(RuleRefusal) as error:
        assignments.add(office, PRACTICE, agency, wanted)
    assert acting.refusal(error) == (sentence, field)
    assert acting.acts() == before


def test_an_age_alone_stores_a_balance_of_zero(office: Office, agency: int) -> None:
    assignments.add(office, PRACTICE, agency, Thresholds(age_greater_than=0, max_lines=1, max_amount=1))
    (row,) = admin.assignments(office, PRACTICE)
    assert (row.balance_greater_than, row.age_greater_than, row.max_lines, row.max_amount) == (0, 0, 1, 1)


def test_an_agency_is_assigned_once(office: Office, agency: int) -> None:
    assignments.add(office, PRACTICE, agency, Thresholds())
    with pytest.raises(RuleRefusal) as error:
        assignments.add(office, PRACTICE, agency, FULL)
    assert acting.refusal(error) == ("First Bay is assigned to Lakeside Anesthesia already.", "agency")
    assert admin.not_assigned(office, PRACTICE) == []


def test_who_was_faster_is_named_with_what_it_is_now(office: Office, agency: int) -> None:
    added = assignments.add(office, PRACTICE, agency, FULL)
    carl = office.by(Actor("carl", "administrator"))
    assignments.update(carl, added.assignment, replace(FULL, age_greater_than=60), seen=added.act)
    with pytest.raises(Conflict) as error:
        assignments.update(office, added.assignment, FULL, seen=added.act)
    assert error.value.sentence == (
        "The assignment of First Bay was changed meanwhile by carl (assignment update): "
        "it takes balances over 99.00 older than 60 days."
    )
    seen = admin.assignments(office, PRACTICE)[0].act
    assignments.remove(carl, added.assignment, seen=seen)
    with pytest.raises(Conflict, match=r"by carl \(assignment remove\): it was removed"):
        assignments.remove(office, added.assignment, seen=seen)
    with pytest.raises(RuleRefusal, match="was removed; add it again"):
        assignments.update(office, added.assignment, FULL)


def test_only_an_administrator_and_only_what_differs(office: Office, agency: int) -> None:
    added = assignments.add(office, PRACTICE, agency, FULL)
    with pytest.raises(RuleRefusal, match="nothing to save"):
        assignments.update(office, added.assignment, FULL)
    for role in ("viewer", "operator", "supervisor", "service"):
        other = office.by(Actor("vic", role))
        with pytest.raises(NotAllowed):
            assignments.add(other, PRACTICE, agency, FULL)
        with pytest.raises(NotAllowed):
            assignments.update(other, added.assignment, FULL)
        with pytest.raises(NotAllowed):
            assignments.remove(other, added.assignment)
