"""The night: an ordered list of steps for each practice, run once per business date, resumable and safe to repeat.

DESIGN section 5. One practice's failure does not stop the next; every run keeps its control identity: candidates (counted
after withdraw) = queued + excluded by criterion + failed, in count and cents.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from peewee import SQL, Value, fn

from bo_tui import dates
from bo_tui.db import aside
from bo_tui.db.lock import night_lock
from bo_tui.db.scratchcopy import scratch_copy
from bo_tui.db.tables import Practice, Run, RunLine, ServiceLine
from bo_tui.errors import Defect, NotFound, Refusal, RuleRefusal
from bo_tui.office import NIGHT, Actor, Office
from bo_tui.rules import roles
from bo_tui.rules.external import criteria
from bo_tui.rules.night import enrolled, finishing, steps
from bo_tui.rules.night.progress import Night, StepState, Totals
from bo_tui.rules.night.report import RunReport, report_of

log = logging.getLogger(__name__)

STEPS: list[tuple[str, Callable[[Night, StepState], None]]] = [
    ("withdraw", steps.withdraw),
    ("returned_mail", steps.returned_mail),
    ("reassign", steps.reassign),
    ("select", steps.select),
    ("approve", steps.approve),
    ("files", finishing.files),
    ("updates", finishing.updates),
    ("precollect_stop", enrolled.stop),
    ("precollect_start", enrolled.start),
    ("check", finishing.check),
]
Tell = Callable[[str, int], None]


def practices_of(office: Office, code: str | None) -> list[Practice]:
    """The practice of a code, or all of them in the order of their codes; NotFound for an unknown code."""
    with office.reading():
        query = Practice.select().order_by(Practice.code)
        found = list(query if code is None else query.where(Practice.code == code))
    if code is not None and not found:
        raise NotFound(f"There is no practice {code}.", field="practice")
    return found


@contextmanager
def nights(
    office: Office,
    code: str | None = None,
    *,
    dry_run: bool = False,
    lines: bool = False,
    tell: Tell = lambda step, count: None,
    pause: float | None = None,
) -> Iterator[Iterator[RunReport]]:
    """The nights of one practice or of all, as reports to iterate while the context is open.

    A dry run is the same night on a scratch copy of the store, thrown away after. Raises NotAllowed, and Locked while
    another night, restore or upgrade runs.
    """
    roles.require(office, "nightly")
    if dry_run:
        with scratch_copy(office.store) as store:
            copied = Office(store, office.actor, office.business_date)
            yield _each(copied, code, lines, tell, 0.0, dry_run=True)
        return
    with night_lock(office.store, office.actor.name):
        _finish_restore(office)
        yield _each(office, code, lines, tell, pause, dry_run=False)


def _finish_restore(office: Office) -> None:
    """Move aside what an interrupted restore had still to move; what that takes is imported only where there is a note of one."""
    if aside.noted(office.store):
        from bo_tui.rules import restoring

        restoring.finish(office)


def _each(
    office: Office, code: str | None, lines: bool, tell: Tell, pause: float | None, dry_run: bool
) -> Iterator[RunReport]:
    by_night = office.by(Actor(NIGHT, roles.SERVICE))
    for practice in practices_of(office, code):
        yield _one(by_night, practice, lines, tell, pause, dry_run)


def _one(office: Office, practice: Practice, lines: bool, tell: Tell, pause: float | None, dry_run: bool) -> RunReport:
    try:
        run, unchanged = _open_run(office, practice)
    except Refusal as refusal:
        return RunReport.refused(practice.code, office.business_date, dry_run, refusal)
    night = Night(office, practice, run, lines, tell)
    if pause is not None:
        night.pause = pause
    failure: Exception | None = None
    if unchanged:
        failure = _write_copies(night)
    else:
        failure = _run_steps(night)
    return report_of(night, [name for name, _ in STEPS], failure, dry_run=dry_run, unchanged=unchanged)


def _write_copies(night: Night) -> Exception | None:
    """Write what is missing on the disk; a disk that fails one practice does not keep the next from its night."""
    try:
        finishing.write_copies(night)
    except Exception as error:
        if not isinstance(error, Refusal):
            log.exception("copies not written", extra={"practice": night.practice.id})
        return error
    return None


def _open_run(office: Office, practice: Practice) -> tuple[Run, bool]:
    """The run of this practice and date, begun or taken up again, and whether it was finished before.

    A date before the last finished run is refused; an older unfinished run is closed as superseded.
    """
    with office.store.act() as writing:
        mine = Run.practice == practice.id
        last = Run.select(fn.MAX(Run.business_date)).where(mine & (Run.status == "done")).scalar()
        if last is not None and office.business_date < last:
            raise RuleRefusal(
                f"The night of {dates.iso(last)} is finished; "
                f"an earlier one, {dates.iso(office.business_date)}, cannot be run any more.",
                field="date",
            )
        run = Run.get_or_none(mine, Run.business_date == office.business_date)
        if run is not None and run.status == "done":
            return run, True
        older = mine & (Run.business_date < office.business_date) & Run.status.in_(["started", "failed"])
        Run.update(status="superseded", finished_at=dates.utc_stamp()).where(older).execute()
        if run is None:
            run = Run.create(
                practice=practice.id,
                business_date=office.business_date,
                status="started",
                started_at=dates.utc_stamp(),
            )
        else:
            Run.update(status="started", message=None, finished_at=None).where(Run.id == run.id).execute()
            RunLine.delete().where(RunLine.run == run.id, RunLine.outcome == "failed").execute()
        writing.sealed = True
    return run, False


def _run_steps(night: Night) -> Exception | None:
    """Run what is not done; the exception that ended the night early, or None."""
    state: StepState | None = None
    try:
        for name, step in STEPS:
            state = night.state(name)
            if not state.done:
                step(night, state)
        _close(night, "done", None, {})
    except Exception as error:
        if not isinstance(error, Refusal):  # a refusal says itself what is the matter
            log.exception("night failed", extra={"practice": night.practice.id, "step": state.step if state else ""})
        try:
            _close(night, "failed", error, _undecided(night))
            _keep_failed(night)
        except Exception:  # a full disk refuses this too; the next practice still gets its night
            log.exception("failure not kept", extra={"practice": night.practice.id})
        return error
    return None


def _undecided(night: Night) -> Totals:
    """Candidates that no chunk decided, of a night whose selection did not end."""
    with night.office.reading():
        sums = ServiceLine.select(fn.COUNT(ServiceLine.id), fn.SUM(ServiceLine.ar)).where(_not_decided(night))
        count, amount = sums.tuples()[0]
    return {"failed": (count, amount or 0)} if count else {}


def _not_decided(night: Night) -> Any:
    state = night.state("select")
    mine = (ServiceLine.practice == night.practice.id) & (ServiceLine.account > state.position)
    return SQL("0") if state.done else mine & criteria.candidate()


def _keep_failed(night: Night) -> None:
    """List the candidates that no chunk decided; taken up again, the run forgets them."""
    if not night.lines:
        return
    with night.office.store.act() as writing:
        line = ServiceLine
        failed = (Value(night.run.id), line.id, Value("failed"), Value("failed"), line.ar, night.day - line.aging_date)
        rows = line.select(*failed).where(_not_decided(night)).order_by(line.id)
        fields = [RunLine.run, RunLine.line, RunLine.outcome, RunLine.because, RunLine.balance, RunLine.age]
        RunLine.insert_from(rows, fields).execute()
        writing.sealed = True


def _close(night: Night, status: str, error: Exception | None, failed: Totals) -> None:
    control = control_of(night, failed)
    with night.office.store.act() as writing:
        Run.update(
            status=status,
            control=json.dumps(control, sort_keys=True),
            message=None if error is None else _sentence(error),
            finished_at=dates.utc_stamp(),
        ).where(Run.id == night.run.id).execute()
        writing.sealed = True


def _sentence(error: Exception) -> str:
    """What a run says of its end; of a fault only its type, because its own text may hold names and goes into the journal."""
    return error.sentence if isinstance(error, Refusal) else f"{type(error).__name__}; the log has where."


def control_of(night: Night, failed: Totals) -> dict[str, tuple[int, int]]:
    """The control identity as counts and cents: candidates, queued, each criterion, failed.

    Candidates are counted apart from the decisions, in each chunk's own transaction; Defect when the two do not agree.
    """
    control = dict.fromkeys(("candidates", "queued", *criteria.NAMES, "failed"), (0, 0))
    for step in ("returned_mail", "select"):
        for name, sums in night.state(step).totals.items():
            control[name] = _plus(control[name], sums)
    undecided = failed.get("failed", (0, 0))
    control["failed"] = undecided
    control["candidates"] = _plus(control["candidates"], undecided)
    parts = (0, 0)
    for name, sums in control.items():
        parts = parts if name == "candidates" else _plus(parts, sums)
    if parts != control["candidates"]:
        raise Defect(
            f"The night's control identity does not hold: {control['candidates']} candidates, {parts} decided."
        )
    return control


def _plus(one: tuple[int, int], other: tuple[int, int]) -> tuple[int, int]:
    return one[0] + other[0], one[1] + other[1]
