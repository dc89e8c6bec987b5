"""Statements and pre-collections: a started line pauses its own statements; a held one may stay out of Start files."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Value, fn

from bo_tui.db.tables import Account, Precollection, StatementHold

Expression = Any  # a peewee expression


def statement_paused(line: Expression) -> Expression:
    """Whether a line (an id, or a column of the query around it) is in pre-collections, where statements pause for it.

    The line's own state, never the account's `hold_statements` (DESIGN section 4): statements resume when the stay ends.
    """
    stay = Precollection.alias("pausing")
    return fn.EXISTS(stay.select(Value(1)).where((stay.line == line) & stay.ended.is_null()))


def statement_held(account: Expression, line: Expression) -> Expression:
    """Whether no statement goes out for a line: the account is set to hold statements, or the line itself is on hold."""
    owner, hold = Account.alias("statement_account"), StatementHold.alias("statement_line")
    of_account = owner.select(Value(1)).where((owner.id == account) & (owner.hold_statements == SQL("1")))
    of_line = hold.select(Value(1)).where((hold.line == line) & hold.lifted.is_null())
    return fn.EXISTS(of_account) | fn.EXISTS(of_line)
