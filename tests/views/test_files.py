"""The Files tab's rows by keyset paging, in both directions, and what is inside a file."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import Agency
from bo_tui.errors import NotFound
from bo_tui.office import Office
from bo_tui.rules.external import files as rules
from bo_tui.views import files
from tests import making
from tests.making import DAY, PRACTICE


@pytest.fixture
def made(office: Office) -> list[rules.MadeFile]:
    """Six files of three agencies; two of each have the same balance."""
    found = []
    for index, name in enumerate(["West", "Bay", "East", "West", "Bay", "East"]):
        agency = Agency.get_or_none(Agency.name == name) if index > 2 else None
        agency_id = agency.id if agency else making.make_agency(office, name)
        account = making.make_account(office, f"A{index}")
        making.place(office, making.make_line(office, account, f"L{index}", fee=(index % 3 + 1) * 100), agency_id)
        found += rules.make_files(office, PRACTICE, agency_id)
    return found


@pytest.mark.parametrize("descending", [False, True])
@pytest.mark.parametrize("sort", sorted(files.SORTS))
def test_pages_forward_and_backward_are_the_whole_list(
    office: Office, made: list[rules.MadeFile], sort: str, descending: bool
) -> None:
    whole = files.page(office, PRACTICE, (sort, descending), None, 100)
    keys = [key for key, _ in whole]
    assert len(keys) == 6
    assert keys == sorted(keys, reverse=descending)
    for size in (1, 4):
        forward, after = [], None
        while page := files.page(office, PRACTICE, (sort, descending), after, size):
            forward += page
            after = page[-1][0]
        assert forward == whole
        backward, before = [], None
        while page := files.page(office, PRACTICE, (sort, descending), before, size, backward=True):
            backward = page + backward
            before = page[0][0]
        assert backward == whole


def test_a_row_says_what_the_tab_shows(office: Office, made: list[rules.MadeFile]) -> None:
    rules.mark_sent(office, made[0].id)
    rules.acknowledge(office, made[0].id, 1, 99)
    found = files.at(office, PRACTICE, made[0].id, "agency")
    assert found is not None
    key, row = found
    assert key == ("West", made[0].id)
    assert (row.agency, row.sequence, row.created, row.accounts, row.lines, row.total) == ("West", 1, DAY, 1, 1, 100)
    assert (row.state, row.sent, row.acknowledged, row.acknowledged_amount) == ("acknowledged", DAY, DAY, 99)
    assert (row.path, row.written) == ("outbox/LAKE/West-000001.csv", False)
    assert files.at(office, PRACTICE, 99) is None
    assert files.at(office, PRACTICE + 1, made[0].id) is None


def test_count_stops_at_its_limit_and_knows_practices_apart(office: Office, made: list[rules.MadeFile]) -> None:
    assert files.count(office, PRACTICE) == 6
    assert files.count(office, PRACTICE, limit=4) == 4
    assert files.count(office, PRACTICE + 1) == 0
    assert files.page(office, PRACTICE + 1, ("file", False), None, 10) == []


def test_contents_are_the_stores_own_bytes(office: Office, made: list[rules.MadeFile]) -> None:
    found = files.contents(office, made[1].id)
    assert found.total_rows == 1
    row = dict(zip(found.columns, found.rows[0], strict=True))
    assert (row["account"], row["balance"]) == ("A1", "2.00")
    assert {found.columns[index] for index in found.amounts} >= {"balance", "original_amount", "itemization_amount"}
    assert files.contents(office, made[1].id, start=1).rows == []
    assert files.contents(office, made[1].id, limit=0).total_rows == 1
    with pytest.raises(NotFound):
        files.contents(office, 99)


def test_a_copy_that_was_changed_is_not_intact(office: Office, made: list[rules.MadeFile]) -> None:
    def intact() -> bool | None:
        found = files.at(office, PRACTICE, made[0].id)
        assert found is not None
        return files.intact(office, found[1])

    assert intact() is None
    assert len(rules.write_copies(office)) == 6
    assert intact() is True
    (office.store.folder / made[0].path).write_bytes(b"")
    assert intact() is False
