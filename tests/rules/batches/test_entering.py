"""Batches and payments before they are posted: what is checked, changed, taken out, and kept in the history."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bo_tui.db.tables import Agency, Assignment
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Actor
from bo_tui.rules.batches import batches, distributions, payments, posting
from bo_tui.rules.batches.model import Reason, Share
from bo_tui.rules.settings import assignments
from tests.acting import changes
from tests.support.paying import Desk, gross, to_line


def test_a_batch_is_numbered_changed_and_deleted(desk: Desk) -> None:
    first = batches.create(desk.office, 1, 2, 50_00, description=" Monday ")
    second = batches.create(desk.office, 1, 0)
    assert (first.number, second.number) == (1, 2)
    done = batches.update(desk.office, first.batch, 1, 50_00, description="Tuesday", seen=first.act)
    assert changes(done.act) == [
        ("payment_batch", "expected_count", "2", "1"),
        ("payment_batch", "description", "Monday", "Tuesday"),
    ]
    with pytest.raises(Conflict, match="Batch 1 was changed meanwhile by ana"):
        batches.delete(desk.office, first.batch, seen=first.act)
    payment = desk.enter(first.batch, desk.header("guarantor", 50_00, account="A"), to_line("L1", 50_00))
    batches.delete(desk.office, first.batch)
    assert desk.book.sql("SELECT state FROM payment WHERE id = ?", payment) == [("removed",)]
    with pytest.raises(RuleRefusal, match="Batch 1 was deleted"):
        payments.create(desk.office, first.batch, desk.header("guarantor", 1, account="A"))
    assert batches.create(desk.office, 1, 0).number == 3


def test_a_batch_with_posted_money_is_not_deleted(desk: Desk) -> None:
    batch = desk.batch(10_00, 10_00)
    first = desk.enter(batch, desk.header("guarantor", 10_00, account="A"), to_line("L1", 10_00))
    desk.enter(batch, desk.header("guarantor", 10_00, account="A"), to_line("L1", 10_00))
    desk.post(batch, first)
    with pytest.raises(RuleRefusal, match="Batch 1 has 1 posted payment; posted money is reversed"):
        batches.delete(desk.office, batch)
    with pytest.raises(RuleRefusal, match="was posted on 2026-06-30; reverse it instead"):
        payments.remove(desk.office, first)


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"type": "barter"}, "type", "one of check, cash, card, eft"),
        ({"number": " "}, "number", "The number is compulsory"),
        ({"number": "4\x1b[2J"}, "number", "cannot hold the character U.001B"),
        ({"amount": 0}, "amount", "must be above 0.00"),
        ({"date": 30_000}, "date", "after today"),
        ({"date": 10_000}, "date", "more than 400 days ago"),
        ({"account": None}, "account", "Name the remitting guarantor's account"),
        ({"account": "NO"}, "account", "There is no account NO"),
        ({"kind": "agency", "agency": "Nobody"}, "agency", "There is no agency Nobody"),
        ({"kind": "insurance"}, "payer", "The payer is compulsory"),
        ({"accounting_date": 20_000}, "accounting_date", "does not use accounting dates"),
    ],
)
def test_what_a_header_must_have(desk: Desk, change: dict, field: str, words: str) -> None:
    header = replace(desk.header("guarantor", 10_00, account="A"), **change)
    with pytest.raises(RuleRefusal, match=words) as refused:
        payments.create(desk.office, desk.batch(10_00), header)
    assert refused.value.field == field


def test_the_same_check_twice_takes_a_supervisor(desk: Desk) -> None:
    header = desk.header("insurance", 10_00, payer="Acme Health", number="4471")
    batch = desk.batch(10_00)
    payments.create(desk.office, batch, header)
    again = replace(header, payer="ACME HEALTH")
    with pytest.raises(RuleRefusal, match="a supervisor may say that this is another check"):
        payments.create(desk.office, batch, again)
    with pytest.raises(NotAllowed, match="say that a check entered twice is another one"):
        payments.create(desk.office.by(Actor("bob", "operator")), batch, replace(again, another_check=True))
    payments.create(desk.office.by(Actor("sue", "supervisor")), batch, replace(again, another_check=True))
    for other in ({"number": "4472"}, {"amount": 10_01}, {"date": desk.day - 1}, {"payer": "Other"}):
        payments.create(desk.office, batch, replace(header, **other))


def test_a_number_is_its_letters_and_digits(desk: Desk) -> None:
    header = desk.header("agency", 10_00, agency="First Bay", number="FB-5001")
    batch = desk.batch(10_00)
    payments.create(desk.office, batch, header)
    for same in ("fb-5001", "FB5001", "0fb 5001", "Fb/50-01", " FB.5001 "):
        with pytest.raises(RuleRefusal, match=r"Check FB-5001 of First Bay, 10.00 of .* is in batch 1 already"):
            payments.create(desk.office, batch, replace(header, number=same))
    for other in ("FB-05001", "FB-5010", "5001", "--", "/"):
        payments.create(desk.office, batch, replace(header, number=other))
    with pytest.raises(RuleRefusal, match="Check -- of First Bay"):
        payments.create(desk.office, batch, replace(header, number="--"))


def test_the_largest_amount_is_one_for_all(desk: Desk) -> None:
    most = 9_999_999_99
    batch = desk.batch(10_00)
    payment = desk.enter(batch, desk.header("guarantor", most, account="A"), Share("suspense", most))
    for refused in (
        lambda: payments.create(desk.office, batch, desk.header("guarantor", most + 1, account="A")),
        lambda: distributions.add(desk.office, payment, [Share("suspense", most + 1)]),
        lambda: distributions.add(desk.office, payment, [to_line("L1", most + 1)]),
        lambda: batches.update(desk.office, batch, 1, most * 100 + 100),
    ):
        with pytest.raises(RuleRefusal, match=r"is above 9{1,3},999,999"):
            refused()
    assert batches.update(desk.office, batch, 1, most * 100 + 99).number == 1


def test_the_agencies_that_may_pay_and_how(desk: Desk) -> None:
    desk.book.agency("Gone", remits="gross")
    desk.book.agency("New")
    desk.book.line("G", 10_00)
    desk.book.add(["G"], "Gone", "2026-03-01")
    desk.book.post(["G"], "2026-03-01")
    gone = (
        Assignment.select(Assignment.id).join(Agency, on=(Agency.id == Assignment.agency)).where(Agency.name == "Gone")
    )
    assignments.remove(desk.office, gone.scalar())
    found = payments.payers(desk.office, 1)
    assert [(one.words, one.had) for one in found] == [
        ("First Bay, net", True), ("Gone, gross, former", True), ("Gross Co, gross", False), ("New, net", False),
    ]  # fmt: skip


def test_a_header_changes_and_its_distributions_count_anew(desk: Desk) -> None:
    header = desk.header("agency", 75_00, agency="First Bay")
    payment = desk.enter(desk.batch(75_00), header, gross(desk.book.placement("P").id, 100_00, 75_00))
    assert payments.standing(desk.office, payment).remaining == 0
    done = payments.update(desk.office, payment, replace(header, received_from_patient=True))
    assert done.remaining == -25_00
    of, rest = "kind placement, account 1, line 1, placement 2", "gross 100.00, net 75.00, commission 25.00"
    assert changes(done.act) == [
        ("payment", "remits", "net", "gross"),
        ("payment", "received_from_patient", "no", "yes"),
        ("distribution", "distributed", *(f"{of}, amount {cents}, {rest}" for cents in ("75.00", "100.00"))),
    ]
    with pytest.raises(RuleRefusal, match="kind cannot be changed"):
        payments.update(desk.office, payment, desk.header("guarantor", 75_00, account="A"))


def test_a_distribution_changes_and_goes(desk: Desk) -> None:
    payment = desk.enter(desk.batch(50_00), desk.header("guarantor", 50_00, account="A"), to_line("L1", 30_00))
    seen, row = payments.standing(desk.office, payment).act, desk.last().id
    done = distributions.update(desk.office, row, to_line("L1", 40_00), seen=seen)
    assert done.remaining == 10_00
    assert changes(done.act)[0][2:] == (
        "kind line, account 2, line 2, amount 30.00",
        "kind line, account 2, line 2, amount 40.00",
    )
    with pytest.raises(Conflict, match="was changed meanwhile"):
        distributions.remove(desk.office, row, seen=seen)
    assert distributions.remove(desk.office, row).remaining == 50_00
    with pytest.raises(NotFound):
        distributions.remove(desk.office, row)


@pytest.mark.parametrize(
    ("share", "field"),
    [
        (Share("placement", placement=1, gross=10_00, net=8_00), "placement"),
        (Share("line", 10_00, "NO"), "line"),
        (Share("line", -1, "L1"), "amount"),
        (Share("line", 0, "L1"), "amount"),
        (Share("line", 1, "L1", reasons=(Reason("XX", "45", 1),)), "reasons"),
        (Share("line", 1, "L1", reasons=(Reason("CO", "45", 100_01),)), "reasons"),
        (Share("line", 60_00, "L1", reasons=(Reason("CO", "45", 40_01),)), "reasons"),
        (Share("line", 60_00, "P", reasons=(Reason("CO", "45", 420_01),)), "reasons"),
        (Share("line", 1, "L1", reasons=(Reason("CO", "45", 1, "INTRS"),)), "reasons"),
        (Share("line", 1, "L1", roll="moon"), "roll"),
        (Share("refund", 1), "note"),
        (Share("recoup", 1, of_entry=1), "of_entry"),
        (Share("on_account", 1, account="A"), "kind"),
    ],
)
def test_what_a_distribution_must_have(desk: Desk, share: Share, field: str) -> None:
    kind = {"placement": ("agency", {"agency": "First Bay"})}.get(share.kind, ("insurance", {"payer": "Acme"}))
    payment = desk.enter(desk.batch(10_00), desk.header(kind[0], 10_00, **kind[1]))
    with pytest.raises(RuleRefusal) as refused:
        distributions.add(desk.office, payment, [share])
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ((100_00, 75_00, None), "commission"),
        ((100_00, 75_00, 24_00), "commission"),
        ((100_00, 110_00, -10_00), "commission"),
    ],
)
def test_gross_is_net_and_commission(desk: Desk, given: tuple, field: str) -> None:
    payment = desk.enter(desk.batch(10_00), desk.header("agency", 10_00, agency="First Bay"))
    cents, net, commission = given
    share = Share("placement", placement=desk.book.placement("P").id, gross=cents, net=net, commission=commission)
    with pytest.raises(RuleRefusal) as refused:
        distributions.add(desk.office, payment, [share])
    assert refused.value.field == field


def test_a_line_once_in_a_payment(desk: Desk) -> None:
    payment = desk.enter(desk.batch(50_00), desk.header("guarantor", 50_00, account="A"), to_line("L1", 30_00))
    with pytest.raises(RuleRefusal, match="This payment goes to line L1 already"):
        distributions.add(desk.office, payment, [to_line("L1", 20_00)])


def test_adjustments_above_the_limit_are_anothers_to_post(desk: Desk) -> None:
    desk.book.practice("LAKE", four_eyes_limit=50_00)
    batch = desk.batch(10_00)
    reasons = (Reason("CO", "45", 30_00), Reason("CO", "97", 20_01))
    desk.enter(batch, desk.header("insurance", 10_00, payer="Acme"), to_line("L1", 10_00, reasons=reasons))
    (refused,) = desk.post(batch).refused
    assert refused.sentence == (
        "The adjustments of line L1 are above the limit of 50.00; another person than ana, who entered them, must post."
    )
    done = posting.post(desk.office.by(Actor("bob", "operator")), batch)
    assert (done.payments, desk.book.balance("L1")) == (1, 39_99)


def test_an_accounting_date_closed_since_stops_the_posting(desk: Desk) -> None:
    desk.book.practice("LAKE", uses_accounting_dates=True)
    batch = desk.batch(10_00)
    desk.enter(batch, desk.header("guarantor", 10_00, account="A", accounting_date=desk.day), to_line("L1", 10_00))
    desk.book.practice("LAKE", closed_through=desk.day)
    with pytest.raises(RuleRefusal, match="The books are closed through 2026-06-30"):
        desk.post(batch)
    desk.book.practice("LAKE", closed_through=None)
    done = desk.post(batch)
    assert desk.book.sql("SELECT accounting_date FROM entry WHERE act = ?", done.acts[0]) == [(desk.day,)]
