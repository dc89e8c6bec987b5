"""An account on paper: its activity as a tree with balances, and the overview with every kind of thing that is kept of it."""

from __future__ import annotations

import pytest

from bo_tui.errors import NotFound
from bo_tui.formats import sections
from bo_tui.office import Office
from bo_tui.rules import payments
from bo_tui.rules.accounts import notes, plans, statements
from bo_tui.rules.accounts.activity import activity
from bo_tui.rules.accounts.overview import overview
from bo_tui.rules.accounts.reversefee import reverse_in_ar
from bo_tui.rules.external import pending, reverse
from tests import making
from tests.making import DAY, PRACTICE

ACCOUNT = "A1"


@pytest.fixture
def full(office: Office) -> Office:
    """An account with a line paid and adjusted, one placed, one reversed, one of the insurer's, and all else that can be kept."""
    making.make_agency(office)
    owner = making.make_account(office, ACCOUNT, ssn="123456789", date_of_birth=DAY - 9999, phone="7155550100")
    for number, age in (("L1", 60), ("L2", 50), ("L3", 40)):
        making.make_line(office, owner, number, age=age)
    making.make_line(office, owner, "L4", 200_00, age=10, responsibility="insurance", aging_date=None)
    paid = payments.receive(office, PRACTICE, "L1", "GPYMT", 80_00, "4471")
    reverse.reverse(office, paid.entry, "bounced", 20_00)
    payments.adjust_line(office, PRACTICE, "L1", "CHRTY", 30_00, "hardship")
    pending.add(office, PRACTICE, ["L2"], "First Bay")
    pending.post(office, PRACTICE, ["L2"])
    fee = office.store.use().execute_sql("SELECT id FROM entry WHERE code = 'SVCFE' AND line = 3").fetchone()[0]
    reverse_in_ar(office, fee, "wrong patient")
    statements.hold_statement(office, PRACTICE, "L1", True)
    notes.add_note(office, PRACTICE, ACCOUNT, "word " * 40)
    plans.set_plan(office, PRACTICE, ACCOUNT, plans.Terms(100_00, DAY), "agreed")
    return office


def test_activity_line_by_line(full: Office) -> None:
    (section,) = activity(full, PRACTICE, ACCOUNT).sections
    assert [row[1:5] for row in section.rows] == [
        ("SVCFE", "L1, Anesthesia", "480.00", ""),
        ("  GPYMT", "No. 4471", "-80.00", ""),
        ("    RVPAY", "No. 4471, bounced", "20.00", ""),
        ("  MADJN", "CHRTY, hardship", "-30.00", ""),
        ("  BALANCE", "", "", "390.00"),
        ("SVCFE", "L2, Anesthesia", "480.00", ""),
        ("  EXCOL", "placed with an agency", "-480.00", ""),
        ("  BALANCE", "with First Bay: 480.00", "", "0.00"),
        ("SVCFE", "L3, Anesthesia", "480.00", ""),
        ("  RVFEE", "wrong patient", "-480.00", ""),
        ("  BALANCE", "", "", "0.00"),
        ("SVCFE", "L4, Anesthesia", "200.00", ""),
        ("  BALANCE", "", "", "200.00"),
    ]
    assert section.total == "4 service fee lines, balance in active AR 590.00"
    (one,) = activity(full, PRACTICE, ACCOUNT, date_of_service=DAY - 90).sections
    assert (one.title, len(one.rows)) == ("Active AR, date of service 2026-08-22", 5)


def test_overview_and_its_sums(full: Office) -> None:
    document = overview(full, PRACTICE, ACCOUNT)
    found = {section.title: section for section in document.sections}
    totals = {title: section.total for title, section in found.items() if section.total}
    assert totals == {
        "Balance by age": "Active AR 590.00   With agencies 480.00   On account 0.00",
        "Charges": "Fees 1,640.00",
        "Payments": "Total -60.00",
        "On account": "Total 0.00",
        "Refunds": "Total 0.00",
        "Adjustments": "Total -30.00",
        "Reversed fees": "Total -480.00",  # 1,640 - 60 - 30 - 480 = 590 + 480
        "External collections": "With agencies 480.00",
    }
    assert [row[2] for row in found["Holds"].rows] == ["payment plan", "statement hold"]
    assert found["Payment plans"].rows[0][2] == "100.00 a month from 2026-11-20"
    assert {row[1] for row in found["Notes"].rows} >= {"account", "system: plan set", "system: adjust", ""}
    text = sections.as_text(document)
    assert "Phone and email (715) 555-0100" in text
    assert "6789" not in text
    assert "1999" not in text  # nor the year of birth


def test_the_paper_is_the_same_each_time_and_names_nobody_elses(full: Office) -> None:
    document = overview(full, PRACTICE, ACCOUNT)
    paper = sections.render(document)
    assert paper == sections.render(document)
    assert paper.startswith(b"%PDF")
    for words in (b"Overview of account A1", b"Printed 2026-11-20 by ana", b"Page 1 of 2", b"(-30.00)"):
        assert words in paper
    with pytest.raises(NotFound):
        overview(full, 2, ACCOUNT)
