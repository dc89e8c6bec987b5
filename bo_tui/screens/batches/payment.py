"""One payment: its head with what remains always in sight, and where its money goes, on four tabs (back_office_rest.md 3.5)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

from textual import events
from textual.app import ComposeResult

from bo_tui.rules.batches import payments as rule
from bo_tui.rules.batches.model import AGENCY, ALLOWED, GUARANTOR, PaymentStanding
from bo_tui.screens.batches import guarantors, images, posting, reversing, sharerows, sharing, words
from bo_tui.screens.batches.looking import LookingPage
from bo_tui.screens.batches.paymentform import PaymentForm
from bo_tui.screens.external.listsource import Item
from bo_tui.views.batches import listing, payments, shares
from bo_tui.views.batches.payments import PaymentRow
from bo_tui.views.batches.shares import ShareRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.gridmodel import Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip

TABS = (("distributions", "Distributions"), ("suspense", "Suspense"), ("recoup", "Recoup"), ("misc", "Misc Income"))
EMPTY = {
    "distributions": "Nothing is distributed yet. Alt+N the sheet, Alt+D find an account first.",
    "suspense": "Nothing goes to suspense. Alt+D puts money there, or refunds it.",
    "recoup": "Nothing is recouped. Alt+D from a line's payment, Alt+N from money held.",
    "misc": "Nothing goes to miscellaneous income. Alt+D puts money there.",
}


class PaymentPage(LookingPage):
    """One payment of the batch that is open; `open` says which. Esc and Save go back to the batch."""

    help_topic = "payment"
    columns = sharerows.LINES
    first_sort = Sort("entered")

    def __init__(self) -> None:
        super().__init__()
        self.payment = 0
        self.practice: PracticeRow | None = None
        self.standing: PaymentStanding | None = None
        self.row: PaymentRow | None = None
        self.tab = "distributions"
        self._shares: dict[int, ShareRow] = {}
        self._said = ""
        self._fresh = self._adding = False

    def open(self, payment: int, practice: PracticeRow, said: str, adding: bool) -> None:
        """Show this payment when the page comes to the front; with `adding` with its sheet open."""
        self.payment, self.practice, self._said, self._adding = payment, practice, said, adding
        self.tab, self._fresh = "distributions", True
        self._look()

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("add", "Add", "D", lambda: sharing.add(self), self._may_add),
            PageAction("next", "Add Next", "N", lambda: sharing.add_next(self), self._may_add),
            PageAction("update", "Update", "U", lambda: sharing.update(self), self._on_share("payment", _not_changed)),
            PageAction("remove", "Remove", "R", lambda: sharing.take_out(self), self._on_share("payment", _not_changed)),
            PageAction("save", "Save and back to the batch", "S", self.save, short="Save"),
            PageAction("post", "Post", "P", self.post, self._may_post),
            PageAction("oldest", "Oldest first", "O", lambda: guarantors.oldest(self), self._guarantors),
            PageAction("account", "On account", "A", lambda: guarantors.on_account(self), self._guarantors),
            PageAction("header", "Header of the payment", "H", self.header, self._may_change),
            PageAction("view", "View attachment", "V", lambda: images.view(self, self.payment), self._attached),
            PageAction("attach", "Attach an image or PDF", "T", self.attach, lambda: self.may("attach") or self._here()),
            PageAction("reverse", "Reverse what is posted", "E", self.reverse, self._on_share("reverse", reversing.against_share)),
        )  # fmt: skip

    def before(self) -> ComposeResult:
        yield Lines("", keep=True, id="payment-head")
        yield TabStrip(TABS)

    # --- rows ------------------------------------------------------------------------------------------------------

    def _look(self) -> None:
        self.standing = rule.standing(self.office, self.payment)
        self.row = payments.one(self.office, self.payment)

    def items(self) -> list[Item]:
        if not self.payment:
            return []
        self._look()
        self._shares = {row.id: row for row in shares.rows(self.office, self.payment)}
        return [
            sharerows.item(row, self._columns) for row in self._shares.values() if sharerows.TAB[row.kind] == self.tab
        ]

    @property
    def kind(self) -> str:
        """Whose payment it is: insurance, guarantor, agency."""
        return self.standing.header.kind if self.standing else AGENCY

    @property
    def _columns(self) -> Sequence[sharerows.Column]:
        return sharerows.columns(self.kind, self.tab)

    @property
    def current(self) -> ShareRow | None:
        """The distribution under the cursor as it was read."""
        row = self.grid.current
        return self._shares.get(row.id) if row is not None else None

    def row_words(self, row: Row) -> str:
        found = self._shares.get(row.id)
        return words.share_line(found) if found is not None else ""

    def on_screen_resume(self) -> None:
        """Another payment may have been opened."""
        if self._fresh:
            self._fresh = False
            self.query_one(TabStrip).active = self.tab
            self.use_tab()
            if self._said:
                self.tell(self._said)
            if self._adding and self._may_add() is None:
                sharing.add_next(self)
            self._adding = False

    def use_tab(self) -> None:
        """Show the rows of the tab, from the first."""
        self.grid.empty = EMPTY[self.tab]
        source = self.fresh(self._columns)
        self.grid.set_source(source, Sort("entered"))
        self.show_head()
        self.show_keys()

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Alt+1 to Alt+4."""
        self.tab = event.tab
        self.use_tab()

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """The head follows the rows."""
        self.show_head()
        self.show_keys()

    def show_head(self) -> None:
        """Draw the head and the tabs' counts for the state of now."""
        if self.standing is None or self.row is None:
            text = "This payment was removed meanwhile." if self.standing is not None else ""
            self.query_one("#payment-head", Lines).set(text)
            return
        self.query_one("#payment-head", Lines).set(words.standing(self.standing, self.row.payer))
        for tab, _ in TABS:
            count = sum(1 for row in self._shares.values() if sharerows.TAB[row.kind] == tab)
            self.query_one(TabStrip).set_count(tab, f"{count:,}" if count else "")

    # --- what may be done ------------------------------------------------------------------------------------------

    def _open(self) -> str | None:
        if self.standing is None or self.row is None:
            return "There is no payment open."
        return (
            "All of it is posted; reverse what is wrong instead (Alt+E)." if self.standing.state == "posted" else None
        )

    def _here(self) -> str | None:
        return "There is no payment open." if self.row is None else None

    def _may_add(self) -> str | None:
        refused = self.may("payment") or self._open()
        if refused is None and self.tab == "recoup" and "recoup" not in ALLOWED[self.kind]:
            return "A guarantor recoups nothing; reverse the payment instead."
        return refused

    def _guarantors(self) -> str | None:
        refused = self.may("payment") or self._open()
        if refused is None and self.kind != GUARANTOR:
            return f"That is for a guarantor's payment; this is {words.KINDS[self.kind].lower()}."
        if refused is None and self.standing is not None and self.standing.remaining <= 0:
            return "Nothing of this payment remains to be distributed."
        return refused

    def _may_change(self) -> str | None:
        return self.may("payment") or self._open()  # of one posted in part the accounting date may change

    def _may_post(self) -> str | None:
        refused = self.may("payment") or self._open()
        if refused is None and self.row is not None and (why := words.why_not(self.row)):
            return f"It cannot be posted: {why}."
        return refused

    def _attached(self) -> str | None:
        return self.may("look") or images.against(self.row)

    def _on_share(self, action: str, against: Callable[[ShareRow | None], str | None]) -> Callable[[], str | None]:
        return self.on_row(action, lambda: against(self.current))

    # --- actions ---------------------------------------------------------------------------------------------------

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter changes the distribution, where it is not posted."""
        reason = self._on_share("payment", _not_changed)()
        if reason is None:
            sharing.update(self)
        else:
            self.say(reason, warning=True)

    def save(self) -> None:
        """Alt+S: everything is kept as it is entered; say what remains and go back to the batch."""
        said = ""
        if self.standing is not None and self.row is not None:
            said = f"{words.payment_title(self.row)} is saved; remaining {words.remaining(self.standing.remaining)}."
        self._back(said)

    def _back(self, said: str = "") -> None:
        batch = self.standing.batch if self.standing else None
        if batch is None or listing.one(self.office, batch) is None:
            self.program.show("payment_batches")
            return
        page = cast(Any, self.program.page("payment_batch"))
        page.show_payments(self.payment)
        self.program.show("payment_batch")
        if said:
            page.tell(said)

    def header(self) -> None:
        """Alt+H: type, number, amount, date, payer."""
        if self.standing is not None and self.practice is not None:
            dialog = PaymentForm(self, self.practice, self.standing.batch, self.kind, row=self.standing)
            self.open_dialog(dialog, lambda done: self.announce(f"Saved; {words.remaining(done.remaining)}."))

    def attach(self) -> None:
        """Alt+T."""
        if self.row is not None and self.practice is not None:
            images.attach(self, self.practice.id, self.payment, words.payment_title(self.row), self.announce)

    def post(self) -> None:
        """Alt+P: this payment alone."""
        batch = listing.one(self.office, self.standing.batch) if self.standing else None
        if batch is not None:
            posting.start(self, batch, self.announce, only=self.payment)

    def reverse(self) -> None:
        """Alt+E: the distribution under the cursor, whole or a part."""
        row = self.current
        if row is not None and self.row is not None and self.practice is not None:
            reversing.share(self, self.practice, self.kind, self.row, row, lambda text: self.announce(text, row.id))

    async def on_key(self, event: events.Key) -> None:
        """Esc goes back to the batch."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            self._back()


def _not_changed(row: ShareRow | None) -> str | None:
    return "It is posted; reverse it instead (Alt+E)." if row is not None and row.posted is not None else None
