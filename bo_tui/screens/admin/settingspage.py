"""What the built tabs of Collections Admin share: the strip of tabs, the practice's own settings, and who changed what."""

from __future__ import annotations

from typing import ClassVar

from bo_tui.screens.admin import changes
from bo_tui.screens.admin.admintabs import BUILT, COMING, TABS, AdminTabs
from bo_tui.screens.admin.base import NO_PRACTICE, PracticeListPage
from bo_tui.screens.admin.practiceform import PracticeForm
from bo_tui.views import admin, practices
from bo_tui.widgets.tabs import TabStrip
from bo_tui.widgets.textpage import TextPage


class SettingsPage(PracticeListPage):
    """One tab about one practice; a subclass names its `tab` and puts `tabs()` above its list."""

    tab: ClassVar[str] = ""

    def tabs(self) -> AdminTabs:
        """The strip with this tab chosen."""
        return AdminTabs(TABS, COMING, heading="Collections Admin", active=self.tab)

    # --- what may be done ------------------------------------------------------------------------------------------

    def with_practice(self) -> str | None:
        """Why settings cannot be changed here, or None."""
        return NO_PRACTICE if self.session.practice is None else self.may("settings")

    def readable(self) -> str | None:
        """Why settings cannot be looked at here, or None."""
        return NO_PRACTICE if self.session.practice is None else self.may("look")

    def edit_practice(self) -> None:
        """Alt+P: the practice's own settings, such as accounting dates, the four-eyes limit, and what TSI knows it by."""

        def saved(act: int) -> None:
            code = self.practice.code
            self._shown = next(row for row in practices.all_practices(self.office) if row.code == code)
            self.session.practice = self._shown
            self.show_whereabouts()
            self.announce("Saved the practice's settings.")

        self.open_dialog(PracticeForm(self.office, self.practice), saved)

    def history(self) -> None:
        """Alt+H: who changed what of this practice."""
        practice = self.practice

        def show(text: str) -> None:
            self.app.push_screen(TextPage(f"History of settings: {practice.name}", text))

        self.read(
            lambda: changes.page(practice.name, admin.practice_history(self.office, practice.id)), show, group="history"
        )

    # --- what its parts tell it ------------------------------------------------------------------------------------

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        """Another tab that is built."""
        event.strip.active = self.tab
        self.program.show(BUILT[event.tab])

    def on_admin_tabs_not_built(self, event: AdminTabs.NotBuilt) -> None:
        """Alt+1 and so on for a tab that is not built."""
        self.say(event.sentence, warning=True)
