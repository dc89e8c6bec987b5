"""The account form: a new account or an existing one; who may be there already is shown before anything is kept twice."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import Conflict
from bo_tui.office import Office
from bo_tui.rules.accounts import edit as rule
from bo_tui.rules.accounts.duplicates import Duplicates, Match
from bo_tui.rules.accounts.edit import Kept, Known
from bo_tui.rules.accounts.fields import LABELS, LONGEST_NUMBER, AccountFields
from bo_tui.rules.settings import zips
from bo_tui.rules.settings.changing import LONGEST
from bo_tui.screens.page import own_connection
from bo_tui.text import clean
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialog import Dialog, Lines
from bo_tui.widgets.fields import CheckField, DateField, Field, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.listbox import Entry, ListBox


def create(page: Any, practice: int, done: Callable[[Kept | Match], None]) -> None:
    """Ask for a new account; `done` gets what was kept, or the account that was there already and is wanted instead."""
    page.app.push_screen(AccountForm(page.office, practice), lambda result: None if result is None else done(result))


def update(page: Any, practice: int, number: str, done: Callable[[Kept | Match], None]) -> None:
    """Change an account (by number)."""
    known = rule.known(page.office, practice, number)
    form = AccountForm(page.office, practice, known)
    page.app.push_screen(form, lambda result: None if result is None else done(result))


def said(kept: Kept | Match) -> str:
    """What was done, for the status line."""
    if isinstance(kept, Match):
        return f"Account {kept.number} was there already; nothing was changed."
    what = ", ".join(LABELS[name].lower() for name in kept.changed if name in LABELS) or "name"
    return f"Account {kept.number}, {kept.guarantor}: {what} changed."


class AccountForm(FormDialog):
    """All fields of an account; dismissed with a `Kept`, or with the `Match` that the operator wants to see instead."""

    def __init__(self, office: Office, practice: int, known: Known | None = None) -> None:
        self.office = office
        self.practice_id = practice
        self.known = known
        self.seen_duplicates: set[int] = set()
        title = "Account: New" if known is None else f"Account: {known.fields.number}"
        super().__init__(title, _fields(known, office.business_date), help_topic="accounts_form", live=_elsewhere)

    def save_values(self, values: dict[str, Any]) -> Kept:
        number = self.known.fields.number if self.known else values["number"]
        wanted = AccountFields(**{**values, "number": number})
        return own_connection(self.office, lambda: self._keep(wanted))

    def _keep(self, wanted: AccountFields) -> Kept:
        if self.known is None:
            return rule.create(self.office, self.practice_id, wanted, seen_duplicates=self.seen_duplicates)
        number = self.known.fields.number or ""
        try:
            return rule.update(
                self.office, self.practice_id, number, wanted, seen=self.known.act, seen_duplicates=self.seen_duplicates
            )
        except Conflict:  # the operator is told what it is now; F2 again means that
            self.known = rule.known(self.office, self.practice_id, number)
            raise

    def _saved(self, result: Any, error: Exception | None) -> None:
        if not isinstance(error, Duplicates):
            super()._saved(result, error)
            return
        self._saving = False
        matches = error.matches

        def answered(answer: Match | bool | None) -> None:
            if isinstance(answer, Match):
                self.dismiss(answer)
            elif answer:
                self.seen_duplicates |= {match.account for match in matches}
                self.action_ok()

        self.app.push_screen(MatchDialog(matches, new=self.known is None), answered)


def _elsewhere(values: Mapping[str, Any]) -> str:
    """A hint where the zip code lies in another state than the one given; it may be right all the same."""
    code, state = values.get("zip") or "", values.get("state")
    lies_in = zips.state_of(code) if zips.is_zip(code) else None
    return f"Zip code {code} lies in {lies_in}, not in {state}." if lies_in and state and lies_in != state else ""


class MatchDialog(Dialog):
    """Accounts that may be the same guarantor's; dismissed with one of them (Enter), True (F2: keep all the same) or None."""

    AUTO_FOCUS = "ListBox"
    help_topic = "accounts_form"

    def __init__(self, matches: list[Match], *, new: bool) -> None:
        super().__init__("This guarantor may be here already")
        self.matches = matches
        keep = "keep as a new account" if new else "save all the same"
        self.keys_line = f"Enter open that account   F2 {keep}   Esc back to the form"

    def body(self) -> ComposeResult:
        yield ListBox([Entry(match, _words(match)) for match in self.matches])
        yield Lines("\nNothing is saved yet.")

    def on_list_box_taken(self, event: ListBox.Taken) -> None:
        """Enter."""
        self.dismiss(event.entry.value)


def _words(match: Match) -> str:
    born = f", born {dates.iso(match.date_of_birth)}" if match.date_of_birth is not None else ""
    city = f", {match.city}" if match.city else ""
    text = f"{match.number} {match.guarantor}{born}{city}: {' and '.join(match.why)}"
    return clean(text).replace("&", "+")


def _fields(known: Known | None, today: int) -> list[Field]:
    kept = known.fields if known else AccountFields()

    def text(key: str, label: str, width: int = 0, hint: str = "") -> Field:
        return TextField(key, label, getattr(kept, key) or "", width=width, hint=hint, longest=LONGEST)

    states = [(code, code) for code in zips.STATES]
    number = TextField("number", "&Account", width=20, hint="empty: the next free number", longest=LONGEST_NUMBER)
    return [
        *([number] if known is None else []),
        text("last", "&Last name"),
        text("first", "&First name"),
        text("middle", "&Middle name", 20),
        text("organization", "&Organization", hint=""),
        DateField("date_of_birth", "Date of &birth", kept.date_of_birth, today=today),
        text("ssn", "&SSN", 14, "kept as it is while it shows stars" if kept.ssn else ""),
        text("address1", "A&ddress line 1"),
        text("address2", "Address line 2"),
        text("city", "&City"),
        ChoiceField("state", "S&tate", states, kept.state, width=6),
        text("zip", "&Zip code", 12),
        text("phone", "&Phone (day)", 20),
        text("phone2", "Phone (e&vening)", 20),
        text("email", "&Email"),
        CheckField("returned_mail", "&Returned mail", kept.returned_mail),
        CheckField("hold_statements", "&Hold statements", kept.hold_statements),
        CheckField("suspend_precollection", "S&uspend pre-coll.", kept.suspend_precollection),
    ]
