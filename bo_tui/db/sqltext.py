"""Stored values as the text that a change row keeps, made in SQL, and comparisons in which two NULLs are the same."""

from __future__ import annotations

from typing import Any

from peewee import SQL, Case, Expression, NodeList, Value, fn

from bo_tui.db.fields import CentsField, DayField, FlagField, SsnField

_SECONDS = 86_400
_SSN = 9  # characters at the least; of a shorter text nothing is shown
_HIDDEN = "***-**-"
_VALUE = "{value}"
_PLAIN = (
    "CASE WHEN {value} IS NOT NULL THEN"
    " printf('%s%d.%02d', CASE WHEN {value} < 0 THEN '-' ELSE '' END, abs({value}) / 100, abs({value}) % 100) END"
)


def as_text(kind: Any, value: Any) -> Any:
    """An expression of a value of a field's kind as text: ISO dates, decimal amounts, yes and no, an SSN's last four digits.

    NULL stays NULL.
    """
    if isinstance(kind, DayField):
        return fn.DATE(value * _SECONDS, "unixepoch")
    if isinstance(kind, CentsField):
        return _plain_of(value)
    if isinstance(kind, FlagField):
        return Case(None, [(value == 1, "yes"), (value == 0, "no")])
    if isinstance(kind, SsnField):
        last_four = Value(_HIDDEN).concat(fn.SUBSTR(value, -4))
        return Case(None, [(value.is_null(), None), (fn.LENGTH(value) >= _SSN, last_four)], _HIDDEN)
    return value.cast("text")


def plain(cents: str) -> str:
    """SQL (text) of cents (SQL) as `money.plain` writes them: `1234.50`, `-0.05`; NULL stays NULL."""
    return _PLAIN.replace(_VALUE, f"({cents})")


def _plain_of(cents: Any) -> Any:
    """`plain` of a Peewee expression, from the same text."""
    first, *others = _PLAIN.split(_VALUE)
    parts: list[Any] = [SQL(first)]
    for other in others:
        parts += [cents, SQL(other)]
    return NodeList(parts)


def differ(one: Any, other: Any) -> Any:
    """Whether two values differ, where two NULLs are the same (standard SQL's IS DISTINCT FROM)."""
    return Expression(one, "IS NOT", other)


def same(one: Any, other: Any) -> Any:
    """Whether two values are the same, where two NULLs are the same."""
    return Expression(one, "IS", other)
