"""What agencies are told of debt that is in their files: each thing once, nothing of their own money, in every layout."""

from __future__ import annotations

import json
import zlib
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from bo_tui.db.tables import AgencyFile, Assignment, Entry, Placement, ToldRun, UpdateRow
from bo_tui.errors import NotAllowed, RuleRefusal
from bo_tui.formats import agency as formats
from bo_tui.office import Actor, Office
from bo_tui.rules import holds, ledger
from bo_tui.rules.codes import AR, CASH
from bo_tui.rules.external import adjust, files, filestates, reassign, reverse, transfer, updates
from bo_tui.views import files as view
from tests import making
from tests.acting import a_line, agency_payment, assert_sound, line, placed
from tests.making import DAY, PRACTICE

DOWN, UP = "CHRTY", "CORRP"


@pytest.fixture
def bay(office: Office) -> Any:
    """An agency; the books are good after each test."""
    agency = making.make_agency(office, client_number="C-1")
    making.make_agency(office, "Bay West")
    yield agency
    assert_sound(office)


def filed(office: Office, agency: int, number: str = "L1", **fields: Any) -> int:
    """A placement in a file."""
    placement = placed(office, agency, number, **fields)
    files.make_files(office, PRACTICE, agency)
    return placement


def told(office: Office, agency: int, file_type: str = "csv") -> list[tuple[str, ...]]:
    """What one more update file says: record type, amount, new balance, placement, reason (for tsi: all six fields)."""
    (made,) = updates.make_updates(office, PRACTICE, agency)
    content = zlib.decompress(AgencyFile.get_by_id(made.id).content)
    rows = formats.parse(file_type, content, "update")
    assert made.count == len(rows) == UpdateRow.select().where(UpdateRow.file == made.id).count()
    if file_type == "tsi":
        return [tuple(row) for row in rows]
    wanted = ("record_type", "amount", "new_balance", "placement", "reason")
    return [tuple(row[formats.columns(file_type, "update").index(name)] for name in wanted) for row in rows]


def nothing_to_tell(office: Office, agency: int) -> bool:
    with pytest.raises(RuleRefusal, match="nothing to tell"):
        updates.make_updates(office, PRACTICE, agency)
    return True


def test_adjustments_and_their_reversals_are_told_once(office: Office, bay: int) -> None:
    placement = filed(office, bay)
    down = adjust.adjust(office, placement, DOWN, 80_00, "hardship").entry
    adjust.adjust(office, placement, UP, 5_00, "typing error")
    reverse.reverse(office, down, "an error", 30_00)
    assert told(office, bay) == [
        ("adjustment_down", "80.00", "400.00", str(placement), ""),
        ("adjustment_up", "5.00", "405.00", str(placement), ""),
        ("adjustment_up", "30.00", "435.00", str(placement), ""),
    ]
    assert nothing_to_tell(office, bay)
    adjust.adjust(office, placement, DOWN, 1, "a cent")
    assert told(office, bay) == [("adjustment_down", "0.01", "434.99", str(placement), "")]


def test_what_the_file_said_already_is_not_told(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    adjust.adjust(office, placement, DOWN, 80_00, "before the file")
    assert nothing_to_tell(office, bay)  # in no file at all
    files.make_files(office, PRACTICE, bay)
    assert nothing_to_tell(office, bay)
    adjust.adjust(office, placement, DOWN, 20_00, "after it")
    assert told(office, bay) == [("adjustment_down", "20.00", "380.00", str(placement), "")]


def test_debt_that_the_agency_had_before_the_office_started_is_told_too(office: Office, bay: int) -> None:
    placement = placed(office, bay)
    with office.act("import", PRACTICE) as draft:
        earlier = AgencyFile.insert(
            practice=PRACTICE, agency=bay, kind="earlier", sequence=0, file_type="csv", business_date=DAY, count=1,
            accounts=1, total=480_00, made_act=draft.id, state="sent", act=draft.id,
        ).execute()  # fmt: skip
        Placement.update(file=earlier, client_reference="FB-9").where(Placement.id == placement).execute()
        ledger.change(draft, "placement", placement, "file", None, "earlier")
        ledger.seal(draft)
    assert nothing_to_tell(office, bay)
    adjust.adjust(office, placement, DOWN, 80_00, "hardship")
    (made,) = updates.make_updates(office, PRACTICE, bay)
    assert (made.sequence, made.count) == (1, 1)
    row = view.contents(office, made.id).rows[0]
    assert row[formats.columns("csv", "update").index("client_reference")] == "FB-9"


def test_debt_in_no_file_is_not_recalled(office: Office, bay: int) -> None:
    filed(office, bay, "L1")
    unfiled = placed(office, bay, "L2")
    transfer.transfer(office, [unfiled], "guarantor")
    assert nothing_to_tell(office, bay)


@pytest.mark.parametrize("how", ["transfer", "reverse", "reassign"])
def test_debt_taken_back_or_away_is_recalled(office: Office, bay: int, how: str) -> None:
    placement = filed(office, bay)
    if how == "transfer":
        transfer.transfer(office, [placement], "guarantor")
    elif how == "reverse":
        reverse.reverse(office, placement, "an error")
    else:
        reassign.reassign(office, placement, "Bay West")
    assert told(office, bay) == [("recall", "480.00", "0.00", str(placement), "")]
    assert nothing_to_tell(office, bay)


def test_the_agencys_own_money_is_never_told_but_its_reversal_is(office: Office, bay: int) -> None:
    placement = filed(office, bay)
    paid, _ = agency_payment(office, placement, 100_00, 25_00)
    assert nothing_to_tell(office, bay)
    reverse.reverse(office, paid, "bounced", 40_00)
    assert told(office, bay) == [("payment_reversed", "40.00", "420.00", str(placement), "")]


def test_money_that_moves_on_a_debt_long_taken_back_is_not_the_agencys_matter(office: Office, bay: int) -> None:
    placement = filed(office, bay)
    paid, _ = agency_payment(office, placement, 100_00)
    transfer.transfer(office, [placement], "guarantor")
    reverse.reverse(office, paid, "bounced")  # RVPAY and a further RVCOL below the closed placement
    assert told(office, bay) == [("recall", "380.00", "0.00", str(placement), "")]


def test_money_that_comes_back_is_told_to_the_agency_that_has_the_debt_now(office: Office, bay: int) -> None:
    west = Assignment.get(Assignment.agency != bay).agency
    placement = filed(office, bay)
    paid, _ = agency_payment(office, placement, 100_00)
    new = reassign.reassign(office, placement, "Bay West").new
    files.make_files(office, PRACTICE, west)
    reverse.reverse(office, paid, "bounced")
    assert told(office, west) == [("payment_reversed", "100.00", "480.00", str(new), "")]
    assert told(office, bay) == [("recall", "380.00", "0.00", str(placement), "")]


def test_an_earlier_payment_reversed_is_told(office: Office, bay: int) -> None:
    a_line(office, "L1")
    paid = making.pay(office, line().id, 80_00, days_ago=40)
    placement = making.place(office, line().id, bay)
    files.make_files(office, PRACTICE, bay)
    reverse.reverse(office, paid, "bounced")
    assert told(office, bay) == [("payment_reversed", "80.00", "480.00", str(placement), "")]


def test_a_payment_to_the_practice_while_the_debt_is_placed_is_told(office: Office, bay: int) -> None:
    a_line(office, "L1")
    making.pay(office, line().id, 80_00, days_ago=40)
    placement = making.place(office, line().id, bay)
    files.make_files(office, PRACTICE, bay)
    with office.act("payment", PRACTICE) as draft:
        ledger.write(draft, "GPYMT", (CASH, AR), 10_00, line=line().id)
        ledger.settle(draft)
        ledger.seal(draft)
    assert told(office, bay) == [("payment", "10.00", "400.00", str(placement), "")]


@pytest.mark.parametrize("kind", sorted(holds.KINDS))
def test_holds_that_forbid_collecting_recall_once(office: Office, bay: int, kind: str) -> None:
    placement = filed(office, bay)
    other = filed(office, bay, "L2")
    holds.set_hold(office, PRACTICE, "AL1", kind, "a letter came")
    if kind in ("manual", "payment_plan", "dispute"):
        assert nothing_to_tell(office, bay)
        return
    assert told(office, bay) == [("recall", "480.00", "0.00", str(placement), kind)]
    assert nothing_to_tell(office, bay)
    adjust.adjust(office, placement, DOWN, 480_00, "written off")  # the agency no longer has it
    holds.lift(office, PRACTICE, "AL1", kind, "settled")
    holds.set_hold(office.on(DAY + 1), PRACTICE, "AL1", kind, "again")
    assert nothing_to_tell(office.on(DAY + 1), bay)
    adjust.adjust(office, other, DOWN, 1_00, "courtesy")
    assert told(office, bay) == [("adjustment_down", "1.00", "479.00", str(other), "")]


@pytest.mark.parametrize(
    ("since", "until", "recalled"), [(0, None, True), (1, None, False), (-5, 0, False), (-5, 1, True)]
)
def test_only_a_hold_in_force_recalls(office: Office, bay: int, since: int, until: int | None, recalled: bool) -> None:
    filed(office, bay)
    ends = None if until is None else DAY + until
    holds.set_hold(office, PRACTICE, "AL1", "deceased", "a letter", line="L1", since=DAY + since, until=ends)
    assert (updates.waiting(office, PRACTICE, bay) == (1, 480_00)) == recalled


def test_a_hold_on_one_line_or_at_zero_recalls_no_other(office: Office, bay: int) -> None:
    account = making.make_account(office, "A1")
    one, two, three = (
        making.place(office, making.make_line(office, account, name), bay) for name in ("L1", "L2", "L3")
    )
    files.make_files(office, PRACTICE, bay)
    agency_payment(office, three, 480_00)
    holds.set_hold(office, PRACTICE, "A1", "bankruptcy", "court", line="L1")
    assert told(office, bay) == [("recall", "480.00", "0.00", str(one), "bankruptcy")]
    holds.set_hold(office, PRACTICE, "A1", "deceased", "certificate")
    assert told(office, bay) == [("recall", "480.00", "0.00", str(two), "deceased")]


def test_tsi_cancels_an_account_only_when_nothing_of_it_is_left(office: Office, bay: int) -> None:
    set_type(office, bay, "tsi")
    account = making.make_account(office, "A1")
    one, two = (making.place(office, making.make_line(office, account, name, 100_00), bay) for name in ("L1", "L2"))
    files.make_files(office, PRACTICE, bay)
    adjust.adjust(office, one, DOWN, 20_00, "courtesy")
    transfer.transfer(office, [one], "guarantor")
    rows = told(office, bay, "tsi")
    assert [row[2:] for row in rows] == [("CR", "11202026", "20.00", "180.00"), ("CR", "11202026", "80.00", "100.00")]
    assert {row[:2] for row in rows} == {("C-1", "A1")}
    transfer.transfer(office, [two], "guarantor")
    assert [row[2:] for row in told(office, bay, "tsi")] == [("CN", "11202026", "100.00", "0.00")]


def test_tsi_does_not_cancel_an_account_that_has_new_debt_there(office: Office, bay: int) -> None:
    set_type(office, bay, "tsi")
    account = making.make_account(office, "A1")
    one = making.place(office, making.make_line(office, account, "L1", 100_00), bay)
    files.make_files(office, PRACTICE, bay)
    transfer.transfer(office, [one], "guarantor")
    making.place(office, making.make_line(office, account, "L2", 50_00), bay)
    files.make_files(office, PRACTICE, bay)
    assert [row[2:] for row in told(office, bay, "tsi")] == [("CR", "11202026", "100.00", "50.00")]


def test_tsi_holds_on_all_debts_of_an_account_end_in_a_cancellation(office: Office, bay: int) -> None:
    set_type(office, bay, "tsi")
    account = making.make_account(office, "A1")
    for name in ("L1", "L2"):
        making.place(office, making.make_line(office, account, name, 100_00), bay)
    files.make_files(office, PRACTICE, bay)
    holds.set_hold(office, PRACTICE, "A1", "bankruptcy", "court")
    assert [row[2:] for row in told(office, bay, "tsi")] == [
        ("CR", "11202026", "100.00", "100.00"),
        ("CN", "11202026", "100.00", "0.00"),
    ]


def set_type(office: Office, agency: int, file_type: str) -> None:
    from bo_tui.db.tables import Agency

    with office.act("agency") as draft:
        Agency.update(file_type=file_type, act=draft.id).where(Agency.id == agency).execute()
        ledger.change(draft, "agency", agency, "file_type", "csv", file_type)
        ledger.seal(draft)


@pytest.mark.parametrize(
    ("file_type", "name"),
    [
        ("csv", "First-Bay-000002-update.csv"),
        ("fixed", "First-Bay-000002-update.txt"),
        ("tsi", "TsiUpdates_20261120000002.txt"),
    ],
)
def test_its_copy_manifest_and_states_are_a_files(office: Office, bay: int, file_type: str, name: str) -> None:
    set_type(office, bay, file_type)
    placement = filed(office, bay)
    adjust.adjust(office, placement, DOWN, 80_00, "hardship")
    (made,) = updates.make_updates(office, PRACTICE, bay)
    assert (made.kind, made.sequence, made.path, made.count, made.accounts, made.total) == (
        "update", 2, f"outbox/LAKE/{name}", 1, 1, 80_00,
    )  # fmt: skip
    files.write_copies(office)
    manifest = json.loads((office.store.folder / f"{made.path}.manifest.json").read_text())
    assert (manifest["kind"], manifest["rows"], manifest["total"]) == ("update", 1, "80.00")
    assert manifest["columns"] == list(formats.columns(file_type, "update"))
    assert manifest["act"] == made.digest
    seen = view.contents(office, made.id)
    assert seen.total_rows == 1
    assert [seen.rows[0][index] for index in sorted(seen.amounts)] == ["80.00", "400.00"]
    filestates.mark_sent(office, made.id)
    assert "agree" in filestates.acknowledge(office, made.id, 1, 80_00)
    placed(office, bay, "L2")
    assert [file.sequence for file in files.make_files(office, PRACTICE, bay)] == [3]


def test_at_most_so_many_updates_a_file_in_order(office: Office, bay: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(updates, "LARGEST", 2)
    one, two = filed(office, bay, "L1"), filed(office, bay, "L2")
    for amount in (1, 2, 3):
        adjust.adjust(office, one, DOWN, amount, "courtesy")
    holds.set_hold(office, PRACTICE, "AL2", "deceased", "certificate")
    made = updates.make_updates(office, PRACTICE, bay)
    assert [(file.sequence, file.count) for file in made] == [(3, 2), (4, 2)]
    rows = [(row.placement, row.amount) for row in UpdateRow.select().order_by(UpdateRow.id)]
    assert rows == [(one, 1), (one, 2), (one, 3), (two, 480_00)]
    assert nothing_to_tell(office, bay)


def test_what_was_looked_through_only_saves_looking_again(office: Office, bay: int) -> None:
    placement = filed(office, bay)
    adjust.adjust(office, placement, DOWN, 1_00, "courtesy")
    updates.make_updates(office, PRACTICE, bay)
    office.store.use()
    assert ToldRun.get().entry == max(row.id for row in Entry.select())
    ToldRun.delete().execute()
    assert nothing_to_tell(office, bay)


def test_what_somebody_did_while_the_file_was_rendered_is_in_it(
    office: Office, bay: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    placement = filed(office, bay)
    adjust.adjust(office, placement, DOWN, 80_00, "hardship")
    render, meanwhile = formats.render_updates, [1]

    def slowly(*arguments: Any) -> bytes:
        if meanwhile:
            meanwhile.clear()
            with ThreadPoolExecutor(1) as beside:  # another operator, on a connection of their own
                beside.submit(
                    lambda: (adjust.adjust(office, placement, DOWN, 1_00, "courtesy"), office.close())
                ).result()
        return render(*arguments)

    monkeypatch.setattr(formats, "render_updates", slowly)
    assert [row[1] for row in told(office, bay)] == ["80.00", "1.00"]
    assert nothing_to_tell(office, bay)


def test_no_agreement_no_update(office: Office, bay: int) -> None:
    from bo_tui.db.tables import Agency

    placement = filed(office, bay)
    adjust.adjust(office, placement, DOWN, 1_00, "courtesy")
    Agency.update(baa_date=None).where(Agency.id == bay).execute()
    with pytest.raises(RuleRefusal, match="business-associate agreement"):
        updates.make_updates(office, PRACTICE, bay)
    assert updates.make_night_updates(office, PRACTICE) == []


def test_an_agency_no_longer_assigned_is_told_by_hand(office: Office, bay: int) -> None:
    placement = filed(office, bay)
    transfer.transfer(office, [placement], "guarantor")
    Assignment.update(removed=True, auto_create_file=False).where(Assignment.agency == bay).execute()
    assert updates.make_night_updates(office, PRACTICE) == []
    assert told(office, bay) == [("recall", "480.00", "0.00", str(placement), "")]


def test_a_viewer_tells_nobody_anything(office: Office, bay: int) -> None:
    with pytest.raises(NotAllowed):
        updates.make_updates(office.by(Actor("vic", "viewer")), PRACTICE, bay)


def test_another_practices_debt_stays_out(office: Office, bay: int) -> None:
    from bo_tui.rules.setup import create_practice

    placement = filed(office, bay)
    with office.act("practice") as draft:
        other = create_practice(draft, "HILL", "Hillside")
        ledger.seal(draft)
    adjust.adjust(office, placement, DOWN, 1_00, "courtesy")
    with pytest.raises(RuleRefusal, match="nothing to tell"):
        updates.make_updates(office, other, bay)
    assert updates.waiting(office, PRACTICE, bay) == (1, 1_00)


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE agency_file SET total = total + 1 WHERE kind = 'update'",
            "tells 1 update of 80.01; 1 of 80.00 name it",
        ),
        ("UPDATE agency_file SET count = 2 WHERE kind = 'update'", "tells 2 updates of 80.00; 1 of 80.00 name it"),
    ],
)
def test_the_check_compares_a_file_with_its_rows(office: Office, statement: str, words: str) -> None:
    placement = filed(office, making.make_agency(office))
    adjust.adjust(office, placement, DOWN, 80_00, "hardship")
    updates.make_updates(office, PRACTICE, Placement.get().agency)
    assert making.verify(office) == []
    office.store.use().execute_sql(statement)
    found = [finding.sentence for finding in making.verify(office)]
    assert words in found[0]
    assert "does not say what the act that made it has" in found[1]  # the act's digest covers what the file says
    assert len(found) == 2
