"""Random offices against an oracle in plain Python: who starts, and what TSI is told over some weeks (DESIGN section 4)."""

from __future__ import annotations

import shutil
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bo_tui import dates, money
from bo_tui.rules import nightly
from bo_tui.rules.precollect import stops, suspension
from tests import making
from tests.support import busy
from tests.support.book import OfficeBook
from tests.support.precollecting import STEPS, enrol, started, told

FIRST = dates.parse("2026-03-01")
ACCOUNTS, LINES = ("A", "B"), ("A1", "A2", "A3", "B1", "B2")

EVENTS = st.one_of(
    st.tuples(st.just("pay"), st.sampled_from(LINES), st.sampled_from([5_00, 20_00, 60_00, 100_00])),
    st.tuples(st.just("payoff"), st.sampled_from(LINES), st.just(0)),
    st.tuples(st.just("reverse"), st.sampled_from(LINES), st.just(0)),
    st.tuples(st.just("stop"), st.sampled_from(LINES), st.just(0)),
    st.tuples(st.just("hold"), st.sampled_from(ACCOUNTS), st.sampled_from([0, 1])),
    st.tuples(st.just("suspend"), st.sampled_from(ACCOUNTS), st.sampled_from([0, 1, 1])),
)
WEEKS = st.lists(st.tuples(st.sampled_from([1, 20, 50, 51]), st.lists(EVENTS, max_size=3)), min_size=3, max_size=4)
AGES = st.lists(st.integers(40, 75), min_size=5, max_size=5)


@dataclass
class Line:
    account: str
    since: int
    paid: list[list[int]] = field(default_factory=list)  # day, cents still standing, whether TSI was told (or knew)
    fee: int = 60_00
    stays: bool = False
    owed_told: int = 0

    @property
    def ar(self) -> int:
        return self.fee - sum(cents for _, cents, _ in self.paid)


class Oracle:
    """The same office, in plain Python: only accounts, lines and what TSI believes."""

    def __init__(self, ages: list[int], thank_you: bool) -> None:
        self.thank_you = thank_you
        self.lines = {name: Line(name[0], FIRST - age) for name, age in zip(LINES, ages, strict=True)}
        self.with_tsi: dict[str, int] = {}
        self.suspended: dict[str, int] = {}
        self.asked: dict[str, int] = {}
        self.held: dict[str, bool] = {}
        self.kept_out: dict[str, bool] = {}
        self.told: list[tuple[str, str, str, str]] = []
        self.waiting: list[tuple[str, str, int, int]] = []
        self.moves: dict[str, dict[int, int]] = defaultdict(lambda: defaultdict(int))

    def stays(self, account: str) -> list[Line]:
        return [line for line in self.lines.values() if line.account == account and line.stays]

    def pay(self, name: str, day: int, cents: int) -> None:
        line = self.lines[name]
        line.paid.append([day, cents, 0 if line.stays else 1])
        if line.stays:
            self.moves[line.account][day] -= cents

    def reverse(self, name: str, day: int) -> None:
        line = self.lines[name]
        payment = next(row for row in reversed(line.paid) if row[1])
        if line.stays:
            self.moves[line.account][day if payment[2] else payment[0]] += payment[1]
        payment[1] = 0

    def look(self, account: str, day: int, stopped: list[Line]) -> None:
        if account not in self.with_tsi:
            return
        out, stays = [], self.stays(account)
        for _, cents in sorted(self.moves.pop(account, {}).items()):
            if cents:
                self.with_tsi[account] += cents
                out.append(["DB" if cents > 0 else "PP", abs(cents), max(self.with_tsi[account], 0)])
        for line in stays:
            for payment in line.paid:
                payment[2] = 1
        if stays and all(line.ar <= 0 for line in stays):
            if out and out[-1][0] == "PP":
                out[-1][0], out[-1][2] = "PT" if self.thank_you else "PF", 0
            else:
                out.append(["PF", max(self.with_tsi[account], 0), 0])
            self.end(account, stays)
        elif self.held.get(account):
            out.append(["CN", max(self.with_tsi[account], 0), 0])
            self.end(account, stays)
        elif stopped:
            for line in stopped:
                line.stays = False
            if any(line.ar > 0 for line in stays if line.stays):
                cents = sum(line.ar for line in stopped)
                self.with_tsi[account] -= cents
                if cents:
                    out.append(["CR" if cents > 0 else "DB", abs(cents), max(self.with_tsi[account], 0)])
            else:
                out.append(["SS", max(self.with_tsi[account], 0), 0])
                self.end(account, stays)
                self.suspended[account] = day
        self.waiting += [(account, *row) for row in out]

    def end(self, account: str, stays: list[Line]) -> None:
        del self.with_tsi[account]
        for line in stays:
            line.stays = False

    def night(self, day: int) -> None:
        for account in ACCOUNTS:
            self.look(account, day, [])
        self.file(day)
        for account in ACCOUNTS:
            owed = sum(line.ar for line in self.lines.values() if line.account == account)
            chosen = [
                line
                for line in self.lines.values()
                if line.account == account
                and not line.stays
                and line.ar > 0
                and day - line.since > 60
                and owed > 50_00
                and not self.held.get(account)
                and not self.kept_out.get(account)
                and sum(cents for when, cents, _ in line.paid if day - 35 <= when <= day) < 20_00
            ]
            if chosen:
                self.start(account, day, chosen)
        self.file(day)

    def start(self, account: str, day: int, chosen: list[Line]) -> None:
        cents = sum(line.ar for line in chosen)
        kind = "PL"
        if account in self.with_tsi:
            kind = "DB"
        elif account in self.suspended and day - self.suspended[account] <= 50:
            kind = "RI"
        self.with_tsi[account] = self.with_tsi.get(account, 0) + cents
        self.suspended.pop(account, None)
        for line in chosen:
            line.stays = True
            for payment in line.paid:
                payment[2] = 1
        row = (account, kind, cents, max(self.with_tsi[account], 0))
        if kind == "PL":
            self.told.append((account, kind, money.plain(cents), money.plain(cents)))
        else:
            self.waiting.append(row)

    def file(self, day: int) -> None:
        for account, kind, amount, balance in self.waiting:
            if kind == "SS" and account in self.suspended:
                self.suspended[account] = day
            self.told.append((account, kind, money.plain(amount), money.plain(balance)))
        self.waiting = []


@settings(max_examples=8, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(ages=AGES, weeks=WEEKS, thank_you=st.booleans())
def test_nights_tell_tsi_what_the_oracle_says(
    empty_store: Path, tmp_path: Path, ages: list[int], weeks: list, thank_you: bool
) -> None:
    folder = tmp_path / "office"
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    shutil.copy(empty_store, folder / "office.db")
    book = enrol(OfficeBook(busy.opened(folder / "office.db")), thank_you=thank_you)
    oracle = Oracle(ages, thank_you)
    for name, line in oracle.lines.items():
        book.line(name, line.fee, line.since, account=line.account)
    payments: dict[str, list[int]] = defaultdict(list)
    day = FIRST
    for step, events in weeks:
        for kind, subject, cents in events:
            happen(book, oracle, payments, day, kind, subject, cents)
        with mock.patch.object(nightly, "STEPS", STEPS):
            report = book.any_night(day).report
        assert report.exit_code == 0, report.message
        oracle.night(day)
        assert {name for name, line in oracle.lines.items() if line.stays} == started(book)
        said = told(book)
        for account in ACCOUNTS:  # an account's own records keep their order
            assert [row for row in said if row[0] == account] == [row for row in oracle.told if row[0] == account]
        day += step
    assert making.verify(book.office) == []
    book.office.close()


def happen(book, oracle: Oracle, payments, day: int, kind: str, subject: str, cents: int) -> None:
    if kind == "hold":
        if bool(cents) != oracle.held.get(subject, False):
            book.hold(subject, day, kind="deceased") if cents else book.lift(subject, day, kind="deceased")
            oracle.held[subject] = bool(cents)
        return
    if kind == "suspend":
        if bool(cents) != oracle.kept_out.get(subject, False):
            suspension.suspend(book.on(day), 1, subject, bool(cents), stop=True)
            oracle.kept_out[subject] = bool(cents)
            if cents and oracle.stays(subject):
                oracle.look(subject, day, oracle.stays(subject))
        return
    line = oracle.lines[subject]
    if kind == "payoff":
        kind, cents = "pay", line.ar
    if kind == "pay" and cents > 0:
        payments[subject].append(book.pay(subject, cents, day))
        oracle.pay(subject, day, cents)
    elif kind == "reverse" and payments[subject]:
        book.reverse(payments[subject].pop(), day)
        oracle.reverse(subject, day)
    elif kind == "stop" and line.stays:
        stops.stop_precollection(book.on(day), 1, [subject])
        oracle.look(line.account, day, [line])
