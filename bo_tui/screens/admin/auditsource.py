"""The rows of the audit trail as a grid shows them, and the same as they stand in an export."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from bo_tui import dates, money
from bo_tui.office import Office
from bo_tui.rules.audit import KINDS
from bo_tui.text import counted
from bo_tui.views import audit
from bo_tui.views.audit import ACTS, ActRow, LookRow, Narrow, Wanted
from bo_tui.widgets.gridmodel import Column, Row, Sort

KEPT = 2_000  # rows that are remembered; a window holds some hundred
ACT_COLUMNS = (
    Column("made", "Made", 16, priority=9),
    Column("business", "Business", 10, sortable=False, priority=3),
    Column("actor", "Actor", 8, min_width=6, sortable=False, priority=8),
    Column("kind", "Kind", 14, grow=True, min_width=10, sortable=False, priority=7),
    Column("practice", "Practice", 8, sortable=False, priority=1),
    Column("count", "Count", 7, align="right", sortable=False, priority=4),
    Column("amount", "Amount", 12, align="right", sortable=False, priority=5),
    Column("reason", "Reason", 20, grow=True, min_width=10, sortable=False, priority=6),
)
LOOK_COLUMNS = (
    Column("made", "Made", 16, priority=9),
    Column("actor", "Actor", 8, min_width=6, sortable=False, priority=8),
    Column("kind", "Kind", 17, grow=True, min_width=11, sortable=False, priority=7),
    Column("what", "What", 18, grow=True, min_width=12, sortable=False, priority=6),
    Column("detail", "Detail", 20, grow=True, min_width=12, sortable=False, priority=5),
    Column("practice", "Practice", 8, sortable=False, priority=1),
)
COLUMNS = {ACTS: ACT_COLUMNS, audit.LOOKS: LOOK_COLUMNS}
HEADS = {
    ACTS: ("act", "made_at", "business_date", "actor", "kind", "practice", "count", "amount", "reason"),
    audit.LOOKS: ("look", "made_at", "actor", "kind", "subject", "subject_id", "number", "detail", "practice"),
}  # of an export; moments in UTC
FIGURES = {ACTS: frozenset({0, 6, 7}), audit.LOOKS: frozenset({0, 5})}


def what(row: LookRow) -> str:
    """What was looked at: `account A1`, `line L-20231`, `agency file 7`, `transactions`."""
    name = "line" if row.subject == "service_line" else row.subject.replace("_", " ")
    named = row.number or ("" if row.subject_id is None else str(row.subject_id))
    return f"{name} {named}".strip()


def sentence(row: Any) -> str:
    """The line above the keys."""
    when = dates.local(row.made_at)
    if isinstance(row, ActRow):
        rows = counted(row.count, "row")
        money_moved = f", {money.shown(row.total)}" if row.total else ""
        reason = f": {row.reason}" if row.reason else ""
        return f"Act {row.id}, {row.kind.replace('_', ' ')} by {row.actor} {when}; {rows}{money_moved}{reason}"
    detail = f", {row.detail}" if row.detail else ""
    return f"Look {row.id}: {row.actor} {KINDS[row.kind]} {what(row)}{detail}, {when}"


def exported(row: Any) -> tuple[str, ...]:
    """A row of an export, in the order of HEADS."""
    if isinstance(row, ActRow):
        day, total = dates.iso(row.business_date), money.plain(row.total)
        return (
            str(row.id), row.made_at, day, row.actor, row.kind, row.practice, str(row.count), total, row.reason,
        )  # fmt: skip
    subject_id = "" if row.subject_id is None else str(row.subject_id)
    return (
        str(row.id), row.made_at, row.actor, row.kind, row.subject, subject_id, row.number, row.detail, row.practice,
    )  # fmt: skip


class TrailSource:
    """A `GridSource` over one list of the trail, by id; `rows` keeps what was read."""

    everything = False

    def __init__(self, office: Office, listed: str, wanted: Wanted) -> None:
        self.office = office
        self.listed = listed
        self.wanted = wanted
        self.columns: Sequence[Column] = COLUMNS[listed]
        self.rows: dict[int, Any] = {}
        self._narrow: tuple[int, Narrow] | None = None

    def narrowed(self) -> Narrow:
        """The search as conditions, worked out anew once there are newer rows."""
        if self.wanted.since is None and self.wanted.until is None and not self.wanted.account:
            return Narrow(self.wanted)
        version = self.version()
        if self._narrow is None or self._narrow[0] != version:
            self._narrow = version, audit.narrow(self.office, self.listed, self.wanted)
        return self._narrow[1]

    def page(self, sort: Sort, after: Row | None, count: int, backward: bool = False) -> list[Row]:
        """Rows next to one."""
        at = None if after is None else after.id
        found = audit.page(
            self.office, self.listed, self.narrowed(), at, count, backward=backward, descending=sort.descending
        )
        return [self._row(row) for row in found]

    def at(self, sort: Sort, row_id: int) -> Row | None:
        """One row."""
        found = audit.at(self.office, self.listed, self.narrowed(), row_id)
        return None if found is None else self._row(found)

    def children(self, parent_ids: Sequence[int]) -> dict[int, list[Row]]:
        """None have any."""
        return {}

    def count(self, limit: int) -> int:
        """How many rows the search has."""
        return audit.count(self.office, self.listed, self.narrowed(), limit)

    def version(self) -> int:
        """The newest row."""
        return audit.version(self.office, self.listed)

    def slow(self, sort: Sort) -> bool:
        """A search of a long list: one for a rare kind may read all of it."""
        return not self.wanted.empty and self.version() > audit.QUICK

    def _row(self, row: Any) -> Row:
        while len(self.rows) >= KEPT:
            self.rows.pop(next(iter(self.rows)), None)
        self.rows[row.id] = row
        return Row(row.id, _cells(row), row.id)


def _cells(row: Any) -> tuple[str, ...]:
    made = dates.local(row.made_at)
    if isinstance(row, ActRow):
        amount = money.shown(row.total) if row.total else ""
        kind = row.kind.replace("_", " ")
        return (
            made, dates.iso(row.business_date), row.actor, kind, row.practice, f"{row.count:,}", amount, row.reason,
        )  # fmt: skip
    return made, row.actor, KINDS[row.kind], what(row), row.detail, row.practice
