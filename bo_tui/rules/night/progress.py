"""How far a night got, in the store: a killed run, started again, goes on where the last committed chunk ended.

What a step decided and how far it is are written in one transaction; only `run` tables hold what may differ between two runs
that did the same (DESIGN section 5).
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bo_tui.db.tables import Change, Practice, Run, RunStep
from bo_tui.office import Draft, Office
from bo_tui.rules import ledger
from bo_tui.rules.external.terms import Terms, load_terms

PAUSE = 0.001  # seconds after each chunk; whoever waits for the lock by then is let in first (db/turns.py)
Totals = dict[str, tuple[int, int]]


@dataclass
class StepState:
    """A step as the store has it; `totals` are counts and cents by outcome, `detail` whatever else it must remember."""

    step: str
    done: bool = False
    position: int = 0
    count: int = 0
    amount: int = 0
    totals: Totals = field(default_factory=dict)
    detail: dict[str, Any] = field(default_factory=dict)

    def add(self, totals: Totals) -> None:
        """Add a chunk's counts and cents by outcome."""
        for name, (count, amount) in totals.items():
            before = self.totals.get(name, (0, 0))
            self.totals[name] = (before[0] + count, before[1] + amount)


@dataclass
class Night:
    """One practice's night at work: `office` acts as the night, `lines` keeps every decision, `tell` reports progress."""

    office: Office
    practice: Practice
    run: Run
    lines: bool = False
    tell: Callable[[str, int], None] = lambda step, count: None
    pause: float = PAUSE

    @property
    def day(self) -> int:
        """The night's business date."""
        return self.office.business_date

    def terms(self) -> Terms:
        """The practice's terms as they stand now."""
        with self.office.reading():
            practice = Practice.get_by_id(self.practice.id)
            return load_terms(practice, self.day)

    def state(self, step: str) -> StepState:
        """How far a step is; a fresh state for one that has not begun."""
        with self.office.reading():
            row = RunStep.get_or_none(RunStep.run == self.run.id, RunStep.step == step)
        if row is None:
            return StepState(step)
        kept = json.loads(row.detail) if row.detail else {}
        totals = {name: (count, amount) for name, (count, amount) in kept.pop("totals", {}).items()}
        return StepState(step, bool(row.done), row.position, row.count, row.amount, totals, kept)

    @contextmanager
    def chunk(self, state: StepState) -> Iterator[Draft]:
        """One bounded transaction of a step: an act where it wrote anything, and the step's state with it."""
        with self.office.act(state.step, self.practice.id) as draft:
            yield draft
            save(self.run, state)
            if draft.next_entry > draft.first_entry or _changed(draft):
                ledger.seal(draft)
            else:
                draft.writing.sealed = True
        self.tell(state.step, state.count)
        if self.pause:
            time.sleep(self.pause)

    def finish(self, state: StepState) -> None:
        """Mark a step as done; it stays done."""
        state.done = True
        self.keep(state)

    def keep(self, state: StepState) -> None:
        """Write a step's state by itself, in a transaction of its own."""
        with self.office.store.act() as writing:
            save(self.run, state)
            writing.sealed = True


def save(run: Run, state: StepState) -> None:
    """Write a step's state; inside the transaction of the chunk it describes."""
    detail = {"totals": state.totals, **state.detail} if state.totals or state.detail else None
    RunStep.insert(
        run=run.id,
        step=state.step,
        done=int(state.done),
        position=state.position,
        count=state.count,
        amount=state.amount,
        detail=json.dumps(detail, sort_keys=True) if detail else None,
    ).on_conflict(
        conflict_target=[RunStep.run, RunStep.step],
        preserve=[RunStep.done, RunStep.position, RunStep.count, RunStep.amount, RunStep.detail],
    ).execute()


def _changed(draft: Draft) -> bool:
    return Change.select(Change.id).where(Change.id >= draft.first_change).limit(1).scalar() is not None
