"""`bo-tui account`, `bo-tui note` and `bo-tui plan`: an account by hand, for scripts (CONTRACT, the operators' acts)."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import asdict, replace
from typing import Any

import click

from bo_tui import dates, money
from bo_tui.cli import common
from bo_tui.cli.acting import TEXT, Asked, Happened, act
from bo_tui.text import counted

# option -> field; the same words as the columns of accounts.csv
_TEXTS = (
    "last", "first", "middle", "organization", "ssn", "address1", "address2", "city", "state", "zip", "phone", "phone2",
    "email",
)  # fmt: skip
_besides = click.option(
    "--besides",
    type=TEXT,
    multiple=True,
    metavar="NUMBER",
    help="An account that looks the same and is not; may be repeated.",
)


def _fields(command: Callable[..., Any]) -> Callable[..., Any]:
    """The options of an account's fields; what is left out is not given."""
    for name in reversed(_TEXTS):
        command = click.option(f"--{name}", type=TEXT, metavar="TEXT")(command)
    born = click.option("--date-of-birth", type=common.DAY, metavar="D", help="An ISO date.")
    return functools.reduce(lambda inner, option: option(inner), (born, _besides), command)


@click.group("account", help="Create, change or show a guarantor's account.")
def account() -> None:
    """`account add`, `account update ACCOUNT`, `account show ACCOUNT`."""


@act("add", "Create an account; a person needs --last, an organization --organization.")
@click.option("--number", type=TEXT, metavar="NUMBER", help="Its number (default: the next free one).")
@_fields
def _add(asked: Asked, number: str | None, besides: tuple[str, ...], **given: Any) -> Happened:
    from bo_tui.rules.accounts import edit
    from bo_tui.rules.accounts.fields import AccountFields

    wanted = AccountFields(number=number, **given)
    done = edit.create(asked.office, asked.practice, wanted, seen_duplicates=_ids(asked, besides))
    return _kept("account_add", done), [f"Account {done.number} is made for {done.guarantor}."]


@act("update", "Change an account's fields; an empty text clears one, what is left out stays.")
@click.argument("number", type=TEXT, metavar="ACCOUNT")
@_fields
def _update(asked: Asked, number: str, besides: tuple[str, ...], **given: Any) -> Happened:
    from bo_tui.rules.accounts import edit

    known = edit.known(asked.office, asked.practice, number)
    wanted = replace(known.fields, **{name: value for name, value in given.items() if value is not None})
    seen = _ids(asked, besides)
    done = edit.update(asked.office, asked.practice, number, wanted, seen=known.act, seen_duplicates=seen)
    changed = ", ".join(name.replace("_", " ") for name in done.changed if name != "guarantor")
    return _kept("account_update", done), [f"Account {number}, {done.guarantor}: changed {changed}."]


@act("show", "Print an account's overview, or its activity; SSNs are masked.")
@click.argument("number", type=TEXT, metavar="ACCOUNT")
@click.option("--activity", "activity", is_flag=True, help="Active AR line by line.")
@click.option("--pdf", type=TEXT, metavar="FILE", help="Save it as a PDF; nothing is overwritten.")
def _show(asked: Asked, number: str, activity: bool, pdf: str | None) -> Happened:
    from bo_tui.formats import sections
    from bo_tui.rules import audit, roles
    from bo_tui.rules.accounts import activity as activities
    from bo_tui.rules.accounts import edit, overview

    roles.require(asked.office, "look")
    make = activities.activity if activity else overview.overview
    document = make(asked.office, asked.practice, number)
    what, account_id = "activity" if activity else "overview", edit.known(asked.office, asked.practice, number).account
    if pdf is not None:
        from bo_tui.rules.external import filechoice

        kept = audit.Kept("print", "account", account_id, f"{what}, PDF", asked.practice)
        path = filechoice.save(asked.office, pdf, f"{what}.pdf", sections.render(document), kept)
        return {"kind": "account_show", "account": number, "path": str(path)}, [f"Saved as {path}."]
    audit.keep(asked.office, "look", "account", account_id, what, asked.practice)
    return _known(asked, number), sections.as_text(document).splitlines()


account.add_command(_add)
account.add_command(_update)
account.add_command(_show)


@act("note", "Write a note on an account, or on one of its lines; it is never changed.")
@click.argument("number", type=TEXT, metavar="ACCOUNT")
@click.argument("text", type=TEXT)
@click.option("--kind", type=click.Choice(("account", "case", "collection", "payment", "refund")), default="account")
@click.option("--line", type=TEXT, metavar="L", help="Only about this service fee line of the account.")
def note(asked: Asked, number: str, text: str, kind: str, line: str | None) -> Happened:
    """`note ACCOUNT TEXT [--kind K] [--line L]`."""
    from bo_tui.rules.accounts import notes

    done = notes.add_note(asked.office, asked.practice, number, text, kind, line=line)
    document = {"kind": "note", "act": str(done.act), "note": str(done.note), "account": number, "line": line}
    return document, [f"Note {done.note} is kept on account {number}."]


@click.group("plan", help="Agree or cancel a payment plan; one in force holds the account.")
def plan() -> None:
    """`plan set ACCOUNT --amount A --first D [--every-days N] [--note N]` and `plan cancel ACCOUNT --reason R`."""


@act("set", "Agree a plan: so much a month, or every so many days.")
@click.argument("number", type=TEXT, metavar="ACCOUNT")
@click.option("--amount", type=common.AMOUNT, metavar="A", required=True, help="Each payment.")
@click.option("--first", type=common.DAY, metavar="D", required=True, help="When the first payment is due.")
@click.option("--every-days", type=int, metavar="N", help="Every so many days (default: every month).")
@click.option("--note", default="", metavar="N", help="What was agreed, in words.")
def _set(asked: Asked, number: str, amount: int, first: int, every_days: int | None, note: str) -> Happened:
    from bo_tui.rules.accounts import plans

    terms = plans.Terms(amount, first, every_days)
    done = plans.set_plan(asked.office, asked.practice, number, terms, note)
    due = plans.schedule(terms, done.balance)
    said = f"Account {number} pays {terms.words}: {counted(len(due), 'payment')}, the last on {dates.iso(due[-1][0])}."
    document = {
        "kind": "plan_set", "act": str(done.act), "plan": str(done.plan), "hold": str(done.hold), "account": number,
        "amount": money.plain(amount), "every_days": every_days,
        "due": [{"date": dates.iso(day), "amount": money.plain(cents)} for day, cents in due],
    }  # fmt: skip
    return document, [said]


@act("cancel", "End the plan in force; its hold is lifted.")
@click.argument("number", type=TEXT, metavar="ACCOUNT")
@click.option("--reason", metavar="R", required=True, help="Why.")
def _cancel(asked: Asked, number: str, reason: str) -> Happened:
    from bo_tui.rules.accounts import plans

    done = plans.cancel_plan(asked.office, asked.practice, number, reason)
    document = {"kind": "plan_cancel", "act": str(done.act), "plan": str(done.plan), "account": number}
    return document, [f"The plan of account {number} is cancelled and its hold lifted."]


plan.add_command(_set)
plan.add_command(_cancel)


def _ids(asked: Asked, numbers: tuple[str, ...]) -> list[int]:
    from bo_tui.rules.accounts import edit

    return [edit.known(asked.office, asked.practice, number).account for number in numbers]


def _kept(kind: str, done: Any) -> dict[str, Any]:
    return {
        "kind": kind, "act": str(done.act), "account": done.number, "guarantor": done.guarantor, "changed": list(done.changed),
    }  # fmt: skip


def _known(asked: Asked, number: str) -> dict[str, Any]:
    from bo_tui.rules.accounts import aging, edit

    known = edit.known(asked.office, asked.practice, number)
    fields = asdict(known.fields) | {"date_of_birth": dates.iso(known.fields.date_of_birth) or None}
    found = aging.aging(asked.office, asked.practice, number)
    parts = {
        who: dict(
            zip(
                (*aging.NAMES, "credits", "total"),
                map(money.plain, (*part.amounts, part.credits, part.total)),
                strict=True,
            )
        )
        for who, part in (("guarantor", found.guarantor), ("insurance", found.insurance))
    }
    rest = {
        "placed": money.plain(found.placed),
        "on_account": money.plain(found.on_account),
        "ar": money.plain(found.total),
    }
    known_as = {"kind": "account_show", "account": number, "guarantor": known.guarantor, "fields": fields}
    return known_as | {"aging": parts} | rest
