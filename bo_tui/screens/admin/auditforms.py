"""The dialogs of the Audit Trail: what to search for, and where an export goes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from bo_tui import dates
from bo_tui.errors import RuleRefusal
from bo_tui.formats import listing
from bo_tui.office import NIGHT, Office
from bo_tui.rules import roles
from bo_tui.rules.audit import KINDS, Kept
from bo_tui.rules.external import filechoice
from bo_tui.screens.admin import auditsource
from bo_tui.screens.page import own_connection
from bo_tui.text import counted
from bo_tui.views import audit, practices
from bo_tui.views.audit import LOOKS, Wanted
from bo_tui.widgets.choice import ChoiceField
from bo_tui.widgets.fields import DateField, Field, TextField
from bo_tui.widgets.forms import FormDialog

HELP = "audit"


def in_words(wanted: Wanted) -> str:
    """What is searched for: `ana, post, from 2026-11-01, account A1`."""
    parts = [wanted.actor, KINDS.get(wanted.kind, wanted.kind.replace("_", " "))]
    parts += [f"from {dates.iso(wanted.since)}"] if wanted.since is not None else []
    parts += [f"to {dates.iso(wanted.until)}"] if wanted.until is not None else []
    parts += [f"account {wanted.account}"] if wanted.account else []
    parts += ["one practice"] if wanted.practice is not None else []
    return ", ".join(part for part in parts if part)


def fields_of(wanted: Wanted) -> str:
    """In which fields is searched, never for what."""
    none = Wanted()
    names = ("actor", "kind", "since", "until", "account", "practice")
    return ", ".join(name for name in names if getattr(wanted, name) != getattr(none, name)) or "all"


class SearchDialog(FormDialog):
    """What to look for in one of the lists; dismissed with a Wanted."""

    def __init__(self, office: Office, listed: str, first: Wanted, found: list[str]) -> None:
        self.office = office
        self.listed = listed
        today = office.business_date
        kinds = [(kind, KINDS.get(kind, kind.replace("_", " "))) for kind in found]
        offices = [(row.id, f"{row.code} {row.name}") for row in practices.all_practices(office)]
        fields: list[Field] = [
            TextField("actor", "&Actor", first.actor, width=24, hint=f"a user of this machine, or {NIGHT}"),
            ChoiceField("kind", "&Kind", kinds, first.kind or None, width=24),
            DateField("since", "&From", first.since, today=today),
            DateField("until", "&To", first.until, today=today),
            TextField("account", "A&ccount", first.account, width=20, hint="its whole number"),
            ChoiceField("practice", "&Practice", offices, first.practice, width=34),
        ]
        title = "Search: who looked" if listed == LOOKS else "Search: acts"
        super().__init__(title, fields, ok="Search", help_topic=HELP)
        self.keys_line = "F2 Search (empty: all)   Esc Cancel   Enter next field"

    def save_values(self, values: dict[str, Any]) -> Wanted:
        given: dict[str, Any] = {name: value for name, value in values.items() if value is not None}
        wanted = Wanted(**given)
        if wanted.since is not None and wanted.until is not None and wanted.since > wanted.until:
            raise RuleRefusal("The last day lies before the first.", field="until")
        if wanted.account:
            own_connection(self.office, lambda: audit.narrow(self.office, self.listed, wanted))  # refuses a stranger
        return wanted


class ExportDialog(FormDialog):
    """Where to; dismissed with the path that was written."""

    def __init__(self, office: Office, listed: str, wanted: Wanted) -> None:
        self.office = office
        self.listed = listed
        self.wanted = wanted
        what = in_words(wanted) or "all"
        intro = f"The list of {listed} ({what}) as CSV, moments in UTC. Only you can read it. Nothing that is there is overwritten."
        name = f"audit-{listed}-{dates.iso(office.business_date)}.csv"
        self.file_name = name
        super().__init__("Export", [TextField("target", "&To", f"~/{name}", required=True)], intro=intro, ok="Export")
        self.help_topic = HELP

    def save_values(self, values: dict[str, Any]) -> Path:
        return own_connection(self.office, lambda: self._write(values["target"]))

    def _write(self, target: str) -> Path:
        roles.require(self.office, "audit")
        heads, figures = auditsource.HEADS[self.listed], auditsource.FIGURES[self.listed]
        rows = (auditsource.exported(row) for row in audit.every(self.office, self.listed, self.wanted))
        count = audit.count(self.office, self.listed, audit.narrow(self.office, self.listed, self.wanted), 10**9)
        kept = Kept("export", "audit", None, f"{self.listed}, {counted(count, 'row')}", self.wanted.practice)
        return filechoice.save(self.office, target, self.file_name, listing.csv_parts(heads, rows, figures), kept)
