"""Looks are kept without waiting, in order, and only what is older than six years may go."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from bo_tui import dates
from bo_tui.db import access
from bo_tui.db.tables import Access, Act
from bo_tui.errors import NotAllowed, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules import audit, checking
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
