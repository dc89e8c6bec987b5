"""What the pages of pre-collections read: every order pages through all rows once, forward and back; filters by prefix."""

from __future__ import annotations

import pytest

from bo_tui.office import Office
from bo_tui.rules.precollect import starts, stops, suspension
from bo_tui.rules.settings import precollection_rules
from bo_tui.rules.settings.precollection_rules import Rules
from bo_tui.views import precollect, precollectaccounts
from bo_tui.views.files import Key
from tests import acting, making
from tests.making import DAY, PRACTICE


@pytest.fixture
def several(office: Office) -> Office:
    """Five accounts told on three days, one taken back, one kept out; three Start files and a Stop file."""
    acting.practice_setting(office, precollections_enrolled=True)
    precollection_rules.save(office, PRACTICE, Rules(10_00, 5, 5_00, None, 35))
    for at in range(5):
        account = making.make_account(office, f"A{at}", guarantor=f"{'Smith' if at % 2 else 'jones'}{at}, A")
        making.make_line(office, account, f"L{at}", (at % 3 + 1) * 100_00, age=60)
    for day, lines in ((DAY, ["L0", "L1"]), (DAY + 1, ["L2", "L3"]), (DAY + 2, ["L4"])):
        starts.create_start(office.on(day), PRACTICE, lines)
    stops.stop_precollection(office, PRACTICE, ["L0"])
    stops.create_stop(office.on(DAY + 3), PRACTICE)
    stops.stop_precollection(office, PRACTICE, ["L1"])
    suspension.suspend(office, PRACTICE, "A4", True)
    return office


@pytest.mark.parametrize("descending", [False, True])
def test_every_order_of_accounts_shows_each_once(several: Office, descending: bool) -> None:
    for sort in precollectaccounts.ACCOUNT_SORTS:
        seen: list[str] = []
        key: Key | None = None
        while found := precollectaccounts.accounts(several, PRACTICE, (sort, descending), key, 2, ended=True):
            seen += [row.number for _, row in found]
            key = found[-1][0]
            again = precollectaccounts.account(several, PRACTICE, key[1], sort)
            assert again is not None
            assert again[0] == key
        assert sorted(seen) == ["A0", "A1", "A2", "A3", "A4"], sort
        back = precollectaccounts.accounts(several, PRACTICE, (sort, descending), None, 9, backward=True, ended=True)
        assert [row.number for _, row in back] == seen, sort


@pytest.mark.parametrize(("kind", "there"), [("start", [1, 2, 3]), ("stop", [1])])
def test_every_order_of_files_shows_each_once(several: Office, kind: str, there: list[int]) -> None:
    for sort in precollect.FILE_SORTS:
        seen: list[int] = []
        key: Key | None = None
        while found := precollect.page(several, PRACTICE, kind, (sort, True), key, 2):
            seen += [row.sequence for _, row in found]
            key = found[-1][0]
            assert precollect.at(several, PRACTICE, kind, key[1], sort) == found[-1]
        assert sorted(seen) == there, sort


def test_what_an_account_says_and_what_a_filter_keeps(several: Office) -> None:
    def numbers(**options: object) -> list[str]:
        found = precollectaccounts.accounts(several, PRACTICE, ("account", False), None, 9, **options)  # type: ignore[arg-type]
        return [row.number for _, row in found]

    assert numbers(prefix="SMI") == ["A1", "A3"]
    assert numbers(prefix="a2") == ["A2"]
    assert precollectaccounts.count_accounts(several, PRACTICE, 9, prefix="jones") == len(numbers(prefix="jones")) == 3
    rows = {row.number: row for _, row in precollectaccounts.accounts(several, PRACTICE, ("account", False), None, 9)}
    assert (rows["A1"].state, rows["A1"].lines, rows["A1"].waiting) == ("suspended", 0, 1)
    assert (rows["A0"].waiting, rows["A4"].suspended, rows["A4"].owed) == (0, True, 200_00)
    assert [(one.line, one.ended_as) for one in precollectaccounts.stays(several, rows["A0"].account)] == [
        ("L0", "stopped")
    ]
    assert [(one.type, one.kind, one.sequence) for one in precollectaccounts.messages(several, rows["A0"].account)] == [
        ("SS", "stop", 1), ("PL", "start", 1),
    ]  # fmt: skip
    assert precollect.count(several, PRACTICE, "start", 9, "2026-11-2") == 3
    assert [
        row.sequence for _, row in precollect.page(several, PRACTICE, "start", ("file", False), None, 9, prefix="2")
    ] == [2]
    assert precollect.tab_counts(several, PRACTICE) == precollect.TabCounts(3, 1, 5)
    assert precollect.contents(several, 1).rows[0][2] == "A0"
