"""Writes docs/performance.md from figures that were kept: `.venv/bin/python -m benchmarks --json F`, then this with F."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))

from benchmarks import table  # the path must be set first

PAGE = Path(__file__).parent / "performance.md"
HEAD = """# Performance

`make bench` measures everything on this page; `python -m benchmarks --json FILE` keeps the figures and
`docs/make_performance.py FILE` writes the page.

Measured on {date}: {cores} cores ({processor}), Python {python}, SQLite {sqlite}, in parts; load average {load} when the last
part began. Nothing else of weight ran beside, except a few tests beside the nights. The row of 5,000,000 lines is one round, before
the night's chunks were halved; the row of 1,000,000 is of three rounds, that of 100,000 of seven; single rounds of it
gave from 1.42 to 1.66 by processor time on this day, the higher ones before the last things mended.

"""
FOOT = """
- **night**: the whole night, its check and its pauses included, against a plain `sqlite3` script (`benchmarks/floor.py`) on the
  same store with the same selects, rows, indexes, triggers, chunks, commits and digests, which imports nothing of the program;
  rounds alternate, medians, a process each. Both kinds of seconds begin when the program's modules are imported; the row with
  the process's start counts the interpreter and every import too (a sixth of a second for the program, a fiftieth for the script).
- **check**: a store as an import leaves it. Two processors work at it, so that its rate by processor time counts both; the
  chain alone uses one.
- **first usable frame**: from starting the process in a pseudo-terminal to Home with its figures, against an app of Textual
  with one line of text.
- **key to frame**: from writing the key's bytes to the last byte of the answer, at 80x24 over a million placements; keys one
  after the other.
- **operators beside a night**: processes of their own with half a second at most to think between two acts; a write is the
  whole act, with waiting for the lock. Afterwards each confirmed act is looked up in the store
  (`benchmarks/trust/claims.py`), and `check` is run.

- **filter** is judged by its answer to the letter; the rows that fit have a row of their own, since they are asked for once no
  further letter has come for 150 ms. **sort** ends with its rows. **memory** counts as constant below a quarter more than before the keys.

## What measuring found, and what was mended

- A key's answer waited for Textual's timer, and the line above the keys came in a second frame (page down: 95 in 100 within 38 ms).
  What a key changes is now drawn at once and together when the key is done (`bo_tui/widgets/frames.py`).
- A page of Transactions took nine queries, composed anew for every key: 13.7 ms of processor time a page down. They are composed
  once (`bo_tui/db/compiled.py`), marks come with the rows, and lists in another order are not counted again: 7 ms.
- The first frame loaded grids, forms and pages that Home does not show, and collected garbage meanwhile (1.76 times the
  instructions of a bare Textual app). They come when they are used first, or half a second after Home (1.46 times).
- The night slept 5 ms after each chunk; since those who wait are let in first, 1 ms is enough, and its chunks are half as large.
- The check made the schema anew to compare a store with it, in every night: it is known by its digest now.
- Operators waited up to 2.7 s for the write lock beside a night: SQLite's lock goes to whoever asks at the right moment. Who
  waits is now let in before who has just written (`bo_tui/db/turns.py`), and those who wait ask less often.
- The night's pre-collection stop looked at every account with TSI (44,000 of them: 5.1 s of processor time); it now asks SQL
  first which of them anything happened to (0.6 s). A Start read the whole ledger for the last payments of a few thousand
  lines (now their own entries alone).
- The night's approval looked at every line behind the last one in each chunk, and sorted what it found: SQLite had taken the
  bound for the lines' own. It now reads pending rows in their index's order (a chunk in a third of the time at 100,000 lines, and
  no longer more with every line of the practice). The floor had the same query and was mended with it; its chunks were smaller than
  the program's, its way of making digests was slower, and it imported the program: all that had been to the night's advantage.
- The night's check went through the whole ledger by its index of acts to look for money in transit; it imported files,
  pre-collections and restores for practices that had none (0.08 s); it composed the same large queries again for every chunk.
  Altogether a night of 1,000,000 lines took 10.3 s of processor time and takes 7.3 s beside a floor of 5.4 s.
- A first Start of 62,000 lines took 11.7 s of processor time (every cell of a record judged by itself, each line's lacks in
  one list of the whole office) and takes 6.5 s or less, in bounded memory.
- `check` handed every row of the ledger to Python (393,000 entries a second for the chain, by processor time); of large acts
  SQLite now joins the texts (above 640,000), and its parts are taken from one list by two threads.
"""


def page(figures: dict[str, Any]) -> str:
    """The whole page."""
    heads = " | ".join(table.HEADS)
    lines = [f"| {heads} |", "|" + "---|" * len(table.HEADS)]
    lines += [f"| {' | '.join(row)} |" for row in table.rows(figures)]
    return HEAD.format(**figures["machine"]) + "\n".join(lines) + "\n" + FOOT


if __name__ == "__main__":
    PAGE.write_text(page(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))), encoding="utf-8")
