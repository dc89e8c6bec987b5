"""The help pages: one short Markdown file per page in `bo_tui/help`, with a section per field where there is something to say."""

from __future__ import annotations

from importlib.resources import files
from typing import Any

from bo_tui.widgets import labels
from bo_tui.widgets.fields import Field


def text(topic: str, field: str | None = None) -> str:
    """The page of a topic; the section named like the field comes first. A topic without a page gets the keys page."""
    page = _read(topic) or _read("keys") or "# Help\n\nThere is no help page here yet."
    section = _section(page, field) if field else ""
    return f"{section}\n\n{page}" if section else page


def field_of(widget: Any) -> str | None:
    """The label of the form field that a focused widget belongs to, or None."""
    while widget is not None and not isinstance(widget, Field):
        widget = widget.parent
    return labels.plain(widget.label) if widget is not None else None


def _read(topic: str) -> str:
    page = files("bo_tui").joinpath("help", f"{topic}.md")
    return page.read_text(encoding="utf-8") if page.is_file() else ""


def _section(page: str, field: str) -> str:
    """The lines from the heading `## FIELD` to the next heading."""
    found: list[str] = []
    for line in page.splitlines():
        if line.startswith("#"):
            if found:
                break
            if line.lstrip("# ").casefold() != field.casefold():
                continue
            found.append(line)
        elif found:
            found.append(line)
    return "\n".join(found).strip()
