"""Folders of CSV made from lists of rows, and their import into the office that `bo-tui init` leaves."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bo_tui.office import Office
from bo_tui.rules import checking
from bo_tui.rules.importing import Summary, import_folder

Rows = list[dict[str, Any]]


@pytest.fixture(autouse=True)
def _every_store_is_good(office: Office) -> Iterator[None]:
    """Whatever a test loaded: ledger, balances, digests and files agree afterwards."""
    yield
    assert [finding.sentence for finding in checking.check(office.store)] == []


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
