"""Loading an address service's results: what each row becomes by the practice's settings, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui.db.tables import Account, Act, AddressCorrection, AddressFile
from bo_tui.errors import BadInput, NoInput, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import flags
from bo_tui.rules.addresses import load
from bo_tui.rules.addresses.load import Loaded
from bo_tui.rules.settings import external_rules
from tests import acting, making
from tests.making import PRACTICE
from tests.rules.addresses.conftest import HOME, NEW, Written


def counts(done: Loaded) -> dict[str, int]:
    """What became of the rows, without what nothing became."""
    names = ("waiting", "approved", "denied", "returned", "flagged", "nothing", "repeated", "left_out")
    return {name: getattr(done, name) for name in names if getattr(done, name)}


def rule(office: Office, on: bool = True) -> None:
    """The rule for returned mail."""
    external_rules.save(office, PRACTICE, external_rules.Rules(roll_returned_mail=on))


def address(number: str) -> str:
    """The street of an account now."""
    return Account.get(Account.number == number).address1


def test_by_hand_everything_waits(ana: Office, written: Written) -> None:
    path = written(f"A1,{NEW},A", "A2,1 Main St,,,60601,A", "A3,,,,,,V", "A4,,,,,00", f"A1,{NEW},A")
    done = load.load(ana, PRACTICE, path)
    assert (done.rows, counts(done)) == (5, {"waiting": 2, "returned": 1, "nothing": 1, "repeated": 1})
    assert [(row.outcome, row.error) for row in AddressCorrection.select().order_by(AddressCorrection.id)] == [
        (None, "Mail returned: vacant."), (None, None), (None, None),
    ]  # fmt: skip
    assert address("A1") == "12 Oak St"
    assert making.verify(ana) == []


def test_automatic_corrections_decide_themselves(ana: Office, written: Written) -> None:
    acting.practice_setting(ana, automatic_addresses=True)
    flags.returned_mail(ana, PRACTICE, "A1", True)
    moved_again = "A4,40 Lake Ave,Chicago,IL,60601,A,,77 Elm St,53703"  # asked about another house than ours
    path = written(f"A1,{NEW},A", "A2,1 Main St,,,60601,A", "A3,,,,,,V", moved_again)
    done = load.load(ana, PRACTICE, path)
    assert counts(done) == {"approved": 1, "denied": 2, "returned": 1}
    assert (address("A1"), address("A2"), address("A4")) == ("40 Lake Ave", "12 Oak St", "12 Oak St")
    assert not Account.get(Account.number == "A1").returned_mail
    rows = {(row.outcome, row.error, row.error_state, row.note) for row in AddressCorrection.select()}
    assert rows == {
        ("approved", None, None, "automatic"),
        ("denied", "The city and the state are missing.", "open", "automatic"),
        ("denied", "The service was asked about another address than the account has.", "open", "automatic"),
        (None, "Mail returned: vacant.", "open", None),  # the rule is off: an operator ignores or marks it
    }
    assert ("account", "returned_mail", "yes", "no") in acting.changes(done.act)
    assert making.verify(ana) == []


def test_with_the_rule_on_returned_mail_flags_by_itself(ana: Office, written: Written) -> None:
    rule(ana)
    flags.returned_mail(ana, PRACTICE, "A2", True)
    before = Account.get(Account.number == "A2").returned_mail_act
    done = load.load(ana, PRACTICE, written("A1,,,,,02", "A2,,,,,,V", f"A3,{NEW},A"))
    assert counts(done) == {"waiting": 1, "flagged": 2}
    flagged = Account.select().where(Account.returned_mail == 1).order_by(Account.number)
    assert [(row.number, row.returned_mail_act) for row in flagged] == [("A1", done.act), ("A2", before)]
    rows = AddressCorrection.select().where(AddressCorrection.error_state == "flagged")
    assert [(row.outcome, row.ended_by, row.note) for row in rows] == [("denied", "ana", load.BY_RULE)] * 2
    assert making.verify(ana) == []


def test_a_new_address_in_the_same_file_outweighs_a_returned_piece(ana: Office, written: Written) -> None:
    rule(ana)
    acting.practice_setting(ana, automatic_addresses=True)
    load.load(ana, PRACTICE, written(f"A1,{NEW},A", "A1,,,,,,K"))
    row = Account.get(Account.number == "A1")
    assert (row.address1, bool(row.returned_mail)) == ("40 Lake Ave", False)


def test_an_address_that_is_ours_already_says_nothing(ana: Office, written: Written) -> None:
    done = load.load(ana, PRACTICE, written("A1,12 OAK  ST,madison,wi,53703,A"))
    assert counts(done) == {"nothing": 1}
    assert AddressFile.get().rows == 1


def test_all_or_nothing(ana: Office, written: Written) -> None:
    acts = acting.acts()
    path = written(f"A1,{NEW},A", f"A9,{NEW},A", "A2,1 Main,Rome,XX,60601,A", "A1,2 Main,Chicago,IL,60601,A")
    with pytest.raises(BadInput) as refused:
        load.load(ana, PRACTICE, path)
    assert [str(problem) for problem in refused.value.problems] == [
        "x.csv row 3, account: there is no account A9",
        "x.csv row 4, new_state: XX is not one of the two-letter codes, such as WI",
        "x.csv row 5, new_address1: another new address for account A1 than in row 2",
    ]
    assert refused.value.sentence == "Nothing was loaded: 3 problems in x.csv."
    assert (acting.acts(), AddressFile.select().count(), AddressCorrection.select().count()) == (acts, 0, 0)


def test_the_same_bytes_once_a_practice(ana: Office, written: Written) -> None:
    path = written(f"A1,{NEW},A")
    load.load(ana, PRACTICE, path)
    again = path.rename(path.with_name("other.csv"))
    with pytest.raises(RuleRefusal) as refused:
        load.load(ana.on(ana.business_date + 30), PRACTICE, again)
    assert acting.refusal(refused) == (
        "other.csv holds the same bytes as x.csv, loaded by ana on 2026-11-20; nothing was loaded.", "file",
    )  # fmt: skip


def test_rows_of_other_practices_are_left_out(ana: Office, written: Written) -> None:
    from bo_tui.rules import ledger
    from bo_tui.rules.setup import create_practice

    with ana.act("practice") as draft:
        other = create_practice(draft, "HILL", "Hill")
        ledger.seal(draft)
    making.make_account(ana, "A1", practice=other, **HOME)
    header = "practice,account,undeliverable"
    path = written("HILL,A1,V", "LAKE,A2,V", header=header)
    assert counts(load.load(ana, PRACTICE, path)) == {"returned": 1, "left_out": 1}
    assert counts(load.load(ana, other, path)) == {"returned": 1, "left_out": 1}
    with pytest.raises(RuleRefusal, match=r"holds no row of this practice"):
        load.load(ana, PRACTICE, written("HILL,A1,K", name="y.csv", header=header))
    with pytest.raises(BadInput) as refused:
        load.load(ana, PRACTICE, written("MOON,A1,V", name="z.csv", header=header))
    assert str(refused.value.problems[0]) == "z.csv row 2, practice: there is no practice MOON"


def test_files_that_are_none(ana: Office, written: Written, tmp_path: Path) -> None:
    with pytest.raises(NoInput, match="There is no file"):
        load.load(ana, PRACTICE, tmp_path / "none.csv")
    with pytest.raises(RuleRefusal, match=r"holds no row of this practice"):
        load.load(ana, PRACTICE, written())
    (tmp_path / "link.csv").symlink_to(written(f"A1,{NEW},A"))
    with pytest.raises(NoInput, match="is a link"):
        load.load(ana, PRACTICE, tmp_path / "link.csv")
    assert Act.select().where(Act.kind == "address_load").count() == 0
