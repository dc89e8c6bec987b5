"""What the three tabs of Pre-Collections share: they are offered only for a practice that is enrolled (DESIGN section 4)."""

from __future__ import annotations

from typing import Any, ClassVar

from bo_tui.rules.precollect import gate
from bo_tui.screens.external.base import ExternalPage
from bo_tui.screens.precollect import ENROLL
from bo_tui.views import precollect
from bo_tui.views.practices import PracticeRow

TABS = (("start_files", "Start Files"), ("stop_files", "Stop Files"), ("in_precollections", "In pre-collections"))


class PrecollectPage(ExternalPage):
    """One tab; see `ExternalPage` for what a tab says."""

    tabs = TABS
    heading: ClassVar[str] = "Pre-Collections"

    def not_offered(self, practice: PracticeRow) -> str | None:
        """Why the practice has no pre-collections, and who can set them up."""
        refused = gate.refusal(self.office, practice.id)
        return None if refused is None else f"{refused} {ENROLL}"

    def tab_counts(self, practice: PracticeRow) -> Any:
        """Files of each kind, and accounts with TSI."""
        return precollect.tab_counts(self.office, practice.id)

    def go_to_tab(self, tab: str) -> None:
        """Another tab of Pre-Collections."""
        self.program.show_precollections(tab)
