"""The condition under which SQLite sums what is held and owed from the index made for it (migration 0008)."""

from __future__ import annotations

from typing import Any

from peewee import SQL

from bo_tui.db.tables import Entry

_BOOKS = [SQL(f"'{book}'") for book in ("ON_ACCOUNT", "SUSPENSE", "MISC_INCOME", "AGENCY_PAYABLE")]


def held_in(book: str, entry: Any = Entry) -> Any:
    """Entries that touch one of the books of money held or owed.

    The index's own condition stands before it with the books as literals: SQLite takes a partial index only where it sees that its
    condition holds.
    """
    indexed = entry.credit.in_(_BOOKS) | entry.debit.in_(_BOOKS)
    return indexed & ((entry.credit == book) | (entry.debit == book))
