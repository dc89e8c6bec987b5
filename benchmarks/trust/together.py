"""Operators and a night at once on one SQLite file: `python -m benchmarks.trust.together [--lines N] [--operators N] [--long]`.

Each operator is a process of its own that does random acts (`acting.py`) while the night runs over the whole practice in another.
Afterwards every confirmed act is looked up in the store (`claims.py`), `check` looks at all of it, and how long writes took is
told.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import practice
from benchmarks.trust import claims
from benchmarks.trust.kills import machine
from bo_tui.db.connection import open_store
from bo_tui.db.tables import Assignment, Practice, PrecollectionRule
from bo_tui.office import Actor, Office
from bo_tui.rules import checking, ledger, nightly, operators
from bo_tui.rules.external import pending
from bo_tui.rules.night import steps
from bo_tui.rules.settings import changing

LIMIT = 1.0  # seconds that no operator's write may take


@dataclass
class Outcome:
    """What happened: counts of acts and refusals by kind, seconds of the operators' writes, the night's, and all that is wrong."""

    lines: int
    operators: int
    seed: int
    confirmed: int = 0
    refused: dict[str, int] = field(default_factory=dict)
    kinds: dict[str, int] = field(default_factory=dict)
    whole: dict[str, float] = field(default_factory=dict)  # p50, p95, p99, max of the whole act
    lock: dict[str, float] = field(default_factory=dict)  # of waiting for the write lock
    night: dict[str, Any] = field(default_factory=dict)
    during: int = 0  # acts confirmed while the night was at work
    locked: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)
    lost: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)

    @property
    def slow(self) -> bool:
        """Whether a write took longer than the limit."""
        return self.whole["max"] > LIMIT

    @property
    def wrong(self) -> list[str]:
        """Everything that must not be."""
        return self.locked + self.broken + self.lost + self.findings


def prepare(path: Path, lines: int, names: list[str], placed: int) -> None:
    """A practice with some debt placed and some waiting before anybody begins, and its operators."""
    store = practice.build(path, lines)
    office = Office(store, Actor("bench", "administrator"), practice.DAY)
    for name in names:
        operators.add(office, name, "supervisor")
    _all_steps(office)
    query = "SELECT number FROM service_line WHERE responsibility = 'guarantor' AND ar > 0 ORDER BY id LIMIT ?"
    numbers = [number for (number,) in store.db.execute_sql(query, (2 * placed,)).fetchall()]
    for place, agency in enumerate(("First Bay", "Bay West")):
        pending.add(office, 1, numbers[place::2], agency)
    pending.post(office, 1, numbers[:placed])
    store.close()


def _all_steps(office: Office) -> None:
    """A night that also makes agency files and works for TSI: more steps, and larger acts, for operators to get past."""
    office.store.db.execute_sql("UPDATE account SET phone = '555 0100', date_of_birth = 3653, ssn = '123456789'")
    with office.act("settings", 1) as draft:
        for row in list(Assignment.select()):
            changing.update(draft, Assignment, row, {"auto_create_file": True})
        enrolled = {"precollections_enrolled": True, "tsi_client_number": "C-1"}
        changing.update(draft, Practice, Practice.get_by_id(1), enrolled)
        rules = {
            "balance_greater_than": 5000, "days_past_due": 20, "payment_minimum": 2000, "payment_within_days": 35,
            "auto_create_start": True, "auto_create_stop": True,
        }  # fmt: skip
        changing.insert(draft, PrecollectionRule, rules, keys={"practice": 1})
        ledger.seal(draft)


def night(path: Path, chunk: int) -> dict[str, Any]:
    """The night in this process, with pauses as always; `chunk` (0: as always) makes its chunks smaller, for a small practice."""
    if chunk:
        steps.CANDIDATES = steps.ROWS = steps.FLAGGED = chunk
    store, held = open_store(path), list[float]()
    act = store.act

    @contextmanager
    def timed() -> Iterator[Any]:
        with act() as writing:
            begun = time.perf_counter()
            yield writing
        held.append(time.perf_counter() - begun)

    store.act = timed  # type: ignore[method-assign]
    started, wall = time.perf_counter(), time.time()
    office = Office(store, Actor("bench", "administrator"), practice.DAY)
    with nightly.nights(office) as reports:
        (report,) = list(reports)
    seconds = time.perf_counter() - started
    steps_done = {state.step: state.count for state in report.steps}
    told = {"status": report.status, "message": report.message, "seconds": seconds, "began": wall, "steps": steps_done}
    return told | {"held": spread(held), "cpu": time.process_time()}


def run(
    folder: Path, lines: int, count: int, seed: int, *, pause: float = 0.5, chunk: int = 0, least: float = 0
) -> Outcome:
    """Run it all in a folder; operators go on for at least so many seconds in all, and until the night has ended."""
    path, stop = folder / "office.db", folder / "stop"
    names = [f"op{number}" for number in range(1, count + 1)]
    prepare(path, lines, names, min(2000, lines // 10))
    logs = [folder / f"{name}.log" for name in names]
    base = [sys.executable, "-m", "benchmarks.trust.together", "--child"]
    started = time.monotonic()
    people = [
        subprocess.Popen(
            [*base, json.dumps(["operator", str(path), name, seed * 100 + place, str(log), pause, str(stop)])]
        )
        for place, (name, log) in enumerate(zip(names, logs, strict=True))
    ]
    out = {}
    try:
        while not all(log.exists() and log.stat().st_size for log in logs):
            time.sleep(0.01)
        asked = json.dumps(["night", str(path), chunk])
        done = subprocess.run([*base, asked], check=True, capture_output=True, text=True)
        out = json.loads(done.stdout.splitlines()[-1])
        time.sleep(max(0.0, least - (time.monotonic() - started)))
    finally:
        stop.touch()
        ended = [person.wait(60) for person in people]
    outcome = Outcome(lines, count, seed, night=out)
    outcome.broken += [f"an operator's process ended with {code}" for code in ended if code]
    _judge(outcome, path, logs)
    return outcome


def _judge(outcome: Outcome, path: Path, logs: list[Path]) -> None:
    kinds: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    whole, lock = [], []
    for row in (row for log in logs for row in claims.rows_of(log) if "kind" in row):
        whole.append(row["whole"])
        lock.append(row["lock"])
        if "locked" in row:
            outcome.locked.append(f"{row['kind']}: {row['locked']}")
        elif "broken" in row:
            outcome.broken.append(f"{row['kind']}: {row['broken']}")
        elif "refused" in row:
            refused[row["refused"]] += 1
        else:
            kinds[row["kind"]] += 1
            outcome.during += outcome.night["began"] <= row["at"] <= outcome.night["began"] + outcome.night["seconds"]
    if outcome.night["status"] != "done":
        outcome.broken.append(f"the night: {outcome.night['message']}")
    outcome.kinds, outcome.refused, outcome.confirmed = dict(kinds), dict(refused), sum(kinds.values())
    outcome.whole, outcome.lock = spread(whole), spread(lock)
    outcome.lost = claims.lost(path, logs)
    store = open_store(path)
    outcome.findings = [finding.sentence for finding in checking.check(store)]
    store.close()


def spread(values: list[float]) -> dict[str, float]:
    """Middle, 95th and 99th percentile and largest."""
    ordered = sorted(values) or [0.0]
    last = len(ordered) - 1
    shares = (("p50", 0.5), ("p95", 0.95), ("p99", 0.99), ("max", 1.0))
    return {name: round(ordered[round(last * share)], 4) for name, share in shares}


def _child(asked: str) -> None:
    kind, path, *rest = json.loads(asked)
    if kind == "night":
        print(json.dumps(night(Path(path), *rest)))
        return
    from benchmarks.trust.acting import Operator

    name, seed, log, pause, stop = rest
    Operator(Path(path), name, seed, Path(log), pause).work(Path(stop))


def main() -> int:
    """Run once and print the outcome as JSON; 1 when anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=200_000)
    parser.add_argument("--operators", type=int, default=8)
    parser.add_argument("--seed", type=int, default=int(time.time()) % 100_000)
    parser.add_argument("--long", action="store_true", help="1,000,000 lines")
    parser.add_argument(
        "--folder", type=Path, help="where the store is made; default: the machine's place for temporary files"
    )
    parser.add_argument("--json", type=Path, help="where the outcome goes, besides standard output")
    parser.add_argument("--child", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.child:
        _child(options.child)
        return 0
    print(f"seed {options.seed}", file=sys.stderr)
    with tempfile.TemporaryDirectory(prefix="bo_tui-together-", dir=options.folder) as folder:
        outcome = run(Path(folder), 1_000_000 if options.long else options.lines, options.operators, options.seed)
    document = asdict(outcome) | {"date": time.strftime("%Y-%m-%d"), "machine": machine(), "wrong": outcome.wrong}
    print(json.dumps(document))
    if options.json:
        options.json.write_text(json.dumps(document, indent=1) + "\n")
    return 1 if outcome.wrong or outcome.slow else 0


if __name__ == "__main__":
    sys.exit(main())
