"""Payment plan: agree one, or cancel the one in force; it holds the whole account (rules/accounts/plans.py)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui import dates
from bo_tui.errors import Conflict, RuleRefusal
from bo_tui.money import shown
from bo_tui.rules.accounts import plans as rule
from bo_tui.rules.accounts.plans import Plan, Terms
from bo_tui.text import counted
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, DateField, NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.numberfield import NumberField


def action(page: Any) -> PageAction:
    """The page's action Payment Plan: sets one, or cancels the one in force."""

    def against() -> str | None:
        sums, plan = page.aging, page.plan
        if plan is None and sums is not None and sums.guarantor.total <= 0:
            return "A payment plan needs a balance in the guarantor's responsibility."
        return None

    return PageAction(
        "plan", "Payment plan: set or cancel", "P", lambda: start(page), page.on_account("plan", against), short="Plan"
    )


def start(page: Any) -> None:
    """What applies: setting a plan where there is none in force, else cancelling it."""
    about = page.subject()
    there = rule.plan_of(page.office, about.practice, about.account)
    if there is None:
        _set(page)
    else:
        _cancel(page, there)


def _set(page: Any) -> None:
    about = page.subject()
    seen = [page.person().act]
    today = page.office.business_date
    balance = 0 if page.aging is None else page.aging.guarantor.total

    def save(values: dict[str, Any]) -> rule.PlanDone:
        try:
            return rule.set_plan(
                page.office, about.practice, about.account, _terms(values), values["note"] or "", seen=seen[0]
            )
        except Conflict:
            seen[0] = page.person().act
            raise

    def live(values: Mapping[str, Any]) -> str:
        owed = f"The guarantor owes {shown(balance)}. "
        try:
            terms = _terms(values)
        except (KeyError, RuleRefusal):
            return owed
        if terms.amount <= 0 or -(-balance // terms.amount) > rule.MOST_PAYMENTS:
            return owed
        payments = rule.schedule(terms, balance)
        if not payments:
            return owed
        last = payments[-1]
        return f"{owed}{counted(len(payments), 'payment')}, the last one of {shown(last[1])} on {dates.iso(last[0])}."

    intervals = [("monthly", "every month"), ("days", "every so many days")]
    fields = [
        AmountField("amount", "&Amount", required=True),
        ChoiceField("interval", "&Interval", intervals, "monthly", required=True, width=24),
        NumberField("every_days", "E&very (days)", hint="only for every so many days"),
        DateField("first", "&First payment", dates.shift(today, 1, "m"), today=today, required=True),
        NoteField("note", "&Note"),
    ]
    intro = f"{about.intro}\nA plan in force holds all lines of the account; new ones of the guarantor's join it."
    dialog = FormDialog("Payment plan", fields, intro=intro, save=page.saving(save), live=live, help_topic="account")
    page.open_dialog(dialog, lambda done: "Payment plan set; the account is on hold by it.")


def _terms(values: Mapping[str, Any]) -> Terms:
    """The terms of the form's values; KeyError where one cannot be read yet."""
    every = values.get("every_days") if values["interval"] == "days" else None
    if values["interval"] == "days" and not every:
        raise RuleRefusal("Say how many days lie between two payments.", field="every_days")
    if values["amount"] is None or values["first"] is None:
        raise KeyError("amount")
    return Terms(values["amount"], values["first"], every)


def _cancel(page: Any, there: Plan) -> None:
    about = page.subject()
    seen = [there]

    def save(values: dict[str, Any]) -> rule.PlanDone:
        try:
            return rule.cancel_plan(page.office, about.practice, about.account, values["reason"], seen=seen[0].act)
        except Conflict:
            seen[0] = rule.plan_of(page.office, about.practice, about.account) or seen[0]
            raise

    def intro() -> str:
        one = seen[0]
        return (
            f"{about.intro}\n{one.terms.words}, agreed {dates.iso(one.made)} by {one.made_by}. Its hold ends with it."
        )

    dialog = FormDialog(
        "Cancel the payment plan",
        [NoteField("reason", "&Reason", required=True)],
        intro=intro,
        save=page.saving(save),
        ok="Cancel plan",
        help_topic="account",
    )
    page.open_dialog(dialog, lambda done: "Payment plan cancelled; its hold is lifted.")
