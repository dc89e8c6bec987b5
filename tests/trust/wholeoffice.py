"""The rest of the program's acts in any order: who may do what, settings, agencies, attachments, copies of the store, held money.

A model of each is kept beside the store: operators and their roles, attachments, agencies, looks, and what a restore has to bring
back.
"""

from __future__ import annotations

import copy
import shutil
from pathlib import Path
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, rule

from bo_tui.db.backup import make_backup
from bo_tui.db.tables import Account, Agency, Assignment
from bo_tui.errors import NotAllowed
from bo_tui.office import Actor
from bo_tui.rules import attachments, audit, checking, drill, operators, restoring, roles
from bo_tui.rules import payments as money
from bo_tui.rules.accounts import edit, fields, notes, unmask
from bo_tui.rules.external import filechoice
from bo_tui.rules.settings import agencies, assignments
from tests import pictures
from tests.rules import test_state_machine as base
from tests.trust.everyact import ACCOUNTS, PLACE
from tests.trust.heldmoney import HeldMoney

USERS = st.sampled_from(["bea", "cyd"])
ROLES = st.sampled_from(["operator", "supervisor", "viewer"])
FAR = 20 * 366  # days: looks of today are old enough to be deleted then
CHECK_EVERY = 15  # steps
MODEL = ("owed", "books", "people", "attached", "spares", "looks", "accounts")


class WholeOffice(HeldMoney):
    """The office with operators who come and go, and spare agencies that no debt is ever placed with."""

    @initialize()
    def open_the_office(self) -> None:
        super().open_the_office()
        self.people: dict[str, str] = {}
        self.attached: set[tuple[str, object]] = set()
        self.spares: set[str] = set()
        self.looks = self.book.sql("SELECT count(*) FROM access")[0][0]
        self.accounts = 2
        self.copies: list[tuple[Path, dict[str, Any], list[tuple]]] = []
        self.steps = 0

    # --- who may do what ------------------------------------------------------------------------------------------

    @rule(user=USERS, role=ROLES, act=st.sampled_from(["add", "role", "remove", "works", "stale"]))
    def people_come_and_go(self, user: str, role: str, act: str) -> None:
        """Operators are added, change their role, leave; what they may then do is what the table of roles says."""
        known = self.people.get(user)
        if act == "add":
            done = self.tried(operators.add, self.on, user, role)
            assert (done is None) == (known is not None)
            self.people.setdefault(user, role)
        elif act == "role":
            done = self.tried(operators.change_role, self.on, user, role)
            assert (done is None) == (known in (None, role))
            self.people |= {user: role} if known else {}
        elif act == "remove":
            done = self.tried(operators.remove, self.on, user)
            assert (done is None) == (known is None)
            self.people.pop(user, None)
        else:
            as_role = role if act == "stale" else known or role
            may = known == as_role and roles.allowed(as_role, "note")
            self.by(
                Actor(user, as_role), may or (known is None and self._never(user) and roles.allowed(as_role, "note"))
            )

    def _never(self, user: str) -> bool:
        return not self.book.sql("SELECT 1 FROM operator WHERE user = ?", user)

    def by(self, actor: Actor, may: bool) -> None:
        """A note by somebody: written where they may, else refused without a trace but the look that says so."""
        before = self.standing()
        try:
            notes.add_note(self.on.by(actor), 1, "A", "called", line=None)
        except NotAllowed:
            assert not may, actor
            assert self.standing() == before
            self.looks = self.book.sql("SELECT count(*) FROM access")[0][0]
        else:
            assert may, actor

    # --- settings, agencies, accounts -----------------------------------------------------------------------------

    @rule(place=PLACE, act=st.sampled_from(["name", "enrol", "addresses", "period", "period"]), number=base.LINES)
    def practice_changes(self, place: int, act: str, number: str) -> None:
        """The practice's name, its service, how addresses are taken, and books that close."""
        if act == "name":
            assert self.settle(name=f"Lakeside {place}")
        elif act == "enrol":
            self.settle(precollections_enrolled=False)
            assert self.settle(precollections_enrolled=True)
        elif act == "addresses":
            assert self.settle(automatic_addresses=place % 2 == 0)
        else:
            self._period(number, 1 + place)

    def _period(self, number: str, amount: int) -> None:
        """With accounting dates one has to be given, after what is closed; books are never opened again."""
        closed = self.book.sql("SELECT closed_through FROM practice")[0][0]
        through = max(closed or 0, self.today - 1)
        assert self.settle(uses_accounting_dates=True, closed_through=through)
        assert self.settle(closed_through=through - 1) is None
        assert self.settle(closed_through=self.today + 1) is None
        placed = self.placed(number)
        for booked in (None, through, self.today + 15, self.today):
            done = self.tried(money.adjust_line, self.on, 1, number, "INTRS", amount, "late", booked)
            assert (done is not None) == (booked == self.today and booked > through and not placed)
            self.owed[number] += amount if done else 0
        assert self.settle(uses_accounting_dates=False)

    @rule(name=st.sampled_from(["Spare", "Other"]), place=PLACE, act=st.sampled_from(
        ["create", "update", "delete", "assign", "unassign", "unassign plain", "assign plain"]
    ))  # fmt: skip
    def agencies_change(self, name: str, place: int, act: str) -> None:
        """Agencies come, change, go while nothing refers to them, are assigned and no longer."""
        wanted = agencies.AgencyFields(
            name, "2 Pier", zip="54007", city="Hudson", file_type="csv", contact=f"Jo {place}"
        )
        row = Agency.get_or_none(Agency.name == name)
        key, used = (
            (0, False) if row is None else (row.id, Assignment.select().where(Assignment.agency == row.id).exists())
        )
        plain = self.book.agencies["Plain"]
        to = plain if act.endswith("plain") else key
        open_ones = [one.id for one in Assignment.select().where(Assignment.agency == to, Assignment.removed == False)]  # noqa: E712
        acts: dict[str, Any] = {
            "create": lambda: agencies.create(self.on, wanted),
            "update": lambda: agencies.update(self.on, key, wanted),
            "delete": lambda: agencies.delete(self.on, key),
            "assign": lambda: assignments.add(self.on, 1, to, assignments.Thresholds()),
            "unassign": lambda: assignments.remove(self.on, open_ones[0] if open_ones else 0),
        }
        done = self.tried(acts[act.split()[0]])
        if act == "create":
            assert (done is None) == (name in self.spares)
            self.spares.add(name)
        elif act == "delete":
            assert (done is None) == (used or row is None)
            self.spares -= {name} if done else set()
        elif act.startswith("assign"):
            assert (done is None) == (bool(open_ones) or not to)
        elif act.startswith("unassign"):
            assert (done is None) == (not open_ones)

    @rule(account=ACCOUNTS, place=PLACE, act=st.sampled_from(["add", "address", "unmask", "look"]))
    def account_desk(self, account: str, place: int, act: str) -> None:
        """A new account, an address changed by hand, a whole SSN asked for, a look kept."""
        if act == "add":
            self.made += 1
            done = self.tried(edit.create, self.on, 1, fields.AccountFields(last=f"New{self.made}", first="Al"))
            self.accounts += done is not None
        elif act == "address":
            self.tried(
                edit.update_address,
                self.on,
                1,
                account,
                fields.Address(f"{place} Elm St", None, "Salem", "OR", "97301"),
            )
        elif act == "unmask":
            row = Account.get(Account.number == account)
            self.looks += unmask.ssn(self.on, row.id) == f"900-12-345{account == 'B':d}"
        else:
            audit.keep(self.on, "look", "account", place, "general", 1)
            self.looks += 1

    @rule()
    def old_looks_go(self) -> None:
        """Looks older than six years are deleted; seen from a day far ahead, all of them are."""
        there = self.on.on(self.today + FAR)
        assert self.tried(audit.prune, there, self.today + FAR) is None, "within six years"
        now = self.book.sql("SELECT max(substr(made_at, 1, 10)) FROM access")[0][0]
        if now is not None and self.tried(audit.prune, there.on(there.business_date + FAR), there.business_date):
            self.looks = 0

    # --- attachments, lists taken out ------------------------------------------------------------------------------

    @rule(place=PLACE, shade=st.integers(0, 2), to=st.sampled_from(["line", "entry", "payment"]), real=st.booleans())
    def attach(self, place: int, shade: int, to: str, real: bool) -> None:
        """A picture to a line, an entry or a payment: once each; what is no picture is refused."""
        subject: object = base.NUMBERS[place % 6]
        if to != "line":
            ids = [number for (number,) in self.book.sql(f"SELECT id FROM {to} ORDER BY id LIMIT 10")]
            if not ids:
                return
            subject = ids[place % len(ids)]
        path = self.path("scan.png", "")
        path.write_bytes(pictures.png(shade=shade) if real else b"GIF89a not one of ours")
        done = self.tried(attachments.attach, self.on, 1, path=path, **{to: subject})
        key = (f"{to} {shade}", subject)
        assert (done is None) == (not real or key in self.attached)
        self.attached |= {key} if real else set()

    @rule(place=PLACE)
    def take_out(self, place: int) -> None:
        """A file's copy for the operator, which is kept as a look."""
        made = [number for (number,) in self.book.sql("SELECT id FROM agency_file WHERE content IS NOT NULL")]
        if made:
            self.made += 1
            self.outside().mkdir(exist_ok=True)
            filechoice.export(self.on, made[place % len(made)], str(self.outside() / f"{self.made}.csv"))
            self.looks += 1

    def outside(self) -> Path:
        """A folder that is not the office's."""
        return Path(f"{self.folder.name}-outside")

    # --- copies of the store ---------------------------------------------------------------------------------------

    @rule(act=st.sampled_from(["backup", "backup", "restore", "restore", "drill"]), place=PLACE)
    def copies_of_the_store(self, act: str, place: int) -> None:
        """What is brought back is what stood when the backup was made: all of it, and nothing that came later."""
        if act == "backup":
            roles.require(self.on, "backup")
            self.made += 1
            path = Path(self.folder.name) / f"copy-{self.made}.db"
            make_backup(self.office.store, path)
            self.copies.append((path, copy.deepcopy({name: getattr(self, name) for name in MODEL}), self.everything()))
        elif self.copies and act == "restore":
            at = place % len(self.copies)
            path, model, stood = self.copies[at]
            later, self.copies = self.copies[at + 1 :], self.copies[: at + 1]
            restoring.restore(self.on, path)
            self.__dict__.update(copy.deepcopy(model))
            assert self.everything(but=self.book.sql("SELECT max(id) FROM act")[0][0]) == stood
            for other, _, held in later:  # made of days that the restore took back: a drill has to say so
                said = {finding.kind for finding in drill.drill(self.on, other).findings}
                assert said == ({"chain"} if held != stood else set())
        elif self.copies:
            found = drill.drill(self.on, self.copies[place % len(self.copies)][0]).findings
            assert found == [], found

    def everything(self, but: int = 0) -> list[tuple]:
        """Acts with their digests (without one), entries, lines, placements, pending rows, operators, settings, attachments."""
        asked = (
            "SELECT id, kind, digest FROM act WHERE id <> ?", "SELECT * FROM entry WHERE act <> ?",
            "SELECT * FROM service_line WHERE act <> ?", "SELECT * FROM placement WHERE act <> ?",
            "SELECT * FROM pending WHERE act <> ?", "SELECT user, role, removed FROM operator WHERE act <> ?",
            "SELECT * FROM assignment WHERE act <> ?", "SELECT * FROM attachment WHERE act <> ?",
            "SELECT * FROM distribution WHERE act <> ?", "SELECT * FROM collection_task WHERE act <> ?",
        )  # fmt: skip
        return [row for sql in asked for row in self.book.sql(sql, but)]

    # --- invariants --------------------------------------------------------------------------------------------------

    @invariant()
    def people_attachments_and_looks_are_as_the_model_has_them(self) -> None:
        """Nobody came in or left by another act, and no look was lost."""
        there = dict(self.book.sql("SELECT user, role FROM operator WHERE removed = 0 AND user <> 'ana'"))
        assert there == self.people
        assert self.book.sql("SELECT count(*) FROM attachment") == [(len(self.attached),)]
        assert self.book.sql("SELECT count(*) FROM access") == [(self.looks,)]
        assert self.book.sql("SELECT count(*) FROM account") == [(self.accounts,)]
        spares = {name for (name,) in self.book.sql("SELECT name FROM agency WHERE name IN ('Spare', 'Other')")}
        assert spares == self.spares

    @invariant()
    def the_check_is_silent_now_and_then(self) -> None:
        """All of it, every so many steps; at the end it is looked at anyway."""
        self.steps += 1
        roles.require(self.on, "check")
        if self.steps % CHECK_EVERY == 0:
            assert checking.check(self.office.store) == []

    def teardown(self) -> None:
        """What was taken out goes too; the last check is the base's."""
        shutil.rmtree(self.outside(), ignore_errors=True)
        super().teardown()
