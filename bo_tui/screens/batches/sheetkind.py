"""What the sheets of agencies', guarantors' and insurers' payments each say for themselves: rows, fields, sums, refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, ClassVar

from bo_tui.rules.batches.model import Share
from bo_tui.screens.external.listsource import Item
from bo_tui.views.batches.shares import ShareRow
from bo_tui.widgets.dialog import Dialog
from bo_tui.widgets.fields import Field
from bo_tui.widgets.gridmodel import Column


class SheetKind(Dialog):
    """The base: what a kind of sheet has to say, and what it may."""

    columns: ClassVar[Sequence[Column]] = ()
    nothing: ClassVar[str] = ""  # how more is found
    foretells: ClassVar[bool] = False  # whether it has words of what follows from what is typed
    names: ClassVar[Mapping[str, str]] = {}  # fields of a refusal that have another name here

    def make_fields(self) -> list[list[Field]]:
        """The fields of a row, by line."""
        raise NotImplementedError

    def shown_columns(self) -> Sequence[Column]:
        """The columns for the switches of now."""
        return self.columns

    def read_rows(self, text: str) -> Sequence[Any]:
        """The rows that a text finds; each has `id`, `own` and is drawn by `item`."""
        raise NotImplementedError

    def item(self, row: Any) -> Item:
        """A row as cells."""
        raise NotImplementedError

    def row_words(self, row: Any) -> str:
        """What the current row is."""
        raise NotImplementedError

    def first_values(self, row: Any, own: ShareRow | None) -> dict[str, Any]:
        """What the fields begin with: texts, and bools of switches."""
        raise NotImplementedError

    def share(self, row: Any, own: ShareRow | None, values: Mapping[str, Any]) -> Share:
        """What is kept; ValueError or a Refusal says what is wrong."""
        raise NotImplementedError

    def takes(self, values: Mapping[str, Any]) -> int | None:
        """What the row takes of the check, as far as it can be read."""
        raise NotImplementedError

    def left_field(self, key: str) -> str | None:
        """Enter is about to leave a field: what follows from it may be filled in; a sentence where it cannot be."""
        return None

    def against(self, values: Mapping[str, Any]) -> tuple[str, str] | None:
        """What the sheet itself refuses of the row that is entered: the field and a sentence."""
        return None

    def question(self, values: Mapping[str, Any]) -> str:
        """What is asked once before the row is kept; nothing where there is no doubt."""
        return ""

    def closed_to(self, row: Any) -> str | None:
        """Why no money of this payment can go to a row, said before anything is typed."""
        return None

    def foretold(self, values: Mapping[str, Any]) -> str:
        """What the row comes to with what is typed, and what posting it will do besides."""
        return ""

    def switches(self) -> str:
        """The switches above the rows, with their Alt letters."""
        return ""
