"""Accounts by hand: what each field must be, numbers, duplicates, names on placements, and nobody overwritten."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bo_tui.db.tables import Account, Placement
from bo_tui.errors import Conflict, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules.accounts import duplicates, edit
from bo_tui.rules.accounts.duplicates import SAME_ORGANIZATION, SAME_PERSON, SAME_SSN, Duplicates
from bo_tui.rules.accounts.fields import AccountFields, Address
from tests import making
from tests.acting import assert_sound, changes, placed, viewer
from tests.making import DAY, PRACTICE

BORN = DAY - 15_000
ANA = AccountFields(
    last="Smith", first="Ana", middle="M", date_of_birth=BORN, ssn="123-45-6789", address1="1 Main", city="Hudson",
    state="wi", zip="54016", phone="(715) 555-0100", email="ana@example.com",
)  # fmt: skip


def make(office: Office, wanted: AccountFields = ANA, **options: Any) -> edit.Kept:
    return edit.create(office, PRACTICE, wanted, **options)


def kept(number: str) -> Account:
    return Account.get(Account.number == number)


def test_a_new_account_is_kept_plainly_and_its_ssn_is_not_in_the_history(office: Office) -> None:
    done = make(office)
    row = kept(done.number)
    assert (row.guarantor, row.state, row.zip, row.phone, row.ssn) == (
        "Smith, Ana M",
        "WI",
        "54016",
        "7155550100",
        "123456789",
    )
    said = {field: after for _, field, _, after in changes(done.act)}
    assert said["ssn"] == "***-**-6789"
    assert said["date_of_birth"] == "1985-10-26"
    assert "returned_mail" not in said
    assert edit.known(office, PRACTICE, done.number).fields.ssn == "***-**-6789"
    assert_sound(office)


@pytest.mark.parametrize(
    ("field", "value", "sentence"),
    [
        ("last", " ", "A person (last) or an organization is required."),
        ("organization", "Acme", "An account is a person's or an organization's; give one of the two names."),
        ("state", "ZZ", "State is not one of the two-letter codes, such as WI."),
        ("zip", "5401", "Zip code is not five digits, or nine as in 54007-1234."),
        ("zip", "54016-12", "Zip code is not five digits, or nine as in 54007-1234."),
        ("phone", "555-0100", "Phone (day) is not a phone number of 10 digits, such as 206-555-0144."),
        ("phone2", "2 715 555 0100", "Phone (evening) is not a phone number of 10 digits, such as 206-555-0144."),
        ("ssn", "12345678", "SSN is not nine digits, such as 123-45-6789."),
        ("email", "ana@example", "Email is not an address such as ana@example.com."),
        ("date_of_birth", DAY + 1, "The date of birth is after today."),
        ("number", "9" * 41, "An account number has at most 40 characters."),
        ("city", "Hud\x07son", "City cannot hold the character U+0007."),
    ],
)
def test_what_cannot_be_kept(office: Office, field: str, value: Any, sentence: str) -> None:
    with pytest.raises(RuleRefusal) as refused:
        make(office, replace(ANA, **{field: value}))
    assert refused.value.sentence == sentence
    assert refused.value.field == (field if field != "last" else "last")
    assert Account.select().count() == 0


@pytest.mark.parametrize(
    ("field", "value", "stands"),
    [
        ("date_of_birth", DAY, DAY),
        ("zip", "540161234", "54016-1234"),
        ("phone", "1 715 555 0100", "7155550100"),
        ("state", "gu", "GU"),
        ("ssn", "123456789", "123456789"),
    ],
)
def test_what_can(office: Office, field: str, value: Any, stands: Any) -> None:
    assert getattr(kept(make(office, replace(ANA, **{field: value})).number), field) == stands


def test_numbers_are_counted_on_and_never_given_twice(office: Office) -> None:
    making.make_account(office, "100231")
    making.make_account(office, "A7")
    making.make_account(office, "9" * 20, last="Other")  # another program's key
    assert make(office).number == "100232"
    with pytest.raises(RuleRefusal, match="There is an account 100232 already") as refused:
        make(office, AccountFields(number="100232", last="New"))
    assert refused.value.field == "number"


# --- duplicates --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        (AccountFields(last="SMITH", first="ana", date_of_birth=BORN), (SAME_PERSON,)),
        (AccountFields(last="Jones", ssn="123 45 6789"), (SAME_SSN,)),
        (AccountFields(last="Smith", first="Ana", date_of_birth=BORN, ssn="123456789"), (SAME_SSN, SAME_PERSON)),
        (AccountFields(last="Smith", first="Ana", date_of_birth=BORN + 1), None),
        (AccountFields(last="Smith", first="Anna", date_of_birth=BORN), None),
        (AccountFields(last="Smith", first="Ana"), None),  # without a birth date a name says nothing
        (AccountFields(organization="Smith"), None),
    ],
)
def test_who_is_there_already(office: Office, wanted: AccountFields, why: tuple[str, ...] | None) -> None:
    first = make(office)
    found = duplicates.duplicates(office, PRACTICE, wanted)
    assert [(match.account, match.why) for match in found] == ([] if why is None else [(first.account, why)])
    if why is None:
        make(office, wanted)
        return
    with pytest.raises(Duplicates) as refused:
        make(office, wanted)
    assert refused.value.matches == found
    assert (
        f"Account {first.number}, Smith, Ana M, born 1985-10-26, has the {' and '.join(why)}." == refused.value.sentence
    )
    assert make(office, wanted, seen_duplicates=[first.account]).account != first.account


def test_an_imported_ssn_with_dashes_an_organization_and_another_practice(office: Office) -> None:
    making.make_account(office, "A1", last="Old", ssn="123-45-6789")
    making.make_account(office, "A2", organization="Acme", guarantor="Acme", last=None, first=None)
    assert [m.why for m in duplicates.duplicates(office, PRACTICE, ANA)] == [(SAME_SSN,)]
    acme = duplicates.duplicates(office, PRACTICE, AccountFields(organization="Acme"))
    assert [m.why for m in acme] == [(SAME_ORGANIZATION,)]
    with office.reading():
        assert duplicates.found(2, {"ssn": "123456789", "organization": None, "date_of_birth": None}) == []


def test_one_that_nobody_saw_is_shown_again(office: Office) -> None:
    first = make(office)
    second = make(office, replace(ANA, first="Anna"), seen_duplicates=[first.account])
    with pytest.raises(Duplicates) as refused:
        make(office, AccountFields(last="New", ssn="123456789"), seen_duplicates=[first.account])
    assert [match.account for match in refused.value.matches] == [first.account, second.account]


def test_duplicates_are_found_by_index(office: Office) -> None:
    values = {"ssn": "123456789", "organization": "Acme", "date_of_birth": BORN}
    db = office.store.use()
    for person in (values, values | {"organization": None}):
        for _, query in duplicates._queries(PRACTICE, person):
            sql, parameters = query.sql()
            plan = " ".join(row[3] for row in db.execute_sql(f"EXPLAIN QUERY PLAN {sql}", parameters).fetchall())
            assert "SCAN" not in plan, plan


# --- changes -----------------------------------------------------------------------------------------------------------


def test_an_update_keeps_before_and_after_of_what_differs(office: Office) -> None:
    number = make(office).number
    seen = edit.known(office, PRACTICE, number)
    done = edit.update(
        office, PRACTICE, number, replace(seen.fields, zip="54017", ssn="987654321", email=""), seen=seen.act
    )
    assert changes(done.act) == [
        ("account", "ssn", "***-**-6789", "***-**-4321"),
        ("account", "zip", "54016", "54017"),
        ("account", "email", "ana@example.com", None),
    ]
    with pytest.raises(Conflict, match="was changed meanwhile by ana"):
        edit.update(office, PRACTICE, number, seen.fields, seen=seen.act)
    now = edit.known(office, PRACTICE, number)
    with pytest.raises(RuleRefusal, match="nothing to save"):
        edit.update(office, PRACTICE, number, now.fields, seen=now.act)
    assert kept(number).ssn == "987654321"
    assert_sound(office)


def test_an_imported_oddity_stays_while_something_else_changes(office: Office) -> None:
    making.make_account(office, "A1", phone="ask at desk", zip="?", ssn="12")
    was = edit.known(office, PRACTICE, "A1").fields
    assert edit.update(office, PRACTICE, "A1", replace(was, city="Hudson")).changed == ("city",)
    assert (kept("A1").phone, kept("A1").ssn) == ("ask at desk", "12")
    with pytest.raises(RuleRefusal, match="not a phone number"):
        edit.update(office, PRACTICE, "A1", replace(was, phone="ask at the desk"))


def test_a_new_name_reaches_the_placements(office: Office) -> None:
    placement = placed(office, making.make_agency(office), "L1")
    was = edit.known(office, PRACTICE, "AL1").fields
    done = edit.update(office, PRACTICE, "AL1", replace(was, last="Miller"))
    row = Placement.get_by_id(placement)
    assert (row.guarantor, row.act, done.guarantor) == ("Miller, Ana", done.act, "Miller, Ana")
    assert_sound(office)


def test_an_update_may_be_somebody_elses_too(office: Office) -> None:
    first = make(office)
    making.make_account(office, "A2", last="Other", first="Bo")
    was = edit.known(office, PRACTICE, "A2").fields
    with pytest.raises(Duplicates):
        edit.update(office, PRACTICE, "A2", replace(was, ssn="123456789"))
    edit.update(office, PRACTICE, "A2", replace(was, ssn="123456789"), seen_duplicates=[first.account])
    now = edit.known(office, PRACTICE, "A2").fields
    edit.update(office, PRACTICE, "A2", replace(now, city="Hudson"))  # nobody is asked twice


def test_flags_and_the_number_in_the_form(office: Office) -> None:
    done = make(office, replace(ANA, returned_mail=True))
    assert kept(done.number).returned_mail_act == done.act
    was = edit.known(office, PRACTICE, done.number).fields
    held = edit.update(office, PRACTICE, done.number, replace(was, hold_statements=True))
    assert changes(held.act) == [("account", "hold_statements", "no", "yes")]
    for field, value in (("number", "7"), ("suspend_precollection", True)):
        with pytest.raises(RuleRefusal) as refused:
            edit.update(office, PRACTICE, done.number, replace(was, **{field: value}))
        assert refused.value.field == field


def test_an_address_is_replaced_as_a_whole(office: Office) -> None:
    number = make(office).number
    done = edit.update_address(
        office, PRACTICE, number, Address("9 Elm", "Apt 2", "Hudson", "wi", "540161111"), reason="NCOA"
    )
    assert done.changed == ("address1", "address2", "zip")
    row = kept(number)
    assert (row.address1, row.address2, row.zip, row.last) == ("9 Elm", "Apt 2", "54016-1111", "Smith")
    with pytest.raises(RuleRefusal) as refused:
        edit.update_address(office, PRACTICE, number, Address("9 Elm", state="XX"))
    assert refused.value.field == "state"


def test_who_may_and_what_is_not_there(office: Office) -> None:
    with pytest.raises(NotAllowed):
        make(viewer(office))
    with pytest.raises(NotFound):
        edit.update(office, PRACTICE, "nobody", ANA)
