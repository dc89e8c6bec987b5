"""Print Overview: all of an account on one document (back_office_rest.md 2.4, Account Overview report).

Charges, payments, refunds, adjustments, aging of the guarantor's and the insurer's part, placements, pre-collections, holds,
payment plans and notes. Figures are the ledger's now; the business date decides the ages.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from bo_tui import dates, money
from bo_tui.db.tables import (
    Account,
    Entry,
    Hold,
    PaymentPlan,
    Placement,
    Precollection,
    ServiceLine,
    StatementHold,
)
from bo_tui.formats.pdf import Column
from bo_tui.formats.sections import Document, Section
from bo_tui.office import Office
from bo_tui.rules.accounts import activity, aging, heading, notes, plans
from bo_tui.rules.accounts.aging import Aging, Buckets
from bo_tui.rules.codes import ADJUSTMENT, AR, CASH, EXT, MISC_INCOME, ON_ACCOUNT, REFUND, REVENUE, SUSPENSE, SVCFE
from bo_tui.rules.holds import KINDS, the_account

WIDTH = 60  # characters of a note on one row
DEBT = (AR, EXT)
MONEY = (CASH, SUSPENSE, ON_ACCOUNT, MISC_INCOME)

Rows = list[tuple[str, ...]]


def overview(office: Office, practice: int, account: str) -> Document:
    """The overview of an account (by number) as the ledger has it now. Raises NotFound, field `account`."""
    with office.reading():
        owner = the_account(practice, account)
        lines = activity.lines_of(owner.id)
        numbers = {line.id: line.number for line in lines}
        entries = _entries(owner, lines)
        return Document(
            title=f"Overview of account {owner.number}, {owner.guarantor}",
            facts=heading.facts(owner, office.business_date),
            sections=(
                _aging(aging.aging_of(owner.id, office.business_date)),
                _charges(lines, entries),
                *_money(entries, numbers),
                _placements(owner.id, numbers),
                _precollections(owner.id, numbers),
                _holds(owner.id, numbers),
                _plans(owner.id),
                _notes(owner.id),
            ),
            printed=heading.printed(office),
        )


def _entries(owner: Account, lines: Sequence[ServiceLine]) -> list[Entry]:
    """All entries of the account, those on no line too, in the order they were written."""
    found = [entry for mine in activity.entries_of(lines).values() for entry in mine]
    found += list(Entry.select().where((Entry.account == owner.id) & Entry.line.is_null()))
    return sorted(found, key=lambda entry: entry.id)


def _text(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title) for title in titles)


def _figures(*titles: str) -> tuple[Column, ...]:
    return tuple(Column(title, right=True) for title in titles)


def _aging(known: Aging) -> Section:
    columns = (*_text("Responsible"), *_figures(*aging.NAMES, "Credits", "Total"))

    def row(who: str, part: Buckets) -> tuple[str, ...]:
        return (who, *(money.shown(cents) for cents in (*part.amounts, part.credits, part.total)))

    rows = [row("Guarantor", known.guarantor), row("Insurance", known.insurance)]
    total = f"Active AR {money.shown(known.total)}   With agencies {money.shown(known.placed)}"
    total += f"   On account {money.shown(known.on_account)}"
    return Section("Balance by age", columns, rows, total)


def _charges(lines: Sequence[ServiceLine], entries: Sequence[Entry]) -> Section:
    ext: dict[int, int] = {}
    for entry in entries:
        moved = (entry.debit == EXT) - (entry.credit == EXT)
        if moved:
            ext[entry.line] = ext.get(entry.line, 0) + moved * entry.amount
    columns = _text("Service", "Line and description", "Party", "Since") + _figures("Fee", "Active AR", "Agencies")
    rows = [
        (
            dates.iso(line.date_of_service), activity.described(line),
            "guar" if line.responsibility == "guarantor" else "ins",
            dates.iso(line.responsible_since),
            money.shown(line.fee), money.shown(line.ar), money.shown(ext.get(line.id, 0)),
        )
        for line in lines
    ]  # fmt: skip
    return Section("Charges", columns, rows, f"Fees {money.shown(sum(line.fee for line in lines))}")


def _money(entries: Sequence[Entry], numbers: dict[int, str]) -> Iterator[Section]:
    """What moved the debt (with a minus what lowered it), what is kept on account, and what was paid back; fees are the charges."""
    moved = [entry for entry in entries if entry.code != SVCFE]

    def of(title: str, books: tuple[str, ...], others: tuple[str, ...]) -> Section:
        """Entries between books and others, seen from the books: what they are owed grows by a debit."""
        rows: Rows = []
        total = 0
        for entry in moved:
            if not (
                (entry.debit in books and entry.credit in others) or (entry.credit in books and entry.debit in others)
            ):
                continue
            amount = entry.amount if entry.debit in books else -entry.amount
            total += amount
            words = (numbers.get(entry.line, ""), activity.said(entry), money.shown(amount))
            rows.append((dates.iso(entry.posted), entry.code, *words))
        columns = _text("Posted", "Code", "Line", "Description") + _figures("Amount")
        return Section(title, columns, rows, f"Total {money.shown(total)}")

    yield of("Payments", DEBT, MONEY)
    yield of("On account", (ON_ACCOUNT,), (CASH, SUSPENSE, AR, EXT))
    yield of("Refunds", (*DEBT, ON_ACCOUNT), (REFUND,))
    yield of("Adjustments", DEBT, (ADJUSTMENT,))
    yield of("Reversed fees", DEBT, (REVENUE,))


def _placements(account: int, numbers: dict[int, str]) -> Section:
    columns = _text("Placed", "Agency", "Line") + _figures("Amount", "Balance") + _text("State")
    rows: Rows = []
    total = 0
    for row in Placement.select().where(Placement.account == account).order_by(Placement.id):
        state = "open" if row.closed is None else f"closed by {row.closed} {dates.iso(row.closed_on)}"
        amounts = (money.shown(row.amount), money.shown(row.balance))
        rows.append((dates.iso(row.placed), row.agency_name, numbers.get(row.line, ""), *amounts, state))
        total += row.balance
    return Section("External collections", columns, rows, f"With agencies {money.shown(total)}")


def _precollections(account: int, numbers: dict[int, str]) -> Section:
    columns = _text("Started", "Line") + _figures("Amount") + _text("Ended")
    lines = ServiceLine.select(ServiceLine.id).where(ServiceLine.account == account)
    rows = [
        (dates.iso(row.started), numbers[row.line], money.shown(row.amount), _ended(row))
        for row in Precollection.select().where(Precollection.line.in_(lines)).order_by(Precollection.id)
    ]
    return Section("Pre-collections", columns, rows)


def _ended(row: Precollection) -> str:
    return "" if row.ended is None else f"{dates.iso(row.ended)} {row.ended_as or ''}".rstrip()


def _holds(account: int, numbers: dict[int, str]) -> Section:
    columns = _text("Since", "Until", "What", "Line", "Reason")
    rows: Rows = [
        (dates.iso(row.since), dates.iso(row.until), KINDS[row.kind], numbers.get(row.line, ""), row.reason)
        for row in Hold.select().where(Hold.account == account).order_by(Hold.since, Hold.id)
    ]
    held = (
        StatementHold.select().where(StatementHold.account == account).order_by(StatementHold.since, StatementHold.id)
    )
    rows += [(dates.iso(row.since), dates.iso(row.lifted), "statement hold", numbers[row.line], "") for row in held]
    return Section("Holds", columns, rows)


def _plans(account: int) -> Section:
    columns = _text("Agreed", "By", "Terms", "Note", "Cancelled")
    rows: Rows = []
    for row in PaymentPlan.select().where(PaymentPlan.account == account).order_by(PaymentPlan.id):
        words = plans.Terms(row.amount, row.first_due, row.every_days).words
        rows.append((dates.iso(row.made), row.made_by, words, row.note or "", dates.iso(row.cancelled)))
    return Section("Payment plans", columns, rows)


def _notes(account: int) -> Section:
    columns = _text("Date", "About", "Line", "By", "Text")
    rows: Rows = []
    for note in notes.rows_of(account):
        about = note.kind if not note.what else f"{note.kind}: {note.what}"
        first, *rest = textwrap.wrap(note.text, WIDTH) or [""]
        rows.append((dates.iso(note.made), about, note.line or "", note.author, first))
        rows += [("", "", "", "", more) for more in rest]
    return Section("Notes", columns, rows)
