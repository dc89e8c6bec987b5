"""Import and check: an office folder of so many lines through the import, then everything checked, in a process each."""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from benchmarks import practice
from benchmarks.practice import DAY


def write(folder: Path, lines: int) -> int:
    """Office CSV files of so many lines, a payment each and an account for four; how many rows they have."""
    folder.mkdir()
    (folder / "practices.csv").write_text("practice,name\nBENCH,Bench Anesthesia\n")
    with (folder / "accounts.csv").open("w") as out:
        out.write("practice,account,last,first,address1,city,state,zip\n")
        out.writelines(f"BENCH,A{n},Name{n % 9999},Ana,1 Street,Town,TX,75001\n" for n in range((lines + 3) // 4))
    with (folder / "service_lines.csv").open("w") as out:
        out.write("practice,account,line,date_of_service,description,fee,responsibility,responsible_since\n")
        out.writelines(
            f"BENCH,A{n // 4},L{n},2026-05-{n % 28 + 1:02},Anesthesia,{100 + n % 400}.00,guarantor,2026-10-{n % 28 + 1:02}\n"
            for n in range(lines)
        )
    with (folder / "transactions.csv").open("w") as out:
        out.write("id,practice,line,code,amount,posted\n")
        out.writelines(f"T{n},BENCH,L{n},GPYMT,{5 + n % 40}.00,2026-10-{n % 28 + 1:02}\n" for n in range(lines))
    return lines * 2 + (lines + 3) // 4


def measure(lines: int) -> dict[str, float]:
    """Seconds per million rows or entries, rates, and megabytes; each in a process of its own."""
    with tempfile.TemporaryDirectory(prefix="bo_tui-load-") as folder:
        rows = write(Path(folder) / "csv", lines)
        found = {"rows": float(rows)}
        for kind in ("load", "chain", "check"):
            command = [sys.executable, "-m", "benchmarks.loading", kind, folder]
            out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
            found |= {f"{kind}_{name}": value for name, value in json.loads(out.splitlines()[-1]).items()}
    found["load_seconds_per_million"] = found["load_seconds"] * 1e6 / rows
    for kind in ("chain", "check"):
        found[f"{kind}_per_second"] = found[f"{kind}_entries"] / found[f"{kind}_seconds"]
    return found


def child(kind: str, folder: Path) -> None:
    """One measured run, as JSON on standard output."""
    from bo_tui.cli.init import make_office
    from bo_tui.db.connection import open_store
    from bo_tui.db.integrity import Scope, chain
    from bo_tui.rules import checking
    from bo_tui.rules.importing import import_folder

    path = folder / "office.db"
    if kind == "load":
        office = make_office(path, "BENCH", "Bench Anesthesia", "bench", DAY)
        started = time.perf_counter()
        import_folder(office, folder / "csv")
        seconds = time.perf_counter() - started
        office.close()
    store = open_store(path)
    (entries,) = store.use().execute_sql("SELECT count(*) FROM entry").fetchone()
    if kind != "load":
        before = time.process_time()
        started = time.perf_counter()
        if kind == "chain":
            with store.reading() as db:
                findings = chain.check(db, Scope())
        else:
            findings = checking.check(store)
        seconds = time.perf_counter() - started
        assert not findings, findings[:3]
        cpu = time.process_time() - before
    used = resource.getrusage(resource.RUSAGE_SELF)
    if kind == "load":
        cpu = used.ru_utime + used.ru_stime
    print(json.dumps({"seconds": seconds, "cpu": cpu, "entries": entries, "mb": practice.peak_mb()}))


if __name__ == "__main__":
    child(sys.argv[1], Path(sys.argv[2]))
