"""What a folder becomes: rows, entries, balances, placements, settings and their history (CONTRACT, Office CSV)."""

from __future__ import annotations

from typing import Any

import pytest

from bo_tui import dates
from bo_tui.db.tables import (
    Account,
    Act,
    Agency,
    AgencyFile,
    Assignment,
    Change,
    Entry,
    ExternalRule,
    Hold,
    LoadedFile,
    Placement,
    Practice,
    Precollection,
    ServiceLine,
    TransactionCode,
)  # fmt: skip
from bo_tui.errors import BadInput
from bo_tui.office import Office
from bo_tui.rules.importing import import_folder
from tests.rules.importing.conftest import account, agency, line, payment


def _entries(office: Office) -> list[tuple[Any, ...]]:
    with office.reading():
        query = Entry.select(Entry.code, Entry.debit, Entry.credit, Entry.amount, Entry.posted, Entry.reference)
        return [(*row[:4], dates.iso(row[4]), row[5]) for row in query.order_by(Entry.id).tuples()]


def test_fees_payments_and_adjustments_become_entries_and_balances(office: Office, load: Any) -> None:
    summary = load(
        accounts=[account(middle="M")],
        service_lines=[line(), line("L0", fee="0.00", responsibility="insurance", responsible_since="")],
        transactions=[
            payment("T1", code="GPYMT", number="4471", note="Check"),
            payment("T2", code="IPYMT", amount="100.00"),
            payment("T3", code="MADJN", transaction_code="CRTSY", amount="10.00"),
            payment("T4", code="MADJP", transaction_code="NSFEE", amount="25.00"),
            payment("T5", line="L0", amount="5.00"),
        ],
    )
    assert _entries(office) == [
        ("SVCFE", "AR", "REVENUE", 48000, "2026-07-01", None),
        ("GPYMT", "CASH", "AR", 8000, "2026-09-01", "T1"),
        ("IPYMT", "CASH", "AR", 10000, "2026-09-01", "T2"),
        ("MADJN", "ADJUSTMENT", "AR", 1000, "2026-09-01", "T3"),
        ("MADJP", "AR", "ADJUSTMENT", 2500, "2026-09-01", "T4"),
        ("GPYMT", "CASH", "AR", 500, "2026-09-01", "T5"),
    ]
    with office.reading():
        lines = {row.number: row for row in ServiceLine.select()}
        assert (lines["L1"].ar, lines["L0"].ar) == (31500, -500)
        assert lines["L1"].aging_date == dates.parse("2026-08-01")
        assert (lines["L0"].aging_date, lines["L0"].responsible_since) == (None, None)
        parents = [row.parent for row in Entry.select().order_by(Entry.id)]
        fee = Entry.get(Entry.code == "SVCFE").id
        assert parents == [None, fee, fee, fee, fee, None]
        assert Account.get().guarantor == "Smith, Ana M"
        act = Act.select().order_by(Act.id.desc()).get()
        assert (act.kind, act.practice, act.count, act.total) == (
            "import",
            1,
            6,
            48000 + 8000 + 10000 + 1000 + 2500 + 500,
        )
    assert summary.money == {"GPYMT": (2, 8500), "IPYMT": (1, 10000), "MADJN": (1, 1000), "MADJP": (1, 2500)}


def test_debt_with_an_agency_is_placed_and_known_by_its_file(office: Office, load: Any) -> None:
    load(
        agencies=[agency()],
        accounts=[account()],
        service_lines=[line(description="Anesthesia"), line("L2", procedure="00810"), line("L3")],
        transactions=[payment()],
        placements=[
            {"practice": "LAKE", "line": "L1", "agency": "First Bay", "placed": "2026-10-01", "amount": "400.00",
             "client_reference": "X1", "in_file": "yes"},
            {"practice": "LAKE", "line": "L2", "agency": "First Bay", "placed": "2026-10-02", "amount": "80.00",
             "client_reference": "", "in_file": "no"},
        ],
    )  # fmt: skip
    with office.reading():
        first, second = Placement.select().order_by(Placement.id)
        file = AgencyFile.get()
        assert (file.kind, file.sequence, file.count, file.accounts, file.total) == ("earlier", 0, 1, 1, 40000)
        assert (file.content, file.path, file.file_type) == (None, None, "csv")
        assert (first.file, first.balance, first.client_reference, first.description) == (
            file.id,
            40000,
            "X1",
            "Anesthesia",
        )
        assert (second.file, second.amount, second.description, second.guarantor) == (None, 8000, "00810", "Smith, Ana")
        placed = Entry.get(Entry.id == first.id)
        assert (placed.code, placed.debit, placed.credit, placed.placement) == ("EXCOL", "EXT", "AR", first.id)
        assert (placed.posted, placed.parent) == (dates.parse("2026-10-01"), None)
        assert [row.ar for row in ServiceLine.select().order_by(ServiceLine.number)] == [0, 40000, 48000]


def test_settings_are_loaded_with_their_history(office: Office, load: Any) -> None:
    load(
        practices=[
            {"practice": "LAKE", "name": "Lakeside", "four_eyes_limit": "500.00", "closed_through": "2026-10-31"},
            {"practice": "HILL", "name": "Hillside", "four_eyes_limit": "", "closed_through": ""},
        ],
        agencies=[agency(baa_date="2024-01-31")],
        assignments=[
            {"practice": "LAKE", "agency": "First Bay", "age_greater_than": "45", "auto_approve": "yes"},
            {"practice": "HILL", "agency": "First Bay", "age_greater_than": "", "auto_approve": ""},
        ],
        external_rules=[
            {"practice": "LAKE", "payment_within_days": "30", "payment_percent": "12.5", "move_all_by_dos": "yes"}
        ],
        transaction_codes=[
            {"practice": "LAKE", "code": "OURS", "description": "Ours", "direction": "down"},
            {"practice": "", "code": "BADDB", "description": "Bad debt", "direction": "down"},
        ],
    )
    with office.reading():
        assert {row.code: row.name for row in Practice.select()} == {"LAKE": "Lakeside", "HILL": "Hillside"}
        mine = Assignment.get(Assignment.practice == 1)
        assert (mine.balance_greater_than, mine.age_greater_than, mine.auto_approve) == (0, 45, True)
        rule = ExternalRule.get()
        assert (rule.practice, rule.payment_percent, rule.move_all_by_dos, rule.auto_reassign) == (1, 1250, True, False)
        assert TransactionCode.get(TransactionCode.code == "OURS").practice == 1
        assert TransactionCode.select().where(TransactionCode.code == "BADDB").count() == 1
        of_lake = Change.select(Change.field, Change.before, Change.after).join(Act, on=Act.id == Change.act)
        history = of_lake.where((Change.subject == "practice") & (Act.kind == "import") & (Act.practice == 1))
        assert sorted(history.tuples()) == [
            ("closed_through", None, "2026-10-31"), ("four_eyes_limit", None, "500.00"),
            ("name", "Lakeside Anesthesia", "Lakeside"),
        ]  # fmt: skip
        baa = Change.get((Change.subject == "agency") & (Change.field == "baa_date"))
        assert (baa.before, baa.after) == (None, "2024-01-31")
        assert Act.get(Act.id == Agency.get().act).practice is None


def test_holds_and_precollections(office: Office, load: Any) -> None:
    load(
        accounts=[account()],
        service_lines=[line()],
        holds=[
            {
                "practice": "LAKE",
                "account": "100",
                "line": "",
                "kind": "dispute",
                "since": "2026-09-01",
                "reason": "Says paid",
            },
            {
                "practice": "LAKE",
                "account": "100",
                "line": "L1",
                "kind": "dispute",
                "since": "2026-09-01",
                "reason": "Line",
            },
        ],
        precollections=[{"practice": "LAKE", "line": "L1", "started": "2026-09-09", "amount": "480.00"}],
    )
    with office.reading():
        assert [(row.line, row.reason) for row in Hold.select().order_by(Hold.id)] == [(None, "Says paid"), (1, "Line")]
        assert Change.select().where((Change.subject == "hold") & (Change.field == "reason")).count() == 2
        assert Precollection.get().amount == 48000


def test_a_bom_quoting_and_any_order_of_columns(office: Office, load: Any) -> None:
    load(accounts='\ufefforganization,account,practice,city\r\n"Oak, ""Old"" Co",7, LAKE ,"Bay, CA"\r\n\r\n')
    with office.reading():
        row = Account.get()
        assert (row.guarantor, row.number, row.city, row.last) == ('Oak, "Old" Co', "7", "Bay, CA", None)


def test_a_returned_mail_flag_names_the_act_that_set_it(office: Office, load: Any) -> None:
    load(accounts=[account("1", returned_mail="yes"), account("2", returned_mail="no")])
    with office.reading():
        one, two = Account.select().order_by(Account.number)
        assert (one.returned_mail_act, two.returned_mail_act) == (one.act, None)


def test_a_dry_run_says_the_same_and_writes_nothing(office: Office, load: Any) -> None:
    files = {"accounts": [account()], "service_lines": [line()], "transactions": [payment()]}
    would = load(dry_run=True, **files)
    with office.reading():
        assert Account.select().count() == Entry.select().count() == 0
    did = load(**files)
    assert (would.files, would.money) == (did.files, did.money)


def test_one_practice_of_a_folder(office: Office, load: Any) -> None:
    summary = load(practice="LAKE", practices=[{"practice": "HILL", "name": "H"}],
                   accounts=[account("1"), account("1", practice="HILL")])  # fmt: skip
    assert [(f.file, f.loaded, f.left_out) for f in summary.files] == [("practices.csv", 0, 1), ("accounts.csv", 1, 1)]
    with office.reading():
        assert [row.code for row in Practice.select()] == ["LAKE"]


def test_each_practice_has_its_own_act_and_keys(office: Office, load: Any) -> None:
    hill = {"practice": "HILL"}
    load(
        practices=[{"practice": "HILL", "name": "Hillside"}],
        accounts=[account(), account(**hill)],
        service_lines=[line(), line(**hill)],
        transactions=[payment(), payment(amount="1.00", **hill)],
    )
    with office.reading():
        acts = [(row.practice, row.count) for row in Act.select().where(Act.kind == "import").order_by(Act.id)]
        assert acts == [(None, 2), (2, 2), (1, 2)]
        assert {row.practice: row.ar for row in ServiceLine.select()} == {1: 40000, 2: 47900}


def test_transactions_without_ids_all_load_and_the_same_file_does_not_load_twice(office: Office, load: Any) -> None:
    rows = [payment(""), payment("")]
    load(accounts=[account()], service_lines=[line()], transactions=rows)
    with office.reading():
        assert ServiceLine.get().ar == 32000
        assert LoadedFile.select().count() == 1
    with pytest.raises(BadInput) as refused:
        load(transactions=rows)
    assert [(p.file, p.row, p.column) for p in refused.value.problems] == [("transactions.csv", 0, "id")]
    assert [file.skipped for file in load(update=True, transactions=rows).files] == [2]
    load(transactions=[payment(""), payment("", note="another file")])
    with office.reading():
        assert ServiceLine.get().ar == 16000


def test_somebody_who_worked_meanwhile_is_noticed(office: Office, folder: Any) -> None:
    """Between the check and the lock another import loads the same account: checked again, it is refused."""
    where = folder(accounts=[account()])
    other = Office(type(office.store)(office.store.path), office.actor, office.business_date)

    def meanwhile(what: str, rows: int) -> None:
        if what == "waiting for the store":
            import threading

            def work() -> None:
                from bo_tui.rules import ledger

                with other.act("account", 1) as draft:
                    other.store.db.execute_sql(
                        "INSERT INTO account (practice, number, guarantor, act) VALUES (1, '100', 'X', ?)", (draft.id,)
                    )
                    ledger.change(draft, "account", 1, "number", None, "100")
                    ledger.seal(draft)
                other.close()

            thread = threading.Thread(target=work)
            thread.start()
            thread.join()
            office.store.use()

    with pytest.raises(BadInput) as refused:
        import_folder(office, where, progress=meanwhile)
    assert str(refused.value.problems[0]).startswith("accounts.csv row 2, account: 100 is in the store already")
