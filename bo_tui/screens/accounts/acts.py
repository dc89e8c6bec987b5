"""Acts on the whole account that several tabs offer: the statement option, pre-collections, and the search for another account."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from bo_tui.errors import Conflict
from bo_tui.rules.accounts import edit as accounts
from bo_tui.rules.precollect import gate, stops, suspension
from bo_tui.screens.accounts import finder
from bo_tui.text import counted
from bo_tui.views import precollectaccounts
from bo_tui.views.precollectaccounts import Stay
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import CheckField
from bo_tui.widgets.forms import FormDialog

ALL = "all"


def search_action(page: Any) -> PageAction:
    """Alt+S on a tab: find another account and open it at the same tab."""

    def start() -> None:
        finder.find(page, lambda found: page.program.show_account(found.account, page.tab))

    return PageAction("search", "Search: another account", "S", start, short="Search")


def statement_option(page: Any) -> None:
    """Send or hold the account's statements; asked once, in words."""
    about = page.subject()
    known = accounts.known(page.office, about.practice, about.account)
    value = not known.fields.hold_statements
    wanted = replace(known.fields, hold_statements=value)

    def sure(yes: bool | None) -> None:
        if yes:
            page.act_and_announce(
                lambda: accounts.update(page.office, about.practice, about.account, wanted, seen=known.act),
                lambda kept: f"Statements of account {about.account} are {'held' if value else 'sent'} from now on.",
            )

    question = f"{'Hold' if value else 'Send'} the statements of account {about.account}?"
    detail = (
        "The account gets no statement until they are sent again." if value else "Held lines stay held by themselves."
    )
    page.app.push_screen(ConfirmDialog(question, f"{about.guarantor}.\n{detail}"), sure)


# --- pre-collections -------------------------------------------------------------------------------------------------


def precollection_actions(page: Any) -> tuple[PageAction, ...]:
    """Stop Pre-Coll and Suspend Pre-Coll, dimmed where the practice is not enrolled."""

    def enrolled() -> str | None:
        return gate.refusal(page.office, page.practice.id) if page.session.practice is not None else None

    return (
        PageAction("stop", "Stop Pre-Coll", "T", lambda: stop(page), page.on_account(gate.ACTION, enrolled)),
        PageAction(
            "suspend", "Suspend Pre-Coll, or let it in again", "D", lambda: suspend(page),
            page.on_account(gate.ACTION, enrolled), short="Suspend",
        ),
    )  # fmt: skip


def _open_stays(page: Any) -> dict[str, Stay]:
    found = precollectaccounts.stays(page.office, page.account_id())
    return {stay.line: stay for stay in found if stay.ended is None}


def stop(page: Any) -> None:
    """Take one line, or all of the account, out of pre-collections."""
    about = page.subject()
    there = _open_stays(page)
    if not there:
        page.say("No line of this account is in pre-collections.", warning=True)
        return

    def save(values: dict[str, Any]) -> stops.Stopped:
        lines = list(there) if values["line"] == ALL else [values["line"]]
        try:
            seen = {line: there[line].act for line in lines}
            return stops.stop_precollection(page.office, about.practice, lines, seen=seen)
        except Conflict:
            there.update(_open_stays(page))
            raise

    options = [(ALL, f"all {len(there)} lines of the account")] if len(there) > 1 else []
    options += [(line, f"line {line}, {stay.description or 'service'}") for line, stay in there.items()]
    first = about.line if about.line in there else options[0][0]
    fields = [ChoiceField("line", "&Stop", options, first, required=True, width=40)]
    intro = f"{about.intro}\nTSI is told with the next Stop file; statements go on. What was paid or adjusted before is told first."
    dialog = FormDialog("Stop Pre-Coll", fields, intro=intro, save=page.saving(save), ok="Stop", help_topic="account")
    page.open_dialog(dialog, _stopped)


def _stopped(done: stops.Stopped) -> str:
    what = f"line {done.lines[0]}" if len(done.lines) == 1 else counted(len(done.lines), "line")
    waits = "one message waits" if done.messages == 1 else f"{done.messages} messages wait"
    return f"Pre-collections stopped for {what}; {waits} for the next Stop file."


def suspend(page: Any) -> None:
    """Keep the account out of later Start files, or let it in again."""
    about = page.subject()
    person = [page.person()]
    value = not person[0].suspend_precollection
    there = _open_stays(page)

    def save(values: dict[str, Any]) -> suspension.Suspended:
        try:
            return suspension.suspend(
                page.office, about.practice, about.account, value, stop=bool(values.get("stop")), seen=person[0].act
            )
        except Conflict:
            person[0] = page.person()
            raise

    intro = f"{about.guarantor}, account {about.account}\n"
    if value:
        intro += "The account stays out of later Start files until it is let in again."
        with_tsi = f"{len(there)} {'line is' if len(there) == 1 else 'lines are'} with TSI now"
        fields = [CheckField("stop", "&Stop as well", hint=with_tsi)] if there else []
    else:
        intro += "The account is suspended; its lines may start again when the practice's rules choose them."
        fields = []
    dialog = FormDialog(
        "Suspend Pre-Coll" if value else "Let into pre-collections again",
        fields,
        intro=intro,
        save=page.saving(save),
        ok="Suspend" if value else "Let in",
        help_topic="account",
    )
    page.open_dialog(dialog, _suspended)


def _suspended(done: suspension.Suspended) -> str:
    if not done.value:
        return "The account may start in pre-collections again."
    stopped = f"; {len(done.stopped)} stopped" if done.stopped else ""
    return f"The account stays out of pre-collections{stopped}."
