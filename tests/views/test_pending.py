"""The Pending tab's rows: paging in every order, why each is there, and what changed since, in words."""

from __future__ import annotations

import pytest

from bo_tui import dates
from bo_tui.db.tables import Assignment, ExternalRule, Hold, Pending, ServiceLine
from bo_tui.office import Office
from bo_tui.rules import ledger
from bo_tui.rules.external import pending as rules
from bo_tui.rules.external.holds import in_force
from bo_tui.views import pending
from tests import making
from tests.making import DAY, PRACTICE

NAMES = ["Smith, Ana", "smithers, Jo", "Olsen, Kari", "Ng, Wei", "Smith, Ana", "100%_x"]


@pytest.fixture
def bay(office: Office) -> int:
    return making.make_agency(office, "First Bay", balance_greater_than=99_00, age_greater_than=45)


def night_row(office: Office, line: int, agency: int, because: str = "threshold", ground: int | None = None) -> int:
    """A row that the night of the business date queued; its id."""
    row = ServiceLine.get_by_id(line)
    with office.act("select", PRACTICE) as draft:
        made: int = Pending.insert(
            practice=PRACTICE, account=row.account, line=line, agency=agency, amount=row.ar,
            age=office.business_date - row.aging_date, source="night", because=because, ground=ground,
            queued=office.business_date, queued_act=draft.id, act=draft.id,
        ).execute()  # fmt: skip
        ledger.seal(draft)
    return made


def a_row(office: Office, bay: int, number: str = "L1", because: str = "threshold", **fields: object) -> int:
    account = making.make_account(office, f"A{number}")
    return night_row(office, making.make_line(office, account, number, **fields), bay, because)  # type: ignore[arg-type]


def shown(office: Office, row_id: int) -> pending.PendingRow:
    found = pending.at(office, PRACTICE, row_id, "guarantor")
    assert found is not None
    return found[1]


@pytest.fixture
def six(office: Office, bay: int) -> list[int]:
    west = making.make_agency(office, "West")
    made = []
    for index, name in enumerate(NAMES):
        account = making.make_account(office, f"{100 + index % 3}-{index}", guarantor=name)
        line = making.make_line(office, account, f"L{index}", (index % 3 + 1) * 100_00, age=46 + index % 2)
        made.append(night_row(office, line, west if index % 2 else bay))
    return made


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", sorted(pending.SORTS))
def test_pages_forward_and_backward_are_the_whole_list(
    office: Office, six: list[int], sort: str, descending: bool
) -> None:
    whole = pending.page(office, PRACTICE, (sort, descending), None, 100)
    keys = [key for key, _ in whole]
    assert len(keys) == 6
    assert keys == sorted(keys, reverse=descending)
    assert [row.id for _, row in whole] == [row_id for _, row_id in keys]
    forward, after = [], None
    while page := pending.page(office, PRACTICE, (sort, descending), after, 4):
        forward += page
        after = page[-1][0]
    assert forward == whole
    backward, before = [], None
    while page := pending.page(office, PRACTICE, (sort, descending), before, 4, backward=True):
        backward = page + backward
        before = page[0][0]
    assert backward == whole


def test_the_filter_takes_guarantors_and_accounts_as_typed(office: Office, six: list[int]) -> None:
    def found(prefix: str) -> set[str]:
        rows = pending.page(office, PRACTICE, ("guarantor", False), None, 100, prefix=prefix)
        assert pending.count(office, PRACTICE, 100, prefix) == len(rows) == len(pending.ids(office, PRACTICE, prefix))
        return {row.guarantor for _, row in rows}

    assert found("smi") == {"Smith, Ana", "smithers, Jo"}
    assert found("101-") == {"smithers, Jo", "Smith, Ana"}
    assert found("100%_") == {"100%_x"}  # a wildcard of LIKE is a letter here
    assert found("mith") == set()
    assert pending.at(office, PRACTICE, six[0], "agency", "olsen") is None


def test_counts_sums_and_nights(office: Office, six: list[int]) -> None:
    assert pending.count(office, PRACTICE, 4) == 4
    assert pending.waiting(office, PRACTICE) == pending.Sum(6, 1200_00)
    assert pending.waiting(office, PRACTICE, "olsen") == pending.Sum(1, 300_00)
    assert pending.waiting(office, PRACTICE + 1) == pending.Sum(0, 0)
    assert pending.nights(office, PRACTICE) == [pending.Night(DAY, 6, 1200_00)]
    assert [name for _, name in pending.agencies(office, PRACTICE)] == ["First Bay", "West"]
    assert not pending.slow(office, PRACTICE)
    before = pending.version(office, PRACTICE)
    rules.deny(office, PRACTICE, "L0", "no")
    assert pending.version(office, PRACTICE) > before
    assert pending.at(office, PRACTICE, six[0], "guarantor") is None
    assert [row.line for row in pending.rows(office, PRACTICE, [six[2], six[0], six[1]])] == ["L1", "L2"]


def test_why_a_row_is_here(office: Office, bay: int) -> None:
    lead = shown(office, a_row(office, bay, "L1", age=46))
    assert lead.sentence == "Line L1: queued 2026-11-20 by the night (age 46 > 45, 480.00 > 99.00)"
    assert (lead.source, lead.amount, lead.balance, lead.changes, lead.stops) == ("night", 480_00, 480_00, (), "")
    account = making.make_account(office, "A2", returned_mail=True)
    mail = shown(office, night_row(office, making.make_line(office, account, "L2"), bay, "returned_mail"))
    assert mail.sentence == ("Line L2: queued 2026-11-20 by the night: returned mail on A2")
    sibling = shown(office, night_row(office, making.make_line(office, account, "L3"), bay, "dos", lead.line_id))
    assert sibling.reason == "queued 2026-11-20 by the night with L1 (same DOS and case)"
    making.make_line(office, account, "L4", 5_00, age=3)
    rules.add(office, PRACTICE, ["L4"], "First Bay")
    by_hand = pending.page(office, PRACTICE, ("balance", False), None, 1)[0][1]
    assert (by_hand.sentence, by_hand.source) == (
        "Line L4: added 2026-11-20 by ana (age 3, 5.00)",
        "added",
    )
    assert [row.source for row in (mail, sibling)] == ["returned mail", "DOS"]


def test_changed_thresholds_are_not_passed_off_as_those_of_the_night(office: Office, bay: int) -> None:
    row = a_row(office, bay)
    with office.act("assignment", PRACTICE) as draft:
        Assignment.update(age_greater_than=50, act=draft.id).execute()
        ledger.change(draft, "assignment", 1, "age_greater_than", 45, 50)
        ledger.seal(draft)
    assert (
        shown(office, row).reason == "queued 2026-11-20 by the night (age 60, 480.00; the thresholds were others then)"
    )


def test_what_changed_since(office: Office, bay: int) -> None:
    row = a_row(office, bay)
    line = shown(office, row).line_id
    making.pay(office, line, 80_00)
    assert (shown(office, row).changes, shown(office, row).balance) == (("paid 80.00",), 400_00)
    making.pay(office, line, 400_00, code="IPYMT")
    assert sorted(shown(office, row).changes) == ["insurer paid 400.00", "no balance", "paid 80.00"]
    assert shown(office, row).stops == "no balance"
    ServiceLine.update(responsibility="insurance").where(ServiceLine.id == line).execute()
    Assignment.update(removed=True).execute()
    assert shown(office, row).stops == "insurer's now, no balance"
    assert (shown(office, row).assigned, shown(office, row).changes[2]) == (False, "agency no longer assigned")


def test_a_denied_lines_older_payments_are_not_new(office: Office, bay: int) -> None:
    account = making.make_account(office)
    line = making.make_line(office, account)
    making.pay(office, line, 100_00)
    assert shown(office, night_row(office, line, bay)).changes == ()


@pytest.mark.parametrize(
    ("since", "until", "held"),
    [(0, None, True), (1, None, False), (-9, 0, False), (-9, 1, True), (0, 0, False)],
)
def test_held_as_the_rule_says(office: Office, bay: int, since: int, until: int | None, held: bool) -> None:
    row = a_row(office, bay)
    line = ServiceLine.get()
    Hold.insert(
        practice=PRACTICE, account=line.account, line=line.id if since == -9 else None, kind="payment_plan",
        since=DAY + since, until=None if until is None else DAY + until, reason="x", act=line.act,
    ).execute()  # fmt: skip
    words = f"on hold (payment plan since {dates.iso(DAY + since)})"
    assert shown(office, row).stops == (words if held else "")
    rule = ServiceLine.select(in_force(ServiceLine.account, ServiceLine.id, DAY)).scalar()
    assert bool(rule) == held


def test_a_changed_agency_and_a_new_age_show(office: Office, bay: int) -> None:
    making.make_agency(office, "West", balance_greater_than=1_00, age_greater_than=10)
    row = a_row(office, bay)
    rules.change_agency(office, PRACTICE, ["L1"], "West")
    ServiceLine.update(aging_date=DAY).execute()
    found = shown(office, row)
    assert (found.agency, found.changes) == ("West", ("aged anew", "agency was First Bay"))
    assert "thresholds were others" in found.reason
    rules.change_agency(office, PRACTICE, ["L1"], "First Bay")
    assert shown(office, row).changes == ("aged anew",)


def test_the_re_age_rule(office: Office, bay: int) -> None:
    assert not pending.re_ages(office, PRACTICE)
    ExternalRule.insert(practice=PRACTICE, re_age_if_denied=True, act=1).execute()
    assert pending.re_ages(office, PRACTICE)


def test_a_page_asks_the_same_number_of_questions_whatever_its_size(
    office: Office, six: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    db = office.store.use()
    execute = db.execute_sql
    monkeypatch.setattr(db, "execute_sql", lambda sql, *more: (asked.append(sql), execute(sql, *more))[1])
    pending.page(office, PRACTICE, ("guarantor", False), None, 1)
    one = len(asked)
    pending.page(office, PRACTICE, ("guarantor", False), None, 6)
    assert len(asked) == 2 * one
