"""The check finds what was tampered with and names it; a good store has nothing to say."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing

import pytest
from click.testing import Result

from bo_tui.db import digest
from bo_tui.db.integrity import Finding, chain, check_since
from bo_tui.db.tables import Act, Entry
from bo_tui.office import Office
from bo_tui.rules import checking, ledger
from bo_tui.rules.codes import CASH, EXT
from bo_tui.rules.external import files
from tests import making
from tests.making import verify


@pytest.fixture
def busy(office: Office) -> Office:
    """An office with three lines, a payment, two placements, a payment below one, and an agency file."""
    agency = making.make_agency(office)
    account = making.make_account(office)
    lines = [making.make_line(office, account, f"L{n}", 100_00 * n) for n in (1, 2, 3)]
    making.pay(office, lines[0], 30_00)
    first = making.place(office, lines[1], agency)
    making.make_file(office, agency)
    making.place(office, lines[2], agency)
    with office.act("payment", making.PRACTICE) as draft:
        making.placement_entry(draft, "EPYMT", (CASH, EXT), 50_00, first)
        ledger.settle(draft)
        ledger.seal(draft)
    return office


def tamper(office: Office, *statements: str) -> None:
    """Change the file behind the program's back: triggers away, statements, triggers back as they were."""
    with closing(sqlite3.connect(office.store.path)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        for statement in statements:
            db.execute(statement)
        for _, sql in triggers:
            db.execute(sql)
        db.commit()


def verify_since(office: Office, act: int, practice: int | None = None) -> list[Finding]:
    return check_since(office.store, act, checking.MOVES, practice)


def kinds(findings: list[Finding]) -> list[str]:
    return [finding.kind for finding in findings]


def test_a_good_store_has_nothing_to_say(busy: Office) -> None:
    assert verify(busy) == []
    assert verify_since(busy, 0) == []
    assert verify_since(busy, 5, making.PRACTICE) == []


def test_an_empty_office_is_good(office: Office) -> None:
    assert verify(office) == []


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET amount = amount + 1 WHERE id = {entry}",
        "UPDATE entry SET note = 'x' WHERE id = {entry}",
        "UPDATE entry SET posted = posted - 1 WHERE id = {entry}",
        "DELETE FROM entry WHERE id = {entry}",
        "UPDATE entry SET act = act + 1 WHERE id = {entry}",
        "UPDATE act SET reason = 'because' WHERE id = {act}",
        "UPDATE act SET count = count + 1 WHERE id = {act}",
        "UPDATE act SET actor = 'eve' WHERE id = {act}",
        "UPDATE act SET digest = (SELECT digest FROM act WHERE id = {act} - 1) WHERE id = {act}",
        "UPDATE act SET format = 9 WHERE id = {act}",
    ],
)
def test_a_changed_ledger_row_names_its_act(busy: Office, statement: str) -> None:
    entry = Entry.select().where(Entry.code == "GPYMT").get()
    tamper(busy, statement.format(entry=entry.id, act=entry.act))
    broken = [finding for finding in verify(busy) if "first broken act" in finding.sentence]
    assert [finding.subject for finding in broken] == [f"act {entry.act}"]
    assert "practice LAKE" in broken[0].sentence


@pytest.mark.parametrize(
    "statement", ["UPDATE entry SET note = 'x' WHERE id = {entry}", "DELETE FROM entry WHERE id = {entry}"]
)
def test_a_large_act_read_in_blocks_says_the_same(
    busy: Office, monkeypatch: pytest.MonkeyPatch, statement: str
) -> None:
    entry = Entry.select().where(Entry.code == "GPYMT").get()
    tamper(busy, statement.format(entry=entry.id))
    found = [finding.sentence for finding in verify(busy) if finding.kind == "chain"]
    monkeypatch.setattr(chain, "_LARGE", 1)
    monkeypatch.setattr(chain, "_BLOCK", 2)
    assert found == [finding.sentence for finding in verify(busy) if finding.kind == "chain"] != []


def test_an_act_made_to_fit_breaks_the_next_one(busy: Office) -> None:
    act = Act.select().where(Act.kind == "payment").order_by(Act.id).get()
    previous = Act.select(Act.digest).where((Act.practice == act.practice) & (Act.id < act.id))
    head = digest.header(
        previous.order_by(Act.id.desc()).limit(1).scalar(), act.id, act.practice, "eve", act.kind, act.reason,
        act.business_date, act.count, act.total,
    )  # fmt: skip
    db = busy.store.use()
    texts = [text for number, text in digest.entry_texts(db, 1) if number == act.id]
    forged = digest.digest(head, texts, [])
    tamper(busy, f"UPDATE act SET actor = 'eve', digest = '{forged}' WHERE id = {act.id}")
    later = Act.select(Act.id).where((Act.practice == act.practice) & (Act.id > act.id)).order_by(Act.id).limit(1)
    assert [finding.subject for finding in verify(busy)] == [f"act {later.scalar()}"]


def test_a_change_row_is_in_the_chain_of_its_act(busy: Office) -> None:
    tamper(busy, "UPDATE change SET after = 'Evil' WHERE field = 'name' AND subject = 'practice'")
    findings = verify(busy)
    assert [finding.subject for finding in findings] == ["act 1", "practice 1"]  # and the practice is not called so
    assert "the enterprise's chain" in findings[0].sentence


def test_each_chain_names_its_own_first_broken_act(busy: Office) -> None:
    tamper(busy, "UPDATE change SET after = 'Evil'")
    found = [kind for kind in kinds(verify(busy)) if kind != "history"]  # every row that stands is another than Evil
    assert found == ["chain", "chain", "file"]  # the file is compared with the change that made it


@pytest.mark.parametrize(
    ("statement", "kind", "words"),
    [
        ("UPDATE service_line SET ar = ar + 1 WHERE number = 'L1'", "balance", "Line L1 carries 70.01 in AR"),
        ("UPDATE placement SET balance = 151_00 - 101 WHERE balance = 15000", "balance", "its entries say 150.00"),
        ("DROP TRIGGER entry_no_update", "schema", "Trigger entry_no_update is missing."),
        ("DROP INDEX placement_open", "schema", "Index placement_open is missing."),
        ("CREATE TABLE extra (id INTEGER)", "schema", "Table extra does not belong"),
        ("UPDATE agency_file SET count = 5", "file", "says 5 placements; 1 name it"),
        ("UPDATE agency_file SET content = x'00'", "file", "cannot be read"),
        ("UPDATE agency_file SET total = total + 1", "file", "does not say what the act that made it has"),
        ("UPDATE agency_file SET agency = 1 + (SELECT max(id) FROM agency)", "file", "that are not its agency's"),
        ("UPDATE placement SET amount = amount + 1", "placement", "is not the one that its EXCOL entry made"),
        ("UPDATE service_line SET fee = fee + 1 WHERE number = 'L1'", "balance", "Line L1 carries a fee of 100.01"),
        ("UPDATE agency_file SET sha256 = 'ab'", "file", "not those it was made with"),
        ("UPDATE agency_file SET path = '../../etc/x'", "file", "other bytes or cannot be read"),
        ("UPDATE placement SET line = 1 WHERE id = (SELECT max(id) FROM placement)", "placement", "is not the one"),
        ("UPDATE service_line SET account = 77 WHERE number = 'L1'", "reference", "account that is not there"),
    ],
)
def test_what_is_wrong_is_named(busy: Office, statement: str, kind: str, words: str) -> None:
    with closing(sqlite3.connect(busy.store.path)) as db:
        db.execute(statement.replace("_00", "00"))
        db.commit()
    assert any(finding.kind == kind and words in finding.sentence for finding in verify(busy))


def test_a_changed_trigger_is_found(busy: Office) -> None:
    with closing(sqlite3.connect(busy.store.path)) as db:
        db.execute("DROP TRIGGER entry_no_delete")
        db.execute("CREATE TRIGGER entry_no_delete BEFORE DELETE ON entry BEGIN SELECT 1; END")
        db.commit()
    assert [finding.sentence for finding in verify(busy)] == [
        "Trigger entry_no_delete is not as this version makes it."
    ]


def test_money_between_two_agencies_is_found(busy: Office) -> None:
    tamper(busy, "UPDATE entry SET debit = 'EXT_TRANSIT' WHERE code = 'EPYMT'")
    assert {"transit", "books", "chain", "identity"} <= set(kinds(verify(busy))) | {"identity"}


def test_two_open_placements_of_a_line_are_found(busy: Office) -> None:
    tamper(busy, "DROP INDEX placement_open", "UPDATE placement SET line = 2")
    with closing(sqlite3.connect(busy.store.path)) as db:
        assert db.execute("SELECT count(*) FROM placement WHERE closed IS NULL AND line = 2").fetchone() == (2,)
        db.execute("CREATE INDEX placement_open ON placement (line) WHERE closed IS NULL")
        db.commit()
    from bo_tui.db.integrity import Scope, balances

    with busy.reading() as db:
        assert [f.sentence for f in balances.one_open(db, {}, Scope())] == ["The line with id 2 has 2 open placements."]


@pytest.mark.parametrize(
    ("spoil", "words"), [(lambda p: p.unlink(), "missing"), (lambda p: p.write_bytes(b"x"), "other bytes")]
)
def test_the_copy_in_the_outbox_is_compared(busy: Office, spoil: Callable[..., None], words: str) -> None:
    spoil(busy.store.folder / "outbox/LAKE/First Bay-000001.csv")
    assert [words in finding.sentence for finding in verify(busy)] == [True]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lambda text: text, None),
        (lambda text: re.sub('"act": "[0-9a-f]+"', f'"act": "{"0" * 64}"', text), "names another act"),
        (lambda text: re.sub('"sha256": "[0-9a-f]+"', f'"sha256": "{"0" * 64}"', text), "is another file's"),
        (lambda text: text[:-9], "names another act"),
        (lambda text: "[]", "names another act"),
    ],
)
def test_a_manifest_is_held_to_the_act_that_made_its_file(
    office: Office, spoil: Callable[[str], str], words: str | None
) -> None:
    agency = making.make_agency(office)
    making.place(office, making.make_line(office, making.make_account(office)), agency)
    files.make_files(office, making.PRACTICE, agency)
    (path,) = files.write_copies(office)
    manifest = office.store.folder / f"{path}.manifest.json"
    manifest.write_text(spoil(manifest.read_text()))
    assert [words in finding.sentence for finding in verify(office) if words] == ([] if words is None else [True])
    assert len(verify(office)) == (words is not None)
    manifest.unlink()  # nobody keeps manifests for ever
    assert verify(office) == []


def test_since_looks_only_at_what_is_new(busy: Office) -> None:
    last = Act.select(Act.id).order_by(Act.id.desc()).limit(1).scalar()
    tamper(busy, "UPDATE entry SET note = 'x' WHERE id = 1", "UPDATE service_line SET ar = 1 WHERE number = 'L1'")
    assert verify_since(busy, last - 1, making.PRACTICE) == []
    assert set(kinds(verify_since(busy, 0, making.PRACTICE))) == {"chain", "balance"}


def test_since_checks_all_of_a_touched_line(busy: Office) -> None:
    last = Act.select(Act.id).order_by(Act.id.desc()).limit(1).scalar()
    making.pay(busy, 1, 1_00)
    tamper(busy, "UPDATE service_line SET ar = 1 WHERE number = 'L1'")
    assert kinds(verify_since(busy, last, making.PRACTICE)) == ["balance"]


def test_the_command_is_silent_or_exits_1(busy: Office, bo: Callable[..., Result]) -> None:
    good = bo("check")
    assert (good.exit_code, good.output) == (0, "")
    assert bo("check", "--json").stdout == "[]\n"
    tamper(busy, "UPDATE service_line SET ar = 1 WHERE number = 'L1'")
    bad = bo("check")
    assert (bad.exit_code, bad.stdout) == (1, "balance: Line L1 carries 0.01 in AR; its entries say 70.00.\n")
    assert '"kind": "balance"' in bo("check", "--json").stdout
