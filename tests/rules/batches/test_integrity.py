"""What `check` says when somebody has been at the payments behind the rules' back."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Entry
from bo_tui.office import Office
from bo_tui.rules import checking, ledger
from bo_tui.rules.batches.model import Share
from tests.support.book import OfficeBook
from tests.support.paying import Desk, to_line


@pytest.fixture
def desk(office: Office) -> Desk:
    """A posted payment to a line, on account and to suspense."""
    book = OfficeBook(office)
    book.line("L", 100_00, account="A")
    desk = Desk(book, "2026-06-30")
    desk.guarantor("A", 30_00, to_line("L", 10_00), Share("on_account", 10_00), Share("suspense", 10_00))
    assert checking.check(office.store) == []
    return desk


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        ("UPDATE payment SET amount = 1", "a posted payment is never changed"),
        ("UPDATE distribution SET amount = 1", "a posted distribution is never changed"),
        ("DELETE FROM distribution", "distribution rows are never deleted"),
        ("DELETE FROM payment_batch", "payment_batch rows are never deleted"),
    ],
)
def test_the_database_refuses_to_change_what_is_posted(desk: Desk, statement: str, words: str) -> None:
    with pytest.raises(Exception, match=words):
        desk.book.sql(statement)


def test_money_that_was_never_there_is_found(desk: Desk) -> None:
    account, payment = (
        desk.book.the_line("L").account,
        Entry.select(Entry.payment).where(Entry.code == "ONACCT").scalar(),
    )
    with desk.office.act("x", 1) as draft:
        ledger.write(draft, "GSUSP", ("ON_ACCOUNT", "SUSPENSE"), 10_01, account=account, payment=payment)
        ledger.write(draft, "SMISC", ("SUSPENSE", "MISC_INCOME"), 30_00, payment=payment)
        ledger.seal(draft)
    found = {one.sentence for one in checking.check(desk.office.store)}
    assert found == {
        f"Account with id {account} holds -0.01 on account.",
        f"Payment {payment} has -9.99 in SUSPENSE.",
    }


def test_a_payment_called_posted_that_is_not(desk: Desk) -> None:
    batch = desk.batch(5_00)
    payment = desk.enter(batch, desk.header("guarantor", 5_00, account="A"), Share("misc", 5_00))
    desk.book.sql("UPDATE payment SET state = 'posted', posted = 1 WHERE id = ?", payment)
    found = [one.sentence for one in checking.check(desk.office.store) if one.kind == "payment"]
    assert found == [f"Payment {payment} of 5.00 is posted; its distributions posted 0.00."]
