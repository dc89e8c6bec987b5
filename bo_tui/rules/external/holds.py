"""When a hold keeps a debt out of collections: the one place that says so (CONTRACT, `holds.csv`)."""

from __future__ import annotations

from typing import Any

from peewee import fn

from bo_tui.db.tables import Hold

Expression = Any  # a peewee expression; its stubs type values, not conditions


def in_force(account: Expression, line: Expression, day: int) -> Expression:
    """Whether a hold is in force on a day: one on the account (the hold names no line), or one on the line itself.

    `account` and `line` are columns of the query around it, `day` is a business date. A hold is in force when
    since <= day and (until is empty or day < until), so one that ends on the day it began holds nothing.
    The answer is an EXISTS that walks the account's few holds by the index on `hold.account`.
    """
    hold = Hold.alias("hold_in_force")
    began = hold.since <= day
    goes_on = hold.until.is_null() | (hold.until > day)
    reaches = hold.line.is_null() | (hold.line == line)
    return fn.EXISTS(hold.select(1).where((hold.account == account) & reaches & began & goes_on))
