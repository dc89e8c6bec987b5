"""What the program notes of an operator's looks: pages shown, accounts opened, what is searched for, read or taken out.

A worker writes them within two seconds (rules/audit.py, DESIGN section 7). What was searched for is never noted, only in which
fields; nothing here names a guarantor.
"""

from __future__ import annotations

import time
from typing import Any

from bo_tui.office import Office
from bo_tui.rules import roles
from bo_tui.rules.keeping import Keeper
from bo_tui.screens.session import Session

AGAIN = 60.0  # seconds after which the same tab of the same account is noted anew
ACCOUNT_TAB = "account_"  # how the names of an account's tabs begin


class RoleReason(str):
    """Why an operator's role does not let them do an action, as a sentence; `subject` and `detail` are for the chain of looks."""

    subject: str
    detail: str | None

    @classmethod
    def against(cls, office: Office, action: str) -> RoleReason | None:
        """The reason against an action of the office's operator; None where the role may. Asking leaves nothing behind."""
        refusal = roles.refusal(office, action)
        if refusal is None:
            return None
        reason = cls(refusal.sentence)
        reason.subject, reason.detail = refusal.subject, refusal.detail
        return reason


class Looks:
    """One sitting's looks; what comes again at once because a dialog was closed is noted once."""

    def __init__(self, office: Office, session: Session) -> None:
        self._keeper = Keeper(office)
        self._session = session
        self._last: tuple[Any, ...] = ()
        self._tabs: dict[tuple[int, str], float] = {}

    def opened(self) -> None:
        """The program was opened."""
        self._keeper.keep("open", "program")

    def at(
        self,
        subject: str,
        subject_id: int | None = None,
        detail: str | None = None,
        *,
        kind: str = "look",
        practice: int | None = None,
    ) -> None:
        """Something was looked at: a page or a row of a table, in the practice that is chosen where none is given."""
        chosen = self._session.practice
        self._keeper.keep(kind, subject, subject_id, detail, practice or (chosen.id if chosen else None))

    def refused(self, reason: str | None) -> None:
        """A key, a menu or the palette was answered with a reason; it is noted where it is the role's."""
        if isinstance(reason, RoleReason):
            self.at(reason.subject, None, reason.detail, kind="refused")

    def at_page(self, name: str) -> None:
        """A page is in front, by its name in PAGES; a tab of an account counts as a look at the account."""
        account = self._session.account if name.startswith(ACCOUNT_TAB) else None
        chosen = self._session.practice
        now = (name, account, chosen.id if chosen else None)
        if now == self._last:
            return
        self._last = now
        if account is None:
            self.at(name)
        elif self._tab_is_due(account, name):
            self.at("account", account, name.removeprefix(ACCOUNT_TAB))

    def _tab_is_due(self, account: int, name: str) -> bool:
        moment = time.monotonic()
        if moment - self._tabs.get((account, name), -AGAIN) < AGAIN:
            return False
        if len(self._tabs) > 1000:
            self._tabs.clear()
        self._tabs[account, name] = moment
        return True

    def close(self) -> None:
        """Write what waits."""
        self._keeper.close()
