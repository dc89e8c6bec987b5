"""What must hold between rows, files and the store before an import is loaded: set-based, each a list of refused rows.

What leans on another file is judged by that file's refused rows too, so that one wrong account does not also report every line
of it; where not even their keys could be read, the check is passed over.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from operator import and_
from typing import Any

from peewee import fn

from bo_tui import dates
from bo_tui.db.sqltext import same
from bo_tui.db.tables import Account, Agency, ServiceLine, TransactionCode
from bo_tui.formats.office import LAYOUTS
from bo_tui.formats.office.reading import clip
from bo_tui.rules.codes import TRANSACTION_CODES
from bo_tui.rules.importing import ledgerchecks, updatechecks
from bo_tui.rules.importing.resolve import resolve
from bo_tui.rules.importing.stage import NEW, STAGED, Lost, Stage

Check = Callable[[Stage], None]


def check(stage: Stage, business_date: int, update: bool) -> None:
    """Resolve the staged rows and refuse what may not be loaded; BadInput (65) when there is anything."""
    stage.tell("checking")
    resolve(stage)
    for name in stage.given:
        _duplicates(stage, name)
    updatechecks.keys(stage, update)
    for one in (_unknown_accounts, _unknown_lines, _unknown_agencies, _lines_of_other_accounts, _unknown_codes):
        one(stage)
    _days(stage, business_date)
    ledgerchecks.check(stage)
    stage.problems.raise_any()


def _lost(name: str, key: Any, practice: Any = None) -> Any:
    """Whether a file had a row of this key that was refused; of a practice, where the key is a practice's."""
    mine = (Lost.file == name) & (Lost.key == key)
    return fn.EXISTS(Lost.select(Lost.key).where(mine if practice is None else mine & (Lost.practice == practice)))


def _duplicates(stage: Stage, name: str) -> None:
    staged, layout = STAGED[name], LAYOUTS[name]
    keys = [getattr(staged, column) for column in layout.key]
    first = staged.alias()
    mine = [getattr(first, column) for column in layout.key]
    grouped = first.select(*mine, fn.MIN(first.row).alias("first")).group_by(*mine).having(fn.COUNT(first.row) > 1)
    if name == "transactions":
        grouped = grouped.where(first.id.is_null(False))
    twice = grouped.alias("twice")
    equal = reduce(and_, (same(getattr(twice.c, column), key) for column, key in zip(layout.key, keys, strict=True)))
    column = layout.key[-1] if name != "holds" else "kind"
    shown = getattr(staged, column if column != "practice" else "row")
    query = staged.select(staged.row, twice.c.first, shown).join(twice, on=equal).where(staged.row > twice.c.first)
    stage.refuse_all(
        name,
        column,
        query.order_by(staged.row),
        lambda first, text: f"{_named(column, text)}the same key as row {first}",
    )


def _named(column: str, text: object) -> str:
    return "" if column == "practice" else f"{clip(str(text))} has "


def _unknown_accounts(stage: Stage) -> None:
    accounts = STAGED["accounts"]
    for name in ("service_lines", "holds"):
        if name in stage.given and stage.reliable("accounts"):
            staged = STAGED[name]
            here = accounts.select().where(
                (accounts.practice == staged.practice) & (accounts.account == staged.account)
            )
            there = Account.select().where((Account.practice == staged.practice) & (Account.number == staged.account))
            refused = _lost("accounts", staged.account, staged.practice)
            query = staged.select(staged.row, staged.account).where(~fn.EXISTS(here) & ~fn.EXISTS(there) & ~refused)
            stage.refuse_all(name, "account", query, lambda number: f"there is no account {clip(number)}")


def _unknown_lines(stage: Stage) -> None:
    lines = STAGED["service_lines"]
    for name in ("transactions", "holds", "placements", "precollections"):
        if name in stage.given and stage.reliable("service_lines"):
            staged = STAGED[name]
            here = lines.select().where((lines.practice == staged.practice) & (lines.line == staged.line))
            there = ServiceLine.select().where(
                (ServiceLine.practice == staged.practice) & (ServiceLine.number == staged.line)
            )
            missing = staged.line.is_null(False) & ~fn.EXISTS(here) & ~fn.EXISTS(there)
            missing &= ~_lost("service_lines", staged.line, staged.practice)
            query = staged.select(staged.row, staged.line).where(missing)
            stage.refuse_all(name, "line", query, lambda number: f"there is no service fee line {clip(number)}")


def _unknown_agencies(stage: Stage) -> None:
    agencies = STAGED["agencies"]
    for name in ("assignments", "placements"):
        if name in stage.given and stage.reliable("agencies"):
            staged = STAGED[name]
            here = agencies.select().where(agencies.agency == staged.agency)
            there = Agency.select().where(Agency.name == staged.agency)
            unknown = ~fn.EXISTS(here) & ~fn.EXISTS(there) & ~_lost("agencies", staged.agency)
            query = staged.select(staged.row, staged.agency).where(unknown)
            stage.refuse_all(name, "agency", query, lambda agency: f"there is no agency {clip(agency)}")


def _lines_of_other_accounts(stage: Stage) -> None:
    if "holds" not in stage.given or not stage.reliable("service_lines"):
        return
    staged, lines = STAGED["holds"], STAGED["service_lines"]
    equal = (lines.practice == staged.practice) & (lines.line == staged.line)
    owner = lines.select(fn.MIN(lines.account)).where(equal)  # looked up per hold; a join would go through all lines
    other = fn.COALESCE(owner, staged.account) != staged.account
    query = staged.select(staged.row, staged.line, owner).where(staged.line.is_null(False) & other)
    words: Callable[[str, str], str] = lambda line, account: f"{clip(line)} is a line of account {clip(account)}"  # noqa: E731
    stage.refuse_all("holds", "line", query, words)
    new = ~fn.EXISTS(lines.select().where(equal)) & ~_lost("service_lines", staged.line, staged.practice)
    query = staged.select(staged.row, staged.line, Account.number).join(
        ServiceLine, on=(ServiceLine.practice == staged.practice) & (ServiceLine.number == staged.line)
    )
    query = query.join(Account, on=Account.id == ServiceLine.account)
    stage.refuse_all("holds", "line", query.where(new & (Account.number != staged.account)), words)


def _unknown_codes(stage: Stage) -> None:
    """An adjustment's transaction code is the practice's or everybody's, and goes in the direction of MADJN or MADJP."""
    if "transactions" not in stage.given or not stage.reliable("transaction_codes"):
        return
    staged, codes = STAGED["transactions"], STAGED["transaction_codes"]
    used: Any = staged.select(staged.practice, staged.code, staged.transaction_code).where(
        staged.transaction_code.is_null(False)
    )
    known = {(None, code): direction for code, _, direction in TRANSACTION_CODES}
    for model in (TransactionCode, codes):  # what the files say comes last: an update may turn a direction
        known |= {(p, c): d for p, c, d in model.select(model.practice, model.code, model.direction).tuples()}
    refused = {key for (key,) in Lost.select(Lost.key).where(Lost.file == "transaction_codes").tuples()}
    for practice, code, transaction_code in list(used.distinct().tuples()):
        direction = known.get((practice, transaction_code), known.get((None, transaction_code)))
        if direction == ("down" if code == "MADJN" else "up") or transaction_code in refused:
            continue
        wrong = staged.select(staged.row).where(
            (staged.practice == practice) & (staged.code == code) & (staged.transaction_code == transaction_code)
        )
        reason = f"there is no transaction code {clip(transaction_code)}"
        if direction is not None:
            reason = f"{clip(transaction_code)} adjusts {direction}, {code} does not"
        stage.refuse_all("transactions", "transaction_code", wrong, lambda reason=reason: reason)


def _days(stage: Stage, today: int) -> None:
    for name, column in (("transactions", "posted"), ("placements", "placed"), ("precollections", "started")):
        if name in stage.given:
            staged = STAGED[name]
            late = getattr(staged, column)
            query = staged.select(staged.row, late).where((late > today) & (staged.fate == NEW))
            stage.refuse_all(name, column, query, lambda day: f"{dates.iso(day)} is after today, {dates.iso(today)}")
