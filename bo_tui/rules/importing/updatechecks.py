"""Keys that the store has already, and what `--update` may not change (CONTRACT, Command line)."""

from __future__ import annotations

from typing import Any

from peewee import Case, fn

from bo_tui import dates, money
from bo_tui.db.sqltext import differ
from bo_tui.db.tables import Account, Agency, Entry, Placement, Precollection, ServiceLine
from bo_tui.formats.office.reading import clip
from bo_tui.rules.importing.resolve import loaded_practices, untouched_practices
from bo_tui.rules.importing.specs import SPECS, Spec, line_of
from bo_tui.rules.importing.stage import CHANGED, NEW, SAME, STAGED, Stage

_ALREADY = "is in the store already; --update brings it up to date"


def keys(stage: Stage, update: bool) -> None:
    """Refuse keys that the store has, or with `--update` only what no file may change."""
    for name in stage.given:
        if name in SPECS and not update:
            _refuse_known(stage, SPECS[name])
    if not update:
        _refuse_known_transactions(stage)
    for name, one in (
        ("service_lines", _line_changes),
        ("transactions", _transaction_changes),
        ("placements", _placement_changes),
        ("precollections", _precollection_changes),
    ):
        if name in stage.given:
            one(stage, update)


def _refuse_known(stage: Stage, spec: Spec) -> None:
    staged = spec.staged
    known = staged.fate == CHANGED if spec.lenient else staged.fate != NEW
    if spec.name == "practices":
        known &= staged.practice.not_in(untouched_practices())
    shown = staged.row if spec.key_column == "practice" else getattr(staged, spec.key_column)
    words = "is in the store with other content; --update brings it up to date" if spec.lenient else _ALREADY
    prefix = (lambda value: "") if spec.key_column == "practice" else (lambda value: f"{clip(str(value))} ")
    query = staged.select(staged.row, shown).where(known).order_by(staged.row)
    stage.refuse_all(spec.name, spec.key_column, query, lambda value: f"{prefix(value)}{words}")


def _refuse_known_transactions(stage: Stage) -> None:
    if "transactions" not in stage.given:
        return
    staged = STAGED["transactions"]
    known = staged.select(staged.row, staged.id).where(staged.target.is_null(False)).order_by(staged.row)
    stage.refuse_all("transactions", "id", known, lambda reference: f"{clip(reference)} {_ALREADY}")
    loaded = staged.select().where((staged.fate == SAME) & staged.id.is_null())
    if loaded_practices(stage) and loaded.exists():
        reason = "rows without id, and this very file was loaded before; nothing says which rows are new"
        stage.refuse("transactions", 0, "id", reason)


def _line_changes(stage: Stage, update: bool) -> None:
    """A line's fee, account and dates of posting stand in the ledger; while it is with an agency it stays the guarantor's."""
    if not update:
        return
    staged, line = STAGED["service_lines"], ServiceLine
    base = staged.select(staged.row).join(line, on=line.id == staged.target)
    fee = base.select_extend(line.fee, staged.fee).where(line.fee != staged.fee)
    stage.refuse_all(
        "service_lines",
        "fee",
        fee,
        lambda was, now: f"{money.plain(now)}: a fee of {money.plain(was)} cannot be changed",
    )
    account = base.select_extend(Account.number).join(Account, on=Account.id == line.account)
    stage.refuse_all(
        "service_lines", "account", account.where(Account.number != staged.account),
        lambda number: f"the line belongs to account {clip(number)}, which cannot be changed",
    )  # fmt: skip
    for column in ("posted", "accounting_date"):
        field, now = getattr(line, column), getattr(staged, column)
        moved = base.select_extend(field).where(now.is_null(False) & differ(now, field))
        stage.refuse_all(
            "service_lines",
            column,
            moved,
            lambda day: f"the fee is in the ledger on {dates.iso(day) or 'no such date'} already",
        )
    rolled = differ(staged.responsibility, line.responsibility) | differ(
        staged.responsible_since, line.responsible_since
    )
    placed = base.select_extend(Agency.name, Placement.placed).join(Placement, on=Placement.line == line.id)
    placed = placed.join(Agency, on=Agency.id == Placement.agency).where(Placement.closed.is_null() & rolled)
    stage.refuse_all(
        "service_lines", "responsibility", placed,
        lambda agency, day: f"the debt is with {clip(agency)} since {dates.iso(day)}; transfer it back to active AR first",
    )  # fmt: skip


def _transaction_changes(stage: Stage, update: bool) -> None:
    """A known id must say what it said; new money on a line that is with an agency is refused."""
    staged = STAGED["transactions"]
    if update:
        base = staged.select(staged.row, staged.id).join(Entry, on=Entry.id == staged.target)
        base = base.join(ServiceLine, on=ServiceLine.id == Entry.line)
        pairs: list[tuple[Any, Any]] = [
            (staged.line, ServiceLine.number), (staged.code, Entry.code), (staged.amount, Entry.amount),
            (staged.posted, Entry.posted), (staged.transaction_code, Entry.transaction_code),
            (staged.accounting_date, Entry.accounting_date), (staged.number, Entry.number), (staged.note, Entry.note),
        ]  # fmt: skip
        given = [
            pair for pair in pairs if pair[0].name in stage.given["transactions"]
        ] or pairs  # without a header: no rows
        first = Case(None, [(differ(now, was), now.name) for now, was in given])  # one pass, not one a column
        for row, reference, column in base.select_extend(first).where(first.is_null(False)).tuples().iterator():
            words = f"{clip(reference)} is in the ledger with other content, which cannot be changed"
            stage.refuse("transactions", row, column, words)
    placed = staged.select(staged.row, Agency.name, Placement.placed).join(
        ServiceLine, on=(ServiceLine.practice == staged.practice) & (ServiceLine.number == staged.line)
    )
    placed = placed.join(Placement, on=Placement.line == ServiceLine.id).join(Agency, on=Agency.id == Placement.agency)
    stage.refuse_all(
        "transactions", "line", placed.where((staged.fate == NEW) & Placement.closed.is_null()),
        lambda agency, day: f"the debt is with {clip(agency)} since {dates.iso(day)}; transfer it back to active AR first",
    )  # fmt: skip


def _placement_changes(stage: Stage, update: bool) -> None:
    staged = STAGED["placements"]
    if not update:
        query = staged.select(staged.row, staged.line).where(staged.fate == SAME)
        stage.refuse_all("placements", "line", query, lambda line: f"{clip(line)} {_ALREADY}")
    there = Placement.select(Placement.placed).where(Placement.line == line_of(staged)).limit(1)
    query = staged.select(staged.row, staged.line, there).where((staged.fate == NEW) & fn.EXISTS(there))
    stage.refuse_all(
        "placements", "line", query,
        lambda line, day: f"{clip(line)} was placed on {dates.iso(day)} already, otherwise than this row says",
    )  # fmt: skip


def _precollection_changes(stage: Stage, update: bool) -> None:
    if not update:
        return
    staged, kept = STAGED["precollections"], Precollection
    other = differ(staged.started, kept.started) | differ(staged.amount, kept.amount)
    query = staged.select(staged.row, staged.line).join(kept, on=kept.id == staged.target).where(other)
    stage.refuse_all("precollections", "line", query, lambda line: f"{clip(line)} is in the store with other content")
