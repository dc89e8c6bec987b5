"""Spoiled remittances, address corrections, settings, attachments, typed texts: refused in words with nothing written, or sound."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bo_tui import config, dates
from bo_tui.db.tables import Act
from bo_tui.errors import BadConfiguration, BadInput, Refusal
from bo_tui.office import Office
from bo_tui.rules import checking, flags, holds
from bo_tui.rules.accounts import edit, fields, notes, plans
from bo_tui.rules.addresses import load
from bo_tui.rules.attachments import attach
from bo_tui.rules.batches import batches, remit
from bo_tui.rules.batches import payments as batch_payments
from bo_tui.rules.batches.model import Header
from bo_tui.rules.collections import tasks
from bo_tui.rules.external import pending
from bo_tui.rules.settings import agencies, practices
from tests import making, pictures
from tests.support import mutating
from tests.support.book import OfficeBook
from tests.trust.importing import as_bytes, assert_inert

SEED = 20261122


@pytest.fixture
def book(office: Office) -> OfficeBook:
    """Two lines, one of them placed."""
    book = OfficeBook(office)
    book.agency("One")
    for number in ("L1", "L2"):
        book.line(number, 100_00, "2026-01-01", account=f"A{number}")
    book.add(["L2"], "One", making.DAY)
    book.post(["L2"], making.DAY)
    return book


def tried(office: Office, act: Callable[[], Any], codes: tuple[int, ...] = (65,)) -> bool:
    """Whether an act was done; refused, it left no act behind and says so in inert words."""
    before = Act.select().count()
    try:
        act()
    except Refusal as refused:
        told = refused
    else:
        return True
    assert told.exit_code in codes, told
    if isinstance(told, BadInput):
        assert_inert(told)  # what else quotes typed text is made inert where it is shown
    assert Act.select().count() == before
    return False


@pytest.mark.parametrize("what", ["remit", "addresses"])
def test_files_of_agencies_and_address_services(book: OfficeBook, tmp_path: Path, what: str) -> None:
    random, office, done = Random(SEED), book.office, 0
    placement = str(book.placement("L2").id)
    good = {
        "remit": {
            "placement": placement, "account": "", "client_reference": "R1", "date": "2026-11-01", "gross": "1.00", "net": "0.75",
            "commission": "0.25", "type": "payment", "reference": "x",
        },
        "addresses": {
            "account": "AL1", "record_id": "7", "new_address1": "1 Oak", "new_city": "Salem", "new_state": "OR", "new_zip": "97301",
            "move_type": "I", "move_date": "2026-10-01", "return_code": "A", "undeliverable": "",
        },
    }[what]  # fmt: skip
    for number in range(120):
        row = dict(good)
        column = random.choice(list(row))
        row[column] = mutating.value(random, row[column])
        path = tmp_path / f"{number}.csv"
        content = as_bytes([row])
        path.write_bytes(mutating.content(random, content) if number % 3 == 0 else content)
        act = {
            "remit": lambda path=path: remit.import_remit(office, 1, "One", path),
            "addresses": lambda path=path: load.load(office, 1, path),
        }[what]
        done += tried(office, act, (65, 66))
    assert 10 < done < 110
    assert checking.check(office.store) == []


def test_settings_files(tmp_path: Path) -> None:
    random, path, read = Random(SEED), tmp_path / "settings.toml", 0
    good = b'db = "/srv/office.db"\nidle_minutes = 15\n'
    for number in range(300):
        path.write_bytes(mutating.content(random, good) if number else good)
        try:
            config.load(path)
            read += 1
        except BadConfiguration as refused:
            assert_inert(refused)
    assert 10 < read < 290


def test_pictures_that_are_none_and_pdfs_that_lie(book: OfficeBook, tmp_path: Path) -> None:
    random, office, kept = Random(SEED), book.office, 0
    whole = [
        pictures.png(),
        pictures.jpeg(),
        pictures.tiff(2),
        pictures.pdf(3),
        b"%PDF-1.4 /Type /Pages /Count 999999 %%EOF",
        b"GIF89a",
    ]
    for number in range(150):
        path = tmp_path / f"{number}.png"
        path.write_bytes(mutating.content(random, whole[number % len(whole)]))
        kept += tried(office, lambda path=path: attach(office, 1, line="L1", path=path), (65, 66))
    assert kept < 140
    assert checking.check(office.store) == []


def test_what_operators_type(book: OfficeBook) -> None:
    """Every free text of a dialog or command: refused where it holds a control character, and inert in every refusal."""
    office, day = book.office, making.DAY
    acts: list[Callable[[str], Any]] = [
        lambda text: notes.add_note(office, 1, "AL1", text),
        lambda text: holds.set_hold(office, 1, "AL1", "manual", text),
        lambda text: holds.lift(office, 1, "AL1", "manual", text),
        lambda text: plans.set_plan(office, 1, "AL1", plans.Terms(1_00, day), text),
        lambda text: plans.cancel_plan(office, 1, "AL1", text),
        lambda text: tasks.keep(office, 1, "L1", tasks.Wanted(text, day)),
        lambda text: edit.create(office, 1, fields.AccountFields(last=text, address1=text)),
        lambda text: edit.create(office, 1, fields.AccountFields(number=text, last="X", email=text)),
        lambda text: book.adjust("L2", text, 1, day),
        lambda text: pending.add(office, 1, [text], "One"),
        lambda text: pending.add(office, 1, ["L1"], text),
        lambda text: pending.deny(office, 1, "L1", text),
        lambda text: flags.returned_mail(office, 1, text, True),
        lambda text: agencies.create(office, agencies.AgencyFields(name=text, address1=text, zip="54007", file_type="csv")),
        lambda text: practices.save(office, 1, practices.PracticeSettings(text)),
        lambda text: batches.create(office, 1, 1, 100, None, text),
        lambda text: batch_payments.create(office, 1, Header("guarantor", text, 100, day, account="AL1", note=text)),
        lambda text: batch_payments.create(office, 1, Header("insurance", "1", 100, day, payer=text)),
    ]  # fmt: skip
    stored = "SELECT count(*) FROM change WHERE after GLOB ?"
    for text in mutating.VALUES[::2]:
        if any("\ud800" <= one <= "\udfff" for one in text):
            continue  # a terminal's decoder has replaced them
        for act in acts:
            tried(office, lambda act=act, text=text: act(text), (65, 77))
    for control in ("\x1b", "\x07", "\x9b", "\x08", "\x7f"):
        assert book.sql(stored, f"*{control}*") == [(0,)], repr(control)
    assert checking.check(office.store) == []


@pytest.mark.parametrize(
    "text",
    ["t+9999y", "t-9999y", "t+9999m", "t+9999w", "9999-12-31", "0001-01-01", "t+9999d", "２０２６-01-01", "t+1x"],
)
def test_dates_at_the_ends_of_the_calendar(text: str) -> None:
    """What is typed in a date field: a day that can be written, or ValueError with words that follow the field's name."""
    try:
        day = dates.understand(text, making.DAY)
    except ValueError as refused:
        words = str(refused)
    else:
        words = "is not" if dates.parse(dates.iso(day)) == day else "another day"
    assert words.startswith("is not")
