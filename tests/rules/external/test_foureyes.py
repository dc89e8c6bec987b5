"""Four eyes: what is above the practice's limit waits for a second person, and is checked again when it is approved."""

from __future__ import annotations

from typing import Any

import pytest
from peewee import IntegrityError

from bo_tui import dates
from bo_tui.db.tables import Entry, Pending, Placement, Proposal
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import NIGHT, Actor, Office
from bo_tui.rules import payments
from bo_tui.rules.external import adjust, foureyes, pending, transfer
from bo_tui.rules.external.proposals import Waiting
from tests import making
from tests.acting import a_line, acts, assert_sound, changes, entries, line, placed, practice_setting, refusal
from tests.making import DAY, PRACTICE

LIMIT = 300_00
CODE = "CHRTY"


@pytest.fixture(autouse=True)
def bay(office: Office) -> Any:
    """An agency, and a limit of 300.00; the books are good after each test."""
    agency = making.make_agency(office)
    making.make_agency(office, "Bay West")
    practice_setting(office, four_eyes_limit=LIMIT)
    yield agency
    assert_sound(office)


def bob(office: Office, role: str = "operator") -> Office:
    return office.by(Actor("bob", role))


def queued(office: Office, number: str = "L1", fee: int = 480_00) -> None:
    a_line(office, number, fee)
    pending.add(office, PRACTICE, [number], "First Bay")


def proposed(office: Office, **more: Any) -> int:
    """A posting of a line of 480.00 that waits."""
    queued(office)
    (waits,) = pending.post(office, PRACTICE, ["L1"], **more).waiting
    return waits.proposal


# --- when something waits -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("fee", "waits"), [(LIMIT, False), (LIMIT + 1, True)])
def test_a_posting_strictly_above_the_limit_waits(office: Office, fee: int, waits: bool) -> None:
    queued(office, fee=fee)
    done = pending.post(office, PRACTICE, ["L1"])
    assert (len(done.waiting), len(done.lines), done.amount) == ((1, 0, 0) if waits else (0, 1, fee))
    assert (Pending.get().outcome is None) == waits
    assert line().ar == (fee if waits else 0)


@pytest.mark.parametrize(("amount", "waits"), [(LIMIT, False), (LIMIT + 1, True)])
@pytest.mark.parametrize("code", [CODE, "CORRP"])
def test_an_adjustment_strictly_above_the_limit_waits(
    office: Office, bay: int, amount: int, waits: bool, code: str
) -> None:
    placement = placed(office, bay)
    done = adjust.adjust(office, placement, code, amount, "agreed")
    assert isinstance(done, Waiting) == waits
    assert (Placement.get_by_id(placement).balance == 480_00) == waits


def test_without_a_limit_nothing_waits_and_a_limit_of_zero_lets_everything_wait(office: Office, bay: int) -> None:
    practice_setting(office, four_eyes_limit=None)
    assert not isinstance(adjust.adjust(office, placed(office, bay), CODE, 480_00, "agreed"), Waiting)
    practice_setting(office, four_eyes_limit=0)
    queued(office, "L2", 1)
    assert len(pending.post(office, PRACTICE, ["L2"]).waiting) == 1


def test_of_many_lines_only_those_above_wait_each_on_its_own(office: Office) -> None:
    for number, fee in (("L1", 480_00), ("L2", 100_00), ("L3", 900_00)):
        queued(office, number, fee)
    done = pending.post(office, PRACTICE, ["L1", "L2", "L3"], agency="Bay West")
    assert [row.line for row in done.lines] == ["L2"]
    assert [(row.subject, row.amount, row.limit, row.act) for row in done.waiting] == [
        ("Line L1", 480_00, LIMIT, done.act),
        ("Line L3", 900_00, LIMIT, done.act),
    ]
    assert entries(done.act) == [("EXCOL", "EXT", "AR", 100_00)]
    queued(office, "L4", 50_00)
    more = pending.post(office, PRACTICE, ["L1", "L4"])  # L1 waits already and keeps nothing else back
    assert ([row.line for row in more.lines], more.waiting) == (["L4"], ())


def test_what_is_said_and_written(office: Office) -> None:
    queued(office)
    (waits,) = pending.post(office, PRACTICE, ["L1"], agency="Bay West").waiting
    assert waits.sentence == (
        f"Line L1: 480.00 is above the limit of 300.00; the posting waits for a second person as proposal {waits.proposal}."
    )
    row = Proposal.get()
    assert (row.state, row.proposed_by, row.proposed, row.amount, row.kind) == ("open", "ana", DAY, 480_00, "post")
    assert [(field, after) for _, field, _, after in changes(waits.act)][:1] == [("state", "open")]
    (shown,) = foureyes.listed(office, PRACTICE)
    assert (shown.asked, shown.amount, shown.proposed_by, shown.moot) == (
        "Post line L1 to Bay West",
        480_00,
        "ana",
        None,
    )


def test_the_same_does_not_wait_twice(office: Office, bay: int) -> None:
    proposed(office)
    placement = placed(office, bay, "L2")
    adjust.adjust(office, placement, CODE, 400_00, "agreed")
    before = acts()
    for call, field in (
        (lambda: pending.post(bob(office), PRACTICE, ["L1"]), "line"),
        (lambda: adjust.adjust(bob(office), placement, CODE, 350_00, "agreed"), "amount"),
    ):
        with pytest.raises(RuleRefusal, match="already waits for a second person") as refused:
            call()
        assert refusal(refused)[1] == field
    assert acts() == before


def test_what_a_rule_refuses_never_comes_to_wait(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    with pytest.raises(RuleRefusal, match="never goes below zero"):
        adjust.adjust(office, placement, CODE, 480_01, "too much")
    a_line(office, "L2")
    with pytest.raises(RuleRefusal, match="not pending"):
        pending.post(office, PRACTICE, ["L2"])
    assert Proposal.select().count() == 0


# --- approving ------------------------------------------------------------------------------------------------------


def test_a_second_person_posts_it(office: Office, bay: int) -> None:
    proposal = proposed(office)
    done = foureyes.approve(bob(office.on(DAY + 1)), proposal)
    assert done.done.amount == 480_00
    assert entries(done.act) == [("EXCOL", "EXT", "AR", 480_00)]
    assert ("proposal", "state", "open", "approved") in changes(done.act)
    row = Proposal.get()
    assert (row.state, row.decided_by, row.decided, row.act) == ("approved", "bob", DAY + 1, done.act)
    assert (Placement.get().agency, Placement.get().placed, line().ar) == (bay, DAY + 1, 0)
    assert foureyes.listed(office, PRACTICE) == []
    assert [row.state for row in foureyes.listed(office, PRACTICE, decided=True)] == ["approved"]


def test_with_the_agency_that_was_asked_for_and_pinned(office: Office) -> None:
    proposal = proposed(office, agency="Bay West")
    foureyes.approve(bob(office), proposal)
    assert (Placement.get().agency_name, bool(Placement.get().pinned)) == ("Bay West", True)


def test_a_second_person_adjusts(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    waits: Any = adjust.adjust(office, placement, CODE, 400_00, "hardship")
    (shown,) = foureyes.listed(office, PRACTICE)
    assert shown.asked == f"Placement {placement} of line L1 with First Bay: adjust by CHRTY, hardship"
    done = foureyes.approve(bob(office), waits.proposal)
    assert entries(done.act) == [("MADJN", "ADJUSTMENT", "EXT", 400_00)]
    entry = Entry.get(Entry.act == done.act)
    assert (entry.transaction_code, entry.note, entry.parent) == (CODE, "hardship", placement)
    assert Placement.get_by_id(placement).balance == 80_00


def test_a_second_person_adjusts_a_line_in_active_ar(office: Office) -> None:
    a_line(office)
    waits: Any = payments.adjust_line(office, PRACTICE, "L1", CODE, 400_00, "hardship")
    assert isinstance(waits, Waiting)
    assert foureyes.listed(office, PRACTICE)[0].asked == "Line L1: adjust by CHRTY, hardship"
    foureyes.approve(bob(office), waits.proposal)
    assert line().ar == 80_00


def test_nobody_approves_their_own(office: Office) -> None:
    proposal = proposed(office)
    before = acts()
    with pytest.raises(NotAllowed, match="is ana's own; another operator must approve it"):
        foureyes.approve(office, proposal)
    assert acts() == before
    with pytest.raises(IntegrityError):  # and the database itself says so
        office.store.use().execute_sql("UPDATE proposal SET state = 'approved', decided_by = 'ana'")


@pytest.mark.parametrize(
    "actor", [Actor("vic", "viewer"), Actor("timer", "service"), Actor(NIGHT, "service")], ids=lambda actor: actor.name
)
def test_neither_viewer_nor_timer_nor_night_decides(office: Office, actor: Actor) -> None:
    proposal = proposed(office)
    with pytest.raises(NotAllowed):
        foureyes.approve(office.by(actor), proposal)
    with pytest.raises(NotAllowed):
        foureyes.refuse(office.by(actor), proposal, "no")


def test_what_changed_meanwhile_is_checked_again(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    waits: Any = adjust.adjust(office, placement, CODE, 400_00, "hardship")
    adjust.adjust(office, placement, CODE, 100_00, "courtesy")
    before = acts()
    with pytest.raises(RuleRefusal, match="never goes below zero"):
        foureyes.approve(bob(office), waits.proposal)
    transfer.transfer(office, [placement], "guarantor")
    with pytest.raises(RuleRefusal, match="was closed by RVCOL"):
        foureyes.approve(bob(office), waits.proposal)
    assert acts() == before + 1
    assert foureyes.listed(office, PRACTICE)[0].moot == "the placement was closed meanwhile"
    assert foureyes.refuse(bob(office), waits.proposal, "closed").state == "refused"


def test_a_line_denied_meanwhile_is_not_posted_nor_is_its_next_wait(office: Office) -> None:
    proposal = proposed(office)
    pending.deny(office, PRACTICE, "L1", "not now")
    assert foureyes.listed(office, PRACTICE)[0].moot == "the line was denied meanwhile"
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    with pytest.raises(RuleRefusal, match="no longer pending as it was proposed"):
        foureyes.approve(bob(office), proposal)
    assert len(pending.post(office, PRACTICE, ["L1"]).waiting) == 1  # proposed anew


def test_a_changed_agency_or_a_greater_balance_is_not_what_two_persons_saw(office: Office) -> None:
    proposal = proposed(office)
    paid = payments.receive(office, PRACTICE, "L1", "GPYMT", 1_00)
    payments.adjust_line(office, PRACTICE, "L1", "CORRP", 2_00, "correction")
    with pytest.raises(Conflict, match=r"has grown from 480\.00 to 481\.00"):
        foureyes.approve(bob(office), proposal)
    payments.receive(office, PRACTICE, "L1", "GPYMT", 2_00)
    assert paid.ar == 479_00
    pending.change_agency(office, PRACTICE, ["L1"], "Bay West")
    with pytest.raises(Conflict, match="changed meanwhile by ana"):
        foureyes.approve(bob(office), proposal)
    assert Placement.select().count() == 0


def test_a_smaller_balance_is_posted_as_it_is(office: Office) -> None:
    proposal = proposed(office)
    payments.receive(office, PRACTICE, "L1", "GPYMT", 100_00)
    assert foureyes.approve(bob(office), proposal).done.amount == 380_00


def test_a_hold_set_meanwhile_stops_it(office: Office) -> None:
    from bo_tui.rules import holds

    proposal = proposed(office)
    holds.set_hold(office, PRACTICE, "AL1", "dispute", "a letter")
    with pytest.raises(RuleRefusal, match="on hold"):
        foureyes.approve(bob(office), proposal)
    assert Proposal.get().state == "open"


def test_the_accounting_date_is_checked_again_and_may_be_replaced(office: Office) -> None:
    practice_setting(office, uses_accounting_dates=True)
    proposal = proposed(office, accounting_date=DAY)
    practice_setting(office, uses_accounting_dates=True, closed_through=DAY)
    with pytest.raises(RuleRefusal, match="closed through"):
        foureyes.approve(bob(office), proposal)
    foureyes.approve(bob(office), proposal, accounting_date=DAY + 1)
    assert Entry.get(Entry.code == "EXCOL").accounting_date == DAY + 1


def test_what_was_asked_with_an_accounting_date_is_done_without_one_where_none_is_used_any_more(office: Office) -> None:
    practice_setting(office, uses_accounting_dates=True)
    proposal = proposed(office, accounting_date=DAY)
    practice_setting(office, uses_accounting_dates=False)
    with pytest.raises(RuleRefusal, match="does not use accounting dates") as refused:
        foureyes.approve(bob(office), proposal, accounting_date=DAY)  # one that is given now is still refused
    assert refused.value.field == "accounting_date"
    done = foureyes.approve(bob(office), proposal)
    assert done.sentence == f"Without the accounting date {dates.iso(DAY)}: the practice uses none any more."
    assert Entry.get(Entry.code == "EXCOL").accounting_date is None


# --- deciding once --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("who", "state"), [("bob", "refused"), ("ana", "withdrawn")])
def test_refused_by_another_or_taken_back_with_a_reason(office: Office, who: str, state: str) -> None:
    proposal = proposed(office)
    by = office.by(Actor(who, "administrator" if who == "ana" else "operator"))
    with pytest.raises(RuleRefusal) as refused:
        foureyes.refuse(by, proposal, "  ")
    assert refusal(refused)[1] == "reason"
    done = foureyes.refuse(by, proposal, "not agreed")
    assert done.state == state
    row = Proposal.get()
    assert (row.state, row.decided_by, row.reason, row.decided) == (state, who, "not agreed", DAY)
    assert changes(done.act) == [("proposal", "state", "open", state)]
    assert Pending.get().outcome is None  # the line goes on waiting
    with pytest.raises(RuleRefusal, match=f"was {state} by {who} on 2026-11-20"):
        foureyes.approve(bob(office), proposal)
    assert len(pending.post(office, PRACTICE, ["L1"]).waiting) == 1


def test_approved_once(office: Office) -> None:
    proposal = proposed(office)
    foureyes.approve(bob(office), proposal)
    for decide in (
        lambda: foureyes.approve(bob(office), proposal),
        lambda: foureyes.refuse(bob(office), proposal, "no"),
    ):
        with pytest.raises(RuleRefusal, match="was approved by bob"):
            decide()


def test_a_proposal_is_never_deleted_and_there_is_no_other(office: Office) -> None:
    proposal = proposed(office)
    with pytest.raises(IntegrityError, match="never deleted"):
        office.store.use().execute_sql("DELETE FROM proposal")
    with pytest.raises(NotFound):
        foureyes.approve(bob(office), proposal + 1)
    with pytest.raises(NotFound):
        foureyes.approve(bob(office), proposal, practice=PRACTICE + 1)
    with pytest.raises(Conflict):
        foureyes.approve(bob(office), proposal, seen=1)
