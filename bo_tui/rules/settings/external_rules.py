"""A practice's payment exclusions and its four rules of external collections (seed 001)."""

from __future__ import annotations

from dataclasses import asdict, dataclass

from bo_tui import money
from bo_tui.db.tables import ExternalRule
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.formats.office import rowrules
from bo_tui.office import Office
from bo_tui.rules import ledger, roles
from bo_tui.rules.external import lookups
from bo_tui.rules.settings import changing

LABELS = {
    "payment_within_days": "Payment made within days",
    "payment_minimum": "Payment made dollar minimum",
    "payment_percent": "Payment made percentage minimum",
    "account_level": "Apply rules at the account level",
    "roll_returned_mail": "Automatically roll accounts flagged as returned mail to external collections",
    "auto_reassign": "Automatically reassign external accounts to appropriate agency",
    "re_age_if_denied": "Re-Age if Denied",
    "move_all_by_dos": "Move all procedures by DOS into external collections",
}
WHOLE = 100_00  # a hundred percent, in hundredths


@dataclass(frozen=True, slots=True)
class Rules:
    """The exclusion (days; cents and hundredths of a percent, of which the larger is the bar; line or account) and the rules."""

    payment_within_days: int | None = None
    payment_minimum: int | None = None
    payment_percent: int | None = None
    account_level: bool = False
    roll_returned_mail: bool = False
    auto_reassign: bool = False
    re_age_if_denied: bool = False
    move_all_by_dos: bool = False


def checked(wanted: Rules) -> Rules:
    """The rules as they are kept; RuleRefusal names the field. An exclusion needs days and a minimum or percentage above zero."""
    values = asdict(wanted)
    changing.limits(ExternalRule, values, LABELS)
    changing.check(values, rowrules.payment_bar, LABELS)
    if (values["payment_percent"] or 0) > WHOLE:
        raise RuleRefusal(f"{LABELS['payment_percent']} is above 100.", field="payment_percent")
    return Rules(**values)


def save(office: Office, practice: int, wanted: Rules, *, seen: int | None = None) -> int:
    """Keep a practice's rules; the act's id. `seen` is the act of the rules that were shown, 0 when there were none yet."""
    roles.require(office, changing.ACTION)
    values = asdict(checked(wanted))
    with office.act("external_rules", practice) as draft:
        name = lookups.the_practice(practice).name
        row = ExternalRule.get_or_none(ExternalRule.practice == practice)
        if row is None:
            if seen:
                raise Conflict(f"The rules of {name} are gone.")
            changing.insert(draft, ExternalRule, values, keys={"practice": practice})
        else:
            kept = Rules(**{field: getattr(row, field) for field in values})
            lookups.unchanged(seen, row.act, f"The rules of {name}", f"now says: {worked_example(kept, 100_00)[:-1]}")
            changing.update(draft, ExternalRule, row, values)
        ledger.seal(draft)
    return draft.id


def bar(rules: Rules, balance: int) -> int | None:
    """Cents that payments must reach to keep a line of such a balance out; None when nothing is excluded for payments.

    The same figure as `criteria.payment_bar`, which asks the database; a test holds them together.
    """
    minimum, percent = rules.payment_minimum or 0, rules.payment_percent or 0
    if rules.payment_within_days is None or not (minimum or percent):
        return None
    return max(minimum, money.share(balance, percent), 1) if percent else minimum


def worked_example(rules: Rules, balance: int) -> str:
    """What the exclusion means for a sample balance: `On 480.00: a payment of 48.00 or more in the last 35 days ...`."""
    needed = bar(rules, balance)
    if needed is None:
        return f"On {money.shown(balance)}: no payment keeps a line out; nothing is excluded for payments."
    days, amount = rules.payment_within_days, money.shown(needed)
    span = "today or yesterday" if days == 1 else f"in the last {days} days"
    if rules.account_level:
        return f"On an account owing {money.shown(balance)}: {amount} or more {span} keeps it out."
    return f"On {money.shown(balance)}: a payment of {amount} or more {span} keeps the line out."
