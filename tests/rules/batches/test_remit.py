"""A remittance file: what matches fills a batch, what does not waits for the operator, what cannot be read is refused whole."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui.errors import BadInput, NotFound, RuleRefusal
from bo_tui.rules.batches import batches, distributions, payments, remit
from bo_tui.rules.batches.model import Imported, Share
from bo_tui.views.unposted import unposted
from tests.support.paying import Desk, gross


def load(
    desk: Desk, tmp_path: Path, *rows: str, agency: str = "First Bay", name: str = "remit.csv", **more: object
) -> Imported:
    """A file of these rows, loaded."""
    path = tmp_path / name
    path.write_text(
        "\n".join(("placement,account,client_reference,date,gross,net,commission,type,reference", *rows)) + "\n"
    )
    return remit.import_remit(desk.office, 1, agency, path, **more)  # type: ignore[arg-type]


def test_rows_by_placement_account_and_reference(desk: Desk, tmp_path: Path) -> None:
    placement = desk.book.placement("P").id
    desk.book.office.store.db.execute_sql("UPDATE placement SET client_reference = 'FB-7'")
    done = load(
        desk, tmp_path,
        f"{placement},,,2026-06-20,100.00,75.00,,,=1+1",
        ",A-P,,2026-06-21,40.00,,10.00,payment,",
        ",,FB-7,2026-06-22,8.00,8.00,0.00,payment,",
    )  # fmt: skip
    assert (done.matched, done.exceptions, done.amount, done.remaining) == (3, 0, 113_00, 0)
    assert [
        (row.code, row.amount, row.commission, row.note) for row in unposted(desk.office, 1, placement=placement)
    ] == [
        ("EPYMT", 100_00, 25_00, "=1+1"),
        ("EPYMT", 40_00, 10_00, None),
        ("EPYMT", 8_00, 0, None),
    ]
    assert len(unposted(desk.office, 1, account="A-P")) == 3

    desk.post(done.batch)
    assert (desk.stands("CASH"), desk.book.placed()["P"][1]) == (113_00, 332_00)
    assert unposted(desk.office, 1, account="A-P") == []


def test_what_does_not_match_waits_and_keeps_the_batch_back(desk: Desk, tmp_path: Path) -> None:
    placement = desk.book.placement("P").id
    done = load(
        desk, tmp_path,
        f"{placement},,,2026-06-20,400.00,400.00,,,",
        f"{placement},,,2026-06-20,80.01,80.01,,,",
        "999999,,,2026-06-20,5.00,5.00,,,",
        ",A,,2026-06-20,6.00,6.00,,,",
        f"{placement},,,2026-06-20,10.00,6.00,3.00,,",
        f"{placement},,,2026-06-20,7.00,7.00,,nsf,",
        f"{placement},A-L1,,2026-06-20,1.00,1.00,,,",
    )  # fmt: skip
    assert (done.matched, done.exceptions, done.amount) == (1, 6, 491_01)
    waiting = remit.exceptions(desk.office, done.batch)
    assert [(one.row, one.reason) for one in waiting] == [
        (3, f"gross 80.01 is more than the balance of placement {placement}, 80.00"),
        (4, "there is no placement 999999"),
        (5, "the agency has no debt of account A"),
        (6, "gross 10.00 is not net 6.00 and commission 3.00"),
        (7, f"Placement {placement} of line P has no payment of which 7.00 could be taken back"),
        (8, f"placement {placement} is of account A-P"),
    ]
    with pytest.raises(RuleRefusal, match="Nothing of this batch is ready"):
        desk.post(done.batch)
    distributions.add(desk.office, done.payment, [Share("suspense", done.remaining, note="unmatched")])
    remit.settle_exception(desk.office, waiting[0].id, "in suspense")
    with pytest.raises(RuleRefusal, match="settled already: in suspense"):
        remit.settle_exception(desk.office, waiting[0].id, "again")
    desk.post(done.batch)
    assert (desk.stands("CASH"), desk.stands("SUSPENSE")) == (491_01, -91_01)


def test_rows_that_match_nothing_and_add_up_to_nothing_keep_the_payment_back_too(desk: Desk, tmp_path: Path) -> None:
    known = f"{desk.book.placement('P').id},,,2026-06-20,30.00,30.00,,,"
    done = load(desk, tmp_path, known, "999,,,2026-06-20,5.00,5.00,,,", "998,,,2026-06-20,5.00,5.00,,nsf,")
    assert (done.exceptions, done.remaining) == (2, 0)
    with pytest.raises(RuleRefusal, match="row 3 of the remittance waits; distribute or settle it first"):
        desk.post(done.batch, done.payment)
    with pytest.raises(RuleRefusal, match="Nothing of this batch is ready"):
        desk.post(done.batch)
    for one in remit.exceptions(desk.office, done.batch):
        remit.settle_exception(desk.office, one.id, "the agency's own mistake")
    assert desk.post(done.batch).payments == 1


def test_a_bounced_payment_is_a_takeback(desk: Desk, tmp_path: Path) -> None:
    placement = desk.book.placement("P").id
    desk.agency("First Bay", 75_00, gross(placement, 100_00, 75_00))
    done = load(
        desk, tmp_path, f"{placement},,,2026-06-20,100.00,75.00,25.00,nsf,", f"{placement},,,2026-06-20,90.00,90.00,,,"
    )
    assert (done.matched, done.amount, done.remaining) == (2, 15_00, 0)
    desk.post(done.batch)
    assert (desk.stands("CASH"), desk.book.placed()["P"][1]) == (90_00, 390_00)


def test_a_debt_the_agency_no_longer_has_needs_consent(desk: Desk, tmp_path: Path) -> None:
    desk.book.transfer("P", "2026-06-01")
    done = load(desk, tmp_path, ",A-P,,2026-06-20,30.00,30.00,,,")
    assert [one.consent for one in desk.post(done.batch).refused] == [True]
    desk.post(done.batch, repoint=True)
    assert desk.book.balance("P") == 450_00


def test_nothing_of_a_file_with_a_wrong_row(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(BadInput) as refused:
        load(
            desk,
            tmp_path,
            "x,,,2026-06-20,1.00,,,,",
            ",,,2026-06-31,0.00,,,gift,",
            f"1,,,2026-06-20,1.00,,,,{'=' * 201}",
        )
    assert [(one.row, one.column, one.reason) for one in refused.value.problems] == [
        (2, "placement", "x is not a placement's number such as 1204"),
        (3, "date", "2026-06-31 is not a day of the calendar"),
        (3, "gross", "0.00 is not above zero"),
        (3, "type", "gift is none of payment, nsf"),
        (4, "reference", f"{'=' * 40}... has more than 200 characters"),
    ]
    with pytest.raises(RuleRefusal, match=r"take back 5.00 more than they pay"):
        load(desk, tmp_path, ",A-P,,2026-06-20,5.00,,,nsf,")
    assert desk.book.sql("SELECT count(*) FROM payment_batch") == [(0,)]


def test_the_agency_is_looked_at_before_the_file(desk: Desk, tmp_path: Path) -> None:
    row = ",A-P,,2026-06-20,30.00,30.00,,,"
    load(desk, tmp_path, row)
    with pytest.raises(NotFound, match="Nobody") as refused:
        load(desk, tmp_path, row, agency="Nobody")
    assert refused.value.field == "agency"
    with pytest.raises(RuleRefusal, match="was loaded before"):
        load(desk, tmp_path, row)


def test_a_row_collected_after_today_is_refused(desk: Desk, tmp_path: Path) -> None:
    rows = (",A-P,,2026-06-30,30.00,30.00,,,", ",A-P,,2026-07-01,1.00,1.00,,,")
    with pytest.raises(BadInput) as refused:
        load(desk, tmp_path, *rows)
    assert [(one.row, one.column, one.reason) for one in refused.value.problems] == [
        (3, "date", "2026-07-01 is after today"),
    ]
    assert load(desk, tmp_path, rows[0]).matched == 1


def test_the_same_file_or_the_same_check_twice(desk: Desk, tmp_path: Path) -> None:
    row = ",A-P,,2026-06-20,30.00,30.00,,,"
    done = load(desk, tmp_path, row, number="77")
    with pytest.raises(RuleRefusal, match=r"again.csv was loaded before"):
        load(desk, tmp_path, row, name="again.csv", number="78")
    with pytest.raises(RuleRefusal, match=r"Check 77 of First Bay, 30.00 of 2026-06-30, is in batch 1 already"):
        load(desk, tmp_path, row, ",A-P,,2026-06-21,1.00,1.00,,,", number="77", amount=30_00)
    assert payments.standing(desk.office, done.payment).header.number == "77"
    assert batches.standing(desk.office, done.batch).source == "remit"
