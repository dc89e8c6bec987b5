"""Posted money reversed, whole and in part: every book stands where it stood, or the money where it was to go."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Distribution, Payment
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.office import Actor
from bo_tui.rules import payments as payments_rule
from bo_tui.rules.accounts.reversefee import reverse_in_ar
from bo_tui.rules.batches import foreseeing, held, reversing
from bo_tui.rules.batches.model import Reason, Share
from bo_tui.rules.external import reverse, transfer
from tests.support.paying import Desk, gross, to_line


def test_every_book_stands_where_it_stood(desk: Desk) -> None:
    before = desk.books()
    placement = desk.book.placement("P").id
    desk.agency("First Bay", 75_00, gross(placement, 100_00, 75_00))
    desk.agency("First Bay", 10_00, gross(placement, 10_00, 7_00), received_from_patient=True)
    reasons = (Reason("CO", "45", 30_00), Reason("OA", "23", 5_00, "CRTSY"), Reason("PR", "1", 5_00))
    desk.insurer(70_00, to_line("L1", 50_00, reasons=reasons), Share("misc", 20_00))
    shares = [
        to_line("L2", 40_00),
        *(Share(kind, 10_00, note="x") for kind in ("on_account", "suspense", "misc", "refund")),
    ]
    desk.guarantor("A", 80_00, *shares)
    assert desk.books() != before

    for (payment,) in desk.book.sql("SELECT id FROM payment"):
        reversing.reverse_payment(desk.office, payment, "an error")

    assert desk.books() == before
    assert desk.book.balance("L1") == 100_00
    with pytest.raises(RuleRefusal, match=r"Nothing of .* is left to reverse"):
        reversing.reverse_payment(desk.office, 1, "again")


def test_a_part_and_then_the_rest(desk: Desk) -> None:
    desk.agency("First Bay", 75_00, gross(desk.book.placement("P").id, 100_00, 75_00))
    row = desk.last().id
    assert desk.moved(reversing.reverse_distribution(desk.office, row, "half", 50_00).act) == [
        ("RVPAY", "EXT", "CASH", 50_00),
        ("RVCOMM", "CASH", "COMMISSION", 12_50),
    ]
    with pytest.raises(RuleRefusal, match=r"50.01 is more than is left to reverse, 50.00"):
        reversing.reverse_distribution(desk.office, row, "more", 50_01)
    reversing.reverse_distribution(desk.office, row, "the rest")
    assert (desk.stands("CASH"), desk.stands("COMMISSION"), desk.book.placed()["P"][1]) == (0, 0, 480_00)


def test_to_suspense_and_then_to_the_right_line(desk: Desk) -> None:
    desk.guarantor("A", 40_00, to_line("L2", 40_00))
    done = reversing.reverse_distribution(desk.office, desk.last().id, "the wrong line", to="suspense")
    assert desk.moved(done.act) == [("RVPAY", "AR", "SUSPENSE", 40_00)]
    held.from_suspense(desk.office, held.held(desk.office, 1)[0].payment, "line", line="L3")
    assert (desk.book.balance("L2"), desk.book.balance("L3"), desk.stands("CASH")) == (100_00, 60_00, 40_00)


def test_to_on_account_and_back_to_a_line(desk: Desk) -> None:
    desk.guarantor("A", 40_00, to_line("L2", 40_00))
    reversing.reverse_distribution(desk.office, desk.last().id, "not this line", 30_00, to="on_account")
    held.apply_on_account(desk.office, 1, "A", amount=30_00)
    assert (desk.book.balance("L2"), held.on_account(desk.office, 1, "A")) == (60_00, 0)


def test_agency_money_in_suspense_is_what_the_check_brought(desk: Desk) -> None:
    desk.agency("First Bay", 75_00, gross(desk.book.placement("P").id, 100_00, 75_00))
    done = reversing.reverse_distribution(desk.office, desk.last().id, "another's", to="suspense")
    assert desk.moved(done.act) == [("RVPAY", "EXT", "SUSPENSE", 100_00), ("RVCOMM", "SUSPENSE", "COMMISSION", 25_00)]
    assert held.held(desk.office, 1)[0].left == desk.stands("CASH") == 75_00


def test_what_was_applied_is_reversed_first(desk: Desk) -> None:
    desk.guarantor("A", 40_00, Share("on_account", 40_00))
    receipt = desk.last().id
    applied = held.apply_on_account(desk.office, 1, "A", amount=30_00)
    with pytest.raises(RuleRefusal, match=r"10.00 is still there; reverse first what it was used for"):
        reversing.reverse_distribution(desk.office, receipt, "bounced")
    done = reversing.reverse_entry(desk.office, applied.entries[0], "bounced")
    assert desk.moved(done.act) == [("RVPAY", "AR", "ON_ACCOUNT", 30_00)]
    reversing.reverse_distribution(desk.office, receipt, "bounced")
    assert (desk.stands("CASH"), desk.stands("ON_ACCOUNT")) == (0, 0)


def test_a_reversal_after_a_reassignment_follows_the_debt(desk: Desk) -> None:
    desk.agency("First Bay", 75_00, gross(desk.book.placement("P").id, 100_00, 75_00))
    desk.book.reassign("P", "Gross Co", desk.day)
    reversing.reverse_payment(desk.office, desk.last().payment, "bounced")
    assert desk.book.placed()["P"] == ("Gross Co", 480_00)


def test_a_takeback_is_not_reversed(desk: Desk) -> None:
    placement = desk.book.placement("P").id
    desk.agency("First Bay", 100_00, gross(placement, 100_00))
    desk.agency("First Bay", 0, gross(placement, -50_00), gross(placement, 50_00))
    takeback = min(row for (row,) in desk.book.sql("SELECT id FROM distribution WHERE gross < 0"))
    with pytest.raises(RuleRefusal, match="money that comes again is a new payment"):
        reversing.reverse_distribution(desk.office, takeback, "no")


def test_a_whole_reversal_says_what_it_leaves_to_decide(desk: Desk) -> None:
    """L1 was rolled and goes back; L2 and its adjustment went to an agency meanwhile and stay; L3 was only adjusted."""
    for line in ("L1", "L2", "L3"):
        payments_rule.roll(desk.office, 1, line, "insurance")
    reasons = (Reason("CO", "45", 30_00),)
    desk.insurer(
        100_00,
        to_line("L1", 50_00, reasons=reasons, roll="guarantor"),
        to_line("L2", 50_00, reasons=reasons, roll="guarantor"),
        to_line("L3", 0, reasons=reasons),
    )
    desk.book.add(["L2"], "First Bay", desk.day)
    desk.book.post(["L2"], desk.day)

    ahead = foreseeing.of_payment(desk.office, desk.last().payment)
    done = reversing.reverse_payment(desk.office, desk.last().payment, "another practice's")

    assert (ahead.amount, ahead.adjusted, ahead.left, ahead.forbids) == (done.amount, 60_00, done.left, ())
    assert ahead.follows == ("Line L2: 50.00 goes to First Bay, with whom the debt was placed since.",)
    assert foreseeing.of_payment(desk.office, desk.last().payment).amount == 0
    assert sorted(desk.moved(done.act)) == [
        ("EXCOL", "EXT", "AR", 50_00),
        ("MADJP", "AR", "ADJUSTMENT", 30_00),
        ("MADJP", "AR", "ADJUSTMENT", 30_00),
        ("RVPAY", "AR", "CASH", 50_00),
        ("RVPAY", "AR", "CASH", 50_00),
    ]
    assert [desk.book.balance(line) for line in ("L1", "L2", "L3")] == [100_00, 0, 100_00]
    assert (done.amount, desk.book.placed()["L2"][1]) == (100_00, 70_00)
    assert [one.sentence for one in done.left] == [
        "Line L2: its adjustments of 30.00 stay, First Bay has the debt; the line stays the guarantor's, 70.00.",
        "Line L1: it is the insurer's again, as before the payment.",
    ]
    assert [party(desk, line)[0] for line in ("L1", "L2", "L3")] == ["insurance", "guarantor", "insurance"]


def party(desk: Desk, line: str) -> tuple[str, int | None, int | None]:
    row = desk.book.the_line(line)
    return row.responsibility, row.responsible_since, row.aging_date


def test_what_was_rolled_goes_back_as_it_was(desk: Desk) -> None:
    """To the insurer and to the guarantor, since when and the day of aging too; a second time there is nothing to give back."""
    payments_rule.roll(desk.office, 1, "L1", "insurance")
    before = {line: party(desk, line) for line in ("L1", "L2")}
    later = Desk(desk.book, desk.day + 5)
    later.insurer(70_00, to_line("L1", 40_00, roll="guarantor"), to_line("L2", 30_00, roll="insurance"))
    assert party(desk, "L1") == ("guarantor", later.day, later.day)
    assert party(desk, "L2") == ("insurance", later.day, None)
    for row, said in ((desk.last().id - 1, "insurer's"), (desk.last().id, "guarantor's")):
        ahead = foreseeing.of_entry(later.office, Distribution.get_by_id(row).entry)
        done = reversing.reverse_distribution(later.office, row, "entered twice")
        assert ahead.left == done.left
        assert [one.sentence.split(": ")[1] for one in done.left] == [f"it is the {said} again, as before the payment."]
    assert {line: party(desk, line) for line in ("L1", "L2")} == before
    assert [desk.book.balance(line) for line in ("L1", "L2")] == [100_00, 100_00]


def test_a_line_rolled_since_and_one_reversed_in_part_stay(desk: Desk) -> None:
    for line in ("L1", "L2"):
        payments_rule.roll(desk.office, 1, line, "insurance")
    desk.insurer(80_00, to_line("L1", 40_00, roll="guarantor"), to_line("L2", 40_00, roll="guarantor"))
    payment, second = desk.last().payment, desk.last()
    for responsible in ("insurance", "guarantor"):
        payments_rule.roll(desk.office, 1, "L1", responsible)
    ahead = foreseeing.of_entry(desk.office, second.entry or 0)
    part = reversing.reverse_distribution(desk.office, second.id, "a part", 39_99)
    assert ahead.of_part(39_99) == tuple(one.sentence for one in part.left)
    assert ahead.of_part(39_99) == ("Line L2: the line stays the guarantor's, 99.99 (only a part is reversed).",)
    ahead = foreseeing.of_payment(desk.office, payment)
    done = reversing.reverse_payment(desk.office, payment, "the rest")
    assert ahead.left == done.left
    assert [one.sentence for one in done.left] == [
        "Line L1: the line stays the guarantor's, 100.00 (it was rolled since).",
        "Line L2: it is the insurer's again, as before the payment.",
    ]
    assert [party(desk, line)[0] for line in ("L1", "L2")] == ["guarantor", "insurance"]


def test_a_line_that_two_payments_of_one_posting_rolled_goes_back_with_the_last_of_them(desk: Desk) -> None:
    payments_rule.roll(desk.office, 1, "L1", "insurance")
    batch = desk.batch(20_00, 30_00)
    first, second = (
        desk.enter(batch, desk.header("insurance", cents, payer="Acme Health"), to_line("L1", cents, roll="guarantor"))
        for cents in (20_00, 30_00)
    )
    desk.post(batch)
    done = reversing.reverse_payment(desk.office, first, "another's")
    assert [one.sentence for one in done.left] == [
        "Line L1: the line stays the guarantor's, 70.00 (it was rolled since)."
    ]
    assert party(desk, "L1")[0] == "guarantor"
    done = reversing.reverse_payment(desk.office, second, "another's too")
    assert (done.left[0].again, party(desk, "L1")[0]) == ("insurance", "insurance")


def test_all_that_is_left_takes_its_adjustments_along_and_a_part_does_not(desk: Desk) -> None:
    desk.insurer(50_00, to_line("L1", 50_00, reasons=(Reason("CO", "45", 30_00),)))
    row = desk.last().id
    part = reversing.reverse_distribution(desk.office, row, "a part", 20_00)
    rest = reversing.reverse_distribution(desk.office, row, "the rest", 30_00)
    assert [code for code, *_ in desk.moved(part.act)] == ["RVPAY"]
    assert desk.moved(rest.act) == [("RVPAY", "AR", "CASH", 30_00), ("MADJP", "AR", "ADJUSTMENT", 30_00)]
    assert (rest.left, desk.book.balance("L1")) == ((), 100_00)


@pytest.mark.parametrize("to", reversing.DESTINATIONS)
def test_a_whole_check_is_reversed_as_its_distributions_one_by_one(desk: Desk, to: str) -> None:
    """Open, reassigned and brought back meanwhile, twice each, with commissions and a part that was reversed before."""
    lines = [f"Q{number}" for number in range(6)]
    for line in lines:
        desk.book.line(line, 200_00)
    desk.book.add(lines, "First Bay", "2026-03-01")
    desk.book.post(lines, "2026-03-01")
    ways = []
    for _ in range(2):
        placed = [desk.book.placement(line).id for line in lines]
        desk.agency("First Bay", 6 * 30_00, *(gross(one, 40_00, 30_00) for one in placed))
        rows = [row for (row,) in desk.book.sql("SELECT id FROM distribution ORDER BY id DESC LIMIT 6")][::-1]
        reversing.reverse_distribution(desk.office, rows[0], "a part", 9_99)
        ways.append((desk.last().payment, rows))
    for line in lines[2:4]:
        desk.book.reassign(line, "Gross Co", desk.day)
    for line in lines[4:]:
        transfer.transfer(desk.office, [desk.book.placement(line).id], "guarantor", False)

    ahead = foreseeing.of_payment(desk.office, ways[0][0])
    assert (ahead.amount, ahead.commission) == (6 * 40_00 - 9_99, 6 * 10_00 - 2_50)
    assert [sentence.split(": ", 1)[1] for sentence in ahead.sentences] == [
        *["40.00 goes to Gross Co, with whom the debt was reassigned since."] * 2,
        *["40.00 goes to active AR, where the debt is now."] * 2,
    ]
    moved = []
    whole = reversing.reverse_payment(desk.office, ways[0][0], "bounced", to)
    moved.append(desk.moved(whole.act))
    one_by_one = [reversing.reverse_distribution(desk.office, row, "bounced", to=to) for row in ways[1][1]]
    moved.append([row for done in one_by_one for row in desk.moved(done.act)])

    assert moved[0] == moved[1]
    assert len(moved[0]) == 6 * 2 + 2 * 2 + 2
    assert whole.amount == sum(done.amount for done in one_by_one) == 6 * 40_00 - 9_99


def test_what_was_seen_before_another_reversed_a_part_is_refused(desk: Desk) -> None:
    desk.guarantor("A", 90_00, to_line("L1", 50_00), Share("on_account", 40_00))
    payment, part = desk.last().payment, desk.last().id - 1
    seen = Payment.get_by_id(payment).act
    held.apply_on_account(desk.office, 1, "A", amount=15_00)
    assert foreseeing.of_payment(desk.office, payment).forbids == (
        "Of 40.00 on account only 25.00 is still there; reverse first what it was used for.",
    )
    reversing.reverse_distribution(desk.office.by(Actor("bo", "supervisor")), part, "bounced", 20_00, seen=seen)
    with pytest.raises(Conflict, match="was changed meanwhile by bo"):
        reversing.reverse_distribution(desk.office, part, "bounced", 20_00, seen=seen)
    with pytest.raises(Conflict, match="was changed meanwhile by bo"):
        reversing.reverse_payment(desk.office, payment, "bounced", seen=seen)


def test_one_way_to_reverse_whatever_can_be(desk: Desk) -> None:
    """By what is selected: a payment with its adjustments, money on account, a refund, an invoice, and what is none of them."""
    desk.insurer(50_00, to_line("L1", 50_00, reasons=(Reason("CO", "45", 30_00),)))
    paid = reverse_in_ar(desk.office, desk.last().entry, "another's", 50_00)
    assert (paid.code, paid.amount, paid.adjusted, paid.balance, paid.on_line) == ("RVPAY", 50_00, 30_00, 100_00, True)

    desk.guarantor("A", 30_00, Share("on_account", 30_00))
    receipt = desk.last().entry
    refund = held.refund(desk.office, 1, 10_00, "Ana", account="A").entries[0]
    back = reverse_in_ar(desk.office, refund, "returned", 4_00)
    assert (back.code, back.amount, back.balance, back.on_line) == ("RVRFD", 4_00, 6_00, False)
    with pytest.raises(RuleRefusal, match=r"24.00 is still there"):
        reverse_in_ar(desk.office, receipt, "bounced")
    part = reverse_in_ar(desk.office, receipt, "a part", 24_00)
    assert (part.code, part.balance, held.on_account(desk.office, 1, "A")) == ("RVPAY", 6_00, 0)
    with pytest.raises(RuleRefusal, match="cannot be reversed"):
        reverse_in_ar(desk.office, part.entry, "no")


def test_two_that_went_on_account_are_not_both_there(desk: Desk) -> None:
    desk.guarantor("A", 20_00, Share("on_account", 10_00), Share("on_account", 10_00))
    payment = desk.last().payment
    held.apply_on_account(desk.office, 1, "A", amount=5_00)
    assert foreseeing.of_payment(desk.office, payment).forbids == (
        "Of 10.00 on account only 5.00 is still there; reverse first what it was used for.",
    )


def test_who_saw_a_payment_is_told_what_was_reversed_in_transactions(desk: Desk) -> None:
    desk.agency("First Bay", 75_00, gross(desk.book.placement("P").id, 100_00, 75_00))
    payment, seen = desk.last().payment, Payment.get_by_id(desk.last().payment).act
    reverse.reverse(desk.office.by(Actor("bo", "supervisor")), desk.last().entry or 0, "a part", 40_00)
    with pytest.raises(Conflict, match=r"changed meanwhile by bo \(reverse\)"):
        reversing.reverse_payment(desk.office, payment, "bounced", seen=seen)


@pytest.mark.parametrize(("cents", "said"), [(40_00, 1), (39_99, 0)])
def test_posting_says_whose_a_line_stays_when_what_rolled_it_was_recouped(desk: Desk, cents: int, said: int) -> None:
    payments_rule.roll(desk.office, 1, "L1", "insurance")
    desk.insurer(40_00, to_line("L1", 40_00, roll="guarantor"))
    entry = desk.last().entry
    done = desk.insurer(50_00 - cents, to_line("L2", 50_00), Share("recoup", cents, of_entry=entry))
    assert [one.sentence for one in done.left] == [
        "Line L1: the line stays the guarantor's, 100.00 (what rolled it was recouped by its payer)."
    ][:said]
    assert party(desk, "L1")[0] == "guarantor"


def test_what_went_to_suspense_before_is_named_when_the_rest_bounces(desk: Desk) -> None:
    desk.guarantor("A", 90_00, to_line("L1", 50_00), to_line("L2", 40_00))
    payment, row = desk.last().payment, desk.last()
    reversing.reverse_distribution(desk.office, row.id, "another's", 15_00, to="suspense")
    ahead = foreseeing.of_payment(desk.office, payment)
    assert ahead.amount == 75_00
    assert ahead.sentences[0].startswith("15.00 of it stays in suspense, where a reversal put it")
