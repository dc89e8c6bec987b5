"""The account page's reads: lines, the AR tree with running balances, what is elsewhere; and how many queries that takes."""

from __future__ import annotations

import re
from typing import Any

import pytest

from bo_tui.db.tables import Entry, ServiceLine
from bo_tui.office import Actor, Office
from bo_tui.rules import payments
from bo_tui.rules.accounts import aging, reversefee, statements
from bo_tui.rules.external import pending, reverse, transfer
from bo_tui.views.accounts import documents, external, general, ledger, lines
from bo_tui.views.accounts.criteria import Criteria
from tests import acting, making
from tests.views.test_transactions import plans


@pytest.fixture
def account(office: Office) -> int:
    """L1 paid, reversed and adjusted; L2 placed and back; L3 pending, its statements held; L4 in credit; L5 reversed."""
    agency = making.make_agency(office)
    row = making.make_account(office, "100", ssn="123456789")
    for at in range(1, 6):
        making.make_line(office, row, f"L{at}", 100_00 * at, age=20 * at, case=f"C{at}")
    made = payments.receive(office, 1, "L1", "IPYMT", 40_00, number="77")
    reverse.reverse(office, made.entry, "bounced", 15_00)
    cut = payments.adjust_line(office, 1, "L1", "CONTR", 10_00, "agreed")
    reverse.reverse(office, cut.entry, "not agreed", 4_00)
    placement = making.place(office, acting.line("L2").id, agency)
    acting.agency_payment(office, placement, 50_00, 10_00)
    transfer.transfer(office, [placement], "guarantor", True)
    statements.hold_statement(office, 1, "L3", True)
    pending.add(office, 1, ["L3"], "First Bay", source="active_ar")
    payments.receive(office, 1, "L4", "GPYMT", 450_00)
    fee = Entry.get((Entry.line == acting.line("L5").id) & (Entry.code == "SVCFE")).id
    reversefee.reverse_in_ar(office, fee, "wrong patient")
    acting.practice_setting(office, four_eyes_limit=5_00)
    payments.adjust_line(office.by(Actor("bob", "operator")), 1, "L1", "INTRS", 9_00, "late")
    return row


def test_the_tree_of_a_line(office: Office, account: int) -> None:
    line = acting.line("L1")
    block = ledger.blocks(office, 1, [line.id])[line.id]
    paid, back, cut, uncut = block.postings
    assert [(one.code, one.amount, one.balance, one.left) for one in block.postings] == [
        ("IPYMT", -40_00, 60_00, 25_00),
        ("RVPAY", 15_00, 75_00, 0),
        ("MADJN", -10_00, 65_00, 6_00),
        ("MADJP", 4_00, 69_00, 0),
    ]
    assert (paid.parent, back.parent, cut.parent, uncut.parent) == (None, paid.id, None, cut.id)
    assert (paid.has_children, back.has_children, cut.code_text, paid.number) == (True, False, "Contractual", "77")
    (asked,) = block.waiting
    assert (asked.code, asked.kind, asked.amount, asked.whose) == ("MADJP", "INTRS", 9_00, "bob")


def test_what_left_and_came_back_stands_in_active_ar_without_what_happened_there(office: Office, account: int) -> None:
    two, three, five = (acting.line(number).id for number in ("L2", "L3", "L5"))
    found = ledger.blocks(office, 1, [two, three, five])
    assert [(one.code, one.amount, one.balance, one.agency) for one in found[two].postings] == [
        ("EXCOL", -200_00, 0, "First Bay"),
        ("RVCOL", 150_00, 150_00, "First Bay"),
    ]
    (waits,) = found[three].waiting
    assert (waits.code, waits.amount, waits.whose, found[three].postings) == ("EXCOL", 300_00, "First Bay", ())
    assert [(one.code, one.amount, one.balance) for one in found[five].postings] == [("RVFEE", -500_00, 0)]


def test_every_line_ends_at_its_balance(office: Office, account: int) -> None:
    rows = lines.lines(office, 1, account)
    found = ledger.blocks(office, 1, [row.id for row in rows])
    for row in rows:
        if found[row.id].postings:
            assert found[row.id].postings[-1].balance == row.ar, row.number
    assert [row.number for row in rows] == ["L5", "L4", "L3", "L2", "L1"]  # by date of service
    three = rows[2]
    assert (three.waits_for, three.silent, three.held, three.placement) == ("First Bay", True, False, None)
    assert lines.lines(office, 1, account, three.id) == [three]
    assert lines.that_fit(office, 1, account, Criteria(case="c3")) == {three.id}


def test_every_figure_equals_the_ledger(office: Office, account: int) -> None:
    placement = making.place(office, acting.line("L2").id, 1)
    ar: dict[int, int] = {}
    ext = 0
    for entry in Entry.select():
        ar[entry.line] = ar.get(entry.line, 0) + entry.amount * ((entry.debit == "AR") - (entry.credit == "AR"))
        ext += entry.amount * ((entry.debit == "EXT") - (entry.credit == "EXT"))
    owed: dict[str, int] = {}
    for line in ServiceLine.select():
        age = office.business_date - line.aging_date
        bucket = "credit" if ar[line.id] < 0 else aging.NAMES[sum(age > last for last in aging.LAST_DAYS)]
        owed[bucket] = owed.get(bucket, 0) + ar[line.id]
    sums = aging.aging(office, 1, "100")
    assert dict(zip(aging.NAMES, sums.guarantor.amounts, strict=True)) == {
        name: owed.get(name, 0) for name in aging.NAMES
    }
    assert (sums.guarantor.credits, sums.total, sums.placed) == (owed["credit"], sum(ar.values()), ext)
    there = general.elsewhere(office, 1, account)
    assert [(one.agency, one.count, one.balance) for one in there.placed] == [("First Bay", 1, ext)]
    assert there.pending == ar[acting.line("L3").id]
    assert general.counts(office, account) == {
        "ar": 5, "external": 3, "precollections": 0, "notes": 0, "documents": 0
    }  # fmt: skip
    assert {row.id for row in external.placements(office, account)} >= {placement}


def test_the_external_tab_keeps_what_was_denied(office: Office, account: int) -> None:
    pending.deny(office, 1, "L3", "asked to wait")
    (row,) = external.waits(office, account)
    assert (row.line, row.outcome, row.reason) == ("L3", "denied", "asked to wait")
    (placed,) = external.placements(office, account)
    assert (placed.line, placed.closed, placed.has_children) == ("L2", "RVCOL", True)
    assert external.line_id(office, 1, "L3") == acting.line("L3").id


def test_an_ssn_is_never_read_whole(office: Office, account: int) -> None:
    assert general.person(office, account).ssn == "6789"


def _listen(office: Office, monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    execute = office.store.db.execute_sql

    def listen(sql: str, params: Any = None, *rest: Any) -> Any:
        found.append((sql, params))
        return execute(sql, params, *rest)

    monkeypatch.setattr(office.store.db, "execute_sql", listen)
    return found


def test_as_many_queries_for_many_lines_as_for_one_and_each_from_an_index(
    office: Office, account: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = _listen(office, monkeypatch)
    one = making.make_account(office, "200")
    making.make_line(office, one, "M1")
    numbers = []
    for which in (account, one):
        asked.clear()
        rows = lines.lines(office, 1, which)
        ledger.blocks(office, 1, [row.id for row in rows])
        external.placements(office, which)
        external.waits(office, which)
        documents.of_account(office, which)
        general.elsewhere(office, 1, which)
        general.counts(office, which)
        numbers.append(sum(sql.lstrip().upper().startswith("SELECT") for sql, _ in asked))
        for sql, params in list(asked):
            if sql.lstrip().upper().startswith("SELECT") and '"transaction_code"' not in sql:  # that is a short list
                for step in plans(office, [(sql, params)]):
                    assert not re.search(
                        r"SCAN (t\d|entry|service_line|placement|pending|attachment|hold|note)\b", step
                    ), sql
    assert numbers[0] - numbers[1] <= 3  # the words of codes and agencies are asked for only where there are any
