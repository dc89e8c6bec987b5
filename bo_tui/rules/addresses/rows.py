"""What the acts on corrections share: reading rows again, refusing those that somebody decided on, writing what was decided."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bo_tui import dates
from bo_tui.db.tables import Account, Act, AddressCorrection, Change
from bo_tui.errors import Conflict, NotFound, RuleRefusal
from bo_tui.formats.addresses.layout import PARTS
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.addresses.verdict import address_of, one_line
from bo_tui.rules.external import lookups

SUBJECT = "address_correction"
FIELD = "row"
FLAGGED = "Returned Mail marked"

Rows = list[Any]  # AddressCorrection, whose stubs do not know their fields


def read(practice: int, ids: Iterable[int], seen: Mapping[int, int] | None) -> tuple[Rows, dict[int, Any]]:
    """Corrections by id and their accounts, read within the act; one query a table and 500.

    Raises RuleRefusal when none is named, NotFound for one that the practice has not, Conflict where `seen` (id to act) is old.
    """
    wanted = sorted(set(ids))
    if not wanted:
        raise RuleRefusal("Choose at least one correction.", field=FIELD)
    rows: Rows = []
    accounts: dict[int, Any] = {}
    for chunk in lookups.chunks(wanted):
        mine: Any = (AddressCorrection.practice == practice) & AddressCorrection.id.in_(chunk)
        rows.extend(AddressCorrection.select().where(mine).order_by(AddressCorrection.id))
    for chunk in lookups.chunks(sorted({row.account for row in rows})):
        accounts |= {row.id: row for row in Account.select().where(Account.id.in_(chunk))}
    missing = set(wanted) - {row.id for row in rows}
    if missing:
        raise NotFound(f"There is no correction {min(missing)} in this practice.", field=FIELD)
    for row in rows:
        number = accounts[row.account].number
        lookups.unchanged((seen or {}).get(row.id), row.act, f"The correction of account {number}", standing(row))
    return rows, accounts


def standing(row: Any) -> str:
    """How a correction stands, as the rest of a sentence."""
    if row.error_state == "open":
        return f"is an error ({row.error.rstrip('.')}); acknowledge it, or flag the account"
    if row.error_state is not None:
        done = "flagged for returned mail" if row.error_state == "flagged" else "acknowledged"
        return f"was {done} by {row.ended_by} on {dates.iso(row.ended)}"
    if row.outcome is None:
        return "waits to be approved or denied"
    return f"was {row.outcome} by {row.decided_by} on {dates.iso(row.decided)}"


def waiting(rows: Rows, accounts: Mapping[int, Any]) -> None:
    """RuleRefusal for the first row that does not wait to be approved or denied."""
    for row in rows:
        if row.outcome is not None or row.error is not None:
            raise RuleRefusal(f"The correction of account {accounts[row.account].number} {standing(row)}.", field=FIELD)


def open_errors(rows: Rows, accounts: Mapping[int, Any]) -> None:
    """RuleRefusal for the first row that is no error, or one that was acknowledged or flagged."""
    for row in rows:
        if row.error_state != "open":
            raise RuleRefusal(f"The correction of account {accounts[row.account].number} {standing(row)}.", field=FIELD)


def unmoved(row: Any, account: Any) -> None:
    """Conflict, naming who, when the account's address is not the one that it had when the file was loaded."""
    now = address_of(account)
    if now == address_of(row, "old_"):
        return
    ours = (Change.subject == "account") & (Change.subject_id == account.id) & Change.field.in_(PARTS)
    query: Any = Change.select(Change.act).where(ours).order_by(Change.id.desc()).limit(1)
    act = Act.get_by_id(query.scalar() or account.act)
    raise Conflict(
        f"The address of account {account.number} was changed since by {act.actor} ({act.kind.replace('_', ' ')}, "
        f"{dates.iso(act.business_date)}): it is {one_line(now) or 'empty'}. Deny the correction, or load a newer one.",
        field=FIELD,
    )


def write(draft: Draft, rows: Sequence[Any], field: str, before: str | None, values: Mapping[str, Any]) -> None:
    """Give rows the same values, one UPDATE a 500; `field` of them is what the history tells, from `before`."""
    changed = {getattr(AddressCorrection, name): value for name, value in values.items()}
    for chunk in lookups.chunks([row.id for row in rows]):
        mine: Any = AddressCorrection.id.in_(chunk)
        AddressCorrection.update({**changed, AddressCorrection.act: draft.id}).where(mine).execute()
    ledger.change_many(draft, [(SUBJECT, row.id, field, before, str(values[field])) for row in rows])
