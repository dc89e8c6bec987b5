"""Who is selected for an agency: decisions about the candidates of a range of accounts, into a temporary table.

The same code decides for the night, for a dry run and for *Why?* of one line. A range of accounts is decided as a whole,
because date-of-service siblings and account-level payments never look beyond an account (DESIGN section 5).
"""

from __future__ import annotations

from functools import partial
from typing import Any

from peewee import SQL, Case, Value, fn

from bo_tui.db.compiled import slot
from bo_tui.db.tables import Account, Agency, Change, Pending, Placement, ServiceLine
from bo_tui.db.tables.scratch import Decision, emptied
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.external import criteria
from bo_tui.rules.external.terms import Terms

_ACCOUNTS = (slot("low"), slot("high"))  # a range, in queries that are composed once
Range = tuple[int, int]  # accounts above the first, up to and including the second
NIGHT = "night"
THRESHOLD = "threshold"
DOS = "dos"
RETURNED_MAIL = "returned_mail"
QUEUED = "queued"

_DECIDED: list[Any] = [
    Decision.line, Decision.account, Decision.case, Decision.date_of_service, Decision.balance, Decision.age,
    Decision.excluded, Decision.rank,
]  # fmt: skip


def accounts_up_to(terms: Terms, after: int, candidates: int) -> int | None:
    """The last account of the next chunk: so many candidate balances beyond account `after`; None when there are none."""
    return _boundary(_owed(terms, after), ServiceLine.account, candidates)


def flagged_up_to(terms: Terms, after: int, accounts: int) -> int | None:
    """The last account of the next chunk of accounts flagged for returned mail; None when there are none."""
    flagged = (Account.practice == terms.practice.id) & (Account.returned_mail == SQL("1")) & (Account.id > after)
    return _boundary(Account.select(Account.id).where(flagged), Account.id, accounts)


def _owed(terms: Terms, after: int) -> Any:
    owed = (ServiceLine.responsibility == SQL("'guarantor'")) & (ServiceLine.ar > SQL("0"))
    mine = (ServiceLine.practice == terms.practice.id) & (ServiceLine.account > after)
    return ServiceLine.select(ServiceLine.account).where(mine & owed)


def _boundary(query: Any, key: Any, size: int) -> int | None:
    """The size-th key in order, or the last one where fewer remain; None for none."""
    ordered = query.order_by(key).limit(1).offset(size - 1).scalar()
    return ordered if ordered is not None else query.order_by(key.desc()).limit(1).scalar()


def decide(terms: Terms, accounts: Range) -> None:
    """Fill the table of decisions with every candidate of the accounts: excluded under one criterion, or queued and why."""
    emptied(Decision)
    _decide_candidates(terms, accounts)
    _pull_siblings(terms)


def decide_with_returned_mail(terms: Terms, accounts: Range) -> None:
    """What returned mail and then selection would do with the candidates, in one table; for *Why?*.

    Returned mail comes first, as in the night: a line that it takes pulls no siblings.
    """
    emptied(Decision)
    _decide_candidates(terms, accounts)
    roll = returned_mail_lines(terms, accounts)
    if roll is not None:
        rolled = {Decision.excluded: None, Decision.because: RETURNED_MAIL, Decision.ground: None}
        Decision.update({**rolled, Decision.agency: _returned_mail_agency(terms)}).where(
            Decision.line.in_(roll)
        ).execute()
    _pull_siblings(terms)


def decide_returned_mail(terms: Terms, accounts: Range) -> None:
    """Fill the table with the candidates that the returned-mail rule queues, thresholds and payments ignored."""
    emptied(Decision)
    roll = returned_mail_lines(terms, accounts)
    if roll is None:
        return
    rows = _candidates(terms, accounts, SQL("NULL")).where(ServiceLine.id.in_(roll))
    Decision.insert_from(rows, _DECIDED).execute()
    Decision.update({Decision.agency: _returned_mail_agency(terms), Decision.because: RETURNED_MAIL}).execute()


def returned_mail_lines(terms: Terms, accounts: Range) -> Any | None:
    """Ids of the lines that returned mail takes; None where the rule is off or the practice has no assignment.

    A line denied as returned mail with re-age waits until the flag is set anew; one held or brought back is not taken, and
    one denied without re-age was brought back: its mark decides, not its denial (DESIGN section 3).
    """
    if not terms.rules.roll_returned_mail or terms.oldest is None:
        return None
    flagged = (Account.id == ServiceLine.account) & (Account.returned_mail == SQL("1"))
    marked = Change.select(Value(1)).where(
        (Change.act == Pending.act)
        & (Change.subject == "service_line")
        & (Change.subject_id == Pending.line)
        & (Change.field == "brought_back")
    )
    denied = Pending.select(Value(1)).where(
        (Pending.line == ServiceLine.id)
        & (Pending.because == RETURNED_MAIL)
        & (Pending.outcome == "denied")
        & (Pending.act > fn.COALESCE(Account.returned_mail_act, 0))
        & ~fn.EXISTS(marked)
    )
    query = ServiceLine.select(ServiceLine.id).join(Account, on=flagged).where(_within(terms, accounts))
    query = query.where(criteria.candidate() & ~fn.EXISTS(denied))
    for criterion in criteria.BARS_SIBLINGS:
        query = query.where(criterion.passes(terms, None))
    return query


def _returned_mail_agency(terms: Terms) -> Any:
    """The agency that balance and age would choose, or else that of the practice's oldest assignment."""
    arms = [(Decision.rank == match.rank, match.agency) for match in terms.matches]
    return Case(None, arms, terms.oldest) if arms else terms.oldest


def _within(terms: Terms, accounts: tuple[Any, Any]) -> Any:
    first, last = accounts
    mine = ServiceLine.practice == terms.practice.id
    return mine & (ServiceLine.account > first) & (ServiceLine.account <= last)


def _candidates(terms: Terms, accounts: tuple[Any, Any], excluded: Any) -> Any:
    line = ServiceLine
    return line.select(
        line.id,
        line.account,
        line.case,
        line.date_of_service,
        line.ar,
        terms.day - line.aging_date,
        excluded,
        criteria.rank(terms),
    ).where(_within(terms, accounts) & criteria.candidate())


def _decide_candidates(terms: Terms, accounts: Range) -> None:
    decided = terms.once(
        "decide", lambda: Decision.insert_from(_candidates(terms, _ACCOUNTS, criteria.excluded(terms)), _DECIDED)
    )
    decided.run(low=accounts[0], high=accounts[1])
    if not terms.matches:
        return
    agency = Case(None, [(Decision.rank == match.rank, match.agency) for match in terms.matches])
    qualified = Decision.excluded.is_null()
    Decision.update({Decision.agency: agency, Decision.because: THRESHOLD}).where(qualified).execute()


def _pull_siblings(terms: Terms) -> None:
    """Give the other candidates of a date of service and case the agency of the group's best-ranked line."""
    if terms.rules.move_all_by_dos and terms.matches:
        terms.once("siblings", _pulled).run()


def _pulled() -> Any:
    place = fn.ROW_NUMBER().over(
        partition_by=[Decision.account, Decision.date_of_service, Decision.case],
        order_by=[Decision.rank, Decision.line],
    )
    pulling = (Decision.because == THRESHOLD) & Decision.case.is_null(False)
    ranked = Decision.select(
        Decision.account, Decision.date_of_service, Decision.case, Decision.agency, Decision.line, place.alias("place")
    ).where(pulling)
    best = ranked.alias("best")
    same = (
        (Decision.account == best.c.account)
        & (Decision.date_of_service == best.c.date_of_service)
        & (Decision.case == best.c.case_number)
    )
    barred = [criterion.name for criterion in criteria.BARS_SIBLINGS]
    values = {
        Decision.excluded: None,
        Decision.because: DOS,
        Decision.agency: best.c.agency,
        Decision.ground: best.c.line,
    }
    return Decision.update(values).from_(best).where(same & (best.c.place == 1) & Decision.excluded.not_in(barred))


def queue(draft: Draft, terms: Terms) -> None:
    """Write a pending row, and a change of its line, for every decision that has an agency."""
    terms.once("queue", lambda: _pending_rows(terms)).run(act=draft.id)
    terms.once("queued", _pending_changes).run(act=draft.id)


_CHOSEN = Decision.agency.is_null(False)


def _pending_rows(terms: Terms) -> Any:
    fields = [
        Pending.practice, Pending.account, Pending.line, Pending.agency, Pending.amount, Pending.age, Pending.source,
        Pending.because, Pending.ground, Pending.queued, Pending.queued_act, Pending.act,
    ]  # fmt: skip
    rows = Decision.select(
        Value(terms.practice.id),
        Decision.account,
        Decision.line,
        Decision.agency,
        Decision.balance,
        Decision.age,
        Value(NIGHT),
        Decision.because,
        Decision.ground,
        Value(terms.day),
        slot("act"),
        slot("act"),
    )
    return Pending.insert_from(rows.where(_CHOSEN).order_by(Decision.line), fields)


def _pending_changes() -> Any:
    rows = Decision.select(
        slot("act"),
        Value("service_line"),
        Decision.line,
        Value("pending"),
        SQL("NULL"),
        Agency.name.concat(" (").concat(Decision.because).concat(")"),  # under the digest: which agency, and why
    ).join(Agency, on=(Agency.id == Decision.agency))
    return ledger.changes_from(rows.where(_CHOSEN).order_by(Decision.line))


def counted(terms: Terms, accounts: Range) -> tuple[int, int]:
    """Count and cents of the candidates of the accounts, asked another way than `criteria.candidate`: a check on the decisions.

    What the guarantors owe in active AR, less what of it is pending or has an open placement.
    """
    low, high = accounts
    count, amount = terms.once("owed", lambda: _owed_sums(terms)).run(low=low, high=high).fetchone()
    for elsewhere, open_ones in ((Pending, Pending.outcome.is_null()), (Placement, Placement.closed.is_null())):
        less = terms.once(elsewhere, partial(_sums_of, terms, elsewhere, open_ones)).run(low=low, high=high).fetchone()
        count, amount = count - less[0], amount - less[1]
    return count, amount


_OWED = (ServiceLine.responsibility == SQL("'guarantor'")) & (ServiceLine.ar > SQL("0"))
_SUMS = (fn.COUNT(ServiceLine.id), fn.COALESCE(fn.SUM(ServiceLine.ar), 0))


def _owed_sums(terms: Terms) -> Any:
    return ServiceLine.select(*_SUMS).where(_within(terms, _ACCOUNTS) & _OWED)


def _sums_of(terms: Terms, table: Any, open_ones: Any) -> Any:
    inside = (table.account > _ACCOUNTS[0]) & (table.account <= _ACCOUNTS[1])
    query = table.select(*_SUMS).join(ServiceLine, on=(ServiceLine.id == table.line))
    return query.where((table.practice == terms.practice.id) & open_ones & inside & _OWED)


def totals() -> dict[str, tuple[int, int]]:
    """Count and cents of the decisions: under `queued` and under each criterion that excluded any."""
    name = Case(None, [(Decision.agency.is_null(False), QUEUED)], Decision.excluded)
    rows = Decision.select(name, fn.COUNT(Decision.line), fn.SUM(Decision.balance)).group_by(name)
    return {key: (count, amount) for key, count, amount in rows.tuples()}
