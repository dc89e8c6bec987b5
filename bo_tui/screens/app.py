"""The program: its menus, its pages, and what happens when something goes wrong.

The first frame imports neither pendulum nor tabulate nor reportlab; a page's module is imported when it is first shown.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any, cast

from textual import events
from textual.widget import AwaitMount

from bo_tui.errors import Refusal
from bo_tui.office import Office
from bo_tui.screens import logfile, warming
from bo_tui.screens.looking import Looks, RoleReason
from bo_tui.screens.notbuilt import ADMIN, MANAGE, PREFERENCES, Item
from bo_tui.screens.page import OfficePage
from bo_tui.screens.precollect import ENROLL
from bo_tui.screens.session import Session
from bo_tui.views import practices
from bo_tui.widgets.lines import LEAST, TOO_SMALL
from bo_tui.widgets.menus import Menu, MenuItem
from bo_tui.widgets.statusline import TopLine
from bo_tui.widgets.terminalapp import TerminalApp

log = logging.getLogger(__name__)

# page -> module and class; imported when first shown
PAGES = {
    "home": ("bo_tui.screens.home", "HomePage"),
    "pending": ("bo_tui.screens.external.pending", "PendingPage"),
    "transactions": ("bo_tui.screens.external.transactions", "TransactionsPage"),
    "files": ("bo_tui.screens.external.files", "FilesPage"),
    "approvals": ("bo_tui.screens.external.approvals", "ApprovalsPage"),
    "accounts": ("bo_tui.screens.accounts.page", "AccountsPage"),
    "account_general": ("bo_tui.screens.accounts.general", "GeneralTab"),
    "account_ar": ("bo_tui.screens.accounts.activear", "ActiveARTab"),
    "account_external": ("bo_tui.screens.accounts.external", "ExternalTab"),
    "account_precollections": ("bo_tui.screens.accounts.precollections", "PrecollectionsTab"),
    "account_notes": ("bo_tui.screens.accounts.notes", "NotesTab"),
    "account_documents": ("bo_tui.screens.accounts.documents", "DocumentsTab"),
    "payment_batches": ("bo_tui.screens.batches.page", "PaymentBatchesPage"),
    "payment_batch": ("bo_tui.screens.batches.batch", "BatchPage"),
    "payment": ("bo_tui.screens.batches.payment", "PaymentPage"),
    "held": ("bo_tui.screens.held.page", "HeldPage"),
    "address_corrections": ("bo_tui.screens.addresses.page", "AddressesPage"),
    "collections": ("bo_tui.screens.collections.tasks", "TasksPage"),
    "start_files": ("bo_tui.screens.precollect.files", "StartFilesPage"),
    "stop_files": ("bo_tui.screens.precollect.files", "StopFilesPage"),
    "in_precollections": ("bo_tui.screens.precollect.accounts", "AccountsPage"),
    "precollections_admin": ("bo_tui.screens.admin.precollections", "PrecollectionsAdminPage"),
    "collections_admin": ("bo_tui.screens.admin.collections", "CollectionsPage"),
    "agencies": ("bo_tui.screens.admin.agencies", "AgenciesPage"),
    "agency": ("bo_tui.screens.admin.agencypage", "AgencyPage"),
    "operators": ("bo_tui.screens.admin.operators", "OperatorsPage"),
    "audit": ("bo_tui.screens.admin.audit", "AuditPage"),
}
NEXT = ("transactions", "pending", "files", "accounts")  # loaded when Home is there
TABS = (("pending", "Pending"), ("transactions", "Transactions"), ("files", "Files"))
IDLE_LOOK = 5.0  # seconds between looks at how long nobody pressed a key
SETTLED = 0.5  # seconds after which the start is over
TOO_SOON = 2.0  # seconds: a second fault so soon after the first is not survived again


class BackOffice(TerminalApp):
    """The program over one office. Pages stay alive once shown; `show(page)` brings one to the front."""

    BINDINGS = [("alt+m", "menu(0)"), ("alt+x", "menu(1)"), ("alt+f", "menu(2)")]
    CSS = "Screen { layout: vertical; }"

    def __init__(self, office: Office, idle_minutes: int = 0) -> None:
        super().__init__()
        self.office = office
        self.idle_minutes = idle_minutes  # 0: the screen is never covered
        self._last_key = time.monotonic()
        self._warned_at = 0.0  # the last key before which it was said that the screen will be covered
        self.session = Session()
        self.looks = Looks(office, self.session)
        self.menus = self._menus()
        self._pages: dict[str, OfficePage] = {}
        self._last_tab = "transactions"
        self._last_account_tab = "account_general"
        self._account_back = "accounts"  # the page from which the open account was opened
        self._last_precollect = "start_files"
        self._last_fault = 0.0
        self.hold_keys()  # what is typed before Home has its figures waits for them
        self._starting = True
        self.hide_frames()  # and Home is drawn with them, unless they take long

    def started(self) -> None:
        """Home has its figures: what was typed meanwhile acts now; told again it does nothing."""
        if self._starting:
            self._starting = False
            if self._typed:
                self.release_keys()
            else:
                self._holds = max(0, self._holds - 1)  # nothing was typed, so nothing need be let in
            self.show_frames_after(self.focused or self.screen)
            if not self.is_headless:
                self.set_timer(SETTLED, self._warm)

    def _warm(self) -> None:
        """Load what most people open next."""
        warming.begin([PAGES[name][0] for name in NEXT] + ["bo_tui.widgets.menubar"])

    def on_mount(self) -> None:
        """With one practice there is nothing to choose."""
        found = practices.all_practices(self.office)
        if len(found) == 1:
            self.session.practice = found[0]
        self.looks.opened()
        self.push_screen(self.page("home"))
        if self.idle_minutes:
            self.set_interval(IDLE_LOOK, self.look_idle)

    # --- pages -----------------------------------------------------------------------------------------------------

    def page(self, name: str) -> OfficePage:
        """A page by its name in PAGES, made on first use."""
        if name not in self._pages:
            module, cls = PAGES[name]
            self._pages[name] = getattr(import_module(module), cls)()
            self.install_screen(self._pages[name], name)
        return self._pages[name]

    def name_of(self, page: OfficePage) -> str | None:
        """The name in PAGES of a page that was made; None for any other screen."""
        return next((name for name, made in self._pages.items() if made is page), None)

    def show(self, name: str) -> None:
        """Bring a page to the front, in place of the one shown."""
        page = self.page(name)
        if page is not self.screen:
            self.switch_screen(name)

    def show_tab(self, tab: str) -> None:
        """Show a tab of External Collections: pending, transactions or files."""
        self._last_tab = tab
        self.show(tab)

    def show_external(self) -> None:
        """Show External Collections at the tab where the operator was last."""
        self.show_tab(self._last_tab)

    def show_precollections(self, tab: str | None = None) -> None:
        """Show a tab of Pre-Collections: start_files, stop_files or in_precollections; without one, the last shown."""
        self._last_precollect = tab or self._last_precollect
        self.show(self._last_precollect)

    def _precollections_refused(self) -> str | None:
        """Why the page is not offered for the practice that is chosen; without one it asks for one itself."""
        from bo_tui.rules.precollect import gate

        practice = self.session.practice
        refused = None if practice is None else gate.refusal(self.office, practice.id)
        return None if refused is None else f"{refused} {ENROLL}"

    def show_approvals(self) -> None:
        """Show what waits for a second person; Esc comes back to the page shown now."""
        page = cast(Any, self.page("approvals"))
        here = next((name for name, shown in self._pages.items() if shown is self.screen), "home")
        page.back = page.back if here == "approvals" else here
        self.show("approvals")

    def show_account(self, account: int, tab: str | None = None) -> None:
        """Open an account (by id) at one of its tabs, or at the one shown last; Esc comes back to the page shown now."""
        here = next((name for name, shown in self._pages.items() if shown is self.screen), "accounts")
        if not here.startswith("account_"):
            self._account_back = here
        self.session.practice = practices.of_account(self.office, account) or self.session.practice
        self.session.account = account
        self.show_account_tab(tab or self._last_account_tab)

    def show_account_tab(self, tab: str) -> None:
        """Show a tab (`account_general` and the like) of the account that is open."""
        self._last_account_tab = tab
        if self.page(tab) is self.screen:
            cast(Any, self.screen).look_again()
        else:
            self.show(tab)

    def leave_account(self) -> None:
        """Back to the page from which the account was opened; the list of accounts stands on it."""
        if self._account_back == "accounts" and self.session.account is not None:
            cast(Any, self.page("accounts")).stand_on(self.session.account)
        self.show(self._account_back)

    def on_resize(self, event: events.Resize) -> None:
        """The pages are made for 80x24; dialogs say it themselves."""
        if event.size.width < LEAST.width or event.size.height < LEAST.height:
            for page in self.screen_stack:
                if isinstance(page, OfficePage) and page.is_running:
                    page.say(TOO_SMALL, warning=True)

    # --- menus -----------------------------------------------------------------------------------------------------

    def _menus(self) -> tuple[Menu, ...]:
        file = (
            MenuItem("home", "Home", "H", lambda: self.show("home")),
            self.menu_item(PREFERENCES),
            MenuItem("keys", "Keyboard check", "K", self.check_keys),
            MenuItem("quit", "Quit", "Q", self.exit),
        )
        return (
            Menu("&Manage", tuple(self.menu_item(item) for item in MANAGE)),
            Menu("Admin (&X)", tuple(self.menu_item(item) for item in ADMIN)),
            Menu("&File", file),
        )

    def check_keys(self) -> None:
        """The keyboard check, over the page."""
        from bo_tui.widgets.keycheck import KeyCheck

        self.push_screen(KeyCheck())

    def menu_item(self, item: Item) -> MenuItem:
        """A page as an entry of a menu; one that is not built says so and cannot be taken."""
        own = {"external": self.show_external, "precollections": self.show_precollections}
        run = own.get(item.id, lambda: self.show(item.id))
        asked = self._precollections_refused if item.id == "precollections" else lambda: self._refused(item)
        return MenuItem(item.id, item.name, item.letter, run, asked, "not yet" if item.missing else "")

    def _refused(self, item: Item) -> str | None:
        """Why a page is not offered: it is not built, or not for the operator's role."""
        return RoleReason.against(self.office, item.action) or item.missing

    def menu_refused(self, reason: str) -> None:
        """A menu or the palette said why an entry cannot be taken (widgets/menubar.py)."""
        self.looks.refused(reason)

    def action_menu(self, index: int) -> None:
        """Alt+M, Alt+X, Alt+F."""
        from bo_tui.widgets.menubar import open_menu

        open_menu(self, self.menus, index, self.screen.query_one(TopLine).place_of)

    def palette_items(self) -> Sequence[MenuItem]:
        """What F12 offers besides the page's own actions."""
        return [item for menu in self.menus for item in menu.items] + [*self._tab_items()]

    def _tab_items(self) -> list[MenuItem]:
        """The tabs of External Collections, the page of approvals and the money held, which no menu names."""

        def to(tab: str) -> Callable[[], None]:
            return lambda: self.show_tab(tab)

        where = "External Collections"
        tabs = [MenuItem(tab, f"{name} ({where})", "", to(tab)) for tab, name in TABS]
        second = MenuItem("approvals", f"For a second person ({where})", "", self.show_approvals)
        return [*tabs, second, MenuItem("held", "Money held (Payment Batches)", "", lambda: self.show("held"))]

    # --- the lock --------------------------------------------------------------------------------------------------

    @property
    def locked(self) -> bool:
        """Whether the screen is covered."""
        from bo_tui.screens.lock import LockPage

        return any(isinstance(screen, LockPage) for screen in self.screen_stack)

    def lock(self) -> AwaitMount:
        """Cover the screen."""
        from bo_tui.screens.lock import LockPage

        return self.push_screen(LockPage(self.idle_minutes, self.office.actor.name))

    async def on_event(self, event: events.Event) -> None:
        """A key or a paste shows that somebody is there."""
        if isinstance(event, events.Key | events.Paste) and not event.is_forwarded:
            self._last_key = time.monotonic()
        await super().on_event(event)

    async def _let_in(self, event: events.Key | events.Paste) -> None:
        page = self.screen
        if isinstance(page, OfficePage):
            page.forget_said()
        await super()._let_in(event)

    def look_idle(self) -> None:
        """Cover the screen when no key came for `idle_minutes`, and say so a minute before; a running save has a minute to end."""
        if not self.idle_minutes or self.locked:
            return
        idle = time.monotonic() - self._last_key
        if self.keys_held and idle < (self.idle_minutes + 1) * 60:
            return
        if idle >= self.idle_minutes * 60:
            self.lock()
        elif idle >= (self.idle_minutes - 1) * 60 and self.idle_minutes > 1 and self._warned_at != self._last_key:
            self._warned_at = self._last_key
            for page in self.screen_stack:
                if isinstance(page, OfficePage):
                    page.say("Nobody there? In a minute without a key the screen is locked.", warning=True)

    # --- help ------------------------------------------------------------------------------------------------------

    def action_help(self) -> None:
        """F1: the help of the page or dialog in front, at the field that has the focus."""
        from bo_tui.screens import help
        from bo_tui.widgets.textpage import TextPage

        topic = getattr(self.screen, "help_topic", "") or "keys"
        self.push_screen(TextPage("Help", help.text(topic, help.field_of(self.focused))))

    def action_why(self) -> None:
        """F8 where a page has no answer of its own."""

    # --- when something goes wrong ---------------------------------------------------------------------------------

    def sentence_of(self, error: BaseException) -> str:
        """What a person is told of an error; what is no refusal is logged, by type and place, without data."""
        if isinstance(error, Refusal):
            return error.sentence
        logfile.fault(log, error)
        return f"That did not work ({type(error).__name__}); the log has where. Nothing was half done."

    def _handle_exception(self, error: Exception) -> None:
        """A fault in a handler ends that part of the screen, not the program: begin again at Home and say so."""
        now = time.monotonic()
        if self.is_headless or now - self._last_fault < TOO_SOON:
            logfile.fault(log, error)
            super()._handle_exception(error)
            return
        self._last_fault = now
        sentence = self.sentence_of(error)
        self.call_later(self._begin_again, sentence)

    async def _begin_again(self, sentence: str) -> None:
        locked = self.locked
        while len(self.screen_stack) > 1:
            await self.pop_screen()
        for name in list(self._pages):
            await self.uninstall_and_remove(name)
        while self.keys_held:
            self.release_keys()
        self.release_keys()  # also where none were held: what failed on its way in must not keep back what was typed behind it
        home = self.page("home")
        await self.push_screen(home)
        self.show_frames()
        home.say(sentence, warning=True)
        if locked:
            await self.lock()

    async def uninstall_and_remove(self, name: str) -> None:
        """Forget a page, so that it is made anew when it is shown next."""
        page = self._pages.pop(name)
        self.uninstall_screen(page)
        if page.is_running:
            await page.remove()

    def before_exit(self) -> None:
        """A signal ends the program: keep what was looked at, and close what this thread has open."""
        self.looks.close()
        self.office.close()

    def on_unmount(self) -> None:
        """Quit."""
        self.looks.close()


def run(office: Office, idle_minutes: int = 0) -> int:
    """Open the program on an office; its exit code: 0, or 128 plus its number when a signal ended it.

    After `idle_minutes` without a key the screen is locked; 0 means never.
    """
    logfile.begin(office)
    return BackOffice(office, idle_minutes).run_here()
