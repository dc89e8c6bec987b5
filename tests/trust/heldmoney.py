"""Money that no line has, and agencies that send bills, in any order; and what becomes of tasks and of pending rows.

The model of balances is the base's, with what gross agencies are owed, income and refunds: it goes by what was entered.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, rule

from bo_tui import dates
from bo_tui.rules.batches import (
    batches,
    distributions,
    guarantor,
    invoices,
    onaccount,
    payments,
    remit,
    reversing,
    suspense,
)
from bo_tui.rules.batches.model import Share
from bo_tui.rules.collections import tasks
from bo_tui.rules.collections import transfer as task_transfer
from bo_tui.rules.external import posts
from tests.rules import test_state_machine as base
from tests.support.paying import Desk, gross
from tests.trust.everyact import ACCOUNTS, PLACE, EveryAct

HEADS = "placement,account,client_reference,date,gross,net,commission,type,reference"


class HeldMoney(EveryAct):
    """The office of EveryAct with an agency that remits gross."""

    @initialize()
    def open_the_office(self) -> None:
        super().open_the_office()
        self.book.agency("Gross", remits="gross")

    # --- money that no line has, agencies that send bills -----------------------------------------------------------

    @rule(number=base.LINES, amount=base.AMOUNTS, kept=st.sampled_from([0, 25, 33]))
    def gross_agency(self, number: str, amount: int, kept: int) -> None:
        """An agency that remits gross: the whole check comes in, its commission is owed."""
        self.add_and_post([number], "Gross")
        open_ones = self.book.sql(
            "SELECT id, balance FROM placement WHERE agency_name = 'Gross' AND closed IS NULL AND balance > 0"
        )
        if not open_ones:
            return
        placement, balance = open_ones[amount % len(open_ones)]
        cents = min(amount, balance)
        share = cents * kept // 100
        desk = Desk(self.book, self.today)
        whole = gross(placement, cents, cents - share)
        self.came_in(self.tried(desk.paid, desk.header("agency", cents, agency="Gross"), whole))

    @rule(place=PLACE, amount=st.sampled_from([None, 1, 20_00]), act=st.sampled_from(
        ["back from income", "on account to suspense", "pay the agency", "undo", "undo", "bounced"]
    ))  # fmt: skip
    def held_money(self, place: int, amount: int | None, act: str) -> None:
        """Money held moves back, an invoice is paid, and each is undone."""
        posted = [
            number for (number,) in self.book.sql("SELECT id FROM payment WHERE state = 'posted' ORDER BY id DESC")
        ]
        payment = posted[place % len(posted)] if posted else 0
        held_in = [number for (number,) in self.book.sql("SELECT DISTINCT payment FROM entry WHERE code = 'SMISC'")]
        if act == "back from income" and held_in:
            if done := self.tried(suspense.from_misc, self.on, held_in[place % len(held_in)], amount):
                self.moved("SUSPENSE", "MISC_INCOME", -done.amount)
        elif act == "on account to suspense" and payment:
            account = "AB"[place % 2]
            if done := self.tried(onaccount.on_account_to_suspense, self.on, 1, account, amount or 2, payment):
                self.moved("ON_ACCOUNT", "SUSPENSE", done.amount)
        elif act == "pay the agency":
            self.made += 1
            cents = amount or 3
            owed = -self.books["AGENCY_PAYABLE"]
            done = self.tried(invoices.pay_agency, self.on, 1, "Gross", cents, f"I{self.made}", self.today)
            assert (done is None) == (cents > owed)
            if done:
                self.moved("AGENCY_PAYABLE", "CASH", cents)
        elif act == "undo":
            self._undo(place, amount)
        elif act == "bounced" and payment:
            done = self.tried(reversing.reverse_payment, self.on, payment, "bounced")
            if done:
                self.taken_back(done.act)

    def _undo(self, place: int, amount: int | None) -> None:
        """A refund, an invoice's payment, money on account or in income goes back the way it came, as far as it is there."""
        found = self.book.sql(
            "SELECT e.id, e.debit, e.credit, l.number FROM entry e LEFT JOIN service_line l ON l.id = e.line"
            " WHERE e.code IN ('REFND', 'AGPAY', 'SMISC', 'ONACCT') ORDER BY e.id DESC LIMIT 8"
        )
        if not found:
            return
        entry, debit, credit, number = found[place % len(found)]
        done = self.tried(reversing.reverse_entry, self.on, entry, "an error", amount)
        if done and number is None:
            self.moved(credit, debit, done.amount)
        elif done:
            self.owed[number] -= done.amount
            self.books[credit] += done.amount

    def moved(self, debit: str, credit: str, cents: int) -> None:
        """So much between two books that the model keeps."""
        self.books[debit] += cents
        self.books[credit] -= cents

    def taken_back(self, act: int) -> None:
        """A whole payment taken back: many entries, of which the model takes each side that is not a line's own."""
        for code, debit, credit, cents, number in self.book.sql(
            "SELECT e.code, e.debit, e.credit, e.amount, l.number FROM entry e"
            " LEFT JOIN service_line l ON l.id = e.line WHERE e.act = ?",
            act,
        ):
            for book in base.BOOKS:
                self.books[book] += cents * ((debit == book) - (credit == book))
            if number is not None and code in ("RVPAY", "MADJN", "MADJP", "RVRFD"):
                self.owed[number] += cents * ((debit in ("AR", "EXT")) - (credit in ("AR", "EXT")))

    @rule(amount=base.AMOUNTS, place=PLACE, stranger=st.booleans())
    def remittance(self, amount: int, place: int, stranger: bool) -> None:
        """An agency's file of payments: what it names wrongly waits, is settled, and its money stands in suspense."""
        debts = self.book.sql(
            "SELECT id, balance FROM placement WHERE agency_name = 'One' AND closed IS NULL AND balance > 0"
        )
        if not debts:
            return
        placement, balance = debts[place % len(debts)]
        cents, kept = min(amount, balance), min(amount, balance) // 4
        day = dates.iso(self.today)
        rows = [f"{placement},,,{day},{cents / 100:.2f},{(cents - kept) / 100:.2f},,payment,R{self.made}"]
        rows += [f"999999,,,{day},7.00,7.00,,payment,"] if stranger else []
        path = self.path("remit.csv", "\n".join((HEADS, *rows)) + "\n")
        done = self.tried(remit.import_remit, self.on, 1, "One", path, number=f"R{self.made}")
        if not done:
            return
        assert (done.matched, done.exceptions) == (1, int(stranger))
        desk = Desk(self.book, self.today)
        for (row,) in self.book.sql("SELECT id FROM payment_exception WHERE state = 'open'"):
            self.tried(remit.settle_exception, self.on, row, "in suspense")
        if stranger:
            self.tried(distributions.add, self.on, done.payment, (Share("suspense", 7_00, note="unknown"),))
        self.came_in(self.tried(desk.post, done.batch))

    @rule(account=ACCOUNTS, amount=base.AMOUNTS, act=st.sampled_from(["oldest", "header", "line by line"]))
    def guarantors_check(self, account: str, amount: int, act: str) -> None:
        """A check over an account's lines, oldest first; or one whose header was keyed wrongly at first; then posted."""
        desk = Desk(self.book, self.today)
        batch = desk.batch(amount)
        header = desk.header("guarantor", amount, account=account)
        payment = desk.enter(batch, header)
        if act == "header":
            other = desk.header("guarantor", amount, account=account)
            self.tried(payments.update, self.on, payment, other)
            self.tried(batches.update, self.on, batch, 1, amount, None, f"keyed {amount}")
        elif act == "line by line":
            self.tried(distributions.add, self.on, payment, (Share("on_account", amount),))
            ((row,),) = self.book.sql("SELECT max(id) FROM distribution")
            self.tried(distributions.remove, self.on, row)
        self.tried(guarantor.distribute, self.on, payment, account)
        self.came_in(self.tried(desk.post, batch))

    # --- tasks and pending rows --------------------------------------------------------------------------------------

    @rule(number=base.LINES, place=PLACE, agency=st.sampled_from(base.AGENCIES), act=st.sampled_from(
        ["change", "transfer", "other agency", "keep", "why"]
    ))  # fmt: skip
    def tasks_and_pending(self, number: str, place: int, agency: str, act: str) -> None:
        """A task is kept, changed, or ends in Pending; what waits there waits for another agency."""
        task = self.book.sql("SELECT max(id) FROM collection_task WHERE state = 'open'")[0][0] or 0
        acts: dict[str, Any] = {
            "keep": lambda: tasks.keep(self.on, 1, number, tasks.Wanted("call", self.today)),
            "change": lambda: tasks.update(self.on, 1, task, tasks.Wanted(f"write {place}", self.today + place)),
            "transfer": lambda: task_transfer.transfer(self.on, 1, task, [number], agency),
            "why": lambda: self.book.whys(self.today, "LAKE", [number]),
            "other agency": lambda: posts.change_agency(self.on, 1, [number], agency),
        }
        self.tried(acts[act])
