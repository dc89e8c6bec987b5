"""`--update`: rows matched by key, changes with before and after, unchanged rows skipped, what no file may change refused."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from bo_tui import dates
from bo_tui.db.tables import Account, Act, Agency, Change, Entry, Hold, PaymentPlan, Placement, ServiceLine
from bo_tui.errors import BadInput
from bo_tui.office import Office
from bo_tui.rules import checking
from bo_tui.rules.accounts import plans
from bo_tui.rules.accounts.plans import Terms
from tests.rules.importing.conftest import account, agency, line, payment

HOLD = {
    "practice": "LAKE",
    "account": "100",
    "kind": "manual",
    "since": "2026-09-01",
    "until": "",
    "reason": "Call back",
}
PLACED = {"practice": "LAKE", "line": "L1", "agency": "First Bay", "placed": "2026-10-01", "amount": "400.00"}


@pytest.fixture
def first(load: Any) -> dict[str, Any]:
    files: dict[str, Any] = {
        "agencies": [agency()],
        "accounts": [account(middle="M")],
        "service_lines": [line(), line("L2", responsibility="insurance", responsible_since="")],
        "transactions": [payment()],
        "holds": [HOLD],
    }
    load(**files)
    return files


def _problems(load: Any, **files: Any) -> list[str]:
    with pytest.raises(BadInput) as refused:
        load(update=True, **files)
    return [str(problem) for problem in refused.value.problems]


def _changes(office: Office) -> list[tuple[Any, ...]]:
    with office.reading():
        last = Act.select().order_by(Act.id.desc()).get().id
        query = Change.select(Change.subject, Change.field, Change.before, Change.after).where(Change.act == last)
        return sorted(query.tuples())


def test_the_same_folder_again_changes_nothing(office: Office, load: Any, first: Any) -> None:
    with office.reading():
        before = Act.select().count()
    summary = load(update=True, **first)
    assert [(file.loaded, file.changed) for file in summary.files] == [(0, 0)] * 5
    assert [file.skipped for file in summary.files] == [1, 1, 2, 1, 1]
    with office.reading():
        assert Act.select().count() == before


def test_without_update_every_known_key_is_refused(load: Any, first: Any) -> None:
    with pytest.raises(BadInput) as refused:
        load(**first)
    assert [(p.file, p.row, p.column) for p in refused.value.problems] == [
        ("accounts.csv", 2, "account"), ("service_lines.csv", 2, "line"), ("service_lines.csv", 3, "line"),
        ("holds.csv", 2, "kind"), ("transactions.csv", 2, "id"),
    ]  # fmt: skip


def test_an_agency_that_differs_is_refused_without_update(office: Office, load: Any, first: Any) -> None:
    with pytest.raises(BadInput, match="agencies"):
        load(agencies=[agency(zip="94001")])
    load(agencies=[agency(zip="94001")], update=True)
    assert _changes(office) == [("agency", "zip", "94000", "94001")]


def test_a_changed_name_is_kept_with_before_and_after(office: Office, load: Any, first: Any) -> None:
    load(update=True, accounts=[account(last="Jones", phone="555")])
    assert _changes(office) == [
        ("account", "guarantor", "Smith, Ana M", "Jones, Ana"), ("account", "last", "Smith", "Jones"),
        ("account", "middle", "M", None), ("account", "phone", None, "555"),
    ]  # fmt: skip


def test_the_history_keeps_only_the_last_four_digits_of_an_ssn(office: Office, load: Any, first: Any) -> None:
    load(update=True, accounts=[account(ssn="123-45-6789")])
    load(update=True, accounts=[account(ssn="987654321")])
    load(update=True, accounts=[account(ssn="12")])
    load(update=True, accounts=[account(ssn="")])
    with office.reading():
        mine = (Change.subject == "account") & (Change.field == "ssn")
        changes = Change.select(Change.before, Change.after).where(mine).order_by(Change.id).tuples()
        shown = [None, "***-**-6789", "***-**-4321", "***-**-", None]
        assert list(changes) == list(pairwise(shown))


def test_columns_that_the_file_does_not_have_stay_as_they_are(office: Office, load: Any, first: Any) -> None:
    load(update=True, holds=[{key: HOLD[key] for key in ("practice", "account", "kind", "since", "reason")}])
    load(update=True, holds=[HOLD | {"until": "2026-12-01"}])
    assert _changes(office) == [("hold", "until", None, "2026-12-01")]
    load(update=True, holds=[{key: HOLD[key] for key in ("practice", "account", "kind", "since")} | {"reason": "New"}])
    with office.reading():
        assert Hold.get().until == dates.parse("2026-12-01")


def test_a_line_rolled_to_the_guarantor_begins_to_age(office: Office, load: Any, first: Any) -> None:
    load(update=True, service_lines=[line("L2", responsible_since="2026-10-10")])
    assert _changes(office) == [
        ("service_line", "aging_date", None, "2026-10-10"), ("service_line", "responsibility", "insurance", "guarantor"),
        ("service_line", "responsible_since", None, "2026-10-10"),
    ]  # fmt: skip
    with office.reading():
        assert ServiceLine.get(ServiceLine.number == "L2").aging_date == dates.parse("2026-10-10")
    load(update=True, service_lines=[line("L2", responsibility="insurance", responsible_since="")])
    with office.reading():
        row = ServiceLine.get(ServiceLine.number == "L2")
        assert (row.responsibility, row.responsible_since, row.aging_date) == ("insurance", None, None)


def test_a_line_that_was_re_aged_keeps_its_age_when_the_file_says_what_it_said(
    office: Office, load: Any, first: Any
) -> None:
    day = dates.parse("2026-11-01")
    office.store.use().execute_sql("UPDATE service_line SET aging_date = ? WHERE number = 'L1'", (day,))
    load(update=True, service_lines=[line(description="Epidural")])
    with office.reading():
        row = ServiceLine.get(ServiceLine.number == "L1")
        assert (row.aging_date, row.description) == (day, "Epidural")


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"fee": "480.01"}, "fee"),
        ({"account": "200"}, "account"),
        ({"posted": "2026-07-02"}, "posted"),
        ({"accounting_date": "2026-07-02"}, "accounting_date"),
    ],
)
def test_what_stands_in_the_ledger_is_not_changed(load: Any, first: Any, cells: Any, column: str) -> None:
    problems = _problems(load, accounts=[account(middle="M"), account("200")], service_lines=[line(**cells)])
    assert len(problems) == 1
    assert problems[0].startswith(f"service_lines.csv row 2, {column}: ")


def test_responsibility_stays_while_an_agency_has_the_debt(office: Office, load: Any, first: Any) -> None:
    load(placements=[PLACED])
    where = "the debt is with First Bay since 2026-10-01; transfer it back to active AR first"
    rolled = _problems(load, service_lines=[line(responsibility="insurance", responsible_since="")])
    assert rolled == [f"service_lines.csv row 2, responsibility: {where}"]
    assert _problems(load, transactions=[payment("T9")]) == [f"transactions.csv row 2, line: {where}"]
    load(update=True, service_lines=[line(description="Epidural")], accounts=[account(last="Jones")])
    with office.reading():
        placement = Placement.get()
        assert (placement.description, placement.guarantor) == ("Epidural", "Jones, Ana")


def test_placements_are_skipped_when_known_and_refused_when_they_differ(load: Any, first: Any) -> None:
    load(placements=[PLACED])
    assert [file.skipped for file in load(update=True, placements=[PLACED]).files] == [1]
    other = _problems(load, placements=[PLACED | {"amount": "1.00"}])
    assert other == ["placements.csv row 2, line: L1 was placed on 2026-10-01 already, otherwise than this row says"]
    with pytest.raises(BadInput):
        load(placements=[PLACED])


def test_a_returned_mail_flag_set_anew_names_its_act(office: Office, load: Any, first: Any) -> None:
    load(update=True, accounts=[account(returned_mail="yes")])
    with office.reading():
        set_by = Account.get().returned_mail_act
        assert set_by == Account.get().act
    load(update=True, accounts=[account(returned_mail="yes", phone="555")])
    with office.reading():
        assert Account.get().returned_mail_act == set_by < Account.get().act


def test_known_transactions_are_skipped_new_ones_added_changed_ones_refused(
    office: Office, load: Any, first: Any
) -> None:
    summary = load(update=True, transactions=[payment(), payment("T2", amount="1.00")])
    assert [(file.loaded, file.skipped) for file in summary.files] == [(1, 1)]
    with office.reading():
        assert Entry.select().where(Entry.code == "GPYMT").count() == 2
        assert ServiceLine.get(ServiceLine.number == "L1").ar == 39900
    changed = _problems(load, transactions=[payment(amount="80.01")])
    assert changed == [
        "transactions.csv row 2, amount: T1 is in the ledger with other content, which cannot be changed"
    ]


def test_new_rows_join_what_is_there(office: Office, load: Any, first: Any) -> None:
    load(update=True, accounts=[account(middle="M"), account("200")], service_lines=[line("L3", account="200")])
    with office.reading():
        assert ServiceLine.get(ServiceLine.number == "L3").ar == 48000
        assert Agency.select().count() == 1


@pytest.mark.parametrize(("until", "cancelled"), [("", None), ("2026-11-20", 20777), ("2027-01-31", 20777)])
def test_a_plan_whose_hold_is_given_an_end_is_cancelled(
    office: Office, load: Any, first: Any, until: str, cancelled
) -> None:
    plans.set_plan(office, 1, "100", Terms(100_00, dates.parse("2026-12-01")))
    hold = {"practice": "LAKE", "account": "100", "kind": "payment_plan", "since": dates.iso(office.business_date)}
    load(update=True, holds=[hold | {"until": until, "reason": "Moved"}])
    with office.reading():
        plan, kept = PaymentPlan.get(), Hold.get(Hold.kind == "payment_plan")
    assert (plan.cancelled, dates.iso(kept.until)) == (cancelled, until)
    assert (plan.cancelled_by, plan.reason) == (("ana", "an import ended its hold") if until else (None, None))
    assert (("payment_plan", "cancelled", None, "2026-11-20") in _changes(office)) == bool(until)


def test_a_new_line_of_the_insurers_does_not_age(office: Office, load: Any, first: Any) -> None:
    load(update=True, service_lines=[line("L3", responsibility="insurance", responsible_since="2026-08-01")])
    with office.reading():
        assert ServiceLine.get(ServiceLine.number == "L3").aging_date is None


def test_tampering_with_what_an_import_set_up_is_seen(office: Office, load: Any, first: Any) -> None:
    """Which agency an assignment is of, and what a common transaction code does."""
    rule = {"practice": "LAKE", "agency": "First Bay", "balance_greater_than": "50.00", "age_greater_than": "60"}
    load(agencies=[agency(), agency("Bay West")], assignments=[rule])
    for said, wrong, right in (
        ("assignment", "agency = 2", "agency = 1"),
        ("transaction_code", "direction = 'up'", "direction = 'down'"),
    ):
        which = "WHERE code = 'CONTR'" if said == "transaction_code" else ""
        office.store.use().execute_sql(f"UPDATE {said} SET {wrong} {which}")
        assert [finding.subject.split()[0] for finding in checking.check(office.store)] == [said]
        office.store.use().execute_sql(f"UPDATE {said} SET {right} {which}")
