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
ONACCT = "ONACCT"
GSUSP = "GSUSP"
SMISC = "SMISC"
RVMIS = "RVMIS"
REFND = "REFND"
RVRFD = "RVRFD"
RSCND = "RSCND"
AGPAY = "AGPAY"
RVAGP = "RVAGP"


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


_PAID = ((CASH, AR), (SUSPENSE, AR), (CASH, SUSPENSE), (CASH, MISC_INCOME))  # what no line takes goes straight on
_GUARANTOR = (*_PAID, (ON_ACCOUNT, AR))
_AGENCY = ((CASH, EXT), (SUSPENSE, EXT), (CASH, SUSPENSE), (CASH, MISC_INCOME))
_ON_ACCOUNT = ((CASH, ON_ACCOUNT), (SUSPENSE, ON_ACCOUNT))
_COMMISSIONS = ((COMMISSION, CASH), (COMMISSION, AGENCY_PAYABLE))
_REFUNDS = ((AR, REFUND), (ON_ACCOUNT, REFUND), (SUSPENSE, REFUND), (MISC_INCOME, REFUND), (CASH, REFUND))
# A payment taken off its line may stay with the office: its money then goes to suspense or on account, not back out of CASH.
_KEPT = ((AR, SUSPENSE), (AR, ON_ACCOUNT), (EXT, SUSPENSE), (EXT, ON_ACCOUNT))
_KEPT_COMMISSION = ((SUSPENSE, COMMISSION), (ON_ACCOUNT, COMMISSION))


def _reversed(moves: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    return tuple((credit, debit) for debit, credit in moves)


ACTIVITY = {
    row.code: row
    for row in (
        ActivityCode(SVCFE, "service fee", ((AR, REVENUE),)),
        ActivityCode(RVFEE, "service fee reversed", ((REVENUE, AR),)),
        ActivityCode(IPYMT, "insurer's payment", _PAID),
        ActivityCode(GPYMT, "guarantor's payment", _GUARANTOR),
        ActivityCode(MADJN, "adjustment down", ((ADJUSTMENT, AR), (ADJUSTMENT, EXT))),
        ActivityCode(MADJP, "adjustment up", ((AR, ADJUSTMENT), (EXT, ADJUSTMENT))),
        ActivityCode(EXCOL, "placed with an agency", ((EXT, AR), (EXT, EXT_TRANSIT))),
        ActivityCode(AGTFR, "transferred to another agency", ((EXT_TRANSIT, EXT),)),
        ActivityCode(EPYMT, "external collections payment", _AGENCY),
        ActivityCode(ECOMM, "agency's commission", _COMMISSIONS),
        ActivityCode(
            RVPAY,
            "payment reversed",
            tuple(dict.fromkeys((*_reversed((*_GUARANTOR, *_AGENCY, (CASH, ON_ACCOUNT))), *_KEPT))),
        ),
        ActivityCode(RVCOMM, "commission reversed", (*_reversed(_COMMISSIONS), *_KEPT_COMMISSION)),
        ActivityCode(RVCOL, "brought back to active AR", ((AR, EXT),)),
        ActivityCode(ONACCT, "on account", _ON_ACCOUNT),
        ActivityCode(GSUSP, "moved to suspense", ((ON_ACCOUNT, SUSPENSE),)),
        ActivityCode(SMISC, "moved to miscellaneous income", ((SUSPENSE, MISC_INCOME),)),
        ActivityCode(RVMIS, "back from miscellaneous income", ((MISC_INCOME, SUSPENSE),)),
        ActivityCode(REFND, "refund", _REFUNDS),
        ActivityCode(RVRFD, "refund reversed", _reversed(_REFUNDS)),
        ActivityCode(RSCND, "rescinded by the payer", ((SUSPENSE, CASH), (MISC_INCOME, CASH))),
        ActivityCode(AGPAY, "agency's invoice paid", ((AGENCY_PAYABLE, CASH),)),
        ActivityCode(RVAGP, "agency's invoice reversed", ((CASH, AGENCY_PAYABLE),)),
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
