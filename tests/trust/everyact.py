"""Every act of the program in any order: the machine of tests/rules with the acts that are not about placements alone.

Fees reversed, money held and refunded, plans, notes, marks, tasks, corrections of addresses, a second person's decisions, batches
that wait, pre-collections, settings, files' states, imports. The model of balances is the base's, with refunds and income.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from bo_tui import dates
from bo_tui.db.tables import Practice, Proposal
from bo_tui.office import Actor
from bo_tui.rules import holds
from bo_tui.rules import payments as money
from bo_tui.rules.accounts import edit, fields, notes, plans, reversefee, statements
from bo_tui.rules.addresses import decide, load
from bo_tui.rules.batches import batches, distributions, payments, posting, refunds, suspense
from bo_tui.rules.batches.model import Share
from bo_tui.rules.collections import tasks
from bo_tui.rules.external import adjust, filestates, foureyes, pending
from bo_tui.rules.importing import import_folder
from bo_tui.rules.precollect import filestates as tsi
from bo_tui.rules.precollect import queue, starts, stops, suspension
from bo_tui.rules.settings import assignments, external_rules, practices, precollection_rules
from tests.rules import test_state_machine as base
from tests.support import precollecting
from tests.support.paying import Desk

ACCOUNTS = st.sampled_from("AB")
PLACE = st.integers(0, 9)
BOB = Actor("bob", "operator")


class EveryAct(base.Acts):
    """The base's office, enrolled for pre-collections, with a limit for four eyes."""

    @initialize()
    def open_the_office(self) -> None:
        super().open_the_office()
        self.made = 0
        precollecting.enrol(self.book, days_past_due=20)
        for account in "AB":
            kept = vars_of(edit.known(self.on, 1, account).fields)
            edit.update(
                self.on, 1, account, fields.AccountFields(**{**kept, **ADDRESS, "ssn": f"900-12-345{account == 'B':d}"})
            )

    @property
    def on(self) -> Any:
        """The office today."""
        return self.book.on(self.today)

    def path(self, name: str, text: str) -> Path:
        """A file of its own."""
        self.made += 1
        path = Path(self.folder.name) / f"{self.made}-{name}"
        path.write_text(text)
        return path

    def entry(self, code: str, place: int) -> tuple[int, str | None, str] | None:
        """An entry of a code, its line and its debit book."""
        found = self.book.sql(
            "SELECT e.id, l.number, e.debit FROM entry e LEFT JOIN service_line l ON l.id = e.line WHERE e.code = ?"
            " ORDER BY e.id DESC",
            code,
        )
        return found[place % len(found)] if found else None

    # --- money ----------------------------------------------------------------------------------------------------

    @rule(place=PLACE, amount=st.sampled_from([None, None, 10_00]))
    def reverse_fee(self, place: int, amount: int | None) -> None:
        """A fee, whole: refused in part, while the line is placed or pending, and twice."""
        entry, number, _ = self.entry("SVCFE", place) or (0, None, "")
        waits = number in self.book.waiting() or self.placed(str(number))
        of_line = "FROM entry WHERE line = (SELECT line FROM entry WHERE id = ?) AND code"
        fee = "sum(CASE code WHEN 'SVCFE' THEN amount ELSE -amount END)"
        charged = self.book.sql(f"SELECT coalesce({fee}, 0) {of_line} IN ('SVCFE', 'RVFEE')", entry)[0][0]
        off = "sum(CASE code WHEN 'MADJN' THEN amount ELSE -amount END)"
        written_off = self.book.sql(f"SELECT coalesce({off}, 0) {of_line} IN ('MADJN', 'MADJP')", entry)[0][0]
        done = self.tried(reversefee.reverse_in_ar, self.on, entry, "an error", amount)
        if done:
            assert not waits
            assert done.amount == charged - max(written_off, 0), "the fee, less what was written off of it"
            self.owed[str(number)] -= done.amount

    @rule(account=ACCOUNTS, amount=base.AMOUNTS, place=PLACE, source=st.sampled_from(["account", "line", "payment"]))
    def refund(self, account: str, amount: int, place: int, source: str) -> None:
        """Money on account, a line's credit, or money in suspense goes to whoever it belongs to."""
        paid = self.book.sql("SELECT id FROM payment WHERE state = 'posted'")
        given: dict[str, Any] = {"account": account} if source == "account" else {"line": base.NUMBERS[place % 6]}
        if source == "payment":
            if not paid:
                return
            given = {"payment": paid[place % len(paid)][0]}
        done = self.tried(refunds.refund, self.on, 1, amount, "Ana", **given)
        if done:
            assert done.amount == amount
            if source == "line":
                self.owed[given["line"]] += amount
            else:
                self.books["ON_ACCOUNT" if source == "account" else "SUSPENSE"] += amount
            self.books["REFUND"] -= amount

    @rule(
        place=PLACE,
        to=st.sampled_from(suspense.DESTINATIONS),
        amount=st.sampled_from([None, 1, 50_00]),
        number=base.LINES,
    )
    def out_of_suspense(self, place: int, to: str, amount: int | None, number: str) -> None:
        """What nobody knew at first finds its line, its account, or becomes income."""
        paid = self.book.sql("SELECT DISTINCT payment FROM entry WHERE credit = 'SUSPENSE' AND payment IS NOT NULL")
        if not paid:
            return
        where = {"line": {"line": number}, "on_account": {"account": "A"}, "misc": {}}[to]
        done = self.tried(suspense.from_suspense, self.on, paid[place % len(paid)][0], to, amount, **where)
        if done:
            self.books["SUSPENSE"] += done.amount
            if to == "line":
                self.owed[number] -= done.amount
            else:
                self.books["ON_ACCOUNT" if to == "on_account" else "MISC_INCOME"] -= done.amount

    @rule(
        number=base.LINES,
        amount=base.AMOUNTS,
        then=st.sampled_from(["wait", "wait", "change", "remove", "delete", "post"]),
    )
    def batch_that_waits(self, number: str, amount: int, then: str) -> None:
        """A batch is entered and left, changed, emptied, deleted, or one of those that were left is posted."""
        desk = Desk(self.book, self.today)
        account = self.book.sql(base.ACCOUNT_OF, number)[0][0]
        if then == "post":
            left = self.book.sql("SELECT batch, min(id) FROM payment WHERE state = 'unposted' GROUP BY batch")
            self.came_in(self.tried(posting.post, desk.office, left[0][0]) if left else None)
            return
        batch = desk.batch(amount)
        header = desk.header("guarantor", amount, account=account)
        payment = desk.enter(batch, header)
        self.tried(distributions.add, desk.office, payment, (Share("line", amount, number),))
        if then == "change":
            (row,) = self.book.sql("SELECT max(id) FROM distribution")[0]
            self.tried(distributions.update, desk.office, row, Share("on_account", amount))
            self.tried(batches.update, desk.office, batch, 2, amount, None, "two of them")
        elif then == "remove":
            self.tried(payments.remove, desk.office, payment)
        elif then == "delete":
            self.tried(payments.remove, desk.office, payment)
            self.tried(batches.delete, desk.office, batch)

    # --- a second person -------------------------------------------------------------------------------------------

    def settle(self, **wanted: Any) -> Any:
        """Change some of the practice's settings by the act that the page of settings does; what is so already is refused."""
        row = Practice.get_by_id(1)
        kept = {name: getattr(row, name) for name in practices.PracticeSettings.__dataclass_fields__}
        done = self.tried(practices.save, self.on, 1, practices.PracticeSettings(**(kept | wanted)))
        same = kept | wanted == kept
        assert done is None or not same
        return done or same or None

    @rule(
        place=PLACE,
        how=st.sampled_from(["adjust", "adjust", "line", "post", "approve", "approve", "refuse", "withdraw"]),
        number=base.LINES,
    )
    def four_eyes(self, place: int, how: str, number: str) -> None:
        """What is above the limit waits for somebody else, who carries it out as things are then."""
        waits = [row.id for row in Proposal.select().where(Proposal.state == "open")]
        chosen, bob = waits[place % len(waits)] if waits else 0, self.on.by(BOB)
        if how in ("adjust", "line", "post"):
            self.settle(four_eyes_limit=5_00)
            if how == "adjust" and self.book.placed():
                placement = self.book.placement(self.some_placed(place)).id
                self.tried(adjust.adjust, bob, placement, "CHRTY", 6_00, "hardship")
            elif how == "line":
                self.tried(money.adjust_line, bob, 1, number, "CHRTY", 6_00, "hardship")
            elif how == "post":
                self.tried(pending.post, bob, 1, [number])
            self.settle(four_eyes_limit=None)
        elif how == "approve" and chosen:
            done = self.tried(foureyes.approve, self.on, chosen)
            asked = Proposal.get_by_id(chosen)
            assert (done is None) == (asked.state == "open")
            if done and asked.kind != "post":
                table = (
                    "placement p JOIN service_line l ON l.id = p.line" if asked.kind == "adjust" else "service_line l"
                )
                key = "p.id" if asked.kind == "adjust" else "l.id"
                ((line,),) = self.book.sql(f"SELECT l.number FROM {table} WHERE {key} = ?", asked.subject)
                self.owed[line] -= 6_00
        elif chosen:
            self.tried(foureyes.refuse, bob if how == "withdraw" else self.on, chosen, "no")

    # --- what moves no money ---------------------------------------------------------------------------------------

    @rule(account=ACCOUNTS, number=base.LINES, place=PLACE, act=st.sampled_from(
        ["note", "plan", "cancel plan", "statement", "send", "statements of day", "edit", "task", "close task", "extend", "sent",
         "known"]
    ))  # fmt: skip
    def desk_work(self, account: str, number: str, place: int, act: str) -> None:
        """Notes, plans, statement holds, names, tasks, holds, files' states."""
        office, day = self.on, self.today
        task = self.book.sql("SELECT max(id) FROM collection_task")[0][0] or 0
        file = self.book.sql("SELECT id, accounts, total FROM agency_file WHERE sequence > 0 ORDER BY id DESC")
        acts: dict[str, Any] = {
            "note": lambda: notes.add_note(office, 1, account, "called", line=None),
            "plan": lambda: plans.set_plan(office, 1, account, plans.Terms(20_00, day + place)),
            "cancel plan": lambda: plans.cancel_plan(office, 1, account, "broken"),
            "statement": lambda: statements.hold_statement(office, 1, number, True),
            "send": lambda: statements.hold_statement(office, 1, number, False),
            "statements of day": lambda: statements.hold_statement(office, 1, number, place % 2 == 0, all_of_dos=True),
            "edit": lambda: self._edit(account, f"Name {place}"),
            "task": lambda: tasks.keep(office, 1, number, tasks.Wanted(f"call {place}", day + place)),
            "close task": lambda: tasks.close(office, 1, task, "done"),
            "extend": lambda: holds.extend(office, 1, account, "manual", day + place, "asked again"),
            "sent": lambda: filestates.mark_sent(office, file[place % len(file)][0] if file else 0),
            "known": lambda: filestates.acknowledge(office, *(file[place % len(file)] if file else (0, 0, 0))),
        }
        self.tried(acts[act])

    def _edit(self, account: str, last: str) -> Any:
        row = edit.known(self.on, 1, account).fields
        return edit.update(self.on, 1, account, fields.AccountFields(**{**vars_of(row), "last": last}))

    @rule(
        account=ACCOUNTS, place=PLACE, act=st.sampled_from(["load", "load", "back", "approve", "deny", "know", "flag"])
    )
    def addresses(self, account: str, place: int, act: str) -> None:
        """Corrections come in and are decided."""
        heads = "account,new_address1,new_city,new_state,new_zip,undeliverable\n"
        row = f"{account},,,,,V\n" if act == "back" else f"{account},{self.made} Oak St,Salem,OR,97301,\n"
        ids = [number for (number,) in self.book.sql("SELECT id FROM address_correction ORDER BY id DESC LIMIT 4")]
        chosen = [ids[place % len(ids)]] if ids else []
        acts: dict[str, Any] = {
            "load": lambda: load.load(self.on, 1, self.path("addresses.csv", heads + row)),
            "back": lambda: load.load(self.on, 1, self.path("addresses.csv", heads + row)),
            "approve": lambda: decide.approve(self.on, 1, chosen),
            "deny": lambda: decide.deny(self.on, 1, chosen, "no"),
            "know": lambda: decide.acknowledge(self.on, 1, chosen),
            "flag": lambda: decide.flag(self.on, 1, chosen),
        }
        self.tried(acts[act])

    @rule(account=ACCOUNTS, number=base.LINES, place=PLACE, act=st.sampled_from(
        ["start", "start all", "stop", "stop file", "unqueue", "suspend", "let in", "sent", "known"]
    ))  # fmt: skip
    def precollect(self, account: str, number: str, place: int, act: str) -> None:
        """Lines go to TSI, come back, are taken out of the queue; accounts are suspended."""
        office = self.on
        file = self.book.sql("SELECT id, accounts, total FROM precollect_file ORDER BY id DESC")
        acts: dict[str, Any] = {
            "start": lambda: starts.create_start(office, 1, [number]),
            "start all": lambda: starts.create_start(office, 1),
            "stop": lambda: stops.stop_precollection(office, 1, [number]),
            "stop file": lambda: stops.create_stop(office, 1),
            "unqueue": lambda: queue.cancel(office, 1, [number], "not now"),
            "suspend": lambda: suspension.suspend(office, 1, account, True, stop=place % 2 == 0),
            "let in": lambda: suspension.suspend(office, 1, account, False),
            "sent": lambda: tsi.mark_sent(office, file[place % len(file)][0] if file else 0),
            "known": lambda: tsi.acknowledge(office, *(file[place % len(file)] if file else (0, 0, 0))),
        }
        self.tried(acts[act])

    @rule(place=PLACE, act=st.sampled_from(["rules", "pre-collections", "assignment"]))
    def settings_change(self, place: int, act: str) -> None:
        """The office changes its mind about whom it selects."""
        if act == "rules":
            wanted = external_rules.Rules(
                payment_within_days=5, payment_minimum=40_00 + place, move_all_by_dos=place % 2 == 0,
                roll_returned_mail=place % 3 > 0, auto_reassign=place % 4 > 0, re_age_if_denied=place % 5 == 0,
            )  # fmt: skip
            self.tried(external_rules.save, self.on, 1, wanted)
        elif act == "pre-collections":
            rules, _ = precollection_rules.current(self.on, 1)
            wanted_start = {**vars_of(rules), "days_past_due": 15 + place, "auto_create_start": place % 2 == 1}
            self.tried(precollection_rules.save, self.on, 1, type(rules)(**wanted_start))
        else:
            wanted_of = assignments.Thresholds(50_00, 10 + place, auto_approve=True, auto_create_file=True, max_lines=2)
            self.tried(assignments.update, self.on, 1, wanted_of)

    @rule(number=base.LINES, amount=base.AMOUNTS, update=st.booleans(), spoiled=st.booleans())
    def imported(self, number: str, amount: int, update: bool, spoiled: bool) -> None:
        """A payment and a name by a folder of CSV files; one bad row keeps everything out."""
        self.made += 1
        folder = Path(self.folder.name) / f"in-{self.made}"
        folder.mkdir()
        bad = "x,LAKE,,,-1,\n" if spoiled else ""
        rows = f"T{self.made},LAKE,{number},GPYMT,{amount / 100:.2f},{dates.iso(self.today)}\n{bad}"
        (folder / "transactions.csv").write_text(f"id,practice,line,code,amount,posted\n{rows}")
        placed = self.placed(number)
        done = self.tried(import_folder, self.on, folder, update=update)
        assert (done is None) == (spoiled or placed)
        if done:
            self.owed[number] -= amount
            self.books["CASH"] += amount

    # --- invariants ------------------------------------------------------------------------------------------------

    @invariant()
    def money_without_a_line_is_never_less_than_nothing(self) -> None:
        """What is held for an account or a payment is there."""
        assert not self.book.sql(
            "SELECT account FROM entry WHERE 'ON_ACCOUNT' IN (debit, credit) GROUP BY account"
            " HAVING sum((credit = 'ON_ACCOUNT') * amount - (debit = 'ON_ACCOUNT') * amount) < 0"
        )
        assert self.books["SUSPENSE"] <= 0
        assert self.books["ON_ACCOUNT"] <= 0

    @invariant()
    def a_line_is_with_tsi_once(self) -> None:
        """At most one open stay a line."""
        assert not self.book.sql("SELECT line FROM precollection WHERE ended IS NULL GROUP BY line HAVING count(*) > 1")

    @rule(days=st.sampled_from([1, 5]))
    def night_and_tsi(self, days: int) -> None:
        """After a night no line that owes an agency is still with TSI: moved to external collections ends it (section 4)."""
        self.night(days)
        assert not self.book.sql(
            "SELECT p.line FROM precollection p JOIN placement x ON x.line = p.line AND x.closed IS NULL"
            " WHERE p.ended IS NULL AND x.balance > 0"
        )


ADDRESS = {"address1": "1 Elm St", "city": "Salem", "state": "OR", "zip": "97301", "phone": "503-555-0100",
           "date_of_birth": 3653}  # fmt: skip


def vars_of(row: Any) -> dict[str, Any]:
    """A dataclass's fields and values."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}
