"""A night again, killed, and killed again: the same entries, digests and file bytes as one left alone (DESIGN section 5)."""

from __future__ import annotations

import json
import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from bo_tui.db.connection import Store, Writing
from bo_tui.rules import checking
from tests.support import busy
from tests.support.book import OfficeBook

Copies = Callable[[], OfficeBook]
ROOT = Path(__file__).parents[3]


class Killed(BaseException):
    """Nothing in the program catches it, as nothing catches a SIGKILL."""


def kill_after(monkeypatch: pytest.MonkeyPatch, commits: int | None) -> list[int]:
    """End everything after so many commits (None: never); the list's one number counts them."""
    original = Store.act
    count = [0]

    @contextmanager
    def act(self: Store) -> Iterator[Writing]:
        with original(self) as writing:
            yield writing
        count[0] += 1
        if count[0] == commits:
            raise Killed

    monkeypatch.setattr(Store, "act", act)
    return count


def left_alone(book: OfficeBook) -> dict[str, Any]:
    """What the office looks like after an uninterrupted night."""
    night = book.night(busy.NIGHT, why=False)
    for step in ("withdraw", "returned_mail", "reassign", "select", "approve", "files", "updates"):
        assert night.step(step)[0] > 0, step
    assert night.report.braked == ["One"]
    assert len(night.files) == 2
    return busy.everything(book.office)


def test_a_second_run_of_the_same_night_changes_nothing(copies: Copies) -> None:
    book = copies()
    before = left_alone(book)
    first = book.any_night(busy.NIGHT)

    assert first.document["status"] == "unchanged"
    assert first.report.exit_code == 0
    assert busy.everything(book.office) == before
    assert checking.check(book.office.store) == []


def test_an_unchanged_night_reports_what_it_did_when_it_ran(copies: Copies) -> None:
    book = copies()
    done = book.any_night(busy.NIGHT)
    again = book.any_night(busy.NIGHT)

    assert again.document == done.document | {"status": "unchanged"}
    assert again.rows == done.rows


def test_killed_after_any_commit_it_ends_as_if_left_alone(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    busy.small_chunks(monkeypatch)
    with monkeypatch.context() as patch:
        commits = kill_after(patch, None)
        expected = left_alone(copies())
    assert commits[0] > 25
    lacking = copies().any_night(busy.NIGHT).report.lacking
    assert lacking

    for boundary in range(1, commits[0], 3):  # every third one: the trust harness falls on all of them
        book = copies()
        with monkeypatch.context() as patch:
            kill_after(patch, boundary)
            with pytest.raises(Killed):
                book.any_night(busy.NIGHT)
        book.office.close()
        night = book.any_night(busy.NIGHT)
        assert night.report.exit_code == 0, (boundary, night.report.message)
        assert busy.everything(book.office) == expected, boundary
        assert night.report.lacking == lacking, boundary  # also where the fall came after the first file
        book.office.close()


def test_killed_after_every_commit_it_still_gets_there(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    busy.small_chunks(monkeypatch)
    expected = left_alone(copies())
    book = copies()
    for _ in range(200):
        try:
            with monkeypatch.context() as patch:
                kill_after(patch, 4)  # some of these only take up again what is done
                night = book.any_night(busy.NIGHT)
        except Killed:
            book.office.close()
            continue
        break
    assert night.document["status"] in ("done", "unchanged")
    assert busy.everything(book.office) == expected


def test_the_report_of_a_killed_night_adds_up_as_one_left_alone(
    copies: Copies, monkeypatch: pytest.MonkeyPatch
) -> None:
    busy.small_chunks(monkeypatch)
    expected = copies().any_night(busy.NIGHT)
    book = copies()
    with monkeypatch.context() as patch:
        kill_after(patch, 14)
        with pytest.raises(Killed):
            book.any_night(busy.NIGHT)
    night = book.any_night(busy.NIGHT)

    assert night.document == expected.document
    assert night.rows == expected.rows


CHILD = """
import sys
from pathlib import Path
from bo_tui.rules import nightly
from bo_tui.rules.night import steps
from tests.support import busy
from tests.support.book import day

steps.CANDIDATES, steps.FLAGGED, steps.ROWS = 4, 2, 3
office = busy.opened(Path(sys.argv[1])).on(day(busy.NIGHT))
print("ready", flush=True)
with nightly.nights(office, "LAKE", lines=True, pause=0.01) as reports:
    for report in reports:
        print(report.status, flush=True)
"""


def test_killed_by_the_operating_system_at_any_moment(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    busy.small_chunks(monkeypatch)
    expected = left_alone(copies())
    book = copies()
    path = book.office.store.path
    book.office.close()
    chance = random.Random(7)
    killed = 0
    for _ in range(4):
        child = subprocess.Popen([sys.executable, "-c", CHILD, str(path)], stdout=subprocess.PIPE, text=True, cwd=ROOT)
        assert child.stdout is not None
        assert child.stdout.readline() == "ready\n"
        time.sleep(chance.uniform(0.02, 0.15))
        child.kill()
        killed += child.wait() == -9
        child.stdout.close()
    assert killed > 0

    night = book.any_night(busy.NIGHT)

    assert night.report.exit_code == 0
    assert busy.everything(book.office) == expected
    assert checking.check(book.office.store) == []


def test_how_chunks_are_cut_decides_nothing(copies: Copies, monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts and ids differ with the chunks, the decisions do not."""
    whole = copies().any_night(busy.NIGHT)
    busy.small_chunks(monkeypatch)
    cut = copies().any_night(busy.NIGHT)

    assert cut.rows == whole.rows
    assert cut.document["control"] == whole.document["control"]
    steps = [{k: step[k] for k in ("step", "count", "amount")} for step in cut.document["steps"]]
    assert steps == whole.document["steps"]
    assert json.dumps(cut.files) == json.dumps(whole.files)
