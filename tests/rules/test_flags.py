"""Returned mail on an account, and the brought-back mark of a line."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Account, ServiceLine
from bo_tui.errors import Conflict, NotAllowed, RuleRefusal
from bo_tui.rules import flags
from tests.acting import a_line, changes, line, viewer
from tests.making import PRACTICE


@pytest.fixture(autouse=True)
def _line(office):
    a_line(office)


def account() -> Account:
    return Account.get(Account.number == "AL1")


def test_set_cleared_and_set_anew(office):
    first = flags.returned_mail(office, PRACTICE, "AL1", True)
    assert changes(first.act) == [("account", "returned_mail", "no", "yes")]
    assert (account().returned_mail, account().returned_mail_act, account().act) == (True, first.act, first.act)
    cleared = flags.returned_mail(office, PRACTICE, "AL1", False)
    assert (account().returned_mail, account().returned_mail_act, account().act) == (False, first.act, cleared.act)
    again = flags.returned_mail(office, PRACTICE, "AL1", True)
    assert account().returned_mail_act == again.act


def test_what_would_change_nothing_is_refused(office):
    with pytest.raises(RuleRefusal, match="is not flagged for returned mail; there is nothing"):
        flags.returned_mail(office, PRACTICE, "AL1", False)
    with pytest.raises(RuleRefusal, match="is not marked brought back"):
        flags.lift_brought_back(office, PRACTICE, "L1")


def test_lifting_the_mark(office):
    ServiceLine.update(brought_back=True).execute()
    done = flags.lift_brought_back(office, PRACTICE, "L1")
    assert changes(done.act) == [("service_line", "brought_back", "yes", "no")]
    assert (line().brought_back, line().act) == (False, done.act)


def test_somebody_else_was_faster(office):
    seen = account().act
    flags.returned_mail(office, PRACTICE, "AL1", True)
    with pytest.raises(Conflict, match="it is flagged for returned mail"):
        flags.returned_mail(office, PRACTICE, "AL1", True, seen=seen)


def test_a_viewer_may_not(office):
    with pytest.raises(NotAllowed):
        flags.returned_mail(viewer(office), PRACTICE, "AL1", True)
    with pytest.raises(NotAllowed):
        flags.lift_brought_back(viewer(office), PRACTICE, "L1")
