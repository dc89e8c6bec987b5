"""What the status line says when a posting or an adjustment waits for a second person."""

from __future__ import annotations

from bo_tui.rules.external.adjust import Adjusted
from bo_tui.rules.external.pending import LineDone, Posted
from bo_tui.rules.external.proposals import Waiting
from bo_tui.screens.external import adjust, post

ONE = Waiting(act=9, proposal=3, kind="post", subject="Line L1", amount=1_200_00, limit=1_000_00)
SENTENCE = "Line L1: 1,200.00 is above the limit of 1,000.00; the posting waits for a second person as proposal 3."
DONE = LineDone("L2", 100_00, "First Bay", 12)


def test_post() -> None:
    assert post.said(Posted(9, 0, (), (ONE,))) == SENTENCE
    assert post.said(Posted(9, 100_00, (DONE,))) == "Posted line L2, 100.00, with First Bay as placement 12."
    both = post.said(Posted(9, 100_00, (DONE,), (ONE, ONE)))
    assert both.startswith("Posted line L2")
    assert both.endswith("2 lines above the limit: a second person must approve.")


def test_adjust() -> None:
    assert adjust._said(ONE) == SENTENCE
    assert adjust._said(Adjusted(9, 14, 12, "MADJN", 80_00, 400_00)) == "MADJN of 80.00 written; the balance is 400.00."
