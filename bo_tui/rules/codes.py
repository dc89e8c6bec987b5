"""Books and activity codes: what each code means and which books it moves an amount between (DESIGN section 2).

A further code is one more row here. `debit` receives, `credit` gives; `SIDE` stands for the book where the debt is, AR or EXT;
a code that reverses moves its original's books the other way.
"""

from __future__ import annotations

from dataclasses import dataclass

AR = "AR"
EXT = "EXT"
EXT_TRANSIT = "EXT_TRANSIT"
CASH = "CASH"
REVENUE = "REVENUE"
ADJUSTMENT = "ADJUSTMENT"
COMMISSION = "COMMISSION"
AGENCY_PAYABLE = "AGENCY_PAYABLE"
ON_ACCOUNT = "ON_ACCOUNT"
SUSPENSE = "SUSPENSE"
MISC_INCOME = "MISC_INCOME"
REFUND = "REFUND"
BOOKS = (
    AR, EXT, EXT_TRANSIT, CASH, REVENUE, ADJUSTMENT, COMMISSION, AGENCY_PAYABLE, ON_ACCOUNT, SUSPENSE, MISC_INCOME, REFUND,
)  # fmt: skip
SIDE = "SIDE"

SVCFE = "SVCFE"
RVFEE = "RVFEE"
IPYMT = "IPYMT"
GPYMT = "GPYMT"
MADJN = "MADJN"
MADJP = "MADJP"
EXCOL = "EXCOL"
AGTFR = "AGTFR"
EPYMT = "EPYMT"
ECOMM = "ECOMM"
RVPAY = "RVPAY"
RVCOMM = "RVCOMM"
RVCOL = "RVCOL"


@dataclass(frozen=True)
class ActivityCode:
    """One activity code: its meaning, and the (debit, credit) pairs of books that it may move an amount between."""

    code: str
    meaning: str
    moves: tuple[tuple[str, str], ...]

    @property
    def memo(self) -> bool:
        """Whether it touches neither AR nor EXT: shown without sign and outside the sum."""
        return not any({AR, EXT} & set(move) for move in self.moves)


_PAYMENTS = ((CASH, AR), (CASH, EXT))
_COMMISSIONS = ((COMMISSION, CASH), (COMMISSION, AGENCY_PAYABLE))


def _reversed(moves: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((credit, debit) for debit, credit in moves)


ACTIVITY = {
    row.code: row
    for row in (
        ActivityCode(SVCFE, "service fee", ((AR, REVENUE),)),
        ActivityCode(RVFEE, "service fee reversed", ((REVENUE, AR),)),
        ActivityCode(IPYMT, "insurer's payment", ((CASH, AR),)),
        ActivityCode(GPYMT, "guarantor's payment", ((CASH, AR),)),
        ActivityCode(MADJN, "adjustment down", ((ADJUSTMENT, AR), (ADJUSTMENT, EXT))),
        ActivityCode(MADJP, "adjustment up", ((AR, ADJUSTMENT), (EXT, ADJUSTMENT))),
        ActivityCode(EXCOL, "placed with an agency", ((EXT, AR), (EXT, EXT_TRANSIT))),
        ActivityCode(AGTFR, "transferred to another agency", ((EXT_TRANSIT, EXT),)),
        ActivityCode(EPYMT, "external collections payment", ((CASH, EXT),)),
        ActivityCode(ECOMM, "agency's commission", _COMMISSIONS),
        ActivityCode(RVPAY, "payment reversed", _reversed(_PAYMENTS)),
        ActivityCode(RVCOMM, "commission reversed", _reversed(_COMMISSIONS)),
        ActivityCode(RVCOL, "brought back to active AR", ((AR, EXT),)),
    )
}

PAYMENTS = (IPYMT, GPYMT, EPYMT)

# code, description, direction: always there, for every practice (CONTRACT, Office CSV)
TRANSACTION_CODES = (
    ("BADDB", "Bad debt", "down"),
    ("SMBAL", "Small balance", "down"),
    ("CHRTY", "Charity care", "down"),
    ("BNKRP", "Bankruptcy", "down"),
    ("DCSD", "Deceased", "down"),
    ("STLMT", "Settlement", "down"),
    ("CRTSY", "Courtesy", "down"),
    ("NOCON", "No consent form", "down"),
    ("TIMLY", "Timely filing", "down"),
    ("CONTR", "Contractual", "down"),
    ("CORRP", "Correction up", "up"),
    ("NSFEE", "Returned check fee", "up"),
    ("INTRS", "Interest", "up"),
)


def signed(book: str, debit: str, credit: str, amount: int) -> int | None:
    """The amount as it stands in one book's tree: added, taken away, or None for a memo row."""
    if debit == book:
        return amount
    return -amount if credit == book else None
