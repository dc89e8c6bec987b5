"""Collections Admin, tab Pre-Collections: thresholds and rules that decide what goes to TSI (seed 002); for enrolled practices."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from bo_tui import money
from bo_tui.rules.precollect import gate
from bo_tui.rules.settings import practices as practice_rules
from bo_tui.rules.settings import precollection_rules as rules
from bo_tui.rules.settings.precollection_rules import Rules
from bo_tui.screens.admin.admintabs import PRECOLLECTIONS
from bo_tui.screens.admin.base import NO_PRACTICE
from bo_tui.screens.admin.precollectionform import SAMPLE, RulesForm
from bo_tui.screens.admin.settingspage import SettingsPage
from bo_tui.screens.external.listsource import Item
from bo_tui.text import counted
from bo_tui.views import admin
from bo_tui.views.admin import SettingsRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid

COLUMNS = (
    Column("rule", "Pre-Collection Task Creation and Rules", 56, sortable=False, priority=2),
    Column("value", "Now", 16, align="right", sortable=False, priority=3),
)
ENROLL = "Nothing of it is offered until then. Alt+P sets Enrolled, TSI client number and SSN for TSI."
NOT_SET = "not set"


class PrecollectionsAdminPage(SettingsPage):
    """The rules of one practice, a row each; Update, Practice (where it is enrolled), history."""

    help_topic = "precollections_admin"
    tab = PRECOLLECTIONS
    columns = COLUMNS
    first_sort = Sort("order")
    empty = "No rules."
    DEFAULT_CSS = """
    PrecollectionsAdminPage {
        & > #precollect-practice { text-style: bold; padding: 0 1; }
        & > #precollect-example { padding: 0 1; }
        & > LedgerGrid { min-height: 4; }
    }
    """

    def __init__(self) -> None:
        super().__init__()
        self._refused: str | None = None
        self._rules = Rules()

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("search", "Search: another practice", "S", self.search, short="Search"),
            PageAction("update", "Update the rules", "U", self.update_rules, self._changeable, short="Update"),
            PageAction("practice", "Practice settings: enrol, TSI client number, SSN", "P", self.edit_practice,
                       self.with_practice, short="Practice"),
            PageAction("history", "History of changes", "H", self.history, self.readable, short="History"),
        )  # fmt: skip

    def before(self) -> ComposeResult:
        yield self.tabs()
        yield Lines(NO_PRACTICE, keep=True, id="precollect-practice")

    def after(self) -> ComposeResult:
        yield Lines("", keep=True, id="precollect-example")

    # --- rows ------------------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        practice = self.session.practice
        self._refused = None if practice is None else gate.refusal(self.office, practice.id)
        if practice is None or self._refused is not None:
            return []
        self._rules, _ = rules.current(self.office, practice.id)
        return [Item(at, row, {"order": at}) for at, row in enumerate(table(self._rules), start=1)]

    def row_words(self, row: Row) -> str:
        return "Nothing starts: the thresholds are not set." if self._rules == Rules() else summary(self._rules)

    # --- actions ---------------------------------------------------------------------------------------------------

    def _changeable(self) -> str | None:
        return self.with_practice() or self._refused

    def update_rules(self) -> None:
        """Alt+U and Enter: the form, the preview, the save."""
        self.open_dialog(
            RulesForm(self.office, self.practice), lambda act: self.announce("Saved the pre-collection rules.")
        )

    # --- what its parts tell it ------------------------------------------------------------------------------------

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """Rules were read anew: what they mean, and what TSI knows the practice by."""
        practice = self.session.practice
        if practice is None:
            return
        refused, shown = self._refused, self._rules

        def show(row: SettingsRow) -> None:
            self.query_one("#precollect-practice", Lines).set(
                f"Practice: {row.name} ({practice.code}), {tsi_words(row)}"
            )
            text = rules.worked_example(shown, SAMPLE) if refused is None else f"{refused}\n{ENROLL}"
            self.query_one("#precollect-example", Lines).set(text)
            self.show_keys()

        self.read(lambda: admin.settings(self.office, practice.id), show, group="rules", quiet=True)

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter on a rule updates them, where the role may."""
        reason = self._changeable()
        if reason is None:
            self.update_rules()
        else:
            self.say(reason, warning=True)


def table(kept: Rules) -> list[tuple[str, str]]:
    """Each field of the seed and what it is now."""
    percent = NOT_SET if not kept.payment_percent else f"{money.percent_plain(kept.payment_percent)}%"
    return [
        ("Outstanding account balance greater than, AND", _amount(kept.balance_greater_than)),
        ("More than ... days past due, AND", _days(kept.days_past_due)),
        ("No guarantor payment of", _amount(kept.payment_minimum or None)),
        ("  or so much of the balance, whichever is higher,", percent),
        ("  has been made in the last", _days(kept.payment_within_days)),
        ("Send thank you letter when fees are paid in full", _yes(kept.thank_you)),
        ("Exclude external collections adjustments in Stop File", _yes(kept.exclude_excol)),
        ("Exclude accounts on statement hold from Start File", _yes(kept.exclude_statement_hold)),
        ("The night creates Start files (else it queues)", _yes(kept.auto_create_start)),
        ("The night creates Stop files (else messages wait)", _yes(kept.auto_create_stop)),
    ]


def summary(kept: Rules) -> str:
    """When a line is queued, in a sentence."""
    if kept.balance_greater_than is None or kept.days_past_due is None:
        return "Nothing starts: the thresholds are not set."
    return f"Lines from day {kept.days_past_due + 1} on, of accounts that owe more than {money.shown(kept.balance_greater_than)}."


def tsi_words(row: SettingsRow) -> str:
    """Whether the practice is enrolled and what TSI knows it by."""
    if not row.precollections_enrolled:
        return "not enrolled"
    number = f"TSI client {row.tsi_client_number}" if row.tsi_client_number else "NO TSI client number"
    return f"enrolled, {number}, SSN {practice_rules.TSI_SSN[row.tsi_ssn]}"


def _amount(value: int | None) -> str:
    return NOT_SET if value is None else money.shown(value)


def _days(value: int | None) -> str:
    return NOT_SET if value is None else counted(value, "day")


def _yes(value: bool) -> str:
    return "yes" if value else "no"
