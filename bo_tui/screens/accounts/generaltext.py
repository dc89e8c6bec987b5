"""The text of the General tab: who the guarantor is, the account's settings, holds and plan, and what is owed by age."""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui import dates
from bo_tui.formats.contact import shown_phone
from bo_tui.money import shown
from bo_tui.rules.accounts import plans
from bo_tui.rules.accounts.aging import NAMES, Aging, Buckets
from bo_tui.rules.accounts.plans import Plan
from bo_tui.screens.external.hold import described
from bo_tui.views.accounts.general import Elsewhere, Person
from bo_tui.views.holds import HoldRow

WIDE = 80  # cells of the narrowest screen


@dataclass(frozen=True, slots=True)
class Known:
    """What the General tab shows, as it was read at one moment."""

    person: Person
    aging: Aging
    elsewhere: Elsewhere
    plan: Plan | None
    holds: tuple[HoldRow, ...]


def text(known: Known, today: int) -> str:
    """The page, for a screen of 80 cells and more: the figures first, as they are what is asked for most."""
    return "\n".join([*_who(known.person, today), "", *_figures(known), "", *_standing(known, today)])


def _who(person: Person, today: int) -> list[str]:
    born = "" if person.date_of_birth is None else f"born {dates.iso(person.date_of_birth)}"
    ssn = f"SSN xxx-xx-{person.ssn}" if person.ssn else ""
    street = ", ".join(part for part in (person.address1, person.address2) if part)
    place = " ".join(part for part in (f"{person.city}," if person.city else "", person.state, person.zip) if part)
    phones = [f"day {shown_phone(person.phone)}" if person.phone else ""]
    phones += [f"evening {shown_phone(person.phone2)}" if person.phone2 else "", person.email or ""]
    return [
        f"# {person.guarantor}",
        _joined(f"Account {person.number}", born, ssn),
        _joined(street, place) or "No address.",
        _joined(*phones) or "No phone.",
        _joined(
            f"Returned mail: {_returned(person)}",
            f"Statements: {'HOLD' if person.hold_statements else 'send'}",
            f"Pre-collections: {'SUSPENDED' if person.suspend_precollection else 'allowed'}",
        ),
    ]


def _returned(person: Person) -> str:
    if not person.returned_mail:
        return "no"
    return "YES" if person.returned_mail_on is None else f"YES, since {dates.iso(person.returned_mail_on)}"


def _joined(*parts: str) -> str:
    return "   ".join(part for part in parts if part)


def _figures(known: Known) -> list[str]:
    """The outstanding balance by party and age, and below it where the account's money is."""
    aging, elsewhere = known.aging, known.elsewhere
    rows = [
        ("Guarantor", aging.guarantor),
        ("Insurance", aging.insurance),
        ("Active AR", _sum(aging.guarantor, aging.insurance)),
    ]
    cells = [["", *NAMES, "Credit", "Total"]]
    cells += [
        [name, *(_amount(cents) for cents in (*part.amounts, part.credits)), shown(part.total)] for name, part in rows
    ]
    widths = [max(len(row[at]) for row in cells) for at in range(len(cells[0]))]
    widths = [max(9, widths[0]), *(max(8, width) for width in widths[1:])]
    lines = ["# Outstanding balance, by age in days", "```"]
    lines += [
        " ".join(
            [row[0].ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(row[1:], widths[1:], strict=True))]
        )
        for row in cells
    ]
    lines.append("```")
    where = [f"of it pending for agencies {shown(elsewhere.pending)}"] if elsewhere.pending else []
    where += [
        f"{one.agency} has {shown(one.balance)} ({one.count} {'line' if one.count == 1 else 'lines'})"
        for one in elsewhere.placed
    ]
    where += [f"on account {shown(aging.on_account)}"] if aging.on_account else []
    lines += [f"- {words}" for words in where]
    lines.append(f"- Active AR and agencies together {shown(aging.total + aging.placed)}")
    return lines


def _amount(cents: int) -> str:
    return shown(cents) if cents else "-"


def _sum(first: Buckets, second: Buckets) -> Buckets:
    one, two, three, four, five = (a + b for a, b in zip(first.amounts, second.amounts, strict=True))
    return Buckets((one, two, three, four, five), first.credits + second.credits)


def _standing(known: Known, today: int) -> list[str]:
    """The payment plan with its next payments, and the holds in force or to come."""
    lines = ["# Payment plan and holds"]
    plan = known.plan
    if plan is not None:
        lines.append(f"- Payment plan: {plan.terms.words}, agreed {dates.iso(plan.made)} by {plan.made_by}")
        following = [one for one in plans.schedule(plan.terms, plan.balance) if one[0] >= today][:3]
        if following:
            lines.append("  next: " + ", ".join(f"{dates.iso(day)} {shown(cents)}" for day, cents in following))
        if plan.note:
            lines.append(f"  note: {plan.note}")
    going_on = [row for row in known.holds if row.goes_on(today) and (plan is None or row.id != plan.hold)]
    for row in going_on:
        state = "in force" if row.since <= today else "to come"
        lines.append(f"- Hold, {state}: {described(row)}: {row.reason}")
    return lines if len(lines) > 1 else [*lines, "- None."]
