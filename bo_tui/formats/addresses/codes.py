"""What address services' codes mean: NCOALink's return codes and ACS's reasons for mail that cannot be delivered.

NCOALink compares a list with the changes of address filed at the Postal Service; ACS tells of single pieces of mail.
"""

from __future__ import annotations

MOVE_TYPES = {"I": "individual", "F": "family", "B": "business"}

RETURN_CODES = {
    "A": "moved",
    "00": "no change of address",
    "01": "moved abroad",
    "02": "moved, left no address",
    "03": "box closed, no order",
    "04": "no match: unit missing",
    "05": "moved, new address ambiguous",
    "06": "no match: middle names conflict",
    "07": "no match: genders conflict",
    "08": "no match: conflicting orders",
    "09": "no match: building without unit",
    "10": "no match: rural route",
    "11": "no match: name insufficient",
    "12": "no match: middle name differs",
    "13": "no match: gender differs",
    "14": "moved, new address unusable",
    "15": "no match: first name missing",
    "16": "no match: unit differs",
    "17": "no match: other names differ",
    "18": "no match: general delivery",
    "19": "moved, new address unconfirmed",
    "20": "no match: directions conflict",
    "66": "order deleted since",
    "77": "moved 19 to 48 months ago",
    "91": "moved, unit not in the order",
    "92": "moved, unit not in the list",
}
NOBODY_THERE = ("01", "02", "03")
"""Return codes after which mail to the address comes back, and no new one is known."""

REASONS = {
    "A": "attempted, not known",
    "E": "in dispute",
    "G": "box closed, no order",
    "I": "insufficient address",
    "K": "moved, left no address",
    "L": "illegible",
    "M": "no mail receptacle",
    "N": "no such number",
    "P": "deceased",
    "Q": "not deliverable, cannot forward",
    "R": "refused",
    "S": "no such street",
    "U": "unclaimed",
    "V": "vacant",
    "W": "temporarily away",
}


def return_code(cell: str) -> str:
    """A return code as it is kept; a spreadsheet may have taken the zero before `1`. ValueError for one that there is not."""
    code = cell.upper()
    code = code.zfill(2) if code.isdigit() else code
    if code not in RETURN_CODES:
        raise ValueError("is none of NCOALink's return codes, such as A, 00 or 02")
    return code


def move_type(cell: str) -> str:
    """I, F or B, from the letter or its word."""
    letter = cell[:1].upper()
    if cell.upper() != letter and cell.casefold() != MOVE_TYPES.get(letter):
        letter = ""
    if letter not in MOVE_TYPES:
        raise ValueError("is none of I, F, B (individual, family, business)")
    return letter


def reason(text: str | None) -> str | None:
    """Why mail cannot be delivered, in words: of an ACS letter its meaning, of anything else what it says."""
    return None if text is None else REASONS.get(text.upper(), text)


def words(code: str | None, undeliverable: str | None, new: bool) -> str:
    """What a service says of an address, for a list: `returned: vacant`, `moved`, `new address`."""
    why = reason(undeliverable)
    if not new:
        return f"returned: {why or RETURN_CODES.get(code or '', 'no reason given')}"
    parts = [RETURN_CODES[code]] if code else [] if why else ["new address"]
    return "; ".join([*parts, *([why] if why else [])])
