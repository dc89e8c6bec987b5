"""`bo-tui why LINE`: every criterion's verdict for one service fee line, from the same criteria that select."""

from __future__ import annotations

from typing import Any

import click

from bo_tui import money
from bo_tui.cli import common
from bo_tui.db.tables import ServiceLine
from bo_tui.rules import audit
from bo_tui.rules.external.why import Why, why
from bo_tui.text import counted


@click.command(name="why")
@click.argument("line")
@common.practice_option
@common.date_option
@common.json_option
@click.pass_context
def command(ctx: click.Context, line: str, practice: str | None, date: int | None, as_json: bool) -> None:
    """Say why a line would or would not be queued for collections."""
    office = common.open_office(ctx, date, ahead=True)
    of = common.practice_of(office, practice)
    answer = why(office, of, line)
    with office.reading():
        mine = (ServiceLine.practice == of.id) & (ServiceLine.number == answer.line)
        line_id = ServiceLine.select(ServiceLine.id).where(mine).scalar()
    audit.keep(office, "look", "service_line", line_id, "why", of.id)
    if as_json:
        common.print_json(document(answer))
    else:
        _print(answer)


def document(answer: Why) -> dict[str, Any]:
    """The answer as CONTRACT's JSON."""
    return {
        "line": answer.line,
        "account": answer.account,
        "balance": money.plain(answer.balance),
        "age": answer.age,
        "outcome": answer.outcome,
        "agency": answer.agency,
        "because": answer.because,
        "with": answer.with_line,
        "agencies": [
            {
                "agency": agency.agency,
                "selected": agency.selected,
                "criteria": [
                    {"name": v.name, "passed": v.passed, "fact": v.fact, "sentence": v.sentence}
                    for v in agency.criteria
                ],
            }
            for agency in answer.agencies
        ],
        "precollections": _precollections(answer),
    }


def _precollections(answer: Why) -> dict[str, Any]:
    """The same for pre-collections; without criteria where the practice is not enrolled."""
    found = answer.precollections
    if found is None:
        return {}
    verdicts = [{"name": v.name, "passed": v.passed, "fact": v.fact, "sentence": v.sentence} for v in found.criteria]
    return {"selected": found.selected, "queued": found.queued, "sentence": found.sentence, "criteria": verdicts}


def _print(answer: Why) -> None:
    age = "" if answer.age is None else f", age {counted(answer.age, 'day')}"
    common.out(f"Line {answer.line} of account {answer.account}: balance {money.shown(answer.balance)}{age}")
    common.out(answer.sentence)
    for agency in answer.agencies:
        common.out("")
        common.out(f"{agency.agency}: {'would be selected' if agency.selected else 'not selected'}")
        for verdict in agency.criteria:
            common.out(f"  {'yes' if verdict.passed else 'NO '}  {verdict.sentence} ({verdict.fact})")
    if answer.precollections is not None and answer.precollections.criteria:
        common.out("")
        common.out(f"Pre-collections: {answer.precollections.sentence}")
        for one in answer.precollections.criteria:
            common.out(f"  {'yes' if one.passed else 'NO '}  {one.sentence} ({one.fact})")
