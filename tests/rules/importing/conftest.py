"""An office with one practice, as `bo-tui init` leaves it, and folders of CSV made from lists of rows."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bo_tui import dates
from bo_tui.db import schema
from bo_tui.db.connection import create_store
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger
from bo_tui.rules.importing import Summary, import_folder
from bo_tui.rules.setup import create_practice, ensure_common_codes

TODAY = dates.parse("2026-11-21")


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    store = create_store(tmp_path / "office.db")
    schema.migrate(store)
    office = Office(store, Actor("ana", "administrator"), TODAY)
    with office.act("init") as draft:
        create_practice(draft, "LAKE", "Lakeside")
        ensure_common_codes(draft)
        ledger.seal(draft)
    yield office
    office.close()


Rows = list[dict[str, Any]]


@pytest.fixture
def folder(tmp_path: Path) -> Callable[..., Path]:
    """Make a folder: `folder(accounts=[{...}], ...)`; columns are the first row's, in its order."""

    def make(**files: Rows | str | bytes) -> Path:
        where = tmp_path / "in"
        where.mkdir(exist_ok=True)
        for old in where.iterdir():
            old.unlink()
        for name, content in files.items():
            path = where / f"{name}.csv"
            if isinstance(content, bytes):
                path.write_bytes(content)
            elif isinstance(content, str):
                path.write_text(content, encoding="utf-8")
            else:
                columns = list(dict.fromkeys(column for row in content for column in row))
                with path.open("w", encoding="utf-8", newline="") as stream:
                    writer = csv.DictWriter(stream, columns)
                    writer.writeheader()
                    writer.writerows(content)
        return where

    return make


@pytest.fixture
def load(office: Office, folder: Callable[..., Path]) -> Callable[..., Summary]:
    """Import files given as lists of rows: `load(accounts=[...], update=True)`."""

    def run(update: bool = False, dry_run: bool = False, practice: str | None = None, **files: Any) -> Summary:
        return import_folder(office, folder(**files), update=update, dry_run=dry_run, practice=practice)

    return run


def account(number: str = "100", **cells: Any) -> dict[str, Any]:
    return {"practice": "LAKE", "account": number, "last": "Smith", "first": "Ana", **cells}


def line(number: str = "L1", **cells: Any) -> dict[str, Any]:
    usual = {
        "practice": "LAKE", "account": "100", "line": number, "date_of_service": "2026-07-01", "fee": "480.00",
        "responsibility": "guarantor", "responsible_since": "2026-08-01",
    }  # fmt: skip
    return usual | cells


def payment(identifier: str = "T1", **cells: Any) -> dict[str, Any]:
    usual = {
        "id": identifier, "practice": "LAKE", "line": "L1", "code": "GPYMT", "transaction_code": "", "amount": "80.00",
        "posted": "2026-09-01",
    }  # fmt: skip
    return usual | cells


def agency(name: str = "First Bay", **cells: Any) -> dict[str, Any]:
    return {"agency": name, "address1": "1 Bay St", "zip": "94000", "file_type": "csv", **cells}
