"""What stands at the head of every sheet about an account: who it is and how to reach them; no SSN and no date of birth."""

from __future__ import annotations

from bo_tui import dates
from bo_tui.db.tables import Account, Practice
from bo_tui.formats import contact
from bo_tui.office import Office

_FLAGS = (
    ("returned_mail", "returned mail"),
    ("hold_statements", "statements on hold"),
    ("suspend_precollection", "pre-collection suspended"),
)


def facts(owner: Account, day: int) -> tuple[str, ...]:
    """A line each: practice, guarantor, address, phones and email, flags, the day the figures are of."""
    place = " ".join(part for part in (owner.state, owner.zip) if part)
    address = ", ".join(part for part in (owner.address1, owner.address2, owner.city, place) if part)
    phones = [contact.shown_phone(phone) for phone in (owner.phone, owner.phone2) if phone]
    reached = ", ".join([*phones, *([owner.email] if owner.email else [])])
    flags = ", ".join(words for name, words in _FLAGS if getattr(owner, name))
    practice = Practice.get_by_id(owner.practice)
    return (
        f"Practice {practice.name} ({practice.code})",
        f"Guarantor {owner.guarantor}",
        f"Address {address or 'not known'}",
        f"Phone and email {reached or 'not known'}",
        f"Flags {flags or 'none'}",
        f"As of {dates.iso(day)}",
    )


def printed(office: Office) -> str:
    """Who printed it, on which business date."""
    return f"Printed {dates.iso(office.business_date)} by {office.actor.name}"
