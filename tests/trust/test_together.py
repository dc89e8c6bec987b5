"""Operators and a night at once on one file, for a few seconds; `python -m benchmarks.trust.together` is the long way."""

from __future__ import annotations

from pathlib import Path

from benchmarks.trust import together


def test_what_operators_were_told_while_a_night_ran_is_so(tmp_path: Path) -> None:
    outcome = together.run(tmp_path, lines=3000, count=2, seed=20, pause=0.02, chunk=150, least=1.5)
    assert not outcome.wrong
    assert outcome.night["status"] == "done"
    assert outcome.night["steps"]["select"] > 0
    assert outcome.confirmed > 10
    assert outcome.whole["max"] < 4  # a second is the promise on a quiet machine; here others run beside
