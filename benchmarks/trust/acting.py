"""One operator of the harness `together`: random acts on a store that others write to, and a log of what each was told.

Each act reads what it acts on, thinks for a moment, and acts with `seen=`, as a screen does. What was confirmed goes into the log
as claims that the store must bear out afterwards (`claims.py`); a refusal goes in with its kind.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.practice import DAY
from bo_tui.db.connection import Store, open_store
from bo_tui.db.tables import Account, Entry, Hold, Pending, Placement, ServiceLine
from bo_tui.errors import Conflict, Locked, Refusal
from bo_tui.office import Office, known_actor
from bo_tui.rules import flags, holds
from bo_tui.rules import payments as line_payments
from bo_tui.rules.accounts import notes
from bo_tui.rules.batches import batches, distributions, payments, posting
from bo_tui.rules.batches.model import Header, Share
from bo_tui.rules.collections import tasks
from bo_tui.rules.external import adjust, pending, reassign, reverse, transfer

PRACTICE = 1
HOT = 0.3  # of the acts go to a handful of rows that everybody is after
REOPEN = 25  # acts after which the store is closed and opened again, as a command of a script does
Query = Any


class Operator:
    """One operator at one store; `pause` is the longest think time in seconds between two acts."""

    def __init__(self, path: Path, name: str, seed: int, log: Path, pause: float) -> None:
        self.path, self.name, self.pause = path, name, pause
        self.random = random.Random(seed)
        self.stream = log.open("w", encoding="utf-8")
        self.waited = 0.0
        self.office = self._come_in()
        self.count = 0

    def _come_in(self) -> Office:
        store = open_store(self.path)
        self._time_lock(store)
        return Office(store, known_actor(store, self.name), DAY)

    def _time_lock(self, store: Store) -> None:
        begin = store._begin_immediate

        def timed(db: Any) -> None:
            started = time.perf_counter()
            try:
                begin(db)
            finally:
                self.waited += time.perf_counter() - started

        store._begin_immediate = timed  # type: ignore[method-assign]

    # --- the log ---------------------------------------------------------------------------------------------------

    def work(self, stop: Path) -> None:
        """Act at random until the file `stop` is there."""
        self._say({"ready": self.name})
        acts: list[Callable[[], None]] = [
            self.add, self.post, self.deny, self.adjust, self.adjust, self.reverse, self.reassign, self.transfer,
            self.hold, self.lift, self.flag, self.note, self.pay, self.task, self.roll,
        ]  # fmt: skip
        while not stop.exists():
            self.random.choice(acts)()
            self.count += 1
            if self.count % REOPEN == 0:
                self.office.close()
                self._guarded("open", self._reopen)
            time.sleep(self.random.uniform(0, self.pause))
        self.office.close()
        self.stream.close()

    def _reopen(self) -> None:
        self.office = self._come_in()

    def _say(self, row: dict[str, Any]) -> None:
        self.stream.write(json.dumps(row) + "\n")
        self.stream.flush()

    def _guarded(self, kind: str, call: Callable[..., Any], *values: Any, **named: Any) -> Any:
        """Call, and log how long it took, what lock it waited for and how it was refused; None when it was."""
        self.waited, started = 0.0, time.perf_counter()
        row: dict[str, Any] = {"kind": kind}
        done = None
        try:
            done = call(*values, **named)
        except Conflict:
            row["refused"] = "conflict"
        except Locked as refusal:
            row["locked"] = refusal.sentence
        except Refusal as refusal:
            row["refused"], row["said"] = type(refusal).__name__, refusal.sentence
        except Exception as error:
            row["broken"] = f"{type(error).__name__}: {error}"
        row |= {"whole": time.perf_counter() - started, "lock": self.waited, "at": time.time()}
        self._last = row
        if done is None:
            self._say(row)
        return done

    def _confirmed(self, acts: list[int], *claims: list[Any]) -> None:
        self._say({**self._last, "acts": acts, "claims": list(claims)})

    # --- what to act on --------------------------------------------------------------------------------------------

    def _near(self, table: Any, where: Any, limit: int = 1) -> list[Any]:
        """Rows at a random place of a table that meet a condition, of few rows that all are after or of any."""
        with self.office.reading():
            last = table.select(table.id).order_by(table.id.desc()).limit(1).scalar() or 1
            place = self.random.randint(1, max(1, last // 200 if self.random.random() < HOT else last))
            query: Query = table.select().where((table.id >= place) & where)
            rows = list(query.order_by(table.id).limit(limit))
        time.sleep(self.random.uniform(0, 0.02))  # others get their chance to be first
        return rows

    def _placement(self) -> Placement | None:
        rows = self._near(Placement, Placement.closed.is_null() & (Placement.balance > 0))
        return rows[0] if rows else None

    def _numbers(self, rows: list[Any], column: str = "line") -> dict[int, str]:
        with self.office.reading():
            query: Query = ServiceLine.select(ServiceLine.id, ServiceLine.number)
            return dict(query.where(ServiceLine.id.in_([getattr(row, column) for row in rows])).tuples())

    # --- acts ------------------------------------------------------------------------------------------------------

    def add(self) -> None:
        rows = self._near(
            ServiceLine, (ServiceLine.responsibility == "guarantor") & (ServiceLine.ar > 0), self.random.randint(1, 3)
        )
        numbers, seen = [row.number for row in rows], {row.number: row.act for row in rows}
        agency = self.random.choice(("First Bay", "Bay West"))
        done = self._guarded("add", pending.add, self.office, PRACTICE, numbers, agency, seen=seen)
        if done is not None:
            claims = [["change", done.act, "service_line", row.id, "pending"] for row in rows]
            self._confirmed([done.act], *claims, *(["between", "line", row.id, row.act, done.act] for row in rows))

    def post(self) -> None:
        rows = self._near(Pending, Pending.outcome.is_null(), self.random.randint(1, 4))
        numbers = self._numbers(rows)
        seen = {numbers[row.line]: row.act for row in rows}
        done = self._guarded("post", pending.post, self.office, PRACTICE, list(seen), seen=seen)
        if done is not None:
            waits = (["between", "pending", row.line, row.act, done.act] for row in rows)
            self._confirmed([done.act], ["sum", done.act, "EXCOL", len(rows), done.amount], *waits)

    def deny(self) -> None:
        rows = self._near(Pending, Pending.outcome.is_null())
        for row in rows:
            number = self._numbers(rows)[row.line]
            done = self._guarded("deny", pending.deny, self.office, PRACTICE, number, "No.", seen=row.act)
            if done is not None:
                wait = ["between", "pending", row.line, row.act, done.act]
                self._confirmed([done.act], ["change", done.act, "service_line", row.line, "pending"], wait)

    def adjust(self) -> None:
        row = self._placement()
        if row is None:
            return
        code, amount = self.random.choice(("SMBAL", "INTRS")), self.random.randint(1, min(500, row.balance))
        done: Any = self._guarded("adjust", adjust.adjust, self.office, row.id, code, amount, "rounding", seen=row.act)
        if done is not None:
            self._confirmed(
                [done.act],
                ["entry", done.entry, done.act, done.code, amount, row.id],
                ["balance", row.id, done.entry, done.balance],
                ["between", "placement", row.id, row.act, done.act],
            )

    def reverse(self) -> None:
        row = self._placement()
        if row is None:
            return
        with self.office.reading():
            undone = (
                Entry.code.in_(("MADJN", "MADJP", "EPYMT")) if self.random.random() < 0.8 else Entry.code == "EXCOL"
            )
            entries = list(Entry.select().where((Entry.placement == row.id) & undone))
        if not entries:
            return
        entry = self.random.choice(entries)
        done = self._guarded("reverse", reverse.reverse, self.office, entry.id, "a mistake", seen=row.act)
        if done is not None:
            self._confirmed(
                [done.act],
                ["entry", done.entry, done.act, done.code, done.amount, row.id],
                ["between", "placement", row.id, row.act, done.act],
            )

    def reassign(self) -> None:
        row = self._placement()
        if row is None:
            return
        agency = "Bay West" if row.agency_name == "First Bay" else "First Bay"
        done = self._guarded("reassign", reassign.reassign, self.office, row.id, agency, seen=row.act)
        if done is not None:
            self._confirmed(
                [done.act],
                ["entry", done.new, done.act, "EXCOL", done.balance, done.new],
                ["sum", done.act, "AGTFR", 1, done.balance],
                ["between", "placement", row.id, row.act, done.act],
            )

    def transfer(self) -> None:
        row = self._placement()
        if row is None:
            return
        again, seen = self.random.random() < 0.5, {row.id: row.act}
        done = self._guarded("transfer", transfer.transfer, self.office, [row.id], "guarantor", again, seen=seen)
        if done is not None:
            wait = ["between", "placement", row.id, row.act, done.act]
            self._confirmed([done.act], ["sum", done.act, "RVCOL", 1, done.amount], wait)

    def hold(self) -> None:
        for row in self._near(Account, Account.practice == PRACTICE):
            kind = self.random.choice(("manual", "dispute", "bankruptcy"))
            done = self._guarded("hold", holds.set_hold, self.office, PRACTICE, row.number, kind, "asked")
            if done is not None:
                self._confirmed([done.act], ["made", done.act, "hold", done.hold])

    def lift(self) -> None:
        for row in self._near(Hold, Hold.until.is_null()):
            with self.office.reading():
                number = Account.get_by_id(row.account).number
            done = self._guarded("lift", holds.lift, self.office, PRACTICE, number, row.kind, "over", seen=row.act)
            if done is not None:
                self._confirmed([done.act], ["made", done.act, "hold", row.id])

    def flag(self) -> None:
        for row in self._near(Account, Account.practice == PRACTICE):
            value = not row.returned_mail
            done = self._guarded("flag", flags.returned_mail, self.office, PRACTICE, row.number, value, seen=row.act)
            if done is not None:
                self._confirmed([done.act], ["change", done.act, "account", row.id, "returned_mail"])

    def note(self) -> None:
        for row in self._near(Account, Account.practice == PRACTICE):
            text = f"{self.name} called, {self.count}"
            done = self._guarded("note", notes.add_note, self.office, PRACTICE, row.number, text)
            if done is not None:
                self._confirmed([done.act], ["note", done.note, done.act, text])

    def task(self) -> None:
        for row in self._near(ServiceLine, ServiceLine.ar > 0):
            wanted = tasks.Wanted(f"{self.name} {self.count}", DAY)
            done = self._guarded("task", tasks.keep, self.office, PRACTICE, row.number, wanted)
            if done is not None:
                self._confirmed([done.act], ["made", done.act, "collection_task", done.task])

    def roll(self) -> None:
        for row in self._near(ServiceLine, ServiceLine.ar > 0):
            party = "insurance" if row.responsibility == "guarantor" else "guarantor"
            done = self._guarded("roll", line_payments.roll, self.office, PRACTICE, row.number, party, seen=row.act)
            if done is not None:
                self._confirmed([done.act], ["between", "line of a roll", row.id, row.act, done.act])

    def pay(self) -> None:
        """A batch of some checks, keyed and posted."""
        owed = (ServiceLine.responsibility == "guarantor") & (ServiceLine.ar > 1000)
        rows = self._near(ServiceLine, owed, self.random.randint(2, 6))
        made = self._guarded("batch", batches.create, self.office, PRACTICE, len(rows))
        if made is None:
            return
        self._confirmed([made.act])
        keyed = []
        with self.office.reading():
            numbers = {row.account: Account.get_by_id(row.account).number for row in rows}
        for place, row in enumerate(rows):
            check = f"{self.name}-{self.count}-{place}"
            header = Header("guarantor", check, 500, DAY, account=numbers[row.account])
            done = self._guarded("payment", payments.create, self.office, made.batch, header)
            if done is None:
                return
            self._confirmed([done.act])
            share = Share("line", 500, line=row.number)
            shared = self._guarded("share", distributions.add, self.office, done.payment, [share], seen=done.act)
            if shared is None:
                return
            self._confirmed([shared.act])
            keyed.append(done.payment)
        posted = self._guarded("payments", posting.post, self.office, made.batch)
        if posted is not None:
            entries = ["posted", made.batch, posted.distributions, posted.amount]
            self._confirmed(list(posted.acts), entries)
