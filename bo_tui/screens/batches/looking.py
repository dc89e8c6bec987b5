"""What the pages of payment batches share: they look for what others did only while they are in sight."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui.screens.admin.base import AdminPage, FreshList
from bo_tui.screens.batches.sheet import Sheet
from bo_tui.views import practices
from bo_tui.widgets.gridmodel import Column


class LookingPage(AdminPage):
    """A list that is not read again behind a sheet or another page, where each row kept would read it for nobody."""

    _seen = -1
    _stand: int | None = None

    def stand_on(self, row: int) -> None:
        """Put the cursor on a row (by id) when the page comes to the front: the one that was worked on elsewhere."""
        self._stand = row

    def take_stand(self) -> None:
        """The cursor goes where it was asked to; a row that is not shown moves nothing."""
        row, self._stand = self._stand, None
        if row is not None:
            self.grid.source.version()  # the row may be new
            self.grid.go_to(row)

    def newest(self) -> int:
        """The highest act; the one seen last while nobody looks here. Coming back looks again."""
        if self._seen < 0 or (self in self.app.screen_stack and not isinstance(self.app.screen, Sheet)):
            self._seen = practices.version(self.office)
        return self._seen

    def fresh(self, columns: Sequence[Column]) -> FreshList:
        """A source of `items` with these columns."""
        return FreshList(columns, self.items, self.newest)
