"""What became of an agency file: sent, and acknowledged by the agency; each is an act (DESIGN section 3, Files)."""

from __future__ import annotations

from typing import Any

from bo_tui import money
from bo_tui.db.tables import AgencyFile
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.text import counted


def mark_sent(office: Office, file_id: int) -> None:
    """Record that a file went to its agency on the business date; RuleRefusal unless it was only created so far."""
    roles.require(office, "file")
    with office.act("file_sent", _practice_of(office, file_id)) as draft:
        file = _file(file_id)
        if file.state != "created":
            raise RuleRefusal(f"File {file.sequence} was already {file.state}.", field="state")
        _change(draft, file, {"state": "sent", "sent": office.business_date})
        ledger.seal(draft)


def acknowledge(office: Office, file_id: int, accounts: int, amount: int) -> str:
    """Record what the agency says it received, in accounts and cents; returns in words how it differs from the file."""
    roles.require(office, "file")
    for value, field in ((accounts, "accounts"), (amount, "amount")):
        if value < 0:
            raise RuleRefusal("What an agency acknowledges is not below zero.", field=field)
    with office.act("file_acknowledged", _practice_of(office, file_id)) as draft:
        file = _file(file_id)
        if file.state == "acknowledged":
            raise RuleRefusal(f"File {file.sequence} was already acknowledged.", field="state")
        said = {"acknowledged_accounts": accounts, "acknowledged_amount": amount}
        _change(draft, file, {"state": "acknowledged", "acknowledged": office.business_date, **said})
        ledger.seal(draft)
    return difference(file.accounts, file.total, accounts, amount)


def difference(accounts: int, total: int, said_accounts: int, said_total: int) -> str:
    """In words: what the agency acknowledged against what the file holds (accounts, cents)."""
    parts = []
    if said_accounts != accounts:
        parts.append(f"{counted(abs(said_accounts - accounts), 'account')} {_side(said_accounts, accounts)}")
    if said_total != total:
        parts.append(f"{money.shown(abs(said_total - total))} {_side(said_total, total)}")
    if not parts:
        return f"The agency's {counted(accounts, 'account')} and {money.shown(total)} agree with the file."
    return f"The agency acknowledged {' and '.join(parts)} than the file holds."


def _side(said: int, held: int) -> str:
    return "more" if said > held else "less"


def _practice_of(office: Office, file_id: int) -> int:
    with office.reading():
        return _file(file_id).practice


def _file(file_id: int) -> Any:
    columns = [column for name, column in AgencyFile._meta.fields.items() if name != "content"]
    file = AgencyFile.select(*columns).where(AgencyFile.id == file_id).first()
    if file is None:
        raise NotFound(f"There is no agency file {file_id}.", field="file")
    if file.kind == "earlier":
        raise RuleRefusal(
            "This stands for debt that the agency had before the office started; there is no file.", field="file"
        )
    return file


def _change(draft: Draft, file: Any, values: dict[str, Any]) -> None:
    for name, after in values.items():
        ledger.change(draft, "agency_file", file.id, name, getattr(file, name), after)
    AgencyFile.update(values | {"act": draft.id}).where(AgencyFile.id == file.id).execute()
