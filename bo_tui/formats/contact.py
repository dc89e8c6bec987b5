"""Phones, ZIP codes, SSNs and addresses for mail: how each is kept, how it is shown, and what is none.

Each reader takes text without surrounding blanks and returns what is kept; ValueError says in words what is wrong.
"""

from __future__ import annotations

import re

HIDDEN = "***-**-"  # before an SSN's last four digits, in change rows and wherever one is shown
_PHONE = re.compile(r"[0-9 ().+/-]+")
_ZIP = re.compile(r"([0-9]{5})(?:[- ]?([0-9]{4}))?")
_SSN = re.compile(r"[0-9]{9}|[0-9]{3}[- ][0-9]{2}[- ][0-9]{4}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")
_DIGITS = re.compile(r"[^0-9]")


def phone(text: str) -> str:
    """The ten digits of a phone number; a country code 1 before them falls away."""
    digits = _DIGITS.sub("", text)
    if len(digits) == 11 and digits[0] == "1":
        digits = digits[1:]
    if len(digits) != 10 or not _PHONE.fullmatch(text):
        raise ValueError("is not a phone number of 10 digits, such as 206-555-0144")
    return digits


def shown_phone(text: str | None) -> str:
    """`(206) 555-0144`; a text that is not ten digits (an import takes any) as it is, nothing for None."""
    if not text or len(text) != 10 or not (text.isascii() and text.isdigit()):
        return text or ""
    return f"({text[:3]}) {text[3:6]}-{text[6:]}"


def zip_code(text: str) -> str:
    """Five digits, or nine as `54007-1234`."""
    match = _ZIP.fullmatch(text)
    if match is None:
        raise ValueError("is not five digits, or nine as in 54007-1234")
    five, four = match.groups()
    return f"{five}-{four}" if four else five


def ssn(text: str) -> str:
    """The nine digits of a social security number."""
    if not _SSN.fullmatch(text):
        raise ValueError("is not nine digits, such as 123-45-6789")
    return _DIGITS.sub("", text)


def masked_ssn(text: str | None) -> str | None:
    """`***-**-6789`; of what is shorter than nine characters nothing is shown, None stays (as `db.sqltext.as_text`)."""
    if text is None:
        return None
    return HIDDEN + text[-4:] if len(text) >= 9 else HIDDEN


def email(text: str) -> str:
    """An address for electronic mail."""
    if not _EMAIL.fullmatch(text):
        raise ValueError("is not an address such as ana@example.com")
    return text
