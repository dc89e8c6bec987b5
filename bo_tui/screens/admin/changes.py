"""The history of settings as a page to read: who changed what, when, from what to what."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

from bo_tui import dates, money
from bo_tui.rules.settings import agencies, assignments, external_rules, practices, precollection_rules
from bo_tui.views.admin import MOST, ChangeRow

LABELS = {
    "assignment": assignments.LABELS | {"removed": "Removed"},
    "external_rule": external_rules.LABELS,
    "precollection_rule": precollection_rules.LABELS,
    "practice": practices.LABELS | {"code": "Code"},
    "agency": agencies.LABELS,
    "operator": {"user": "User", "role": "Role"},
}
SUBJECTS = {
    "assignment": "assignment of {}",
    "external_rule": "external collection rules",
    "precollection_rule": "pre-collection rules",
    "practice": "practice settings",
    "agency": "agency {}",
    "operator": "operator {}",
}
NOTHING = "(empty)"


def page(title: str, rows: Sequence[ChangeRow]) -> str:
    """The changes, the newest act first, as text with headings."""
    if not rows:
        return f"# {title}\n\nNothing was changed yet."
    lines = [f"# {title}"]
    together = sorted(rows, key=lambda row: (-row.act, row.subject, row.name))  # an import writes field by field
    for _, of_act in groupby(together, key=lambda row: (row.act, row.subject, row.name)):
        changed = list(of_act)
        first = changed[0]
        when = dates.written(first.made_at, first.business_date)
        what = SUBJECTS.get(first.subject, first.subject).format(first.name)
        lines += ["", f"# {when}  {first.actor}: {what} ({first.kind.replace('_', ' ')})"]
        lines += [_line(row) for row in changed if (row.subject, row.field) != ("assignment", "agency")]
    if len(rows) >= MOST:
        lines += ["", f"Older changes than these {MOST} stand in the audit trail."]
    return "\n".join(lines)


def _line(row: ChangeRow) -> str:
    label = LABELS.get(row.subject, {}).get(row.field, row.field.replace("_", " "))
    return f"- {label}: {_shown(row, row.before)} -> {_shown(row, row.after)}"


def _shown(row: ChangeRow, text: str | None) -> str:
    if text is None:
        return NOTHING
    if row.field == "payment_percent" and text.isdecimal():
        return f"{money.percent_plain(int(text))}%"
    return agencies.CHOICES.get(row.field, {}).get(text, text)
