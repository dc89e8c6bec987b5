"""External Collection Agency: all fields of one agency; the zip fills city and state where they are known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bo_tui.errors import Conflict
from bo_tui.office import Office
from bo_tui.rules.settings import agencies, zips
from bo_tui.rules.settings.agencies import CHOICES, LABELS, AgencyFields, Kept
from bo_tui.rules.settings.changing import LONGEST
from bo_tui.screens.page import own_connection
from bo_tui.views import admin
from bo_tui.views.admin import AgencyRow
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.dialog import call_holding_keys
from bo_tui.widgets.fields import DateField, Field, TextField
from bo_tui.widgets.forms import FormDialog

TSI = "tsi"
NO_NUMBER = "TSI wants a client number: here, in the assignment, or the practice's own."
FOUND = tuple[str | None, str | None]


class AgencyForm(FormDialog):
    """A new agency or an existing one; dismissed with a `Kept`."""

    def __init__(self, office: Office, row: AgencyRow | None = None) -> None:
        self.office = office
        self.row = row
        self._zip = row.zip if row else ""  # what was looked up last
        self._filled: FOUND = (None, None)  # what this form wrote into city and state itself
        title = f"External Collection Agency: {row.name if row else 'New'}"
        super().__init__(title, _fields(row, office.business_date), help_topic="agencies")

    def on_form_changed(self, values: Mapping[str, Any]) -> str:
        """A whole zip is looked up once; city and state are filled where they are empty or were filled so before."""
        zip_code = (values.get("zip") or "").strip()
        if zips.is_zip(zip_code) and zip_code[:5] != self._zip[:5]:
            self._zip = zip_code
            work = lambda: own_connection(self.office, lambda: agencies.place_of(self.office, zip_code))  # noqa: E731
            call_holding_keys(self, work, self._fill)
        hints = []
        if values.get("baa_date") is None and "baa_date" in values:
            hints.append("Without an agreement date no file can be made for this agency.")
        if values.get("file_type") == TSI and not values.get("client_number"):
            hints.append(NO_NUMBER)
        return "\n".join(hints)

    def _fill(self, found: FOUND | None, error: Exception | None) -> None:
        if found is None or error is not None:
            return  # nothing is lost: city and state can be typed
        before, self._filled = self._filled, found
        for key, was, value in zip(("city", "state"), before, found, strict=True):
            field = self.fields[key]
            assert isinstance(field, TextField)
            if value and field.raw.strip() in ("", was or ""):
                if isinstance(field, ChoiceField):
                    field.choose(value)
                else:
                    field.set(value)

    def save_values(self, values: dict[str, Any]) -> Kept:
        fields = AgencyFields(**values)
        return own_connection(self.office, lambda: self._keep(fields))

    def _keep(self, fields: AgencyFields) -> Kept:
        if self.row is None:
            return agencies.create(self.office, fields)
        try:
            return agencies.update(self.office, self.row.id, fields, seen=self.row.act)
        except Conflict:  # the operator is told what it is now; F2 again means that
            self.row = next((row for row in admin.agencies(self.office) if row.id == self.row.id), self.row)
            raise


def _fields(row: AgencyRow | None, today: int) -> list[Field]:
    def text(key: str, label: str, width: int = 0, *, required: bool = False, hint: str = "") -> Field:
        value = (getattr(row, key) or "") if row else ""
        return TextField(key, label, value, required=required, width=width, hint=hint, longest=LONGEST)

    def choice(key: str, label: str, *, required: bool = False) -> Field:
        value = getattr(row, key) if row else None if required else next(iter(CHOICES[key]))
        return ChoiceField(key, label, list(CHOICES[key].items()), value, required=required, width=24)

    states = [(code, code) for code in zips.STATES]
    return [
        text("name", "&Name", required=True),
        text("address1", "&Address line 1", required=True),
        text("address2", "Address line 2"),
        text("zip", "&Zip Code", 11, required=True, hint="fills city and state where known"),
        text("city", "&City"),
        ChoiceField("state", "S&tate", states, row.state if row else None, width=6),
        text("contact", "C&ontact Name"),
        text("phone", "&Phone Number", 20),
        text("phone_ext", "Phone Ext.", 8),
        text("fax", "Fax Num&ber", 20),
        text("fax_ext", "Fax Ext.", 8),
        text("email", "&Email"),
        choice("file_type", "File T&ype", required=True),
        choice("ssn", "&SSN in files"),
        choice("remits", "Agency &remits"),
        DateField("baa_date", "A&greement date", row.baa_date if row else None, today=today),
        text("client_number", "C&lient number", 24),
    ]


def facts(row: AgencyRow) -> str:
    """An agency in one sentence, for the status line."""
    at_work = "assigned to no practice" if not row.practices else f"assigned to {row.practices} practice"
    at_work += "s" if row.practices > 1 else ""
    agreed = "" if row.baa_date is not None else "; no agreement date, so no file can be made"
    number = "; TSI without a client number of its own" if row.file_type == TSI and not row.client_number else ""
    return f"{row.name}: {at_work}; {LABELS['ssn']}: {CHOICES['ssn'][row.ssn]}; remits {row.remits}{agreed}{number}"
