"""Key to frame and bytes on Transactions of a million placements, in a pseudo-terminal: `python -m benchmarks.keys [NUMBER]`."""

from __future__ import annotations

import json
import os
import pwd
import sys
import tempfile
from pathlib import Path

from benchmarks import practice
from bo_tui.db.connection import Store
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger, operators
from tests.terminal.harness import KEYS, Terminal

PROGRAM = [sys.executable, "-m", "bo_tui"]
LATE = (
    0.4  # seconds without a byte after which a filter's or a sort's answer is held to be there; it comes in two parts
)
ROUNDS = {"down": 200, "pagedown": 60, "end": 20, "filter": 20, "sort": 20}


def build(path: Path, placements: int) -> Store:
    """A practice with so many open placements, and this user as its supervisor."""
    store = practice.build(path, placements * 5 // 4)  # four lines in five have a balance
    office = Office(store, Actor("bench", "administrator"), practice.DAY)
    operators.add(office, pwd.getpwuid(os.getuid()).pw_name, "supervisor")
    with office.act("post", 1) as draft:
        run = office.store.db.execute_sql
        run(
            "CREATE TEMP TABLE going AS SELECT row_number() OVER (ORDER BY id) AS seq, id, account, ar FROM service_line"
            " WHERE ar > 0 ORDER BY id LIMIT ?",
            (placements,),
        )
        (count,) = run("SELECT count(*) FROM going").fetchone()
        base = draft.take_entry_ids(count) - 1
        run(
            "INSERT INTO entry (id, act, practice, line, placement, code, debit, credit, amount, posted)"
            " SELECT ? + seq, ?, 1, id, ? + seq, 'EXCOL', 'EXT', 'AR', ar, ? FROM going ORDER BY seq",
            (base, draft.id, base, practice.DAY),
        )
        run(
            "INSERT INTO placement (id, practice, account, line, agency, amount, balance, placed, pinned, guarantor,"
            " account_number, agency_name, description, date_of_service, act)"
            " SELECT ? + g.seq, 1, g.account, g.id, 1, g.ar, g.ar, ? - g.seq % 700,"
            " 0, a.guarantor, a.number, 'First Bay', 'Anesthesia', ? - 800, ? FROM going g JOIN account a ON a.id = g.account"
            " ORDER BY g.seq",
            (base, practice.DAY, practice.DAY, draft.id),
        )
        run("UPDATE service_line SET ar = 0, act = ? WHERE id IN (SELECT id FROM going)", (draft.id,))
        ledger.seal(draft)
    store.db.execute_sql("ANALYZE")
    store.db.execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    return store


def measure(path: Path) -> dict[str, dict[str, float]]:
    """Milliseconds from a key to its frame (p50, p95) and bytes a key, by action; and the program's memory before and after."""
    found: dict[str, dict[str, float]] = {}
    with Terminal(PROGRAM, environ={"BO_TUI_DB": str(path)}) as term:
        term.wait_for("2 Placed", 60)
        term.press("2")
        term.wait_for("[2 Transactions", 60)
        term.settle(1.0, 20)
        before = term.memory()
        found["down"] = _each(term, [KEYS["down"]] * ROUNDS["down"])
        found["pagedown"] = _each(term, [KEYS["pagedown"]] * ROUNDS["pagedown"])
        found["end"] = _each(term, [KEYS["end"], KEYS["home"]] * (ROUNDS["end"] // 2))
        found["filter"] = _each(
            term, [b"n", b"a", b"m", b"e", b"4", *[KEYS["backspace"]] * 5] * (ROUNDS["filter"] // 10)
        )
        found["filter_rows"] = _each(term, [b"7", KEYS["backspace"]] * (ROUNDS["filter"] // 4), LATE)
        term.press("enter")  # from the filter to the rows, where these keys choose the order
        term.settle(1.0, 20)
        found["sort"] = _each(term, [b">", b"<"] * (ROUNDS["sort"] // 2), LATE)
        found["memory"] = {"before_mb": before / 2**20, "after_mb": term.memory() / 2**20}
    return found


def _each(term: Terminal, keys: list[bytes], quiet: float = 0.05) -> dict[str, float]:
    """Each key is pressed when the answer to the last one has come; what comes late (a count) belongs to none."""
    times, spent = [], []
    for key in keys:
        start = term.total
        times.append(1000 * term.answer_time(key, quiet))
        spent.append(term.total - start)
    times.sort()
    spent.sort()
    last = len(times) - 1
    return {
        "p50_ms": times[last // 2],
        "p95_ms": times[round(last * 0.95)],
        "bytes": spent[last // 2],
        "p95_bytes": spent[round(last * 0.95)],
    }


if __name__ == "__main__":
    with tempfile.TemporaryDirectory(prefix="bo_tui-keys-") as folder:
        office_file = Path(folder) / "office.db"
        build(office_file, int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000).close()
        print(json.dumps(measure(office_file)))
