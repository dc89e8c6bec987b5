"""The preview against the night itself: what it foretells is what a run on the same store then does."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bo_tui import money
from bo_tui.cli.demo import fixtures
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Assignment, Pending, Placement, Practice
from bo_tui.office import Actor, Office
from bo_tui.rules import nightly
from bo_tui.rules.importing import import_folder
from bo_tui.rules.settings import assignments, external_rules, preview
from bo_tui.rules.settings.assignments import Thresholds
from bo_tui.rules.settings.external_rules import Rules
from bo_tui.rules.settings.preview import Outcome, with_assignment, with_rules, without_assignment
from bo_tui.views import admin
from tests import acting, making


@pytest.fixture(scope="module")
def made_up(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("made_up") / "office.db"
    office = making.new_office(path)
    import_folder(office, fixtures())
    office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.close()
    return path


@pytest.fixture
def demo(made_up: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copy(made_up, tmp_path / "office.db")
    office = Office(open_store(tmp_path / "office.db"), Actor(making.USER, "administrator"), making.DAY)
    yield office
    office.close()


def told(office: Office) -> tuple[dict[str, tuple[int, int]], dict[str, tuple[int, int]], dict[str, tuple[int, int]]]:
    """Selected by agency, excluded by criterion, and the counts of the steps, as a dry run of the night reports them."""
    with nightly.nights(office, "LAKE", dry_run=True, lines=True) as reports:
        for report in reports:
            document, rows = report.document(), list(report.lines())
    selected: dict[str, tuple[int, int]] = {}
    for row in rows:
        if row["outcome"] == "queued":
            count, cents = selected.get(row["agency"], (0, 0))
            selected[row["agency"]] = count + 1, cents + money.parse(row["balance"])
    excluded = {
        name: (sums["count"], money.parse(sums["amount"])) for name, sums in document["control"]["excluded"].items()
    }
    steps = {step["step"]: (step["count"], money.parse(step["amount"])) for step in document["steps"]}
    return selected, {name: sums for name, sums in excluded.items() if sums[0]}, steps


def assert_foretold(outcome: Outcome, office: Office) -> None:
    selected, excluded, steps = told(office)
    assert outcome.selected == selected
    assert outcome.excluded == excluded
    assert preview._total(outcome.withdrawn) == steps["withdraw"]
    assert preview._total(outcome.moved) == steps["reassign"]


def agency(office: Office, name: str) -> admin.AssignmentRow:
    return next(row for row in admin.assignments(office, 1) if row.name == name)


@pytest.mark.parametrize(
    "wanted",
    [
        Rules(),
        Rules(90, None, 1),
        Rules(35, 25_00, 10_00, account_level=True, move_all_by_dos=True, auto_reassign=True),
        Rules(35, 25_00, 10_00, roll_returned_mail=True),
    ],
)
def test_other_rules(demo: Office, wanted: Rules) -> None:
    seen = preview.preview(demo, 1, with_rules(wanted), chunk=50)
    assert seen is not None
    assert_foretold(seen.old, demo)
    external_rules.save(demo, 1, wanted)
    assert_foretold(seen.new, demo)
    assert not seen.same


def test_other_thresholds_one_more_and_one_less(demo: Office) -> None:
    first, harbor = agency(demo, "First Bay"), agency(demo, "Old Harbor")
    tighter = Thresholds(250_00, 45)
    changed = preview.preview(demo, 1, with_assignment(first.agency, tighter))
    less = preview.preview(demo, 1, without_assignment(first.agency))
    more = preview.preview(demo, 1, with_assignment(harbor.agency, Thresholds(0, 10)))
    assert changed is not None
    assert less is not None
    assert more is not None
    assert more.new.total > more.old.total > changed.new.total > less.new.total

    assignments.update(demo, first.id, tighter)
    assert_foretold(changed.new, demo)
    assignments.remove(demo, first.id)
    assert_foretold(less.new, demo)


def test_a_new_agency(demo: Office) -> None:
    assigned = agency(demo, "Old Harbor")
    assignments.remove(demo, assigned.id)
    seen = preview.preview(demo, 1, with_assignment(assigned.agency, Thresholds(0, 10)))
    assert seen is not None
    assert seen.new.selected["Old Harbor"][0] > 0
    assignments.add(demo, 1, assigned.agency, Thresholds(0, 10))
    assert_foretold(seen.new, demo)


def test_what_waits_may_be_taken_out_or_posted(office: Office) -> None:
    first = making.make_agency(office, balance_greater_than=99_00, age_greater_than=45)
    for number, fee in (("L1", 100_00), ("L2", 200_00)):
        acting.a_line(office, number, fee)
    with nightly.nights(office, "LAKE") as reports:
        assert all(report.exit_code == 0 for report in reports)
    later = office  # this date's night is finished: the preview is of the next one

    raised = preview.preview(later, 1, with_assignment(first, Thresholds(150_00, 45)))
    assert raised is not None
    assert raised.business_date == office.business_date + 1
    assert (raised.old.withdrawn, raised.new.withdrawn) == ({}, {"First Bay": (1, 100_00)})
    automatic = preview.preview(later, 1, with_assignment(first, Thresholds(99_00, 45, auto_approve=True, max_lines=1)))
    assert automatic is not None
    assert (automatic.old.posted, automatic.new.posted) == ({}, {"First Bay": (1, 100_00)})
    assert automatic.old.selected == automatic.new.selected == {}

    assert Pending.select().where(Pending.outcome.is_null()).count() == 2
    assert not Placement.select().exists()
    assert making.verify(office) == []


def test_nothing_is_written_and_it_can_be_given_up(demo: Office) -> None:
    head = acting.acts()
    asked = []

    def cancelled() -> bool:
        asked.append(1)
        return len(asked) == 2

    assert preview.preview(demo, 1, with_rules(Rules()), cancelled=cancelled, chunk=10) is None
    assert len(asked) == 2
    seen = preview.preview(demo, 1, lambda terms: terms)
    assert seen is not None
    assert seen.same
    assert acting.acts() == head
    assert Assignment.select().count() == 4
    assert Practice.get_by_id(1).act <= head
