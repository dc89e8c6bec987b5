"""The layout `tsi`: TSI's placement file, a row per account, 33 fields between pipes (docs/formats.md).

ASCII, a header line, CRLF, no quoting: a pipe in the data becomes `/`. Where an account has several placements in the file,
the one with the oldest date of service speaks for the patient, and the amounts are added. An account's number is never cut: what
is left of it may be another account's (`lacking`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from operator import attrgetter

from bo_tui import dates, money
from bo_tui.formats.agency.row import PlacementRow, piped, ssn

LINE_END = "\r\n"
COLLECTIONS = "2"  # SERVICETYPE: professional collections; 1 would be the fixed-fee letters of pre-collections
DIPLOMATIC = "1"  # SERVICECODE: the usual tone of the first letter

# what the patient is to the guarantor -> what the guarantor is to the patient, as TSI counts it
PATIENT_TYPES = {
    "": "0", "self": "0", "spouse": "1", "husband": "1", "wife": "1", "partner": "1", "life partner": "1",
    "child": "2", "son": "2", "daughter": "2", "stepchild": "2", "ward": "2", "dependent": "2", "foster child": "2",
    "parent": "3", "mother": "3", "father": "3",
}  # fmt: skip
OTHER = "4"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """An account's placements in one file: `oldest` speaks for guarantor and patient, amount and dates are all of theirs."""

    oldest: PlacementRow
    amount: int
    debt_began: int
    last_payment: int | None
    self_pay: bool


def _mmddyyyy(day: int | None) -> str:
    return dates.compact(day, "%m%d%Y")


def _debtor(row: PlacementRow) -> str:
    given = " ".join(part for part in (row.first.strip(), row.middle.strip()[:1]) if part)
    return f"{row.debtor_last}, {given}" if given else row.debtor_last


def _full_ssn(row: PlacementRow) -> str:
    return ssn(row.ssn, row.ssn_setting, dashes=False) if row.ssn_setting == "full" else ""


def _own(value: Callable[[PlacementRow], str]) -> Callable[[AccountRow], str]:
    """What is known of a patient only because they are the guarantor themselves."""
    return lambda account: value(account.oldest) if account.self_pay else ""


def _of(value: Callable[[PlacementRow], str]) -> Callable[[AccountRow], str]:
    return lambda account: value(account.oldest)


def _nothing(_account: AccountRow) -> str:
    return ""


def _patient_born(row: PlacementRow) -> str:
    known = row.patient_date_of_birth
    return _mmddyyyy(row.date_of_birth if known is None and row.self_pay else known)


FIELDS: tuple[tuple[str, Callable[[AccountRow], str]], ...] = (
    ("CLIENT NUMBER", attrgetter("oldest.client_number")),
    ("TRANSMITTAL NUMBER", _nothing),
    ("DEBTOR REFERENCE", attrgetter("oldest.account")),
    ("DEBTOR NAME", _of(_debtor)),
    ("ADDRESS", attrgetter("oldest.address1")),
    ("ADDRESS2", attrgetter("oldest.address2")),
    ("CITY", attrgetter("oldest.city")),
    ("STATE", attrgetter("oldest.state")),
    ("ZIP", attrgetter("oldest.zip")),
    ("DEBTOR PHONE", attrgetter("oldest.phone")),
    ("SECONDARY PHONE", attrgetter("oldest.phone2")),
    ("DEBTOR SSN", _of(_full_ssn)),
    ("DEBTOR DATE OF BIRTH", _of(lambda row: _mmddyyyy(row.date_of_birth))),
    ("PATIENTTYPE", _of(lambda row: PATIENT_TYPES.get(row.relationship.strip().lower(), OTHER))),
    ("PATIENTFIRSTNAME", _of(lambda row: row.patient_first or (row.first if row.self_pay else ""))),
    ("PATIENTLASTNAME", _of(lambda row: row.patient_last or (row.last if row.self_pay else ""))),
    ("PATIENTPHONE1", _own(lambda row: row.phone)),
    ("PATIENTPHONE2", _own(lambda row: row.phone2)),
    ("PATIENTDOB", _of(_patient_born)),
    ("PATIENTSSN", _own(_full_ssn)),
    ("PATIENTADDRESS", _own(lambda row: row.address1)),
    ("PATIENTADDRESS2", _own(lambda row: row.address2)),
    ("PATIENTCITY", _own(lambda row: row.city)),
    ("PATIENTSTATE", _own(lambda row: row.state)),
    ("PATIENTZIP", _own(lambda row: row.zip)),
    ("PATIENTCOUNTRY", _nothing),
    ("LANGUAGE", _nothing),
    ("DATE OF DEBT", lambda account: _mmddyyyy(account.debt_began)),
    ("AMOUNT DUE", lambda account: money.plain(account.amount)),
    ("DATE OF LAST PAY", lambda account: _mmddyyyy(account.last_payment)),
    ("SERVICETYPE", lambda _account: COLLECTIONS),
    ("SERVICECODE", lambda _account: DIPLOMATIC),
    ("COMMENTS", _nothing),
)
NAMES = tuple(name for name, _ in FIELDS)


def accounts(rows: Iterable[PlacementRow]) -> list[AccountRow]:
    """The rows by account, in the order in which each account first appears."""
    grouped: dict[str, list[PlacementRow]] = {}
    for row in rows:
        grouped.setdefault(row.account, []).append(row)
    return [_account(mine) for mine in grouped.values()]


def _account(rows: list[PlacementRow]) -> AccountRow:
    oldest = min(rows, key=lambda row: (row.date_of_service, row.placement))
    return AccountRow(
        oldest=oldest,
        amount=sum(row.balance for row in rows),
        debt_began=min(row.date_of_service if row.responsible_since is None else row.responsible_since for row in rows),
        last_payment=max((row.last_payment_date for row in rows if row.last_payment_date is not None), default=None),
        self_pay=oldest.self_pay,
    )


def render_tsi(rows: Iterable[PlacementRow]) -> bytes:
    """The header line and a line per account."""
    lines = ["|".join(NAMES)]
    lines += [piped([value(account) for _, value in FIELDS]) for account in accounts(rows)]
    return "".join(line + LINE_END for line in lines).encode("ascii")


def parse_tsi(content: bytes) -> list[list[str]]:
    """The data lines of a file that `render_tsi` made, cut into their fields."""
    return [line.split("|") for line in content.decode("ascii").split(LINE_END)[1:] if line]
