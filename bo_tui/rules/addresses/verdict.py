"""Whether a new address can be kept, in words; and what speaks against one that was asked about with another old address."""

from __future__ import annotations

import re
from typing import Any

from bo_tui.formats.addresses.layout import PARTS
from bo_tui.rules.settings import zips

Address = tuple[str | None, ...]  # address1, address2, city, state, zip

LABELS = {"address1": "the street", "city": "the city", "state": "the state", "zip": "the zip code"}
_NUMBER = re.compile(r"[0-9]+")


def address_of(row: Any, prefix: str = "") -> Address:
    """The address of an account, or of a correction with the prefix `old_` or `new_`; an empty text is None."""
    return tuple(getattr(row, prefix + part) or None for part in PARTS)


def one_line(address: Address) -> str:
    """`12 Oak St Apt 2, San Francisco CA 94110`; empty for no address."""
    street = " ".join(part for part in address[:2] if part)
    place = " ".join(part for part in address[2:] if part)
    return ", ".join(part for part in (street, place) if part)


def lacking(address: Address) -> str | None:
    """Why an account cannot be given this address, as a sentence; None when nothing is missing or disagrees."""
    given = dict(zip(PARTS, address, strict=True))
    missing = [label for part, label in LABELS.items() if not given[part]]
    if missing:
        listed = " and ".join([", ".join(missing[:-1]), missing[-1]] if len(missing) > 1 else missing)
        return f"{listed[0].upper()}{listed[1:]} {'are' if len(missing) > 1 else 'is'} missing."
    state, zip_code = given["state"] or "", given["zip"] or ""
    lies_in = zips.state_of(zip_code)
    if lies_in is not None and lies_in != state:
        return f"Zip code {zip_code} lies in {lies_in}, not in {state}."
    return None


def same(one: Address, other: Address) -> bool:
    """Whether two addresses are the same whatever their capitals and blanks."""
    return [_plain(part) for part in one] == [_plain(part) for part in other]


def sent_another(sent: Address, kept: Address) -> bool:
    """Whether a service was asked about another address than the account has: another zip code or house number.

    Services rewrite streets in their own way, so that words are not compared.
    """
    zips_differ = bool(sent[4] and kept[4]) and (sent[4] or "")[:5] != (kept[4] or "")[:5]
    asked, has = _NUMBER.search(sent[0] or ""), _NUMBER.search(kept[0] or "")
    return zips_differ or bool(asked and has and asked.group() != has.group())


def _plain(part: str | None) -> str:
    return " ".join((part or "").casefold().split())
