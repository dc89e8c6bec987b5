"""The General tab: the guarantor, the account's settings and every figure of it."""

from __future__ import annotations

from collections.abc import Sequence

from textual import events
from textual.app import ComposeResult

from bo_tui.rules.accounts import aging, plans, unmask
from bo_tui.screens.accounts import acts, edit, flag, generaltext, note, plan, printing
from bo_tui.screens.accounts.generaltext import Known
from bo_tui.screens.accounts.tab import AccountTab
from bo_tui.screens.external import hold
from bo_tui.screens.external.base import POLL
from bo_tui.views import holds, practices
from bo_tui.views.accounts import general
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.statusline import KeyLine, StatusLine
from bo_tui.widgets.textpage import TextView

SHOWN = 30.0  # seconds that an SSN stays where no key is pressed


class GeneralTab(AccountTab):
    """Update, returned mail, statements, payment plan, holds, notes, pre-collections, print."""

    tab = "account_general"
    AUTO_FOCUS = "TextView"

    def __init__(self) -> None:
        super().__init__()
        self._version = 0
        self.known: Known | None = None

    def compose(self) -> ComposeResult:
        yield self.top_line()
        yield from self.top_widgets()
        yield TextView("")
        yield StatusLine()
        yield KeyLine()

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("edit", "Update: name, address, flags", "U", self.edit, self.on_account("account"), short="Update"),
            PageAction(
                "flag", "Returned mail: set or clear", "R", lambda: flag.returned_mail(self), self.on_account("flag"),
                short="Returned",
            ),
            PageAction(
                "statements", "Statement option: send or hold", "A", lambda: acts.statement_option(self),
                self.on_account("account"), short="Statements",
            ),
            plan.action(self),
            PageAction("hold", "Hold the account", "O", lambda: hold.set_one(self), self.on_account("hold"), short="Hold"),
            note.action(self),
            PageAction(
                "extend", "Hold: keep it longer or shorter", "K", lambda: hold.extend_one(self), self.on_account("hold")
            ),
            PageAction("lift", "Hold: lift", "W", lambda: hold.lift_one(self), self.on_account("hold")),
            PageAction(
                "holds", "Holds of the account, and their history", "Y", lambda: hold.show(self), self.on_account("look")
            ),
            PageAction("ssn", "Show the SSN", "I", self.show_ssn, self.on_account(unmask.ACTION, self._no_ssn)),
            *acts.precollection_actions(self),
            *printing.actions(self),
            acts.search_action(self),
        )  # fmt: skip

    # --- reading ---------------------------------------------------------------------------------------------------

    def on_mount(self) -> None:
        """Look for what others do."""
        self.set_interval(POLL, self._poll)

    def _poll(self) -> None:
        if self.session.account is None or not self.is_active:
            return
        try:
            version = practices.version(self.office)
        except Exception:
            return  # a store that is locked for a moment is asked again next time
        if version != self._version:
            self.look_at_account()

    def another_account(self) -> None:
        self.known = None
        self.query_one(TextView).set("Reading ...")
        self.say("")

    def account_read(self) -> None:
        """The account's figures changed or were never read: read what the page says of it besides."""
        office, account = self.office, self.account_id()

        def read() -> tuple[int, Known]:
            with office.reading():
                person = general.person(office, account)
                there = Known(
                    person,
                    aging.aging(office, person.practice, person.number),
                    general.elsewhere(office, person.practice, account),
                    plans.plan_of(office, person.practice, person.number),
                    tuple(holds.of_account(office, person.practice, person.number)),
                )
                return practices.version(office), there

        def show(found: tuple[int, Known]) -> None:
            self._version, known = found
            if known != self.known:
                first = self.known is None or self.known.person.id != known.person.id
                self.known = known
                view = self.query_one(TextView)
                top = 0 if first else view.top
                view.set(generaltext.text(known, office.business_date))
                if top:
                    view.top = top
                    view.refresh()

        self.read(read, show, group="general", quiet=True)

    # --- actions ---------------------------------------------------------------------------------------------------

    def edit(self) -> None:
        """Alt+U: the account's form."""
        subject = self.subject()
        edit.update(self, subject.practice, subject.account, lambda kept: self.announce(edit.said(kept)))

    def _no_ssn(self) -> str | None:
        known = self.known
        return None if known is not None and known.person.ssn else "No SSN is kept for this account."

    def show_ssn(self) -> None:
        """Alt+I: the whole SSN on the status line, until the next key; it is kept who saw it before it is shown."""
        account = self.account_id()

        def show(ssn: str) -> None:
            if account == self.session.account and self.is_active:
                said = f"SSN {ssn}   (the next key hides it; that you saw it is kept)"
                self.tell(said)
                self.set_timer(SHOWN, lambda: self.forget_said() if self.query_one(StatusLine).text == said else None)

        self.act(lambda: unmask.ssn(self.office, account), show)

    async def on_key(self, event: events.Key) -> None:
        """Esc; textual calls the base's own on_key as well."""
        if event.key == "escape":
            event.stop()
            self.go_back()
