"""What became of a Start or Stop file: sent, and acknowledged by TSI; each is an act (DESIGN section 3, Files)."""

from __future__ import annotations

from typing import Any

from bo_tui.db.tables import PrecollectFile
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external.filestates import difference
from bo_tui.rules.precollect import gate


def mark_sent(office: Office, file_id: int) -> None:
    """Record that a file went to TSI on the business date; RuleRefusal, field `state`, unless it was only created so far."""
    roles.require(office, gate.ACTION)
    with office.act("precollect_sent", _practice_of(office, file_id)) as draft:
        file = the_file(file_id)
        gate.the_practice(file.practice)
        if file.state != "created":
            raise RuleRefusal(f"{title(file)} was already {file.state}.", field="state")
        _change(draft, file, {"state": "sent", "sent": office.business_date})
        ledger.seal(draft)


def acknowledge(office: Office, file_id: int, accounts: int, amount: int) -> str:
    """Record what TSI says it received, in accounts and cents; returns in words how it differs from the file."""
    roles.require(office, gate.ACTION)
    for value, field in ((accounts, "accounts"), (amount, "amount")):
        if value < 0:
            raise RuleRefusal("What TSI acknowledges is not below zero.", field=field)
    with office.act("precollect_acknowledged", _practice_of(office, file_id)) as draft:
        file = the_file(file_id)
        gate.the_practice(file.practice)
        if file.state == "acknowledged":
            raise RuleRefusal(f"{title(file)} was already acknowledged.", field="state")
        said = {"acknowledged_accounts": accounts, "acknowledged_amount": amount}
        _change(draft, file, {"state": "acknowledged", "acknowledged": office.business_date, **said})
        ledger.seal(draft)
    return difference(file.accounts, file.total, accounts, amount).replace("agency", "service")


def the_file(file_id: int) -> Any:
    """A Start or Stop file's row without its bytes; NotFound, field `file`."""
    columns = [column for name, column in PrecollectFile._meta.fields.items() if name != "content"]
    file = PrecollectFile.select(*columns).where(PrecollectFile.id == file_id).first()
    if file is None:
        raise NotFound(f"There is no pre-collections file {file_id}.", field="file")
    return file


def title(file: Any) -> str:
    """`Start file 7`."""
    return f"{file.kind.capitalize()} file {file.sequence}"


def _practice_of(office: Office, file_id: int) -> int:
    with office.reading():
        return the_file(file_id).practice


def _change(draft: Draft, file: Any, values: dict[str, Any]) -> None:
    for name, after in values.items():
        ledger.change(draft, "precollect_file", file.id, name, getattr(file, name), after)
    PrecollectFile.update(values | {"act": draft.id}).where(PrecollectFile.id == file.id).execute()
