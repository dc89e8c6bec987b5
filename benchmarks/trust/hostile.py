"""Hostile imports, long: `python -m benchmarks.trust.hostile [--cases 1000000] [--files 20000] [--seed N] [--json FILE]`.

A case is one spoiled cell of an office CSV row, or one file with spoiled bytes. Every case must be refused with file, row, column
and reason, the store as it was, or be loaded with `check` silent (tests/trust/importing.py). The same seed gives the same cases.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from tests.trust.importing import Counts, Hostile

BATCH = 8_000  # spoiled rows of one folder


def run(cases: int, files: int, seed: int) -> dict[str, Any]:
    """The figures of so many spoiled cells and files; AssertionError or whatever was raised names the batch's seed."""
    started, total = time.monotonic(), {"fields": Counts(), "files": Counts()}
    batch = 0
    with tempfile.TemporaryDirectory() as folder:
        while total["fields"].cases < cases or total["files"].cases < files:
            kind = "fields" if total["fields"].cases < cases else "files"
            size = min(BATCH, cases - total[kind].cases) if kind == "fields" else min(500, files - total[kind].cases)
            of_batch = seed + batch
            hostile = Hostile(_fresh(Path(folder), batch), of_batch)
            try:
                getattr(hostile, kind)(size)
            except BaseException:
                print(f"found by: --seed {of_batch} --only {kind} --cases {size}", file=sys.stderr, flush=True)
                raise
            shutil.rmtree(hostile.folder)
            _add(total[kind], hostile.counts)
            batch += 1
            print(
                f"\r{total['fields'].cases:,} cells, {total['files'].cases:,} files",
                end="",
                file=sys.stderr,
                flush=True,
            )
    print(file=sys.stderr)
    return {
        "date": time.strftime("%Y-%m-%d"),
        "seed": seed,
        "batches": batch,
        "seconds": round(time.monotonic() - started),
        **{k: _figures(c) for k, c in total.items()},
    }


def _fresh(folder: Path, batch: int) -> Path:
    path = folder / str(batch)
    path.mkdir()
    return path


def _add(total: Counts, more: Counts) -> None:
    for name in ("cases", "refused", "loaded", "imports", "checks"):
        setattr(total, name, getattr(total, name) + getattr(more, name))
    total.reasons.update(more.reasons)


def _figures(counts: Counts) -> dict[str, Any]:
    columns: Counter[str] = counts.reasons
    return {name: getattr(counts, name) for name in ("cases", "refused", "loaded", "imports", "checks")} | {
        "columns": len(columns)
    }


def main() -> None:
    """Run, print the figures as JSON, and keep them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--cases", type=int, default=1_000_000)
    asked.add_argument("--files", type=int, default=20_000)
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked.add_argument("--only", choices=("fields", "files"), help="one batch alone, to see a finding again")
    asked.add_argument("--json", type=Path, help="a file for the figures")
    options = asked.parse_args()
    print(f"seed {options.seed}", file=sys.stderr)
    cells = options.cases if options.only != "files" else 0
    files = options.files if options.only is None else options.cases if options.only == "files" else 0
    figures = run(cells, files, options.seed)
    print(json.dumps(figures))
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")


if __name__ == "__main__":
    main()
