"""An office whose history is written in a few calls, and nights whose outcome reads like what a clerk would note down.

Amounts are cents; dates are ISO text or day numbers. Everything that happens goes through the ledger, so that `check` finds
it good. A line's balance is its fee unless something was paid; `OfficeBook.night` proves each night's control identity.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from bo_tui import dates, money
from bo_tui.db.tables import (
    Account,
    Agency,
    Assignment,
    Entry,
    ExternalRule,
    Hold,
    Pending,
    Placement,
    Practice,
    ServiceLine,
)
from bo_tui.office import Draft, Office
from bo_tui.rules import flags, holds, ledger, nightly, payments
from bo_tui.rules.codes import AR, CASH, COMMISSION, EXT, REVENUE
from bo_tui.rules.external import adjust, pending, reassign, reverse, transfer
from bo_tui.rules.external import files as agency_files
from bo_tui.rules.external import why as asking
from bo_tui.rules.external.criteria import NAMES
from bo_tui.rules.night.report import RunReport
from bo_tui.rules.settings import changing
from bo_tui.rules.setup import create_practice

Day = str | int
Verdict = tuple[str, str | None, str]
LONG_AGO = "2024-01-01"
_NO_RULES = dict.fromkeys(
    ("account_level", "roll_returned_mail", "auto_reassign", "re_age_if_denied", "move_all_by_dos"), False
)


def day(value: Day) -> int:
    """The day number of an ISO date, or the number itself."""
    return dates.parse(value) if isinstance(value, str) else value


def queued(agency: str, because: str = "threshold") -> Verdict:
    """The verdict on a line that the night queued."""
    return ("queued", agency, because)


def excluded(criterion: str) -> Verdict:
    """The verdict on a candidate that the night left alone."""
    return ("excluded", None, criterion)


@dataclass
class SeenNight:
    """A night as its report tells it: verdicts by line, what was withdrawn and why, what was reassigned and to whom."""

    report: RunReport
    document: dict[str, Any]
    rows: list[dict[str, Any]]
    verdicts: dict[str, Verdict] = field(default_factory=dict)
    withdrawn: dict[str, str] = field(default_factory=dict)
    reassigned: dict[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for row in self.rows:
            if row["outcome"] == "withdrawn":
                self.withdrawn[row["line"]] = row["because"]
            elif row["outcome"] == "reassigned":
                self.reassigned[row["line"]] = row["agency"]
            else:
                assert row["line"] not in self.verdicts, "a candidate ends up in exactly one place"
                self.verdicts[row["line"]] = (row["outcome"], row["agency"], row["because"])

    def __getitem__(self, line: str) -> Verdict | None:
        """What became of a candidate; None for a line that was none."""
        return self.verdicts.get(line)

    def step(self, name: str) -> tuple[int, str]:
        """A step's count and amount."""
        (row,) = (row for row in self.document["steps"] if row["step"] == name)
        return row["count"], row["amount"]

    @property
    def files(self) -> list[tuple[str, int, int, str]]:
        """Agency, sequence, placements and amount of the placement files that this night made."""
        files = [f for f in self.document["files"] if f["kind"] == "placement"]
        return [(f["agency"], f["sequence"], f["count"], f["amount"]) for f in files]


class OfficeBook:
    """One office under test; its practice is LAKE unless another is named."""

    def __init__(self, office: Office) -> None:
        self.office = office
        office.store.use().execute_sql("PRAGMA synchronous = OFF")  # nobody pulls the plug on a test
        self.practices = {"LAKE": 1}
        self.agencies: dict[str, int] = {}

    def on(self, when: Day) -> Office:
        """The office on a date."""
        return self.office.on(day(when))

    # --- what the office is -------------------------------------------------------------------------------------

    def practice(self, code: str, **fields: object) -> int:
        """A further practice, or (a code that exists) its settings; the id."""
        with self.office.act("practice") as draft:
            if code not in self.practices:
                self.practices[code] = create_practice(draft, code, code.title())
            _settle(draft, Practice.get_by_id(self.practices[code]), fields)
            ledger.seal(draft)
        return self.practices[code]

    def agency(self, name: str, balance: int | None = None, age: int | None = None, **fields: object) -> int:
        """An agency (with an agreement unless `baa_date=None`) assigned to the practice `to`; its id."""
        to = self.practices[str(fields.pop("to", "LAKE"))]
        own = {key: fields.pop(key) for key in ("baa_date", "file_type", "ssn", "remits") if key in fields}
        if name not in self.agencies:
            with self.office.act("agency") as draft:
                values = {"baa_date": day(LONG_AGO), "address1": "1 Pier", "zip": "00000"} | own
                self.agencies[name] = Agency.insert(name=name, act=draft.id, **values).execute()
                ledger.change(draft, "agency", self.agencies[name], "name", None, name)
                ledger.seal(draft)
        with self.office.act("assignment", to) as draft:
            flags = {"auto_approve": False, "auto_create_file": False}
            values = {"balance_greater_than": balance, "age_greater_than": age, **flags, **fields}
            changing.insert(draft, Assignment, {"agency": self.agencies[name], **values}, keys={"practice": to})
            ledger.seal(draft)
        return self.agencies[name]

    def reassignment_of(self, name: str, *, to: str = "LAKE", **fields: object) -> None:
        """Change an assignment's settings."""
        mine = (Assignment.practice == self.practices[to]) & (Assignment.agency == self.agencies[name])
        with self.office.act("assignment", self.practices[to]) as draft:
            _settle(draft, Assignment.get(mine), fields)
            ledger.seal(draft)

    def rules(self, *, to: str = "LAKE", **fields: object) -> None:
        """The practice's external collection rules; those not named stay as they are."""
        practice = self.practices[to]
        with self.office.act("external_rule", practice) as draft:
            row = ExternalRule.get_or_none(ExternalRule.practice == practice)
            if row is None:
                changing.insert(draft, ExternalRule, _NO_RULES | fields, keys={"practice": practice})
            else:
                _settle(draft, row, fields)
            ledger.seal(draft)

    def account(self, number: str, *, to: str = "LAKE", **fields: object) -> int:
        """An account; its id."""
        values = {"guarantor": f"{number}, Ana", "last": number, "first": "Ana"} | fields
        practice = self.practices[to]
        with self.office.act("account", practice) as draft:
            row = Account.insert(practice=practice, number=number, act=draft.id, **values).execute()
            ledger.change(draft, "account", row, "number", None, number)
            ledger.seal(draft)
        return row

    def line(
        self,
        number: str,
        fee: int,
        since: Day = LONG_AGO,
        *,
        account: str | None = None,
        to: str = "LAKE",
        served: Day = LONG_AGO,
        case: str | None = None,
        responsibility: str = "guarantor",
        **fields: object,
    ) -> int:
        """A service fee line that became the guarantor's on `since`, on an account of its own unless one is named; its id."""
        practice = self.practices[to]
        owner = Account.get_or_none(Account.practice == practice, Account.number == (account or f"A-{number}"))
        owner_id = self.account(account or f"A-{number}", to=to) if owner is None else owner.id
        aging = day(since) if responsibility == "guarantor" else None
        with self.on(served).act("line", practice) as draft:
            row: int = ServiceLine.insert(
                practice=practice, account=owner_id, number=number, case=case, date_of_service=day(served), fee=fee,
                responsibility=responsibility, responsible_since=aging, aging_date=aging, posted=day(served),
                act=draft.id, **{"description": "Anesthesia"} | fields,
            ).execute()  # fmt: skip
            ledger.change(draft, "service_line", row, "number", None, number)
            if fee:
                ledger.write(draft, "SVCFE", (AR, REVENUE), fee, line=row, account=owner_id)
            ledger.settle(draft)
            ledger.seal(draft)
        return row

    # --- what happens -------------------------------------------------------------------------------------------

    def pay(self, line: str, amount: int, when: Day, code: str = "GPYMT") -> int:
        """A payment on a line in active AR; its entry's id."""
        row = self.the_line(line)
        fee = Entry.select(Entry.id).where((Entry.line == row.id) & (Entry.code == "SVCFE")).scalar()
        with self.on(when).act("payment", row.practice) as draft:
            entry = ledger.write(draft, code, (CASH, AR), amount, line=row.id, account=row.account, parent=fee)
            ledger.settle(draft)
            ledger.seal(draft)
        return entry

    def agency_pays(self, line: str, gross: int, when: Day, commission: int = 0) -> tuple[int, int | None]:
        """A payment on the line's open placement, with the agency's commission; their ids."""
        placed = self.placement(line)
        with self.on(when).act("payment", placed.practice) as draft:
            about = {"line": placed.line, "placement": placed.id}
            paid = ledger.write(draft, "EPYMT", (CASH, EXT), gross, parent=placed.id, **about)
            kept = None
            if commission:
                kept = ledger.write(draft, "ECOMM", (COMMISSION, CASH), commission, parent=paid, **about)
            ledger.settle(draft)
            ledger.seal(draft)
        return paid, kept

    def becomes(self, line: str, responsibility: str, when: Day) -> None:
        """Roll a line's responsibility; one that becomes the guarantor's ages from that day."""
        payments.roll(self.on(when), self.the_line(line).practice, line, responsibility)

    def hold(
        self, account: str, when: Day, until: Day | None = None, *, line: str | None = None, kind="manual"
    ) -> None:
        """Hold an account, or one of its lines, from a day until (not on) another."""
        ends = None if until is None else day(until)
        holds.set_hold(self.on(when), 1, account, kind, "asked for", line=line, until=ends)

    def lift(self, account: str, when: Day, *, line: str | None = None, kind: str = "manual") -> None:
        """Lift a hold."""
        holds.lift(self.on(when), 1, account, kind, "settled", line=line)

    def flag(self, account: str, value: bool, when: Day) -> None:
        """Flag an account for returned mail, or clear the flag."""
        flags.returned_mail(self.on(when), 1, account, value)

    def lift_mark(self, line: str, when: Day) -> None:
        """Take the brought-back mark off."""
        flags.lift_brought_back(self.on(when), 1, line)

    def add(self, lines: Iterable[str], agency: str, when: Day) -> None:
        """Queue lines by hand."""
        pending.add(self.on(when), 1, list(lines), agency)

    def post(self, lines: Iterable[str], when: Day, agency: str | None = None) -> None:
        """Post pending lines by hand."""
        pending.post(self.on(when), 1, list(lines), agency=agency)

    def deny(self, line: str, when: Day) -> None:
        """Deny a pending line."""
        pending.deny(self.on(when), 1, line, "not now")

    def reverse(self, entry: int, when: Day, amount: int | None = None) -> None:
        """Reverse an entry."""
        reverse.reverse(self.on(when), entry, "an error", amount)

    def transfer(self, line: str, when: Day, responsible: str = "guarantor", *, re_age: bool = False) -> None:
        """Take a placed debt back."""
        transfer.transfer(self.on(when), [self.placement(line).id], responsible, re_age)

    def reassign(self, line: str, agency: str, when: Day) -> None:
        """Move a placed debt to another agency by hand."""
        reassign.reassign(self.on(when), self.placement(line).id, agency)

    def adjust(self, line: str, code: str, amount: int, when: Day) -> int:
        """Adjust a placed debt; the entry's id."""
        return adjust.adjust(self.on(when), self.placement(line).id, code, amount, "agreed").entry

    def file(self, agency: str, when: Day) -> None:
        """Make an agency's files by hand, and their copies."""
        agency_files.make_files(self.on(when), 1, self.agencies[agency])
        agency_files.write_copies(self.on(when))

    # --- nights -------------------------------------------------------------------------------------------------

    def night(self, when: Day, code: str = "LAKE", *, dry_run: bool = False, why: bool = True) -> SeenNight:
        """One practice's night, which must end well; control identity and *Why?* are proved on the way."""
        candidates = self.candidates(code)
        asked = self.whys(when, code, candidates) if why else {}
        seen = self.any_night(when, code, dry_run=dry_run)
        assert seen.report.exit_code == 0, seen.report.message
        if seen.document["status"] == "done":
            prove_control(seen, self.after_withdraw(candidates, seen))
            if not seen.withdrawn:
                assert {line: asked[line] for line in asked} == (seen.verdicts if why else {})
        return seen

    def any_night(self, when: Day, code: str = "LAKE", *, dry_run: bool = False) -> SeenNight:
        """One practice's night, whatever its end."""
        (seen,) = self.nights(when, code, dry_run=dry_run)
        return seen

    def nights(self, when: Day, code: str | None = None, *, dry_run: bool = False) -> list[SeenNight]:
        """The nights of all practices."""
        found = []
        with nightly.nights(self.on(when), code, dry_run=dry_run, lines=True, pause=0) as reports:
            for report in reports:
                found.append(SeenNight(report, report.document(), list(report.lines())))
        return found

    def candidates(self, code: str) -> dict[str, int]:
        """Balances by line of what is active in AR, the guarantor's and above zero, in plain SQL."""
        sql = (
            "SELECT number, ar FROM service_line l WHERE practice = ? AND responsibility = 'guarantor' AND ar > 0"
            " AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.line = l.id AND p.outcome IS NULL)"
            " AND NOT EXISTS (SELECT 1 FROM placement x WHERE x.line = l.id AND x.closed IS NULL)"
        )
        return dict(self.sql(sql, self.practices[code]))

    def after_withdraw(self, before: dict[str, int], seen: SeenNight) -> dict[str, int]:
        """The candidates before a night and those that its withdraw step gave back."""
        after = dict(before)
        for row in seen.rows:
            if row["outcome"] == "withdrawn" and row["because"] not in ("no_balance", "not_guarantor"):
                after[row["line"]] = money.parse(row["balance"])
        return after

    def whys(self, when: Day, code: str, lines: Iterable[str]) -> dict[str, Verdict]:
        """What *Why?* says of lines on a date."""
        practice = Practice.get_by_id(self.practices[code])
        found = {}
        for line in lines:
            answer = asking.why(self.on(when), practice, line)
            found[line] = (answer.outcome, answer.agency, answer.because)
        return found

    # --- what the office sees -----------------------------------------------------------------------------------

    def sql(self, statement: str, *values: object) -> list[tuple[Any, ...]]:
        """Rows of a query of the test's own."""
        return self.office.store.use().execute_sql(statement, values).fetchall()

    def the_line(self, number: str) -> ServiceLine:
        """A line by number."""
        self.office.store.use()
        return ServiceLine.get(ServiceLine.number == number)

    def balance(self, line: str) -> int:
        """The line's balance in active AR."""
        return self.the_line(line).ar

    def waiting(self) -> dict[str, str]:
        """Agencies by line of what is pending."""
        query = Pending.select(ServiceLine.number, Agency.name).join(ServiceLine, on=(ServiceLine.id == Pending.line))
        query = query.join(Agency, on=(Agency.id == Pending.agency)).where(Pending.outcome.is_null())
        return dict(query.tuples())

    def placed(self) -> dict[str, tuple[str, int]]:
        """Agency and balance by line of what is placed."""
        query = Placement.select(ServiceLine.number, Placement.agency_name, Placement.balance)
        query = query.join(ServiceLine, on=(ServiceLine.id == Placement.line)).where(Placement.closed.is_null())
        return {line: (agency, balance) for line, agency, balance in query.tuples()}

    def placement(self, line: str) -> Placement:
        """The line's open placement."""
        return Placement.get(Placement.line == self.the_line(line).id, Placement.closed.is_null())

    def held(self, when: Day) -> list[Hold]:
        """The holds there are."""
        return list(Hold.select().where(Hold.since <= day(when)))


def _settle(draft: Draft, row: Any, fields: dict[str, object]) -> None:
    """Change a row's settings with their changes; what is so already is no refusal here."""
    if any(getattr(row, name) != value for name, value in fields.items()):
        changing.update(draft, type(row), row, fields)


def prove_control(seen: SeenNight, candidates: dict[str, int]) -> None:
    """The control identity, from candidates counted by other means and from the report's own lines."""
    control = seen.document["control"]
    assert set(control) == {"candidates", "queued", "excluded", "failed"}
    assert list(control["excluded"]) == list(NAMES)

    def sums(rows: Iterable[int]) -> dict[str, Any]:
        amounts = list(rows)
        return {"count": len(amounts), "amount": money.plain(sum(amounts))}

    assert control["candidates"] == sums(candidates.values())
    assert set(seen.verdicts) == set(candidates)
    by = {"queued": [], "failed": []} | {name: [] for name in NAMES}
    for line, (outcome, _, because) in seen.verdicts.items():
        by[because if outcome == "excluded" else outcome].append(candidates[line])
    assert control["queued"] == sums(by["queued"])
    assert control["failed"] == sums(by["failed"])
    assert control["excluded"] == {name: sums(by[name]) for name in NAMES}
