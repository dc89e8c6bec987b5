"""Spoiled folders through the import: each row is refused with file, row, column and reason and nothing is written, or is loaded.

`Fields` spoils one cell of each of many rows and takes out what is refused until the rest is loaded; `Files` spoils one file's
bytes. Both compare the store's head and SQLite's own count of foreign commits around every refusal, and run `check` after loads.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import sqlite3
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from random import Random

from bo_tui.db.connection import open_store
from bo_tui.errors import BadInput, Refusal
from bo_tui.office import Actor, Office
from bo_tui.rules import checking
from bo_tui.rules.importing import Summary, import_folder
from tests import making
from tests.support import mutating

BASE = 40  # accounts and lines that are there before, for rows to name
DAY = "2026-06-01"
PRACTICES = 6  # at most in one import: each is an act of its own with a history of its own
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")


@dataclass
class Counts:
    """What became of the cases."""

    cases: int = 0
    refused: int = 0
    loaded: int = 0
    imports: int = 0
    checks: int = 0
    reasons: Counter[str] = field(default_factory=Counter)


class Hostile:
    """An office in a folder of its own, made anew from a template whenever something was loaded into it."""

    def __init__(self, folder: Path, seed: int) -> None:
        self.folder, self.random, self.counts = folder, Random(seed), Counts()
        self.template = folder / "template.db"
        office = making.new_office(self.template)
        self._write(folder / "base", base())
        import_folder(office, folder / "base")
        office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        office.close()
        self.office: Office | None = None

    def opened(self) -> Office:
        """The office as the template has it."""
        if self.office is None:
            path = self.folder / "office.db"
            for suffix in ("", "-wal", "-shm"):
                Path(f"{path}{suffix}").unlink(missing_ok=True)
            shutil.copy(self.template, path)
            self.office = Office(open_store(path), Actor(making.USER, "administrator"), making.DAY)
            self.office.store.use().execute_sql("PRAGMA synchronous = OFF")  # nobody pulls the plug on a test
            self.watcher = sqlite3.connect(path)
        return self.office

    def close(self) -> None:
        """Leave nothing open."""
        if self.office is not None:
            assert checking.check(self.office.store) == []
            self.counts.checks += 1
            self.watcher.close()
            self.office.close()
            self.office = None

    def attempt(self, source: Path, *, update: bool = False) -> Summary | BadInput:
        """Import a folder: loaded, or refused in words with the store as it was; whatever else comes is raised."""
        office = self.opened()
        before = self._standing()
        self.counts.imports += 1
        try:
            return import_folder(office, source, update=update)
        except Refusal as refused:
            self._prove(refused, before)
            return refused if isinstance(refused, BadInput) else BadInput(refused.sentence)

    def _prove(self, refused: Refusal, before: tuple[object, ...]) -> None:
        assert refused.exit_code == 65, f"{refused.exit_code}: {refused}"
        assert self._standing() == before, "refused, and the store was written to"
        assert_inert(refused)

    def _standing(self) -> tuple[object, ...]:
        """The head of the acts, and the counter that SQLite raises when anybody commits."""
        head = self.watcher.execute("SELECT count(*), max(id), max(digest) FROM act").fetchone()
        return (*head, self.watcher.execute("PRAGMA data_version").fetchone()[0])

    def _write(self, folder: Path, files: dict[str, list[dict[str, str]]]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        for name, rows in files.items():
            if rows:
                (folder / f"{name}.csv").write_bytes(as_bytes(rows))

    # --- field values -------------------------------------------------------------------------------------------

    def fields(self, cases: int, *, update: bool = False) -> None:
        """One cell of each of so many rows is spoiled; rows are taken out as they are refused until what is left is loaded."""
        self.close()
        source = self.folder / "spoiled"
        files = self._spoiled_rows(cases)
        total = sum(map(len, files.values()))
        self.counts.cases += total
        for _ in range(40):
            self._write(source, files)
            if not any(files.values()):
                break
            done = self.attempt(source, update=update)
            if isinstance(done, Summary):
                self._loaded(files, done)
                break
            bad = {(problem.file, problem.row) for problem in done.problems}
            assert bad, done
            assert all(row >= 2 for _, row in bad), done.problems
            self.counts.reasons.update(problem.column for problem in done.problems)
            for name, rows in files.items():
                kept = [row for at, row in enumerate(rows, start=2) if (f"{name}.csv", at) not in bad]
                self.counts.refused += len(rows) - len(kept)
                files[name] = kept
        else:
            raise AssertionError(f"forty imports, and still refused: {done}")
        self.close()

    def _spoiled_rows(self, cases: int) -> dict[str, list[dict[str, str]]]:
        files: dict[str, list[dict[str, str]]] = {name: [] for name in EXAMPLES}
        for number in range(cases):
            name = self.random.choice(WEIGHTED)
            if name == "practices" and len(files[name]) == PRACTICES:
                name = "accounts"
            row = example(name, number)
            column = self.random.choice(list(row))
            row[column] = mutating.value(self.random, row[column])
            files[name].append(row)
        return files

    def _loaded(self, files: dict[str, list[dict[str, str]]], done: Summary) -> None:
        """As many rows as were left, their cents as Python's decimals add them up, and no control character among them."""
        by_name = {one.file: one for one in done.files}
        for name, rows in files.items():
            if not rows:
                continue
            self.counts.loaded += len(rows)
            one = by_name[f"{name}.csv"]
            assert one.rows == len(rows) == one.loaded + one.changed + one.skipped, (name, one)
            money = {"service_lines": "fee", "transactions": "amount"}.get(name)
            if money and not one.skipped:
                assert one.amount == sum(int(Decimal(row[money].replace(",", "")) * 100) for row in rows), (name, one)
        for text in texts(self.watcher):
            assert not CONTROL.search(text), repr(text[:80])

    # --- bytes of files -----------------------------------------------------------------------------------------

    def files(self, cases: int) -> None:
        """So many times one file of a small folder has its bytes spoiled; the others stay good."""
        source = self.folder / "small"
        for number in range(cases):
            update = number % 2 == 1  # then accounts and lines are those that are there
            chosen = self.random.sample(sorted(EXAMPLES), 2)
            self._write(source, {name: small(name, number, update=update) for name in chosen})
            path = source / f"{chosen[0]}.csv"
            path.write_bytes(mutating.content(self.random, path.read_bytes()))
            self.counts.cases += 1
            done = self.attempt(source, update=update)
            if isinstance(done, Summary):
                self.counts.loaded += 1
                if self.counts.loaded % 50 == 0:
                    self.close()
            else:
                self.counts.refused += 1
                assert done.problems or "row" in done.sentence, done.sentence
        self.close()


def assert_inert(refused: Refusal) -> None:
    """Words that a terminal may show: short, without control, bidirectional or invisible characters."""
    said = [refused.sentence, *map(str, refused.problems)] if isinstance(refused, BadInput) else [refused.sentence]
    for text in said:
        assert not mutating.controls(text), repr(text)
        assert len(text) < 600, text


def texts(db: sqlite3.Connection) -> list[str]:
    """Every text that the store keeps of data."""
    found: list[str] = []
    for table in ("account", "service_line", "hold", "entry", "agency", "practice", "change", "act"):
        columns = [name for _, name, kind, *_ in db.execute(f"PRAGMA table_info({table})") if kind.upper() == "TEXT"]
        for row in db.execute(f"SELECT {', '.join(map(quoted, columns))} FROM {table}"):
            found += [cell for cell in row if isinstance(cell, str)]
    return found


def quoted(name: str) -> str:
    """A column's name as SQL has it."""
    return f'"{name}"'


def as_bytes(rows: list[dict[str, str]]) -> bytes:
    """Rows as a CSV file; half characters become the bytes that they stand for."""
    stream = io.StringIO()
    writer = csv.DictWriter(stream, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return stream.getvalue().encode("utf-8", "surrogateescape")


def base() -> dict[str, list[dict[str, str]]]:
    """What is there before: two agencies, accounts and lines to name."""
    accounts = [{"practice": "LAKE", "account": f"B{n}", "last": f"Base{n}", "first": "Ana"} for n in range(BASE)]
    lines = [
        {
            "practice": "LAKE", "account": f"B{n}", "line": f"BL{n}", "date_of_service": "2026-01-02", "fee": "500.00",
            "responsibility": "guarantor", "responsible_since": "2026-02-02",
        }
        for n in range(BASE)
    ]  # fmt: skip
    agencies = [
        {"agency": f"Base Agency {n}", "address1": "1 Pier", "zip": "54007", "file_type": "csv"} for n in (1, 2)
    ]
    return {"agencies": agencies, "accounts": accounts, "service_lines": lines}


EXAMPLES: dict[str, dict[str, str]] = {
    "accounts": {
        "practice": "LAKE", "account": "A{n}", "last": "Smith", "first": "Ana", "middle": "M", "organization": "",
        "date_of_birth": "1970-02-03", "ssn": "900-12-3456", "address1": "1 Elm St", "address2": "", "city": "Salem",
        "state": "OR", "zip": "97301", "phone": "555-0164", "phone2": "", "email": "ana@example.org", "returned_mail": "no",
        "hold_statements": "no", "suspend_precollection": "yes",
    },
    "service_lines": {
        "practice": "LAKE", "account": "B{b}", "line": "N{n}", "case": "C1", "patient_last": "Smith", "patient_first": "Bo",
        "patient_date_of_birth": "2001-01-31", "relationship": "child", "date_of_service": "2026-03-04", "procedure": "01402",
        "description": "Anesthesia, knee", "fee": "480.00", "responsibility": "guarantor", "responsible_since": "2026-05-01",
        "posted": "2026-03-05", "accounting_date": "2026-03-06",
    },
    "transactions": {
        "id": "T{n}", "practice": "LAKE", "line": "BL{b}", "code": "GPYMT", "transaction_code": "", "amount": "1.25",
        "posted": DAY, "accounting_date": DAY, "number": "4001", "note": "thanks",
    },
    "holds": {
        "practice": "LAKE", "account": "B{b}", "line": "BL{b}", "kind": "manual", "since": "S{n}", "until": "2027-01-01",
        "reason": "asked for time",
    },
    "placements": {
        "practice": "LAKE", "line": "BL{b}", "agency": "Base Agency 1", "placed": DAY, "amount": "1.00",
        "client_reference": "R{n}", "in_file": "yes",
    },
    "transaction_codes": {"practice": "LAKE", "code": "C{n}", "description": "A code", "direction": "down", "active": "yes"},
    "agencies": {
        "agency": "Agency {n}", "address1": "1 Pier", "address2": "", "city": "Salem", "state": "OR", "zip": "97301",
        "contact": "Bo", "phone": "555-0100", "phone_ext": "12", "fax": "", "fax_ext": "", "email": "a@example.org",
        "file_type": "tsi", "ssn": "last4", "remits": "net", "baa_date": "2025-01-15", "client_number": "77",
    },
    "practices": {
        "practice": "P{n}", "name": "Practice {n}", "uses_accounting_dates": "yes", "closed_through": "2025-12-31",
        "four_eyes_limit": "1000.00", "precollections_enrolled": "no", "tsi_client_number": "", "tsi_ssn": "none",
    },
    "assignments": {
        "practice": "LAKE", "agency": "Base Agency {two}", "balance_greater_than": "50.00", "age_greater_than": "45",
        "auto_approve": "yes", "auto_create_file": "no", "max_lines": "10", "max_amount": "1000.00", "client_number": "",
    },
    "external_rules": {
        "practice": "LAKE", "payment_within_days": "35", "payment_minimum": "25.00", "payment_percent": "10.00",
        "account_level": "no", "roll_returned_mail": "yes", "auto_reassign": "yes", "re_age_if_denied": "no",
        "move_all_by_dos": "yes",
    },
    "precollection_rules": {
        "practice": "LAKE", "balance_greater_than": "50.00", "days_past_due": "60", "payment_minimum": "20.00",
        "payment_percent": "5", "payment_within_days": "30", "thank_you": "no", "exclude_excol": "yes",
        "exclude_statement_hold": "no", "auto_create_start": "no", "auto_create_stop": "no",
    },
    "precollections": {
        "practice": "LAKE", "line": "BL{b}", "started": DAY, "amount": "2.00", "pre_collection_id": "P{n}",
    },
}  # fmt: skip
WEIGHTED = (
    *("accounts",) * 5, *("service_lines",) * 5, *("transactions",) * 5, *("holds",) * 3, "transaction_codes", "transaction_codes",
    "agencies", "agencies", "placements", "precollections", "practices", "assignments", "external_rules", "precollection_rules",
)  # fmt: skip


def small(name: str, number: int, *, update: bool) -> list[dict[str, str]]:
    """Three good rows of a file, or one where a practice has one; with `update` of accounts and lines that are there."""
    alone = name in ("external_rules", "precollection_rules", "assignments")
    rows = [example(name, 10 * number + at) for at in range(1 if alone else 3)]
    key = {"accounts": "account", "service_lines": "line"}.get(name)
    for at, row in enumerate(rows):
        if update and key:
            row[key] = f"{'B' if name == 'accounts' else 'BL'}{(number + at) % BASE}"
        if update and name == "service_lines":
            row |= {"account": f"B{(number + at) % BASE}", "fee": "500.00", "posted": "", "accounting_date": ""}
    return rows


def example(name: str, number: int) -> dict[str, str]:
    """A good row of a file, with a key of its own where the file lets many rows be."""
    row = {
        column: cell.format(n=number, b=number % BASE, two=1 + number % 2) if "{" in cell else cell
        for column, cell in EXAMPLES[name].items()
    }
    if name == "holds":
        row["since"] = f"20{10 + number % 16}-{1 + number // 16 % 12:02d}-{1 + number // 192 % 28:02d}"
    return row
