"""What becomes of each distribution that is to be posted, decided by one statement against what stands now.

The decisions go to a temporary table, from which entries are written; `how` is `plain`, one of the cases of `cases`, or why the
distribution is refused. Money that goes to the same line or placement twice is added up in the order of entry.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from peewee import JOIN, Case, fn

from bo_tui import money
from bo_tui.db.tables import (
    Distribution,
    DistributionReason,
    Payment,
    Placement,
    Practice,
    ServiceLine,
)
from bo_tui.db.tables.scratch import Paying, emptied
from bo_tui.office import Draft
from bo_tui.rules.batches.model import (
    GROSS,
    GUARANTOR,
    INSURANCE,
    LINE,
    MISC,
    ON_ACCOUNT,
    PLACEMENT,
    RECOUP,
    REFUND,
    SUSPENSE,
    UNPOSTED,
    Refused,
)
from bo_tui.rules.codes import AGENCY_PAYABLE, AR, CASH, EPYMT, EXT, GPYMT, IPYMT, MISC_INCOME, ONACCT, REFND
from bo_tui.rules.codes import ON_ACCOUNT as ON_ACCOUNT_BOOK
from bo_tui.rules.codes import REFUND as REFUND_BOOK
from bo_tui.rules.codes import SUSPENSE as SUSPENSE_BOOK
from bo_tui.rules.external import lookups

PLAIN = "plain"
RECALL, TAKEBACK, MOVED, BACK = "recall", "takeback", "moved", "back"  # cases of their own
AFTER = "after"  # fits by itself, not with all that comes before it: weighed once that is posted, or refused
PLACED, OVER, ADJUSTMENT, FOUR_EYES = "placed", "over", "adjustment", "four_eyes"  # refused

_FIELDS: list[Any] = [
    Paying.distribution, Paying.payment, Paying.kind, Paying.how, Paying.code, Paying.credit, Paying.cents, Paying.amount,
    Paying.commission, Paying.commission_credit, Paying.account, Paying.line, Paying.placement, Paying.of_entry, Paying.roll,
    Paying.number, Paying.note, Paying.accounting_date,
]  # fmt: skip


def judge(draft: Draft, practice: Practice, payments: Sequence[int]) -> None:
    """Put the unposted distributions of some payments (a thousand or so) into the temporary table, each with what becomes of it."""
    emptied(Paying)
    own, now = Placement.alias("own"), Placement.alias("now")
    query: Any = (
        Distribution.select(*_columns(_how(draft, practice, own, now)))
        .join(Payment, on=(Payment.id == Distribution.payment))
        .join(own, JOIN.LEFT_OUTER, on=(own.id == Distribution.placement))
        .join(now, JOIN.LEFT_OUTER, on=((now.line == Distribution.line) & now.closed.is_null()))
        .join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Distribution.line))
    )
    mine = Distribution.payment.in_(list(payments)) & (Distribution.state == UNPOSTED)
    Paying.insert_from(query.where(mine).order_by(Distribution.id), _FIELDS).execute()


def _columns(how: Any) -> list[Any]:
    paid = Case(Payment.kind, [(INSURANCE, IPYMT), (GUARANTOR, GPYMT)], EPYMT)
    code = Case(Distribution.kind, [(ON_ACCOUNT, ONACCT), (REFUND, REFND)], paid)
    books = [(LINE, AR), (PLACEMENT, EXT), (ON_ACCOUNT, ON_ACCOUNT_BOOK), (MISC, MISC_INCOME), (REFUND, REFUND_BOOK)]
    credit = Case(Distribution.kind, books, SUSPENSE_BOOK)
    owed = Case(Payment.remits, [(GROSS, AGENCY_PAYABLE)], CASH)
    both = Distribution.note.is_null(False) & Distribution.reasons.is_null(False)
    joined = Distribution.note.concat("; ").concat(Distribution.reasons)
    note = Case(None, [(both, joined)], fn.COALESCE(Distribution.note, Distribution.reasons))
    account = Case(Distribution.kind, [(ON_ACCOUNT, Distribution.account)], None)
    return [
        Distribution.id, Distribution.payment, Distribution.kind, how, code, credit,
        fn.COALESCE(Distribution.gross, Distribution.amount), Distribution.amount, fn.COALESCE(Distribution.commission, 0), owed,
        account, Distribution.line, Distribution.placement, Distribution.of_entry, Distribution.roll, Payment.number, note,
        Payment.accounting_date,
    ]  # fmt: skip


def _how(draft: Draft, practice: Practice, own: Any, now: Any) -> Any:
    """The first of these that holds; the order matters."""
    kind, amount, down = Distribution.kind, Distribution.amount, adjustments()
    is_line, insured = kind == LINE, Payment.kind == INSURANCE
    limit = practice.four_eyes_limit
    arms: list[tuple[Any, str]] = [
        ((kind == RECOUP) | (Distribution.gross < 0), TAKEBACK),
        (kind.in_((ON_ACCOUNT, SUSPENSE, MISC, REFUND)), PLAIN),
        ((kind == PLACEMENT) & own.closed.is_null(False) & now.id.is_null(), BACK),
        ((kind == PLACEMENT) & own.closed.is_null(False), MOVED),
        ((kind == PLACEMENT) & (Distribution.gross > own.balance), OVER),
        ((kind == PLACEMENT) & (_so_far(Case(None, [(Distribution.gross > 0, Distribution.gross)], 0)) > own.balance), AFTER),
        (is_line & (Payment.kind == GUARANTOR) & now.id.is_null(False) & _recalled(), AFTER),
        (is_line & (Payment.kind == GUARANTOR) & now.id.is_null(False), PLACED),
    ]  # fmt: skip
    if limit is not None:
        arms.append((is_line & (down > limit) & (Distribution.made_by == draft.actor), FOUR_EYES))
    after = ServiceLine.ar - _so_far(amount + down)  # an adjustment takes what the money leaves, and nothing below zero
    adjusted = is_line & (down > 0)
    arms += [(is_line & insured & now.id.is_null(False), RECALL)]
    arms += [(adjusted & (amount + down > ServiceLine.ar), ADJUSTMENT), (adjusted & (after < 0), AFTER)]
    return Case(None, arms, PLAIN)


def adjustments() -> Any:
    """Cents that a distribution's reason codes adjust off its line."""
    of = DistributionReason.select(fn.COALESCE(fn.SUM(DistributionReason.amount), 0))
    mine = (DistributionReason.distribution == Distribution.id) & DistributionReason.transaction_code.is_null(False)
    return fn.COALESCE(of.where(mine), 0)  # a bare subquery takes no arithmetic in peewee


def _so_far(value: Any) -> Any:
    """The sum of this and the distributions before it to the same line or placement."""
    partition = [Distribution.kind, Distribution.placement, Distribution.line]
    return fn.SUM(value).over(partition_by=partition, order_by=[Distribution.id])


def _recalled() -> Any:
    """Whether an insurer's money of the same posting may bring the line's debt back."""
    insured = Case(None, [(Payment.kind == INSURANCE, 1)], 0)
    return fn.MAX(insured).over(partition_by=[Distribution.kind, Distribution.line]) == 1


_SENTENCES = {
    PLACED: "Line {line} is with {agency} as placement {placement}; distribute the money elsewhere, record it on the "
    "placement (Create Coll, Received from Patient), or transfer the debt back first (Transactions, Alt+T; Alt+M X).",
    OVER: "Gross {amount} is more than the balance of placement {placement} of line {line}.",
    ADJUSTMENT: "The adjustments of line {line} are more than its payment leaves of the balance; an adjustment never "
    "goes below zero.",
    FOUR_EYES: "The adjustments of line {line} are above the limit of {limit}; another person than {maker}, who entered them, "
    "must post.",
}


def sentence(how: str, **facts: object) -> str:
    """Why a distribution is refused, in words."""
    return _SENTENCES[how].format(**facts)


def refusals(practice: Practice) -> list[Refused]:
    """What the judgement refused, in words."""
    query: Any = (
        Paying.select(
            Paying.payment, Paying.distribution, Paying.how, Paying.cents, Paying.placement, Paying.line, ServiceLine.number,
            Distribution.made_by,
        )
        .join(Distribution, on=(Distribution.id == Paying.distribution))
        .join(ServiceLine, JOIN.LEFT_OUTER, on=(ServiceLine.id == Paying.line))
        .where(Paying.how.in_(tuple(_SENTENCES)))
        .order_by(Paying.distribution)
    )  # fmt: skip
    found = list(query.tuples())
    where = _where_placed([row[5] for row in found if row[2] == PLACED])
    said = []
    for payment, distribution, how, cents, placement, line, number, maker in found:
        agency, placed = where.get(line, ("", placement))
        words = sentence(
            how, amount=money.shown(cents), placement=placed, line=number, agency=agency, maker=maker,
            limit=money.shown(practice.four_eyes_limit),
        )  # fmt: skip
        said.append(Refused(payment, distribution, words))
    return said


def _where_placed(lines: Sequence[int]) -> dict[int, tuple[str, int]]:
    """By line, the agency that has its debt and the placement."""
    found: dict[int, tuple[str, int]] = {}
    for chunk in lookups.chunks(lines):
        query: Any = Placement.select(Placement.line, Placement.agency_name, Placement.id)
        open_ones = query.where(Placement.line.in_(chunk) & Placement.closed.is_null())
        found.update((line, (agency, row)) for line, agency, row in open_ones.tuples())
    return found
