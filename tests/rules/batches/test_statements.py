"""Posting is written set by set: as many statements for thirty payments as for three, and whole payments in each act."""

from __future__ import annotations

import pytest

from bo_tui.rules.batches import posting, remit, reversing
from bo_tui.rules.batches.model import Share
from tests.support.paying import Desk, gross, to_line


@pytest.fixture
def statements(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements run from now on."""
    seen: list[str] = []
    db, run = desk.book.office.store.db, desk.book.office.store.db.execute_sql
    monkeypatch.setattr(db, "execute_sql", lambda sql, *rest, **more: (seen.append(sql), run(sql, *rest, **more))[1])
    return seen


def _batch(desk: Desk, count: int) -> int:
    batch = desk.batch(*([10_00] * count))
    for number in range(count):
        shares = to_line("L1", 3_00), Share("on_account", 2_00), Share("suspense", 5_00)
        header = desk.header("guarantor", 10_00, account="A")
        if number % 3 == 1:
            header, shares = (
                desk.header("agency", 10_00, agency="First Bay"),
                (gross(desk.book.placement("P").id, 12_00, 10_00),),
            )
        desk.enter(batch, header, *shares)
    return batch


def test_statements_do_not_grow_with_payments(desk: Desk, statements: list[str]) -> None:
    counts = []
    for payments in (3, 30):
        batch = _batch(desk, payments)
        statements.clear()
        done = desk.post(batch)
        counts.append(len(statements))
        assert (done.payments, done.refused, len(done.acts)) == (payments, (), 1)
    assert counts[1] <= counts[0]  # the first makes the temporary table


def test_statements_do_not_grow_with_the_rows_of_a_remittance(desk: Desk, statements: list[str], tmp_path) -> None:
    placement, counts = desk.book.placement("P").id, []
    for rows in (3, 30):
        path = tmp_path / f"remit-{rows}.csv"
        lines = [f"{placement},2026-06-{1 + row % 28:02d},1.00,0.80" for row in range(rows)]
        path.write_text("\n".join(["placement,date,gross,net", *lines]))
        statements.clear()
        done = remit.import_remit(desk.office, 1, "First Bay", path)
        assert (done.matched, done.remaining) == (rows, 0)
        desk.post(done.batch)
        counts.append(len(statements))
    assert counts[1] <= counts[0]  # the first makes the temporary table


def test_statements_do_not_grow_with_the_payments_of_a_check_that_is_reversed(
    desk: Desk, statements: list[str]
) -> None:
    counts = []
    for some in (3, 30):
        lines = [f"R{some}-{number}" for number in range(some)]
        for line in lines:
            desk.book.line(line, 200_00)
        desk.book.add(lines, "First Bay", "2026-03-01")
        desk.book.post(lines, "2026-03-01")
        placed = [desk.book.placement(line).id for line in lines]
        desk.agency("First Bay", some * 30_00, *(gross(one, 40_00, 30_00) for one in placed))
        desk.book.reassign(lines[1], "Gross Co", desk.day)
        statements.clear()
        done = reversing.reverse_payment(desk.office, desk.last().payment, "bounced")
        counts.append(len(statements))
        assert len(done.entries) == some * 2 + 2
    assert counts[1] == counts[0]


def test_each_act_takes_whole_payments(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(posting, "CHUNK_PAYMENTS", 2)
    batch = _batch(desk, 5)
    done = desk.post(batch)
    assert (len(done.acts), done.payments, done.amount) == (3, 5, 50_00)
    acts = "SELECT count(DISTINCT e.act) FROM entry e WHERE e.payment IS NOT NULL GROUP BY e.payment"
    assert set(desk.book.sql(acts)) == {(1,)}


def test_a_days_deposit_is_what_the_postings_put_into_cash(desk: Desk) -> None:
    done = desk.post(_batch(desk, 7))
    desk.agency(
        "First Bay", 5_00, gross(desk.book.placement("P").id, -12_00, -10_00), gross(desk.book.placement("P").id, 15_00)
    )
    sums = (
        "SELECT p.id, p.amount, sum(CASE 'CASH' WHEN e.debit THEN e.amount WHEN e.credit THEN -e.amount ELSE 0 END)"
        " FROM payment p JOIN entry e ON e.payment = p.id GROUP BY p.id"
    )
    assert all(amount == cash for _, amount, cash in desk.book.sql(sums))
    assert desk.stands("CASH") == done.amount + 5_00
