"""An account's tabs by keys: figures, the ledger and its acts, external, pre-collections, notes, documents."""

from __future__ import annotations

from pathlib import Path

import pytest

from bo_tui.db.tables import Entry, Note, Pending, StatementHold
from bo_tui.errors import NotFound
from bo_tui.office import Actor, Office
from bo_tui.rules import attachments, payments
from bo_tui.rules.accounts import notes
from bo_tui.rules.external import pending
from bo_tui.screens.accounts.activear import ActiveARTab
from bo_tui.screens.accounts.edit import AccountForm
from bo_tui.screens.accounts.printing import PreviewPage
from bo_tui.screens.external.attachment import AttachmentPage
from bo_tui.screens.external.pending import PendingPage
from bo_tui.screens.external.transactions import TransactionsPage
from bo_tui.widgets.filterstrip import FilterStrip
from bo_tui.widgets.textpage import TextPage, TextView
from tests import acting, making
from tests.screens.piloting import Sitting, sitting

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010806000000"
    "1f15c4890000000d49444154789c6360606060000000050001a5f645400000000049454e44ae426082"
)


@pytest.fixture
def one_account(office: Office) -> Office:
    """Account 100: L1 paid in part, L2 placed, L3 the insurer's, all of other dates of service."""
    agency = making.make_agency(office)
    row = making.make_account(office, "100", ssn="123456789", date_of_birth=0, zip="54007", phone="2065550144")
    making.make_line(office, row, "L1", 480_00, age=60)
    making.make_line(office, row, "L2", 20_00, age=70)
    making.make_line(office, row, "L3", 30_00, age=80, responsibility="insurance", aging_date=None)
    payments.receive(office, 1, "L1", "GPYMT", 80_00, number="77")
    making.place(office, acting.line("L2").id, agency)
    return office


async def opened(one: Sitting, tab: str) -> None:
    one.app.show_account(1, tab)
    await one.rest()


def text(one: Sitting) -> str:
    return one.screen.query_one(TextView).text


async def test_general_shows_who_and_every_figure_and_turns_the_flags(one_account: Office) -> None:
    async with sitting(one_account, "accounts") as one:
        await opened(one, "account_general")
        found = text(one)
        assert "Account 100   born 1970-01-01   SSN xxx-xx-6789" in found
        assert "123456789" not in found
        assert "day (206) 555-0144" in found
        figures = {line.split()[0]: line.split()[1:] for line in found.splitlines() if line[:5] in ("Guara", "Insur")}
        assert figures["Guarantor"] == ["-", "400.00", "-", "-", "-", "-", "400.00"]
        assert figures["Insurance"] == ["-", "-", "30.00", "-", "-", "-", "30.00"]
        assert "- First Bay has 20.00 (1 line)" in found
        assert "- Active AR and agencies together 450.00" in found
        await one.press("alt+r", "y", "alt+a", "y")
        assert "Returned mail: YES, since 2026-11-20   Statements: HOLD" in text(one)
        await one.press("alt+u")
        assert isinstance(one.screen, AccountForm)
        assert one.value("ssn") == "***-**-6789"
        await one.press("escape", "alt+t")
        assert "is not enrolled for pre-collections" in one.said


async def test_a_plan_holds_the_account_and_is_cancelled(one_account: Office) -> None:
    async with sitting(one_account, "accounts", (120, 40)) as one:
        await opened(one, "account_general")
        await one.press("alt+p", "=50", "f2")
        assert one.said == "Payment plan set; the account is on hold by it."
        assert "PLAN 50.00 a month from 2026-12-20" in one.screen.query_one("Banner").text
        assert "next: 2026-12-20 50.00, 2027-01-20 50.00, 2027-02-20 50.00" in text(one)
        await one.press("alt+2", "alt+e")
        assert "is on hold; lift the hold first" in one.said
        await one.press("alt+p", "=paid at once", "f2")
        assert one.said == "Payment plan cancelled; its hold is lifted."
        assert "PLAN" not in one.screen.query_one("Banner").text


async def test_the_ledger_opens_filters_and_explains(one_account: Office) -> None:
    async with sitting(one_account, "accounts") as one:
        await opened(one, "account_ar")
        assert [(row["line"], row["balance"], row["owes"], row["marks"]) for row in one.rows] == [
            ("L1", "400.00", "guar", ""),
            ("L2", "0.00", "guar", "X"),
            ("L3", "30.00", "ins", ""),
        ]
        await one.press("right")
        below = [(row["code"], row["description"], row["amount"], row["balance"]) for row in one.rows[1:3]]
        assert below == [("GPYMT", "Check 77", "-80.00", "400.00"), ("BALANCE", "", "", "400.00")]
        await one.press("down")
        assert "check 77" in one.said
        await one.press("alt+i", "down", "down", "enter")  # the second date of service
        assert [row["line"] for row in one.rows] == ["L2"]
        await one.press("escape", "alt+z")
        assert [row["line"] for row in one.rows if row["line"]] == ["L1", "L2", "L3"]
        await one.press("alt+g")
        assert isinstance(one.screen, TextPage)
        assert "pending in Date" in one.screen.text
        await one.press("escape", "alt+q")
        assert "payment by ana" in one.screen.text
        await one.press("escape", "home", "f8")
        assert "# First Bay: does not meet every criterion" in one.screen.text


async def test_the_acts_on_a_line(one_account: Office) -> None:
    async with sitting(one_account, "accounts", (120, 40)) as one:
        await opened(one, "account_ar")
        await one.press("alt+a", "=CONTR", "enter", "=10", "enter", "=agreed", "f2")
        assert one.said == "MADJN of 10.00 written; the balance of line L1 is 390.00."
        await one.press("right", "down", "alt+r", "=bounced", "enter", "=30", "f2")
        assert one.said == "RVPAY of 30.00 written; the balance in active AR is 420.00."
        assert [row["code"] for row in one.rows[:3]] == ["SVCFE", "GPYMT", "MADJN"]
        await one.press("home", "alt+h", "f2")
        assert one.said == "Line L1 goes on no statement."
        assert (one.rows[0]["marks"], StatementHold.select().count()) == ("S", 1)
        await one.press("alt+l", "alt+n", "=insurer found", "f2")
        assert one.said == "Line L1 is the insurer's since 2026-11-20."
        assert notes.of_account(one_account, 1, "100", "system")[0].text == "insurer found"
        await one.press("alt+e")
        assert "is the insurer's; only the guarantor's lines go to an agency" in one.said
        await one.press("alt+l", "f2", "alt+e", "f2")
        assert one.said == "Line L1, 420.00, is pending for First Bay."
        assert Pending.get().source == "active_ar"
        assert [row["date"] for row in one.rows if row["code"] == "EXCOL"] == ["pending"]
        await one.press("alt+r")
        assert one.said == "Line L1 waits for First Bay; deny it first."
        for key in ("alt+a", "alt+l", "alt+r"):
            await one.press("home", "alt+z", "alt+i", "down", "down", "enter", key)
            assert "L2 is with First Bay" in one.said
            await one.press("escape", "alt+z")


async def test_reversing_a_fee_and_a_conflict(one_account: Office) -> None:
    async with sitting(one_account, "accounts", (120, 40)) as one:
        await opened(one, "account_ar")
        await one.press("alt+r", "=wrong patient")
        payments.receive(one_account.by(Actor("bea", "operator")), 1, "L1", "IPYMT", 1_00)
        await one.press("f2")
        assert "was changed meanwhile by bea" in one.dialog
        assert one.value("reason") == "wrong patient"
        await one.press("f2")
        assert one.said == "RVFEE of 480.00 written; the balance in active AR is -81.00."
        assert one.rows[0]["balance"] == "-81.00"
        assert "AR -51.00" in one.screen.query_one("Banner").text


async def test_external_leads_to_where_it_is_worked(one_account: Office) -> None:
    pending.add(one_account, 1, ["L1"], "First Bay")
    async with sitting(one_account, "accounts") as one:
        await opened(one, "account_external")
        assert [(row["date"], row["line"], row["state"]) for row in one.rows] == [
            ("pending", "L1", "since 2026-11-20"),
            ("2026-11-20", "L2", "open"),
        ]
        await one.press("alt+g")
        assert isinstance(one.screen, PendingPage)
        one.app.show_account(1, "account_external")
        await one.rest()
        await one.press("down", "alt+g")
        assert isinstance(one.screen, TransactionsPage)
        assert one.screen.root.id == Entry.get(Entry.code == "EXCOL").id
        one.app.leave_account()


async def test_notes_are_written_and_shown_by_type(one_account: Office) -> None:
    async with sitting(one_account, "accounts") as one:
        await opened(one, "account_notes")
        await one.press("alt+n", "alt+t", "=called, no answer", "f2")
        assert one.said == "Note written."
        assert [(row["type"], row["text"]) for row in one.rows] == [("account", "called, no answer")]
        assert Note.select().count() == 1
        await one.press("alt+t", "=r", "enter")  # refund
        assert one.rows == []
        await one.press("alt+t", "home", "enter", "enter")
        assert "called, no answer" in one.screen.text


async def test_documents_and_printing(one_account: Office, tmp_path: Path) -> None:
    path = tmp_path / "check.png"
    path.write_bytes(PNG)
    async with sitting(one_account, "accounts") as one:
        await opened(one, "account_documents")
        await one.press("alt+a", "=L1", "enter")
        one.screen.fields["file"].input.value = str(path)
        await one.press("f2")
        assert one.said == "Attached check.png to line L1."
        assert [(row["name"], row["line"]) for row in one.rows] == [("check.png", "L1")]
        await one.press("enter")
        assert isinstance(one.screen, AttachmentPage)
        await one.press("escape", "alt+2")
        assert isinstance(one.screen, ActiveARTab)
        assert one.rows[0]["marks"] == "@"
        await one.press("alt+c")
        assert isinstance(one.screen, PreviewPage)
        assert "GPYMT" in one.screen.text
        await one.press("f3")
        one.screen.fields["target"].input.value = str(tmp_path / "made")
        await one.press("f2")
        assert (tmp_path / "made.pdf").read_bytes().startswith(b"%PDF")


async def test_another_account_from_any_tab_and_none(one_account: Office) -> None:
    making.make_account(one_account, "200", guarantor="Olsen, Kari")
    async with sitting(one_account, "accounts") as one:
        await opened(one, "account_ar")
        await one.press("alt+s", "=200", "f2")
        assert isinstance(one.screen, ActiveARTab)
        assert one.screen.query_one("Banner").text.startswith("200 Olsen, Kari")
        assert one.rows == []
        await one.press("alt+a")
        assert one.said == "There is no row to do that with."
        assert not one.screen.query_one(FilterStrip).text
    with pytest.raises(NotFound):
        attachments.attach(one_account, 1, line="none", path=Path("x"))
