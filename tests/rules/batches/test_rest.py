"""A partly posted payment reversed whole: what of it was not posted can be posted no more, unless the office keeps the money."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Payment
from bo_tui.errors import RuleRefusal
from bo_tui.rules.batches import batches, distributions, foreseeing, reversing
from bo_tui.rules.batches.model import Share
from tests.support.paying import Desk, to_line


@pytest.fixture
def partly(desk: Desk) -> tuple[int, int]:
    """A batch and its payment of 30.00: 20.00 is posted to L2, 10.00 waits because L1 was placed meanwhile."""
    batch = desk.batch(30_00)
    payment = desk.enter(
        batch, desk.header("guarantor", 30_00, account="A"), to_line("L1", 10_00), to_line("L2", 20_00)
    )
    desk.book.add(["L1"], "First Bay", desk.day)
    desk.book.post(["L1"], desk.day)
    assert desk.post(batch).partly == 1
    return batch, payment


def test_the_rest_of_a_bounced_check_is_never_posted(desk: Desk, partly: tuple[int, int]) -> None:
    batch, payment = partly
    told = foreseeing.of_payment(desk.office, payment).sentences
    assert told[0].startswith(
        "10.00 of it is not posted (1 row waiting): where the money goes back to the payer, that is"
    )

    done = reversing.reverse_payment(desk.office, payment, "bounced")

    assert (done.amount, done.rest) == (20_00, "10.00 of it was not posted (1 row waiting) and is taken away.")
    desk.book.transfer("L1", desk.day)  # what was in its way is gone
    with pytest.raises(RuleRefusal, match="Nothing of this batch is ready to be posted"):
        desk.post(batch)
    with pytest.raises(RuleRefusal, match="is posted; reverse what is wrong instead"):
        distributions.add(desk.office, payment, [Share("suspense", 10_00)])
    with pytest.raises(RuleRefusal, match=r"Nothing of .* is left to reverse"):
        reversing.reverse_payment(desk.office, payment, "again")
    stands = batches.standing(desk.office, batch)
    assert (stands.in_balance, stands.posted_count, stands.posted_total) == (True, 1, 20_00)
    assert (desk.stands("CASH"), desk.book.balance("L2"), foreseeing.of_payment(desk.office, payment).rest) == (
        0,
        100_00,
        "",
    )


def test_the_rest_of_money_that_the_office_keeps_is_posted_later(desk: Desk, partly: tuple[int, int]) -> None:
    batch, payment = partly
    waiting = desk.last().id - 1
    done = reversing.reverse_payment(desk.office, payment, "another's", to="suspense")
    assert (done.rest, Payment.get_by_id(payment).state) == ("", "partly")
    distributions.update(desk.office, waiting, Share("suspense", 10_00))
    assert desk.post(batch).payments == 1
    assert (desk.stands("CASH"), desk.stands("SUSPENSE")) == (30_00, -30_00)


def test_the_rest_is_closed_where_all_that_was_posted_is_reversed_already(desk: Desk, partly: tuple[int, int]) -> None:
    _, payment = partly
    reversing.reverse_distribution(desk.office, desk.last().id, "bounced")
    distributions.remove(desk.office, desk.last().id - 1)
    with pytest.raises(RuleRefusal, match=r"Nothing of .* is left to reverse"):
        reversing.reverse_payment(desk.office, payment, "kept", to="suspense")
    done = reversing.reverse_payment(desk.office, payment, "bounced")
    assert (done.entries, done.rest) == ((), "10.00 of it was not posted (no row waiting) and is taken away.")
    assert Payment.get_by_id(payment).state == "posted"
