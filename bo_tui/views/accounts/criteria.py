"""What accounts can be searched for by (the account finder of the manual), as conditions on the account table.

A date of service, a case and a check number are answered by indexes (migration 0007); other searches look through a table, and
belong into a worker.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any

from peewee import fn

from bo_tui.db.tables import Account, Entry, Precollection, ServiceLine
from bo_tui.views import prefixes

FLAGS = ("hold_statements", "suspend_precollection", "returned_mail")


@dataclass(frozen=True, slots=True)
class Criteria:
    """What is looked for; empty or None does not count, several must all be met. Days are day numbers.

    `number` is the beginning of the account's number; `guarantor` the beginning of the name, or with `contains` any part of it;
    check number, case and pre-collection id are looked for as they are written, whatever the case of their letters.
    """

    number: str = ""
    guarantor: str = ""
    contains: bool = False
    date_of_birth: int | None = None
    date_of_service: int | None = None
    check: str = ""
    case: str = ""
    precollection: str = ""
    hold_statements: bool = False
    suspend_precollection: bool = False
    returned_mail: bool = False

    @property
    def empty(self) -> bool:
        """Whether nothing is looked for, so that all accounts fit."""
        return replace(self, contains=False) == Criteria()

    @property
    def about_lines(self) -> bool:
        """Whether single lines of an account may fit while others do not."""
        return self.date_of_service is not None or bool(self.check or self.case or self.precollection)

    @property
    def given(self) -> list[str]:
        """The names of what is looked for."""
        none = Criteria()
        return [one.name for one in fields(self) if getattr(self, one.name) != getattr(none, one.name)]


def condition(practice: int, wanted: Criteria) -> Any:
    """The criteria as one condition on an account of a practice; None when nothing is looked for."""
    found = [*_of_account(wanted), *_of_lines(practice, wanted)]
    whole = None
    for one in found:
        whole = one if whole is None else whole & one
    return whole


def begins(column: Any, text: str) -> Any:
    """The condition that a text column begins with a text, in any case, by ranges that an index answers."""
    whole: Any = None
    for low, high in prefixes.text_ranges(text):
        one = (column >= low) & (column < high)
        whole = one if whole is None else whole | one
    rest = prefixes.the_rest(column, text)
    return whole if rest is None else whole & rest


def lines(practice: int, wanted: Criteria) -> Any:
    """The condition on a service fee line that what is looked for of lines sets; None when nothing is."""
    whole: Any = None
    for one in _conditions_on_a_line(practice, wanted):
        whole = one if whole is None else whole & one
    return whole


def _of_account(wanted: Criteria) -> list[Any]:
    found = []
    if wanted.number:
        found.append(begins(Account.number, wanted.number))
    if wanted.guarantor:
        by_part = Account.guarantor.contains(wanted.guarantor)
        found.append(by_part if wanted.contains else begins(Account.guarantor, wanted.guarantor))
    if wanted.date_of_birth is not None:
        found.append(Account.date_of_birth == wanted.date_of_birth)
    return found + [getattr(Account, flag) == True for flag in FLAGS if getattr(wanted, flag)]  # noqa: E712


def _of_lines(practice: int, wanted: Criteria) -> list[Any]:
    """One line must fit all that is looked for of lines."""
    fits = lines(practice, wanted)
    if fits is None:
        return []
    mine = (ServiceLine.practice == practice) & fits
    found = Account.id.in_(ServiceLine.select(ServiceLine.account).where(mine))
    if wanted.check and wanted.date_of_service is None and not (wanted.case or wanted.precollection):
        found |= Account.id.in_(_paid(practice, wanted.check, Entry.account))  # money that is on no line yet
    return [found]


def _conditions_on_a_line(practice: int, wanted: Criteria) -> list[Any]:
    found = []
    if wanted.date_of_service is not None:
        found.append(ServiceLine.date_of_service == wanted.date_of_service)
    if wanted.case:
        same = fn.LOWER(ServiceLine.case) == prefixes.ascii_lower(wanted.case)
        found.append(ServiceLine.case.is_null(False) & same)  # in the words of the index that answers it
    if wanted.check:
        found.append(ServiceLine.id.in_(_paid(practice, wanted.check, Entry.line)))
    if wanted.precollection:
        same = fn.LOWER(Precollection.pre_collection_id) == prefixes.ascii_lower(wanted.precollection)
        stays: Any = Precollection.select(Precollection.line).where((Precollection.practice == practice) & same)
        found.append(ServiceLine.id.in_(stays))
    return found


def _paid(practice: int, check: str, of: Any) -> Any:
    same = Entry.number.is_null(False) & (fn.LOWER(Entry.number) == prefixes.ascii_lower(check))
    return Entry.select(of).where((Entry.practice == practice) & same & of.is_null(False))
