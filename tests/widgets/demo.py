"""The widgets together as one page, to look at and to test with bytes.

`python tests/widgets/demo.py [rows] [--shot picture.svg key key =text ...]`
"""

from __future__ import annotations

import os
import pathlib
import sys
import time

if __name__ == "__main__":
    sys.path.insert(0, str(pathlib.Path(__file__).parent.parent))

from bo_tui.widgets import environment

environment.prepare(os.environ)

from collections.abc import Mapping, Sequence  # noqa: E402
from typing import Any  # noqa: E402

from textual.app import ComposeResult  # noqa: E402
from widgets.ledger_source import LedgerSource, store  # noqa: E402

from bo_tui import dates, money  # noqa: E402
from bo_tui.errors import RuleRefusal  # noqa: E402
from bo_tui.widgets.actions import ActionPage, PageAction  # noqa: E402
from bo_tui.widgets.choice import ChoiceField  # noqa: E402
from bo_tui.widgets.dialogs import ConfirmDialog, ListDialog, MessageDialog  # noqa: E402
from bo_tui.widgets.fields import AmountField, CheckField, DateField, NoteField  # noqa: E402
from bo_tui.widgets.filterstrip import FilterStrip, Toggle  # noqa: E402
from bo_tui.widgets.forms import FormDialog  # noqa: E402
from bo_tui.widgets.gridmodel import Sort  # noqa: E402
from bo_tui.widgets.keycheck import KeyCheck  # noqa: E402
from bo_tui.widgets.ledgergrid import LedgerGrid  # noqa: E402
from bo_tui.widgets.menubar import Menu, MenuItem, open_menu  # noqa: E402
from bo_tui.widgets.statusline import KeyLine, StatusLine, TopLine  # noqa: E402
from bo_tui.widgets.tabs import TabStrip  # noqa: E402
from bo_tui.widgets.terminalapp import TerminalApp  # noqa: E402
from bo_tui.widgets.textpage import TextPage  # noqa: E402

CODES = [("SB", "SB Small balance"), ("WO", "WO Write off"), ("CR", "CR Courtesy"), ("HW", "HW Hardship waiver")]
TODAY = dates.parse("2026-11-20")


class LedgerPage(ActionPage):
    """Transactions, as DESIGN section 6 draws it."""

    AUTO_FOCUS = "LedgerGrid"

    def __init__(self, source: LedgerSource) -> None:
        super().__init__()
        self.source = source
        self.saved: list[Any] = []

    def page_actions(self) -> Sequence[PageAction]:
        return (
            PageAction("search", "Search practice", "S", self.search, short="Search"),
            PageAction("adjust", "Adjust", "A", self.adjust, self.not_empty),
            PageAction("reverse", "Reverse", "R", self.reverse, self.not_empty),
            PageAction("reassign", "Reassign", "E", self.reassign, self.not_zero),
            PageAction("transfer", "Transfer", "T", self.transfer),
            PageAction("view", "View attachment", "V", self.view, lambda: "This file has no attachment.", short="View"),
        )

    def compose(self) -> ComposeResult:
        right = "Lakeside Anesthesia   Fri 2026-11-20   ana"
        yield TopLine([menu.title for menu in self.app.menus], right)  # type: ignore[attr-defined]
        tabs = [("pending", "Pending"), ("transactions", "Transactions"), ("files", "Files")]
        yield TabStrip(tabs, heading="External Collections", active="transactions")
        yield FilterStrip(toggle=Toggle("Show &zero balances"))
        ascii_guides = self.app.ascii_guides  # type: ignore[attr-defined]
        yield LedgerGrid(self.source, Sort("guarantor"), tree="code", poll=1, multi=True, ascii_guides=ascii_guides)
        yield StatusLine()
        yield KeyLine()

    def on_mount(self) -> None:
        self.grid = self.query_one(LedgerGrid)
        self.strip = self.query_one(FilterStrip)
        self.strip.attach(self.grid)

    def on_filter_strip_changed(self, event: FilterStrip.Changed) -> None:
        self.source.prefix = event.text
        self.grid.reload(keep_cursor=False)

    def on_ledger_grid_loaded(self, event: LedgerGrid.Loaded) -> None:
        self.strip.set_count(f"{event.text} of 1,204" if self.source.prefix else event.text)
        self.query_one(TabStrip).set_count("transactions", event.text)

    def on_ledger_grid_cursor_moved(self, event: LedgerGrid.CursorMoved) -> None:
        row = event.row
        self.say(
            "" if row is None else f"Line L-{row.id}: placed {row.cells[0]} by the night (age 49 > 45, 480.00 > 99.00)"
        )
        self.show_keys()

    def on_tab_strip_chosen(self, event: TabStrip.Chosen) -> None:
        self.say(f"tab {event.tab}")

    def not_empty(self) -> str | None:
        return None if self.grid.current else "No row is chosen."

    def not_zero(self) -> str | None:
        row = self.grid.current
        return None if row and row.cells[7] else "A row without a balance cannot be reassigned."

    def search(self) -> None:
        practices = [(n, f"{name} Anesthesia") for n, name in enumerate(("Lakeside", "Hillside", "Bay", "North Shore"))]
        self.app.push_screen(
            ListDialog("Practices", practices, multi=True), lambda found: self.say(f"practices {found}")
        )

    def adjust(self) -> None:
        row = self.grid.current_root
        assert row is not None
        balance = int(money.parse(row.cells[7]))

        def live(values: Mapping[str, Any]) -> str:
            amount = values.get("amount")
            return f"Balance {money.shown(balance)}, after this {money.shown(balance - amount)}" if amount else ""

        def save(values: dict[str, Any]) -> dict[str, Any]:
            time.sleep(0.05)
            if values["amount"] > balance:
                raise RuleRefusal(f"The balance is only {money.shown(balance)}.", field="amount")
            return values

        fields = [
            ChoiceField("code", "Transaction &code", CODES, required=True, width=30),
            AmountField("amount", "A&mount", required=True),
            DateField("date", "&Date", TODAY, today=TODAY),
            NoteField("note", "&Note"),
            CheckField("letter", "&Letter", hint="tell the agency"),
        ]
        intro = f"{row.cells[3]}, account {row.cells[2]}, {row.cells[1]}"
        self.app.push_screen(FormDialog("Adjust", fields, intro=intro, save=save, live=live), self.adjusted)

    def adjusted(self, result: dict[str, Any] | None) -> None:
        if result is not None:
            self.saved.append(result)
            self.say(
                f"Saved {result['code']} {money.shown(result['amount'])} {dates.iso(result['date'])} {result['note']}"
            )

    def reverse(self) -> None:
        question = ConfirmDialog(
            "Reverse this placement?", "480.00 goes back to active AR as a correction. A reason is kept."
        )
        self.app.push_screen(question, lambda sure: self.say(f"reversed {sure}"))

    def reassign(self) -> None:
        self.app.push_screen(MessageDialog("Reassign", "This debt is in file 7, sent 2026-08-21. " * 4))

    def transfer(self) -> None:
        self.app.push_screen(TextPage("Why", "# Why this line\n" + "- balance 480.00 > 99.00: yes\n" * 40))

    def view(self) -> None:
        self.say("seen")

    async def help(self) -> None:
        self.app.push_screen(TextPage("Help", "# Transactions\n\n- Alt+A adjusts.\n- Alt+R reverses."))


class Demo(TerminalApp):
    """The demo's program."""

    BINDINGS = [("alt+m", "menu(0)"), ("alt+x", "menu(1)"), ("alt+f", "menu(2)")]
    CSS = "Screen { layout: vertical; }"

    def __init__(self, source: LedgerSource) -> None:
        super().__init__()
        self.source = source
        item = MenuItem
        self.menus = (
            Menu(
                "&Manage",
                (
                    item("accounts", "Accounts", "A", lambda: self.bell(), lambda: "Not in this version."),
                    item("external", "External Collections", "X", lambda: None),
                    item("statements", "Statement Batches", "S", lambda: None, lambda: "Not in this version."),
                ),
            ),
            Menu("Admin", (item("agencies", "Agencies", "A", lambda: None),)),
            Menu("&File", (item("keys", "Keyboard check", "K", self.check), item("quit", "Quit", "Q", self.exit))),
        )

    def on_mount(self) -> None:
        self.page = LedgerPage(self.source)
        self.push_screen(self.page)

    def check(self) -> None:
        self.push_screen(KeyCheck())

    def palette_items(self) -> list[MenuItem]:
        return [item for menu in self.menus for item in menu.items]

    def action_menu(self, index: int) -> None:
        open_menu(self, self.menus, index, self.page.query_one(TopLine).place_of)


def main(arguments: Sequence[str]) -> int:
    rest = list(arguments)
    shot = rest.pop(rest.index("--shot") + 1) if "--shot" in rest else None
    rest = [one for one in rest if one != "--shot"]
    rows = int(rest.pop(0)) if rest else 1204
    app = Demo(LedgerSource(store(rows)))
    if shot is None:
        return app.run_here()

    async def look(pilot: Any) -> None:
        for key in rest:
            await pilot.press(*(list(key[1:]) if key.startswith("=") else [key]))
        await pilot.pause(0.3)
        app.save_screenshot(shot)
        app.exit()

    app.run(headless=True, size=(80, 24), auto_pilot=look)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
