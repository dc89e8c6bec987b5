"""Setting, extending and lifting what keeps an account or a line out of collections (CONTRACT `holds.csv`, DESIGN section 3).

A hold is in force on D when since <= D and (until is empty or D < until). It is never deleted: lifting ends it, and every
change of it stands in the history.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bo_tui import dates
from bo_tui.db.tables import Account, Hold, PaymentPlan, ServiceLine
from bo_tui.errors import NotFound, RuleRefusal
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups

KINDS = {
    "manual": "manual hold",
    "payment_plan": "payment plan",
    "dispute": "dispute",
    "bankruptcy": "bankruptcy",
    "deceased": "deceased",
    "do_not_collect": "do not collect",
}


def named(kind: str) -> str:
    """A hold of a kind in a sentence, after "a" or "the": manual hold, payment-plan hold, do-not-collect hold."""
    return f"{kind.replace('_', '-')} hold"


@dataclass(frozen=True, slots=True)
class Held:
    """A hold as an act left it: its id and its days, `until` None while it has no end."""

    act: int
    hold: int
    kind: str
    since: int
    until: int | None


@dataclass(frozen=True, slots=True)
class _Key:
    """What a hold holds: a whole account, or one of its lines, and of which kind."""

    account: int
    line: int | None
    kind: str
    name: str

    def rows(self) -> Any:
        line = Hold.line.is_null() if self.line is None else Hold.line == self.line
        mine = (Hold.account == self.account) & line & (Hold.kind == self.kind)
        return Hold.select().where(mine).order_by(Hold.since, Hold.id)


def set_hold(
    office: Office,
    practice: int,
    account: str,
    kind: str,
    reason: str,
    *,
    line: str | None = None,
    until: int | None = None,
    since: int | None = None,
) -> Held:
    """Hold an account (by number), or one of its lines, from `since` (default: the business date) to the day before `until`.

    Raises RuleRefusal, field `kind`, `reason`, `until` or `since`, also where a hold of that kind already covers some of
    these days; one that was lifted on the day it began begins again.
    """
    roles.require(office, "hold")
    reason = lookups.required(reason, "reason", "A reason")
    begins = office.business_date if since is None else since
    if until is not None and until < begins:
        raise RuleRefusal(f"The hold would end before it begins, {dates.iso(begins)}.", field="until")
    with office.act("hold_set", practice, reason) as draft:
        hold = set_within(draft, practice, account, kind, reason, begins, until, line)
        ledger.seal(draft)
    return Held(draft.id, hold, kind, begins, until)


def set_within(
    draft: Draft,
    practice: int,
    account: str,
    kind: str,
    reason: str,
    since: int,
    until: int | None = None,
    line: str | None = None,
) -> int:
    """As `set_hold`, within an act that the caller seals; the hold's id."""
    key = _key(practice, account, line, kind)
    same = _refuse_overlap(key, since, until)
    if same is None:
        return _insert(draft, practice, key, since, until, reason)
    _change(draft, same, until, reason)
    return int(same.id)


def extend(
    office: Office,
    practice: int,
    account: str,
    kind: str,
    until: int | None,
    reason: str,
    *,
    line: str | None = None,
    seen: int | None = None,
) -> Held:
    """Give the hold in force a new end, later or earlier but not before the business date; None takes its end away.

    `seen` is the hold's act. Raises RuleRefusal, field `kind` when there is no such hold, or `until`.
    """
    roles.require(office, "hold")
    reason = lookups.required(reason, "reason", "A reason")
    with office.act("hold_extend", practice, reason) as draft:
        key = _key(practice, account, line, kind)
        row = _current(key, office.business_date)
        lookups.unchanged(seen, row.act, f"The {named(kind)} of {key.name}", f"ends {dates.iso(row.until) or 'never'}")
        if until is not None and until < _earliest(row, office.business_date):
            raise RuleRefusal("The new end must not be in the past.", field="until")
        _refuse_plan(row)
        if until == row.until:
            raise RuleRefusal("The hold ends on that day already.", field="until")
        _refuse_overlap(key, row.since, until, besides=row.id)
        _change(draft, row, until, row.reason)
        ledger.seal(draft)
    return Held(draft.id, row.id, kind, row.since, until)


def lift(
    office: Office,
    practice: int,
    account: str,
    kind: str,
    reason: str,
    *,
    line: str | None = None,
    seen: int | None = None,
) -> Held:
    """End the hold of an account, or of one of its lines, on the business date, or on the day it begins if that is later.

    `seen` is the hold's act. Raises RuleRefusal, field `kind`, when no such hold is in force or to come.
    """
    roles.require(office, "hold")
    reason = lookups.required(reason, "reason", "A reason")
    with office.act("hold_lift", practice, reason) as draft:
        key = _key(practice, account, line, kind)
        row = _current(key, office.business_date)
        lookups.unchanged(seen, row.act, f"The {named(kind)} of {key.name}", f"ends {dates.iso(row.until) or 'never'}")
        _refuse_plan(row)
        until = end_within(draft, row)
        ledger.seal(draft)
    return Held(draft.id, row.id, kind, row.since, until)


def end_within(draft: Draft, row: Hold) -> int:
    """End a hold on the business date, or on the day it begins if that is later, in an act that the caller seals; the day.

    One that ended before keeps its end.
    """
    until = _earliest(row, draft.business_date)
    if row.until is not None and row.until <= until:
        return int(row.until)
    _change(draft, row, until, row.reason)
    return until


def _refuse_plan(row: Hold) -> None:
    """The hold that a payment plan is goes with its plan."""
    if PaymentPlan.select().where((PaymentPlan.hold == row.id) & PaymentPlan.cancelled.is_null()).exists():
        raise RuleRefusal("This hold belongs to a payment plan; cancel the plan instead.", field="kind")


def _key(practice: int, account: str, line: str | None, kind: str) -> _Key:
    if kind not in KINDS:
        raise RuleRefusal(f"A hold is one of {', '.join(KINDS)}.", field="kind")
    owner = the_account(practice, account)
    if line is None:
        return _Key(owner.id, None, kind, f"account {account}")
    row = ServiceLine.get_or_none((ServiceLine.practice == practice) & (ServiceLine.number == line))
    if row is None or row.account != owner.id:
        raise NotFound(f"Account {account} has no service fee line {line}.", field="line")
    return _Key(owner.id, row.id, kind, f"line {line}")


def the_account(practice: int, number: str) -> Account:
    """The account of a number in a practice; NotFound, field `account`."""
    row = Account.get_or_none((Account.practice == practice) & (Account.number == number))
    if row is None:
        raise NotFound(f"There is no account {number} in this practice.", field="account")
    return row


def _refuse_overlap(key: _Key, since: int, until: int | None, besides: int | None = None) -> Hold | None:
    """Refuse days that a hold of the same key covers; return the one that began on the same day and holds nothing."""
    same = None
    for row in key.rows():
        if row.id == besides:
            continue
        if row.until is not None and row.until <= row.since:
            same = row if row.since == since else same
            continue
        ends_before = row.until is not None and row.until <= since
        begins_after = until is not None and row.since >= until
        if row.since == since or not (ends_before or begins_after):
            end = "with no end" if row.until is None else f"until {dates.iso(row.until)}"
            already = f"{key.name[0].upper()}{key.name[1:]} already has a {named(key.kind)}"
            raise RuleRefusal(f"{already} since {dates.iso(row.since)} {end}; extend or lift that one.", field="kind")
    return same


def _current(key: _Key, day: int) -> Hold:
    """The hold that is in force, or else the next to come."""
    for row in key.rows():
        if row.until is None or row.until > max(day, row.since):
            return row
    raise RuleRefusal(f"There is no {named(key.kind)} on {key.name} to end.", field="kind")


def _earliest(row: Any, day: int) -> int:
    """The earliest end that a hold may be given on a day."""
    return max(row.since, day)


def _insert(draft: Draft, practice: int, key: _Key, since: int, until: int | None, reason: str) -> int:
    hold = Hold.insert(
        practice=practice,
        account=key.account,
        line=key.line,
        kind=key.kind,
        since=since,
        until=until,
        reason=reason,
        act=draft.id,
    ).execute()
    what = f"{key.kind} of {key.name}"
    for field, after in (
        ("kind", what),
        ("since", dates.iso(since)),
        ("until", dates.iso(until) or None),
        ("reason", reason),
    ):
        ledger.change(draft, "hold", hold, field, None, after)
    return hold


def _change(draft: Draft, row: Hold, until: int | None, reason: str) -> None:
    ledger.change(draft, "hold", row.id, "until", dates.iso(row.until) or None, dates.iso(until) or None)
    if reason != row.reason:
        ledger.change(draft, "hold", row.id, "reason", row.reason, reason)
    Hold.update({Hold.until: until, Hold.reason: reason, Hold.act: draft.id}).where(Hold.id == row.id).execute()
