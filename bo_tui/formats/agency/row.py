"""What a placement file may say about one placement, and how single values look in any layout.

Nothing here names a procedure or a diagnosis: minimum necessary (docs/formats.md).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from bo_tui.errors import Defect

_BREAKS = re.compile(
    "[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+"
)  # what would end a record or a terminal's patience
_LETTERS = str.maketrans(
    {
        "ß": "ss", "Æ": "AE", "æ": "ae", "Œ": "OE", "œ": "oe", "Ø": "O", "ø": "o", "Ł": "L", "ł": "l", "Đ": "D", "đ": "d",
        "Ð": "D", "ð": "d", "Þ": "Th", "þ": "th", "ı": "i", "‘": "'", "’": "'", "ʼ": "'", "“": '"', "”": '"', "–": "-",
        "—": "-", "‐": "-", "‑": "-", "−": "-",
    }
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PlacementRow:
    """One placement as layouts see it. Amounts are cents, dates day numbers; text that is not known is empty.

    `relationship` is the patient's to the guarantor ("child": the patient is the guarantor's child). `ssn` is as the store
    keeps it and `ssn_setting` says how much of it the agency gets (none, last4, full). `adjustments` is net downward, so
    that original_amount - payments - adjustments = balance for an ordinary line.
    """

    client_number: str
    placement: int
    account: str
    last: str
    first: str
    middle: str
    organization: str
    address1: str
    address2: str
    city: str
    state: str
    zip: str
    phone: str
    phone2: str
    email: str
    date_of_birth: int | None
    ssn: str
    ssn_setting: str
    patient_last: str
    patient_first: str
    patient_date_of_birth: int | None
    relationship: str
    date_of_service: int
    responsible_since: int | None
    original_amount: int
    payments: int
    adjustments: int
    balance: int
    last_payment_date: int | None
    itemization_date: int
    itemization_amount: int

    @property
    def debtor_last(self) -> str:
        """The guarantor's last name, or the organization where no person is named."""
        return self.last or self.organization

    @property
    def self_pay(self) -> bool:
        """Whether the patient is the guarantor: the relationship says so, or nobody else is named."""
        word = self.relationship.strip().lower()
        return word == "self" or (not word and not self.patient_last and not self.patient_first)


def one_line(text: str) -> str:
    """The text without line breaks and other control characters; each run of them becomes a space."""
    if text.isprintable():  # nearly all: a file has half a million cells
        return text.strip()
    return _BREAKS.sub(" ", text).strip()


def ascii_text(text: str) -> str:
    """The text in one line and in ASCII: accents fall away, ligatures are spelled out, what is left becomes `?`."""
    if text.isascii():
        return text.strip() if text.isprintable() else one_line(text)
    text = one_line(text)
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS))
    bare = "".join(character for character in plain if not unicodedata.combining(character))
    return one_line(bare.encode("ascii", "replace").decode())


def piped(cells: Sequence[str]) -> str:
    """The cells between pipes, each in ASCII and one line; a pipe in the data becomes `/`."""
    line = "|".join(cells)
    if (
        line.isascii() and line.isprintable() and line.count("|") == len(cells) - 1
    ):  # nearly all: nothing to be spelled out
        return "|".join(map(str.strip, cells))
    return "|".join([ascii_text(cell).replace("|", "/") for cell in cells])


def ssn(text: str, setting: str, *, dashes: bool) -> str:
    """As much of an SSN as the setting allows: nothing, its last four digits, or all nine; empty when it is not that long."""
    digits = re.sub(r"[^0-9]", "", text)
    if setting == "last4":
        return digits[-4:] if len(digits) >= 4 else ""
    if setting != "full" or len(digits) != 9:
        return ""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if dashes else digits


def fitted(text: str, width: int, *, right: bool = False, name: str = "") -> str:
    """The text in exactly so many characters: text is cut, a figure (`right`) never is; Defect when a figure does not fit."""
    if not right:
        return text[:width].ljust(width)
    if len(text) > width:
        raise Defect(f"{name} {text} is wider than its {width} columns.")
    return text.rjust(width)
