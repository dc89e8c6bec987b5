"""What a practice decided about pre-collections, as of one business date (seed 002)."""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui.db.tables import ExternalRule, Practice, PrecollectionRule
from bo_tui.rules.external import terms as external


@dataclass(frozen=True)
class Terms:
    """The rules of one practice on day `day` (a day number), saved or only being considered."""

    practice: Practice
    day: int
    rules: PrecollectionRule

    @property
    def complete(self) -> bool:
        """Whether both thresholds are there; without them nothing starts."""
        return self.rules.balance_greater_than is not None and self.rules.days_past_due is not None

    @property
    def window(self) -> int | None:
        """The look-back in days of the payment exclusion, or None when the practice uses none."""
        return self.payments.window

    @property
    def payments(self) -> external.Terms:
        """The payment exclusion in terms of external collections, whose expressions count it: always the line's own payments."""
        bar = ExternalRule(
            practice=self.practice.id,
            payment_within_days=self.rules.payment_within_days,
            payment_minimum=self.rules.payment_minimum,
            payment_percent=self.rules.payment_percent,
        )
        return external.Terms(self.practice, self.day, bar, (), ())


def load_terms(practice: Practice, day: int) -> Terms:
    """Read a practice's terms; call inside a transaction so that all of it is of one state."""
    rules = PrecollectionRule.get_or_none(PrecollectionRule.practice == practice.id)
    return Terms(practice, day, rules or PrecollectionRule(practice=practice.id))
