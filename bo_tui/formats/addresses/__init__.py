"""The results of an address service as CSV: columns, return codes in words, a reader (docs/formats.md, Address corrections)."""

from bo_tui.formats.addresses.layout import LAYOUT, Result
from bo_tui.formats.addresses.reading import results

__all__ = ["LAYOUT", "Result", "results"]
