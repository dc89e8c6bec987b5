"""The dialogs of Payment Batches: search, create, what a batch expects, import a remittance."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

from bo_tui.errors import BadInput, Conflict, NoInput, RuleRefusal
from bo_tui.money import shown
from bo_tui.office import Office
from bo_tui.rules import accounting
from bo_tui.rules.batches import batches, payments, remit
from bo_tui.rules.batches.model import TYPES, BatchDone, Imported
from bo_tui.screens.batches.renewing import AskedOnce, RenewingForm
from bo_tui.screens.page import own_connection
from bo_tui.text import counted
from bo_tui.views.batches import listing
from bo_tui.views.batches.listing import BALANCED, OPEN, OUT, POSTED, BatchRow, Wanted
from bo_tui.views.practices import PracticeRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import AmountField, CheckField, DateField, Field, TextField
from bo_tui.widgets.forms import FormDialog
from bo_tui.widgets.numberfield import NumberField

HELP = "payment_batches"
CREATED = [(1, "today"), (5, "last 5 days"), (30, "last 30 days"), (365, "last year"), (0, "all")]
STATES = [
    ("", "all"), (OPEN, "not all posted"), (BALANCED, "in balance, to post"), (OUT, "out of balance"), (POSTED, "all posted"),
]  # fmt: skip


def search(found: list[PracticeRow], practice: PracticeRow | None, days: int, wanted: Wanted, today: int) -> FormDialog:
    """Practice, batch number, created, status, creator; a payment's number, payer, amount, date; dismissed with the values."""
    options = [(0, "all practices"), *((row.id, f"{row.code} {row.name}") for row in found)]
    fields: list[Field] = [
        ChoiceField("practice", "&Practice", options, practice.id if practice else 0, required=True, width=34),
        NumberField("number", "&Batch", wanted.number),
        ChoiceField("days", "&Created", CREATED, days, required=True, width=16),
        ChoiceField("state", "&Status", STATES, wanted.state or "", required=True, width=22),
        TextField("creator", "Crea&tor", wanted.creator, width=20, hint="how the name begins"),
        TextField("check", "C&heck number", wanted.check, width=20),
        TextField("payer", "Pa&yer", wanted.payer, width=20, hint="how the name begins"),
        AmountField("amount", "&Amount", wanted.amount, hint="of the check"),
        DateField("date", "Check &date", wanted.date, today=today),
    ]
    return FormDialog("Search: payment batches", fields, threaded=False, ok="Search", help_topic=HELP)


def accounting_field(practice: PracticeRow, today: int, value: int | None = None, *, required: bool) -> list[Field]:
    """The Accounting date, offered as the first open day, or nothing where the practice uses none."""
    if not practice.uses_accounting_dates:
        return []
    offered = accounting.first_open(cast(Any, practice), today) if value is None else value
    return [DateField("accounting_date", "Accounting &date", offered, today=today, required=required)]


class BatchForm(RenewingForm):
    """Create a batch, or change what one expects (`row`); dismissed with a BatchDone. A conflict keeps what was typed."""

    def __init__(
        self, office: Office, practice: PracticeRow, found: list[PracticeRow], row: BatchRow | None = None
    ) -> None:
        self.office, self.practice, self.found = office, practice, found
        self.row = row
        title = f"Batch {row.number}: what it expects" if row else "Create payment batch"
        super().__init__(title, self.fields_now(), intro=self.about, ok="Save" if row else "Create", help_topic=HELP)

    def fields_now(self) -> list[Field]:
        row, found = self.row, self.found
        fields: list[Field] = []
        if row is None and len(found) > 1:
            choice = [(one.id, one.name) for one in found]
            fields.append(ChoiceField("practice", "&Practice", choice, self.practice.id, required=True))
        fields += [
            NumberField(
                "expected_count", "Expected &count", row.expected_count if row else None, required=True, hint="payments"
            ),
            AmountField("expected_total", "Expected &total", row.expected_total if row else None),
        ]
        dated = self.practice.uses_accounting_dates if row else any(one.uses_accounting_dates for one in found)
        if dated:
            value = row.accounting_date if row else None
            fields.append(DateField("accounting_date", "Accounting &date", value, today=self.office.business_date))
        fields.append(
            TextField("description", "D&escription", (row.description or "") if row else "", longest=200, width=40)
        )
        return fields

    def about(self) -> str:
        """What there is now against what is expected."""
        if self.row is None:
            return "Count the payments and, where you can, add them up first: the batch posts when both agree."
        row = self.row
        are = "is" if row.current_count == 1 else "are"
        return f"{counted(row.current_count, 'payment')} of {shown(row.current_total)} {are} entered."

    def save_values(self, values: dict[str, Any]) -> BatchDone:
        return own_connection(self.office, lambda: self._write(values))

    def _write(self, values: dict[str, Any]) -> BatchDone:
        given = (
            values["expected_count"],
            values["expected_total"],
            values.get("accounting_date"),
            values["description"],
        )
        row = self.row
        if row is None:
            return batches.create(self.office, values.get("practice", self.practice.id), *given)
        try:
            return batches.update(self.office, row.id, *given, seen=row.act)
        except Conflict:
            self.row = listing.one(self.office, row.id) or row
            raise


class RemitForm(FormDialog):
    """Import a remittance of an agency: its file, and the check it came with; dismissed with an Imported."""

    def __init__(self, office: Office, practice: PracticeRow, *, senior: bool) -> None:
        self.office = office
        self.practice = practice
        today = office.business_date
        payers = payments.payers(office, practice.id)
        self._once = AskedOnce(payers)
        agencies = [(one.name, one.words) for one in payers]
        fields: list[Field] = [
            TextField("file", "&File", required=True, hint=""),
            ChoiceField("agency", "A&gency", agencies, agencies[0][0] if len(agencies) == 1 else None, required=True),
            ChoiceField("type", "&Type", [(one, one) for one in TYPES], "check", required=True, width=10),
            TextField("number", "&Number", width=20, hint="empty: the file's name"),
            AmountField("amount", "&Amount", hint="empty: what its rows say"),
            DateField("date", "Da&te", today, today=today),
            *accounting_field(practice, today, required=True),
        ]
        if senior:
            fields.append(CheckField("another_check", "Anot&her check", hint="though it looks like one entered before"))
        super().__init__("Import a remittance", fields, ok="Import", help_topic=HELP)

    def save_values(self, values: dict[str, Any]) -> Imported:
        self._once.ask(values["agency"])
        return own_connection(self.office, lambda: self._write(values))

    def _write(self, values: dict[str, Any]) -> Imported:
        try:
            return remit.import_remit(
                self.office, self.practice.id, values["agency"], Path(values["file"]).expanduser(), values["number"] or None,
                values["date"], values["amount"], type=values["type"], accounting_date=values.get("accounting_date"),
                another_check=bool(values.get("another_check")),
            )  # fmt: skip
        except (NoInput, RuntimeError) as error:  # RuntimeError: ~somebody who is not known here
            raise RuleRefusal(str(error), field="file") from error
        except BadInput as error:
            listed = "; ".join(str(problem) for problem in error.problems[:3])
            raise RuleRefusal(f"{error.sentence} {listed}".strip(), field="file") from error
