"""Agencies: what each field must look like, unique names, deleting only what nothing refers to, and where a ZIP code is."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bo_tui.db.tables import Agency, Placement
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules.settings import agencies, assignments, zips
from bo_tui.rules.settings.agencies import AgencyFields
from bo_tui.rules.settings.assignments import Thresholds
from bo_tui.views import admin
from tests import acting, making

FIELDS = AgencyFields(
    "First Bay", "14 Pier Road", "Suite 2", "Harbor Point", "wi", "54007", "Lou", "715-555-0100", "12",
    "(715) 555-0101", None, "lou@firstbay.example", "tsi", "last4", "gross", making.DAY, "LK44",
)  # fmt: skip


def test_create_update_and_delete_keep_every_field(office: Office) -> None:
    made = agencies.create(office, FIELDS)
    assert ("agency", "state", None, "WI") in acting.changes(made.act)
    assert ("agency", "baa_date", None, "2026-11-20") in acting.changes(made.act)
    (row,) = admin.agencies(office)
    assert (row.name, row.state, row.practices, row.act) == ("First Bay", "WI", 0, made.act)
    changed = agencies.update(office, made.agency, replace(FIELDS, fax=" ", email=""), seen=made.act)
    assert acting.changes(changed.act) == [
        ("agency", "fax", "(715) 555-0101", None),
        ("agency", "email", "lou@firstbay.example", None),
    ]
    gone = agencies.delete(office, made.agency, seen=changed.act)
    assert ("agency", "name", "First Bay", None) in acting.changes(gone.act)
    assert admin.agencies(office) == []
    assert [row.name for row in admin.agency_history(office, 1)] == ["First Bay"]
    again = agencies.create(office, FIELDS)
    assert again.agency != made.agency, "the history of the deleted one is not the new one's"
    assert making.verify(office) == []


@pytest.mark.parametrize(
    ("fields", "field", "sentence"),
    [
        ({"name": " "}, "name", "Name is needed."),
        ({"address1": ""}, "address1", "Address line 1 is needed."),
        ({"zip": ""}, "zip", "Zip Code is needed."),
        ({"file_type": None}, "file_type", "File Type is needed."),
        ({"file_type": "xml"}, "file_type", "File Type is none of csv, fixed, tsi."),
        ({"zip": "5400"}, "zip", "Zip Code is five digits, or nine as in 54007-1234."),
        ({"zip": "54007-12"}, "zip", "Zip Code is five digits, or nine as in 54007-1234."),
        ({"state": "WX"}, "state", "State is not one of the two-letter codes, such as WI."),
        ({"phone": "12345"}, "phone", "Phone Number is not a phone number of 7 or 10 digits, such as 715-555-0100."),
        ({"fax": "call me"}, "fax", "Fax Number is not a phone number of 7 or 10 digits, such as 715-555-0100."),
        ({"phone_ext": "1234567"}, "phone_ext", "Phone Ext. is at most six digits."),
        ({"fax": None, "fax_ext": "1"}, "fax_ext", "Fax Ext. needs a Fax Number."),
        ({"email": "lou@firstbay"}, "email", "Email is not an address such as office@example.com."),
        ({"name": "First\nBay"}, "name", "Name cannot hold the character U+000A."),
        ({"name": "x" * 201}, "name", "Name is longer than 200 characters."),
    ],
)
def test_what_is_refused(office: Office, fields: dict[str, object], field: str, sentence: str) -> None:
    with pytest.raises(RuleRefusal) as error:
        agencies.create(office, replace(FIELDS, **fields))
    assert acting.refusal(error) == (sentence, field)


@pytest.mark.parametrize("phone", ["555-0100", "(715) 555-0100", "+1 715 555 0100", "715.555.0100"])
def test_phones_as_people_write_them(phone: str) -> None:
    assert agencies.checked(replace(FIELDS, phone=phone)).phone == phone


def test_names_are_unique_whatever_their_capitals(office: Office) -> None:
    first = agencies.create(office, FIELDS)
    with pytest.raises(RuleRefusal) as error:
        agencies.create(office, replace(FIELDS, name="FIRST bay"))
    assert acting.refusal(error) == ("There is an agency First Bay already.", "name")
    agencies.update(office, first.agency, replace(FIELDS, name="First BAY"))
    other = agencies.create(office, replace(FIELDS, name="Other"))
    with pytest.raises(RuleRefusal, match="First BAY already"):
        agencies.update(office, other.agency, replace(FIELDS, name="first bay"))


def test_a_new_name_reaches_the_placements(office: Office) -> None:
    agency = making.make_agency(office)
    placement = acting.placed(office, agency)
    kept = agencies.update(office, agency, replace(FIELDS, name="Second Bay"))
    row = Placement.get_by_id(placement)
    assert (row.agency_name, row.act) == ("Second Bay", kept.act)
    assert making.verify(office) == []


def test_an_agency_in_use_is_not_deleted(office: Office) -> None:
    agency = agencies.create(office, FIELDS).agency
    assigned = assignments.add(office, making.PRACTICE, agency, Thresholds())
    words = "First Bay is assigned to Lakeside Anesthesia; an agency in use is not deleted. Remove the assignment to end its work."
    assert agencies.why_not_delete(office, agency) == words
    with pytest.raises(RuleRefusal) as error:
        agencies.delete(office, agency)
    assert acting.refusal(error) == (words, None)
    assignments.remove(office, assigned.assignment)
    assert "was assigned to Lakeside Anesthesia once" in (agencies.why_not_delete(office, agency) or "")
    acting.placed(office, agency)
    assert "debts were placed with it" in (agencies.why_not_delete(office, agency) or "")
    assert Agency.select().where(Agency.id == agency).exists()


def test_who_was_faster_is_named(office: Office) -> None:
    made = agencies.create(office, FIELDS)
    carl = office.by(Actor("carl", "administrator"))
    agencies.update(carl, made.agency, replace(FIELDS, address1="1 New Street"), seen=made.act)
    with pytest.raises(Conflict) as error:
        agencies.update(office, made.agency, FIELDS, seen=made.act)
    assert error.value.sentence == (
        "First Bay was changed meanwhile by carl (agency update): it is now at 1 New Street, file type tsi."
    )
    agencies.delete(carl, made.agency)
    with pytest.raises(Conflict, match="This agency was deleted meanwhile by carl"):
        agencies.update(office, made.agency, FIELDS, seen=made.act)
    with pytest.raises(NotFound):
        agencies.delete(office, 99)


def test_only_an_administrator(office: Office) -> None:
    made = agencies.create(office, FIELDS)
    supervisor = office.by(Actor("sue", "supervisor"))
    with pytest.raises(NotAllowed):
        agencies.create(supervisor, FIELDS)
    with pytest.raises(NotAllowed):
        agencies.update(supervisor, made.agency, FIELDS)
    with pytest.raises(NotAllowed):
        agencies.delete(supervisor, made.agency)


@pytest.mark.parametrize(
    ("zip_code", "state"),
    [("54007", "WI"), ("60007", "IL"), ("55057", "MN"), ("06320", "CT"), ("00501", "NY"), ("99950", "AK"), ("73301", "TX"),
     ("00100", None), ("05544", "MA"), ("20001", "DC"), ("20101", "VA"), ("34001", None), ("88510", "TX")],
)  # fmt: skip
def test_the_state_of_a_zip(zip_code: str, state: str | None) -> None:
    assert zips.state_of(zip_code) == state


def test_the_city_of_a_zip_is_what_most_accounts_say(office: Office) -> None:
    for number, city in enumerate(["Harbor Pt", "Harbor Point", "Harbor Point", None]):
        making.make_account(office, f"A{number}", city=city, state="wi", zip="54007-1111" if number % 2 else "54007")
    assert agencies.place_of(office, "54007") == ("Harbor Point", "WI")
    assert agencies.place_of(office, "54007-9") == ("Harbor Point", "WI")
    assert agencies.place_of(office, "60007") == (None, "IL")
    assert agencies.place_of(office, "6000") == (None, None)
