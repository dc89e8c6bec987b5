"""What a check finds, and how much of the store it covers."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from peewee import SqliteDatabase

Moves = Mapping[str, Collection[tuple[str, str]]]
SHOWN = 50  # findings of one kind that are listed; one broken act can touch a million lines


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: its kind (for scripts), what it is about, and a sentence for a person."""

    kind: str
    subject: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Scope:
    """What to look at: acts after `act`, whose entries and changes start at the given ids; of one practice when it is named."""

    act: int = 0
    entry: int = 0
    change: int = 0
    practice: int | None = None

    @classmethod
    def after(cls, db: SqliteDatabase, act: int, practice: int | None) -> Scope:
        """The scope of all acts after one; ids grow with acts, so that a range of ids says which rows are theirs."""
        return cls(act, _first_after(db, "entry", act), _first_after(db, "change", act), practice)

    @property
    def whole(self) -> bool:
        """Whether it covers the whole store."""
        return not self.act and self.practice is None

    def new_entries(self, prefix: str = "") -> str:
        """The SQL condition that an entry is in the scope."""
        words = f"{prefix}id >= {self.entry}"
        return words if self.practice is None else f"{words} AND {prefix}practice = {self.practice}"

    def owners(self, column: str) -> str:
        """The SQL condition that a line or placement (its id column) was touched; true for the whole store."""
        if self.whole:
            return "1"
        owner = "line" if column.startswith("l.") else "placement"
        return f"{column} IN (SELECT {owner} FROM entry WHERE {self.new_entries()})"


def _first_after(db: SqliteDatabase, table: str, act: int) -> int:
    """The first id whose row names an act after the given one, found through the index on `act`."""
    sql = f"SELECT max(id) FROM {table} WHERE act = (SELECT max(act) FROM {table} WHERE act <= ?)"
    (last,) = db.execute_sql(sql, (act,)).fetchone()
    return (last or 0) + 1
