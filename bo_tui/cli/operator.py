"""`bo-tui operator`: who may do what. Operators are the machine's users; each has one role."""

from __future__ import annotations

import pwd

import click

from bo_tui.cli import common
from bo_tui.errors import RuleRefusal
from bo_tui.rules import operators
from bo_tui.rules.roles import ROLES

_ROLE = click.Choice(ROLES)


@click.group("operator", help="Say who may do what: the machine's users, each with a role.")
def command() -> None:
    """The operators' commands."""


@command.command("add", help="Make a user of this machine an operator.")
@click.argument("user")
@click.option("--role", type=_ROLE, required=True)
@click.pass_context
def add(ctx: click.Context, user: str, role: str) -> None:
    """Add an operator, who must be a user of the machine."""
    _require_user(user)
    operators.add(common.open_office(ctx), user, role)
    common.say(f"{user} is now {role}.")


@command.command("list", help="List the operators and their roles.")
@common.json_option
@click.pass_context
def listing(ctx: click.Context, as_json: bool) -> None:
    """Print who has access; everyone who has may see it."""
    rows = operators.listed(common.open_office(ctx))
    if as_json:
        common.print_json([{"user": user, "role": role} for user, role in rows])
    else:
        common.print_table((common.Column("User"), common.Column("Role")), rows)


@command.command("role", help="Give an operator another role.")
@click.argument("user")
@click.argument("role", type=_ROLE)
@click.pass_context
def role(ctx: click.Context, user: str, role: str) -> None:
    """Change an operator's role."""
    operators.change_role(common.open_office(ctx), user, role)
    common.say(f"{user} is now {role}.")


@command.command("remove", help="Take an operator's access away.")
@click.argument("user")
@click.pass_context
def remove(ctx: click.Context, user: str) -> None:
    """Remove an operator; what they did stays under their name."""
    operators.remove(common.open_office(ctx), user)
    common.say(f"{user} is no longer an operator.")


def _require_user(user: str) -> None:
    try:
        pwd.getpwnam(user)
    except (KeyError, ValueError):
        raise RuleRefusal(f"{user} is not a user of this machine, and only they can sign in.", field="user") from None
