"""What happened between entering and posting, and what another row of the same check does: each is judged by what stands."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bo_tui.db.tables import Agency
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Actor
from bo_tui.rules import ledger
from bo_tui.rules.batches import batches, distributions, guarantor, payments, posting, remit
from bo_tui.rules.batches.model import Reason, Share
from bo_tui.rules.external import pending
from tests.rules.batches.test_remit import load
from tests.support.paying import Desk, gross, to_line


def _remits(desk: Desk, agency: str, how: str) -> None:
    with desk.office.act("agency") as draft:
        ledger.change(draft, "agency", desk.book.agencies[agency], "remits", None, how)
        Agency.update(remits=how, act=draft.id).where(Agency.name == agency).execute()
        ledger.seal(draft)


@pytest.mark.parametrize("first", ["guarantor", "insurer"])
def test_an_insurer_brings_back_the_line_that_a_guarantor_pays_in_the_same_batch(desk: Desk, first: str) -> None:
    batch = desk.batch(10_00, 20_00)
    guarantor = desk.header("guarantor", 10_00, account="A"), to_line("L1", 10_00)
    insurer = desk.header("insurance", 20_00, payer="Acme"), to_line("L1", 20_00)
    for one in (guarantor, insurer) if first == "guarantor" else (insurer, guarantor):
        desk.enter(batch, *one)
    desk.book.add(["L1"], "First Bay", desk.day)
    desk.book.post(["L1"], desk.day)

    done = desk.post(batch)

    assert (done.payments, done.refused, desk.book.balance("L1")) == (2, (), 70_00)


def test_what_is_refused_takes_nothing_from_what_comes_after_it(desk: Desk) -> None:
    p, batch = desk.book.placement("P").id, desk.batch(400_00, 50_00, 20_00, 10_00)
    for cents in (400_00, 50_00):
        desk.enter(batch, desk.header("agency", cents, agency="First Bay"), gross(p, cents))
    reasons = (Reason("CO", "45", 80_00),)
    desk.enter(batch, desk.header("insurance", 20_00, payer="Acme"), to_line("L1", 20_00, reasons=reasons))
    desk.enter(
        batch, desk.header("insurance", 10_00, payer="Other"),
        to_line("L1", 10_00, reasons=(replace(reasons[0], amount=30_00),)),
    )  # fmt: skip
    desk.agency("First Bay", 180_00, gross(p, 180_00))
    desk.guarantor("A", 60_00, to_line("L1", 60_00))

    done = desk.post(batch)

    assert [one.sentence for one in done.refused] == [
        f"Gross 400.00 is more than the balance of placement {p} of line P.",
        "The adjustments of line L1 are more than its payment leaves of the balance; an adjustment never goes below zero.",
    ]
    assert (done.payments, desk.book.placed()["P"][1], desk.book.balance("L1")) == (2, 250_00, 0)


def test_a_payment_changed_while_the_batch_is_being_posted_waits(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the acts of one posting somebody else takes a distribution away: its payment no longer has nothing remaining."""
    batch = desk.batch(10_00, 10_00)
    for line in ("L1", "L2"):
        desk.enter(batch, desk.header("guarantor", 10_00, account="A"), to_line(line, 6_00), to_line("L3", 4_00))
    chunks = posting._chunks

    def interrupted(chosen: Any) -> Iterator[Any]:
        for place, chunk in enumerate(chunks(chosen)):
            if place == 1:
                distributions.remove(desk.office, desk.last().id)
            yield chunk

    monkeypatch.setattr(posting, "CHUNK_PAYMENTS", 1)
    monkeypatch.setattr(posting, "_chunks", interrupted)
    with pytest.raises(Conflict, match=r"was changed meanwhile by ana \(distribute\): it is unposted, with 4.00"):
        desk.post(batch)
    assert (batches.standing(desk.office, batch).posted_count, desk.stands("CASH")) == (1, 10_00)


def test_a_closed_month_is_named_with_its_payment_and_what_is_left_of_it_gets_another_date(desk: Desk) -> None:
    desk.book.practice("LAKE", uses_accounting_dates=True)
    batch = desk.batch(30_00)
    header = desk.header("guarantor", 30_00, account="A", accounting_date=desk.day, number="77")
    payment = desk.enter(batch, header, to_line("L1", 10_00), to_line("L2", 20_00))
    desk.book.add(["L1"], "First Bay", desk.day)
    pending.post(desk.office, 1, ["L1"], accounting_date=desk.day)
    assert desk.post(batch).partly == 1
    distributions.update(desk.office, desk.last().id - 1, Share("suspense", 10_00))
    desk.book.practice("LAKE", closed_through=desk.day)
    with pytest.raises(RuleRefusal, match=r"Check 77 of A, Ana: The books are closed through 2026-06-30") as refused:
        desk.post(batch)
    assert refused.value.field == "accounting_date"

    later = replace(header, accounting_date=desk.day + 1)
    with pytest.raises(RuleRefusal, match="is posted in part; its accounting date alone may change"):
        payments.update(desk.office, payment, replace(later, note="and more"))
    payments.update(desk.office, payment, later)
    done = desk.post(batch)

    assert (done.payments, batches.standing(desk.office, batch).posted_count) == (1, 1)
    booked = desk.book.sql("SELECT accounting_date FROM entry WHERE payment = ? ORDER BY id", payment)
    assert booked == [(desk.day,), (desk.day + 1,)]
    with pytest.raises(RuleRefusal, match="was posted on"):
        payments.update(desk.office, payment, replace(later, accounting_date=desk.day + 2))


def test_a_partly_posted_payment_whose_rest_is_taken_away_is_posted(desk: Desk) -> None:
    desk.enter(
        batch := desk.batch(10_00), desk.header("insurance", 10_00, payer="Acme"),
        to_line("L1", 10_00), to_line("L2", 0, reasons=(Reason("CO", "45", 100_00),)),
    )  # fmt: skip
    desk.guarantor("A", 1, to_line("L2", 1))
    assert desk.post(batch).partly == 1
    rest = desk.book.sql("SELECT id FROM distribution WHERE state = 'unposted'")[0][0]

    distributions.remove(desk.office, rest)

    assert batches.standing(desk.office, batch).posted_count == 1


def test_the_last_roll_of_a_line_in_one_posting_counts(desk: Desk) -> None:
    desk.book.becomes("L1", "insurance", "2026-05-01")
    batch = desk.batch(10_00, 10_00)
    for payer, party in (("Acme", "guarantor"), ("Other", "insurance")):
        desk.enter(batch, desk.header("insurance", 10_00, payer=payer), to_line("L1", 10_00, roll=party))
    desk.post(batch)
    assert desk.book.the_line("L1").responsibility == "insurance"


# --- how a check counts ---------------------------------------------------------------------------------------------


def test_a_takeback_counts_as_the_payment_that_it_takes_back_however_the_check_counts(desk: Desk) -> None:
    """The commission left with the first check; that the next one is the patient's own money changes nothing about it."""
    p = desk.book.placement("P").id
    desk.agency("First Bay", 75_00, gross(p, 100_00, 75_00))
    batch = desk.batch(45_00)
    header = desk.header("agency", 45_00, agency="First Bay")
    payment = desk.enter(batch, header, gross(p, -100_00, -75_00), gross(p, 120_00, 100_00))
    done = payments.update(desk.office, payment, replace(header, received_from_patient=True))
    assert done.remaining == 0
    before = desk.stands("CASH")
    desk.post(batch)
    assert desk.stands("CASH") - before == 45_00


def test_a_later_setting_of_the_agency_changes_no_check(desk: Desk) -> None:
    header = desk.header("agency", 75_00, agency="First Bay")
    payment = desk.enter(desk.batch(75_00), header, gross(desk.book.placement("P").id, 100_00, 75_00))
    _remits(desk, "First Bay", "gross")
    assert payments.update(desk.office, payment, replace(header, note="late")).remaining == 0
    assert payments.standing(desk.office, payment).remits == "net"


# --- takebacks ------------------------------------------------------------------------------------------------------


def test_two_bounced_rows_of_the_same_amount_take_back_two_payments(desk: Desk, tmp_path: Path) -> None:
    p = desk.book.placement("P").id
    for _ in range(2):
        desk.agency("First Bay", 40_00, gross(p, 50_00, 40_00))
    bounced = f"{p},,,2026-06-20,50.00,40.00,10.00,nsf,"
    done = load(desk, tmp_path, bounced, bounced, bounced, f"{p},,,2026-06-20,380.00,380.00,,,", amount=300_00)
    assert (done.matched, done.exceptions, done.remaining) == (3, 1, 0)
    (third,) = remit.exceptions(desk.office, done.batch)
    assert third.row == 4
    remit.settle_exception(desk.office, third.id, "asked for twice")
    assert desk.post(done.batch).refused == ()
    assert (desk.stands("CASH"), desk.stands("COMMISSION")) == (380_00, 0)


def test_what_waits_to_be_taken_back_is_not_promised_again(desk: Desk) -> None:
    p = desk.book.placement("P").id
    desk.agency("First Bay", 100_00, gross(p, 100_00))
    entry = desk.last().entry
    batch = desk.batch(0, 0)
    payment = desk.enter(batch, desk.header("agency", 0, agency="First Bay"), gross(p, -60_00), gross(p, 60_00))
    with pytest.raises(RuleRefusal, match=rf"60.00 is more than is left of EPYMT {entry}, 40.00") as refused:
        desk.enter(
            batch, desk.header("agency", 0, agency="First Bay"), gross(p, -60_00, of_entry=entry), gross(p, 60_00)
        )
    assert refused.value.field == "gross"
    with pytest.raises(NotFound, match=r"no payment of which 60.00 could be taken back"):
        distributions.add(desk.office, payment, [gross(p, -30_00), gross(p, -60_00)])
    taken = min(row for (row,) in desk.book.sql("SELECT id FROM distribution WHERE gross < 0"))
    distributions.update(desk.office, taken, gross(p, -100_00))  # its own promise does not stand in its way


def test_an_agency_takes_back_its_own_money_alone(desk: Desk) -> None:
    """A former agency's money was posted where the debt is now, after the new one's of the same amount."""
    former = desk.book.placement("P").id
    desk.book.reassign("P", "Gross Co", "2026-06-01")
    now = desk.book.placement("P").id
    desk.agency("Gross Co", 50_00, gross(now, 50_00, 40_00))
    own = desk.last().entry
    desk.agency("First Bay", 30_00, gross(former, 50_00, 30_00), repoint=True)
    others = desk.last().entry

    with pytest.raises(NotFound, match=f"Entry {others} is no payment of Gross Co"):
        desk.agency("Gross Co", 0, gross(now, -50_00, -40_00, of_entry=others), gross(now, 50_00))
    desk.agency("Gross Co", 0, gross(now, -50_00, -40_00), gross(now, 50_00))
    desk.agency("First Bay", 20_00, gross(former, -50_00, -30_00), gross(now, 50_00))

    taken = desk.book.sql("SELECT of_entry FROM distribution WHERE gross < 0 AND state = 'posted' ORDER BY id")
    assert taken == [(own,), (others,)]
    assert desk.stands("CASH") == 50_00 + 30_00 + 20_00


def test_an_agencys_money_for_a_debt_back_in_active_ar_bounces(desk: Desk, tmp_path: Path) -> None:
    p = desk.book.placement("P").id
    desk.book.transfer("P", "2026-06-01")
    desk.agency("First Bay", 75_00, gross(p, 100_00, 75_00), repoint=True)
    done = load(desk, tmp_path, f"{p},,,2026-06-20,100.00,75.00,25.00,nsf,", f"{p},,,2026-06-20,90.00,90.00,,,")
    assert (done.exceptions, done.remaining) == (0, 0)
    desk.post(done.batch, repoint=True)
    assert (desk.book.balance("P"), desk.stands("COMMISSION"), desk.stands("CASH")) == (390_00, 0, 90_00)


# --- the same check, the same file ----------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["ck 00447", "CK00447", "Ck0 0447", " 0ck00447 "])
def test_the_same_check_however_its_number_is_typed(desk: Desk, number: str) -> None:
    header = desk.header("insurance", 10_00, payer="Ärzte und Söhne", number="CK 00447")
    payments.create(desk.office, batch := desk.batch(10_00), header)
    with pytest.raises(RuleRefusal, match="a supervisor may say that this is another check"):
        payments.create(desk.office, batch, replace(header, number=number, payer="ÄRZTE  und söhne"))


def test_what_a_supervisor_said_of_a_check_holds_for_its_other_fields(desk: Desk) -> None:
    header = desk.header("insurance", 10_00, payer="Acme", number="5")
    payments.create(desk.office, batch := desk.batch(10_00), header)
    made = payments.create(desk.office, batch, again := replace(header, another_check=True)).payment
    bob = desk.office.by(Actor("bob", "operator"))
    payments.update(bob, made, replace(again, note="second page"))
    with pytest.raises(NotAllowed):
        payments.update(bob, made, replace(again, amount=11_00))


def test_a_remittance_whose_batch_was_deleted_may_be_loaded_again(desk: Desk, tmp_path: Path) -> None:
    row = f"{desk.book.placement('P').id},,,2026-06-20,30.00,30.00,,,"
    wrong = load(desk, tmp_path, row, agency="Gross Co")
    with pytest.raises(RuleRefusal, match="loaded before"):
        load(desk, tmp_path, row)
    batches.delete(desk.office, wrong.batch)
    assert load(desk, tmp_path, row).matched == 1
    with pytest.raises(RuleRefusal, match="loaded before"):
        load(desk, tmp_path, row)


def test_statements_do_not_grow_with_the_payments_that_are_chosen(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[str] = []
    db, run = desk.book.office.store.db, desk.book.office.store.db.execute_sql
    monkeypatch.setattr(db, "execute_sql", lambda sql, *rest, **more: (seen.append(sql), run(sql, *rest, **more))[1])
    counts = []
    for some in (3, 30):
        batch = desk.batch(*([1_00] * some))
        made = [
            desk.enter(batch, desk.header("guarantor", 1_00, account="A"), to_line("L1", 1_00)) for _ in range(some)
        ]
        acts = {row: payments.standing(desk.office, row).act for row in made}
        seen.clear()
        assert posting.post(desk.office, batch, made, seen=acts).payments == some
        counts.append(len(seen))
    assert counts[1] <= counts[0]


def test_oldest_first_leaves_what_an_insurers_payment_that_waits_will_adjust(desk: Desk) -> None:
    reasons = (Reason("CO", "45", 30_00), Reason("PR", "1", 5_00))
    desk.enter(desk.batch(10_00), desk.header("insurance", 10_00, payer="Acme"), to_line("L2", 10_00, reasons=reasons))
    found = guarantor.oldest_first(desk.office, 1, "A", 100_00)
    assert [(one.line, one.amount, one.owed) for one in found] == [("L2", 60_00, 60_00), ("L1", 40_00, 100_00)]


def test_a_batch_is_posted_on_another_accounting_date_than_its_payments(desk: Desk) -> None:
    header = desk.header("guarantor", 10_00, account="A")
    plain = desk.batch(10_00)
    desk.enter(plain, header, to_line("L1", 10_00))
    with pytest.raises(RuleRefusal, match="does not use accounting dates"):
        desk.post(plain, accounting_date=desk.day)
    desk.book.practice("LAKE", uses_accounting_dates=True)
    batch = desk.batch(10_00, 20_00)
    first = desk.enter(
        batch, desk.header("guarantor", 10_00, account="A", accounting_date=desk.day), to_line("L2", 10_00)
    )
    second = desk.enter(
        batch, desk.header("insurance", 20_00, payer="Acme", accounting_date=desk.day + 1), to_line("L3", 20_00)
    )
    desk.book.practice("LAKE", closed_through=desk.day)
    with pytest.raises(RuleRefusal, match="closed through") as refused:
        desk.post(batch, accounting_date=desk.day)
    assert refused.value.field == "accounting_date"

    assert desk.post(batch, accounting_date=desk.day + 2).payments == 2

    booked = desk.book.sql("SELECT DISTINCT accounting_date FROM entry WHERE payment IN (?, ?)", first, second)
    of_payments = desk.book.sql("SELECT DISTINCT accounting_date FROM payment WHERE id IN (?, ?)", first, second)
    assert booked == of_payments == [(desk.day + 2,)]
