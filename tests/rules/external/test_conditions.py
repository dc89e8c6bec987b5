"""The night's conditions for posting a pending row: what the night posts is what meets every one of them, and why not is said."""

from __future__ import annotations

from bo_tui.db.tables import Agency, Assignment, ExternalRule, Hold, Pending, Practice, Run, ServiceLine
from bo_tui.office import Office
from bo_tui.rules import nightly
from bo_tui.rules.external import conditions, pending
from bo_tui.rules.external.terms import load_terms
from tests import acting, making
from tests.making import DAY, PRACTICE


def waiting(office: Office) -> dict[str, list[str]]:
    """What keeps each open row, by its line's number."""
    with office.reading():
        terms = load_terms(Practice.get_by_id(PRACTICE), DAY)
        rows = {row.id: row for row in Pending.select().where(Pending.outcome.is_null())}
        names = dict(Agency.select(Agency.id, Agency.name).tuples())
        found = conditions.verdicts(terms, list(rows), names)
        numbers = {row.id: ServiceLine.get_by_id(row.line).number for row in rows.values()}
        return {numbers[key]: [v.otherwise for v in verdicts if not v.passed] for key, verdicts in found.items()}


def test_what_the_night_leaves_is_what_fails_a_condition_and_says_which(office: Office) -> None:
    making.make_agency(office, "First Bay", balance_greater_than=0, age_greater_than=45, auto_approve=True)
    acting.practice_setting(office, four_eyes_limit=300_00)
    ExternalRule.insert(practice=PRACTICE, roll_returned_mail=True, act=1).execute()
    for number, fee in (("GOES", 300_00), ("BIG", 300_01), ("CREDIT", 50_00)):
        making.make_line(office, making.make_account(office, f"A-{number}"), number, fee)
    other = making.make_line(office, acting.line("CREDIT").account, "PAID", 10_00)
    making.pay(office, other, 15_00)
    making.make_line(office, making.make_account(office, "A-MAIL", returned_mail=True), "MAIL", 40_00, age=1)
    with nightly.nights(office) as runs:
        list(runs)
    assert waiting(office) == {
        "BIG": ["over the four-eyes limit 300.00: needs two persons"],
        "CREDIT": ["the account holds credit, 5.00"],
        "MAIL": ["returned mail: a person always posts it"],
    }
    row = acting.line("BIG")
    Hold.insert(practice=PRACTICE, account=row.account, kind="dispute", since=DAY, reason="x", act=row.act).execute()
    Assignment.update(auto_approve=False).execute()
    assert waiting(office)["BIG"][:2] == ["First Bay has no auto approve", "on hold"]


def test_a_row_that_the_brake_kept_says_so(office: Office) -> None:
    making.make_agency(office, "Bay", balance_greater_than=0, age_greater_than=45, auto_approve=True, max_lines=1)
    account = making.make_account(office)
    making.make_line(office, account, "ONE", 10_00)
    making.make_line(office, account, "TWO", 20_00)
    with nightly.nights(office) as runs:
        list(runs)
    assert waiting(office) == {"TWO": ["the night's brake was reached (1 line)"]}


def test_the_brake_is_said_only_of_rows_that_waited_when_the_night_ended(office: Office) -> None:
    making.make_agency(office, "Bay", balance_greater_than=0, age_greater_than=45, auto_approve=True, max_lines=1)
    account = making.make_account(office)
    for number in ("ONE", "TWO"):
        making.make_line(office, account, number, 10_00)
    making.make_line(office, account, "NEXT", 10_00, age=1)
    with nightly.nights(office) as runs:
        list(runs)
    Run.update(finished_at="2020-01-01T00:00:00Z").execute()
    pending.add(office, PRACTICE, ["NEXT"], "Bay")
    assert waiting(office)["NEXT"] == []
    Run.update(finished_at="2999-01-01T00:00:00Z").execute()
    assert waiting(office)["TWO"] == ["the night's brake was reached (1 line)"]
    Run.update(business_date=DAY - 1).execute()
    assert waiting(office) == {"TWO": [], "NEXT": []}
