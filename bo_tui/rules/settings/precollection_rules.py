"""A practice's rules of pre-collections: thresholds, payment exclusion, and what Start and Stop files leave out (seed 002)."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from bo_tui import money
from bo_tui.db.tables import PrecollectionRule
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.formats.office import rowrules
from bo_tui.office import Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.precollect import gate
from bo_tui.rules.settings import changing, external_rules
from bo_tui.text import counted

LABELS = {
    "balance_greater_than": "Balance greater than",
    "days_past_due": "More than (days past due)",
    "payment_minimum": "No payment of",
    "payment_percent": "Or a percentage",
    "payment_within_days": "In the last (days)",
    "thank_you": "Send thank you letter when fees are paid in full",
    "exclude_excol": "Exclude external collections adjustments in Stop File",
    "exclude_statement_hold": "Exclude accounts on statement hold from being included in Start File",
    "auto_create_start": "The night creates Start files",
    "auto_create_stop": "The night creates Stop files",
}
_REQUIRED = ("balance_greater_than", "days_past_due", "payment_within_days")


@dataclass(frozen=True, slots=True)
class Rules:
    """Thresholds (cents, days), the payment exclusion (days; cents and hundredths of a percent, the larger is the bar), flags."""

    balance_greater_than: int | None = None
    days_past_due: int | None = None
    payment_minimum: int | None = None
    payment_percent: int | None = None
    payment_within_days: int | None = None
    thank_you: bool = False
    exclude_excol: bool = False
    exclude_statement_hold: bool = False
    auto_create_start: bool = False
    auto_create_stop: bool = False


def checked(wanted: Rules) -> Rules:
    """The rules as they are kept; RuleRefusal names the field. Thresholds and the payment exclusion are required (seed 002)."""
    values = asdict(wanted)
    changing.limits(PrecollectionRule, values, LABELS)
    for name in _REQUIRED:
        if values[name] is None:
            raise RuleRefusal(f"{LABELS[name]} is required.", field=name)
    changing.check(values, rowrules.payment_bar, LABELS)
    if (values["payment_percent"] or 0) > external_rules.WHOLE:
        raise RuleRefusal(f"{LABELS['payment_percent']} is above 100.", field="payment_percent")
    return Rules(**values)


def current(office: Office, practice: int) -> tuple[Rules, int]:
    """A practice's rules and their act; rules without thresholds and 0 where none are kept yet. RuleRefusal without enrolment."""
    roles.require(office, "look")
    with office.reading():
        gate.the_practice(practice)
        row = PrecollectionRule.get_or_none(PrecollectionRule.practice == practice)
    return (Rules(), 0) if row is None else (_of(row), row.act)


def save(office: Office, practice: int, wanted: Rules, *, seen: int | None = None) -> int:
    """Keep a practice's rules; the act's id. `seen` is the act of the rules that were shown, 0 when there were none yet.

    RuleRefusal, field `practice`, without enrolment; else it names the field of the rules.
    """
    roles.require(office, changing.ACTION)
    with office.act("precollection_rules", practice) as draft:
        name = gate.the_practice(practice).name
        values = asdict(checked(wanted))
        row = PrecollectionRule.get_or_none(PrecollectionRule.practice == practice)
        if row is None:
            if seen:
                raise Conflict(f"The pre-collection rules of {name} are gone.")
            changing.insert(draft, PrecollectionRule, values, keys={"practice": practice})
        else:
            lookups.unchanged(seen, row.act, f"The pre-collection rules of {name}", f"now says: {words(_of(row))}")
            changing.update(draft, PrecollectionRule, row, values)
        ledger.seal(draft)
    return draft.id


def _of(row: PrecollectionRule) -> Rules:
    return Rules(**{one.name: getattr(row, one.name) for one in fields(Rules)})


def words(rules: Rules) -> str:
    """The thresholds in a few words, for a conflict."""
    if rules.balance_greater_than is None or rules.days_past_due is None:
        return "no thresholds"
    return f"an account above {money.shown(rules.balance_greater_than)}, {counted(rules.days_past_due, 'day')} past due"


def worked_example(rules: Rules, balance: int) -> str:
    """What the exclusion means for a sample balance, in the words of external collections."""
    bar = external_rules.Rules(rules.payment_within_days, rules.payment_minimum, rules.payment_percent)
    return external_rules.worked_example(bar, balance)
