"""Money as whole cents, and percentages as hundredths of a percent; the only place that knows how either looks.

Amounts are `int` cents everywhere. Text is decimal with two places ("123.45", CONTRACT); screens add thousands separators.
"""

from __future__ import annotations

import re

LARGEST = 10**13  # a hundred thousand million; keeps every sum far inside SQLite's 64 bits
_AMOUNT = re.compile(r"([+-]?)(\d{1,3}(?:,\d{3})+|\d+)(?:\.(\d{1,2}))?")
_FINE = re.compile(r"[+-]?[\d,]+\.\d{3,}")


def parse(text: str) -> int:
    """Cents of a decimal amount such as `123.45`, `-5`, `1,234.50`; ValueError says in words what is wrong with it."""
    text = text.strip()
    match = _AMOUNT.fullmatch(text) if text.isascii() else None
    if match is None:
        if _FINE.fullmatch(text):
            raise ValueError("has fractions of a cent; two decimals at most")
        raise ValueError("is not an amount such as 123.45")
    sign, whole, part = match.groups()
    digits = whole.replace(",", "")
    if len(digits.lstrip("0")) > 11:
        raise ValueError("is too large")
    cents = int(digits) * 100 + int((part or "").ljust(2, "0"))
    return -cents if sign == "-" else cents


def plain(cents: int) -> str:
    """The amount as files and JSON carry it: `1234.50`, `-0.05`."""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def shown(cents: int | None) -> str:
    """The amount as a person reads it: `1,234.50`; nothing for None."""
    if cents is None:
        return ""
    sign = "-" if cents < 0 else ""
    return f"{sign}{abs(cents) // 100:,}.{abs(cents) % 100:02d}"


def parse_percent(text: str) -> int:
    """Hundredths of a percent of a text such as `10`, `12.5` or `12.5%`; ValueError says what is wrong."""
    try:
        value = parse(text.strip().removesuffix("%"))
    except ValueError:
        raise ValueError("is not a percentage such as 12.50") from None
    if value < 0:
        raise ValueError("is below zero")
    return value


def percent_plain(hundredths: int) -> str:
    """A percentage as files carry it: `12.50`."""
    return plain(hundredths)


def share(cents: int, hundredths: int) -> int:
    """So many hundredths of a percent of an amount, in exact cents, half up (DESIGN section 3)."""
    product = cents * hundredths
    return (product + 5000) // 10000


def proportion(cents: int, part: int, whole: int) -> int:
    """`cents * part / whole` in exact cents, half up, for amounts that are not negative; whole must be above zero."""
    return (2 * cents * part + whole) // (2 * whole)
