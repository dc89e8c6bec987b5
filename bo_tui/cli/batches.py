"""Payment batches for scripts: `import-remit` loads an agency's remittance, `batch` shows, posts and deletes batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from bo_tui import money
from bo_tui.cli import common
from bo_tui.cli.acting import ID, TEXT, Asked, Happened, act
from bo_tui.errors import BadInput
from bo_tui.text import counted


@act("import-remit", "Load an agency's remittance as CSV into a payment batch; nothing of it is posted yet.")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--agency", type=TEXT, metavar="A", required=True, help="The agency's name.")
@click.option("--number", type=TEXT, metavar="N", help="The check's number (default: the file's name).")
@click.option("--check-date", type=common.DAY, metavar="D", help="The check's date (default: the business date).")
@click.option("--amount", type=common.AMOUNT, metavar="A", help="The check's amount (default: what the rows say).")
@click.option("--another-check", is_flag=True, help="It is not the one entered before with the same number and amount.")
def import_remit(
    asked: Asked,
    file: Path,
    agency: str,
    number: str | None,
    check_date: int | None,
    amount: int | None,
    another_check: bool,
) -> Happened:
    """`import-remit FILE --agency A`."""
    from bo_tui.rules.batches import remit

    try:
        done = remit.import_remit(
            asked.office, asked.practice, agency, file, number, check_date, amount,
            accounting_date=asked.accounting_date, another_check=another_check,
        )  # fmt: skip
    except BadInput as refused:
        for problem in refused.problems:
            common.say(str(problem))
        if refused.total > len(refused.problems):
            common.say(f"... and {refused.total - len(refused.problems):,} more")
        raise BadInput(refused.sentence, total=0) from refused  # listed already
    waiting = remit.exceptions(asked.office, done.batch)
    said = [
        f"Batch {done.number}: a payment of {money.shown(done.amount)} by {agency}, {counted(done.matched, 'row')} matched."
    ]
    said += [f"Row {one.row}: {one.reason}." for one in waiting]
    if done.remaining:
        said.append(f"{money.shown(done.remaining)} remains to be distributed.")
    document = {
        "kind": "import_remit", "act": str(done.act), "batch": str(done.batch), "number": done.number,
        "payment": str(done.payment), "matched": done.matched, "amount": money.plain(done.amount),
        "remaining": money.plain(done.remaining), "exceptions": [{"row": one.row, "reason": one.reason} for one in waiting],
    }  # fmt: skip
    return document, said


@click.group("batch", help="Show, post or delete payment batches, by their id.")
def batch() -> None:
    """`batch show|post|delete BATCH`."""


@act("show", "Show a payment batch: expected, entered, posted, and what of a remittance waits.")
@click.argument("number", type=ID, metavar="BATCH")
def show(asked: Asked, number: int) -> Happened:
    """`batch show BATCH`."""
    from bo_tui.rules import audit
    from bo_tui.rules.batches import batches, remit

    stands = batches.standing(asked.office, number, practice=asked.practice)
    audit.keep(asked.office, "look", "payment_batch", number, None, asked.practice)
    waiting = [one for one in remit.exceptions(asked.office, number) if one.state == remit.OPEN]
    document = {
        "kind": "batch", "batch": str(stands.id), "number": stands.number, "in_balance": stands.in_balance,
        "expected": _sum(stands.expected_count, stands.expected_total),
        "current": _sum(stands.current_count, stands.current_total),
        "posted": _sum(stands.posted_count, stands.posted_total),
        "exceptions": [{"row": one.row, "reason": one.reason} for one in waiting],
    }  # fmt: skip
    expected = "" if stands.expected_total is None else f", {money.shown(stands.expected_total)}"
    said = [
        f"Batch {stands.number}: {'in balance' if stands.in_balance else 'not in balance'}.",
        (
            f"Expected {stands.expected_count:,}{expected}; entered {stands.current_count:,}, "
            f"{money.shown(stands.current_total)}; posted {stands.posted_count:,}, {money.shown(stands.posted_total)}."
        ),
    ]
    return document, said + [f"Row {one.row}: {one.reason}." for one in waiting]


@act("post", "Post a payment batch that is in balance; what is refused is listed and stays.")
@click.argument("number", type=ID, metavar="BATCH")
@click.option("--repoint", is_flag=True, help="An agency's money may follow a debt that has moved.")
def post(asked: Asked, number: int, repoint: bool) -> Happened:
    """`batch post BATCH [--repoint] [--accounting-date D]`: the date of what is posted now, instead of each payment's own."""
    from bo_tui.rules.batches import posting

    done = posting.post(
        asked.office, number, repoint=repoint, accounting_date=asked.accounting_date, practice=asked.practice
    )
    document = {
        "kind": "batch_post", "acts": [str(one) for one in done.acts], "payments": done.payments, "partly": done.partly,
        "amount": money.plain(done.amount),
        "refused": [{"distribution": str(one.distribution), "reason": one.sentence} for one in done.refused],
        "left": [one.sentence for one in done.left],
    }  # fmt: skip
    partly = f", {done.partly:,} in part" if done.partly else ""
    said = [f"Posted {counted(done.payments, 'payment')}{partly}, {money.shown(done.amount)}."]
    return document, said + [one.sentence for one in done.refused] + [one.sentence for one in done.left]


@act("delete", "Delete a payment batch of which nothing was posted.")
@click.argument("number", type=ID, metavar="BATCH")
def delete(asked: Asked, number: int) -> Happened:
    """`batch delete BATCH`."""
    from bo_tui.rules.batches import batches

    done = batches.delete(asked.office, number, practice=asked.practice)
    return {"kind": "batch_delete", "act": str(done.act), "number": done.number}, [f"Batch {done.number} is deleted."]


for _command in (show, post, delete):
    batch.add_command(_command)


def _sum(count: int, cents: int | None) -> dict[str, Any]:
    return {"count": count, "amount": None if cents is None else money.plain(cents)}
