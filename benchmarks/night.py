"""The night against the plain `sqlite3` script, both in one run on fresh copies of one store, each in a process of its own."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import floor, practice

ROUNDS = 3


def night(path: Path) -> dict[str, float]:
    """The program's own night on a store: every step it has, its check and its pauses included."""
    from bo_tui.db.connection import open_store
    from bo_tui.office import Actor, Office
    from bo_tui.rules import nightly

    started, used = time.perf_counter(), time.process_time()
    office = Office(open_store(path), Actor("bench", "administrator"), practice.DAY)
    with nightly.nights(office) as reports:
        (report,) = list(reports)
    assert report.status == "done", report.message
    posted = next(state.count for state in report.steps if state.step == "approve")
    spent = time.process_time() - used
    counts = {"queued": report.control["queued"][0], "posted": posted}
    return counts | {"seconds": time.perf_counter() - started, "cpu": spent}


def measure(lines: int, rounds: int = ROUNDS) -> dict[str, float]:
    """Median seconds of both over some rounds that alternate, and their ratio, for so many lines and payments.

    Both kinds of seconds begin when the night's first modules are imported; `whole_cpu` is the process's, its start included.
    """
    with tempfile.TemporaryDirectory(prefix="bo_tui-bench-") as folder:
        base = Path(folder) / "base" / "office.db"
        practice.build(base, lines).close()
        times: dict[str, list[float]] = {"floor": [], "night": []}
        cpu: dict[str, list[float]] = {"floor": [], "night": []}
        whole: dict[str, list[float]] = {"floor": [], "night": []}
        last: dict[str, dict[str, float]] = {}
        for _ in range(rounds):
            for kind in times:
                work = Path(folder) / kind
                shutil.rmtree(work, ignore_errors=True)
                work.mkdir()
                shutil.copy(base, work / "office.db")
                command = [sys.executable, "-m", f"benchmarks.{kind}", str(work / "office.db")]
                out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
                last[kind] = json.loads(out.splitlines()[-1])
                times[kind].append(last[kind]["seconds"])
                cpu[kind].append(last[kind]["cpu"])
                whole[kind].append(last[kind]["whole_cpu"])
    for key in ("queued", "posted"):
        if last["floor"][key] != last["night"][key]:
            raise AssertionError(f"the two did not do the same: {key} {last['floor'][key]} and {last['night'][key]}")
    middle = {kind: sorted(values)[len(values) // 2] for kind, values in times.items()}
    used = {kind: sorted(values)[len(values) // 2] for kind, values in cpu.items()}
    from_start = {kind: sorted(values)[len(values) // 2] for kind, values in whole.items()}
    return {
        "lines": lines,
        "posted": last["night"]["posted"],
        "floor_seconds": middle["floor"],
        "night_seconds": middle["night"],
        "ratio": middle["night"] / middle["floor"],
        "floor_cpu": used["floor"],
        "night_cpu": used["night"],
        "cpu_ratio": used["night"] / used["floor"],
        "floor_whole_cpu": from_start["floor"],
        "night_whole_cpu": from_start["night"],
        "night_mb": last["night"]["mb"],
        "floor_mb": last["floor"]["mb"],
    }


if __name__ == "__main__":
    floor.tell(night(Path(sys.argv[1])))
