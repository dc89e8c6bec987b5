"""Whether a practice has an account already: same guarantor and birth date, or same SSN (back_office_rest.md 2.1)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.db.tables import Account
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.accounts import fields
from bo_tui.rules.accounts.fields import AccountFields

SAME_SSN = "same SSN"
SAME_PERSON = "same name and date of birth"
SAME_ORGANIZATION = "same organization"
MOST = 20  # matches that are shown; more would be an import gone wrong


@dataclass(frozen=True, slots=True)
class Match:
    """An account that may be the same guarantor's: its id, what a list shows of it, and why it was found (one or more reasons)."""

    account: int
    number: str
    guarantor: str
    date_of_birth: int | None
    city: str | None
    why: tuple[str, ...]


class Duplicates(RuleRefusal):
    """An account that may be there already; `matches` says which, so that a form can show them and ask."""

    def __init__(self, matches: Sequence[Match]) -> None:
        first = matches[0]
        born = "" if first.date_of_birth is None else f", born {dates.iso(first.date_of_birth)}"
        more = f" and {len(matches) - 1} more" if len(matches) > 1 else ""
        why = " and ".join(first.why)
        super().__init__(f"Account {first.number}, {first.guarantor}{born}, has the {why}{more}.", field="duplicates")
        self.matches = list(matches)


def duplicates(office: Office, practice: int, wanted: AccountFields, *, besides: str | None = None) -> list[Match]:
    """The accounts of a practice that may be the same guarantor's, in order of number; `besides` is the account's own number.

    Raises what `fields.checked` does for fields that cannot be kept.
    """
    with office.reading():
        own = None if besides is None else Account.get_or_none(_numbered(practice, besides))
        values = fields.checked(wanted, office.business_date, own)
        return found(practice, values, None if own is None else own.id)


def found(practice: int, values: Mapping[str, Any], besides: int | None = None) -> list[Match]:
    """As `duplicates`, of values that were checked, within a transaction; `besides` is an account's id."""
    why: dict[int, list[str]] = {}
    rows: dict[int, Account] = {}
    for reason, query in _queries(practice, values):
        for row in query.order_by(Account.number):
            if row.id != besides and (reason != SAME_PERSON or _same_person(row, values)):
                rows[row.id] = row
                why.setdefault(row.id, []).append(reason)
    matches = [
        Match(row.id, row.number, row.guarantor, row.date_of_birth, row.city, tuple(why[row.id]))
        for row in rows.values()
    ]
    return sorted(matches, key=lambda match: match.number)[:MOST]


def refuse_unseen(practice: int, values: Mapping[str, Any], seen: Collection[int], besides: int | None = None) -> None:
    """Raise Duplicates with all matches unless the operator has seen each (`seen`: ids of accounts)."""
    matches = found(practice, values, besides)
    if any(match.account not in seen for match in matches):
        raise Duplicates(matches)


def _queries(practice: int, values: Mapping[str, Any]) -> list[tuple[str, Any]]:
    mine: Any = Account.practice == practice
    queries = []
    if values["ssn"]:
        digits = values["ssn"]
        # an import keeps the SSN as its file wrote it
        written = (digits, f"{digits[:3]}-{digits[3:5]}-{digits[5:]}", f"{digits[:3]} {digits[3:5]} {digits[5:]}")
        queries.append((SAME_SSN, Account.select().where(mine & Account.ssn.in_(written))))
    if values["organization"]:
        queries.append(
            (SAME_ORGANIZATION, Account.select().where(mine & (Account.guarantor == values["organization"])))
        )
    elif values["date_of_birth"] is not None:
        born = Account.date_of_birth == values["date_of_birth"]
        queries.append((SAME_PERSON, Account.select().where(mine & born)))
    return queries


def _same_person(row: Account, values: Mapping[str, Any]) -> bool:
    """Whether last and first names agree whatever their capitals; a middle name is given on one paper and not on the next."""
    return all((getattr(row, name) or "").casefold() == (values[name] or "").casefold() for name in ("last", "first"))


def _numbered(practice: int, number: str) -> Any:
    return (Account.practice == practice) & (Account.number == number)
