"""What payment batches are told and what they answer: plain rows, amounts in cents, days as numbers, ids of the store.

`seen` arguments everywhere are the act of the row that the operator saw: a batch's, or a payment's, whose act also moves with
each of its distributions.
"""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui import money

INSURANCE, GUARANTOR, AGENCY, INVOICE = "insurance", "guarantor", "agency", "invoice"
KINDS = (INSURANCE, GUARANTOR, AGENCY)
TYPES = ("check", "cash", "card", "eft")

LINE, PLACEMENT, ON_ACCOUNT, SUSPENSE = "line", "placement", "on_account", "suspense"
MISC, REFUND, RECOUP = "misc", "refund", "recoup"
SHARES = (LINE, PLACEMENT, ON_ACCOUNT, SUSPENSE, MISC, REFUND, RECOUP)
ALLOWED = {
    INSURANCE: (LINE, SUSPENSE, MISC, REFUND, RECOUP),
    GUARANTOR: (LINE, ON_ACCOUNT, SUSPENSE, MISC, REFUND),
    AGENCY: (PLACEMENT, SUSPENSE, MISC, REFUND, RECOUP),
}  # which distributions a kind of payment may have (back_office_rest.md section 3.5)

UNPOSTED, PARTLY, POSTED, REMOVED = "unposted", "partly", "posted", "removed"
OPEN, SETTLED = "open", "settled"  # rows of a remittance that matched nothing
NET, GROSS = "net", "gross"


@dataclass(frozen=True, slots=True)
class BatchDone:
    """A batch as an act left it; `number` counts per practice."""

    act: int
    batch: int
    number: int


@dataclass(frozen=True, slots=True)
class BatchStanding:
    """A batch as it stands: expected against entered (`current`) and posted, and the act that last changed its own row."""

    id: int
    practice: int
    number: int
    description: str | None
    accounting_date: int | None
    source: str
    created: int
    created_by: str
    expected_count: int
    expected_total: int | None
    current_count: int
    current_total: int
    posted_count: int
    posted_total: int
    act: int

    @property
    def in_balance(self) -> bool:
        """Whether what was entered is what was expected, in count and, where one was given, in total."""
        return self.expected_count == self.current_count and self.expected_total in (None, self.current_total)


@dataclass(frozen=True, slots=True)
class Header:
    """A payment's header as it is entered.

    `payer` (and `plan`) for an insurer's, `account` (a number) or `payer` for a guarantor's, `agency` (a name, of now or of
    before) for an agency's. `another_check` says that it is not the one with the same payer, number, amount and date.
    """

    kind: str
    number: str
    amount: int
    date: int
    type: str = "check"
    payer: str | None = None
    plan: str | None = None
    account: str | None = None
    agency: str | None = None
    received_from_patient: bool = False
    accounting_date: int | None = None
    note: str | None = None
    another_check: bool = False


@dataclass(frozen=True, slots=True)
class Payer:
    """An agency that a payment may be of: how its checks count (net, gross), whether it no longer works for the practice, and
    whether it ever had a debt of it.
    """

    name: str
    remits: str
    former: bool
    had: bool

    @property
    def words(self) -> str:
        """The same for a list: `First Bay, net`, `Gross Co, gross, former`."""
        return f"{self.name}, {self.remits}{', former' if self.former else ''}"


@dataclass(frozen=True, slots=True)
class PaymentDone:
    """A payment as an act left it; `remaining` is what is not distributed yet, below zero when too much is."""

    act: int
    payment: int
    remaining: int


@dataclass(frozen=True, slots=True)
class PaymentStanding:
    """A payment as it stands, with the running figures of its page; `postable` when nothing remains and something is unposted."""

    id: int
    practice: int
    batch: int
    header: Header
    remits: str | None
    state: str
    posted: int | None
    made_by: str
    distributed: int
    remaining: int
    distributions: int
    unposted: int
    act: int

    @property
    def postable(self) -> bool:
        """Whether Post may take it."""
        return self.remaining == 0 and self.unposted > 0


@dataclass(frozen=True, slots=True)
class Reason:
    """A group and reason code of an insurer's distribution; with a transaction code (CONTR) the amount is adjusted off the line."""

    group: str
    reason: str
    amount: int
    transaction_code: str | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """A distribution as it is entered; `kind` says which of the fields count.

    line: `line` (a number), `amount`, for an insurer's also `reasons`, `roll` (guarantor or insurance), `claim`,
    `control_number`, `rank`. placement: `placement`, `gross`, `net`, `commission` (None: 0 when gross is net), all below zero for
    a takeback, then `of_entry` is the EPYMT (None: the latest with so much left). on_account: `account` (a number; None: the
    remitter's), `amount`. suspense, misc: `amount`, `note`. refund: `amount`, `note` (to whom, compulsory). recoup: `amount`
    above zero taken from `of_entry`, an IPYMT of a line or money in suspense or miscellaneous income.
    """

    kind: str
    amount: int | None = None
    line: str | None = None
    account: str | None = None
    placement: int | None = None
    gross: int | None = None
    net: int | None = None
    commission: int | None = None
    of_entry: int | None = None
    reasons: tuple[Reason, ...] = ()
    roll: str | None = None
    claim: str | None = None
    control_number: str | None = None
    rank: str | None = None
    note: str | None = None


@dataclass(frozen=True, slots=True)
class SharesDone:
    """Distributions as an act left them, and what remains of their payment."""

    act: int
    payment: int
    distributions: tuple[int, ...]
    remaining: int


@dataclass(frozen=True, slots=True)
class Refused:
    """A distribution that Post left unposted, and why; `consent` when `repoint` would have posted it."""

    payment: int
    distribution: int
    sentence: str
    consent: bool = False


@dataclass(frozen=True, slots=True)
class PostDone:
    """What Post did: its acts (one for each thousand payments or so), whole and partly posted payments, cents of checks posted.

    `recalled` placements came back to active AR with `recalled_amount` cents, because an insurer paid on their lines. `left`:
    lines whose payer recouped all of what had rolled them; they stay where they are.
    """

    acts: tuple[int, ...]
    payments: int
    partly: int
    distributions: int
    amount: int
    refused: tuple[Refused, ...]
    recalled: int = 0
    recalled_amount: int = 0
    left: tuple[Left, ...] = ()


@dataclass(frozen=True, slots=True)
class Left:
    """What a reversal left on a line: what an operator may have to decide, and whose the line is.

    `adjusted`: cents of reason codes' adjustments that stay because `agency` has the debt; `responsible`: the party that the
    payment had rolled the line to and that keeps it, with `balance` cents owed then, and `why` where it is not the agency's debt;
    `again`: the party it went back to.
    """

    line: str
    adjusted: int = 0
    agency: str | None = None
    responsible: str | None = None
    balance: int = 0
    why: str = ""
    again: str | None = None

    @property
    def sentence(self) -> str:
        """The same for a person."""
        said = []
        if self.adjusted:
            said.append(f"its adjustments of {money.shown(self.adjusted)} stay, {self.agency} has the debt")
        if self.responsible:
            why = self.why or ("" if self.adjusted else f"{self.agency} has the debt")
            because = f" ({why})" if why else ""
            said.append(f"the line stays {_whose(self.responsible)}, {money.shown(self.balance)}{because}")
        if self.again:
            said.append(f"it is {_whose(self.again)} again, as before the payment")
        return f"Line {self.line}: {'; '.join(said)}."


def _whose(party: str) -> str:
    return "the guarantor's" if party == "guarantor" else "the insurer's"


@dataclass(frozen=True, slots=True)
class Moved:
    """Money moved by one act after its payment was posted: the entries made, in order, and their cents together.

    `left`: of a reversal, what became of lines that were rolled, and what it does not decide, line by line; `rest`: what it took
    away of the payment that was never posted, in words.
    """

    act: int
    entries: tuple[int, ...]
    amount: int
    left: tuple[Left, ...] = ()
    rest: str = ""

    @property
    def sentences(self) -> tuple[str, ...]:
        """What a person is told of it besides the amount."""
        return (*([self.rest] if self.rest else []), *(one.sentence for one in self.left))


@dataclass(frozen=True, slots=True)
class LineShare:
    """So much for a line, as the oldest-first rule proposes or an operator asks; `owed` is what the line has left to pay."""

    line: str
    amount: int
    owed: int = 0


@dataclass(frozen=True, slots=True)
class Held:
    """Money of a posted payment that no line has: what went to suspense or miscellaneous income, and what is left there."""

    payment: int
    book: str
    kind: str
    payer: str
    number: str
    posted: int
    amount: int
    left: int


@dataclass(frozen=True, slots=True)
class Imported:
    """A remittance loaded: its batch and payment, rows matched, and those left for the operator as exceptions."""

    act: int
    batch: int
    number: int
    payment: int
    matched: int
    exceptions: int
    amount: int
    remaining: int
