"""The command line as click has it; a command's own module is imported when that command is called."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import Any, NoReturn

import click

from bo_tui import __version__, cli
from bo_tui.cli import COMMANDS, Invocation, load
from bo_tui.cli.exits import guarded


def _remember(ctx: click.Context, param: click.Parameter, value: str | None) -> None:
    if value is not None:
        setattr(ctx.ensure_object(Invocation), str(param.name), value)


def _global_options(hidden: bool) -> list[click.Option]:
    """`--db` and `--config`; also accepted, unlisted, after a command's name, where people type them."""
    return [
        click.Option(
            ["--db"],
            metavar="PATH_OR_URL",
            envvar=None if hidden else "BO_TUI_DB",
            help="The office's file (or BO_TUI_DB; default: the user's data folder).",
            callback=_remember,
            expose_value=False,
            hidden=hidden,
        ),
        click.Option(
            ["--config"],
            metavar="FILE",
            help="A settings file (TOML).",
            callback=_remember,
            expose_value=False,
            hidden=hidden,
        ),
    ]


def _accept_global_options(command: click.Command) -> None:
    if isinstance(command, click.Group):
        for child in command.commands.values():
            _accept_global_options(child)
    elif not any(param.name == "db" for param in command.params):
        command.params.extend(_global_options(hidden=True))


class Program(click.Group):
    """The group of all commands; imports a command's module when that command is called, and maps every end to an exit code."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """All commands, in the table's order."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now; None when there is none."""
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        command: click.Command = load(module, attribute)
        _accept_global_options(command)
        cli.collect_garbage()
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands from the table, without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, text) for name, (_, _, text) in COMMANDS.items()])

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:  # type: ignore[override]
        """Run the command line and leave the process with its exit code."""
        arguments = list(sys.argv[1:] if args is None else args)
        run = super().main
        sys.exit(guarded(lambda: run(arguments, prog_name="bo-tui", **extra | {"standalone_mode": False})))


@click.pass_context
def _without_command(ctx: click.Context) -> int | None:
    return cli.open_program(ctx) if ctx.invoked_subcommand is None else None


program = Program(
    name="bo-tui",
    callback=_without_command,
    invoke_without_command=True,
    params=_global_options(hidden=False),
    context_settings={"help_option_names": ["-h", "--help"]},
    help="A medical practice's Back Office in a terminal. Without a command, opens the program.",
)
click.version_option(__version__, "--version", prog_name="bo-tui", message="%(prog)s %(version)s")(program)
