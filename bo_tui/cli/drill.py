"""`bo-tui drill`: a restore rehearsed in a scratch place; 0 when the backup would bring the office back, 1 when it would not."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import click

from bo_tui import dates
from bo_tui.cli import common
from bo_tui.rules import drill
from bo_tui.rules.drill import Drill
from bo_tui.text import clean, counted

FOUND = 1


@click.command("drill")
@click.argument("file", metavar="[BACKUP]", required=False, type=common.FILE)
@common.json_option
@click.pass_context
def command(ctx: click.Context, file: Path | None, as_json: bool) -> int:
    """Restore BACKUP (default: the newest in backups/) into a scratch place, check it there, and compare it with the store.

    Nothing is changed. Where the store is missing or damaged nothing is compared, and the backup's own operators count.
    The scratch place is among the machine's temporary files (TMPDIR moves it) and needs room for two copies.
    """
    began = time.perf_counter()
    done = _drill(ctx, file)
    seconds = time.perf_counter() - began
    if as_json:
        common.print_json(_document(done, seconds))
    else:
        _print(done, seconds)
    return FOUND if done.findings else 0


def _drill(ctx: click.Context, file: Path | None) -> Drill:
    try:
        office = common.open_office(ctx)
    except drill.DAMAGED as why:
        return drill.drill_alone(common.store_path(ctx), file, common.current_user(), dates.today(), why)
    return drill.drill(office, file)


def _age(done: Drill) -> int | None:
    """Days from the backup's last act to today's business date."""
    return None if done.business_date is None else dates.today() - done.business_date


def _away(age: int) -> str:
    """How far a business date lies behind today; a night may have been run ahead."""
    if age >= 0:
        return f"{counted(age, 'day')} ago"
    return "dated tomorrow" if age == -1 else f"dated {counted(-age, 'day')} ahead"


def _document(done: Drill, seconds: float) -> dict[str, Any]:
    return {
        "backup": str(done.file),
        "bytes": done.size,
        "sha256": done.sha256,
        "business_date": dates.iso(done.business_date),
        "age": _age(done),
        "acts_since": done.since,
        "counts": done.counts,
        "heads": [{"practice": code, "act": act, "head": digest} for code, act, digest in done.heads],
        "seconds": round(seconds, 2),
        "findings": [{"kind": f.kind, "subject": f.subject, "sentence": f.sentence} for f in done.findings],
        "not_compared": done.alone,
    }


def _print(done: Drill, seconds: float) -> None:
    click.echo(f"{clean(str(done.file))}: {done.size:,} bytes, SHA-256 {done.sha256}")
    if done.business_date is not None:
        day = f"{dates.iso(done.business_date)} ({_away(_age(done) or 0)})"
        click.echo(f"Last act: business date {day}, written {dates.local(done.made_at)}")
    if done.since is not None:
        click.echo(f"Acts in the store since: {done.since:,}")
    if done.alone is not None:
        click.echo(f"Not compared with the live store: {clean(done.alone)}")
    for code, act, digest in done.heads:
        click.echo(f"Head of {clean(code) or 'what belongs to no practice'}: act {act}, {digest}")
    if done.counts:
        counts = [(name.replace("_", " "), f"{count:,}") for name, count in done.counts.items()]
        common.print_table([common.Column("Restored"), common.Column("Rows", True)], counts)
        click.echo(f"Agency files written again: {done.outbox:,}")
    for finding in done.findings:
        click.echo(f"{finding.kind}: {clean(finding.sentence)}")
    verdict = f"{len(done.findings)} found; do not rely on this backup" if done.findings else "good"
    click.echo(f"Drill: {verdict} ({seconds:.1f} s).")
