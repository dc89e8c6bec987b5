"""Loading a file of an address service's results: all or nothing, the same bytes once, each refused row with its reason.

What becomes of a row at once: where the practice's corrections are automatic, complete ones are approved and incomplete ones
denied with an error; with the rule for returned mail on, mail that came back flags its account. All else waits.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from peewee import fn

from bo_tui import dates
from bo_tui.db import attachments
from bo_tui.db.bulk import insert_rows
from bo_tui.db.tables import Account, Act, AddressCorrection, AddressFile, ExternalRule, Practice
from bo_tui.errors import Problem, RuleRefusal
from bo_tui.formats import addresses
from bo_tui.formats.addresses import codes
from bo_tui.formats.addresses.layout import PARTS, Result
from bo_tui.formats.office.reading import clip
from bo_tui.office import Draft, Office
from bo_tui.rules import flags, ledger, roles
from bo_tui.rules.addresses import decide, verdict
from bo_tui.rules.addresses.rows import FLAGGED, SUBJECT, Rows
from bo_tui.rules.external import lookups
from bo_tui.rules.importing.problems import Problems
from bo_tui.rules.settings import zips

AUTOMATIC = "automatic"
BY_RULE = f"{FLAGGED} by the rule"


@dataclass(frozen=True, slots=True)
class Loaded:
    """A file as it was loaded. `rows` of the practice are each counted once among those that follow, save `left_out`.

    `waiting` to be decided, `approved`, `denied` with an error, `returned` (mail that came back, waiting), `flagged` by the
    rule, `nothing` (they say nothing new), `repeated` in the file; `left_out` are rows of other practices.
    """

    act: int
    file: int
    name: str
    rows: int
    waiting: int
    approved: int
    denied: int
    returned: int
    flagged: int
    nothing: int
    repeated: int
    left_out: int


@dataclass
class _Sorted:
    """The rows of a file by what they say: a new address, or mail that came back; the others are only counted."""

    corrections: list[Result] = field(default_factory=list)
    returned: list[Result] = field(default_factory=list)
    nothing: int = 0
    repeated: int = 0


def load(office: Office, practice: int, path: Path) -> Loaded:
    """Load the results at `path` for a practice; rows that name another practice are left out.

    Raises BadInput (65) listing each refused row; RuleRefusal, field `file`, for a file that was loaded before or holds no row
    of the practice; NoInput (66) or InputOutput (74) when it cannot be read.
    """
    roles.require(office, decide.ACTION)
    content = attachments.take(path)
    name = lookups.required(path.name, "file", "The file's name")
    sha256 = hashlib.sha256(content).hexdigest()
    problems = Problems()
    with office.reading():
        _refuse_twice(practice, name, sha256)
        ours, left_out = _of_practice(practice, list(addresses.results(content, name, problems.add)), name, problems)
    problems.raise_any()
    if not ours:
        raise RuleRefusal(f"{name} holds no row of this practice; nothing was loaded.", field="file")
    with office.act("address_load", practice, name) as draft:
        settings = lookups.the_practice(practice)
        _refuse_twice(practice, name, sha256)  # asked again under the write lock
        accounts = _accounts(practice, ours, name, problems)
        found = _sorted(ours, accounts, name, problems)
        problems.raise_any()
        file = _keep_file(draft, name, sha256, len(ours))
        done = _settle(draft, settings, file, found, {row.id: row for row in accounts.values()})
        ledger.seal(draft)
    return Loaded(
        draft.id, file, name, len(ours), **done, nothing=found.nothing, repeated=found.repeated, left_out=left_out
    )


def _refuse_twice(practice: int, name: str, sha256: str) -> None:
    same = (AddressFile.practice == practice) & (AddressFile.sha256 == sha256)
    row: Any = AddressFile.get_or_none(same)
    if row is not None:
        actor, day = Act.get_by_id(row.act).actor, dates.iso(row.received)
        raise RuleRefusal(
            f"{name} holds the same bytes as {row.name}, loaded by {actor} on {day}; nothing was loaded.", field="file"
        )


def _of_practice(practice: int, found: list[Result], name: str, problems: Problems) -> tuple[list[Result], int]:
    """The rows of a practice, and how many are of others."""
    query: Any = Practice.select(Practice.code, Practice.id)
    known: dict[str, int] = dict(query.tuples())
    for row in found:
        if row.practice is not None and row.practice not in known:
            problems.add(Problem(name, row.row, "practice", f"there is no practice {clip(row.practice)}"))
    ours = [row for row in found if row.practice is None or known.get(row.practice) == practice]
    return ours, len(found) - len(ours)


def _accounts(practice: int, found: Sequence[Result], name: str, problems: Problems) -> dict[str, Any]:
    """The accounts that rows name, by number; what is refused of a row besides."""
    numbers = sorted({row.account for row in found})
    accounts: dict[str, Any] = {}
    for chunk in lookups.chunks(numbers):
        mine: Any = (Account.practice == practice) & Account.number.in_(chunk)
        accounts |= {row.number: row for row in Account.select().where(mine)}
    for row in found:
        if row.account not in accounts:
            problems.add(Problem(name, row.row, "account", f"there is no account {clip(row.account)}"))
        state = row.new[3]
        if state is not None and zips.known_state(state) is None:
            reason = f"{clip(state)} is not one of the two-letter codes, such as WI"
            problems.add(Problem(name, row.row, "new_state", reason))
    return accounts


def _sorted(rows: Sequence[Result], accounts: dict[str, Any], name: str, problems: Problems) -> _Sorted:
    """What each row is; two different new addresses of an account are refused, naming the first."""
    found = _Sorted()
    told: set[tuple[Any, ...]] = set()
    first: dict[str, Result] = {}
    for row in rows:
        account = accounts.get(row.account)
        if account is None:
            continue
        if (row.account, *row.says) in told:
            found.repeated += 1
            continue
        told.add((row.account, *row.says))
        if not any(row.new):
            back = row.undeliverable is not None or row.return_code in codes.NOBODY_THERE
            found.returned += [row] if back else []
            found.nothing += not back
            continue
        earlier = first.setdefault(row.account, row)
        if not verdict.same(row.new, earlier.new):
            reason = f"another new address for account {clip(row.account)} than in row {earlier.row}"
            problems.add(Problem(name, row.row, "new_address1", reason))
        elif earlier is not row:
            found.repeated += 1
        elif verdict.same(row.new, verdict.address_of(account)):
            found.nothing += 1
        else:
            found.corrections.append(row)
    return found


def _keep_file(draft: Draft, name: str, sha256: str, rows: int) -> int:
    values = {"practice": draft.practice, "name": name, "sha256": sha256, "received": draft.business_date, "rows": rows}
    file: int = AddressFile.insert({**values, "act": draft.id}).execute()
    for column in ("name", "sha256", "rows"):
        ledger.change(draft, "address_file", file, column, None, values[column])
    return file


def _settle(draft: Draft, settings: Any, file: int, found: _Sorted, accounts: dict[int, Any]) -> dict[str, int]:
    """Keep the rows and do what the practice's settings say at once. Mail that came back comes first, so that a new address
    of the same account takes the flag away again."""
    by_number = {row.number: row for row in accounts.values()}
    rule = ExternalRule.get_or_none(ExternalRule.practice == draft.practice)
    roll = rule is not None and bool(rule.roll_returned_mail)
    returned = _keep(draft, file, found.returned, by_number, roll=roll)
    if roll:
        flags.mark_returned_mail(draft, [row.account for row in returned], True)
    rows = _keep(draft, file, found.corrections, by_number)
    counts = {"waiting": len(rows), "approved": 0, "denied": 0}
    if settings.automatic_addresses:
        done = decide.carry_out(draft, rows, accounts, clear=True, strict=True, note=AUTOMATIC)
        counts = {"waiting": 0, "approved": done.accounts, "denied": len(done.errors)}
    waits = 0 if roll else len(returned)
    return counts | {"returned": waits, "flagged": len(returned) - waits}


def _keep(draft: Draft, file: int, found: Sequence[Result], accounts: dict[str, Any], *, roll: bool = False) -> Rows:
    """Insert rows by one statement and read them again; `roll`: mail that came back, of accounts that the rule flags."""
    first = (AddressCorrection.select(fn.MAX(AddressCorrection.id)).scalar() or 0) + 1
    values = [
        {"id": first + at, **_values(draft, file, row, accounts[row.account], roll)} for at, row in enumerate(found)
    ]
    if values:
        fields = [getattr(AddressCorrection, column) for column in values[0]]
        insert_rows(draft.writing.store.db, fields, (tuple(one.values()) for one in values))
    said = [(SUBJECT, one["id"], "says", None, _said(row)) for one, row in zip(values, found, strict=True)]
    ledger.change_many(draft, said)
    ended = [(SUBJECT, one["id"], "error_state", None, "flagged") for one in values if one["error_state"] == "flagged"]
    ledger.change_many(draft, ended)
    return list(AddressCorrection.select().where(AddressCorrection.id >= first).order_by(AddressCorrection.id))


def _said(row: Result) -> str:
    """What a row says, for the history."""
    words = codes.words(row.return_code, row.undeliverable, any(row.new))
    return f"{verdict.one_line(row.new)} ({words})" if any(row.new) else words


def _values(draft: Draft, file: int, row: Result, account: Any, roll: bool) -> dict[str, Any]:
    came_back = not any(row.new)
    kept = verdict.address_of(account)
    other = any(row.old) and verdict.sent_another(row.old, kept)
    today, actor = draft.business_date, draft.actor
    ended = {"error_state": "flagged", "ended": today, "ended_by": actor}
    denied = {"outcome": "denied", "decided": today, "decided_by": actor, "note": BY_RULE}
    waits = {"error_state": "open" if came_back else None, "ended": None, "ended_by": None}
    undecided = {"outcome": None, "decided": None, "decided_by": None, "note": None}
    error = codes.words(row.return_code, row.undeliverable, new=False)
    return {
        "practice": draft.practice, "file": file, "row": row.row, "account": account.id, "record_id": row.record_id,
        **{f"old_{part}": value for part, value in zip(PARTS, kept, strict=True)},
        **{f"new_{part}": value for part, value in zip(PARTS, row.new, strict=True)},
        "sent": verdict.one_line(row.old) or None, "warning": decide.OTHER if other else None,
        "move_type": row.move_type, "moved": row.moved, "return_code": row.return_code,
        "undeliverable": row.undeliverable, "returned": came_back, "received": today,
        "error": f"Mail {error}." if came_back else None, "act": draft.id,
        **(ended if roll else waits), **(denied if roll else undecided),
    }  # fmt: skip
