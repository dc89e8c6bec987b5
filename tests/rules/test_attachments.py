"""Attaching to lines and entries: who may, what is refused, what the history and the check say of it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from bo_tui.db.tables import Act, Attachment, Entry, Placement, ServiceLine
from bo_tui.errors import NoInput, NotAllowed, NotFound, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules import attachments
from bo_tui.rules.attachments import attach
from bo_tui.rules.batches import batches, distributions, payments, posting
from bo_tui.rules.batches.model import Header, Share
from bo_tui.views import attachments as views
from bo_tui.views import history
from bo_tui.views.accounts import external, lines
from bo_tui.views.transactionrows import children
from tests import making, pictures
from tests.acting import acts, agency_payment, changes, placed, refusal
from tests.making import PRACTICE


@pytest.fixture
def payment(office: Office) -> int:
    """A payment of an agency on the placement of line L1; its entry."""
    placement = placed(office, making.make_agency(office))
    paid, _ = agency_payment(office, placement, 80_00)
    return paid


def test_to_a_line_and_to_an_entry(office: Office, payment: int, tmp_path: Path) -> None:
    to_line = attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "statement.pdf", pictures.pdf(3)))
    to_entry = attach(
        office, PRACTICE, entry=payment, path=pictures.put(tmp_path, "a b (1).TXT"), name="Check 4471.png"
    )
    line = ServiceLine.get()
    rows = list(Attachment.select().order_by(Attachment.id))
    assert [(row.account, row.line, row.entry) for row in rows] == [
        (line.account, line.id, None),
        (line.account, line.id, payment),
    ]
    assert [(row.name, row.kind, row.pages) for row in rows] == [
        ("statement.pdf", "application/pdf", 3),
        ("Check 4471.png", "image/png", 1),
    ]
    assert (to_line.line, to_line.entry, to_entry.line, to_entry.entry) == ("L1", None, "L1", payment)
    assert (office.store.folder / to_entry.path).read_bytes() == pictures.png()
    assert changes(to_entry.act) == [
        ("attachment", "name", None, "Check 4471.png"),
        ("attachment", "to", None, f"entry {payment} (EPYMT)"),
        ("attachment", "sha256", None, to_entry.sha256),
    ]
    assert making.verify(office) == []


def test_to_a_payment_shows_from_every_row_of_it(office: Office, tmp_path: Path) -> None:
    """The image set of a check: at the payment, its entries, their lines and placements; not at another payment's."""
    placement = placed(office, making.make_agency(office))
    batch = batches.create(office, PRACTICE, 2).batch
    made = []
    for number in ("1", "2"):
        header = Header("agency", number, 30_00, making.DAY, agency="First Bay")
        made.append(payments.create(office, batch, header).payment)
        share = Share("placement", placement=placement, gross=40_00, net=30_00, commission=10_00)
        distributions.add(office, made[-1], [share])
    posting.post(office, batch)
    first, second = (
        [row.id for row in Entry.select().where(Entry.payment == payment).order_by(Entry.id)] for payment in made
    )
    assert children(office, PRACTICE, [placement])[placement][0].attached == 0

    attach(office, PRACTICE, payment=made[0], path=pictures.put(tmp_path, "check.png"))

    line = ServiceLine.get()
    assert [row.name for row in views.of_payment(office, made[0])] == ["check.png"]
    assert [[len(views.of_entry(office, entry)) for entry in ids] for ids in (first, second)] == [[1, 1], [0, 0]]
    assert len(views.of_line(office, line.id)) == len(views.of_placement(office, placement)) == 1
    assert [row.attached for row in lines.lines(office, PRACTICE, line.account)] == [True]
    assert [row.attached for row in external.placements(office, line.account)] == [True]
    marked = {row.id: row.attached for row in children(office, PRACTICE, [placement])[placement]}
    assert (marked[first[0]], marked[second[0]]) == (True, False)
    assert making.verify(office) == []


@pytest.mark.parametrize(
    ("sql", "said"),
    [
        ("UPDATE attachment SET payment = NULL, line = 1, account = 1", "is not what its act attached"),
        ("UPDATE attachment SET line = 1, account = 1", "do not belong together"),
        ("UPDATE attachment SET payment = 99", "do not belong together"),
    ],
)
def test_a_payment_s_image_that_was_given_to_another(office: Office, payment: int, tmp_path: Path, sql, said) -> None:
    batch = batches.create(office, PRACTICE, 1).batch
    made = payments.create(office, batch, Header("agency", "1", 30_00, making.DAY, agency="First Bay")).payment
    attach(office, PRACTICE, payment=made, path=pictures.put(tmp_path, "check.png"))
    assert making.verify(office) == []
    tamper(office, sql)
    assert any(said in finding.sentence for finding in making.verify(office))


def test_the_line_s_history_tells_of_it(office: Office, payment: int, tmp_path: Path) -> None:
    done = attach(office, PRACTICE, entry=payment, path=pictures.put(tmp_path, "check.png"))
    event = history.of_line(office, ServiceLine.get().id)[-1]
    assert (event.act, event.actor, event.kind) == (done.act, "ana", "attach")
    assert event.changes == [
        ("attachment", "name", None, "check.png"),
        ("attachment", "to", None, f"entry {payment} (EPYMT)"),
    ]


def test_what_the_viewer_reads(office: Office, payment: int, tmp_path: Path) -> None:
    attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "one.png"))
    attach(office, PRACTICE, entry=payment, path=pictures.put(tmp_path, "two.tif", pictures.tiff(2)))
    placement = Placement.get().id
    assert [(row.name, row.entry, row.code) for row in views.of_placement(office, placement)] == [
        ("one.png", None, None),
        ("two.tif", payment, "EPYMT"),
    ]
    (row,) = views.of_entry(office, payment)
    assert (row.line, row.actor, row.on, row.pages) == ("L1", "ana", making.DAY, 2)
    assert views.content(office, row) == pictures.tiff(2)
    assert views.of_entry(office, placement) == []


def test_the_same_file_once_to_the_same_but_freely_to_others(office: Office, payment: int, tmp_path: Path) -> None:
    path = pictures.put(tmp_path, "check.png")
    attach(office, PRACTICE, entry=payment, path=path)
    before = acts()
    with pytest.raises(RuleRefusal) as refused:
        attach(office, PRACTICE, entry=payment, path=pictures.put(tmp_path, "again.png"))
    said = f"The same file is attached to entry {payment} (EPYMT) already, as check.png."
    assert refusal(refused) == (said, "file")
    assert acts() == before
    attach(office, PRACTICE, line="L1", path=path)
    assert Attachment.select().count() == 2
    assert len(list((office.store.folder / "attachments").rglob("*.png"))) == 1
    assert making.verify(office) == []


def test_refusals_leave_nothing_behind(office: Office, payment: int, tmp_path: Path) -> None:
    before = acts()
    good = pictures.put(tmp_path, "good.png")
    with pytest.raises(NotFound, match="no service fee line L9") as refused:
        attach(office, PRACTICE, line="L9", path=good)
    assert refused.value.field == "line"
    with pytest.raises(NotFound, match="There is no entry 999") as refused:
        attach(office, PRACTICE, entry=999, path=good)
    assert refused.value.field == "entry"
    with pytest.raises(NotFound):
        attach(office, 2, entry=payment, path=good)  # another practice's
    with pytest.raises(RuleRefusal, match="Name either"):
        attach(office, PRACTICE, path=good)
    with pytest.raises(RuleRefusal, match="Name either"):
        attach(office, PRACTICE, entry=payment, line="L1", path=good)
    with pytest.raises(NoInput):
        attach(office, PRACTICE, line="L1", path=tmp_path / "none.png")
    with pytest.raises(RuleRefusal) as unlike:
        attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "photo.png", b"#!/bin/sh\nrm -rf /\n"))
    said = "photo.png is not a PNG, JPEG or TIFF image, nor a PDF; nothing was attached."
    assert refusal(unlike) == (said, "file")
    assert acts() == before
    assert not (office.store.folder / "attachments").exists()


@pytest.mark.parametrize(
    "name",
    ["", "  ", "a/b.png", "..", "../../x.png", "a\\b.png", "a\nb.png", "a\x1b[2Jb.png", "bad\udcff.png", "x" * 201],
)
def test_names_that_cannot_be(office: Office, payment: int, tmp_path: Path, name: str) -> None:
    with pytest.raises(RuleRefusal) as refused:
        attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "good.png"), name=name)
    assert refused.value.field == "name"
    assert Attachment.select().count() == 0


def test_a_file_whose_own_name_is_hostile(office: Office, payment: int, tmp_path: Path) -> None:
    import os

    raw = os.fsencode(tmp_path) + b"/\xff\xfe.png"
    Path(os.fsdecode(raw)).write_bytes(pictures.png())
    with pytest.raises(RuleRefusal) as refused:
        attach(office, PRACTICE, line="L1", path=Path(os.fsdecode(raw)))
    assert refused.value.field == "name"
    done = attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "[b]=1+1;$(id).png"))
    assert done.name == "[b]=1+1;$(id).png"  # only ever shown


@pytest.mark.parametrize("role", ["viewer", "service"])
def test_who_may(office: Office, payment: int, tmp_path: Path, role: str) -> None:
    with pytest.raises(NotAllowed, match="to attach images and PDFs takes the role operator"):
        attach(office.by(Actor("eve", role)), PRACTICE, line="L1", path=pictures.put(tmp_path, "a.png"))


def test_the_database_guards_the_rows(office: Office, payment: int, tmp_path: Path) -> None:
    attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "a.png"))
    from peewee import IntegrityError

    for statement in ("DELETE FROM attachment", "UPDATE attachment SET name = 'x'",
                      "INSERT OR REPLACE INTO attachment SELECT * FROM attachment"):  # fmt: skip
        with pytest.raises(IntegrityError, match=r"never (deleted|changed)"):
            office.store.use().execute_sql(statement)


def test_an_act_that_fails_leaves_no_row(
    office: Office, payment: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("the power went")

    monkeypatch.setattr(attachments.ledger, "seal", fail)
    with pytest.raises(RuntimeError):
        attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "a.png"))
    assert Attachment.select().count() == 0
    assert Act.select().where(Act.kind == "attach").count() == 0
    assert making.verify(office) == []


# --- the check -------------------------------------------------------------------------------------------------------


def tamper(office: Office, statement: str) -> None:
    with closing(sqlite3.connect(office.store.path)) as db:
        triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
        for name, _ in triggers:
            db.execute(f"DROP TRIGGER {name}")
        db.execute(statement)
        for _, sql in triggers:
            db.execute(sql)
        db.commit()


def found(office: Office) -> list[tuple[str, str]]:
    return [(finding.kind, finding.sentence) for finding in making.verify(office)]


@pytest.mark.parametrize(
    ("statement", "words"),
    [
        (
            "UPDATE attachment SET sha256 = replace(sha256, substr(sha256, 1, 1), 'f') || ''",
            "is not what its act attached",
        ),
        ("UPDATE attachment SET name = 'other.png'", "is not what its act attached"),
        ("DELETE FROM attachment", "(check.png) of act"),
        ("UPDATE attachment SET entry = 1", "do not belong together"),
        ("UPDATE attachment SET account = NULL", "do not belong together"),
    ],
)
def test_the_check_finds_altered_rows(office: Office, payment: int, tmp_path: Path, statement: str, words: str) -> None:
    making.make_line(office, making.make_account(office, "Z"), "Z1")
    attach(office, PRACTICE, entry=payment, path=pictures.put(tmp_path, "check.png"))
    if "entry = 1" in statement:
        statement = "UPDATE attachment SET entry = (SELECT max(id) FROM entry)"
    tamper(office, statement)
    assert any(kind == "attachment" and words in sentence for kind, sentence in found(office))


def test_the_check_names_missing_and_altered_files(office: Office, payment: int, tmp_path: Path) -> None:
    one = attach(office, PRACTICE, entry=payment, path=pictures.put(tmp_path, "check.png"))
    two = attach(office, PRACTICE, line="L1", path=pictures.put(tmp_path, "bill.pdf", pictures.pdf()))
    (office.store.folder / one.path).unlink()
    (office.store.folder / two.path).write_bytes(pictures.pdf(9))
    assert found(office) == [
        ("attachment", f"Attachment {one.attachment} (check.png): {one.path} is missing."),
        (
            "attachment",
            f"Attachment {two.attachment} (bill.pdf): {two.path} no longer has the bytes that were attached.",
        ),
    ]


def test_to_a_payment_of_a_batch(office: Office, tmp_path: Path) -> None:
    batch = batches.create(office, PRACTICE, 1).batch
    header = Header("guarantor", "77", 5_00, making.DAY, payer="Someone")
    paid = payments.create(office, batch, header).payment
    done = attach(office, PRACTICE, payment=paid, path=pictures.put(tmp_path, "check.png", pictures.png()))
    assert (done.payment, done.line, done.entry) == (paid, None, None)
    assert ("attachment", "to", None, "payment 77") in changes(done.act)
    with pytest.raises(RuleRefusal) as twice:
        attach(office, PRACTICE, payment=paid, path=tmp_path / "check.png")
    assert refusal(twice) == ("The same file is attached to payment 77 already, as check.png.", "file")
    with pytest.raises(NotFound) as unknown:
        attach(office, PRACTICE, payment=99, path=tmp_path / "check.png")
    assert refusal(unknown) == ("There is no payment 99.", "payment")
    assert making.verify(office) == []
