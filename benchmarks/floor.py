"""The least that a night could cost: a plain `sqlite3` script with the same selects that writes the same rows.

Same store, indexes, triggers, chunks, commits and digests as the program; no Peewee, no steps that may be resumed, no pauses, no
report, no check, and nothing of the program is imported, whose start costs processor time too. What `benchmarks.night` divides by.
"""

from __future__ import annotations

import hashlib
import json
import resource
import sqlite3
import sys
import time
from pathlib import Path
from typing import Any

DAY = 20_777  # 2026-11-20
ACCOUNTS = 6_000  # accounts a chunk of selection: as many candidates as the program's chunk, 15,000
ROWS = 2_500

BEST = (
    "CASE WHEN l.ar > 9900 AND l.aging_date < :day - 89 THEN 0 WHEN l.ar > 9900 AND l.aging_date < :day - 45 THEN 1 END"
)
PAID = """(SELECT coalesce(sum(e.amount - (SELECT coalesce(sum(r.amount), 0) FROM entry r
           WHERE r.parent = e.id AND r.code = 'RVPAY')), 0)
           FROM entry e WHERE e.line = l.id AND e.code = 'GPYMT' AND e.posted BETWEEN :day - 35 AND :day)"""
BAR = "max(2000, (l.ar * 1000 + 5000) / 10000)"
HELD = """EXISTS (SELECT 1 FROM hold h WHERE h.account = l.account AND (h.line IS NULL OR h.line = l.id)
          AND h.since <= :day AND (h.until IS NULL OR h.until > :day))"""
DECIDE = f"""
INSERT INTO decision
SELECT l.id, l.account, l.case_number, l.date_of_service, l.ar, :day - l.aging_date,
    CASE WHEN {HELD} THEN 'on_hold' WHEN l.brought_back THEN 'brought_back' WHEN NOT l.ar > 9900 THEN 'below_balance'
         WHEN NOT l.aging_date < :day - 45 THEN 'too_young' WHEN NOT {PAID} < {BAR} THEN 'recent_payment' END,
    {BEST}, NULL, NULL, NULL
FROM service_line l
WHERE l.practice = 1 AND l.account > :low AND l.account <= :high AND l.responsibility = 'guarantor' AND l.ar > 0
  AND NOT EXISTS (SELECT 1 FROM pending p WHERE p.line = l.id AND p.outcome IS NULL)
  AND NOT EXISTS (SELECT 1 FROM placement p WHERE p.line = l.id AND p.closed IS NULL)"""
SIBLINGS = """
UPDATE decision SET excluded = NULL, because = 'dos', agency = best.agency, ground = best.line
FROM (SELECT account, date_of_service, case_number, agency, line,
             row_number() OVER (PARTITION BY account, date_of_service, case_number ORDER BY rank, line) AS place
      FROM decision WHERE because = 'threshold' AND case_number IS NOT NULL) AS best
WHERE decision.account = best.account AND decision.date_of_service = best.date_of_service
  AND decision.case_number = best.case_number AND best.place = 1
  AND decision.excluded NOT IN ('on_hold', 'brought_back')"""
CHOOSE = (
    """
INSERT INTO posting
SELECT row_number() OVER (ORDER BY line), id, account, line, agency, ar FROM (
    SELECT p.id, p.account, p.line, p.agency, l.ar FROM pending p JOIN service_line l ON l.id = p.line + 0
    WHERE p.practice + 0 = 1 AND p.outcome IS NULL AND p.line > :after AND p.agency IN (1, 2) AND p.because <> 'returned_mail'
      AND l.ar > 0 AND l.responsibility = 'guarantor' AND NOT """
    + HELD.replace("l.account", "p.account").replace("l.id", "p.line")
    + """
      AND NOT EXISTS (SELECT 1 FROM service_line c WHERE c.account = p.account AND c.ar < 0)
      AND (SELECT coalesce(sum(e.amount), 0) FROM entry e WHERE e.account = p.account) <= 0
    ORDER BY p.line LIMIT :rows)"""
)
ENTRY_TEXT = """
CASE WHEN coalesce(account, accounting_date, payment, transaction_code, number, reference, note) IS NULL THEN
  printf('%d|%d|%d||%s|%s|%s|%s|%s|%s|%d|%d|||:|:|:|:', id, act, practice, line, placement, parent, code, debit, credit,
    amount, posted)
ELSE
  printf('%d|%d|%d|%s|%s|%s|%s|%s|%s|%s|%d|%d|%s|%s|%s:%s|%s:%s|%s:%s|%s:%s', id, act, practice, account, line, placement,
    parent, code, debit, credit, amount, posted, accounting_date, payment, length(transaction_code), transaction_code,
    length(number), number, length(reference), reference, length(note), note) END"""
CHANGE_TEXT = (
    "printf('%d|%d|%d|%s:%s|%s:%s|%s:%s|%s:%s', id, act, subject_id, length(subject), subject, length(field), field, "
    "length(before), before, length(after), after)"
)


class Floor:
    """The script's connection and what it carries from chunk to chunk."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None)
        for pragma in ("journal_mode = wal", "synchronous = full", "foreign_keys = on", "recursive_triggers = on",
                       "temp_store = memory", "cache_size = -32000"):  # fmt: skip
            self.db.execute(f"PRAGMA {pragma}")
        self.db.execute(
            "CREATE TEMP TABLE decision (line INTEGER PRIMARY KEY, account INTEGER, case_number TEXT, date_of_service INTEGER, "
            "balance INTEGER, age INTEGER, excluded TEXT, rank INTEGER, agency INTEGER, because TEXT, ground INTEGER)"
        )
        self.db.execute(
            "CREATE TEMP TABLE posting (seq INTEGER PRIMARY KEY, pending INTEGER, account INTEGER, line INTEGER, "
            "agency INTEGER, amount INTEGER)"
        )

    def one(self, sql: str, values: Any = ()) -> tuple:
        return self.db.execute(sql, values).fetchone()

    def seal(self, act: int, kind: str, entries: int, changes: int) -> None:
        """The act's row with count, total and digest over its rows."""
        count, total = self.one("SELECT count(*), coalesce(sum(amount), 0) FROM entry WHERE id >= ?", (entries,))
        count += self.one("SELECT count(*) FROM change WHERE id >= ?", (changes,))[0]
        previous = self.one("SELECT digest FROM act WHERE practice = 1 ORDER BY id DESC LIMIT 1")[0]
        running = hashlib.sha256(f"1|{previous}|{act}|1|{DAY}|{count}|{total}|5:night|{len(kind)}:{kind}|:".encode())
        for table, text, first in (("entry", ENTRY_TEXT, entries), ("change", CHANGE_TEXT, changes)):
            rows = f"SELECT {text} AS text FROM {table} WHERE id >= ? ORDER BY id"
            (joined,) = self.one(f"SELECT CAST(group_concat(text, char(10)) AS BLOB) FROM ({rows})", (first,))
            if joined is not None:
                running.update(b"\n" + joined)
        self.db.execute(
            "INSERT INTO act VALUES (?, 1, 'night', ?, NULL, ?, ?, ?, 1, ?, '2026-11-20T00:00:00Z')",
            (act, kind, DAY, count, total, running.hexdigest()),
        )

    def begin(self) -> tuple[int, int, int]:
        """The next ids of act, entry and change, under the write lock."""
        self.db.execute("BEGIN IMMEDIATE")
        return tuple(
            self.one(f"SELECT coalesce(max(id), 0) + 1 FROM {table}")[0] for table in ("act", "entry", "change")
        )

    def select(self, low: int, high: int) -> int:
        """Decide and queue one range of accounts; returns how many were queued."""
        act, entry, change = self.begin()
        self.db.execute("DELETE FROM decision")
        self.db.execute(DECIDE, {"day": DAY, "low": low, "high": high})
        self.db.execute("UPDATE decision SET agency = 2 - rank, because = 'threshold' WHERE excluded IS NULL")
        self.db.execute(SIBLINGS)
        self.db.execute(
            "SELECT coalesce(excluded, 'queued'), count(*), sum(balance) FROM decision GROUP BY 1"
        ).fetchall()
        queued = self.db.execute(
            "INSERT INTO pending (practice, account, line, agency, amount, age, source, because, ground, queued, queued_act, act) "
            "SELECT 1, account, line, agency, balance, age, 'night', because, ground, ?, ?, ? FROM decision "
            "WHERE agency IS NOT NULL ORDER BY line",
            (DAY, act, act),
        ).rowcount
        self.db.execute(
            "INSERT INTO change (act, subject, subject_id, field, before, after) SELECT ?, 'service_line', line, 'pending', NULL, "
            "g.name || ' (' || because || ')' FROM decision JOIN agency g ON g.id = decision.agency ORDER BY line",
            (act,),
        )
        if queued:
            self.seal(act, "select", entry, change)
        self.db.execute("COMMIT")
        return queued

    def post(self, after: int) -> tuple[int, int]:
        """Post the next rows beyond a line; returns how many, and the last line."""
        act, entry, change = self.begin()
        self.db.execute("DELETE FROM posting")
        self.db.execute(CHOOSE, {"day": DAY, "after": after, "rows": ROWS})
        count, last = self.one("SELECT count(*), max(line) FROM posting")
        if count:
            self.db.execute(
                "INSERT INTO entry (id, act, practice, line, placement, code, debit, credit, amount, posted) "
                "SELECT ? + seq, ?, 1, line, ? + seq, 'EXCOL', 'EXT', 'AR', amount, ? FROM posting ORDER BY seq",
                (entry - 1, act, entry - 1, DAY),
            )
            self.db.execute(
                "INSERT INTO placement (id, practice, account, line, agency, amount, balance, placed, pinned, guarantor, "
                "account_number, agency_name, description, date_of_service, act) "
                "SELECT ? + p.seq, 1, p.account, p.line, p.agency, p.amount, p.amount, ?, 0, a.guarantor, a.number, g.name, "
                "coalesce(l.description, l.procedure, ''), l.date_of_service, ? FROM posting p "
                "JOIN service_line l ON l.id = p.line "
                "JOIN account a ON a.id = p.account JOIN agency g ON g.id = p.agency ORDER BY p.seq",
                (entry - 1, DAY, act),
            )
            self.db.execute(
                "UPDATE pending SET outcome = 'posted', resolved = ?, act = ? WHERE id IN (SELECT pending FROM posting)",
                (DAY, act),
            )
            self.db.execute(
                "UPDATE service_line SET ar = ar - s.amount, act = ? FROM posting s WHERE service_line.id = s.line",
                (act,),
            )
            self.seal(act, "approve", entry, change)
        self.db.execute("COMMIT")
        return count, last or 0


def run(path: Path) -> dict[str, float]:
    """Select and post the whole practice; returns counts, and seconds by the clock and of the processor."""
    started, used = time.perf_counter(), time.process_time()
    floor = Floor(path)
    last = floor.one("SELECT max(id) FROM account")[0]
    queued = sum(floor.select(low, low + ACCOUNTS) for low in range(0, last, ACCOUNTS))
    posted, after = 0, 0
    while True:
        count, after = floor.post(after)
        if not count:
            break
        posted += count
    spent = time.process_time() - used
    return {"queued": queued, "posted": posted, "seconds": time.perf_counter() - started, "cpu": spent}


def peak_mb() -> float:
    """The most memory that this process held since it began; `getrusage` would count what its parent held."""
    with open("/proc/self/status", encoding="ascii") as status:
        return next(int(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))


def tell(figures: dict[str, float]) -> None:
    """The figures as JSON, with this process's memory and all its processor time, the interpreter's start and imports included."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    print(json.dumps(figures | {"whole_cpu": used.ru_utime + used.ru_stime, "mb": peak_mb()}))


if __name__ == "__main__":
    tell(run(Path(sys.argv[1])))
