"""Post (Alt+P): the payments that can be posted, to be marked, why others cannot, the question, and what was refused after all."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from textual.app import ComposeResult

from bo_tui.money import shown
from bo_tui.rules.batches import posting as rule
from bo_tui.rules.batches.model import PostDone, Refused
from bo_tui.screens.batches import words
from bo_tui.screens.batches.reversing import briefly
from bo_tui.screens.page import OfficePage
from bo_tui.text import counted
from bo_tui.views.batches import listing, payments
from bo_tui.views.batches.listing import BatchRow
from bo_tui.views.batches.payments import PaymentRow
from bo_tui.widgets.dialog import Dialog, Lines
from bo_tui.widgets.dialogs import ConfirmDialog
from bo_tui.widgets.listbox import Entry, ListBox
from bo_tui.widgets.textpage import TextPage

Said = Callable[[str], None]
SHOWN = 6  # refusals that the question about moved debts names


def start(page: OfficePage, row: BatchRow, said: Said, only: int | None = None) -> None:
    """Ask which payments of a batch (or `only` one, by id) and whether, then post; `said` gets what was done."""

    def ready(found: tuple[BatchRow | None, list[PaymentRow]]) -> None:
        batch, rows = found
        refused = words.refuses_post(batch)
        if batch is None or refused is not None:
            page.say(refused or "This batch was deleted meanwhile.", warning=True)
            return
        if only is not None:
            rows = [one for one in rows if one.id == only]
        if not any(one.postable for one in rows):
            page.say("Nothing of this batch is ready to be posted.", warning=True)
            return
        page.app.push_screen(PostDialog(batch, rows), lambda chosen: _ask(page, batch, chosen, said))

    page.act(lambda: (listing.one(page.office, row.id), payments.rows(page.office, row.id)), ready)


class PostDialog(Dialog):
    """The payments of a batch with marks, those that cannot be posted dimmed with the reason; dismissed with the marked rows."""

    help_topic = "payment_batches"
    AUTO_FOCUS = "ListBox"
    keys_line = "F2 Post   Esc Cancel   Space mark   Alt+A all   Alt+N none"

    def __init__(self, batch: BatchRow, rows: Sequence[PaymentRow]) -> None:
        super().__init__(f"Post payment batch {batch.number}")
        self.rows = {row.id: row for row in rows}
        entries = [_entry(row) for row in rows if row.state != "posted"]
        self.box = ListBox(entries, multi=True, marked=[row.id for row in rows if row.postable])

    def body(self) -> ComposeResult:
        yield self.box
        yield Lines("", keep=True, id="post-count")

    def on_mount(self) -> None:
        """How many are marked."""
        self.on_list_box_marked()

    @property
    def chosen(self) -> list[PaymentRow]:
        """The marked payments in order."""
        return [self.rows[one] for one in sorted(self.box.marked)]

    def on_list_box_marked(self) -> None:
        """The count and the sum."""
        of = sum(1 for row in self.rows.values() if row.postable)
        sums = shown(sum(row.amount for row in self.chosen))
        self.query_one("#post-count", Lines).set(f"{len(self.chosen):,} of {words.count(of, 'payment')} marked, {sums}")

    def on_key(self, event: Any) -> None:
        """All, none."""
        if event.key in ("alt+a", "alt+n"):
            self.box.mark_all(event.key == "alt+a")
            event.stop()

    def action_ok(self) -> None:
        """F2; with nothing marked there is nothing to do."""
        if self.chosen:
            self.dismiss(self.chosen)


def _entry(row: PaymentRow) -> Entry:
    label = f"{words.payment_title(row)}  {shown(row.amount)}".replace("&", "+")
    reason = words.why_not(row)
    return Entry(row.id, label, reason or "", reason)


def _ask(page: OfficePage, batch: BatchRow, chosen: list[PaymentRow] | None, said: Said) -> None:
    if not chosen:
        return
    what = f"{words.count(len(chosen), 'payment')}, {shown(sum(row.amount for row in chosen))}"
    detail = "Posted money is in the ledger for good; what is wrong later is reversed, not edited."
    if batch.exceptions:
        are = "is" if batch.exceptions == 1 else "are"
        detail = (
            f"{counted(batch.exceptions, 'exception')} of the remittance {are} open (Alt+2 on the batch).\n{detail}"
        )

    def answered(yes: bool | None) -> None:
        if yes:
            _post(page, batch, chosen, said, repoint=False)

    def ask(back: tuple[int, int]) -> None:
        recalled = f"It recalls {shown(back[1])} of {counted(back[0], 'placement')} from agencies.\n" if back[0] else ""
        page.app.push_screen(ConfirmDialog(f"Post {what}?", recalled + detail), answered)

    page.act(lambda: payments.recalls(page.office, [row.id for row in chosen]), ask)


def _post(page: OfficePage, batch: BatchRow, chosen: Sequence[PaymentRow], said: Said, *, repoint: bool) -> None:
    def work() -> PostDone:
        # what consent posts was changed by the first posting itself: there is nothing more to have been seen
        seen = None if repoint else {row.id: row.act for row in chosen}
        return rule.post(page.office, batch.id, [row.id for row in chosen], seen=seen, repoint=repoint)

    page.act(work, lambda done: _posted(page, batch, chosen, said, done))


def _posted(page: OfficePage, batch: BatchRow, chosen: Sequence[PaymentRow], said: Said, done: PostDone) -> None:
    said(result(batch, done))
    moved = [one for one in done.refused if one.consent]
    if moved:
        by_id = {row.id: row for row in chosen}
        again = [by_id[one] for one in sorted({one.payment for one in moved})]
        detail = _sentences(moved, by_id)

        def answered(yes: bool | None) -> None:
            if yes:
                _post(page, batch, again, said, repoint=True)

        question = f"{words.count(len(moved), 'debt')} moved since: post the money where the debt is now?"
        page.app.push_screen(ConfirmDialog(question, detail), answered)
    elif done.refused:
        text = "\n".join(
            f"- {line}" for line in _sentences(done.refused, {row.id: row for row in chosen}, None).split("\n")
        )
        page.app.push_screen(TextPage("Not posted, and why", text))


def _sentences(refused: Sequence[Refused], rows: dict[int, PaymentRow], most: int | None = SHOWN) -> str:
    named = [f"{words.payment_title(rows[one.payment])}: {one.sentence}" for one in refused[:most]]
    more = len(refused) - len(named)
    return "\n".join([*named, *([f"and {more:,} more"] if more else [])])


def result(batch: BatchRow, done: PostDone) -> str:
    """What was posted, in a sentence."""
    what = counted(done.payments, "payment")
    partly = f" and {done.partly:,} in part" if done.partly else ""
    refused = f" {counted(len(done.refused), 'distribution')} stayed pending." if done.refused else ""
    shares = counted(done.distributions, "distribution")
    back = ""
    if done.recalled:
        back = f", recalled {shown(done.recalled_amount)} of {counted(done.recalled, 'placement')}"
    said = f"Posted {what}{partly} of batch {batch.number}: {shares}, {shown(done.amount)}{back}.{refused}"
    return " ".join([said, *briefly([one.sentence for one in done.left])])
