"""Every act in any order: the invariants of DESIGN section 2 after each step, and balances kept by a model of its own."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from bo_tui.db.connection import open_store
from bo_tui.errors import Refusal
from bo_tui.office import Actor, Office
from bo_tui.rules import checking, payments
from bo_tui.rules.batches import distributions, held, reversing
from bo_tui.rules.batches.model import Share
from bo_tui.rules.external import pending, reverse, updates
from tests import making
from tests.support.book import OfficeBook, day
from tests.support.paying import Desk, gross

EXAMPLES = int(os.environ.get("HYPOTHESIS_EXAMPLES", "6"))
FIRST = day("2026-03-01")
AGENCIES = ("One", "Two", "Plain")
NUMBERS = tuple(f"L{number}" for number in range(1, 7))
ACCOUNT_OF = "SELECT a.number FROM service_line l JOIN account a ON a.id = l.account WHERE l.number = ?"
FEES = {number: 100_00 + place for place, number in enumerate(NUMBERS)}
UP = {"SVCFE": 1, "MADJP": 1, "RVPAY": 1, "RVFEE": -1, "IPYMT": -1, "GPYMT": -1, "EPYMT": -1, "MADJN": -1, "REFND": 1}
BOOKS = ("CASH", "COMMISSION", "ON_ACCOUNT", "SUSPENSE", "AGENCY_PAYABLE", "MISC_INCOME", "REFUND")  # the model's own
AMOUNTS = st.sampled_from([1, 33_33, 50_00, 100_00, 120_00])
LINES = st.sampled_from(NUMBERS)
PAYMENTS = ("EPYMT", "GPYMT", "IPYMT")
REVERSIBLE = (
    "EPYMT",
    "EPYMT",
    "GPYMT",
    "GPYMT",
    "ECOMM",
    "MADJN",
    "MADJP",
    "EXCOL",
    "RVPAY",
    "AGTFR",
    "RVCOL",
    "SVCFE",
)
template: Path | None = None


class Acts(RuleBasedStateMachine):
    """An office of six lines on two accounts; what is refused must leave no trace."""

    def __init__(self) -> None:
        super().__init__()
        assert template is not None
        self.folder = tempfile.TemporaryDirectory()
        path = Path(self.folder.name) / "office.db"
        shutil.copy(template, path)
        self.office = Office(open_store(path), Actor(making.USER, "administrator"), making.DAY)
        self.book = OfficeBook(self.office)
        self.today = FIRST
        self.owed: dict[str, int] = {}  # by line: what the debt is, wherever it stands
        self.books: defaultdict[str, int] = defaultdict(int)  # what BOOKS should hold, debits less credits

    def teardown(self) -> None:
        try:
            assert checking.check(self.office.store) == []
        finally:
            self.office.close()
            self.folder.cleanup()

    @initialize()
    def open_the_office(self) -> None:
        self.book.agency("One", balance=50_00, age=10, auto_approve=True, auto_create_file=True, max_lines=2)
        self.book.agency("Two", balance=50_00, age=20, auto_create_file=True)
        self.book.agency("Plain")
        self.book.rules(
            auto_reassign=True,
            move_all_by_dos=True,
            roll_returned_mail=True,
            payment_within_days=5,
            payment_minimum=40_00,
        )
        for place, number in enumerate(NUMBERS):
            account = "A" if place < 3 else "B"
            self.book.line(
                number, FEES[number], FIRST - 9 - 3 * place, account=account, case="C1" if place % 3 else None
            )
            self.owed[number] = FEES[number]
        for number in NUMBERS[:4]:
            self.pays(number, 10_00, "GPYMT")
        self.add_and_post(["L2", "L3", "L4"], "One")
        self.receive("L2", 30_00, 25)
        self.receive("L3", 30_01, 33)

    def tried(self, act, *arguments, **named):
        """Do an act; a refusal must have changed nothing, and gives None."""
        before = self.standing()
        try:
            done = act(*arguments, **named)
        except Refusal as refusal:
            refused = refusal
        else:
            return done or True
        assert refused.exit_code == 65, refused
        assert self.standing() == before
        return None

    def standing(self) -> list[tuple]:
        tables = ("act", "entry", "change", "pending", "placement", "hold")
        return [self.book.sql(f"SELECT count(*), max(id) FROM {table}")[0] for table in tables]

    def placed(self, number: str) -> bool:
        return number in self.book.placed()

    # --- acts ---------------------------------------------------------------------------------------------------

    @rule(number=LINES, agency=st.sampled_from(AGENCIES))
    def add(self, number: str, agency: str) -> None:
        self.tried(self.book.add, [number], agency, self.today)

    @rule(numbers=st.lists(LINES, min_size=1, max_size=3), agency=st.sampled_from([None, *AGENCIES]))
    def post(self, numbers: list[str], agency: str | None) -> None:
        self.tried(self.book.post, numbers, self.today, agency)

    @rule(numbers=st.lists(LINES, min_size=1, max_size=3), agency=st.sampled_from(AGENCIES))
    def add_and_post(self, numbers: list[str], agency: str) -> None:
        for number in numbers:
            if self.tried(self.book.add, [number], agency, self.today):
                self.tried(self.book.post, [number], self.today)

    @precondition(lambda self: self.book.waiting())
    @rule(place=st.integers(0, 5), all_of_them=st.sampled_from([False, False, False, True]))
    def deny(self, place: int, all_of_them: bool) -> None:
        if all_of_them:
            self.tried(pending.withdraw, self.book.on(self.today), 1, self.today)
            return
        waiting = sorted(self.book.waiting())
        self.tried(self.book.deny, waiting[place % len(waiting)], self.today)

    @precondition(lambda self: self.book.placed())
    @rule(place=st.integers(0, 5), code=st.sampled_from(["SMBAL", "INTRS", "NOSUCH"]), amount=AMOUNTS)
    def adjust(self, place: int, code: str, amount: int) -> None:
        number = self.some_placed(place)
        if self.tried(self.book.adjust, number, code, amount, self.today):
            self.owed[number] += amount if code == "INTRS" else -amount

    @precondition(lambda self: self.book.placed())
    @rule(place=st.integers(0, 5), amount=AMOUNTS, commission=st.sampled_from([0, 0, 25, 33]))
    def agency_pays(self, place: int, amount: int, commission: int) -> None:
        number = self.some_placed(place)
        self.receive(number, min(amount, self.book.placed()[number][1]), commission)

    def receive(self, number: str, amount: int, commission: int) -> None:
        """An agency's payment, and the share of it that it keeps, in percent."""
        if amount:
            share = amount * commission // 100
            self.book.agency_pays(number, amount, self.today, share)
            self.owed[number] -= amount
            self.books["CASH"] += amount - share
            self.books["COMMISSION"] += share

    @precondition(lambda self: self.book.placed())
    @rule(place=st.integers(0, 5), agency=st.sampled_from(AGENCIES))
    def reassign(self, place: int, agency: str) -> None:
        self.tried(self.book.reassign, self.some_placed(place), agency, self.today)

    @precondition(lambda self: self.book.placed())
    @rule(place=st.integers(0, 5), responsible=st.sampled_from(["guarantor", "insurance"]), re_age=st.booleans())
    def transfer(self, place: int, responsible: str, re_age: bool) -> None:
        self.tried(self.book.transfer, self.some_placed(place), self.today, responsible, re_age=re_age)

    def some_placed(self, place: int) -> str:
        choices = sorted(self.book.placed())
        return choices[place % len(choices)]

    @rule(
        number=LINES, amount=AMOUNTS, kept=st.sampled_from([0, 25]), where=st.sampled_from(["on_account", "suspense"])
    )
    def batch(self, number: str, amount: int, kept: int, where: str) -> None:
        """A batch of an agency's check, for a debt that it has or had, and a guarantor's, for a line and more."""
        desk, commission = Desk(self.book, self.today), amount * kept // 100
        debts = self.book.sql("SELECT id, agency_name FROM placement ORDER BY id DESC LIMIT 5")
        account = self.book.sql(ACCOUNT_OF, number)[0][0]
        theirs = (
            desk.header("guarantor", 2 * amount, account=account),
            (Share("line", amount, number), Share(where, amount)),
        )
        checks = [theirs]
        if debts:
            placement, agency = debts[amount % len(debts)]
            header = desk.header("agency", amount - commission, agency=agency)
            checks.append((header, (gross(placement, amount, amount - commission),)))
        batch = desk.batch(*(header.amount for header, _ in checks))
        for header, shares in checks:
            payment = desk.enter(batch, header)
            self.tried(distributions.add, desk.office, payment, shares)
        self.came_in(self.tried(desk.post, batch, repoint=amount > 50_00))

    def came_in(self, done: Any) -> None:
        """Bring the model to what a batch's posting did: what was entered, not what was booked."""
        if not done or not done.acts:
            return
        rows = self.book.sql(
            "SELECT d.kind, d.amount, coalesce(d.gross, d.amount), d.commission, l.number, p.remits FROM distribution d"
            " JOIN payment p ON p.id = d.payment LEFT JOIN service_line l ON l.id = d.line"
            " WHERE d.act = ? AND d.state = 'posted'",
            done.acts[0],
        )
        assert len(rows) == done.distributions
        for kind, cents, whole, commission, line, remits in rows:
            self.books["CASH"] += cents
            self.books["COMMISSION"] += commission or 0
            self.books["AGENCY_PAYABLE"] -= (commission or 0) if remits == "gross" else 0
            if kind in ("line", "placement"):
                self.owed[line] -= whole
            elif kind in ("on_account", "suspense"):
                self.books[kind.upper()] -= cents

    @precondition(lambda self: self.book.sql("SELECT 1 FROM distribution WHERE state = 'posted'"))
    @rule(
        place=st.integers(0, 5),
        to=st.sampled_from(["payer", "suspense", "on_account"]),
        amount=st.sampled_from([None, 1]),
    )
    def take_off(self, place: int, to: str, amount: int | None) -> None:
        """A posted distribution back to its payer, to suspense, or on account."""
        found = self.book.sql(
            "SELECT d.id, l.number FROM distribution d LEFT JOIN service_line l ON l.id = d.line"
            " WHERE d.state = 'posted' ORDER BY d.id DESC LIMIT 6"
        )
        row, number = found[place % len(found)]
        done = self.tried(reversing.reverse_distribution, self.book.on(self.today), row, "an error", amount, to)
        if not done:
            return
        for code, debit, credit, cents in Desk(self.book, self.today).moved(done.act):
            if code == "RVPAY" and debit in ("AR", "EXT"):
                self.owed[number] += cents
            for book in BOOKS:
                self.books[book] += cents * ((debit == book) - (credit == book))

    @rule(account=st.sampled_from("AB"), amount=AMOUNTS)
    def apply(self, account: str, amount: int) -> None:
        """Money on account goes to the account's lines, oldest first."""
        there = held.on_account(self.book.on(self.today), 1, account)
        done = self.tried(held.apply_on_account, self.book.on(self.today), 1, account, None, amount)
        assert done is None or done.amount <= amount <= there
        if done:
            self.books["ON_ACCOUNT"] += done.amount
            for number, cents in self.book.sql(
                "SELECT l.number, e.amount FROM entry e JOIN service_line l ON l.id = e.line WHERE e.act = ?", done.act
            ):
                self.owed[number] -= cents

    @rule(number=LINES, amount=AMOUNTS, code=st.sampled_from(["GPYMT", "IPYMT"]))
    def pays(self, number: str, amount: int, code: str) -> None:
        """To the practice: refused to the guarantor while it is placed, and from an insurer a recall."""
        owing = self.book.placed().get(number, ("", 0))[1]
        placed = self.placed(number)
        done = self.tried(payments.receive, self.book.on(self.today), 1, number, code, amount)
        assert (done is None) == (placed and code == "GPYMT")
        if done:
            assert (done.recalled is not None) == (owing > 0)
            assert self.placed(number) == (placed and owing == 0)
            self.owed[number] -= amount
            self.books["CASH"] += amount

    @rule(number=LINES, code=st.sampled_from(["SMBAL", "INTRS"]), amount=AMOUNTS)
    def adjust_line(self, number: str, code: str, amount: int) -> None:
        """In active AR: never below zero by an adjustment, never while it is placed."""
        before = self.book.balance(number)
        placed = self.placed(number)
        done = self.tried(payments.adjust_line, self.book.on(self.today), 1, number, code, amount, "agreed")
        assert (done is None) == (placed or (code == "SMBAL" and amount > before))
        if done:
            self.owed[number] += amount if code == "INTRS" else -amount

    @rule(code=st.sampled_from(REVERSIBLE), place=st.integers(0, 9), amount=st.sampled_from([None, None, 1, 20_00]))
    def reverse(self, code: str, place: int, amount: int | None) -> None:
        """An entry of some kind, in whatever tree it stands; what cannot be reversed is refused."""
        entries = self.book.sql(
            "SELECT e.id, l.number, e.debit FROM entry e JOIN service_line l ON l.id = e.line WHERE e.code = ? ORDER BY e.id DESC",
            code,
        )
        if not entries:
            return
        entry, number, source = entries[place % len(entries)]
        kept_from = self.book.sql(
            "SELECT credit FROM entry WHERE code = 'ECOMM' AND (id = ? OR parent = ?)", entry, entry
        )
        done = self.tried(reverse.reverse, self.book.on(self.today), entry, "an error", amount)
        if done is None:
            return
        assert code not in ("RVCOL", "RVPAY", "SVCFE", "AGTFR")
        if code in PAYMENTS:
            self.owed[number] += done.amount
            self.books[source] -= done.amount  # what came from on account goes back there
        elif code in ("MADJN", "MADJP"):
            self.owed[number] += done.amount if code == "MADJN" else -done.amount
        if (
            done.commission
        ):  # it goes back to whom it came from: the check that was net of it, or what the agency is owed
            self.books[kept_from[0][0]] += done.commission
            self.books["COMMISSION"] -= done.commission

    @rule(
        act=st.sampled_from(["hold", "lift", "flag", "clear", "lift mark"]),
        account=st.sampled_from("AB"),
        number=LINES,
        days=st.sampled_from([None, 1, 3]),
    )
    def mark(self, act: str, account: str, number: str, days: int | None) -> None:
        until = None if days is None else self.today + days
        line = number if days == 1 else None
        kind = "deceased" if days == 3 else "manual"
        acts = {
            "hold": lambda: self.book.hold(account, self.today, until, line=line, kind=kind),
            "lift": lambda: self.book.lift(account, self.today, line=line, kind=kind),
            "flag": lambda: self.book.flag(account, True, self.today),
            "clear": lambda: self.book.flag(account, False, self.today),
            "lift mark": lambda: self.book.lift_mark(number, self.today),
        }
        self.tried(acts[act])

    @rule(number=LINES, party=st.sampled_from(["guarantor", "insurance"]))
    def rolls(self, number: str, party: str) -> None:
        placed, already = self.placed(number), self.book.the_line(number).responsibility == party
        done = self.tried(payments.roll, self.book.on(self.today), 1, number, party)
        assert (done is None) == (placed or already)

    @rule(agency=st.sampled_from(AGENCIES))
    def file(self, agency: str) -> None:
        self.tried(self.book.file, agency, self.today)

    @rule(agency=st.sampled_from(AGENCIES))
    def tell(self, agency: str) -> None:
        """After an update file, or where there is nothing to tell, the agency's own books agree with the office's."""
        self.tried(updates.make_updates, self.book.on(self.today), 1, self.book.agencies[agency])
        signs = "CASE record_type WHEN 'adjustment_up' THEN 1 WHEN 'payment_reversed' THEN 1 WHEN 'payment' THEN 0 ELSE -1 END"
        rows = self.book.sql(
            "SELECT p.id, p.balance,"
            " (SELECT coalesce(sum((debit = 'EXT') * amount - (credit = 'EXT') * amount), 0) FROM entry e"
            "  WHERE e.placement = p.id AND e.act <= f.made_act),"
            f" (SELECT coalesce(sum({signs} * amount), 0) FROM update_row u WHERE u.placement = p.id),"
            " (SELECT coalesce(sum(amount), 0) FROM entry e WHERE e.placement = p.id AND code = 'EPYMT' AND e.act > f.made_act)"
            " FROM placement p JOIN agency_file f ON f.id = p.file WHERE p.agency_name = ?"
            " AND NOT EXISTS (SELECT 1 FROM update_row u WHERE u.placement = p.id AND u.hold IS NOT NULL)",
            agency,
        )
        for placement, balance, filed, told, collected in rows:
            assert balance == filed + told - collected, placement

    @rule(days=st.sampled_from([1, 1, 5, 11]))
    def night(self, days: int) -> None:
        self.today += days
        self.book.night(self.today, why=False)
        standing = self.standing()
        assert self.book.any_night(self.today).document["status"] == "unchanged"
        assert self.standing() == standing

    # --- invariants ---------------------------------------------------------------------------------------------

    @invariant()
    def one_debt_is_fee_less_what_was_paid(self) -> None:
        """1 and 3: by line AR + EXT is what the model says and what entries say; kept balances equal their entries."""
        net = " ".join(f"WHEN '{code}' THEN {sign} * amount" for code, sign in UP.items())
        rows = self.book.sql(
            "SELECT l.number, l.ar, coalesce((SELECT sum(balance) FROM placement p WHERE p.line = l.id), 0),"
            " coalesce((SELECT sum((debit = 'AR') * amount - (credit = 'AR') * amount) FROM entry WHERE line = l.id), 0),"
            " coalesce((SELECT sum((debit = 'EXT') * amount - (credit = 'EXT') * amount) FROM entry WHERE line = l.id), 0),"
            f" coalesce((SELECT sum(CASE code {net} ELSE 0 END) FROM entry WHERE line = l.id), 0) FROM service_line l"
        )
        for number, ar, ext, ar_entries, ext_entries, owed in rows:
            assert ar + ext == owed == self.owed[number], number
            assert (ar, ext) == (ar_entries, ext_entries), number
            assert ext >= 0

    @invariant()
    def placements_are_what_their_entries_say(self) -> None:
        """2 and 3: one open placement and one open row a line; a closed placement is zero."""
        for table, condition in (("placement", "closed IS NULL"), ("pending", "outcome IS NULL")):
            assert not self.book.sql(f"SELECT line FROM {table} WHERE +{condition} GROUP BY +line HAVING count(*) > 1")
        rows = self.book.sql(
            "SELECT balance, closed, (SELECT coalesce(sum((debit = 'EXT') * amount - (credit = 'EXT') * amount), 0)"
            " FROM entry e WHERE e.placement = p.id) FROM placement p"
        )
        for balance, closed, entries in rows:
            assert balance == entries >= 0
            assert closed is None or balance == 0

    @invariant()
    def nothing_is_between_two_agencies(self) -> None:
        """4: EXT_TRANSIT is zero after each act."""
        assert not self.book.sql(
            "SELECT act FROM entry WHERE 'EXT_TRANSIT' IN (debit, credit) GROUP BY act"
            " HAVING sum((debit = 'EXT_TRANSIT') * amount - (credit = 'EXT_TRANSIT') * amount) <> 0"
        )

    @invariant()
    def cash_and_commission_are_what_was_paid_and_kept(self) -> None:
        """6: what was reversed stands where it was before; money that no line has stands where the model has it."""
        for book in BOOKS:
            sql = f"SELECT coalesce(sum((debit = '{book}') * amount - (credit = '{book}') * amount), 0) FROM entry"
            assert self.book.sql(sql) == [(self.books[book],)], book

    @invariant()
    def nothing_is_reversed_twice(self) -> None:
        """Reversals never exceed the original together."""
        assert not self.book.sql(
            "SELECT o.id FROM entry o JOIN entry r ON r.parent = o.id"
            " WHERE (o.code IN ('EPYMT', 'GPYMT', 'IPYMT') AND r.code = 'RVPAY')"
            " OR (o.code = 'ECOMM' AND r.code = 'RVCOMM')"
            " OR (o.code IN ('MADJN', 'MADJP') AND r.code IN ('MADJN', 'MADJP'))"
            " GROUP BY o.id HAVING sum(r.amount) > o.amount"
        )

    @invariant()
    def a_placed_line_is_not_in_active_ar(self) -> None:
        """What is placed is not pending, and its line keeps no debt in AR; credit it may have, when an insurer paid at zero."""
        assert not self.book.sql(
            "SELECT l.number FROM service_line l JOIN placement p ON p.line = l.id AND p.closed IS NULL WHERE l.ar > 0"
            " OR EXISTS (SELECT 1 FROM pending x WHERE x.line = l.id AND x.outcome IS NULL)"
        )

    @invariant()
    def files_add_up(self) -> None:
        """5: a placement file's count is its rows (an update file's are the check's to compare)."""
        assert not self.book.sql(
            "SELECT f.id FROM agency_file f LEFT JOIN placement p ON p.file = f.id WHERE f.kind <> 'update'"
            " GROUP BY f.id HAVING f.count <> count(p.id)"
        )


@pytest.fixture
def store_template(empty_store: Path) -> Path:
    """An empty office to copy for each run of the machine."""
    global template
    template = empty_store
    return empty_store


def test_any_acts_in_any_order(store_template: Path) -> None:
    run_state_machine_as_test(
        Acts,
        settings=settings(
            max_examples=EXAMPLES,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )
