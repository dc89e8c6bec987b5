"""What the pages of payment batches read: sums, prefixes, what is promised already."""

from __future__ import annotations

import pytest

from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.batches import batches, distributions, held
from bo_tui.rules.batches.model import Share
from bo_tui.views.batches import candidates, listing, payments, shares
from bo_tui.views.batches.listing import Wanted
from tests import making
from tests.support.book import OfficeBook
from tests.support.paying import Desk, to_line


@pytest.fixture
def desk(office: Office) -> Desk:
    book = OfficeBook(office)
    book.agency("First Bay")
    book.agency("West")
    for number, agency in (("P1", "First Bay"), ("P2", "First Bay"), ("Q", "West")):
        book.line(number, 100_00)
        book.add([number], agency, "2026-09-01")
        book.post([number], "2026-09-01")
    book.line("L1", 50_00, account="A")
    book.line("L2", 70_00, account="A")
    return Desk(book, making.DAY)


def part(desk: Desk, line: str, gross: int, net: int) -> Share:
    """A share of a line's placement."""
    placed = desk.book.placement(line).id
    return Share("placement", placement=placed, gross=gross, net=net, commission=gross - net)


def test_a_batch_counts_what_is_expected_entered_and_posted(desk: Desk) -> None:
    batch = desk.batch(30_00, 20_00)
    first = desk.enter(batch, desk.header("agency", 30_00, agency="First Bay"), part(desk, "P1", 40_00, 30_00))
    row = listing.one(desk.office, batch)
    assert row is not None
    assert (row.current_count, row.current_total, row.in_balance, row.state) == (1, 30_00, False, "out")
    desk.enter(batch, desk.header("guarantor", 20_00, account="A"), to_line("L1", 15_00))
    row = listing.one(desk.office, batch)
    assert row is not None
    assert (row.in_balance, row.state, row.touched) == (True, "balanced", False)
    desk.post(batch, first)
    row = listing.one(desk.office, batch)
    assert row is not None
    assert (row.posted_count, row.posted_total, row.state, row.touched) == (1, 30_00, "balanced", True)
    paid, open_one = payments.rows(desk.office, batch)
    assert (paid.payer, paid.state, paid.remaining, paid.moved, paid.reversed) == ("First Bay", "posted", 0, 40_00, 0)
    assert (open_one.remaining, open_one.postable, open_one.unposted) == (5_00, False, 1)
    desk.book.reverse(shares.rows(desk.office, first)[0].entry or 0, making.DAY, 10_00)
    (share,) = shares.rows(desk.office, first)
    assert (share.code, share.whole, share.reversed, share.left) == ("EPYMT", 40_00, 10_00, 30_00)
    assert payments.rows(desk.office, batch)[0].reversed == 10_00


def test_batches_by_day_number_and_state(desk: Desk) -> None:
    for ago in (10, 4, 0):
        Desk(desk.book, making.DAY - ago).batch(1_00)
    batches.delete(desk.office, 2)
    numbers = lambda wanted: [row.number for row in listing.rows(desk.office, wanted)]  # noqa: E731
    assert numbers(Wanted()) == [1, 3]
    assert numbers(Wanted(1, making.DAY - 4)) == [3]
    assert numbers(Wanted(2)) == []
    assert numbers(Wanted(1, None, 1)) == [1]
    assert numbers(Wanted(1, None, None, "out")) == [1, 3]
    assert numbers(Wanted(1, None, None, "posted")) == []


def test_placements_by_account_line_or_id_with_what_is_promised(desk: Desk) -> None:
    batch = desk.batch(30_00, 5_00)
    mine = desk.enter(batch, desk.header("agency", 30_00, agency="First Bay"), part(desk, "P1", 40_00, 30_00))
    desk.enter(batch, desk.header("agency", 5_00, agency="First Bay"), part(desk, "P1", 5_00, 5_00))
    find = lambda text, **more: [  # noqa: E731
        row.line for row in candidates.placements(desk.office, 1, mine, text, **more)
    ]
    assert find("") == ["P1", "P2", "Q"]
    assert find("", agency="First Bay") == ["P1", "P2"]
    assert find("a-p", agency="West") == []
    assert find("A-P2") == ["P2"]
    assert find("q") == ["Q"]
    assert find(str(desk.book.placement("Q").id)) == ["Q"]
    row = candidates.placements(desk.office, 1, mine, "P1")[0]
    assert (row.balance, row.left, row.gross, row.net, row.commission) == (100_00, 55_00, 40_00, 30_00, 10_00)
    desk.book.transfer("P2", making.DAY)
    assert find("P2") == []
    assert find("P2", zero=True) == ["P2"]


def test_lines_need_a_text_and_say_where_the_debt_is(desk: Desk) -> None:
    batch = desk.batch(15_00)
    mine = desk.enter(batch, desk.header("guarantor", 15_00, account="A"), to_line("L1", 15_00))
    assert candidates.lines(desk.office, 1, mine, " ") == []
    first, second = (row for row in candidates.lines(desk.office, 1, mine, "L"))
    assert (first.line, first.left, first.amount) == ("L1", 35_00, 15_00)
    assert (second.line, second.left, second.own) == ("L2", 70_00, None)
    assert [row.agency for row in candidates.lines(desk.office, 1, mine, "A-Q")] == ["West"]
    desk.book.pay("L2", 70_00, making.DAY)
    assert [row.line for row in candidates.lines(desk.office, 1, mine, "L2")] == []
    assert [row.line for row in candidates.lines(desk.office, 1, mine, "L2", zero=True)] == ["L2"]


def test_what_can_be_recouped(desk: Desk) -> None:
    desk.insurer(30_00, to_line("L1", 20_00), Share("suspense", 10_00), number="55")
    first = desk.last().payment
    desk.agency("First Bay", 10_00, Share("suspense", 10_00), number="FB")
    theirs = desk.last().entry or 0
    batch = desk.batch(0, 0, 0)
    mine = desk.enter(batch, desk.header("insurance", 0, payer="acme health"))
    cigna = desk.enter(batch, desk.header("insurance", 0, payer="Cigna"))
    bay = desk.enter(batch, desk.header("agency", 0, agency="First Bay"))

    def found(payment: int, line: str | None = None) -> list[tuple[str, int]]:
        return [(text, left) for _, text, left in shares.sources(desk.office, 1, payment, line)]

    assert found(mine) == [("suspense 55 Acme Health", 10_00)]
    assert (found(cigna), found(bay)) == ([], [("suspense FB First Bay", 10_00)])
    assert (found(cigna, "L1"), found(mine, "L2")) == ([("IPYMT 55 Acme Health", 20_00)], [])
    with pytest.raises(RuleRefusal, match="another payer's money"):
        distributions.add(desk.office, mine, [Share("recoup", 1_00, of_entry=theirs)])
    entry = shares.sources(desk.office, 1, mine)[0][0]
    with pytest.raises(RuleRefusal, match="another payer's money"):
        distributions.add(desk.office, cigna, [Share("recoup", 1_00, of_entry=entry)])
    again = desk.enter(desk.batch(0), desk.header("insurance", 0, payer="Acme Health"))
    distributions.add(desk.office, again, [Share("recoup", 2_00, of_entry=entry)])
    assert (found(mine), found(again)) == ([("suspense 55 Acme Health", 8_00)], [("suspense 55 Acme Health", 10_00)])
    held.from_suspense(desk.office, first, "line", 7_00, line="L2")
    assert (found(mine), found(again)) == ([("suspense 55 Acme Health", 1_00)], [("suspense 55 Acme Health", 3_00)])
    held.from_suspense(desk.office, first, "line", 3_00, line="L2")
    assert (found(mine), found(again)) == ([], [])
