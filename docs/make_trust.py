"""Draw the generated parts of docs/trust.md from what the harnesses found: `python docs/make_trust.py`.

Each part stands between `<!-- NAME -->` and `<!-- /NAME -->` and is made of JSON below benchmarks/trust/results/, which the
harnesses write (`python -m benchmarks.trust.kills --json ...`; also powerloss, hostile, machine, together). A further one adds a
function to PARTS.
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent
sys.path.insert(0, str(ROOT.parent))  # the cases of tampering are the tests'
RESULTS = ROOT.parent / "benchmarks" / "trust" / "results"
PAGE = ROOT / "trust.md"
WORDS = {
    "night": "a night",
    "import": "an import",
    "batch": "posting a batch",
    "restore": "a restore",
    "backup": "a backup",
}


def read(name: str) -> list[dict[str, Any]]:
    """Every document of a harness, by file name."""
    return [json.loads(path.read_text()) for path in sorted(RESULTS.glob(f"{name}*.json"))]


def table(heads: list[str], rows: list[list[Any]]) -> list[str]:
    """A Markdown table; numbers to the right."""
    rule = "|" + "|".join("---" if not at else "---:" for at in range(len(heads))) + "|"
    return [
        "| " + " | ".join(heads) + " |",
        rule,
        *("| " + " | ".join(str(cell) for cell in row) + " |" for row in rows),
    ]


def kills() -> list[str]:
    """Kills by what was killed, and the night's by step."""
    documents = read("kills")
    campaigns = [one | {"date": document["date"]} for document in documents for one in document["campaigns"]]
    order = list(WORDS)
    campaigns.sort(key=lambda one: (order.index(one["scene"]), -one["lines"]))
    rows = [
        [
            f"{WORDS[one['scene']]} of {one['lines']:,} lines",
            one["seed"],
            f"{one['kills']:,}",
            one["works"],
            one["full_disks"],
            len(one["wrong"]),
        ]
        for one in campaigns
    ]
    total = sum(one["kills"] for one in campaigns)
    full = sum(one["full_disks"] for one in campaigns)
    wrong = sum(len(one["wrong"]) for one in campaigns)
    rows.append(["**all**", "", f"**{total:,}**", sum(one["works"] for one in campaigns), full, f"**{wrong}**"])
    heads = ["What was killed", "seed", "kills", "pieces of work", "full disks", "not as one left alone"]
    lines = table(heads, rows)
    lines += ["", "The night's kills by the step that was going on:", ""]
    steps: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    for one in campaigns:
        kinds.update(one["kinds"])
        if one["scene"] == "night":
            steps.update({step or "begin": count for step, count in one["steps"].items()})
    names = [
        "begin",
        "withdraw",
        "returned_mail",
        "reassign",
        "select",
        "approve",
        "files",
        "updates",
        "precollect_stop",
        "precollect_start",
        "check",
        "close",
    ]
    lines += table(["step", "kills"], [[name, steps[name]] for name in names if steps[name]])
    means = {
        "time": "after a time, from outside",
        "statement": "before an SQL statement",
        "commit": "right after a commit",
        "tick": "inside an SQL statement",
        "call": "before a call of the system that changes a file",
    }
    lines += ["", "All kills by how their moment was chosen: "]
    lines[-1] += "; ".join(f"{means[kind]} {kinds[kind]}" for kind in means) + "."
    machine = documents[0]["machine"]
    dates = sorted({document["date"] for document in documents})
    lines += [
        "",
        f"Run on {' and '.join(dates)}: {machine['system']}, {machine['processors']} processors shared with other work, files "
        f"in memory, Python {machine['python']}, SQLite {machine['sqlite']}.",
    ]
    return lines


def powerloss() -> list[str]:
    """Power failures and full disks by what was written."""
    (document,) = read("powerloss")
    rows = [[one["work"], one["calls"], one["power"], one["full"], len(one["wrong"])] for one in document["works"]]
    heads = ["What was written", "calls of the system", "power failures", "full disks", "wrong"]
    return [*table(heads, rows), "", f"Run on {document['date']}."]


def hostile() -> list[str]:
    """Spoiled cells and files by run."""
    rows = []
    for document in read("hostile"):
        for kind, words in (("fields", "cells of rows"), ("files", "files' bytes")):
            one = document[kind]
            if one["cases"]:
                counts = (one[name] for name in ("cases", "refused", "loaded", "imports"))
                rows.append([words, document["seed"], *(f"{count:,}" for count in counts), 0])
    heads = ["What was spoiled", "seed", "cases", "refused", "loaded", "imports", "wrong"]
    return [*table(heads, rows), "", f"Run on {read('hostile')[0]['date']}."]


def machine() -> list[str]:
    """Acts in any order by run."""
    rows = []
    for one in read("machine"):
        counts = (one[name] for name in ("offices", "acts_tried", "acts_written", "kinds"))
        rows.append(
            [f"{one['seeds'][0]} to {one['seeds'][1]}", *(f"{count:,}" for count in counts), len(one["failed"])]
        )
    heads = ["seeds", "offices", "acts tried", "acts written", "kinds of acts", "wrong"]
    return [*table(heads, rows), "", f"Run on {read('machine')[0]['date']}."]


def together() -> list[str]:
    """Operators and a night at once by run: what was confirmed and refused, how long writes took, and what was wrong."""
    documents = read("together")
    if not documents:
        return ["Not run on this state of the program yet."]
    rows = []
    for one in sorted(documents, key=lambda one: one["lines"]):
        whole, refused = one["whole"], ", ".join(f"{kind} {count}" for kind, count in sorted(one["refused"].items()))
        rows.append([
            f"{one['lines']:,}", one["operators"], one["seed"], f"{one['night']['seconds']:.0f} s", f"{one['confirmed']:,}",
            f"{one['during']:,}", refused or "0", f"{whole['p50']:.3f} s", f"{whole['p99']:.3f} s", f"{whole['max']:.3f} s",
            len(one["wrong"]),
        ])  # fmt: skip
    heads = [
        "lines", "operators", "seed", "the night took", "acts confirmed", "during the night", "refused", "a write, middle",
        "99 of 100", "longest", "wrong",
    ]  # fmt: skip
    return [*table(heads, rows), "", f"Run on {', '.join(sorted({one['date'] for one in documents}))}."]


def tampering() -> list[str]:
    """Each case of tests/trust/tampering.py with what sees it."""
    from tests.trust.tampering import CASES

    rows = [[case.name, " or ".join(f"`{kind}`" for kind in case.seen) or "nothing to see"] for case in CASES]
    return table(["What was done to the store", "seen as"], rows)


PARTS = {
    "kills": kills,
    "powerloss": powerloss,
    "hostile": hostile,
    "tampering": tampering,
    "machine": machine,
    "together": together,
}


def main() -> None:
    """Put each part into its place on the page."""
    text = PAGE.read_text()
    for name, part in PARTS.items():
        made = f"<!-- {name} -->\n" + "\n".join(part()) + f"\n<!-- /{name} -->"
        text, count = re.subn(f"<!-- {name} -->.*?<!-- /{name} -->", lambda _: made, text, flags=re.DOTALL)
        if count != 1:
            raise SystemExit(f"docs/trust.md has no place for {name}.")
    PAGE.write_text(text)


if __name__ == "__main__":
    main()
