"""A payment batch: what it expects against what is entered, its payments, and the exceptions of an imported remittance."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from textual import events
from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.batches import payments as rule
from bo_tui.rules.batches import remit
from bo_tui.rules.batches.model import AGENCY, GUARANTOR, INSURANCE, POSTED
from bo_tui.screens.batches import batchforms, batchrows, images, opening, posting, reversing, words
from bo_tui.screens.batches.looking import LookingPage
from bo_tui.screens.batches.paymentform import PaymentForm
from bo_tui.screens.external.listsource import Item
from bo_tui.views.batches import listing, payments
from bo_tui.views.batches.listing import BatchRow
from bo_tui.views.batches.payments import ExceptionRow, PaymentRow
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialog import Lines
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.fields import NoteField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.gridmodel import Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip

TABS = (("payments", "Payments"), ("exceptions", "Exceptions"))


class BatchPage(LookingPage):
    """One batch; `open` says which. Esc goes back to the list."""

    help_topic = "payment_batch"
    columns = batchrows.PAYMENTS
    first_sort = Sort("entered")
    empty = "No payment yet. Alt+I an insurer's, Alt+G a guarantor's, Alt+O an agency's."

    def __init__(self) -> None:
        super().__init__()
        self.standing: BatchRow | None = None
        self.practice: PracticeRow | None = None
        self.tab = "payments"
        self._rows: dict[int, PaymentRow] = {}
        self._exceptions: dict[int, ExceptionRow] = {}
        self._said = ""
        self._fresh = False

    def open(self, batch: BatchRow, practice: PracticeRow, said: str) -> None:
        """Show this batch when the page comes to the front."""
        self.standing, self.practice, self._said = batch, practice, said
        self.tab, self._fresh = "payments", True

    def page_actions(self) -> Sequence[PageAction]:
        one = partial(self._on_payment, "payment")
        return (
            PageAction("insurance", "Create Ins", "I", lambda: self.create(INSURANCE), self._may_create),
            PageAction("guarantor", "Create Guar", "G", lambda: self.create(GUARANTOR), self._may_create),
            PageAction("agency", "Create Coll", "O", lambda: self.create(AGENCY), self._may_create),
            PageAction("update", "Update (open it)", "U", self.open_row, self._on_payment("look"), short="Update"),
            PageAction("remove", "Remove", "R", self.take_out, one(_not_removed)),
            PageAction(
                "post", "Post", "P", self.post, lambda: self.may("payment") or words.refuses_post(self.standing)
            ),
            PageAction("view", "View attachment", "V", self.view, self._on_payment("look", images.against)),
            PageAction("attach", "Attach an image or PDF", "T", self.attach, self._on_payment("attach")),
            PageAction(
                "reverse", "Reverse the payment", "E", self.reverse, self._on_payment("reverse", reversing.against)
            ),
            PageAction("header", "Header of the payment", "H", self.header, one(_not_changed)),
            PageAction("expects", "What the batch expects", "B", self.expects, self._may_create),
            PageAction("settle", "Settle an exception", "S", self.settle, self._on_exception),
        )

    def before(self) -> ComposeResult:
        yield Lines("", keep=True, id="batch-head")
        yield TabStrip(TABS)

    # --- rows ------------------------------------------------------------------------------------------------------

    def items(self) -> list[Item]:
        batch = self.standing
        if batch is None:
            return []
        self.standing = listing.one(self.office, batch.id) or batch
        if self.tab == "exceptions":
            self._exceptions = {row.id: row for row in payments.exceptions(self.office, batch.id)}
            return [batchrows.exception_item(row) for row in self._exceptions.values()]
        self._rows = {row.id: row for row in payments.rows(self.office, batch.id)}
        return [batchrows.item(row) for row in self._rows.values()]

    @property
    def current(self) -> PaymentRow | None:
        """The payment under the cursor as it was read; None on the other tab."""
        row = self.grid.current
        return self._rows.get(row.id) if row is not None and self.tab == "payments" else None

    def row_words(self, row: Row) -> str:
        if self.tab == "exceptions":
            found = self._exceptions.get(row.id)
            return (
                ""
                if found is None
                else f"Row {found.row}: {found.reason}" + (f"; settled: {found.note}" if found.note else "")
            )
        one = self._rows.get(row.id)
        return words.payment_line(one) if one is not None else ""

    def on_screen_resume(self) -> None:
        """Another batch may have been opened, or its payments changed on their page."""
        if self._fresh:
            self._fresh = False
            self.query_one(TabStrip).active = self.tab
            self._use_tab()
        self.take_stand()
        if self._said:
            self.tell(self._said)
            self._said = ""
        self._show_head()

    def show_payments(self, payment: int) -> None:
        """Come to the front with the payments, and the cursor on this one (by id)."""
        self.stand_on(payment)
        if self.tab != "payments":
            self.tab, self._fresh = "payments", True

    def _use_tab(self) -> None:
        first = self.tab == "payments"
        self.grid.empty = self.empty if first else "Every row of the remittance was matched, or none was imported here."
        source = self.fresh(batchrows.PAYMENTS if first else batchrows.EXCEPTIONS)
        self.grid.set_source(source, Sort("entered" if first else "row"))
        self._show_head()
        self.show_keys()

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Alt+1 payments, Alt+2 exceptions."""
        self.tab = event.tab
        self._use_tab()

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        """The counts and sums of the head follow the rows."""
        self._show_head()
        self.show_keys()

    def _show_head(self) -> None:
        row = self.standing
        if row is None:
            return
        expected = shown(row.expected_total) if row.expected_total is not None else "any total"
        title = f" Payment batch {row.number}, {dates.iso(row.created)} by {row.creator}"
        title += f": {row.description}" if row.description else ""
        head = (
            f"{title}\n Expected {words.count(row.expected_count, 'payment')}, {expected}   "
            f"current {row.current_count:,}, {shown(row.current_total)}   posted {row.posted_count:,}, {shown(row.posted_total)}"
            f"\n Balance: {words.balance(row)}"
        )
        self.query_one("#batch-head", Lines).set(head)
        strip = self.query_one(TabStrip)
        strip.set_count("payments", f"{row.current_count:,}")
        strip.set_count("exceptions", f"{row.exceptions:,} open" if row.exceptions else "")

    # --- what may be done ------------------------------------------------------------------------------------------

    def _may_create(self) -> str | None:
        return self.may("payment") or (None if self.standing is not None else "There is no batch open.")

    def _on_payment(
        self, action: str, against: Callable[[PaymentRow | None], str | None] = lambda row: None
    ) -> Callable[[], str | None]:
        def further() -> str | None:
            return against(self.current) if self.tab == "payments" else "That is for payments: Alt+1."

        return self.on_row(action, further)

    def _on_exception(self) -> str | None:
        refused = self.may("payment")
        if refused is None and self.tab != "exceptions":
            refused = self._no_exception_here()
        if refused is not None:
            return refused

        def further() -> str | None:
            row = self.grid.current
            found = self._exceptions.get(row.id) if row is not None else None
            return f"It was settled: {found.note}." if found is not None and found.state != "open" else None

        return self.on_row("payment", further)()

    def _no_exception_here(self) -> str:
        """Alt+S among the payments: where exceptions are, and where payments are searched."""
        open_ones = self.standing.exceptions if self.standing is not None else 0
        settles = f"Alt+S settles an exception of the remittance: {open_ones:,} on Alt+2."
        search = "Payments are searched from the list of batches: Esc, then Alt+S."
        return f"{settles} {search}" if open_ones else f"No exception waits to be settled here. {search}"

    # --- actions ---------------------------------------------------------------------------------------------------

    def create(self, kind: str) -> None:
        """Alt+I, Alt+G, Alt+O: the header, then the payment's page with its sheet; coming back finds payments, and this one."""
        assert self.standing is not None
        assert self.practice is not None
        dialog = PaymentForm(self, self.practice, self.standing.id, kind, accounting_date=self.standing.accounting_date)
        self.open_dialog(dialog, lambda done: opening.payment(self, done.payment, adding=True))

    def open_row(self) -> None:
        """Alt+U and Enter: the payment with its distributions."""
        row = self.current
        if row is not None:
            opening.payment(self, row.id)

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter opens the payment, or settles the exception."""
        if self.tab == "payments":
            self.open_row()
        elif (reason := self._on_exception()) is None:
            self.settle()
        else:
            self.say(reason, warning=True)

    def header(self) -> None:
        """Alt+H: the header of the payment under the cursor."""
        row = self.current
        if row is not None and self.standing is not None and self.practice is not None:
            standing = rule.standing(self.office, row.id)
            dialog = PaymentForm(self, self.practice, self.standing.id, row.kind, row=standing)
            self.open_dialog(
                dialog, lambda done: self.announce(f"Saved; {words.remaining(done.remaining)}.", done.payment)
            )

    def take_out(self) -> None:
        """Alt+R: the payment leaves the batch with its distributions."""
        row = self.current
        if row is None:
            return

        def answered(yes: bool | None) -> None:
            if yes:
                self.act(
                    lambda: rule.remove(self.office, row.id, seen=row.act),
                    lambda done: self.announce(f"Removed {words.payment_title(row)}."),
                )

        detail = f"{shown(row.amount)} and {words.count(row.distributions, 'distribution')} go with it."
        self.app.push_screen(ConfirmDialog(f"Remove {words.payment_title(row)}?", detail), answered)

    def post(self) -> None:
        """Alt+P."""
        if self.standing is not None:
            posting.start(self, self.standing, self.announce)

    def view(self) -> None:
        """Alt+V."""
        if self.current is not None:
            images.view(self, self.current.id)

    def attach(self) -> None:
        """Alt+T."""
        row = self.current
        if row is not None and self.practice is not None:
            images.attach(self, self.practice.id, row.id, words.payment_title(row), self.announce)

    def reverse(self) -> None:
        """Alt+E: all that stands of the payment."""
        row = self.current
        if row is not None and self.practice is not None:
            reversing.whole(self, self.practice, row, lambda text: self.announce(text, row.id))

    def expects(self) -> None:
        """Alt+B: what the batch expects."""
        if self.standing is not None and self.practice is not None:
            dialog = batchforms.BatchForm(self.office, self.practice, [self.practice], self.standing)
            self.open_dialog(dialog, lambda done: self.announce(f"Saved batch {done.number}."))

    def settle(self) -> None:
        """Alt+S on an exception: how it was dealt with."""
        current = self.grid.current
        row = self._exceptions.get(current.id) if current is not None else None
        if row is None:
            return
        save = self.saving(lambda values: remit.settle_exception(self.office, row.id, values["note"], seen=row.act))
        dialog = FormDialog(
            f"Settle row {row.row}", [NoteField("note", "&Note", required=True)],
            intro=f"{row.reason}\nSay how it was dealt with: distributed by hand, put in suspense, sent back.",
            save=save, ok="Settle", help_topic=self.help_topic,
        )  # fmt: skip
        self.open_dialog(dialog, lambda done: self.announce(f"Row {row.row} is settled.", row.id))

    async def on_key(self, event: events.Key) -> None:
        """Esc goes back to the list."""
        if event.key == "escape":
            event.stop()
            event.prevent_default()
            opening.back_to_list(self, self.standing)


def _not_removed(row: PaymentRow | None) -> str | None:
    return "It has posted money; reverse it instead (Alt+E)." if row is not None and row.posted is not None else None


def _not_changed(row: PaymentRow | None) -> str | None:
    return "It is posted; its header stays as it is." if row is not None and row.state == POSTED else None
