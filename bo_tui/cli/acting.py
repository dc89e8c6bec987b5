"""What the commands of the operators' acts share: their common options, and how they print what happened (CONTRACT)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from bo_tui import dates
from bo_tui.cli import common
from bo_tui.office import Office
from bo_tui.text import clean, first_unsafe

Happened = tuple[dict[str, Any], list[str]]  # the JSON document, and the same as sentences
LONGEST_ID = 18  # digits


@dataclass(frozen=True)
class Asked:
    """What every act is given: the office, the practice's id, and the accounting date."""

    office: Office
    practice: int
    accounting_date: int | None


class _Text(click.ParamType):
    name = "text"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if unsafe := first_unsafe(value):
            self.fail(f"holds the character {unsafe}.", param, ctx)
        return str(value)


class _Id(click.ParamType):
    """The id of a placement, an entry or a proposal, as reports print them."""

    name = "id"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        if not (value.isascii() and value.isdigit() and len(value) <= LONGEST_ID and int(value)):
            self.fail(f"{value!r} is not an id; ids are the whole numbers that reports print.", param, ctx)
        return int(value)


TEXT = _Text()
ID = _Id()


def act(name: str, help_text: str) -> Callable[[Callable[..., Happened]], click.Command]:
    """A command that opens the office, finds the practice, does one act, and prints what happened."""

    def decorate(function: Callable[..., Happened]) -> click.Command:
        @functools.wraps(function)
        def command(
            ctx: click.Context,
            /,
            practice: str | None,
            date: int | None,
            accounting_date: int | None,
            as_json: bool,
            **given: Any,
        ) -> None:
            office = common.open_office(ctx, date)
            found = common.practice_of(office, practice)
            document, sentences = function(Asked(office, found.id, accounting_date), **given)
            if as_json:
                common.print_json({"practice": found.code, "business_date": dates.iso(office.business_date)} | document)
            else:
                click.echo("\n".join(clean(sentence) for sentence in sentences))

        options = (common.json_option, common.accounting_date_option, common.date_option, common.practice_option)
        wrapped: Any = click.pass_context(command)
        for option in options:
            wrapped = option(wrapped)
        return click.command(name, help=help_text)(wrapped)

    return decorate
