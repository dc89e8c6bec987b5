"""Returned mail: set or clear the account's flag (rules/flags.py)."""

from __future__ import annotations

from typing import Any

from bo_tui.rules import flags
from bo_tui.views.accounts import general
from bo_tui.widgets.dialogs import ConfirmDialog

WARNING = (
    "A flag that is set lets the night queue the account's lines for an agency where the practice rolls returned mail."
)


def returned_mail(page: Any) -> None:
    """Ask once, in words, and turn the flag; the account is compared with what the question was about."""
    about = page.subject()
    person = general.person(page.office, page.account_id())
    value = not person.returned_mail

    def sure(yes: bool | None) -> None:
        if yes:
            page.act_and_announce(
                lambda: flags.returned_mail(page.office, about.practice, about.account, value, seen=person.act),
                lambda done: f"Returned mail {'set' if done.value else 'cleared'} on account {about.account}.",
            )

    question = f"{'Set' if value else 'Clear'} returned mail on account {about.account}?"
    page.app.push_screen(ConfirmDialog(question, f"{about.guarantor}.\n{WARNING}" if value else about.guarantor), sure)
