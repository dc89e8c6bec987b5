"""The chain of who looked at what: every row stands on the one before it, and the check names what was touched."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import pytest

from bo_tui.db import access
from bo_tui.db.access import Look
from bo_tui.db.tables import Access
from bo_tui.office import Office
from bo_tui.rules import checking
from tests.db.test_integrity import tamper

LOOKS = [
    Look("ana", "look", "account", 1, None, 1, "2026-11-20T10:00:00Z"),
    Look("ana", "export", "transactions", None, "12 rows", 1, "2026-11-20T10:00:01Z"),
    Look("bob", "look", "account", 1, "history", None, "2026-11-20T10:00:02Z"),
]


@pytest.fixture
def looked(office: Office) -> Office:
    """An office in which three looks were kept, in two writes."""
    access.write(office.store, LOOKS[:1])
    access.write(office.store, LOOKS[1:])
    return office


def found(office: Office) -> list[str]:
    return [finding.sentence for finding in checking.check(office.store)]


def test_rows_follow_each_other(looked: Office) -> None:
    with looked.reading():
        rows = list(Access.select().order_by(Access.id))
    previous = ""
    for row, look in zip(rows, LOOKS, strict=True):
        assert (row.actor, row.kind, row.subject_id, row.made_at) == (
            look.actor,
            look.kind,
            look.subject_id,
            look.made_at,
        )
        assert row.digest == access.digest_of(row.id, previous, look)
        previous = row.digest
    assert found(looked) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE access SET actor = 'eve' WHERE id = 2",
        "UPDATE access SET made_at = '2026-11-20T10:00:09Z' WHERE id = 1",
        "UPDATE access SET detail = NULL WHERE id = 3",
        "UPDATE access SET subject = 'accoun', detail = 'thistory' WHERE id = 3",
        "UPDATE access SET practice = NULL, subject_id = NULL WHERE id = 1",
    ],
)
def test_a_changed_row_is_named(looked: Office, statement: str) -> None:
    tamper(looked, statement)
    row = statement[-1]
    assert found(looked) == [f"Access row {row} is not as it was written, or its chain is broken."]


def test_a_row_taken_out_is_named(looked: Office) -> None:
    tamper(looked, "DELETE FROM access WHERE id = 2")
    assert found(looked) == ["Access rows 2 to 2 are missing."]


def test_the_store_itself_refuses(looked: Office) -> None:
    with closing(sqlite3.connect(looked.store.path)) as db:
        for statement in ("UPDATE access SET actor = 'eve'", "DELETE FROM access WHERE id = 1"):
            with pytest.raises(sqlite3.IntegrityError):
                db.execute(statement)
        db.rollback()


def test_text_cannot_slip_into_its_neighbour() -> None:
    one = Look("a", "look", "b", None, "c", None, "")
    other = Look("a", "look", "bc", None, "", None, "")
    assert access.text_of(1, "", one) != access.text_of(1, "", other)
    assert access.text_of(1, "", one) != access.text_of(1, "", Look("a", "look", "b", None, None, None, ""))
