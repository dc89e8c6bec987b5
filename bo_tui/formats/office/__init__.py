"""The office CSV of CONTRACT: files declared once (`layouts`), kinds of columns (`columns`), a streaming reader (`reading`)."""

from bo_tui.formats.office.columns import Column
from bo_tui.formats.office.layouts import LAYOUTS, Layout
from bo_tui.formats.office.reading import OfficeFile

__all__ = ["LAYOUTS", "Column", "Layout", "OfficeFile"]
