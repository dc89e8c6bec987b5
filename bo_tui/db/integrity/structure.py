"""Whether the file is a store of this version: schema, triggers and indexes as the migrations make them, pages and references."""

from __future__ import annotations

from peewee import SqliteDatabase

from bo_tui.db import schema as versions
from bo_tui.db.connection import Store
from bo_tui.db.integrity.finding import SHOWN, Finding


def schema(store: Store) -> list[Finding]:
    """What the store's tables, indexes and triggers differ in from what this program's migrations make."""
    found = versions.schema_of(store)
    if versions.digest_of(found) == versions.DIGEST:
        return []
    # Something differs, or another SQLite writes an ALTER's text in another way: see object by object.
    expected, findings = versions.expected(), []
    for name in sorted(set(expected) | set(found)):
        if name not in found:
            findings.append(Finding("schema", name, f"{_kind(expected[name])} {name} is missing."))
        elif name not in expected:
            findings.append(Finding("schema", name, f"{_kind(found[name])} {name} does not belong to this version."))
        elif expected[name] != found[name]:
            findings.append(Finding("schema", name, f"{_kind(found[name])} {name} is not as this version makes it."))
    return findings


def _kind(sql: str) -> str:
    words = sql.upper().split()
    return next((word.capitalize() for word in words[1:3] if word in ("TABLE", "INDEX", "TRIGGER", "VIEW")), "Object")


def file(db: SqliteDatabase) -> list[Finding]:
    """What SQLite itself finds wrong with the file's pages, and rows that name a row that is not there."""
    findings = []
    for (text,) in db.execute_sql(f"PRAGMA quick_check({SHOWN})").fetchall():
        if text != "ok":
            findings.append(Finding("file", "quick_check", f"The file is damaged: {text}."))
    broken = db.execute_sql("PRAGMA foreign_key_check").fetchmany(SHOWN)
    for table, row, parent, _ in broken:
        findings.append(
            Finding("reference", f"{table} {row}", f"{table} {row} names a row of {parent} that is not there.")
        )
    return findings
