"""The state machine over every act, long: `python -m benchmarks.trust.machine [--steps 10000] [--seed N] [--json FILE]`.

Offices of 40 steps each, a seed each; after every step all invariants hold, at the end of each office `check` is silent. A seed
that is printed does the same again with `--only SEED`.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests import making
from tests.rules import test_state_machine as base
from tests.trust.wholeoffice import WholeOffice

STEPS = 40  # of one office
OFFICES = 5  # of one seed


class Counted(WholeOffice):
    """The machine, counting its steps and the acts that were written."""

    steps = 0
    offices = 0
    acts: Counter[str] = Counter()

    def teardown(self) -> None:
        """The last word of an office: what it did is counted, then `check`."""
        Counted.offices += 1
        Counted.acts.update(dict(self.book.sql("SELECT kind, count(*) FROM act GROUP BY kind")))
        super().teardown()

    def tried(self, act: Any, *arguments: Any, **named: Any) -> Any:
        """A step more."""
        Counted.steps += 1
        return super().tried(act, *arguments, **named)


def run(number: int, shrink: bool = False) -> None:
    """The offices of a seed; whatever an invariant or `check` says is raised, after its steps were made fewer with `shrink`."""
    of_seed = seed(number)(type("OfSeed", (Counted,), {}))
    run_state_machine_as_test(
        of_seed,
        settings=settings(
            max_examples=OFFICES,
            stateful_step_count=STEPS,
            deadline=None,
            database=None,
            derandomize=False,
            phases=(Phase.generate, Phase.shrink) if shrink else (Phase.generate,),
            suppress_health_check=list(HealthCheck),
            print_blob=True,
        ),
    )


def main() -> None:
    """Run until there were so many steps; print the figures as JSON, and keep them."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--steps", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked.add_argument("--only", type=int, help="this seed alone")
    asked.add_argument(
        "--shrink", action="store_true", help="with --only: look for fewer steps that fail (takes minutes)"
    )
    asked.add_argument("--json", type=Path, help="a file for the figures")
    options = asked.parse_args()
    started, number, failed = time.monotonic(), options.seed, []
    with tempfile.TemporaryDirectory() as folder:
        base.template = Path(folder) / "template.db"
        office = making.new_office(base.template)
        office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        office.close()
        if options.only is not None:
            run(options.only, options.shrink)
        while options.only is None and Counted.steps < options.steps:
            print(f"\rseed {number}, {Counted.steps:,} acts tried", end="", file=sys.stderr, flush=True)
            try:
                run(number)
            except BaseException as error:
                if isinstance(error, KeyboardInterrupt):
                    raise
                failed.append(number)
                print(f"\nseed {number}: {error!r:.2000}", file=sys.stderr, flush=True)
                if len(failed) == 5:
                    break
            number += 1
    figures = {
        "date": time.strftime("%Y-%m-%d"),
        "seeds": [options.seed, number - 1], "offices": Counted.offices, "acts_tried": Counted.steps,
        "acts_written": sum(Counted.acts.values()), "kinds": len(Counted.acts), "failed": failed,
        "seconds": round(time.monotonic() - started),
    }  # fmt: skip
    print(file=sys.stderr)
    print(json.dumps(figures))
    print(json.dumps(dict(sorted(Counted.acts.items()))), file=sys.stderr)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1) + "\n")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
