"""The menus' items and, for those without a page yet, what will be there: they are dimmed and say so, nothing is hidden."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Item:
    """One page of a menu: its letter, its name, and what is missing where it is not built yet (None: it is there).

    `action` is what the operator's role must allow (rules/roles.py).
    """

    id: str
    letter: str
    name: str
    missing: str | None = None
    action: str = "look"


def _not_yet(what: str) -> str:
    return f"Not in this version yet: {what}."


MANAGE = (
    Item("accounts", "A", "Accounts"),
    Item("image_batches", "B", "Image Batches", _not_yet("scanned pages that belong to payments and charges")),
    Item("charge_batches", "C", "Charge Batches", _not_yet("entering charges; lines come by import until then")),
    Item("collections", "L", "Collections"),
    Item("payment_batches", "P", "Payment Batches"),
    Item("precollections", "T", "Pre-Collections (Transworld)"),
    Item("address_corrections", "D", "Address Corrections"),
    Item("external", "X", "External Collections"),
    Item("statement_batches", "S", "Statement Batches", _not_yet("statements to guarantors")),
    Item("letters", "K", "Collection Letters", _not_yet("letters that collectors' tasks ask for")),
    Item("electronic_claims", "E", "Electronic Claims", _not_yet("claims to insurers as files")),
    Item("paper_claims", "R", "Paper Claims", _not_yet("claims to insurers on paper")),
)
ADMIN = (
    Item("collections_admin", "C", "Collections Admin"),
    Item("agencies", "A", "External Collection Agencies"),
    Item("operators", "O", "Operators"),
    Item("audit", "T", "Audit Trail", action="audit"),
)
PREFERENCES = Item(
    "preferences", "R", "Preferences", _not_yet("settings of this workstation; they stand in settings.toml")
)
