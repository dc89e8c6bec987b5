"""Approve, deny, acknowledge and flag, one and many, and what each refuses."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Account, AddressCorrection
from bo_tui.errors import Conflict, NotFound, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules import flags, ledger
from bo_tui.rules.addresses import decide, load
from tests import acting, making
from tests.making import PRACTICE
from tests.rules.addresses.conftest import NEW, Written


@pytest.fixture
def bob(ana: Office, written: Written) -> Office:
    """Loaded: 1 and 2 are returned mail of A3 and A4, 3 is complete (A1), 4 incomplete (A2). In the hands of bob."""
    rows = ("A3,,,,,,V", "A4,,,,,02", f"A1,{NEW},A", "A2,1 Main St,,,60601,A")
    load.load(ana, PRACTICE, written(*rows))
    return ana.by(Actor("bob", "operator"))


def row(correction: int) -> AddressCorrection:
    """A correction as it is now."""
    return AddressCorrection.get_by_id(correction)


def account(number: str) -> Account:
    """An account as it is now."""
    return Account.get(Account.number == number)


def test_approve_gives_the_new_address_and_clears_the_flag(bob: Office) -> None:
    flags.returned_mail(bob, PRACTICE, "A1", True)
    done = decide.approve(bob, PRACTICE, [3], seen={3: row(3).act})
    assert (done.accounts, done.cleared, done.errors) == (1, 1, ())
    assert acting.changes(done.act) == [
        ("account", "address1", "12 Oak St", "40 Lake Ave"),
        ("account", "city", "Madison", "Chicago"),
        ("account", "state", "WI", "IL"),
        ("account", "zip", "53703", "60601"),
        ("address_correction", "outcome", None, "approved"),
        ("account", "returned_mail", "yes", "no"),
    ]
    now = account("A1")
    assert (now.address1, now.address2, now.zip, bool(now.returned_mail), now.act) == (
        "40 Lake Ave", None, "60601", False, done.act,
    )  # fmt: skip
    assert (row(3).outcome, row(3).decided_by, row(3).decided) == ("approved", "bob", making.DAY)
    assert making.verify(bob) == []


def test_the_flag_stays_where_that_was_asked(bob: Office) -> None:
    flags.returned_mail(bob, PRACTICE, "A1", True)
    assert decide.approve(bob, PRACTICE, [3], clear_returned=False).cleared == 0
    assert account("A1").returned_mail


def test_many_at_once_and_the_incomplete_one_becomes_an_error(bob: Office) -> None:
    done = decide.approve(bob, PRACTICE, [3, 4])
    assert (done.accounts, done.errors) == (1, (("A2", "The city and the state are missing."),))
    assert account("A2").address1 == "12 Oak St"
    assert (row(4).outcome, row(4).error_state, row(4).ended_by) == ("denied", "open", None)
    decide.acknowledge(bob, PRACTICE, [4])
    assert (row(4).error_state, row(4).ended_by) == ("acknowledged", "bob")
    assert not account("A2").returned_mail
    assert making.verify(bob) == []


def test_deny_needs_a_note_and_changes_no_account(bob: Office) -> None:
    with pytest.raises(RuleRefusal) as refused:
        decide.deny(bob, PRACTICE, [3], " ")
    assert refused.value.field == "note"
    decide.deny(bob, PRACTICE, [3, 4], "the guarantor called")
    assert [(row(at).outcome, row(at).note) for at in (3, 4)] == [("denied", "the guarantor called")] * 2
    assert account("A1").address1 == "12 Oak St"


def test_flag_marks_the_accounts_and_denies_the_rows(bob: Office) -> None:
    flags.returned_mail(bob, PRACTICE, "A4", True)
    done = decide.flag(bob, PRACTICE, [1, 2])
    assert (done.rows, done.flagged) == (2, 1)
    assert account("A3").returned_mail_act == done.act != account("A4").returned_mail_act
    assert [(row(at).outcome, row(at).error_state, row(at).note) for at in (1, 2)] == [
        ("denied", "flagged", "Returned Mail marked")
    ] * 2
    assert making.verify(bob) == []


def test_an_acknowledged_piece_of_mail_was_neither_approved_nor_denied(bob: Office) -> None:
    decide.acknowledge(bob, PRACTICE, [1])
    assert (row(1).outcome, row(1).error_state, bool(account("A3").returned_mail)) == (None, "acknowledged", False)


def test_each_section_has_its_own_acts_and_each_row_is_decided_once(bob: Office) -> None:
    acts = acting.acts()
    for call, words in (
        (lambda: decide.approve(bob, PRACTICE, [1]), "is an error (Mail returned: vacant); acknowledge it, or flag"),
        (lambda: decide.deny(bob, PRACTICE, [3, 1], "no"), "is an error"),
        (lambda: decide.acknowledge(bob, PRACTICE, [3]), "waits to be approved or denied"),
        (lambda: decide.flag(bob, PRACTICE, [1, 4]), "waits to be approved or denied"),
        (lambda: decide.approve(bob, PRACTICE, []), "Choose at least one correction"),
    ):
        with pytest.raises(RuleRefusal) as refused:
            call()
        assert words in refused.value.sentence
        assert refused.value.field == "row"
    with pytest.raises(NotFound):
        decide.approve(bob, PRACTICE, [3, 99])
    assert (acting.acts(), row(3).outcome) == (acts, None)
    decide.approve(bob, PRACTICE, [3])
    with pytest.raises(RuleRefusal, match="The correction of account A1 was approved by bob on 2026-11-20"):
        decide.deny(bob, PRACTICE, [3], "no")


def test_what_another_operator_decided_meanwhile_is_named(bob: Office) -> None:
    seen = {3: row(3).act}
    decide.deny(bob.by(Actor("eve", "operator")), PRACTICE, [3], "called")
    with pytest.raises(Conflict, match=r"changed meanwhile by eve \(address deny\): it was denied by eve"):
        decide.approve(bob, PRACTICE, [3], seen=seen)


def test_an_address_that_was_changed_since_is_not_overwritten(bob: Office) -> None:
    eve = bob.by(Actor("eve", "operator"))
    with eve.act("account_update", PRACTICE) as draft:
        ledger.change(draft, "account", account("A1").id, "address1", "12 Oak St", "7 Bay St")
        Account.update(address1="7 Bay St", act=draft.id).where(Account.number == "A1").execute()
        ledger.seal(draft)
    flags.returned_mail(bob, PRACTICE, "A1", True)  # changes the account, not its address
    with pytest.raises(Conflict) as refused:
        decide.approve(bob, PRACTICE, [3])
    assert refused.value.sentence == (
        "The address of account A1 was changed since by eve (account update, 2026-11-20): it is 7 Bay St, Madison WI 53703. "
        "Deny the correction, or load a newer one."
    )
    decide.deny(bob, PRACTICE, [3], "older than ours")


def test_two_corrections_of_one_account_are_not_approved_together(bob: Office, written: Written) -> None:
    load.load(bob, PRACTICE, written("A1,5 Bay St,Seattle,WA,98101,A", name="later.csv"))
    with pytest.raises(RuleRefusal, match="Two of these corrections are of account A1"):
        decide.approve(bob, PRACTICE, [3, 5])
    decide.approve(bob, PRACTICE, [5])
    with pytest.raises(Conflict, match="address of account A1 was changed since by bob"):
        decide.approve(bob, PRACTICE, [3])


@pytest.mark.parametrize(
    ("new", "error"),
    [
        ("1 Main St,Seattle,WI,98101", "Zip code 98101 lies in WA, not in WI."),
        (",Seattle,WA,98101", "The street is missing."),
        ("1 Main St,Seattle,WA,", "The zip code is missing."),
        (",,WA,", "The street, the city and the zip code are missing."),
        ("1 Main St,APO,AE,09012", None),  # a military prefix lies in no state
    ],
)
def test_what_is_complete(ana: Office, written: Written, new: str, error: str | None) -> None:
    load.load(ana, PRACTICE, written(f"A1,{new},A"))
    done = decide.approve(ana, PRACTICE, [1])
    assert done.errors == (() if error is None else (("A1", error),))
