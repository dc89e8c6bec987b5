"""Notes, held statements, payment plans: what an operator keeps on an account, and what it keeps out."""

from __future__ import annotations

import pytest
from peewee import IntegrityError

from bo_tui import dates
from bo_tui.db.tables import Account, Hold, Note, StatementHold
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules import flags, holds, payments
from bo_tui.rules.accounts import notes, plans, statements
from bo_tui.rules.accounts.plans import Terms
from bo_tui.rules.external import pending
from tests import making
from tests.acting import a_line, assert_sound, changes, refusal, viewer
from tests.making import DAY, PRACTICE

ACCOUNT = "AL1"


@pytest.fixture(autouse=True)
def _line(office: Office):
    a_line(office)
    yield
    assert_sound(office)


# --- notes -------------------------------------------------------------------------------------------------------------


def test_notes_of_operators_and_of_acts_newest_first(office: Office) -> None:
    notes.add_note(office, PRACTICE, ACCOUNT, " called, no answer ", "collection", line="L1")
    payments.roll(office.on(DAY + 1), PRACTICE, "L1", "insurance", note="Medicaid found")
    holds.set_hold(office.on(DAY + 2), PRACTICE, ACCOUNT, "dispute", "says it was paid")
    found = notes.of_account(office, PRACTICE, ACCOUNT)
    assert [(note.kind, note.what, note.line, note.text) for note in found] == [
        ("system", "hold set", None, "says it was paid"),
        ("system", "responsibility", "L1", "Medicaid found"),
        ("collection", "", "L1", "called, no answer"),
    ]
    assert [note.text for note in notes.of_account(office, PRACTICE, ACCOUNT, "collection")] == ["called, no answer"]
    assert len(notes.of_account(office, PRACTICE, ACCOUNT, notes.SYSTEM)) == 2


def test_a_denial_is_a_note_of_its_own_account_alone(office: Office) -> None:
    making.make_agency(office)
    a_line(office, "L2")
    pending.add(office, PRACTICE, ["L1"], "First Bay")
    pending.deny(office, PRACTICE, "L1", "will pay on Friday")
    assert [(note.line, note.text) for note in notes.of_account(office, PRACTICE, ACCOUNT)] == [
        ("L1", "will pay on Friday")
    ]
    assert notes.of_account(office, PRACTICE, "AL2") == []


def test_a_note_is_never_changed(office: Office) -> None:
    notes.add_note(office, PRACTICE, ACCOUNT, "x" * notes.LONGEST)
    for query in (Note.update(text="y"), Note.delete()):
        with pytest.raises(IntegrityError, match="never"):
            query.execute()


def test_check_names_a_note_and_a_plan_that_were_altered(office: Office) -> None:
    db = office.store.use()
    note = notes.add_note(office, PRACTICE, ACCOUNT, "called").note
    plan = plans.set_plan(office, PRACTICE, ACCOUNT, Terms(100_00, DAY)).plan
    (trigger,) = db.execute_sql("SELECT sql FROM sqlite_master WHERE name = 'note_no_update'").fetchone()

    def alter(text: str, days: int | None) -> None:
        db.execute_sql("DROP TRIGGER note_no_update")
        db.execute_sql("UPDATE note SET text = ?", (text,))
        db.execute_sql("UPDATE payment_plan SET every_days = ?", (days,))
        db.execute_sql(trigger)

    alter("paid", 14)
    found = making.verify(office)
    assert {one.subject for one in found} == {f"note {note}", f"payment_plan {plan}"}
    assert "paid" not in str(found)  # what an operator wrote is not shown by a check
    alter("called", None)


@pytest.mark.parametrize(
    ("text", "kind", "line", "field"),
    [
        ("  ", "account", None, "text"),
        ("x" * (notes.LONGEST + 1), "account", None, "text"),
        ("x", "system", None, "kind"),
        ("x", "account", "L9", "line"),
    ],
)
def test_notes_that_are_refused(office: Office, text: str, kind: str, line: str | None, field: str) -> None:
    with pytest.raises(RuleRefusal) as refused:
        notes.add_note(office, PRACTICE, ACCOUNT, text, kind, line=line)
    assert refused.value.field == field
    assert Note.select().count() == 0


# --- statements --------------------------------------------------------------------------------------------------------


def _held() -> list[int]:
    return [
        row.line for row in StatementHold.select().where(StatementHold.lifted.is_null()).order_by(StatementHold.line)
    ]


def test_a_line_or_all_of_its_day_of_service(office: Office) -> None:
    owner = Account.get(Account.number == ACCOUNT).id
    for number, age in (("L2", 60), ("L3", 61)):  # L2 has L1's date of service
        making.make_line(office, owner, number, age=age)
    one = statements.hold_statement(office, PRACTICE, "L1", True)
    assert changes(one.act) == [("service_line", "statement_hold", "no", "yes")]
    rest = statements.hold_statement(office, PRACTICE, "L1", True, all_of_dos=True)
    assert (one.lines, rest.lines, len(_held())) == (("L1",), ("L2",), 2)
    with pytest.raises(RuleRefusal, match="are on hold for statements already"):
        statements.hold_statement(office, PRACTICE, "L2", True, all_of_dos=True)
    sent = statements.hold_statement(office.on(DAY - 1), PRACTICE, "L2", False, all_of_dos=True)
    assert (sent.lines, _held()) == (("L1", "L2"), [])
    assert {row.lifted for row in StatementHold.select()} == {DAY}  # never before it began
    with pytest.raises(RuleRefusal, match="Line L3 is not on hold"):
        statements.hold_statement(office, PRACTICE, "L3", False)
    statements.hold_statement(office, PRACTICE, "L1", True)  # and again


def test_the_accounts_flag_is_another_matter(office: Office) -> None:
    done = flags.hold_statements(office, PRACTICE, ACCOUNT, True)
    assert changes(done.act) == [("account", "hold_statements", "no", "yes")]
    assert _held() == []
    with pytest.raises(RuleRefusal, match="is on hold for statements; there is nothing"):
        flags.hold_statements(office, PRACTICE, ACCOUNT, True)
    assert flags.hold_statements(office, PRACTICE, ACCOUNT, False, seen=done.act).value is False


# --- plans -------------------------------------------------------------------------------------------------------------


def test_a_plan_holds_the_account_until_it_is_cancelled(office: Office) -> None:
    making.make_agency(office)
    done = plans.set_plan(office, PRACTICE, ACCOUNT, Terms(100_00, DAY), "first at the desk")
    hold = Hold.get_by_id(done.hold)
    assert (hold.kind, hold.line, hold.since, hold.until, done.balance) == ("payment_plan", None, DAY, None, 480_00)
    making.make_line(office, hold.account, "L2")  # a line that comes later joins
    with pytest.raises(RuleRefusal, match="is on hold"):
        pending.add(office, PRACTICE, ["L2"], "First Bay")
    with pytest.raises(RuleRefusal, match="belongs to a payment plan; cancel the plan"):
        holds.lift(office, PRACTICE, ACCOUNT, "payment_plan", "x")
    with pytest.raises(RuleRefusal, match="belongs to a payment plan"):
        holds.extend(office, PRACTICE, ACCOUNT, "payment_plan", DAY + 9, "x")
    with pytest.raises(RuleRefusal, match=r"has a payment plan already, 100\.00 a month from 2026-11-20; cancel"):
        plans.set_plan(office, PRACTICE, ACCOUNT, Terms(50_00, DAY))
    seen = plans.plan_of(office, PRACTICE, ACCOUNT)
    assert seen is not None
    assert (seen.terms, seen.made_by, seen.note) == (Terms(100_00, DAY), "ana", "first at the desk")
    plans.cancel_plan(office.on(DAY + 30), PRACTICE, ACCOUNT, "two payments missed", seen=seen.act)
    assert Hold.get_by_id(done.hold).until == DAY + 30
    assert plans.plan_of(office, PRACTICE, ACCOUNT) is None
    pending.add(office.on(DAY + 30), PRACTICE, ["L2"], "First Bay")
    with pytest.raises(RuleRefusal, match="has no payment plan in force"):
        plans.cancel_plan(office, PRACTICE, ACCOUNT, "x")


def test_cancelled_and_agreed_anew_on_one_day(office: Office) -> None:
    first = plans.set_plan(office, PRACTICE, ACCOUNT, Terms(100_00, DAY))
    plans.cancel_plan(office, PRACTICE, ACCOUNT, "a slip")
    again = plans.set_plan(office, PRACTICE, ACCOUNT, Terms(10_00, DAY + 7, 14))
    assert (again.hold, Hold.get_by_id(again.hold).until) == (first.hold, None)
    assert [plan.cancelled for plan in plans.plans_of(office, PRACTICE, ACCOUNT)] == [None, DAY]


@pytest.mark.parametrize(
    ("terms", "field"),
    [
        (Terms(0, DAY), "amount"),
        (Terms(79, DAY), "amount"),  # 608 payments of 0.79
        (Terms(100, DAY - 1), "first"),
        (Terms(100, DAY + 367), "first"),
        (Terms(100, DAY, 0), "every_days"),
        (Terms(100, DAY, 367), "every_days"),
    ],
)
def test_terms_that_are_refused(office: Office, terms: Terms, field: str) -> None:
    with pytest.raises(RuleRefusal) as refused:
        plans.set_plan(office, PRACTICE, ACCOUNT, terms)
    assert refused.value.field == field
    assert Hold.select().count() == 0


@pytest.mark.parametrize("terms", [Terms(80, DAY), Terms(480_00, DAY + 366, 366), Terms(480_01, DAY, 1)])
def test_terms_at_the_edge(office: Office, terms: Terms) -> None:
    assert plans.set_plan(office, PRACTICE, ACCOUNT, terms).balance == 480_00


def test_a_plan_needs_a_balance_of_the_guarantors(office: Office) -> None:
    payments.roll(office, PRACTICE, "L1", "insurance")
    with pytest.raises(RuleRefusal) as refused:
        plans.set_plan(office, PRACTICE, ACCOUNT, Terms(100_00, DAY))
    assert refusal(refused) == ("Account AL1 has no balance in the guarantor's responsibility, 0.00.", "account")


def test_due_dates_end_where_the_month_ends_and_the_last_payment_is_the_rest() -> None:
    due = plans.schedule(Terms(100_00, dates.parse("2027-01-31")), 350_00)
    assert [(dates.iso(day), cents) for day, cents in due] == [
        ("2027-01-31", 100_00), ("2027-02-28", 100_00), ("2027-03-31", 100_00), ("2027-04-30", 50_00),
    ]  # fmt: skip
    assert plans.schedule(Terms(100_00, DAY, 14), 200_00) == [(DAY, 100_00), (DAY + 14, 100_00)]
    assert plans.schedule(Terms(100_00, DAY), 0) == plans.schedule(Terms(100_00, DAY), -5) == []


# --- all of them ---------------------------------------------------------------------------------------------------------


def test_who_may_and_who_was_faster(office: Office) -> None:
    seen = Account.get(Account.number == ACCOUNT).act
    flags.returned_mail(office.by(Actor("bob", "operator")), PRACTICE, ACCOUNT, True)
    with pytest.raises(Conflict, match="was changed meanwhile by bob"):
        plans.set_plan(office, PRACTICE, ACCOUNT, Terms(100_00, DAY), seen=seen)
    looking = viewer(office)
    for call in (
        lambda: notes.add_note(looking, PRACTICE, ACCOUNT, "x"),
        lambda: plans.set_plan(looking, PRACTICE, ACCOUNT, Terms(100_00, DAY)),
        lambda: statements.hold_statement(looking, PRACTICE, "L1", True),
    ):
        with pytest.raises(NotAllowed):
            call()
    with pytest.raises(NotFound):
        statements.hold_statement(office, PRACTICE, "L9", True)
