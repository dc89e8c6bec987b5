"""The night against an oracle: random offices close to every edge, events between nights, the same verdicts in plain Python.

HYPOTHESIS_EXAMPLES sets how many offices are tried (8 otherwise).
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bo_tui import money
from bo_tui.db.connection import open_store
from bo_tui.office import Actor, Office
from tests import making
from tests.support.book import OfficeBook, day
from tests.support.oracle import Assigned, Books, Line, Payment, Rules, Waiting

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "8"))
FIRST = day("2026-03-01")
ACCOUNTS = ("A", "B")
AGENCIES = ("One", "Two", "Three")

assignments = st.lists(
    st.tuples(
        st.sampled_from([None] + [(balance, age) for balance in (0, 99, 99, 100) for age in (0, 10, 20, 20)]),
        st.sampled_from([True, True, False]),
        st.sampled_from([None, None, None, 1, 2]),
        st.sampled_from([None, None, None, 199, 200, 201]),
    ),
    min_size=1,
    max_size=3,
)
lines = st.lists(
    st.tuples(
        st.sampled_from(ACCOUNTS),
        st.sampled_from([None, "C1", "C1", "C1"]),
        st.sampled_from([0, 0, 0, 1]),
        st.sampled_from([0, 1, 99, 100, 101, 110, 120, 150, 160]),
        st.sampled_from([1, 10, 11, 20, 21, 30]),
        st.sampled_from(["guarantor"] * 5 + ["insurance"]),
    ),
    min_size=4,
    max_size=8,
)
rules = st.fixed_dictionaries(
    {
        "within": st.sampled_from([None, 0, 5, 5, 5]),
        "minimum": st.sampled_from([None, 10, 11]),
        "percent": st.sampled_from([None, 1, 10_00, 15_00]),
        "account_level": st.booleans(),
        "returned_mail": st.booleans(),
        "reassign": st.booleans(),
        "re_age": st.booleans(),
        "by_dos": st.booleans(),
        "four_eyes": st.sampled_from([None, None, 100, 101]),
    }
)
which = st.integers(0, 99)
payments = st.lists(
    st.tuples(
        which,
        st.sampled_from([1, 9, 10, 11, 15, 50]),
        st.sampled_from([0, 4, 5, 6]),
        st.sampled_from([True, True, False]),
    ),
    min_size=2,
    max_size=8,
)
holds = st.lists(
    st.tuples(which, st.booleans(), st.sampled_from([-1, 0, 1]), st.sampled_from([None, 0, 1, 2])), max_size=3
)
KINDS = (
    "pay", "pay", "bounce", "hold", "flag", "deny", "deny", "add", "post", "take back", "reassign", "agency pays", "insurer",
    "guarantor", "lift mark", "rule", "thresholds",
)  # fmt: skip
events = st.lists(st.tuples(st.sampled_from(KINDS), which, which), min_size=2, max_size=6)
plans = st.fixed_dictionaries(
    {
        "assignments": assignments,
        "lines": lines,
        "rules": rules,
        "payments": payments,
        "holds": holds,
        "flagged": st.sampled_from([[], ["A"], ["B"]]),
        "later": st.lists(st.tuples(events, st.sampled_from([1, 1, 9, 10, 11])), min_size=1, max_size=2),
    }
)

RULES = {
    "within": "payment_within_days",
    "minimum": "payment_minimum",
    "percent": "payment_percent",
    "returned_mail": "roll_returned_mail",
    "reassign": "auto_reassign",
    "re_age": "re_age_if_denied",
    "by_dos": "move_all_by_dos",
}


class Twin:
    """One office, kept twice: by the program and on paper."""

    def __init__(self, office: Office, plan: dict[str, Any]) -> None:
        self.book = OfficeBook(office)
        self.today = FIRST
        self.entries: dict[int, int] = {}  # the paper's payments (by place) -> their entries
        self.paper = Books([], Rules(**plan["rules"]))
        self._settings()
        for name, (thresholds, auto, max_lines, max_amount) in zip(AGENCIES, plan["assignments"], strict=False):
            balance, age = thresholds or (None, None)
            auto = auto and thresholds is not None
            self.paper.assigned.append(Assigned(name, balance, age, auto, max_lines, max_amount))
            self.book.agency(name, balance, age, auto_approve=auto, max_lines=max_lines, max_amount=max_amount)
        for number, values in enumerate(plan["lines"], start=1):
            self._line(f"L{number}", *values)
        for place, amount, ago, guarantor in plan["payments"]:
            self.pay(self._pick(list(self.paper.lines), place), amount, FIRST - ago, guarantor)
        for account in plan["flagged"]:
            self.flag(account)
        for place, whole, since, length in plan["holds"]:
            line = self.paper.lines[self._pick(list(self.paper.lines), place)]
            self.hold(line.account, None if whole else line.number, FIRST + since, length)

    def _settings(self) -> None:
        rules = self.paper.rules
        stored = {RULES.get(name, name): value for name, value in vars(rules).items() if name != "four_eyes"}
        self.book.rules(**stored)
        self.book.practice("LAKE", four_eyes_limit=rules.four_eyes)

    def _line(
        self, number: str, account: str, case: str | None, served: int, fee: int, age: int, responsibility: str
    ) -> None:
        visit = FIRST - 100 + served
        self.book.line(
            number, fee, FIRST - age, account=account, case=case, served=visit, responsibility=responsibility
        )
        self.paper.lines[number] = Line(number, account, case, visit, fee, responsibility, FIRST - age)

    def _pick(self, choices: list[Any], place: int) -> Any:
        return choices[place % len(choices)] if choices else None

    # --- events, each on both sides -----------------------------------------------------------------------------

    def pay(self, number: str, amount: int, when: int, guarantor: bool) -> None:
        entry = self.book.pay(number, amount, when, "GPYMT" if guarantor else "IPYMT")
        payment = self.paper.pay(number, amount, when, guarantor)
        if payment is not None:
            self.entries[len(self.paper.payments) - 1] = entry

    def flag(self, account: str) -> None:
        known = {line.account for line in self.paper.lines.values()}
        if account not in known:
            return
        self.paper.clock += 1
        if account in self.paper.flagged:
            self.book.flag(account, False, self.today)
            del self.paper.flagged[account]
        else:
            self.book.flag(account, True, self.today)
            self.paper.flagged[account] = self.paper.clock

    def hold(self, account: str, line: str | None, since: int, length: int | None) -> None:
        if any(hold[:2] == (account, line) for hold in self.paper.holds):
            return
        until = None if length is None else since + length
        self.paper.holds.append((account, line, since, until))
        self.book.hold(account, since, until, line=line)

    def happen(self, kind: str, place: int, more: int) -> None:
        """One event, on a line that allows it; nothing where none does."""
        self.paper.clock += 1
        getattr(self, f"_{kind.replace(' ', '_')}")(place, more)

    def _line_where(self, place: int, allowed: Any) -> Line | None:
        return self._pick([line for line in self.paper.lines.values() if allowed(line)], place)

    def _in_ar(self, line: Line) -> bool:
        return line.number not in self.paper.placed

    def _pay(self, place: int, more: int) -> None:
        line = self._line_where(place, self._in_ar)
        if line is not None:
            self.pay(line.number, (1, 9, 10, 50, 150)[more % 5], self.today, more % 3 > 0)

    def _bounce(self, place: int, more: int) -> None:
        left = [number for number, p in enumerate(self.paper.payments) if p.amount > p.undone]
        number = self._pick(left, place)
        if number is None:
            return
        payment: Payment = self.paper.payments[number]
        amount = payment.amount - payment.undone if more % 2 else 1
        self.book.reverse(self.entries[number], self.today, amount)
        self.paper.undo(payment, amount)

    def _hold(self, place: int, more: int) -> None:
        line = self._line_where(place, lambda line: True)
        assert line is not None
        self.hold(line.account, line.number if more % 2 else None, self.today, (None, 1, 2)[more % 3])

    def _flag(self, place: int, more: int) -> None:
        self.flag(ACCOUNTS[place % 2])

    def _deny(self, place: int, more: int) -> None:
        number = self._pick(sorted(self.paper.waiting), place)
        if number is not None:
            self.book.deny(number, self.today)
            self.paper.deny(number, self.today)

    def _add(self, place: int, more: int) -> None:
        line = self._line_where(place, lambda x: self.paper.is_candidate(x) and not self.paper.held(x, self.today))
        agency = self._pick(self.paper.assigned, more)
        if line is not None and agency is not None:
            self.book.add([line.number], agency.agency, self.today)
            line.back = False
            self.paper.waiting[line.number] = Waiting(agency.agency, "add", "operator")

    def _post(self, place: int, more: int) -> None:
        def fine(line: Line) -> bool:
            limit = self.paper.rules.four_eyes
            alone = limit is None or line.ar <= limit  # above it a second person is waited for
            waits = line.number in self.paper.waiting and line.ar > 0 and line.responsibility == "guarantor"
            return waits and alone and not self.paper.held(line, self.today)

        line = self._line_where(place, fine)
        if line is not None:
            self.book.post([line.number], self.today)
            self.paper.post(line.number)

    def _owed(self, place: int) -> str | None:
        return self._pick([number for number, p in sorted(self.paper.placed.items()) if p.balance > 0], place)

    def _take_back(self, place: int, more: int) -> None:
        number = self._owed(place)
        if number is not None:
            self.book.transfer(number, self.today, re_age=more % 2 > 0)
            self.paper.take_back(number, self.today, more % 2 > 0)

    def _reassign(self, place: int, more: int) -> None:
        number = self._owed(place)
        if number is None:
            return
        placement = self.paper.placed[number]
        agency = self._pick([a.agency for a in self.paper.assigned if a.agency != placement.agency], more)
        if agency is not None:
            self.book.reassign(number, agency, self.today)
            placement.agency, placement.pinned = agency, True

    def _agency_pays(self, place: int, more: int) -> None:
        number = self._owed(place)
        if number is not None:
            amount = min((1, 50, 999)[more % 3], self.paper.placed[number].balance)
            self.book.agency_pays(number, amount, self.today)
            self.paper.placed[number].balance -= amount

    def _insurer(self, place: int, more: int) -> None:
        line = self._line_where(place, lambda x: self._in_ar(x) and x.responsibility == "guarantor")
        if line is not None:
            self.book.becomes(line.number, "insurance", self.today)
            line.responsibility = "insurance"

    def _guarantor(self, place: int, more: int) -> None:
        line = self._line_where(place, lambda x: self._in_ar(x) and x.responsibility == "insurance")
        if line is not None:
            self.book.becomes(line.number, "guarantor", self.today)
            line.responsibility, line.aging = "guarantor", self.today

    def _lift_mark(self, place: int, more: int) -> None:
        line = self._line_where(place, lambda x: x.back)
        if line is not None:
            self.book.lift_mark(line.number, self.today)
            line.back = False

    def _rule(self, place: int, more: int) -> None:
        name = self._pick(["returned_mail", "reassign", "re_age", "by_dos", "account_level"], place)
        setattr(self.paper.rules, name, not getattr(self.paper.rules, name))
        self._settings()

    def _thresholds(self, place: int, more: int) -> None:
        assigned = self._pick(self.paper.assigned, place)
        if assigned is None:
            return
        assigned.balance, assigned.age = [(None, None), (0, 10), (99, 20), (100, 0)][more % 4]
        assigned.auto_approve = assigned.auto_approve and assigned.age is not None
        self.book.reassignment_of(
            assigned.agency,
            balance_greater_than=assigned.balance,
            age_greater_than=assigned.age,
            auto_approve=assigned.auto_approve,
        )

    # --- nights -------------------------------------------------------------------------------------------------

    def night(self) -> None:
        """The same night twice, compared line by line."""
        expected = self.paper.night(self.today)
        seen = self.book.night(self.today)
        rows = []
        for row in seen.rows:
            # What is the insurer's has no age; on paper it keeps the last one.
            age = row["age"] if self.paper.lines[row["line"]].responsibility == "guarantor" else None
            rows.append((row["line"], row["outcome"], row["agency"], row["because"], money.parse(row["balance"]), age))
        wanted = [
            (*row[:5], row[5] if self.paper.lines[row[0]].responsibility == "guarantor" else None)
            for row in expected.rows
        ]
        assert sorted(rows, key=str) == sorted(wanted, key=str)
        approved = expected.approved.values()
        assert seen.step("approve") == (len(approved), money.plain(sum(approved)))
        assert set(seen.report.braked) == expected.braked
        assert self.book.waiting() == {number: row.agency for number, row in self.paper.waiting.items()}
        assert self.book.placed() == {number: (p.agency, p.balance) for number, p in self.paper.placed.items()}
        assert dict(self.book.sql("SELECT number, ar FROM service_line")) == {
            number: line.ar for number, line in self.paper.lines.items()
        }


@pytest.fixture(scope="module")
def template(empty_store: Path) -> Path:
    """An empty office to copy for each example."""
    return empty_store


def play(template: Path, plan: dict[str, Any]) -> None:
    """A plan on an office of its own: a first night, then events and a night as often as planned."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "office.db"
        shutil.copy(template, path)
        office = Office(open_store(path), Actor(making.USER, "administrator"), making.DAY)
        try:
            twin = Twin(office, plan)
            twin.night()
            for happenings, days in plan["later"]:
                twin.today += days
                for event in happenings:
                    twin.happen(*event)
                twin.night()
        finally:
            office.close()


@settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True)
@given(plan=plans)
def test_nights_decide_as_the_oracle_does(template: Path, plan: dict[str, Any]) -> None:
    play(template, plan)
