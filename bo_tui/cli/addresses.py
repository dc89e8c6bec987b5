"""`bo-tui import-addresses FILE`: load the results of an address service, all or nothing (docs/formats.md, Address corrections)."""

from __future__ import annotations

from pathlib import Path

import click

from bo_tui.cli import common
from bo_tui.cli.acting import Asked, Happened, act
from bo_tui.errors import BadInput
from bo_tui.text import counted

COUNTED = ("rows", "waiting", "approved", "denied", "returned", "flagged", "nothing", "repeated", "left_out")
WORDS = (
    ("waiting", "{0:,} to be approved or denied on Address Corrections."),
    ("approved", "{0:,} approved; the accounts have their new addresses."),
    ("denied", "{0:,} denied; each is an error to be acknowledged on Address Corrections."),
    ("returned", "{0:,} of mail that came back, to be acknowledged or flagged on Address Corrections."),
    ("flagged", "{0:,} of mail that came back; the accounts are flagged by the rule."),
    ("nothing", "{0:,} with nothing new."),
    ("repeated", "{0:,} repeated in the file."),
    ("left_out", "{0:,} of other practices, left out."),
)


@act("import-addresses", "Load the results of an address service (NCOA, ACS) as CSV, all or nothing, no file twice.")
@click.argument("file", type=click.Path(path_type=Path))
def command(asked: Asked, file: Path) -> Happened:
    """`import-addresses FILE [--practice CODE]`."""
    from bo_tui.rules.addresses import load

    try:
        done = load.load(asked.office, asked.practice, file)
    except BadInput as refused:
        for problem in refused.problems:
            common.say(str(problem))
        if refused.total > len(refused.problems):
            common.say(f"... and {refused.total - len(refused.problems):,} more")
        raise BadInput(refused.sentence, total=0) from refused  # listed already
    said = [f"Loaded {done.name}: {counted(done.rows, 'row')}."]
    said += [words.format(getattr(done, name)) for name, words in WORDS if getattr(done, name)]
    counts = {name: getattr(done, name) for name in COUNTED}
    return {"kind": "import_addresses", "act": str(done.act), "file": done.name} | counts, said
