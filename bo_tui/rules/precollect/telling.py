"""What TSI is told of one account, from what its lines were told before and what was posted since: no database here.

TSI knows accounts, the office lines (DESIGN section 4): PP, CR and DB change the account's amount and end nothing; PF (PT with a
thank-you letter), SS and CN end it. A day's postings are netted first, payments apart from everything else. The balance told is
always the account's last one and the message's amount, so that TSI's own arithmetic agrees.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

MONEY = "money"  # a payment or its reversal
OTHER = "other"  # an adjustment, a reversed fee, and whatever else moved the balance
MOVED = "moved"  # to an agency, or back from one
WITH, SUSPENDED, ENDED = "with", "suspended", "ended"
EXTERNAL_WORDS = "moved to external collections"
INSURED_WORDS = "the insurer's responsibility"
HELD_WORDS = "bankruptcy, deceased or do-not-collect"
STOPPED_WORDS = "stopped by the office"


@dataclass(frozen=True, slots=True)
class Stay:
    """A line's open stay: cents told and owed in active AR, whether it was and is the insurer's, and what ends it now."""

    id: int
    line: int
    told: int
    ar: int
    insured_then: bool = False
    insured_now: bool = False
    placed: bool = False
    held: bool = False
    stopped: bool = False

    @property
    def now(self) -> int:
        """Cents that TSI is to collect of the line: nothing of what an agency or the insurer has to pay."""
        return 0 if self.placed or self.insured_now else self.ar

    @property
    def owes(self) -> bool:
        """Whether anything is left of the line that TSI may have to collect, now or once it is the guarantor's again."""
        return not self.placed and self.ar > 0


@dataclass(frozen=True, slots=True)
class Move:
    """What one entry did to a stay's line in active AR: its id, day, kind, and signed cents."""

    stay: int
    entry: int
    date: int
    kind: str
    cents: int


@dataclass(frozen=True, slots=True)
class Message:
    """One record for TSI, cents and day numbers; with `left_out` it is only listed, for `line`."""

    type: str
    date: int
    amount: int
    balance: int
    reason: str | None = None
    line: int | None = None
    left_out: bool = False


@dataclass(slots=True)
class Told:
    """What a look at an account leaves: messages, the account's state and amount, and how each ended stay (by id) ended."""

    messages: list[Message] = field(default_factory=list)
    state: str = WITH
    told: int = 0
    ended: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Manner:
    """How the practice has TSI told: with a thank-you letter, without debt that moved to an agency; `day` is the business date."""

    day: int
    thank_you: bool = False
    exclude_excol: bool = False


def tell(told: int, stays: Sequence[Stay], moves: Iterable[Move], manner: Manner, *, held: bool = False) -> Told:
    """What TSI is told of an account with it for `told` cents; `held`: the whole account may not be collected any more."""
    look = _Look(Told(told=told), manner)
    by_stay: dict[int, list[Move]] = {}
    for move in moves:
        by_stay.setdefault(move.stay, []).append(move)
    moved = [it for it in (look.of_stay(stay, by_stay.get(stay.id, [])) for stay in stays) if it is not None]
    here = [stay for stay in stays if not stay.placed]
    owing = [stay for stay in here if stay.owes]
    to_agency = len(here) < len(stays) and not manner.exclude_excol
    if owing and to_agency:
        for move in moved:
            look.add(move.date, OTHER, -move.cents, EXTERNAL_WORDS)
    look.say_postings()
    if manner.exclude_excol:
        look.leave_out(stays, moved)
    for stay in stays:
        if stay.placed:
            look.result.ended[stay.id] = "external"
    if here and not owing and not to_agency:
        look.paid(here)
    elif stays or held:
        look.end(here, to_agency, held)
    return look.result


@dataclass(slots=True)
class _Look:
    result: Told
    manner: Manner
    days: dict[tuple[int, int], int] = field(default_factory=dict)
    reasons: dict[tuple[int, int], str | None] = field(default_factory=dict)

    def add(self, date: int, kind: str, cents: int, reason: str | None = None) -> None:
        key = (
            date,
            int(kind == MONEY),
        )  # on one day what is no payment comes first, so that the payment is what pays in full
        self.reasons[key] = reason if key not in self.days or self.reasons[key] == reason else None
        self.days[key] = self.days.get(key, 0) + cents

    def of_stay(self, stay: Stay, moves: list[Move]) -> Move | None:
        """Take up a stay's postings; what of it moved to an agency, if it did."""
        if stay.insured_then or stay.insured_now:  # what happened to the insurer's part is not TSI's matter
            if stay.now != stay.told:
                self.add(self.manner.day, OTHER, stay.now - stay.told, INSURED_WORDS)
            return None
        left, last = stay.told, None
        if stay.placed:
            gone = [move.entry for move in moves if move.kind == MOVED and move.cents < 0]
            last = next((move for move in moves if gone and move.entry == gone[-1]), None)
            moves = [move for move in moves if last is not None and move.entry < last.entry]
        for move in moves:
            self.add(move.date, move.kind, move.cents)
            left += move.cents
        if not stay.placed:
            if left != stay.ar:  # only of debt that TSI had before the office started
                self.add(self.manner.day, OTHER, stay.ar - left)
            return None
        date = self.manner.day if last is None else last.date
        return Move(stay.id, 0, date, MOVED, left) if left else None

    def say_postings(self) -> None:
        for date, money in sorted(self.days):
            cents = self.days[date, money]
            if cents:
                kind = "DB" if cents > 0 else "PP" if money else "CR"
                self.say(kind, date, cents, self.reasons[date, money])

    def say(self, kind: str, date: int, cents: int, reason: str | None = None) -> None:
        self.result.told += cents
        message = Message(kind, date, abs(cents), max(self.result.told, 0), reason)
        self.result.messages.append(message)

    def leave_out(self, stays: Sequence[Stay], moved: list[Move]) -> None:
        lines = {stay.id: stay.line for stay in stays}
        for move in moved:
            left = Message(
                "CR", move.date, max(move.cents, 0), max(self.result.told, 0), EXTERNAL_WORDS, lines[move.stay], True
            )
            self.result.messages.append(left)

    def paid(self, stays: Sequence[Stay]) -> None:
        """PF, or PT where a payment did it: the last thing told of the account becomes the end of it."""
        said = [message for message in self.result.messages if not message.left_out]
        last = said[-1] if said and said[-1].type in ("PP", "CR") else None
        if last is None:
            self.close("PF", max(self.result.told, 0), None)
        else:
            kind = "PT" if last.type == "PP" and self.manner.thank_you else "PF"
            at = self.result.messages.index(last)
            self.result.messages[at] = replace(last, type=kind, balance=0)
            self.result.told = 0
        self.result.state = ENDED
        self.result.ended.update((stay.id, "paid") for stay in stays)

    def end(self, here: Sequence[Stay], moved: bool, held: bool) -> None:
        """What the office, a hold or an agency takes back: a CR while anything is left with TSI, else SS or CN."""
        barred = [stay for stay in here if stay.held or held]
        stopped = [stay for stay in here if stay.stopped and stay not in barred]
        rest = [stay for stay in here if stay not in barred and stay not in stopped]
        self.result.ended.update((stay.id, "cancelled") for stay in barred)
        self.result.ended.update((stay.id, "stopped") for stay in stopped)
        if any(stay.owes for stay in rest):
            for stays, words in ((barred, HELD_WORDS), (stopped, STOPPED_WORDS)):
                cents = sum(stay.now for stay in stays)
                if cents:
                    self.say("CR" if cents > 0 else "DB", self.manner.day, -cents, words)
            return
        if not (barred or stopped or moved or held):
            return  # all of it went to an agency, and the practice leaves that out: TSI is told nothing
        self.result.ended.update((stay.id, "paid") for stay in rest)
        if barred or held:
            self.close("CN", max(self.result.told, 0), HELD_WORDS)
        elif stopped:
            self.close("SS", max(self.result.told, 0), STOPPED_WORDS)
        else:
            self.close("CN", max(self.result.told, 0), EXTERNAL_WORDS)
        self.result.state = SUSPENDED if self.result.messages[-1].type == "SS" else ENDED

    def close(self, kind: str, amount: int, reason: str | None) -> None:
        self.result.told = 0
        self.result.messages.append(Message(kind, self.manner.day, amount, 0, reason))
