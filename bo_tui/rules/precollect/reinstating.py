"""RI that waited too long: 50 days after the SS TSI has cancelled by itself, and a reinstatement would be of nothing it has.

Judged again whenever a Stop file is made: an RI beyond day 50 becomes a PL, with the lines that it was to take up again, in a
Start file of its own before the Stop file, so that what was told since follows it (formats_and_libraries.md 1.2).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from peewee import SQL, Value, fn

from bo_tui.db.sqltext import as_text
from bo_tui.db.tables import Practice, PrecollectFile, Precollection, PrecollectMessage
from bo_tui.db.tables.scratch import emptied
from bo_tui.db.tables.scratchprecollect import Starting
from bo_tui.formats import precollect as formats
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger
from bo_tui.rules.precollect import files, gate, startrows
from bo_tui.rules.precollect.files import MadeFile
from bo_tui.rules.precollect.selection import FIELD
from bo_tui.rules.precollect.starts import KIND, REINSTATED_WITHIN

MESSAGES = 1_000  # accounts of one such Start file


def place_late(office: Office, practice: int) -> Iterator[MadeFile]:
    """Start files of the waiting RI that came beyond day 50, each one act; none where there is none."""
    while True:
        with office.reading():
            if not late(practice, office.business_date).exists():
                return
        with office.act(KIND, practice) as draft:
            made = _place(draft, gate.the_practice(practice))
            ledger.seal(draft)
        yield made


def _place(draft: Draft, practice: Practice) -> MadeFile:
    """Make PL of late RI, as many as one file takes; few ever are, and so all of it happens under the lock."""
    chosen = [row for (row,) in late(practice.id, draft.business_date).limit(MESSAGES).tuples()]
    stay, new = Precollection, emptied(Starting)
    query: Any = stay.select(stay.line, stay.account, stay.amount, Value(startrows.PLACEMENT))
    taken = query.where(stay.message.in_(chosen))
    new.insert_from(taken, [new.line, new.account, new.amount, new.route]).execute()
    rows = startrows.rows(practice)
    total = sum(row.balance for row in rows)
    contents = files.Bytes.of(formats.render_start(rows), len(chosen), len(rows), len(chosen), total)
    made = files.insert(draft, practice, formats.START, contents)
    message = PrecollectMessage
    these, amount = message.id.in_(chosen), as_text(message.amount, message.amount)
    words = (Value(f"{message_type} ").concat(amount) for message_type in ("RI", startrows.PLACEMENT))
    said: Any = message.select(Value(draft.id), Value("account"), message.account, Value(FIELD), *words)
    ledger.change_from(draft, said.where(these).order_by(message.id))
    told = {"type": startrows.PLACEMENT, "date": draft.business_date, "file": made.id, "act": draft.id}
    message.update(told).where(these).execute()
    return made


def late(practice: int, day: int) -> Any:
    """A query of the ids of waiting RI whose account's last SS was told more than 50 days before the day (a day number).

    Where that SS waits too, the RI is none of them. Call in a transaction.
    """
    message = PrecollectMessage
    last, told, file = message.alias("last"), message.alias("told"), PrecollectFile.alias("file")
    before = (last.account == message.account) & (last.type == "SS") & (last.id < message.id)
    newest = last.select(fn.MAX(last.id)).where(before)
    when: Any = told.select(file.business_date).join(file, on=(file.id == told.file)).where(told.id == newest)
    waits = (message.practice == practice) & message.file.is_null() & (message.left_out == SQL("0"))
    past = waits & (message.type == "RI") & (when < Value(day - REINSTATED_WITHIN))
    return message.select(message.id).where(past).order_by(message.id)
