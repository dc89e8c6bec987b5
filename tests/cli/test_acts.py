"""The operators' acts as commands: what they print, and what they refuse with which exit code."""

from __future__ import annotations

import json

import pytest

from bo_tui.db.tables import Account, Act, Hold, Operator, Pending, Placement, Practice
from tests import making
from tests.acting import a_line, agency_payment, assert_sound, line, placed, practice_setting


@pytest.fixture(autouse=True)
def bay(office):
    agency = making.make_agency(office, "First Bay", balance_greater_than=0, age_greater_than=45)
    yield agency
    assert_sound(office)


def said(result) -> str:
    assert result.exit_code == 0, result.stderr
    return result.stdout


def told(result) -> dict:
    return json.loads(said(result))


def test_from_add_to_transfer(bo, office):
    making.make_agency(office, "Bay West")
    a_line(office)
    assert said(bo("add", "L1", "--agency", "First Bay")) == "Line L1 waits for First Bay, 480.00.\n"
    assert said(bo("post", "L1")).startswith("Line L1 is placed with First Bay as placement ")
    first = str(Placement.get().id)
    adjusted = said(bo("adjust", first, "--code", "CHRTY", "--amount", "80", "--note", "hardship"))
    assert adjusted.startswith(f"Placement {first}: MADJN of 80.00 as entry ")
    assert adjusted.endswith("; its balance is 400.00.\n")
    second = told(bo("reassign", first, "--agency", "Bay West", "--json"))
    assert (second["came_from"], second["agency"], second["balance"]) == (first, "Bay West", "400.00")
    back = said(bo("transfer", second["placement"], "--responsible", "guarantor", "--re-age"))
    assert back == f"Placement {second['placement']} is back in active AR as line L1, 400.00.\n"
    assert (line().ar, line().aging_date) == (400_00, making.DAY)


def test_json_of_add_and_post(bo, office):
    a_line(office, "L1", 10_00)
    a_line(office, "L2", 20_00)
    assert told(bo("add", "L2", "L1", "--agency", "First Bay", "--json")) == {
        "practice": "LAKE",
        "business_date": "2026-11-20",
        "kind": "add",
        "act": str(Pending.get().queued_act),
        "amount": "30.00",
        "lines": [
            {"line": "L2", "agency": "First Bay", "amount": "20.00"},
            {"line": "L1", "agency": "First Bay", "amount": "10.00"},
        ],
    }
    posted = told(bo("post", "L1", "--json", "--date", "2026-11-19"))
    assert posted["business_date"] == "2026-11-19"
    placement = str(Placement.get().id)
    assert posted["lines"] == [{"line": "L1", "agency": "First Bay", "amount": "10.00", "placement": placement}]


def test_deny_and_withdraw(bo, office):
    a_line(office)
    bo("add", "L1", "--agency", "First Bay")
    denied = said(bo("deny", "L1", "--note", "they called"))
    assert denied == "Line L1 is denied and is marked brought back; its balance in active AR is 480.00.\n"
    assert said(bo("flag", "L1", "brought_back", "no")).startswith("Line L1 is no longer marked brought back")
    result = bo("withdraw", "--run", "2026-11-19")
    assert (result.exit_code, result.stdout) == (65, "")
    assert result.stderr == "Nothing that the night of 2026-11-19 queued is still pending.\n"
    bo("add", "L1", "--agency", "First Bay")
    Pending.update(source="night").where(Pending.outcome.is_null()).execute()
    assert said(bo("withdraw", "--run", "2026-11-20")) == "Withdrawn of the night of 2026-11-20: 1 line, 480.00.\n"


def test_reverse(bo, office, bay):
    placement = placed(office, bay)
    paid, _ = agency_payment(office, placement, 80_00, 8_00)
    part = said(bo("reverse", str(paid), "--reason", "bounced", "--amount", "40.00"))
    assert part.startswith(f"Entry {paid} is reversed by RVPAY ")
    assert part.endswith(f" of 40.00; commission taken back: 4.00; the balance in placement {placement} is 440.00.\n")
    whole = told(bo("reverse", str(placement), "--reason", "wrong line", "--json"))
    assert (whole["code"], whole["amount"], whole["placement"], whole["balance"]) == ("RVCOL", "440.00", None, "440.00")


def test_holds_and_returned_mail(bo, office):
    a_line(office)
    asked = ("AL1", "--kind", "dispute", "--reason", "records asked for")
    set_ = said(bo("hold", "set", *asked, "--until", "2026-12-01"))
    assert set_ == "Account AL1 is held (dispute) since 2026-11-20, until 2026-12-01.\n"
    assert told(bo("hold", "lift", *asked, "--json"))["until"] == "2026-11-20"
    assert said(bo("hold", "set", *asked, "--line", "L1")).startswith("Line L1 is held (dispute)")
    assert Hold.select().count() == 2
    assert said(bo("flag", "AL1", "returned_mail", "yes")) == "Account AL1 is flagged for returned mail.\n"
    assert Account.get().returned_mail
    assert bo("flag", "AL1", "returned_mail", "yes").exit_code == 65
    assert bo("flag", "L1", "brought_back", "yes").exit_code == 64


def test_file(bo, office, bay):
    placed(office, bay)
    made = told(bo("file", "First Bay", "--json"))["files"][0]
    assert (made["agency"], made["sequence"], made["count"], made["amount"]) == ("First Bay", 1, 1, "480.00")
    assert (office.store.folder / made["path"]).is_file()
    assert bo("file", "First Bay").exit_code == 65  # nothing waits for one any more
    assert bo("file", "Nobody").stderr == "There is no agency Nobody.\n"


def test_file_updates(bo, office, bay):
    placement = str(placed(office, bay))
    assert bo("file", "First Bay", "--updates").exit_code == 65  # nothing to tell
    said(bo("file", "First Bay"))
    said(bo("adjust", placement, "--code", "CHRTY", "--amount", "80", "--note", "hardship"))
    assert said(bo("file", "First Bay", "--updates")) == (
        "File 2 for First Bay: 1 updates, 80.00, outbox/LAKE/First-Bay-000002-update.csv.\n"
    )
    said(bo("transfer", placement, "--responsible", "guarantor"))
    made = told(bo("file", "First Bay", "--updates", "--json"))["files"][0]
    assert (made["kind"], made["sequence"], made["count"], made["amount"]) == ("update", 3, 1, "400.00")
    assert (office.store.folder / made["path"]).is_file()


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("add", "L1", "--agency", "Nobody"), 65),
        (("add", "L9", "--agency", "First Bay"), 65),
        (("add", "--agency", "First Bay"), 64),
        (("add", "L1"), 64),
        (("add", "L\x1b1", "--agency", "First Bay"), 64),
        (("post", "L1"), 65),
        (("deny", "L1", "--note", " "), 65),
        (("adjust", "1", "--code", "CHRTY", "--amount", "1.005", "--note", "x"), 64),
        (("adjust", "1", "--code", "CHRTY", "--amount", "-1", "--note", "x"), 65),
        (("adjust", "99", "--code", "CHRTY", "--amount", "1", "--note", "x"), 65),
        (("reverse", "0", "--reason", "x"), 64),
        (("reverse", "99999999999999999999", "--reason", "x"), 64),
        (("reverse", "99", "--reason", "x"), 65),
        (("transfer", "99", "--responsible", "nobody"), 64),
        (("add", "L1", "--agency", "First Bay", "--practice", "HILL"), 65),
        (("hold", "set", "AL1", "--kind", "manual", "--reason", "x", "--until", "soon"), 64),
    ],
)
def test_exit_codes(bo, office, arguments, code):
    a_line(office)
    before = Act.select().count()
    result = bo(*arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert result.stderr.strip()
    assert Act.select().count() == before


def test_a_date_after_today_is_refused(bo, office):
    a_line(office)
    assert bo("add", "L1", "--agency", "First Bay", "--date", "2026-11-21").exit_code in (64, 65)
    assert Pending.select().count() == 0


@pytest.mark.parametrize("role", ["viewer", "service"])
def test_a_role_that_may_not(bo, office, role):
    a_line(office)
    making.change(office, Operator, role=role)
    for arguments in (
        ("add", "L1", "--agency", "First Bay"),
        ("post", "L1"),
        ("deny", "L1", "--note", "x"),
        ("withdraw", "--run", "2026-11-20"),
        ("hold", "set", "AL1", "--kind", "manual", "--reason", "x"),
        ("flag", "AL1", "returned_mail", "yes"),
        ("file", "First Bay"),
    ):
        assert bo(*arguments).exit_code == 77, arguments


def test_accounting_dates(bo, office, bay):
    placement = str(placed(office, bay))
    asked = ("adjust", placement, "--code", "CHRTY", "--amount", "1", "--note", "x")
    assert bo(*asked, "--accounting-date", "2026-11-20").exit_code == 65
    practice_setting(office, uses_accounting_dates=True)
    assert bo(*asked).stderr == "Lakeside Anesthesia uses accounting dates; give one.\n"
    assert bo(*asked, "--accounting-date", "2026-11-20").exit_code == 0


@pytest.mark.parametrize("given", ["abc", "0", "-1", "1.5", "9" * 19, "L1"])
def test_what_is_no_id_is_said_so(bo, given):
    done = bo("adjust", "--code", "CHRTY", "--amount", "1", "--note", "x", "--", given)
    assert done.exit_code == 64
    assert f"'{given}' is not an id; ids are the whole numbers that reports print." in done.stderr


def test_two_practices_need_a_code_and_keep_apart(bo, office, bay):
    placement = str(placed(office, bay))
    making.keep(office, Practice, code="HILL", name="Hill")
    asked = ("transfer", placement, "--responsible", "guarantor")
    assert bo(*asked).exit_code == 64
    assert bo(*asked, "--practice", "HILL").stderr == f"There is no placement {placement}.\n"
    assert bo(*asked, "--practice", "LAKE").exit_code == 0


def test_text_from_data_is_inert(bo, office):
    a_line(office, "L\u202e1")
    assert said(bo("add", "L\u202e1", "--agency", "First Bay")) == "Line L·1 waits for First Bay, 480.00.\n"


def test_extending_a_hold(bo, office):
    a_line(office)
    asked = ("AL1", "--kind", "dispute", "--reason", "records asked for")
    assert bo("hold", "extend", *asked, "--until", "2026-12-09").exit_code == 65  # there is none
    said(bo("hold", "set", *asked, "--until", "2026-12-01"))
    longer = said(bo("hold", "extend", *asked, "--until", "2026-12-09"))
    assert longer == "Account AL1 is held (dispute) since 2026-11-20, now until 2026-12-09.\n"
    assert told(bo("hold", "extend", *asked, "--no-end", "--json"))["until"] is None
    assert bo("hold", "extend", *asked).exit_code == 64
    assert bo("hold", "extend", *asked, "--no-end", "--until", "2026-12-09").exit_code == 64
    assert Hold.select().count() == 1
