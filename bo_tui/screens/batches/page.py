"""The Payment Batches page (Alt+M, P): batches of the last five days, created, opened, deleted, posted, imported."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from textual.app import ComposeResult

from bo_tui import dates
from bo_tui.errors import Refusal
from bo_tui.money import shown
from bo_tui.rules import roles
from bo_tui.rules.batches import batches
from bo_tui.screens.batches import batchforms, opening, posting, words
from bo_tui.screens.batches.batchforms import CREATED, BatchForm, RemitForm
from bo_tui.screens.batches.looking import LookingPage
from bo_tui.screens.external.listsource import Item
from bo_tui.views import practices
from bo_tui.views.batches import listing
from bo_tui.views.batches.listing import BatchRow, Wanted
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.actions import PageAction
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.gridmodel import Column, Row, Sort
from bo_tui.widgets.ledgergrid import LedgerGrid
from bo_tui.widgets.tabs import TabStrip

COLUMNS = (
    Column("practice", "Practice", 8, priority=9),
    Column("accounting_date", "Acct date", 10, priority=4),
    Column("batch", "Batch", 5, align="right", priority=12),
    Column("created", "Created", 10, priority=8),
    Column("creator", "Creator", 8, min_width=6, priority=5),
    Column("expected_count", "Exp", 4, align="right", priority=11),
    Column("current_count", "Cur", 4, align="right", priority=11),
    Column("posted_count", "Post", 4, align="right", priority=11),
    Column("expected_total", "Expected", 10, align="right", priority=6),
    Column("current_total", "Current", 10, align="right", priority=10),
    Column("posted_total", "Posted", 10, align="right", priority=7),
    Column("balance", "Balance", 7, priority=13),
)
FIVE_DAYS = 5


class PaymentBatchesPage(LookingPage):
    """The list: Search, Create, Update, Delete, Post, Import."""

    help_topic = "payment_batches"
    columns = COLUMNS
    first_sort = Sort("batch")
    empty = "No batch was created in the time shown. Alt+S shows older ones, Alt+C creates one."

    def __init__(self) -> None:
        super().__init__()
        self._rows: dict[int, BatchRow] = {}
        self.days = FIVE_DAYS
        self.wanted = Wanted()
        self._shown: PracticeRow | None = None
        self._begun = False
        self._columns: Sequence[Column] = COLUMNS

    def page_actions(self) -> Sequence[PageAction]:
        may = lambda: self.may("payment")  # noqa: E731
        return (
            PageAction("search", "Search", "S", self.search),
            PageAction("create", "Create a batch", "C", self.create, may, short="Create"),
            PageAction("update", "Update (open it)", "U", self.open_row, self.on_row("look"), short="Update"),
            PageAction("delete", "Delete the batch", "D", self.delete, self._on("payment", _not_deleted), short="Delete"),
            PageAction("post", "Post", "P", self.post, self._on("payment", words.refuses_post)),
            PageAction("import", "Import remittance", "I", self.import_remit, may, short="Import"),
            PageAction("expects", "Change what it expects", "E", self.expects, self.on_row("payment"), short="Expects"),
            PageAction("held", "Money held: on account, in suspense, income, owed", "H", lambda: self.program.show("held")),
        )  # fmt: skip

    def before(self) -> ComposeResult:
        yield TabStrip((), heading="Payment Batches")

    # --- rows ------------------------------------------------------------------------------------------------------

    def on_screen_resume(self) -> None:
        """The practice chosen on another page holds here too, until Search says otherwise."""
        practice = self.session.practice
        another = self._id_of(self._shown) != self._id_of(practice)
        opened = (
            self._stand is not None and self.wanted.practice is None
        )  # a batch of one of the practices shown chose it
        self._shown = practice
        if not self._begun or (another and not opened):
            self._begun = True
            self._look_for(Wanted(self._id_of(practice)), self.days)
        self.take_stand()

    @staticmethod
    def _id_of(practice: PracticeRow | None) -> int | None:
        return None if practice is None else practice.id

    def items(self) -> list[Item]:
        since = self.office.business_date - self.days + 1 if self.days else None
        wanted = replace(self.wanted, since=since)
        self._rows = {row.id: row for row in listing.rows(self.office, wanted)}
        return [_item(row, self._columns) for row in self._rows.values()]

    @property
    def current(self) -> BatchRow | None:
        """The batch under the cursor as it was read."""
        row = self.grid.current
        return self._rows.get(row.id) if row is not None else None

    def row_words(self, row: Row) -> str:
        found = self._rows.get(row.id)
        return words.batch_line(found) if found is not None else ""

    def _on(self, action: str, against: Callable[[BatchRow | None], str | None]) -> Callable[[], str | None]:
        return self.on_row(action, lambda: against(self.current))

    def _practices(self) -> list[PracticeRow]:
        return practices.all_practices(self.office)

    def _look_for(self, wanted: Wanted, days: int) -> None:
        self.wanted, self.days = wanted, days
        parts = ["Payment Batches:", next(text for value, text in CREATED if value == days)]
        parts += [f"number {wanted.number}"] if wanted.number is not None else []
        parts += [next(text for value, text in batchforms.STATES if value == wanted.state)] if wanted.state else []
        parts += [f"by {wanted.creator}"] if wanted.creator else []
        parts += [f"check {wanted.check}"] if wanted.check else []
        parts += [f"of {wanted.payer}"] if wanted.payer else []
        parts += [shown(wanted.amount)] if wanted.amount is not None else []
        parts += [f"dated {dates.iso(wanted.date)}"] if wanted.date is not None else []
        found = [row for row in self._practices() if wanted.practice in (None, row.id)]
        parts.append(found[0].name if len(found) == 1 else "all practices")
        strip = self.query_one(TabStrip)
        strip.heading = f"{parts[0]} {', '.join(parts[1:])}"
        strip.refresh()
        dated = any(row.uses_accounting_dates for row in found)
        self._columns = [one for one in COLUMNS if dated or one.key != "accounting_date"]
        self.grid.set_source(self.fresh(self._columns))

    # --- actions ---------------------------------------------------------------------------------------------------

    def search(self) -> None:
        """Alt+S: practice, batch, created, status, creator, and a payment in it."""
        found = self._practices()
        chosen = next((row for row in found if row.id == self.wanted.practice), None)

        def look(values: dict[str, Any]) -> None:
            practice = next((row for row in found if row.id == values["practice"]), None)
            if practice is not None:
                self.session.practice = practice
            self._shown = self.session.practice
            self.show_whereabouts()
            wanted = Wanted(
                practice.id if practice else None, None, values["number"], values["state"] or None, values["creator"],
                values["check"], values["payer"], values["amount"], values["date"],
            )  # fmt: skip
            days = 0 if wanted.narrow and values["days"] == FIVE_DAYS else values["days"]
            self._look_for(wanted, days)

        today = self.office.business_date
        self.open_dialog(batchforms.search(found, chosen, self.days, self.wanted, today), look)

    def create(self) -> None:
        """Alt+C: what is expected; then the batch is opened."""
        found = self._practices()
        practice = self.session.practice or found[0]
        dialog = BatchForm(self.office, practice, found)
        self.open_dialog(dialog, lambda done: opening.batch(self, done.batch, f"Created batch {done.number}."))

    def expects(self) -> None:
        """Alt+E: expected count and total, accounting date, description."""
        row = self.current
        if row is not None:
            dialog = BatchForm(self.office, self._practice_of(row), self._practices(), row)
            self.open_dialog(dialog, lambda done: self.announce(f"Saved batch {done.number}.", done.batch))

    def _practice_of(self, row: BatchRow) -> PracticeRow:
        return next(one for one in self._practices() if one.id == row.practice)

    def open_row(self) -> None:
        """Alt+U and Enter: the batch with its payments."""
        row = self.current
        if row is not None:
            opening.batch(self, row.id)

    def on_ledger_grid_activated(self, event: LedgerGrid.Activated) -> None:
        """Enter opens the batch."""
        self.open_row()

    def delete(self) -> None:
        """Alt+D: for good, so it is asked."""
        row = self.current
        if row is None:
            return
        detail = (
            f"{words.count(row.current_count, 'payment')} of {shown(row.current_total)} in it go with it, for good."
        )

        def answered(yes: bool | None) -> None:
            if yes:
                self.act(
                    lambda: batches.delete(self.office, row.id, seen=row.act),
                    lambda done: self.announce(f"Deleted batch {done.number}."),
                )

        self.app.push_screen(ConfirmDialog(f"Delete batch {row.number}?", detail), answered)

    def post(self) -> None:
        """Alt+P: which payments, and are you sure."""
        row = self.current
        if row is not None:
            posting.start(self, row, lambda text: self.announce(text, row.id))

    def import_remit(self) -> None:
        """Alt+I: an agency's file fills a batch, which is opened."""
        practice = self.session.practice
        if practice is None:
            self.say("Choose a practice first: Alt+S.", warning=True)
            return
        senior = roles.allowed(self.office.actor.role, "another_check")

        def done(made: Any) -> None:
            text = f"Loaded {words.count(made.matched, 'row')} into batch {made.number}"
            if made.exceptions:
                text += f"; {words.count(made.exceptions, 'exception')} to settle (Alt+2)"
            opening.batch(self, made.batch, f"{text}; {words.remaining(made.remaining)}.")

        try:
            dialog = RemitForm(self.office, practice, senior=senior)
        except Refusal as refusal:
            self.say(refusal.sentence, warning=True)
            return
        self.open_dialog(dialog, done)


def _not_deleted(row: BatchRow | None) -> str | None:
    if row is not None and row.touched:
        return f"Batch {row.number} has posted payments; posted money is reversed, not deleted."
    return None


def _item(row: BatchRow, columns: Sequence[Column]) -> Item:
    total = "" if row.expected_total is None else shown(row.expected_total)
    cells = {
        "practice": row.code,
        "accounting_date": dates.iso(row.accounting_date),
        "batch": str(row.number),
        "created": dates.iso(row.created),
        "creator": row.creator,
        "expected_count": f"{row.expected_count:,}",
        "current_count": f"{row.current_count:,}",
        "posted_count": f"{row.posted_count:,}",
        "expected_total": total,
        "current_total": shown(row.current_total),
        "posted_total": shown(row.posted_total),
        "balance": words.STATES[row.state],
    }
    keys: dict[str, Any] = {
        name: getattr(row, name)
        for name in ("created", "expected_count", "current_count", "posted_count", "current_total", "posted_total")
    }
    keys |= {"batch": (row.code, row.number), "expected_total": row.expected_total or 0}
    keys["accounting_date"] = row.accounting_date or 0
    return Item(row.id, tuple(cells[column.key] for column in columns), keys)
