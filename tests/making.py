"""Small offices for tests: accounts, service fee lines and entries made through the ledger, so that `check` finds them good.

Amounts are cents, dates day numbers. `DAY` is the business date of the `office` fixture; ages are counted back from it.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bo_tui import dates, money
from bo_tui.cli.init import make_office
from bo_tui.db.integrity import Finding
from bo_tui.db.tables import Account, Agency, AgencyFile, Assignment, Entry, Placement, ServiceLine
from bo_tui.office import Draft, Office
from bo_tui.rules import checking, ledger
from bo_tui.rules.codes import AR, CASH, EXT, REVENUE
from bo_tui.rules.settings import changing

DAY = dates.parse("2026-11-20")
PRACTICE = 1  # the id of the fixture's only practice, code LAKE
USER = "ana"  # its administrator


def new_office(path: Path, code: str = "LAKE", business_date: int = DAY) -> Office:
    """A new store with one practice, opened by its administrator."""
    return make_office(path, code, "Lakeside Anesthesia", USER, business_date)


def verify(office: Office) -> list[Finding]:
    """What `bo-tui check` finds; a test ends well when it is empty."""
    return checking.check(office.store)


def make_agency(office: Office, name: str = "First Bay", *, practice: int = PRACTICE, **assigned: object) -> int:
    """An agency with an agreement, assigned to the practice (fields of Assignment); its id."""
    with office.act("agency") as draft:
        agency: int = Agency.insert(name=name, baa_date=DAY - 900, act=draft.id).execute()
        ledger.change(draft, "agency", agency, "name", None, name)
        ledger.seal(draft)
    with office.act("assignment", practice) as draft:
        row: int = Assignment.insert(practice=practice, agency=agency, act=draft.id, **assigned).execute()
        ledger.change(draft, "assignment", row, "agency", None, agency)
        ledger.seal(draft)
    return agency


def keep(office: Office, table: Any, **fields: object) -> int:
    """A row of whatever table with an act of its own, and the changes that say all of it, as rules write them; its key."""
    practice = fields.get("practice")
    with office.act("test", practice if isinstance(practice, int) else None) as draft:
        row = changing.insert(draft, table, fields, keys={})
        ledger.seal(draft)
    return row


def change(office: Office, table: Any, where: Any = None, **fields: object) -> None:
    """Change rows of whatever table (all of them where nothing is asked) by an act that says so."""
    with office.act("test", PRACTICE) as draft:
        for row in list(table.select() if where is None else table.select().where(where)):
            changing.update(draft, table, row, fields)
        ledger.seal(draft)


def make_account(office: Office, number: str = "A1", *, practice: int = PRACTICE, **fields: object) -> int:
    """An account (fields of Account); its id."""
    values = {"guarantor": "Smith, Ana", "last": "Smith", "first": "Ana"} | fields
    with office.act("account", practice) as draft:
        account: int = Account.insert(practice=practice, number=number, act=draft.id, **values).execute()
        ledger.change(draft, "account", account, "number", None, number)
        ledger.seal(draft)
    return account


def make_line(
    office: Office,
    account: int,
    number: str = "L1",
    fee: int = 480_00,
    *,
    age: int = 60,
    practice: int = PRACTICE,
    **fields: object,
) -> int:
    """A service fee line of so many cents and days, in guarantor responsibility, with its SVCFE entry; its id."""
    since = office.business_date - age
    values = {
        "date_of_service": since - 30,
        "responsibility": "guarantor",
        "responsible_since": since,
        "aging_date": since,
        "posted": since,
        "description": "Anesthesia",
    } | fields
    with office.act("line", practice) as draft:
        line: int = ServiceLine.insert(
            practice=practice, account=account, number=number, fee=fee, act=draft.id, **values
        ).execute()
        if fee:
            ledger.write(draft, "SVCFE", (AR, REVENUE), fee, line=line, account=account)
        ledger.settle(draft)
        ledger.seal(draft)
    return line


def pay(office: Office, line: int, amount: int, *, days_ago: int = 0, code: str = "GPYMT") -> int:
    """A payment on a line so many days ago; the entry's id."""
    row = ServiceLine.get_by_id(line) if office.store.use() else None
    with office.on(office.business_date - days_ago).act("payment", row.practice) as draft:
        parent = Entry.select(Entry.id).where((Entry.line == line) & (Entry.code == "SVCFE")).scalar()
        entry = ledger.write(draft, code, (CASH, AR), amount, line=line, account=row.account, parent=parent)
        ledger.settle(draft)
        ledger.seal(draft)
    return entry


def place(office: Office, line: int, agency: int) -> int:
    """Place a line's whole balance with an agency, as posting does; the placement's id."""
    office.store.use()
    row, account = ServiceLine.get_by_id(line), None
    account = Account.get_by_id(row.account)
    with office.act("post", row.practice) as draft:
        entry = ledger.write(draft, "EXCOL", (EXT, AR), row.ar, line=line, account=row.account)
        Placement.insert(
            id=entry,
            practice=row.practice,
            account=row.account,
            line=line,
            agency=agency,
            amount=row.ar,
            balance=row.ar,
            placed=office.business_date,
            guarantor=account.guarantor,
            account_number=account.number,
            agency_name=Agency.get_by_id(agency).name,
            description=row.description or "",
            date_of_service=row.date_of_service,
            act=draft.id,
        ).execute()
        ledger.settle(draft)
        ledger.seal(draft)
    return entry


def placement_entry(draft: Draft, code: str, move: tuple[str, str], amount: int, placement: int) -> int:
    """One more entry under a placement, within an act that is being written; its id."""
    row = Placement.get_by_id(placement)
    return ledger.write(
        draft, code, move, amount, line=row.line, account=row.account, placement=placement, parent=placement
    )


def make_file(office: Office, agency: int, content: bytes = b"one row\n", *, sequence: int = 1) -> int:
    """An agency file of the practice's unfiled placements, with its copy in `outbox/`; its id."""
    import hashlib
    import zlib

    office.store.use()
    rows = list(Placement.select().where((Placement.agency == agency) & Placement.file.is_null()))
    name = f"outbox/LAKE/First Bay-{sequence:06d}.csv"
    with office.act("file", PRACTICE) as draft:
        file: int = AgencyFile.insert(
            practice=PRACTICE,
            agency=agency,
            kind="placement",
            sequence=sequence,
            file_type="csv",
            path=name,
            business_date=office.business_date,
            count=len(rows),
            accounts=len({row.account for row in rows}),
            total=sum(row.balance for row in rows),
            sha256=hashlib.sha256(content).hexdigest(),
            content=zlib.compress(content),
            made_act=draft.id,
            act=draft.id,
            written_at=dates.utc_stamp(),
        ).execute()
        Placement.update(file=file).where(Placement.id.in_([row.id for row in rows])).execute()
        said = f"{len(rows)} {money.plain(sum(row.balance for row in rows))} {hashlib.sha256(content).hexdigest()}"
        ledger.change(draft, "agency_file", file, "created", None, said)
        ledger.seal(draft)
    path = office.store.folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return file
