"""`bo-tui hold` and `bo-tui flag`: what keeps an account or a line out of collections, or brings it to notice (CONTRACT)."""

from __future__ import annotations

from typing import Any

import click

from bo_tui import dates
from bo_tui.cli import common
from bo_tui.cli.acting import TEXT, Asked, Happened, act
from bo_tui.errors import WrongUsage

_KINDS = click.Choice(("manual", "payment_plan", "dispute", "bankruptcy", "deceased", "do_not_collect"))
_line = click.option("--line", type=TEXT, metavar="L", help="Only this service fee line of the account.")
_kind = click.option("--kind", type=_KINDS, required=True, help="The kind of hold.")
_reason = click.option("--reason", metavar="R", required=True, help="Why.")


@click.group("hold", help="Set, extend or lift a hold on an account or on one of its lines.")
def hold() -> None:
    """`hold set|extend|lift ACCOUNT [--line L] --kind K [--until D] --reason R`."""


@act("set", "Hold an account, or one of its lines, from the business date on.")
@click.argument("account", type=TEXT)
@_line
@_kind
@click.option("--until", type=common.DAY, metavar="D", help="The first day that is no longer held (default: no end).")
@_reason
def _set(asked: Asked, account: str, line: str | None, kind: str, until: int | None, reason: str) -> Happened:
    from bo_tui.rules import holds

    done = holds.set_hold(asked.office, asked.practice, account, kind, reason, line=line, until=until)
    end = "with no end" if done.until is None else f"until {dates.iso(done.until)}"
    said = f"{_subject(account, line)} is held ({done.kind}) since {dates.iso(done.since)}, {end}."
    return _document("hold_set", done, account, line), [said]


@act("extend", "Give the hold in force another end, later or earlier.")
@click.argument("account", type=TEXT)
@_line
@_kind
@click.option("--until", type=common.DAY, metavar="D", help="The first day that is no longer held.")
@click.option("--no-end", is_flag=True, help="Let it hold until it is lifted.")
@_reason
def _extend(
    asked: Asked, account: str, line: str | None, kind: str, until: int | None, no_end: bool, reason: str
) -> Happened:
    from bo_tui.rules import holds

    if (until is None) is not no_end:
        raise WrongUsage("Give either --until or --no-end.")
    done = holds.extend(asked.office, asked.practice, account, kind, until, reason, line=line)
    end = "with no end" if done.until is None else f"until {dates.iso(done.until)}"
    said = f"{_subject(account, line)} is held ({done.kind}) since {dates.iso(done.since)}, now {end}."
    return _document("hold_extend", done, account, line), [said]


@act("lift", "End a hold on the business date.")
@click.argument("account", type=TEXT)
@_line
@_kind
@_reason
def _lift(asked: Asked, account: str, line: str | None, kind: str, reason: str) -> Happened:
    from bo_tui.rules import holds

    done = holds.lift(asked.office, asked.practice, account, kind, reason, line=line)
    said = f"{_subject(account, line)} is no longer held ({done.kind}) as of {dates.iso(done.until)}."
    return _document("hold_lift", done, account, line), [said]


hold.add_command(_set)
hold.add_command(_extend)
hold.add_command(_lift)


def _subject(account: str, line: str | None) -> str:
    return f"Account {account}" if line is None else f"Line {line}"


def _document(kind: str, done: Any, account: str, line: str | None) -> dict[str, Any]:
    return {
        "kind": kind,
        "act": str(done.act),
        "account": account,
        "line": line,
        "hold": done.kind,
        "since": dates.iso(done.since),
        "until": dates.iso(done.until) or None,
    }


_FLAGS = ("returned_mail", "hold_statements", "suspend_precollection", "brought_back")
_FLAG_HELP = f"""Set or clear a flag of an account, or lift a line's brought-back mark.

FLAG is one of {", ".join(_FLAGS)}. For example:

\b
  bo-tui flag 100231 returned_mail yes    mail to the account comes back
  bo-tui flag 100231 returned_mail no     its address is good again
  bo-tui flag L-20231 brought_back no     the night may take the line again
"""


@act("flag", _FLAG_HELP)
@click.argument("subject", type=TEXT, metavar="ACCOUNT|LINE")
@click.argument("name", type=click.Choice(_FLAGS), metavar="FLAG")
@click.argument("value", type=click.Choice(("yes", "no")))
def flag(asked: Asked, subject: str, name: str, value: str) -> Happened:
    """`flag ACCOUNT returned_mail|hold_statements|suspend_precollection yes|no` and `flag LINE brought_back no`."""
    from bo_tui.rules import flags

    if name == "returned_mail":
        done = flags.returned_mail(asked.office, asked.practice, subject, value == "yes")
        state = "is flagged for returned mail" if done.value else "is no longer flagged for returned mail"
        said = f"Account {subject} {state}."
    elif name == "hold_statements":
        done = flags.hold_statements(asked.office, asked.practice, subject, value == "yes")
        said = f"Account {subject} {'gets no statements' if done.value else 'gets statements again'}."
    elif name == "suspend_precollection":
        return _suspend(asked, subject, value)
    elif value == "yes":
        raise WrongUsage("brought_back comes from Deny, Reverse and Transfer; by hand it can only be lifted (no).")
    else:
        done = flags.lift_brought_back(asked.office, asked.practice, subject)
        said = f"Line {subject} is no longer marked brought back; the night may take it again."
    document = {"kind": "flag", "act": str(done.act), "subject": subject, "flag": name, "value": value}
    return document, [said]


def _suspend(asked: Asked, account: str, value: str) -> Happened:
    from bo_tui.rules.precollect.suspension import suspend

    done = suspend(asked.office, asked.practice, account, value == "yes")
    state = "stays out of pre-collections" if value == "yes" else "may go to pre-collections again"
    document = {
        "kind": "flag",
        "act": str(done.act),
        "subject": account,
        "flag": "suspend_precollection",
        "value": value,
    }
    return document, [f"Account {account} {state}."]
