"""The forms of Suspense, Recoup and Misc Income: money of a payment that goes to no line yet, or comes back out of one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from bo_tui.errors import Conflict
from bo_tui.money import shown
from bo_tui.rules.batches import distributions
from bo_tui.rules.batches import payments as rule
from bo_tui.rules.batches.model import MISC, ON_ACCOUNT, PLACEMENT, RECOUP, REFUND, SUSPENSE, Share, SharesDone
from bo_tui.screens.batches import words
from bo_tui.views.batches import shares
from bo_tui.views.batches.shares import ShareRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, Field, NoteField
from bo_tui.widgets.forms import FormDialog

if TYPE_CHECKING:
    from bo_tui.screens.batches.payment import PaymentPage

TO = [(SUSPENSE, "suspense: until it is known whose it is"), (REFUND, "refund: paid back, the note says to whom")]
TITLES = {SUSPENSE: "Suspense", MISC: "Miscellaneous income", RECOUP: "Recoup", REFUND: "Refund"}


def held(page: PaymentPage, kind: str, row: ShareRow | None = None) -> None:
    """Money to suspense (or refunded) or to miscellaneous income; what remains is offered."""
    standing = page.standing
    if standing is None:
        return
    offered = row.amount if row else max(standing.remaining, 0) or None
    fields: list[Field] = [AmountField("amount", "&Amount", offered, required=True)]
    if kind in (SUSPENSE, REFUND):
        fields.append(ChoiceField("kind", "&Goes to", TO, row.kind if row else SUSPENSE, required=True))
    fields.append(NoteField("note", "&Note", (row.note or "") if row else ""))

    def share(values: dict[str, Any]) -> Share:
        return Share(values.get("kind", kind), values["amount"], note=values["note"])

    _open(page, TITLES[kind], fields, share, row)


def recoup(page: PaymentPage, line: str | None, row: ShareRow | None = None) -> None:
    """Money that a payer takes back: out of what it paid on a line before, or out of suspense or miscellaneous income."""
    practice = page.practice
    if practice is None or page.standing is None:
        return
    of_line = line or (row.line if row else None)
    found = shares.sources(page.office, practice.id, page.standing.id, of_line)
    options = [(entry, f"{entry}  {text}, {shown(left)} left") for entry, text, left in found]
    if row is not None and row.of_entry not in [entry for entry, _ in options]:
        options.append((row.of_entry or 0, f"{row.of_entry}"))
    if not options:
        where = f"on line {of_line}" if of_line else "in suspense or miscellaneous income"
        page.say(f"There is nothing {where} that could be recouped.", warning=True)
        return
    chosen = row.of_entry if row else options[0][0] if len(options) == 1 else None
    fields: list[Field] = [
        ChoiceField("of_entry", "&From", options, chosen, required=True),
        AmountField("amount", "&Amount", -row.amount if row else None, required=True),
        NoteField("note", "&Note", (row.note or "") if row else ""),
    ]

    def share(values: dict[str, Any]) -> Share:
        return Share(RECOUP, values["amount"], of_entry=values["of_entry"], note=values["note"])

    _open(page, TITLES[RECOUP], fields, share, row)


def takeback(page: PaymentPage, row: ShareRow) -> None:
    """Change an agency's takeback: gross, net and commission below zero, of the payment that it took back."""
    fields: list[Field] = [
        AmountField(key, label, value, required=True, negative=True)
        for key, label, value in (
            ("gross", "&Gross", row.gross), ("net", "&Net", row.net), ("commission", "&Commission", row.commission)
        )
    ]  # fmt: skip
    fields.append(NoteField("note", "N&ote", row.note or ""))

    def share(values: dict[str, Any]) -> Share:
        figures = {name: values[name] for name in ("gross", "net", "commission")}
        return Share(PLACEMENT, placement=row.placement, of_entry=row.of_entry, note=values["note"], **figures)

    _open(page, "Takeback", fields, share, row)


def change(page: PaymentPage, row: ShareRow) -> None:
    """Change an unposted distribution that no sheet shows."""
    if row.kind == RECOUP:
        recoup(page, None, row)
    elif row.kind == PLACEMENT:
        takeback(page, row)
    elif row.kind == ON_ACCOUNT:
        fields: list[Field] = [
            AmountField("amount", "&Amount", row.amount, required=True),
            NoteField("note", "&Note", row.note or ""),
        ]

        def share(values: dict[str, Any]) -> Share:
            return Share(ON_ACCOUNT, values["amount"], account=row.account, note=values["note"])

        _open(page, f"On account of {row.account}", fields, share, row)
    else:
        held(page, row.kind, row)


def _open(page: PaymentPage, title: str, fields: list[Field], share: Any, row: ShareRow | None) -> None:
    standing = page.standing
    assert standing is not None
    seen = {"act": standing.act}

    def save(values: dict[str, Any]) -> SharesDone:
        try:
            if row is not None:
                return distributions.update(page.office, row.id, share(values), seen=seen["act"])
            return distributions.add(page.office, standing.id, [share(values)], seen=seen["act"])
        except Conflict:
            seen["act"] = rule.standing(page.office, standing.id).act
            raise

    intro = words.standing(standing, page.row.payer if page.row else "").split("\n")[1].strip()
    dialog = FormDialog(
        title, fields, intro=intro, save=page.saving(save), ok="Save" if row else "Add", help_topic="payment"
    )
    page.open_dialog(dialog, lambda done: page.announce(f"Saved; remaining {words.remaining(done.remaining)}."))
