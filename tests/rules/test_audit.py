"""Looks are kept without waiting, in order, and only what is older than six years may go."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bo_tui import dates
from bo_tui.db import access
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Access, Act, Practice
from bo_tui.errors import NotAllowed, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules import audit, checking, payments, roles
from bo_tui.rules.accounts import notes
from bo_tui.rules.external import foureyes
from tests import making


def kept(office: Office) -> list[tuple[str, str, str | None]]:
    with office.reading():
        return list(Access.select(Access.kind, Access.subject, Access.detail).order_by(Access.id).tuples())


def test_a_command_keeps_it_at_once(office: Office) -> None:
    audit.keep(office, "report", "aging", detail="12 rows", practice=making.PRACTICE)
    assert kept(office) == [("report", "aging", "12 rows")]


def test_the_worker_writes_in_order_and_the_rest_when_it_ends(office: Office) -> None:
    keeper = audit.Keeper(office, within=0.02)
    keeper.keep("open", "program")
    for _ in range(200):
        if kept(office):
            break
        time.sleep(0.01)
    assert kept(office) == [("open", "program", None)]
    keeper.keep("look", "account", 7)
    keeper.keep("look", "account", 8, "history")
    keeper.close()
    assert [row[0] for row in kept(office)] == ["open", "look", "look"]
    assert checking.check(office.store) == []


def test_while_the_store_is_busy_looks_wait_and_none_is_lost(office: Office) -> None:
    office.store.patience = 0.01
    keeper = audit.Keeper(office, within=0.02)
    with office.store.act():
        keeper.keep("look", "account", 1)
        time.sleep(0.15)
    keeper.keep("look", "account", 2)
    keeper.close()
    assert len(kept(office)) == 2


def test_nothing_was_kept_by_an_idle_worker(office: Office) -> None:
    audit.Keeper(office).close()
    assert kept(office) == []


def test_a_refusal_within_an_act_is_kept_once_the_act_is_rolled_back(office: Office) -> None:
    acts = Act.select().count()
    with pytest.raises(NotAllowed), office.by(Actor("eve", "viewer")).act("note", making.PRACTICE) as draft:
        roles.require(office.by(Actor(draft.actor, "viewer")), "note")
    with pytest.raises(NotAllowed):  # whoever came in with another role than they have now
        notes.add_note(office.by(Actor(making.USER, "operator")), making.PRACTICE, "A1", "called")
    with pytest.raises(RuleRefusal):  # not a matter of roles
        notes.add_note(office, making.PRACTICE, "A1", "called")
    now = "came in as operator, now administrator, no longer operator"
    assert kept(office) == [("refused", "note", "as viewer"), ("refused", "program", now)]
    assert Act.select().count() == acts
    assert checking.check(office.store) == []


def test_ones_own_proposal_is_refused_by_its_number(office: Office) -> None:
    account = making.make_account(office)
    making.make_line(office, account, "L1")
    making.change(office, Practice, four_eyes_limit=1_00)
    payments.adjust_line(office, making.PRACTICE, "L1", "CHRTY", 2_00, "hardship")
    with pytest.raises(NotAllowed):
        foureyes.approve(office, 1)
    with office.reading():
        look = Access.get(Access.kind == "refused")
    assert (look.actor, look.subject, look.subject_id, look.detail) == (making.USER, "proposal", 1, "one's own")


def test_a_store_that_stays_busy_does_not_hide_the_refusal(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    office.store.patience = 0.01
    other = open_store(office.store.path)
    with other.act(), pytest.raises(NotAllowed, match="to withdraw a night takes"):
        roles.require(office.by(Actor("eve", "viewer")), "withdraw")
    other.close()
    assert kept(office) == []
    assert [record.message for record in caplog.records] == ["a refusal is not in the chain of looks"]


def test_six_years_are_kept_to_the_day(office: Office) -> None:
    day = office.business_date
    edge = dates.shift(day, -audit.YEARS, "y")
    for made in (edge - 1, edge):
        access.write(
            office.store,
            [replace(audit.look_of(office, "look", "account", 1, None, None), made_at=dates.iso(made) + "T12:00:00Z")],
        )
    with pytest.raises(RuleRefusal) as refused:
        audit.prune(office, edge + 1)
    assert refused.value.field == "before"
    assert dates.iso(edge) in refused.value.sentence
    assert audit.prune(office, edge) == 1
    with office.reading():
        assert [row.made_at[:10] for row in Access.select()] == [dates.iso(edge)]
        assert Act.select(Act.kind).order_by(Act.id.desc()).limit(1).scalar() == "prune"
    audit.keep(office, "look", "account", 2)
    assert checking.check(office.store) == []
    assert audit.prune(office, edge) == 0


def test_the_chain_goes_on_after_everything_was_deleted(office: Office) -> None:
    old = replace(audit.look_of(office, "look", "account", 1, None, None), made_at="2001-01-01T00:00:00Z")
    access.write(office.store, [old, old])
    assert audit.prune(office, dates.parse("2010-01-01")) == 2
    audit.keep(office, "look", "account", 2)
    with office.reading():
        assert [row.id for row in Access.select()] == [3]
    assert checking.check(office.store) == []


def test_only_an_administrator_deletes(office: Office) -> None:
    with pytest.raises(NotAllowed):
        audit.prune(office.by(Actor(office.actor.name, "supervisor")), 0)
