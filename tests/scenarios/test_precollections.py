"""Weeks of pre-collections as a clerk would note them down: who starts, what TSI is told, and when it ends (DESIGN section 4)."""

from __future__ import annotations

from unittest import mock

import pytest

from bo_tui import dates
from bo_tui.db.tables import Account, Practice, ServiceLine
from bo_tui.errors import Conflict, NotAllowed, RuleRefusal
from bo_tui.office import Actor
from bo_tui.rules import ledger, nightly, payments
from bo_tui.rules.accounts import statements
from bo_tui.rules.external import why
from bo_tui.rules.precollect import candidates, filestates, queue, starts, stops, suspension
from bo_tui.rules.precollect.statements import statement_paused
from tests import making
from tests.support.book import OfficeBook, SeenNight
from tests.support.precollecting import ADDRESS, STEPS, enrol, files, queued, rules, started, told

SINCE = "2026-01-01"
DAY_60, DAY_61 = "2026-03-02", "2026-03-03"
NEXT = "2026-03-04"


@pytest.fixture
def tsi(book: OfficeBook) -> OfficeBook:
    """LAKE enrolled, above 50.00 and 60 days, 20.00 in 35 days; account A with lines of 100.00 and 80.00 from January 1."""
    enrol(book)
    book.account("A", **ADDRESS)
    book.line("L1", 100_00, SINCE, account="A")
    book.line("L2", 80_00, SINCE, account="A")
    return book


def night(book: OfficeBook, when: str) -> SeenNight:
    """A night of the pre-collection steps and the check, which must end well."""
    with mock.patch.object(nightly, "STEPS", [*STEPS, nightly.STEPS[-1]]):
        seen = book.any_night(when)
    assert seen.report.exit_code == 0, seen.report.message
    return seen


def begun(book: OfficeBook) -> OfficeBook:
    """Both lines with TSI since day 61."""
    night(book, DAY_61)
    assert started(book) == {"L1", "L2"}
    return book


def since(book: OfficeBook, before: int) -> list[tuple[str, str, str]]:
    """What TSI was told of account A after its first records."""
    return [record[1:] for record in told(book)[before:] if record[0] == "A"]


def sound(book: OfficeBook) -> None:
    assert making.verify(book.office) == []


# --- start ---------------------------------------------------------------------------------------------------------


def test_a_line_starts_the_day_after_the_threshold_in_one_record_of_its_account(tsi: OfficeBook) -> None:
    assert night(tsi, DAY_60).step("precollect_start") == (0, "0.00")
    seen = night(tsi, DAY_61)
    assert seen.step("precollect_start") == (2, "180.00")
    assert told(tsi) == [("A", "PL", "180.00", "180.00")]
    assert [(f["agency"], f["kind"], f["sequence"], f["count"], f["amount"]) for f in seen.document["files"]] == [
        ("TSI", "start", 1, 1, "180.00")
    ]
    assert (tsi.office.store.folder / seen.document["files"][0]["path"]).read_bytes().count(b"\r\n") == 2
    assert night(tsi, DAY_61).document["status"] == "unchanged"
    assert night(tsi, NEXT).step("precollect_start") == (0, "0.00")  # once, until it is stopped
    sound(tsi)


@pytest.mark.parametrize(("credit", "starts_"), [(100_00 - 50_01, {"L1"}), (100_00 - 50_00, set())])
def test_the_accounts_balance_counts_credits_and_must_exceed_the_threshold(book, credit: int, starts_: set) -> None:
    enrol(book)
    book.line("L1", 100_00, SINCE, account="A")
    book.line("OVERPAID", 10_00, SINCE, account="A")
    book.pay("OVERPAID", 10_00 + credit, "2026-01-05")
    night(book, DAY_61)
    assert started(book) == starts_


@pytest.mark.parametrize(("paid", "when", "out"), [
    (20_00, "2026-01-27", True), (20_00, "2026-01-26", False), (19_99, "2026-03-01", False),
])  # fmt: skip
def test_a_recent_payment_reaching_the_bar_keeps_the_line_out(tsi: OfficeBook, paid: int, when: str, out: bool) -> None:
    tsi.pay("L1", paid, when)
    night(tsi, DAY_61)
    assert started(tsi) == ({"L2"} if out else {"L1", "L2"})


def test_a_reversed_payment_keeps_nothing_out(tsi: OfficeBook) -> None:
    tsi.reverse(tsi.pay("L1", 50_00, "2026-02-20"), "2026-02-25")
    night(tsi, DAY_61)
    assert started(tsi) == {"L1", "L2"}


def test_held_suspended_insured_placed_and_pending_lines_do_not_start(tsi: OfficeBook) -> None:
    tsi.agency("Bay", baa_date=None)
    for name in ("HELD", "SUSPENDED", "INSURED", "PENDING", "PLACED", "FREE"):
        tsi.line(name, 90_00, SINCE)
    tsi.hold("A-HELD", DAY_60)
    suspension.suspend(tsi.on(DAY_60), 1, "A-SUSPENDED", True)
    tsi.becomes("INSURED", "insurance", DAY_60)
    tsi.add(["PENDING", "PLACED"], "Bay", DAY_60)
    tsi.post(["PLACED"], DAY_60)
    night(tsi, DAY_61)
    assert started(tsi) == {"L1", "L2", "FREE"}
    tsi.lift("A-HELD", NEXT)
    suspension.suspend(tsi.on(NEXT), 1, "A-SUSPENDED", False)
    night(tsi, NEXT)
    assert started(tsi) == {"L1", "L2", "FREE", "HELD", "SUSPENDED"}


def test_statement_holds_keep_out_only_where_the_rule_says_so(tsi: OfficeBook) -> None:
    tsi.line("QUIET", 90_00, SINCE, account="Q")
    with tsi.office.act("flag", 1) as draft:
        Account.update(hold_statements=True, act=draft.id).where(Account.number == "Q").execute()
        ledger.change(draft, "account", Account.get(Account.number == "Q").id, "hold_statements", False, True)
        ledger.seal(draft)
    statements.hold_statement(tsi.on(DAY_60), 1, "L2", True)
    rules(tsi, exclude_statement_hold=True)
    night(tsi, DAY_61)
    assert started(tsi) == {"L1"}
    rules(tsi, exclude_statement_hold=False)
    night(tsi, NEXT)
    assert started(tsi) == {"L1", "L2", "QUIET"}


def test_without_auto_create_the_night_only_queues_and_withdraws_what_no_longer_qualifies(tsi: OfficeBook) -> None:
    rules(tsi, auto_create_start=False)
    assert night(tsi, DAY_61).step("precollect_start") == (2, "180.00")
    assert (queued(tsi), started(tsi), files(tsi)) == ({"L1", "L2"}, set(), [])
    tsi.pay("L2", 80_00, NEXT)
    night(tsi, NEXT)
    assert queued(tsi) == {"L1"}
    assert tsi.sql("SELECT reason FROM precollect_task WHERE outcome = 'withdrawn'") == [
        ("the line has no balance any more",)
    ]
    listed = candidates.candidates(tsi.on(NEXT), 1)
    assert [(row.line, row.queued, row.balance) for row in listed.rows] == [("L1", True, 100_00)]
    done = starts.create_start(tsi.on(NEXT), 1, ["L1"], seen={"L1": listed.rows[0].act})
    assert (done.lines, done.amount, done.updates, len(done.files)) == (1, 100_00, 0, 1)
    assert queued(tsi) == set()
    with pytest.raises(RuleRefusal, match="does not qualify: the line is in pre-collections already"):
        starts.create_start(tsi.on(NEXT), 1, ["L1"])
    with pytest.raises(RuleRefusal, match="Nothing is queued"):
        starts.create_start(tsi.on(NEXT), 1)
    sound(tsi)


def test_create_lists_by_date_of_service_and_number_and_refuses_what_changed(tsi: OfficeBook) -> None:
    rules(tsi, auto_create_start=False)
    tsi.line("OLD", 60_00, "2025-12-01", served="2025-11-01")
    night(tsi, DAY_61)
    office = tsi.on(DAY_61)
    assert [row.line for row in candidates.candidates(office, 1).rows] == ["OLD", "L1", "L2"]
    some = candidates.candidates(office, 1, most=2)
    assert ([row.line for row in some.rows], some.more) == (["OLD", "L1"], True)

    assert [row.line for row in candidates.candidates(office, 1, dos=dates.parse("2025-11-01")).rows] == ["OLD"]
    seen = {row.line: row.act for row in some.rows}
    tsi.pay("L1", 1_00, DAY_61)
    with pytest.raises(Conflict, match="Line L1 was changed meanwhile"):
        starts.create_start(office, 1, ["OLD", "L1"], seen=seen)
    assert started(tsi) == set()
    queue.cancel(office, 1, ["OLD"], "family asked")
    assert queued(tsi) == {"L1", "L2"}


def test_accounts_that_lack_something_are_listed_in_words_and_start_all_the_same(book: OfficeBook) -> None:
    enrol(book, tsi_ssn="full")
    book.practice("LAKE", tsi_client_number=None)
    book.line("L1", 100_00, SINCE, account="A")
    seen = night(book, DAY_61)
    practice, account = seen.report.precollect_lacking
    assert practice == ("", ["the practice has no TSI client number"])
    assert account[0] == "A"
    assert {"no street address", "no city", "no state", "no zip", "no SSN that can be sent"} <= set(account[1])
    assert started(book) == {"L1"}


def test_an_unenrolled_practice_has_none_of_it(tsi: OfficeBook) -> None:
    tsi.practice("LAKE", precollections_enrolled=False)
    seen = night(tsi, DAY_61)
    assert (seen.step("precollect_stop"), seen.step("precollect_start")) == ((0, "0.00"), (0, "0.00"))
    office = tsi.on(DAY_61)
    for act in (
        lambda: starts.create_start(office, 1),
        lambda: stops.create_stop(office, 1),
        lambda: stops.stop_precollection(office, 1, ["L1"]),
        lambda: suspension.suspend(office, 1, "A", True),
        lambda: candidates.candidates(office, 1),
    ):
        with pytest.raises(RuleRefusal, match="is not enrolled for pre-collections") as refused:
            act()
        assert refused.value.field == "practice"
    with pytest.raises(NotAllowed):
        starts.create_start(office.by(Actor("vic", "viewer")), 1)


# --- what TSI is told ----------------------------------------------------------------------------------------------


def test_partial_payments_adjustments_and_reversals_change_the_amount_and_end_nothing(tsi: OfficeBook) -> None:
    begun(tsi)
    paid = tsi.pay("L1", 30_00, NEXT)
    tsi.pay("L2", 5_00, NEXT, code="IPYMT")
    payments.adjust_line(tsi.on(NEXT), 1, "L2", "CRTSY", 15_00, "agreed")
    night(tsi, NEXT)
    assert since(tsi, 1) == [("CR", "15.00", "165.00"), ("PP", "35.00", "130.00")]
    tsi.reverse(paid, "2026-03-05")
    payments.adjust_line(tsi.on("2026-03-05"), 1, "L2", "INTRS", 2_00, "interest")
    night(tsi, "2026-03-05")
    assert since(tsi, 3) == [("DB", "2.00", "132.00"), ("DB", "30.00", "162.00")]
    assert started(tsi) == {"L1", "L2"}
    sound(tsi)


def test_a_days_postings_are_netted_and_what_was_reversed_untold_is_never_told(tsi: OfficeBook) -> None:
    begun(tsi)
    moved = tsi.pay("L1", 100_00, NEXT)
    tsi.reverse(moved, NEXT)  # an income transfer: taken off one line and put on the other
    tsi.pay("L2", 40_00, NEXT)
    bounced = tsi.pay("L1", 60_00, NEXT)
    tsi.reverse(bounced, "2026-03-06")
    night(tsi, "2026-03-06")
    assert since(tsi, 1) == [("PP", "40.00", "140.00")]
    assert night(tsi, "2026-03-07").step("precollect_stop") == (0, "0.00")


@pytest.mark.parametrize(("thanks", "kind"), [(True, "PT"), (False, "PF")])
def test_paid_in_full_when_all_lines_are_at_zero_and_not_before(tsi: OfficeBook, thanks: bool, kind: str) -> None:
    rules(tsi, thank_you=thanks)
    begun(tsi)
    tsi.pay("L1", 100_00, NEXT)
    tsi.pay("L2", 79_99, NEXT)
    night(tsi, NEXT)
    assert since(tsi, 1) == [("PP", "179.99", "0.01")]
    assert started(tsi) == {"L1", "L2"}
    last = tsi.pay("L2", 1, "2026-03-05")
    night(tsi, "2026-03-05")
    assert since(tsi, 2) == [(kind, "0.01", "0.00")]
    assert started(tsi) == set()
    tsi.reverse(last, "2026-03-06")  # it ended: nothing more is told
    assert night(tsi, "2026-03-06").step("precollect_stop") == (0, "0.00")
    sound(tsi)


def test_a_debt_written_off_ends_paid_in_full_without_a_thank_you_letter(tsi: OfficeBook) -> None:
    rules(tsi, thank_you=True)
    begun(tsi)
    tsi.pay("L1", 100_00, NEXT)
    night(tsi, NEXT)
    payments.adjust_line(tsi.on("2026-03-05"), 1, "L2", "CHRTY", 80_00, "hardship")
    night(tsi, "2026-03-05")
    assert since(tsi, 2) == [("PF", "80.00", "0.00")]


def test_responsibility_that_moves_to_the_insurer_and_back_is_a_credit_and_a_debit(tsi: OfficeBook) -> None:
    begun(tsi)
    tsi.becomes("L1", "insurance", NEXT)
    night(tsi, NEXT)
    tsi.pay("L1", 25_00, "2026-03-05", code="IPYMT")  # the insurer's own part is no matter of TSI's
    night(tsi, "2026-03-05")
    tsi.becomes("L1", "guarantor", "2026-03-06")
    night(tsi, "2026-03-06")
    assert since(tsi, 1) == [("CR", "100.00", "80.00"), ("DB", "75.00", "155.00")]
    assert started(tsi) == {"L1", "L2"}
    sound(tsi)


def test_a_later_line_of_an_account_with_tsi_is_a_debit_in_a_stop_file(tsi: OfficeBook) -> None:
    tsi.line("L3", 20_00, "2026-01-05", account="A")
    begun(tsi)
    night(tsi, "2026-03-06")
    assert started(tsi) == {"L1", "L2"}
    night(tsi, "2026-03-07")
    assert since(tsi, 1) == [("DB", "20.00", "200.00")]
    assert started(tsi) == {"L1", "L2", "L3"}
    assert len(files(tsi, "start")) == 1


# --- what ends it --------------------------------------------------------------------------------------------------


def test_stopping_one_line_is_a_credit_and_stopping_the_last_suspends(tsi: OfficeBook) -> None:
    begun(tsi)
    tsi.pay("L1", 10_00, NEXT)
    done = stops.stop_precollection(tsi.on(NEXT), 1, ["L1"])
    assert (done.lines, done.messages) == (("L1",), 2)
    stops.stop_precollection(tsi.on(NEXT), 1, ["L2"])
    suspension.suspend(tsi.on(NEXT), 1, "A", True)
    made = stops.create_stop(tsi.on(NEXT), 1)
    assert (len(made), made[0].count, made[0].accounts) == (1, 3, 1)
    assert since(tsi, 1) == [("PP", "10.00", "170.00"), ("CR", "90.00", "80.00"), ("SS", "80.00", "0.00")]
    with pytest.raises(RuleRefusal, match="nothing to tell"):
        stops.create_stop(tsi.on(NEXT), 1)
    with pytest.raises(RuleRefusal, match="Line L1 is not in pre-collections"):
        stops.stop_precollection(tsi.on(NEXT), 1, ["L1"])
    assert night(tsi, NEXT).step("precollect_start") == (0, "0.00")
    sound(tsi)


@pytest.mark.parametrize(("back", "kind"), [("2026-04-23", "RI"), ("2026-04-24", "PL")])
def test_a_return_within_fifty_days_of_the_suspension_reinstates(tsi: OfficeBook, back: str, kind: str) -> None:
    begun(tsi)
    stops.stop_precollection(tsi.on(DAY_61), 1, ["L1", "L2"])
    suspension.suspend(tsi.on(DAY_61), 1, "A", True)
    night(tsi, NEXT)  # tells the SS: TSI's fifty days begin
    suspension.suspend(tsi.on(back), 1, "A", False)
    night(tsi, back)
    assert since(tsi, 1) == [("SS", "180.00", "0.00"), (kind, "180.00", "180.00")]
    assert len(files(tsi, "start")) == (1 if kind == "RI" else 2)
    assert started(tsi) == {"L1", "L2"}


@pytest.mark.parametrize(("sent", "kind"), [("2026-04-23", "RI"), ("2026-04-24", "PL")])
def test_a_reinstatement_that_was_not_told_in_time_is_a_new_placement(tsi: OfficeBook, sent: str, kind: str) -> None:
    """Asked for in time, told on day 50 or 51 after the SS: TSI cancels by itself after day 50."""
    begun(tsi)
    stops.stop_precollection(tsi.on(DAY_61), 1, ["L1", "L2"])
    suspension.suspend(tsi.on(DAY_61), 1, "A", True)
    night(tsi, NEXT)  # tells the SS: TSI's fifty days begin
    rules(tsi, auto_create_stop=False)
    suspension.suspend(tsi.on("2026-04-20"), 1, "A", False)
    night(tsi, "2026-04-20")
    tsi.pay("L1", 30_00, "2026-04-21")
    assert [row.type for row in stops.upcoming(tsi.on(sent), 1)] == [kind, "PP"]
    made = stops.create_stop(tsi.on(sent), 1)
    assert [file.kind for file in made] == (["stop"] if kind == "RI" else ["start", "stop"])
    assert since(tsi, 1) == [("SS", "180.00", "0.00"), (kind, "180.00", "180.00"), ("PP", "30.00", "150.00")]
    assert (started(tsi), [len(one) for one in files(tsi, "start")]) == ({"L1", "L2"}, [1] if kind == "RI" else [1, 1])
    sound(tsi)


@pytest.mark.parametrize("kind", ["bankruptcy", "deceased", "do_not_collect"])
def test_holds_that_forbid_collecting_cancel(tsi: OfficeBook, kind: str) -> None:
    begun(tsi)
    tsi.hold("A", NEXT, kind=kind)
    night(tsi, NEXT)
    assert since(tsi, 1) == [("CN", "180.00", "0.00")]
    assert started(tsi) == set()
    sound(tsi)


@pytest.mark.parametrize("kind", ["manual", "payment_plan", "dispute"])
def test_other_holds_end_nothing(tsi: OfficeBook, kind: str) -> None:
    begun(tsi)
    tsi.hold("A", NEXT, kind=kind)
    night(tsi, NEXT)
    assert (since(tsi, 1), started(tsi)) == ([], {"L1", "L2"})


def test_a_line_moved_to_external_collections_ends(tsi: OfficeBook) -> None:
    begun(tsi)
    tsi.agency("Bay")
    tsi.add(["L1"], "Bay", NEXT)
    tsi.post(["L1"], NEXT)
    night(tsi, NEXT)
    assert (since(tsi, 1), started(tsi)) == ([("CR", "100.00", "80.00")], {"L2"})
    tsi.add(["L2"], "Bay", "2026-03-05")
    tsi.post(["L2"], "2026-03-05")
    night(tsi, "2026-03-05")
    assert (since(tsi, 2), started(tsi)) == ([("CN", "80.00", "0.00")], set())
    tsi.transfer("L1", "2026-03-06")
    tsi.lift_mark("L1", "2026-03-06")
    night(tsi, "2026-03-06")
    assert since(tsi, 3) == [("PL", "100.00", "100.00")]
    sound(tsi)


def test_with_the_rule_what_moved_to_external_collections_is_left_out_and_listed(tsi: OfficeBook) -> None:
    rules(tsi, exclude_excol=True)
    begun(tsi)
    tsi.agency("Bay")
    tsi.pay("L1", 10_00, NEXT)
    tsi.add(["L1"], "Bay", NEXT)
    tsi.post(["L1"], NEXT)
    night(tsi, NEXT)
    assert (since(tsi, 1), started(tsi)) == ([("PP", "10.00", "170.00")], {"L2"})
    assert tsi.sql("SELECT type, amount, reason FROM precollect_message WHERE left_out = 1") == [
        ("CR", 90_00, "moved to external collections")
    ]
    tsi.pay("L2", 80_00, "2026-03-05")
    night(tsi, "2026-03-05")
    assert since(tsi, 2) == [("PF", "80.00", "0.00")]
    sound(tsi)


# --- around it -----------------------------------------------------------------------------------------------------


def test_statements_pause_for_the_line_until_it_ends(tsi: OfficeBook) -> None:
    def paused() -> bool:

        line = ServiceLine
        return bool(line.select(statement_paused(line.id)).where(line.number == "L1").scalar())

    assert not paused()
    begun(tsi)
    assert paused()
    assert tsi.sql("SELECT DISTINCT hold_statements FROM account") == [(0,)]
    stops.stop_precollection(tsi.on(NEXT), 1, ["L1"])
    assert not paused()


def test_why_says_what_the_night_does(tsi: OfficeBook) -> None:
    rules(tsi, auto_create_start=False)
    practice = Practice.get_by_id(1)

    def failed(day: str) -> list[str]:
        answer = why.why(tsi.on(day), practice, "L1").precollections
        assert answer is not None
        assert answer.selected is all(verdict.passed for verdict in answer.criteria)
        return [verdict.name for verdict in answer.criteria if not verdict.passed]

    assert failed(DAY_60) == ["too_young"]
    assert failed(DAY_61) == []
    night(tsi, DAY_61)
    assert failed(DAY_61) == []  # it waits for the operator
    starts.create_start(tsi.on(DAY_61), 1)
    assert failed(DAY_61) == ["already_started"]


def test_files_are_sent_and_acknowledged(tsi: OfficeBook) -> None:
    begun(tsi)
    filestates.mark_sent(tsi.on(NEXT), 1)
    with pytest.raises(RuleRefusal, match="Start file 1 was already sent"):
        filestates.mark_sent(tsi.on(NEXT), 1)
    assert "1.00 less" in filestates.acknowledge(tsi.on(NEXT), 1, 1, 179_00)
    assert tsi.sql("SELECT state, acknowledged_amount FROM precollect_file") == [("acknowledged", 179_00)]
    sound(tsi)


def test_suspending_with_stop_ends_the_stays_too(tsi: OfficeBook) -> None:
    begun(tsi)
    done = suspension.suspend(tsi.on(NEXT), 1, "A", True, stop=True)
    assert (done.value, done.stopped) == (True, ("L1", "L2"))
    assert [row.type for row in stops.upcoming(tsi.on(NEXT), 1)] == ["SS"]
    night(tsi, NEXT)
    assert (since(tsi, 1), started(tsi)) == ([("SS", "180.00", "0.00")], set())
