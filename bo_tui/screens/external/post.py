"""Post: place waiting lines with their agencies; one, the marked ones, or all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, cast

from bo_tui import money
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import accounting
from bo_tui.rules.external import pending as rules
from bo_tui.rules.external.pending import Posted
from bo_tui.screens.external import rowsform
from bo_tui.screens.external.rowsform import OWN, WHICH, Meant, RowsForm
from bo_tui.views import pending
from bo_tui.views.pending import PendingRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import DateField, Field

NAMED = 3  # lines that stay behind and are named


class PostDialog(RowsForm):
    """Which rows, with which agency, and the accounting date where the practice uses them; dismissed with a `Posted`."""

    def __init__(self, office: Office, practice: PracticeRow, choices: Sequence[Meant]) -> None:
        agencies = [(OWN, "each row's own agency"), *rowsform.agency_choices(office, practice.id)]
        fields: list[Field] = [ChoiceField("agency", "A&gency", agencies, OWN)]
        if practice.uses_accounting_dates:
            today = office.business_date
            offered = accounting.first_open(cast(Any, practice), today)
            fields.append(DateField("accounting_date", "Accounting &date", offered, today=today, required=True))
        self.limit = pending.four_eyes_limit(office, practice.id)
        self.on_account: dict[str, int] = {}  # cents by account, of the rows read
        super().__init__("Post", office, practice.id, choices, fields, ok="Post", help_topic="pending")

    def words(self, rows: list[PendingRow], values: Mapping[str, Any]) -> str:
        """Count, money and agencies before anything is done, and what stays behind and why."""
        agency = values.get("agency") or None
        good, behind = parted(rows, agency)
        limit = self.limit
        above = [row for row in good if limit is not None and row.balance > limit]
        placed = [row for row in good if limit is None or row.balance <= limit]
        text = ""
        if placed:
            total = money.shown(sum(row.balance for row in placed))
            text = f"{rowsform.lines(len(placed))}, {total}, will be placed: {rowsform.by_agency(placed, agency)}."
        if above:
            total, most = money.shown(sum(row.balance for row in above)), money.shown(limit)
            text += (
                f"\n{rowsform.lines(len(above))}, {total}, above the limit of {most}, will wait for a second person."
            )
        if behind:
            named = "; ".join(f"{row.line} {why}" for row, why in behind[:NAMED])
            more = f"; and {len(behind) - NAMED:,} more" if len(behind) > NAMED else ""
            text += f"\n{rowsform.lines(len(behind))} cannot be posted and will stay: {named}{more}."
        return f"{text}\n{self._credit(good)}".strip()

    def learn(self, rows: list[PendingRow]) -> None:
        self.on_account |= pending.on_account(self.office, [row.id for row in rows])

    def _credit(self, good: list[PendingRow]) -> str:
        """Money that could pay these debts instead, which no posting applies; empty where there is none."""
        accounts = {row.account for row in good}
        there = {account: self.on_account[account] for account in accounts if account in self.on_account}
        if not there:
            return ""
        total = money.shown(sum(there.values()))
        if len(accounts) == 1:
            return f"The account holds {total} on account."
        return f"{len(there):,} of these accounts {'holds' if len(there) == 1 else 'hold'} {total} on account."

    def save_rows(self, rows: list[PendingRow], values: dict[str, Any]) -> Posted:
        agency = values.get("agency") or None
        good, behind = parted(rows, agency)
        if not good:
            row, why = behind[0]
            raise RuleRefusal(f"Nothing can be posted: {row.line} {why}.", field=WHICH)
        return rules.post(
            self.office,
            self.practice_id,
            [row.line for row in good],
            agency=agency,
            accounting_date=values.get("accounting_date"),
            seen={row.line: row.act for row in good},
        )

    def acted_on(self, rows: list[PendingRow], result: Posted) -> set[int]:
        posted = {one.line for one in result.lines}
        return {row.id for row in rows if row.line in posted}


def parted(rows: Sequence[PendingRow], agency: str | None) -> tuple[list[PendingRow], list[tuple[PendingRow, str]]]:
    """The rows that can be posted, and those that cannot, each with its reason in words."""
    good, behind = [], []
    for row in rows:
        why = row.stops or ("" if agency or row.assigned else f"{row.agency} is no longer assigned")
        if why:
            behind.append((row, why))
        else:
            good.append(row)
    return good, behind


def said(done: Posted) -> str:
    """What was done, for the status line; what is above the four-eyes limit only waits for a second person."""
    waits = (
        f"{rowsform.lines(len(done.waiting))} above the limit: a second person must approve." if done.waiting else ""
    )
    if len(done.waiting) == 1:
        waits = done.waiting[0].sentence
    if not done.lines:
        return waits
    return f"{_posted(done)} {waits}".rstrip()


def _posted(done: Posted) -> str:
    if len(done.lines) == 1:
        one = done.lines[0]
        return f"Posted line {one.line}, {money.shown(one.amount)}, with {one.agency} as placement {one.placement}."
    sums: dict[str, int] = {}
    for one in done.lines:
        sums[one.agency] = sums.get(one.agency, 0) + 1
    agencies = ", ".join(f"{name} {count:,}" for name, count in sorted(sums.items()))
    return f"Posted {rowsform.lines(len(done.lines))}, {money.shown(done.amount)}: {agencies}."
