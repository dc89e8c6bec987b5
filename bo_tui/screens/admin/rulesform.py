"""Payment exclusions with a live worked example, and the four external collection rules, of one practice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui import money
from bo_tui.errors import Conflict, Refusal
from bo_tui.office import Office
from bo_tui.rules.settings import external_rules
from bo_tui.rules.settings.external_rules import Rules
from bo_tui.rules.settings.preview import with_rules
from bo_tui.screens.admin.asking import AskingForm
from bo_tui.screens.admin.previewdialog import PreviewDialog
from bo_tui.text import counted
from bo_tui.views import admin
from bo_tui.views.admin import RulesRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.fields import AmountField, CheckField, Field, TextField
from bo_tui.widgets.numberfield import NumberField

SAMPLE = 480_00
SAMPLE_KEY = "sample"
# the rules as the page tells them: field, short name, what it does when it is on
RULES = (
    ("roll_returned_mail", "Returned mail", "flagged accounts go to Pending each night"),
    ("auto_reassign", "Reassign", "a placed debt moves to the agency of its age"),
    ("re_age_if_denied", "Re-Age if Denied", "a denied line starts again at age 0"),
    ("move_all_by_dos", "Move all by DOS", "a selected line takes along its DOS and case"),
)


class PercentField(TextField):
    """A percentage; its value is hundredths of a percent, or None when it is left empty."""

    def __init__(self, key: str, label: str, value: int | None = None, *, hint: str = "") -> None:
        text = "" if value is None else money.percent_plain(value)
        super().__init__(key, label, text, width=14, hint=hint)

    def read(self) -> int | None:
        text = super().read()
        return money.parse_percent(text) if text else None


class RulesForm(AskingForm):
    """The practice's exclusions and rules; dismissed with the act's id. The sample balance is only for the example."""

    def __init__(self, office: Office, practice: PracticeRow) -> None:
        self.practice = practice
        self.row = admin.rules(office, practice.id)
        title = f"Payment exclusions and rules: {practice.name}"
        super().__init__(office, title, _fields(self.row), help_topic="collections_admin")

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        """The exclusion worked out for the sample balance, or why it is none."""
        own = {name: value for name, value in values.items() if name != SAMPLE_KEY}
        try:
            rules = external_rules.checked(Rules(**own))
        except Refusal as refusal:
            return refusal.sentence
        return external_rules.worked_example(rules, values.get(SAMPLE_KEY) or SAMPLE)

    def check(self, values: dict[str, Any]) -> Rules:
        own = {name: value for name, value in values.items() if name != SAMPLE_KEY}
        return external_rules.checked(Rules(**own))

    def question(self, wanted: Rules) -> PreviewDialog:
        words = f"{self.practice.name}. {external_rules.worked_example(wanted, SAMPLE)}\nRules on: {on(wanted)}."
        return PreviewDialog(self.office, self.practice.id, words, with_rules(wanted))

    def keep(self, wanted: Rules) -> int:
        try:
            return external_rules.save(self.office, self.practice.id, wanted, seen=self.row.act)
        except Conflict:  # the operator is told what it is now; F2 again means that
            self.row = admin.rules(self.office, self.practice.id)
            raise


def _fields(row: RulesRow) -> list[Field]:
    exclusion: list[Field] = [
        NumberField("payment_within_days", "&Payment made within", row.payment_within_days, hint="days; empty: no exclusion"),
        AmountField("payment_minimum", "D&ollar minimum", row.payment_minimum, hint="with both, the larger is the bar"),
        PercentField("payment_percent", "Percentage mi&nimum", row.payment_percent, hint="% of the outstanding balance"),
        CheckField("account_level", "At the acco&unt level", row.account_level, hint="payments of the whole account count"),
        AmountField(SAMPLE_KEY, "Sample &balance", SAMPLE, hint="for the example below; not kept"),
    ]  # fmt: skip
    letters = {"roll_returned_mail": "&Returned mail", "auto_reassign": "Reassi&gn", "re_age_if_denied": "Re-&Age if Denied",
               "move_all_by_dos": "Move all by DO&S"}  # fmt: skip
    rules = [CheckField(name, letters[name], getattr(row, name), hint=words) for name, _, words in RULES]
    return [*exclusion, *rules]


def on(rules: Rules | RulesRow) -> str:
    """The rules that are on, by name."""
    return ", ".join(name for field, name, _ in RULES if getattr(rules, field)) or "none"


def told(row: RulesRow) -> str:
    """Exclusions and rules as the page shows them, a line each and one for the example."""
    rules = Rules(**{name: getattr(row, name) for name in external_rules.LABELS})
    lines = [f"Payment exclusions   {_exclusion(rules)}", f" {external_rules.worked_example(rules, SAMPLE)}"]
    for field, name, words in RULES:
        lines.append(f"[{'x' if getattr(row, field) else ' '}] {name:<17}{words}")
    return "\n".join(lines)


def _exclusion(rules: Rules) -> str:
    if external_rules.bar(rules, SAMPLE) is None:
        return "none"
    least = money.shown(rules.payment_minimum) if rules.payment_minimum else ""
    share = f"{money.percent_plain(rules.payment_percent)}%" if rules.payment_percent else ""
    bars = f"the larger of {least} and {share}" if least and share else least or share
    return f"{bars} within {counted(rules.payment_within_days or 0, 'day')}, per {'account' if rules.account_level else 'line'}"
