"""Operators at work while the night is: between two chunks anything may happen, and nothing is lost or counted twice."""

from __future__ import annotations

import contextlib
from collections.abc import Callable

import pytest

from bo_tui.errors import RuleRefusal
from bo_tui.rules import checking, nightly
from bo_tui.rules.external import lookups
from tests.support import busy
from tests.support.book import OfficeBook, SeenNight

Copies = Callable[[], OfficeBook]


def beside(book: OfficeBook, acts: dict[int, Callable[[], object]]) -> tuple[SeenNight, int]:
    """The busy night with these acts after its so-manieth chunk, and how many chunks there were."""
    count = [0]

    def between(step: str, done: int) -> None:
        count[0] += 1
        acts.get(count[0], lambda: None)()

    with nightly.nights(book.on(busy.NIGHT), "LAKE", lines=True, pause=0, tell=between) as reports:
        (report,) = reports
        seen = SeenNight(report, report.document(), list(report.lines()))
    return seen, count[0]


def adds_up(seen: SeenNight) -> None:
    control = seen.document["control"]
    parts = [control["queued"], control["failed"], *control["excluded"].values()]
    assert control["candidates"]["count"] == sum(part["count"] for part in parts) == len(seen.verdicts)


def unplaced(book: OfficeBook, line: str) -> bool:
    """True, or the refusal that whoever moves money or responsibility of a placed line gets."""
    lookups.refuse_if_placed(book.the_line(line).id)
    return True


ACTS: dict[str, Callable[[OfficeBook], object]] = {
    "pay": lambda book: unplaced(book, "NEW 3") and book.pay("NEW 3", 120_00, busy.NIGHT),
    "add": lambda book: book.add(["NEW 2"], "Two", busy.NIGHT),
    "hold": lambda book: book.hold("A-NEW 1", busy.NIGHT),
    "hold a placed one": lambda book: book.hold("A-PLACED 2", busy.NIGHT),
    "take back": lambda book: book.transfer("PLACED 3", busy.NIGHT),
    "agency's payment": lambda book: book.agency_pays("PLACED 4", 10_00, busy.NIGHT),
    "insurer's": lambda book: unplaced(book, "NEW 4") and book.becomes("NEW 4", "insurance", busy.NIGHT),
    "deny": lambda book: book.deny("LEAD 4", busy.NIGHT),
    "flag": lambda book: book.flag("A-NEW 5", True, busy.NIGHT),
}


@pytest.mark.parametrize("act", ACTS)
def test_an_act_after_any_chunk(copies: Copies, monkeypatch: pytest.MonkeyPatch, act: str) -> None:
    busy.small_chunks(monkeypatch)

    def attempt(book: OfficeBook) -> None:
        with contextlib.suppress(RuleRefusal):  # the night was there first
            ACTS[act](book)

    chunks = 3
    for place in (3, 15):
        book = copies()
        seen, chunks = beside(book, {place: lambda book=book: attempt(book)})  # type: ignore[misc]
        assert seen.report.exit_code == 0, seen.report.message
        adds_up(seen)
        assert checking.check(book.office.store) == []
        again = book.any_night(busy.NIGHT)
        assert again.document["status"] == "unchanged"
        book.night("2026-04-02", why=False)
        book.office.close()
    assert chunks > 15
