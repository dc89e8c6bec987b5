"""An office in which every free text is hostile: names, notes, reasons with escape sequences, markup, invisible and turned marks.

An import refuses control characters; here they are put into the file behind the program's back, as an older or a meddled store
may have them. Whatever stands in MARKS must never be seen in the bytes that a terminal gets.
"""

from __future__ import annotations

import os
import pwd
import re
import sqlite3
from contextlib import closing
from pathlib import Path

from bo_tui.db.connection import open_store
from bo_tui.db.tables import Operator
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger
from bo_tui.rules.accounts import notes, plans
from bo_tui.rules.addresses import load
from bo_tui.rules.batches import remit
from bo_tui.rules.collections import tasks
from bo_tui.rules.external import adjust, files
from tests import making
from tests.support import precollecting
from tests.support.book import OfficeBook
from tests.support.paying import Desk, gross, to_line

EVIL = (
    "\x1b[31;5;7mX\x1b]52;c;aGFjaw==\x07\x9b31;9m\u202e\u2066\u200b\u2028\ufeff\u00ad\x0c\x0b\x08\x00"
    "[red]Y[/red][@click=app.quit]Z[/]\r\n\tend"
)
MARKS = (
    b"\x1b[31;5;7m", b"\x1b]52;", b"\xc2\x9b", b"\x07", b"\x08", b"\x0b", b"\x0c", b"\x00", "\u202e".encode(), "\u2066".encode(),
    "\u200b".encode(), "\u2028".encode(), "\ufeff".encode(), "\u00ad".encode(),
)  # fmt: skip
"""Byte sequences that only data has; a BEL or a backspace is never the program's own either, save what OURS says."""

OURS = re.compile(rb"\x1b\]22;[a-z]*\x07")  # textual sets the shape of the mouse's pointer


def leaked(raw: bytes) -> list[str]:
    """What of MARKS stands in the bytes that a terminal got, with what stands before it."""
    bare = OURS.sub(b"", raw)
    found = [(mark, bare.find(mark)) for mark in MARKS]
    return [f"{mark!r} after {bare[max(0, at - 120) : at]!r}" for mark, at in found if at >= 0]


FREE = {
    "practice": "name tsi_client_number",
    "act": "reason",
    "agency": "name address1 address2 city state zip contact phone phone_ext fax fax_ext email client_number",
    "assignment": "client_number",
    "transaction_code": "description",
    "account": "number guarantor last first middle organization address1 address2 city state zip phone phone2 email",
    "service_line": "number case_number patient_last patient_first relationship procedure description",
    "hold": "reason",
    "entry": "number reference note",
    "change": "before after",
    "pending": "reason",
    "placement": "client_reference guarantor account_number agency_name description",
    "precollection": "pre_collection_id",
    "proposal": "proposed_by reason",
    "collection_task": "note assigned_to made_by",
    "attachment": "name",
    "run": "message",
    "note": "text author",
    "payment_plan": "note made_by reason",
    "address_file": "name",
    "address_correction": "record_id old_address1 old_city new_address1 new_city sent warning undeliverable note error",
    "payment_batch": "description created_by",
    "payment": "number payer note made_by plan",
    "distribution": "note claim control_number made_by",
    "payment_exception": "account placement client_reference reference reason note",
    "access": "actor subject detail",
}


def build(path: Path) -> Office:
    """A practice with something of everything, the user of this machine its administrator; its texts are still good."""
    office = Office(open_store(path), Actor(making.USER, "administrator"), making.DAY)
    book = OfficeBook(office)
    today, folder = making.DAY, path.parent
    book.agency("One", balance=50_00, age=10, auto_create_file=True)
    book.agency("Two")
    book.rules(roll_returned_mail=True)
    precollecting.enrol(book)
    for number in range(1, 9):
        book.line(
            f"L{number}", 100_00 + number, "2026-05-01", account=f"A{(number + 1) // 2}", case="C1", procedure="01402"
        )
    book.pay("L1", 10_00, today)
    for number in ("L3", "L4", "L5"):
        book.add([number], "One", today - 5)
    book.post(["L3", "L4"], today - 5)
    files.make_files(office.on(today - 4), 1, book.agencies["One"])
    files.write_copies(office)
    book.agency_pays("L3", 20_00, today, 5_00)
    book.adjust("L3", "CHRTY", 1_00, today)
    book.hold("A4", today, line="L8")
    book.night(today, why=False)
    notes.add_note(office, 1, "A1", "called, asks for time")
    plans.set_plan(office, 1, "A1", plans.Terms(10_00, today + 10))
    tasks.keep(office, 1, "L2", tasks.Wanted("call", today, making.USER))
    book.practice("LAKE", four_eyes_limit=2_00)
    adjust.adjust(office, book.placement("L4").id, "CHRTY", 3_00, "hardship")
    _money(book, folder)
    (folder / "corrections.csv").write_text(
        "account,new_address1,new_city,new_state,new_zip,undeliverable\nA1,1 Oak,Salem,OR,97301,\nA2,,,,,V\n"
    )
    load.load(office, 1, folder / "corrections.csv")
    user = pwd.getpwuid(os.getuid()).pw_name
    with office.act("operator") as draft:
        row = Operator.insert(user=user, role="administrator", act=draft.id).execute()
        ledger.change(draft, "operator", row, "role", None, "administrator")
        ledger.seal(draft)
    return office


def _money(book: OfficeBook, folder: Path) -> None:
    """A posted batch, one that is open, and a remittance with an exception."""
    desk = Desk(book, making.DAY)
    desk.guarantor("A1", 5_00, to_line("L1", 5_00), note="thanks")
    batch = desk.batch(30_00)
    desk.enter(batch, desk.header("agency", 30_00, agency="One"), gross(book.placement("L3").id, 30_00))
    (folder / "remit.csv").write_text(
        f"placement,date,gross,net\n{book.placement('L4').id},2026-11-01,5.00,4.00\n99999,2026-11-01,5.00,4.00\n"
    )
    remit.import_remit(book.office, 1, "One", folder / "remit.csv")


def poison(path: Path) -> int:
    """Put EVIL behind every free text of a store, past its triggers; how many cells."""
    count = 0
    with closing(sqlite3.connect(path)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for table, columns in FREE.items():
            for column in columns.split():
                count += db.execute(
                    f"UPDATE OR IGNORE {table} SET {column} = coalesce({column}, '') || ? || rowid", (EVIL,)
                ).rowcount
        for _, sql in triggers:
            db.execute(sql)
        db.commit()
    return count
