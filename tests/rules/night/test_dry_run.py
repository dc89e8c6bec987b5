"""A dry run: the same decisions, and not a byte written (DESIGN section 5)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

import pytest

from bo_tui.errors import NotAllowed
from bo_tui.office import Actor
from tests.support import busy
from tests.support.book import OfficeBook

Copies = Callable[[], OfficeBook]


def bytes_of(folder: Path) -> dict[str, str]:
    """Every file below a folder, but SQLite's own two beside the store."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file() and path.suffix not in (".db-wal", ".db-shm"))
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def settled(book: OfficeBook) -> dict[str, str]:
    """The store's bytes with nothing left beside it."""
    book.office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return bytes_of(book.office.store.folder)


def test_it_says_what_the_night_then_does(copies: Copies) -> None:
    dry = copies().any_night(busy.NIGHT, dry_run=True)
    night = copies().any_night(busy.NIGHT)

    assert dry.document == night.document | {"dry_run": True}  # the same digests even: the same acts
    assert dry.rows == night.rows
    assert dry.report.braked == night.report.braked
    assert dry.report.lacking == night.report.lacking


def test_it_writes_nothing(copies: Copies) -> None:
    book = copies()
    before = settled(book)

    assert book.any_night(busy.NIGHT, dry_run=True).document["status"] == "done"

    assert settled(book) == before
    assert book.sql("SELECT count(*) FROM run WHERE business_date = (SELECT max(business_date) FROM run)") == [(1,)]


def test_the_night_after_a_dry_run_is_as_if_there_had_been_none(copies: Copies) -> None:
    alone = copies()
    alone.any_night(busy.NIGHT)
    book = copies()
    book.any_night(busy.NIGHT, dry_run=True)
    book.any_night(busy.NIGHT)

    assert busy.everything(book.office) == busy.everything(alone.office)


def test_of_a_finished_date_it_is_unchanged(copies: Copies) -> None:
    book = copies()
    done = book.any_night(busy.NIGHT)
    before = settled(book)
    dry = book.any_night(busy.NIGHT, dry_run=True)

    assert dry.document == done.document | {"status": "unchanged", "dry_run": True}
    assert settled(book) == before


def test_a_date_before_the_last_finished_is_refused_too(copies: Copies) -> None:
    dry = copies().any_night("2026-03-01", dry_run=True)

    assert (dry.document["status"], dry.report.exit_code) == ("failed", 65)


def test_files_made_by_hand_since_the_last_night_are_no_finding(book: OfficeBook) -> None:
    """Their copies lie in the office's outbox, not in the scratch copy's."""
    book.agency("First Bay", balance=99_00, age=45, auto_approve=True)
    book.line("L", 480_00, "2026-01-01")
    book.night("2026-03-01")
    book.file("First Bay", "2026-03-01")

    dry = book.any_night("2026-03-02", dry_run=True)

    assert (dry.document["status"], dry.report.message) == ("done", None)


def test_it_can_look_while_a_night_is_at_work_but_not_everybody_may(copies: Copies) -> None:
    from bo_tui.db.lock import night_lock

    book = copies()
    with night_lock(book.office.store, "somebody"):
        assert book.any_night(busy.NIGHT, dry_run=True).document["status"] == "done"
    book.office = book.office.by(Actor("vic", "viewer"))
    with pytest.raises(NotAllowed):
        book.any_night(busy.NIGHT, dry_run=True)
