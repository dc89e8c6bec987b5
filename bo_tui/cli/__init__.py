"""The command line: one table of commands, each loaded only when it is called.

`--help` and the night must not wait for what they do not use (DESIGN section 8): the table holds each command's short help
as text, and nothing here imports a database, a date library or the program's screens. Nor does the program, opened without a
word, wait for the parser of the command line: `program`, in `commands`, is imported when it is asked for.
"""

from __future__ import annotations

import gc
import importlib
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bo_tui.errors import WrongUsage

if TYPE_CHECKING:
    from click import Context

    from bo_tui.cli.commands import Program

    program: Program

PROGRAM = ("bo_tui.screens.app", "run")

# name -> module, attribute, what it does; the order is the help's
COMMANDS: dict[str, tuple[str, str, str]] = {
    "init": ("bo_tui.cli.init", "command", "make the office file and its first practice"),
    "import": ("bo_tui.cli.import_", "command", "load a folder of CSV files, all or nothing"),
    "import-addresses": ("bo_tui.cli.addresses", "command", "load the results of an address service"),
    "nightly": ("bo_tui.cli.nightly", "command", "run the night"),
    "why": ("bo_tui.cli.why", "command", "say why a service fee line is selected or is not"),
    "check": ("bo_tui.cli.check", "command", "verify ledger, balances, digest chains and files"),
    "report": ("bo_tui.cli.report", "command", "print a report as a table, CSV or JSON"),
    "add": ("bo_tui.cli.acts", "add", "queue service fee lines for an agency"),
    "post": ("bo_tui.cli.acts", "post", "place pending lines with their agency"),
    "deny": ("bo_tui.cli.acts", "deny", "refuse one pending line, with a note"),
    "withdraw": ("bo_tui.cli.acts", "withdraw", "take out what is still pending of one night"),
    "adjust": ("bo_tui.cli.acts", "adjust", "adjust a placement by a transaction code"),
    "reverse": ("bo_tui.cli.acts", "reverse", "reverse an entry, with a reason"),
    "reassign": ("bo_tui.cli.acts", "reassign", "move a placement to another agency"),
    "transfer": ("bo_tui.cli.acts", "transfer", "bring placements back to active AR"),
    "approve": ("bo_tui.cli.approvals", "approve", "decide what waits for a second person"),
    "hold": ("bo_tui.cli.acts", "hold", "set, extend or lift a hold on an account or a line"),
    "flag": ("bo_tui.cli.acts", "flag", "set a flag of an account, or lift the brought-back mark"),
    "account": ("bo_tui.cli.accounts", "account", "create, change or show a guarantor's account"),
    "note": ("bo_tui.cli.accounts", "note", "write a note on an account"),
    "plan": ("bo_tui.cli.accounts", "plan", "agree or cancel a payment plan"),
    "file": ("bo_tui.cli.acts", "file", "make an agency's file of what is not yet in one"),
    "precollect": ("bo_tui.cli.precollect", "precollect", "start and stop pre-collections (TSI), list their files"),
    "import-remit": ("bo_tui.cli.batches", "import_remit", "load an agency's remittance into a payment batch"),
    "batch": ("bo_tui.cli.batches", "batch", "show, post or delete a payment batch"),
    "attach": ("bo_tui.cli.attach", "attach", "attach an image or a PDF to a line or an entry"),
    "audit": ("bo_tui.cli.audit", "command", "delete who looked at what once six years are over"),
    "task": ("bo_tui.cli.task", "task", "close a collection task; `report tasks` lists the open ones"),
    "keys": ("bo_tui.cli.keys", "command", "show what arrives for each key"),
    "upgrade": ("bo_tui.cli.upgrade", "command", "bring an older store to this version, after a backup"),
    "operator": ("bo_tui.cli.operator", "command", "say who may do what"),
    "backup": ("bo_tui.cli.backup", "backup", "make a consistent copy while in use"),
    "restore": ("bo_tui.cli.backup", "restore", "bring a copy back, after checking it"),
    "drill": ("bo_tui.cli.drill", "command", "restore a backup into a scratch place and check it there"),
    "demo": ("bo_tui.cli.demo", "command", "make a made-up practice, run its night, and open it"),
}


@dataclass
class Invocation:
    """What the global options say: where the store is, and which settings file counts. `ctx.obj` of every command."""

    db: str | None = None
    config: str | None = None


def __getattr__(name: str) -> Any:
    """`program`, the group of all commands."""
    if name == "program":
        return load("bo_tui.cli.commands", "program")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def load(module: str, attribute: str) -> Any:
    """An attribute of a module that is imported only now."""
    return getattr(importlib.import_module(module), attribute)


def collect_garbage() -> None:
    """Collect from now on; `__main__` puts it off while modules are loaded, of which none becomes garbage."""
    if not gc.isenabled():
        gc.freeze()
        gc.enable()


def require_terminal() -> None:
    """WrongUsage (64) unless a person sits at a terminal that can show the program."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise WrongUsage("The program needs a terminal; `bo-tui --help` lists the commands that do not.")
    if os.environ.get("TERM", "dumb") in ("dumb", ""):
        raise WrongUsage("This terminal (TERM=dumb) cannot show the program; use one such as xterm or screen.")


def open_program(ctx: Context, business_date: int | None = None) -> int:
    """Open the program on the store of this invocation; needs a terminal, and a user who is an operator here.

    Its exit code: 0, or 128 plus the signal's number when a signal ended it.
    """
    require_terminal()
    office = load("bo_tui.cli.common", "open_office")(ctx, business_date, ahead=business_date is not None)
    load("bo_tui.rules.roles", "require")(office, "look")
    idle_minutes = load("bo_tui.cli.common", "settings")(ctx).idle_minutes
    return int(load(*PROGRAM)(office, idle_minutes) or 0)
