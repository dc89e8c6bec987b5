"""`make bench`: print the figures. Sizes come from the command line, as lines of the practice: `python -m benchmarks 100000`."""

from __future__ import annotations

import json
import sys

from tabulate import tabulate

from benchmarks import night


def main() -> None:
    """Measure each size and print one table, then the same as JSON."""
    sizes = [int(size) for size in sys.argv[1:]] or [100_000, 1_000_000]
    rows = []
    for size in sizes:
        print(f"building and running {size:,} lines ...", file=sys.stderr)
        rows.append(night.measure(size))
    heads = ["lines", "posted", "plain sqlite3, s", "night, s", "ratio", "night, MB", "plain, MB"]
    table = [
        [
            f"{r['lines']:,}",
            f"{r['posted']:,}",
            f"{r['floor_seconds']:.2f}",
            f"{r['night_seconds']:.2f}",
            f"{r['ratio']:.2f}",
            f"{r['night_mb']:.0f}",
            f"{r['floor_mb']:.0f}",
        ]
        for r in rows
    ]
    print(tabulate(table, heads, disable_numparse=True, stralign="right"))
    print(json.dumps({"night": rows}))


if __name__ == "__main__":
    main()
