"""What an account lacks for an agency's layout, in words, before the file is made."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from operator import attrgetter

from bo_tui.formats.agency import table
from bo_tui.formats.agency.row import PlacementRow, ascii_text, ssn

TSI_REFERENCE = 20  # characters of DEBTOR REFERENCE
Need = tuple[str, Callable[[PlacementRow], bool]]

EVERY_LAYOUT: tuple[Need, ...] = (
    ("no name of the guarantor", lambda row: bool(row.debtor_last.strip())),
    ("no street address", lambda row: bool(row.address1.strip())),
    ("no city", lambda row: bool(row.city.strip())),
    ("no state", lambda row: bool(row.state.strip())),
    ("no zip", lambda row: bool(row.zip.strip())),
    (
        "no SSN that can be sent",
        lambda row: row.ssn_setting == "none" or bool(ssn(row.ssn, row.ssn_setting, dashes=True)),
    ),
)
TSI: tuple[Need, ...] = (
    ("no client number at the agency", lambda row: bool(row.client_number.strip())),
    ("no date of birth of the guarantor", lambda row: bool(row.organization) or row.date_of_birth is not None),
)
TOO_LONG = f"account number longer than the {TSI_REFERENCE} characters of the layout (left out of the file)"
_STATE = "a state that is not a two-letter code"
_LETTERS = "letters that this layout cannot carry (sent as ?)"
_READ = attrgetter(
    "client_number", "account", "last", "first", "middle", "organization", "address1", "address2", "city", "email",
    "patient_last", "patient_first", "relationship",
)  # fmt: skip


def lacking(row: PlacementRow, file_type: str) -> list[str]:
    """What a placement's account lacks for a file type (csv, fixed, tsi), a few words each; empty when nothing is missing."""
    needs = EVERY_LAYOUT + (TSI if file_type == "tsi" else ())
    words = [lack for lack, met in needs if not met(row)]
    if row.state.strip() and not (len(row.state.strip()) == 2 and row.state.strip().isalpha()):
        words.append(_STATE)
    if file_type in ("fixed", "tsi") and _is_spelled(_READ(row)):
        words.append(_LETTERS)
    return words + list(_cut(row, file_type))


def _is_spelled(values: tuple[str, ...]) -> bool:
    """Whether a value has letters that become `?`; ASCII, as nearly all is, has none."""
    if "".join(values).isascii():
        return False
    return any(ascii_text(value).count("?") > value.count("?") for value in values)


def _cut(row: PlacementRow, file_type: str) -> Iterator[str]:
    """The identifiers that the layout would cut; an account number that lost its end names somebody else."""
    if file_type == "tsi" and len(ascii_text(row.account)) > TSI_REFERENCE:
        yield TOO_LONG
    if file_type != "fixed":
        return
    for column in table.COLUMNS:
        if column.kind == "text" and column.name != "state" and len(ascii_text(column.value(row))) > column.width:
            yield f"{column.name} of more than {column.width} characters (cut)"
