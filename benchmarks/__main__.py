"""`make bench`: every figure in one table, then as JSON. `python -m benchmarks [PART...] [--large] [--json FILE]`.

Parts: night, loading, startup, keys, batch, together; all of them where none is named. `--large` adds a night of five million
lines and operators beside one of a million. `--sizes 100000,5000000` and `--rounds N` choose the nights. `--json FILE` keeps the
figures, from which `docs/make_performance.py` writes its page.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tabulate import tabulate

from benchmarks import batch, keys, loading, night, startup, table
from benchmarks.trust import together

PARTS = ("night", "loading", "startup", "keys", "batch", "together")


def measure(part: str, large: bool, sizes: Sequence[int] = (), rounds: int = night.ROUNDS) -> Any:
    """One part's figures."""
    with tempfile.TemporaryDirectory(prefix="bo_tui-bench-") as folder:
        path = Path(folder) / "office.db"
        if part == "night":
            sizes = sizes or (100_000, 1_000_000, *((5_000_000,) if large else ()))
            return [night.measure(size, rounds) for size in sizes]
        if part == "loading":
            return loading.measure(400_000)
        if part == "startup":
            return startup.measure()
        if part == "keys":
            keys.build(path, 1_000_000).close()
            return keys.measure(path)
        if part == "batch":
            return batch.main(5000)
        return asdict(together.run(Path(folder), 1_000_000 if large else 200_000, 8, 1))


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"of {', '.join(PARTS)}")
    parser.add_argument("--large", action="store_true")
    parser.add_argument("--sizes", default="", help="lines of the nights, with commas between")
    parser.add_argument("--rounds", type=int, default=night.ROUNDS, help="of each night and its floor")
    parser.add_argument("--json", type=Path, help="keep the figures in this file, those of other parts too")
    options = parser.parse_args()
    if unknown := set(options.parts) - set(PARTS):
        parser.error(f"there is no part {', '.join(sorted(unknown))}")
    sizes = [int(size) for size in options.sizes.split(",") if size]
    kept = options.json is not None and options.json.exists()
    figures: dict[str, Any] = json.loads(options.json.read_text()) if kept else {}
    for part in options.parts or PARTS:
        print(f"measuring: {part} ...", file=sys.stderr)
        figures |= {"machine": table.machine(), part: measure(part, options.large, sizes, options.rounds)}
        if options.json is not None:
            options.json.write_text(json.dumps(figures, indent=1) + "\n", encoding="utf-8")
    print(tabulate(table.rows(figures), table.HEADS, disable_numparse=True))
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
