"""Which placements go into a file, how many files there are, and what a file's acts leave behind."""

from __future__ import annotations

import hashlib
import json
import zlib
from typing import Any

import pytest

from bo_tui import dates
from bo_tui.db.tables import Act, Agency, AgencyFile, Assignment, Change, Hold, Placement, Practice
from bo_tui.errors import NotAllowed, NotFound, RuleRefusal
from bo_tui.formats import agency as formats
from bo_tui.office import Actor, Office
from bo_tui.rules import ledger
from bo_tui.rules.codes import ADJUSTMENT, AR, CASH, EXT
from bo_tui.rules.external import filerows, files
from bo_tui.rules.settings import changing
from tests import making
from tests.making import DAY, PRACTICE


def placed(office: Office, agency: int, *numbers: int, fee: int = 480_00) -> list[int]:
    """A placement each on an account of its own."""
    made = []
    for number in numbers:
        account = making.make_account(office, f"A{number}", zip="92040", ssn="123-45-6789")
        made.append(making.place(office, making.make_line(office, account, f"L{number}", fee), agency))
    return made


def hold(office: Office, placement: int, *, line: bool = False, since: int = 0, until: int | None = None) -> None:
    row = Placement.get_by_id(placement)
    with office.act("hold", PRACTICE) as draft:
        Hold.insert(
            practice=PRACTICE, account=row.account, line=row.line if line else None, kind="manual", since=DAY + since,
            until=None if until is None else DAY + until, reason="asked", act=draft.id,
        ).execute()  # fmt: skip
        ledger.change(draft, "hold", row.account, "kind", None, "manual")
        ledger.seal(draft)


def set_agency(office: Office, agency: int, **values: Any) -> None:
    with office.act("agency") as draft:
        changing.update(draft, Agency, Agency.get_by_id(agency), values)
        ledger.seal(draft)


def cells(file: files.MadeFile, file_type: str = "csv") -> list[dict[str, str]]:
    row = AgencyFile.get_by_id(file.id)
    names = formats.columns(file_type)
    return [dict(zip(names, line, strict=True)) for line in formats.parse(file_type, zlib.decompress(row.content))]


def test_a_file_holds_what_waits_and_its_act_says_so(office: Office) -> None:
    agency = making.make_agency(office, client_number="C-1")
    placements = placed(office, agency, 1, 2)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert (made.count, made.accounts, made.total) == (2, 2, 960_00)
    assert (made.sequence, made.path, made.kind) == (1, "outbox/LAKE/First-Bay-000001.csv", "placement")
    assert [row["placement"] for row in cells(made)] == [str(placement) for placement in placements]
    assert {row["client_number"] for row in cells(made)} == {"C-1"}
    assert {row["ssn"] for row in cells(made)} == {""}
    stored = AgencyFile.get_by_id(made.id)
    assert hashlib.sha256(zlib.decompress(stored.content)).hexdigest() == stored.sha256 == made.sha256
    act = Act.get_by_id(stored.made_act)
    assert (act.kind, act.digest, act.count, act.total) == ("file", made.digest, 1, 0)
    change = Change.get(Change.act == act.id)
    assert (change.subject, change.subject_id, change.field) == ("agency_file", made.id, "created")
    assert change.after == f"2 960.00 {made.sha256}"
    assert {(row.file, row.act) for row in Placement.select()} == {(made.id, act.id)}


def test_what_is_in_a_file_never_goes_into_another(office: Office) -> None:
    agency = making.make_agency(office)
    placed(office, agency, 1)
    files.make_files(office, PRACTICE, agency)
    acts = Act.select().count()
    with pytest.raises(RuleRefusal, match="waits for a file"):
        files.make_files(office, PRACTICE, agency)
    assert Act.select().count() == acts
    placed(office, agency, 2)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert (made.sequence, made.count) == (2, 1)


def test_at_most_so_many_placements_a_file(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 2)
    agency = making.make_agency(office)
    placements = placed(office, agency, 1, 2, 3, 4, 5)
    made = files.make_files(office, PRACTICE, agency)
    assert [(file.sequence, file.count) for file in made] == [(1, 2), (2, 2), (3, 1)]
    assert [int(row["placement"]) for file in made for row in cells(file)] == placements


def test_exactly_a_full_file_makes_no_empty_second_one(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 2)
    agency = making.make_agency(office)
    placed(office, agency, 1, 2)
    assert len(files.make_files(office, PRACTICE, agency)) == 1
    assert files.LARGEST == 2


def test_the_limit_is_twenty_thousand() -> None:
    assert files.LARGEST == 20_000


@pytest.mark.parametrize("line", [True, False])
@pytest.mark.parametrize(
    ("since", "until", "held"),
    [(0, None, True), (1, None, False), (-5, 0, False), (-5, 1, True), (0, 0, False), (0, 1, True)],
)
def test_a_hold_in_force_keeps_a_placement_back(
    office: Office, line: bool, since: int, until: int | None, held: bool
) -> None:
    agency = making.make_agency(office)
    first, second = placed(office, agency, 1, 2)
    hold(office, first, line=line, since=since, until=until)
    (made,) = files.make_files(office, PRACTICE, agency)
    expected = [second] if held else [first, second]
    assert [int(row["placement"]) for row in cells(made)] == expected
    assert (Placement.get_by_id(first).file is None) == held


def test_a_hold_on_one_line_leaves_the_accounts_other_lines(office: Office) -> None:
    agency = making.make_agency(office)
    account = making.make_account(office)
    one, two = (making.place(office, making.make_line(office, account, number), agency) for number in ("L1", "L2"))
    hold(office, one, line=True)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert [int(row["placement"]) for row in cells(made)] == [two]


def test_nothing_at_zero_or_closed_or_with_another_agency_goes_in(office: Office) -> None:
    agency, other = making.make_agency(office), making.make_agency(office, "Bay West")
    zero, closed, left = placed(office, agency, 1, 2, 3)
    placed(office, other, 4)
    with office.act("payments", PRACTICE) as draft:
        making.placement_entry(draft, "EPYMT", (CASH, EXT), 480_00, zero)
        making.placement_entry(draft, "RVCOL", (AR, EXT), 480_00, closed)
        ledger.settle(draft)
        Placement.update(closed="RVCOL", closed_on=DAY, act=draft.id).where(Placement.id == closed).execute()
        ledger.seal(draft)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert [int(row["placement"]) for row in cells(made)] == [left]


def test_the_sums_of_a_line_add_up_to_its_balance(office: Office) -> None:
    agency = making.make_agency(office)
    line = making.make_line(office, making.make_account(office), fee=480_00)
    making.pay(office, line, 30_00, days_ago=40, code="IPYMT")
    bounced = making.pay(office, line, 20_00, days_ago=5)
    partly = making.pay(office, line, 10_00, days_ago=9)
    with office.act("corrections", PRACTICE) as draft:
        for code, move, amount, parent in [
            ("RVPAY", (AR, CASH), 20_00, bounced), ("RVPAY", (AR, CASH), 4_00, partly),
            ("MADJN", (ADJUSTMENT, AR), 50_00, None), ("MADJP", (AR, ADJUSTMENT), 7_00, None),
        ]:  # fmt: skip
            ledger.write(draft, code, move, amount, line=line, account=1, parent=parent)
        ledger.settle(draft)
        ledger.seal(draft)
    making.place(office, line, agency)
    (made,) = files.make_files(office, PRACTICE, agency)
    (row,) = cells(made)
    assert (row["original_amount"], row["payments"], row["adjustments"], row["balance"]) == (
        "480.00", "36.00", "43.00", "401.00",
    )  # fmt: skip
    assert row["last_payment_date"] == dates.iso(DAY - 9)  # the bounced one of four days later is none
    assert (row["itemization_date"], row["itemization_amount"]) == (row["date_of_service"], "480.00")


def test_an_agency_without_an_agreement_in_force_gets_no_file(office: Office) -> None:
    agency = making.make_agency(
        office, balance_greater_than=0, age_greater_than=0, auto_create_file=True, auto_approve=True
    )
    placed(office, agency, 1)
    for baa_date, words in [(None, "has no business-associate agreement date"), (DAY + 1, "begins only on 2026-11-21")]:
        set_agency(office, agency, baa_date=baa_date)
        with pytest.raises(RuleRefusal, match=words):
            files.make_files(office, PRACTICE, agency)
        assert files.make_night_files(office, PRACTICE) == []
    set_agency(office, agency, baa_date=DAY)
    assert len(files.make_night_files(office, PRACTICE)) == 1


def test_the_night_makes_files_only_where_it_is_told_to(office: Office) -> None:
    thresholds = {"balance_greater_than": 0, "age_greater_than": 0}
    by_hand = making.make_agency(office, "By Hand", **thresholds)
    removed = making.make_agency(office, "Removed", **thresholds, auto_create_file=True)
    by_night = making.make_agency(office, "By Night", **thresholds, auto_create_file=True)
    for number, agency in enumerate((by_hand, removed, by_night)):
        placed(office, agency, number)
    with office.act("assignment", PRACTICE) as draft:
        Assignment.update(removed=True, act=draft.id).where(Assignment.agency == removed).execute()
        ledger.seal(draft)
    timer = office.by(Actor("night", "service"))
    assert [file.agency for file in files.make_night_files(timer, PRACTICE)] == ["By Night"]
    assert files.make_night_files(timer, PRACTICE) == []


def test_a_viewer_makes_no_file(office: Office) -> None:
    agency = making.make_agency(office)
    placed(office, agency, 1)
    viewer = office.by(Actor("vic", "viewer"))
    for act in (
        lambda: files.make_files(viewer, PRACTICE, agency),
        lambda: files.mark_sent(viewer, 1),
        lambda: files.acknowledge(viewer, 1, 1, 1),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_unknown_practices_agencies_and_files_are_refused(office: Office) -> None:
    agency = making.make_agency(office)
    for act in (
        lambda: files.make_files(office, 99, agency),
        lambda: files.make_files(office, PRACTICE, 99),
        lambda: files.mark_sent(office, 99),
        lambda: files.acknowledge(office, 99, 1, 1),
    ):
        with pytest.raises(NotFound):
            act()


def test_what_changes_between_reading_and_writing_is_read_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = making.make_agency(office)
    first, second = placed(office, agency, 1, 2)
    reads = []
    rows = filerows.rows

    def interrupted(*arguments: Any, **named: Any) -> Any:
        found = rows(*arguments, **named)
        reads.append(len(found))
        return found

    def hold_first(*arguments: Any) -> Any:
        content = render(*arguments)
        if len(reads) == 1:
            office.store.db.connection().rollback()  # the snapshot ends; somebody else acts before the lock is taken
            hold(office, first)
        return content

    render = formats.render
    monkeypatch.setattr(filerows, "rows", interrupted)
    monkeypatch.setattr(formats, "render", hold_first)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert reads[:2] == [2, 1]
    assert (made.count, made.total) == (1, 480_00)
    assert [int(row["placement"]) for row in cells(made)] == [second]


def test_an_act_about_something_else_meanwhile_renders_nothing_again(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    agency = making.make_agency(office)
    placed(office, agency, 1, 2)
    rendered = []
    render = formats.render

    def disturbed(*arguments: Any) -> Any:
        rendered.append(render(*arguments))
        office.store.db.connection().rollback()  # the snapshot ends; somebody else acts before the lock is taken
        making.make_account(office, "elsewhere")
        return rendered[-1]

    monkeypatch.setattr(formats, "render", disturbed)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert (made.count, len(rendered)) == (2, 1)
    assert made.sha256 == hashlib.sha256(rendered[0]).hexdigest()


def test_an_agencys_setting_changed_meanwhile_counts(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    agency = making.make_agency(office)
    set_agency(office, agency, ssn="full")
    placed(office, agency, 1)
    render, calls = formats.render, []

    def withdraw_consent(*arguments: Any) -> Any:
        calls.append(1)
        content = render(*arguments)
        if len(calls) == 1:
            office.store.db.connection().rollback()
            set_agency(office, agency, ssn="none")
        return content

    monkeypatch.setattr(formats, "render", withdraw_consent)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert len(calls) == 2
    assert cells(made)[0]["ssn"] == ""


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("First Bay", "First-Bay-000001.csv"), ("../../etc/passwd", "etc-passwd-000001.csv"),
        ("Bay/West\\..|x", "Bay-West-x-000001.csv"), ("..", "agency-1-000001.csv"), ("Jörg & Söhne_2", "Jorg-Sohne_2-000001.csv"),
        ("x" * 300, "x" * 60 + "-000001.csv"), ("-rf", "rf-000001.csv"),
    ],
)  # fmt: skip
def test_an_agencys_name_makes_a_safe_file_name(office: Office, name: str, path: str) -> None:
    agency = making.make_agency(office, name)
    placed(office, agency, 1)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert made.path == f"outbox/LAKE/{path}"


def test_two_agencies_whose_names_meet_get_files_of_their_own(office: Office) -> None:
    one, two = making.make_agency(office, "First Bay"), making.make_agency(office, "first/bay")
    placed(office, one, 1)
    placed(office, two, 2)
    paths = [files.make_files(office, PRACTICE, agency)[0].path for agency in (one, two)]
    assert paths == ["outbox/LAKE/First-Bay-000001.csv", f"outbox/LAKE/first-bay_{two}-000001.csv"]


def test_tsi_files_are_by_account_and_named_by_date_and_sequence(office: Office) -> None:
    agency = making.make_agency(office)
    set_agency(office, agency, file_type="tsi", ssn="full")
    with office.act("practice", PRACTICE) as draft:
        Practice.update(tsi_client_number="T-9", act=draft.id).where(Practice.id == PRACTICE).execute()
        ledger.seal(draft)
    account = making.make_account(office, ssn="123-45-6789")
    for number in ("L1", "L2"):
        making.place(office, making.make_line(office, account, number), agency)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert made.path == "outbox/LAKE/TsiPlacements_20261120000001.txt"
    assert (made.count, made.accounts, made.total) == (2, 1, 960_00)
    (row,) = cells(made, "tsi")
    assert (row["CLIENT NUMBER"], row["AMOUNT DUE"], row["DEBTOR SSN"]) == ("T-9", "960.00", "123456789")
    (path,) = files.write_copies(office)
    manifest = json.loads((office.store.folder / (path + ".manifest.json")).read_bytes())
    assert (manifest["count"], manifest["rows"], manifest["accounts"]) == (2, 1, 1)


def test_an_account_that_tsis_reference_cannot_hold_is_left_out_and_named(office: Office) -> None:
    agency = making.make_agency(office)
    set_agency(office, agency, file_type="tsi")
    fits, long = "A" * 20, "A" * 21  # cut to 20 characters, the longer number would be the other account's
    for account in (fits, long):
        making.place(office, making.make_line(office, making.make_account(office, account), f"L-{account}"), agency)
    lacks = "account number longer than the 20 characters of the layout (left out of the file)"
    listed = dict(files.lacking(office, PRACTICE, agency))
    assert (lacks in listed[long], lacks in listed[fits]) == (True, False)
    (made,) = files.make_files(office, PRACTICE, agency)
    assert (made.count, [row["DEBTOR REFERENCE"] for row in cells(made, "tsi")]) == (1, [fits])
    with pytest.raises(RuleRefusal, match=f"without a balance; account {long}: account number longer than the 20"):
        files.make_files(office, PRACTICE, agency)
    set_agency(office, agency, file_type="csv")
    (made,) = files.make_files(office, PRACTICE, agency)
    assert [row["account"] for row in cells(made)] == [long]


def test_the_client_number_is_the_assignments_then_the_agencys(office: Office) -> None:
    agency = making.make_agency(office)
    set_agency(office, agency, client_number="OF-AGENCY")
    assert filerows.recipient(PRACTICE, agency).client_number == "OF-AGENCY"
    with office.act("assignment", PRACTICE) as draft:
        Assignment.update(client_number="OF-PRACTICE", act=draft.id).execute()
        ledger.seal(draft)
    assert filerows.recipient(PRACTICE, agency).client_number == "OF-PRACTICE"


def test_lacking_lists_accounts_in_words_and_keeps_nobody_out(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST", 1)
    agency = making.make_agency(office)
    full = making.make_account(office, "A1", address1="1 Road", city="Bay", state="CA", zip="92040")
    bare = making.make_account(office, "A2", address1="1 Road", state="CA")
    for account, number in ((full, "L1"), (bare, "L2"), (bare, "L3")):
        making.place(office, making.make_line(office, account, number), agency)
    assert files.lacking(office, PRACTICE, agency) == [("A2", ["no city", "no zip"])]
    assert sum(file.count for file in files.make_files(office, PRACTICE, agency)) == 3
    assert files.lacking(office, PRACTICE, agency) == []


def test_the_same_office_makes_the_same_bytes_(office: Office) -> None:
    agency = making.make_agency(office)
    placed(office, agency, 1, 2)
    with office.reading():
        to = filerows.recipient(PRACTICE, agency)
        twice = [formats.render("csv", filerows.rows(to, DAY, None)) for _ in range(2)]
    assert twice[0] == twice[1]
