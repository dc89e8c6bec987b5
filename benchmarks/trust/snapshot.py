"""What an office holds, as digests that two offices can be compared by: every table, and the bytes of its files."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path

FILES = ("outbox", "attachments")


def tables(path: Path) -> dict[str, str]:
    """A digest of every table's rows, without tables whose names contain `run` and columns that end in `_at` (DESIGN section 5)."""
    found: dict[str, str] = {}
    with closing(sqlite3.connect(path)) as db:
        names = [name for (name,) in db.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")]
        for name in names:
            if "run" in name or name.startswith("sqlite_stat"):
                continue
            columns = [row[1] for row in db.execute(f'PRAGMA table_info("{name}")')]
            kept = ", ".join(f'"{column}"' for column in columns if not column.endswith("_at"))
            running = hashlib.sha256()
            cursor = db.execute(f'SELECT rowid, {kept} FROM "{name}" ORDER BY rowid')
            while rows := cursor.fetchmany(1000):
                running.update(repr(rows).encode())
            found[name] = running.hexdigest()
    return found


def files(folder: Path, *, parts: bool = True) -> dict[str, str]:
    """A digest of every file below the office's `outbox` and `attachments`; without `parts`, of those with final names."""
    found: dict[str, str] = {}
    for root in FILES:
        for path in sorted((folder / root).rglob("*")):
            within = path.relative_to(folder)
            if path.is_file() and "lock" not in within.parts and (parts or path.suffix != ".part"):
                found[str(within)] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def office(folder: Path) -> dict[str, dict[str, str]]:
    """Tables and files of the office in a folder."""
    return {"tables": tables(folder / "office.db"), "files": files(folder)}


def differences(one: dict[str, dict[str, str]], other: dict[str, dict[str, str]]) -> list[str]:
    """The names of tables and files that are not the same in both."""
    return [
        f"{kind} {name}"
        for kind in one
        for name in sorted(set(one[kind]) | set(other[kind]))
        if one[kind].get(name) != other[kind].get(name)
    ]
