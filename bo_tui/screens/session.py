"""What one sitting of one operator remembers while the pages come and go."""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui.views.practices import PracticeRow


@dataclass
class Session:
    """The practice that was chosen, for all pages alike, and the account (by id) whose tabs are shown; None until one is."""

    practice: PracticeRow | None = None
    account: int | None = None
