"""The pre-collection rules of a practice: thresholds, the payment exclusion with a live example, what files leave out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui.errors import Conflict, Refusal
from bo_tui.office import Office
from bo_tui.rules.precollect import preview
from bo_tui.rules.precollect.preview import Preview
from bo_tui.rules.settings import precollection_rules as rules
from bo_tui.rules.settings.precollection_rules import Rules
from bo_tui.screens.admin import previewdialog
from bo_tui.screens.admin.asking import AskingForm
from bo_tui.screens.admin.previewdialog import PreviewDialog
from bo_tui.screens.admin.rulesform import SAMPLE, SAMPLE_KEY, PercentField
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.fields import AmountField, CheckField, Field
from bo_tui.widgets.numberfield import NumberField

CRITERIA = {
    "on_hold": "on hold",
    "statement_hold": "statements held",
    "suspended": "suspended",
    "already_started": "in pre-collections already",
    "no_thresholds": "no thresholds",
    "below_balance": "account balance too small",
    "too_young": "not past due long enough",
    "recent_payment": "recent payment",
}


class RulesForm(AskingForm):
    """The practice's rules; dismissed with the act's id. The sample balance is only for the example."""

    def __init__(self, office: Office, practice: PracticeRow) -> None:
        self.practice = practice
        kept, self.seen = rules.current(office, practice.id)
        title = f"Pre-collection rules: {practice.name}"
        super().__init__(office, title, _fields(kept), help_topic="precollections_admin")

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        """The exclusion worked out for the sample balance, or what is missing."""
        try:
            wanted = self.check(dict(values))
        except Refusal as refusal:
            return refusal.sentence
        return rules.worked_example(wanted, values.get(SAMPLE_KEY) or SAMPLE)

    def check(self, values: dict[str, Any]) -> Rules:
        return rules.checked(Rules(**{name: value for name, value in values.items() if name != SAMPLE_KEY}))

    def question(self, wanted: Rules) -> PreviewDialog:
        words = f"{self.practice.name}: {rules.words(wanted)}. {rules.worked_example(wanted, SAMPLE)}"
        return RulesPreview(self.office, self.practice.id, words, wanted)

    def keep(self, wanted: Rules) -> int:
        try:
            return rules.save(self.office, self.practice.id, wanted, seen=self.seen)
        except Conflict:  # the operator is told what it is now; F2 again means that
            _, self.seen = rules.current(self.office, self.practice.id)
            raise


class RulesPreview(PreviewDialog):
    """What the next night would queue, now and with the rules considered."""

    def __init__(self, office: Office, practice: int, what: str, wanted: Rules) -> None:
        super().__init__(office, practice, what, lambda terms: terms)
        self.wanted = wanted

    def count(self) -> Any:
        return preview.preview(self.office, self.practice_id, self.wanted, cancelled=self.cancelled)

    def words(self, result: Any) -> str:
        return told(result)


def told(seen: Preview) -> str:
    """The figures as lines of at most 70 cells; what differs is marked with an asterisk."""
    row = previewdialog.row
    lines = previewdialog.heading(seen.business_date)
    lines += row("Queued for a Start file", seen.old.queued, seen.new.queued, always=True)
    lines += row("Taken out of the queue", seen.old.withdrawn, seen.new.withdrawn)
    excluded = [name for name in CRITERIA if name in seen.old.excluded or name in seen.new.excluded]
    lines += ["Left in active AR"] if excluded else []
    for name in excluded:
        sums = (side.excluded.get(name, (0, 0)) for side in (seen.old, seen.new))
        lines += row(f"  {CRITERIA[name]}", *sums)
    return "\n".join([*lines, *(["Nothing differs."] if seen.same else [])])


def _fields(kept: Rules) -> list[Field]:
    return [
        AmountField("balance_greater_than", "Balance &greater than", kept.balance_greater_than, required=True,
                    hint="owed on the account, AND"),
        NumberField("days_past_due", "&More than", kept.days_past_due, required=True, hint="days past due, AND"),
        AmountField("payment_minimum", "No payment &of", kept.payment_minimum, hint="by the guarantor, or"),
        PercentField("payment_percent", "Or a p&ercentage", kept.payment_percent, hint="% of the balance, the higher,"),
        NumberField("payment_within_days", "In the &last", kept.payment_within_days, required=True, hint="days"),
        AmountField(SAMPLE_KEY, "Sample &balance", SAMPLE, hint="for the example below; not kept"),
        CheckField("thank_you", "&Thank you letter", kept.thank_you, hint="TSI writes one when all is paid"),
        CheckField("exclude_excol", "E&xclude EXCOL", kept.exclude_excol, hint="left out of Stop files, and listed"),
        CheckField("exclude_statement_hold", "Statement &hold", kept.exclude_statement_hold,
                   hint="leave such accounts out of Start files"),
        CheckField("auto_create_start", "Auto create &Start", kept.auto_create_start, hint="the night makes Start files"),
        CheckField("auto_create_stop", "Auto create Sto&p", kept.auto_create_stop, hint="the night makes Stop files"),
    ]  # fmt: skip
