"""Every act in any order, in short; `python -m benchmarks.trust.machine` is the long form, with seeds."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.rules import test_state_machine as base
from tests.trust.wholeoffice import WholeOffice


def test_every_act_in_any_order(empty_store: Path) -> None:
    base.template = empty_store
    run_state_machine_as_test(
        WholeOffice,
        settings=settings(
            max_examples=3, stateful_step_count=40, deadline=None, suppress_health_check=list(HealthCheck), print_blob=True
        ),
    )  # fmt: skip
