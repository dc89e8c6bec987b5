"""What the six tabs of one account share: whose account it is, the banner above the tabs, and the way between them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, ClassVar

from rich.segment import Segment
from rich.style import Style
from textual.widget import Widget

from bo_tui.money import shown
from bo_tui.rules import accounting
from bo_tui.rules.accounts import aging, notes, plans
from bo_tui.rules.accounts.aging import Aging
from bo_tui.rules.accounts.plans import Plan
from bo_tui.rules.holds import KINDS
from bo_tui.screens.accounts.base import ActingPage, GridPage
from bo_tui.screens.external.hold import Subject
from bo_tui.text import clean
from bo_tui.views import holds, practices
from bo_tui.views.accounts import general
from bo_tui.views.accounts.general import Person
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.fields import DateField, Field
from bo_tui.widgets.oneline import BOLD, OneLine
from bo_tui.widgets.tabs import TabStrip

TABS = (
    ("account_general", "General"),
    ("account_ar", "Active AR"),
    ("account_external", "External"),
    ("account_precollections", "Pre-Coll"),
    ("account_notes", "Notes"),
    ("account_documents", "Documents"),
)
NO_ACCOUNT = "No account is open: Alt+S finds one."


class Banner(OneLine):
    """Whose account it is, what it owes, and what must not be overlooked: a payment plan, holds."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""

    def set(self, text: str) -> None:
        """Show another text."""
        if text != self.text:
            self.text = text
            self.refresh()

    def parts(self, width: int, style: Style) -> list[Segment]:
        return [Segment(f" {clean(self.text)}", style + BOLD)]


class AccountTab(ActingPage):
    """One tab; all of them stay alive and look again when another account is opened."""

    help_topic = "account"
    tab: ClassVar[str] = ""

    def __init__(self) -> None:
        super().__init__()
        self._shown: int | None = None  # the account whose rows are shown
        self.aging: Aging | None = None
        self.plan: Plan | None = None

    def top_widgets(self) -> Iterable[Widget]:
        """The banner and the tabs."""
        yield Banner()
        yield TabStrip(TABS, active=self.tab)

    def another_account(self) -> None:
        """Another account was opened: show it from the beginning."""

    def same_account(self) -> None:
        """The page is shown again."""

    def account_read(self) -> None:
        """The account's figures are there, or others now."""

    # --- whose account ---------------------------------------------------------------------------------------------

    def missing(self) -> str | None:
        return NO_ACCOUNT if self.session.account is None else None

    def account_id(self) -> int:
        """The open account, by id."""
        assert self.session.account is not None  # `missing` has seen to it
        return self.session.account

    def person(self) -> Person:
        """The account's own columns as they are now; one quick read."""
        return general.person(self.office, self.account_id())

    @property
    def practice(self) -> PracticeRow:
        """The account's practice, which is the session's as long as an account is open."""
        assert self.session.practice is not None
        return self.session.practice

    def subject(self) -> Subject:
        """Whom the dialogs are about."""
        person = self.person()
        return Subject(person.practice, person.number, person.guarantor)

    def accounting_fields(self) -> list[Field]:
        """The Accounting date, offered as the first open day, or nothing where the practice uses none."""
        practice: Any = self.practice
        if not practice.uses_accounting_dates:
            return []
        today = self.office.business_date
        offered = accounting.first_open(practice, today)
        return [DateField("accounting_date", "Accounting &date", offered, today=today, required=True)]

    def go_back(self) -> None:
        """Esc: to the page from which the account was opened."""
        self.program.leave_account()

    # --- looking again ---------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """Another account may have been opened, or this one changed on another tab."""
        self.look_again()

    def look_again(self) -> None:
        """Show the account that is open now."""
        self.query_one(TabStrip).active = self.tab
        if self._shown != self.session.account:
            self._shown = self.session.account
            self.query_one(Banner).set("")
            self.aging, self.plan = None, None
            self.show_whereabouts()
            self.another_account()
        else:
            self.same_account()
        self.look_at_account()

    def look_at_account(self) -> None:
        """Read the banner's figures and the counts at the tabs, in a worker."""
        if self.session.account is None:
            return
        account, office = self.session.account, self.office

        def read() -> tuple[Person, Aging, Plan | None, list[str], dict[str, int]]:
            with office.reading():
                person = general.person(office, account)
                sums = aging.aging(office, person.practice, person.number)
                plan = plans.plan_of(office, person.practice, person.number)
                held = sorted(
                    {
                        KINDS[row.kind]
                        for row in holds.of_account(office, person.practice, person.number)
                        if row.since <= office.business_date and row.goes_on(office.business_date)
                    }
                )
                counts = general.counts(office, account)
                counts["notes"] = len(notes.of_account(office, person.practice, person.number))
                return person, sums, plan, held, counts

        def show(found: tuple[Person, Aging, Plan | None, list[str], dict[str, int]]) -> None:
            person, self.aging, self.plan, held, counts = found
            self.query_one(Banner).set(banner(person, self.aging, self.plan, held))
            strip = self.query_one(TabStrip)
            for tab, _ in TABS:
                number = counts.get(tab.removeprefix("account_"), 0)
                strip.set_count(tab, practices.capped(number) if number else "")
            self.account_read()
            self.show_keys()

        self.read(read, show, group="account", quiet=True)

    def announce(self, text: str, row: int | None = None) -> None:
        super().announce(text, row)
        self.look_at_account()

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Alt+1 to Alt+6."""
        event.strip.active = self.tab
        self.program.show_account_tab(event.tab)

    def on_account(self, action: str, further: Callable[[], str | None] = lambda: None) -> Callable[[], str | None]:
        """An action's `enabled` that needs no row: an account is open, the role may do it, `further` has nothing against it."""
        return lambda: self.missing() or self.may(action) or further()


class AccountGrid(AccountTab, GridPage):
    """A tab with rows."""

    def heading(self) -> Iterable[Widget]:
        return self.top_widgets()

    def another_account(self) -> None:
        self.use_source()

    def same_account(self) -> None:
        self.grid.look()

    def rows_read(self) -> None:
        self.look_at_account()


def banner(person: Person, sums: Aging, plan: Plan | None, held: list[str]) -> str:
    """`100231 Smith, Ana   AR 480.00   agencies 355.00   PLAN 50.00 a month from 2026-12-01   HELD dispute`."""
    parts = [f"{person.number} {person.guarantor}", f"AR {shown(sums.total)}"]
    parts += [f"agencies {shown(sums.placed)}"] * bool(sums.placed)
    parts += [f"on account {shown(sums.on_account)}"] * bool(sums.on_account)
    parts += [f"PLAN {plan.terms.words}"] if plan is not None else []
    others = [kind for kind in held if kind != KINDS["payment_plan"] or plan is None]
    parts += [f"HELD {', '.join(others)}"] if others else []
    return "   ".join(parts)
