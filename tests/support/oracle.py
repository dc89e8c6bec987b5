"""A night worked out by hand: the rules of DESIGN section 3 and CONTRACT in plain Python over plain data, knowing no code of ours.

Written from those texts alone, so that it can be wrong only where it reads them wrongly. Amounts are cents, days are numbers.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import ROUND_HALF_UP, Decimal

CRITERIA = ("on_hold", "brought_back", "no_assignment", "below_balance", "too_young", "recent_payment")


@dataclass
class Assigned:
    """An agency of the practice; their order is their age."""

    agency: str
    balance: int | None = None
    age: int | None = None
    auto_approve: bool = False
    max_lines: int | None = None
    max_amount: int | None = None


@dataclass
class Rules:
    """The practice's rules."""

    within: int | None = None
    minimum: int | None = None
    percent: int | None = None  # hundredths of a percent
    account_level: bool = False
    returned_mail: bool = False
    reassign: bool = False
    re_age: bool = False
    by_dos: bool = False
    four_eyes: int | None = None


@dataclass
class Line:
    """A service fee line; `fee` less what was paid is its balance while it is in active AR."""

    number: str
    account: str
    case: str | None
    served: int
    ar: int
    responsibility: str
    aging: int
    back: bool = False


@dataclass
class Payment:
    """A guarantor's payment and how much of it was reversed."""

    line: str
    amount: int
    day: int
    undone: int = 0


@dataclass
class Waiting:
    """An open row of Pending."""

    agency: str
    source: str
    because: str


@dataclass
class Placed:
    """An open placement, and the ground on which it was queued."""

    agency: str
    balance: int
    because: str
    pinned: bool = False


Row = tuple[str, str, str | None, str, int, int]  # line, outcome, agency, because, balance, age


@dataclass
class Night:
    """What a night is to say."""

    rows: list[Row] = field(default_factory=list)
    approved: dict[str, int] = field(default_factory=dict)
    braked: set[str] = field(default_factory=set)


@dataclass
class Books:
    """An office's collections as a clerk would keep them on paper."""

    assigned: list[Assigned]
    rules: Rules
    lines: dict[str, Line] = field(default_factory=dict)  # in the order they were made
    payments: list[Payment] = field(default_factory=list)
    holds: list[tuple[str, str | None, int, int | None]] = field(default_factory=list)
    flagged: dict[str, int] = field(default_factory=dict)  # account -> when the flag was last set
    denied: dict[str, int] = field(default_factory=dict)  # line -> when it was last denied as returned mail with re-age
    waiting: dict[str, Waiting] = field(default_factory=dict)
    placed: dict[str, Placed] = field(default_factory=dict)
    clock: int = 0  # counts what happens, for "anew"

    # --- measures -----------------------------------------------------------------------------------------------

    def held(self, line: Line, day: int) -> bool:
        """On hold: since <= D and (until is empty or D < until), on the line or on the whole account."""
        for account, number, since, until in self.holds:
            mine = account == line.account and number in (None, line.number)
            if mine and since <= day and (until is None or day < until):
                return True
        return False

    def is_candidate(self, line: Line) -> bool:
        """Active in AR, the guarantor's, above zero."""
        active = line.number not in self.waiting and line.number not in self.placed
        return active and line.responsibility == "guarantor" and line.ar > 0

    def ranked(self) -> list[Assigned]:
        """Assignments with thresholds in the order of preference."""
        have = [a for a in self.assigned if a.age is not None]
        return sorted(have, key=lambda a: (-a.age, -a.balance, self.assigned.index(a)))

    def best(self, balance: int, age: int) -> Assigned | None:
        """The preferred assignment whose thresholds a balance and age exceed."""
        for a in self.ranked():
            if balance > a.balance and age > a.age:
                return a
        return None

    def paid_lately(self, line: Line, day: int) -> bool:
        """Whether the guarantor's recent payments, net of reversals, reach the bar."""
        rules = self.rules
        if rules.within is None or not (rules.minimum or rules.percent):
            return False

        def counts(payment: Payment) -> bool:
            if rules.account_level:
                return self.lines[payment.line].account == line.account
            return payment.line == line.number

        first = day - rules.within
        paid = sum(p.amount - p.undone for p in self.payments if counts(p) and first <= p.day <= day)
        balance = line.ar
        if rules.account_level:
            of_account = [x for x in self.lines.values() if x.account == line.account]
            balance = sum(x.ar for x in of_account if x.responsibility == "guarantor" and x.ar > 0)
        bars = []
        if rules.minimum:
            bars.append(rules.minimum)
        if rules.percent:
            exact = Decimal(balance) * Decimal(rules.percent) / Decimal(10000)
            bars.append(max(1, int(exact.quantize(Decimal(1), rounding=ROUND_HALF_UP))))
        return paid >= max(bars)

    def fails(self, line: Line, day: int) -> str | None:
        """The criterion under which a line is excluded: for each agency the first it fails, and of those the furthest down."""
        if self.held(line, day):
            return "on_hold"
        if line.back:
            return "brought_back"
        reached = []
        for a in self.assigned:
            if a.age is None:
                continue
            if not line.ar > a.balance:
                reached.append("below_balance")
            elif not day - line.aging > a.age:
                reached.append("too_young")
            elif self.paid_lately(line, day):
                reached.append("recent_payment")
            else:
                return None
        return max(reached, key=CRITERIA.index) if reached else "no_assignment"

    def group(self, line: Line) -> tuple[str, int, str] | None:
        """Account, date of service and case; None without a case."""
        return None if line.case is None else (line.account, line.served, line.case)

    # --- the night ----------------------------------------------------------------------------------------------

    def night(self, day: int) -> Night:
        """Run a night."""
        night = Night()
        self._withdraw(day, night)
        self._returned_mail(day, night)
        self._reassign(day, night)
        self._select(day, night)
        self._approve(day, night)
        return night

    def _row(
        self, night: Night, day: int, line: Line, outcome: str, agency: str | None, because: str, balance=None
    ) -> None:
        shown = line.ar if balance is None else balance
        night.rows.append((line.number, outcome, agency, because, shown, day - line.aging))

    def _withdraw(self, day: int, night: Night) -> None:
        gone: dict[str, str] = {}
        for number, row in self.waiting.items():
            line = self.lines[number]
            if line.ar <= 0:
                gone[number] = "no_balance"
            elif line.responsibility != "guarantor":
                gone[number] = "not_guarantor"
            elif self.held(line, day):
                gone[number] = "on_hold"
            elif row.because == "threshold" and (failed := self.fails(line, day)):
                gone[number] = failed
            elif row.because == "returned_mail" and line.account not in self.flagged:
                gone[number] = "flag_cleared"
        for number, row in self.waiting.items():
            if number in gone or row.because != "dos":
                continue
            mine = self.group(self.lines[number])
            leads = [n for n, r in self.waiting.items() if r.because == "threshold" and n not in gone]
            leads += [n for n, p in self.placed.items() if p.because == "threshold"]
            if not any(self.group(self.lines[n]) == mine for n in leads):
                gone[number] = "no_threshold_row"
        for number, why in gone.items():
            agency = self.waiting.pop(number).agency
            self._row(night, day, self.lines[number], "withdrawn", agency, why)

    def _returned_mail(self, day: int, night: Night) -> None:
        if not self.rules.returned_mail or not self.assigned:
            return
        for line in self.lines.values():
            flagged = self.flagged.get(line.account)
            if flagged is None or not self.is_candidate(line) or line.back or self.held(line, day):
                continue
            if self.denied.get(line.number, -1) > flagged:
                continue
            best = self.best(line.ar, day - line.aging)
            self._queue(night, day, line, (best or self.assigned[0]).agency, "returned_mail")

    def _reassign(self, day: int, night: Night) -> None:
        if not self.rules.reassign:
            return
        ages = {a.agency: a.age for a in self.ranked()}
        for number, placement in self.placed.items():
            line = self.lines[number]
            if placement.pinned or placement.balance <= 0 or self.held(line, day):
                continue
            best = self.best(placement.balance, day - line.aging)
            if best is not None and best.age > ages.get(placement.agency, -1):
                placement.agency = best.agency
                self._row(night, day, line, "reassigned", best.agency, "threshold", placement.balance)

    def _select(self, day: int, night: Night) -> None:
        candidates = [line for line in self.lines.values() if self.is_candidate(line)]
        failed = {line.number: self.fails(line, day) for line in candidates}
        ranks = self.ranked()
        taken: dict[str, tuple[str, str]] = {}
        leaders: dict[tuple[str, int, str], tuple[int, str]] = {}
        for line in candidates:
            if failed[line.number] is None:
                best = self.best(line.ar, day - line.aging)
                taken[line.number] = (best.agency, "threshold")
                group = self.group(line)
                if group is not None:
                    mine = (ranks.index(best), best.agency)
                    leaders[group] = min(leaders.get(group, mine), mine)
        if self.rules.by_dos:
            for line in candidates:
                group = self.group(line)
                kept = failed[line.number] in ("on_hold", "brought_back")
                if line.number not in taken and group in leaders and not kept:
                    taken[line.number] = (leaders[group][1], "dos")
        for line in candidates:
            if line.number in taken:
                self._queue(night, day, line, *taken[line.number])
            else:
                self._row(night, day, line, "excluded", None, failed[line.number])

    def _queue(self, night: Night, day: int, line: Line, agency: str, because: str) -> None:
        self.waiting[line.number] = Waiting(agency, "night", because)
        self._row(night, day, line, "queued", agency, because)

    def _approve(self, day: int, night: Night) -> None:
        by_agency = {a.agency: a for a in self.assigned}
        used: dict[str, list[int]] = {}
        for number, line in self.lines.items():
            row = self.waiting.get(number)
            terms = None if row is None else by_agency.get(row.agency)
            if row is None or terms is None or not terms.auto_approve or row.because == "returned_mail":
                continue
            if self.rules.four_eyes is not None and line.ar > self.rules.four_eyes:
                continue
            if any(x.ar < 0 for x in self.lines.values() if x.account == line.account) or row.agency in night.braked:
                continue
            sums = used.setdefault(row.agency, [0, 0])
            too_many = terms.max_lines is not None and sums[0] + 1 > terms.max_lines
            too_much = terms.max_amount is not None and sums[1] + line.ar > terms.max_amount
            if too_many or too_much:
                night.braked.add(row.agency)
                continue
            sums[0] += 1
            sums[1] += line.ar
            night.approved[number] = line.ar
            self.post(number)

    # --- what people do -----------------------------------------------------------------------------------------

    def post(self, number: str) -> None:
        """A waiting line becomes a placement; where an operator chose the agency it is pinned."""
        row, line = self.waiting.pop(number), self.lines[number]
        self.placed[number] = Placed(row.agency, line.ar, row.because, pinned=row.because == "operator")
        line.ar = 0

    def pay(self, number: str, amount: int, day: int, guarantor: bool) -> Payment | None:
        """Money on a line in active AR."""
        self.lines[number].ar -= amount
        if not guarantor:
            return None
        self.payments.append(Payment(number, amount, day))
        return self.payments[-1]

    def undo(self, payment: Payment, amount: int) -> None:
        """A payment bounces; the amount goes to where the debt is."""
        payment.undone += amount
        if payment.line in self.placed:
            self.placed[payment.line].balance += amount
        else:
            self.lines[payment.line].ar += amount

    def deny(self, number: str, day: int) -> None:
        """End a wait: aged anew by the rule, or marked brought back."""
        row, line = self.waiting.pop(number), self.lines[number]
        if self.rules.re_age:
            line.aging = day
            if row.because == "returned_mail":
                self.denied[number] = self.clock
        else:
            line.back = True

    def take_back(self, number: str, day: int, re_age: bool) -> None:
        """A transfer back to the guarantor."""
        line = self.lines[number]
        line.ar += self.placed.pop(number).balance
        line.back = not re_age
        if re_age:
            line.aging = day
