"""What waits for a file at each agency, and exporting one: every refusal, nothing overwritten."""

from __future__ import annotations

import os

import pytest

from bo_tui.db.tables import Agency, AgencyFile, Assignment, Hold, Placement
from bo_tui.errors import CannotCreate, NotAllowed, NotFound, RuleRefusal
from bo_tui.rules.external import filechoice, files
from tests import making
from tests.acting import line, placed, refusal, viewer
from tests.making import DAY, PRACTICE


@pytest.fixture
def bay(office):
    return making.make_agency(office, "First Bay")


@pytest.fixture
def made(office, bay, tmp_path):
    placed(office, bay)
    (file,) = files.make_files(office, PRACTICE, bay)
    return file


def test_what_waits_is_what_a_file_would_hold(office, bay):
    west = making.make_agency(office, "A West")
    for number, fee in (("L1", 10_00), ("L2", 20_00), ("HELD", 40_00), ("ZERO", 5_00), ("FILED", 80_00)):
        placed(office, bay, number, fee)
    held = line("HELD")
    Hold.insert(practice=PRACTICE, account=held.account, kind="manual", since=DAY, reason="x", act=held.act).execute()
    Placement.update(balance=0).where(Placement.line == line("ZERO").id).execute()
    Placement.update(file=making.make_file(office, west)).where(Placement.line == line("FILED").id).execute()
    nothing, something = filechoice.waiting(office, PRACTICE)
    assert (nothing.name, nothing.lines, nothing.amount, nothing.parts, nothing.refusal) == ("A West", 0, 0, 0, "")
    assert (something.agency, something.lines, something.accounts, something.amount) == (bay, 2, 2, 30_00)
    (file,) = files.make_files(office, PRACTICE, bay)
    assert (file.count, file.accounts, file.total) == (2, 2, 30_00)


def test_an_agency_that_is_no_longer_assigned_still_gets_what_waits(office, bay):
    Assignment.update(removed=True).execute()
    assert filechoice.waiting(office, PRACTICE) == []
    placed(office, bay)
    assert [one.name for one in filechoice.waiting(office, PRACTICE)] == ["First Bay"]


@pytest.mark.parametrize(("signed", "may"), [(None, False), (DAY + 1, False), (DAY, True)])
def test_it_says_when_no_file_may_be_made(office, bay, signed, may):
    Agency.update(baa_date=signed).execute()
    (one,) = filechoice.waiting(office, PRACTICE)
    assert (one.refusal == "") is may


def test_how_many_files(office, bay, monkeypatch):
    monkeypatch.setattr(files, "LARGEST", 2)
    for at in range(3):
        placed(office, bay, f"L{at}")
    assert filechoice.waiting(office, PRACTICE)[0].parts == 2


def test_export_writes_the_stores_bytes_for_the_operator_alone(office, made, tmp_path):
    there = filechoice.export(office, made.id, f"  {tmp_path} ")
    assert there == tmp_path / made.path.rsplit("/", 1)[-1]  # a folder: the file keeps its name
    files.write_copies(office)
    assert there.read_bytes() == (office.store.folder / made.path).read_bytes()
    assert there.stat().st_mode & 0o777 == 0o600


def test_export_knows_home_and_the_folder_one_is_in(office, made, tmp_path, monkeypatch):
    monkeypatch.setenv("HOME", str(tmp_path))
    assert filechoice.export(office, made.id, "~/a.csv") == tmp_path / "a.csv"
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert filechoice.export(office, made.id, "b.csv") == tmp_path / "here" / "b.csv"


def test_export_refuses(office, made, tmp_path):
    (tmp_path / "there").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in").symlink_to(office.store.folder)
    for target, words in [
        ("", "Say where to"),
        (str(tmp_path / "there"), "is already there"),
        (str(tmp_path / "link"), "is already there"),
        (str(tmp_path / "no" / "x"), "There is no folder"),
        (f"{tmp_path}/no/", "There is no folder"),
        (str(office.store.folder / "x.csv"), "the office's own folder"),
        (str(tmp_path / "in" / "x.csv"), "the office's own folder"),
        (str(tmp_path / "in" / "outbox" / "x.csv"), "the office's own folder"),
    ]:
        with pytest.raises(RuleRefusal) as error:
            filechoice.export(office, made.id, target)
        assert words in refusal(error)[0], target
        assert refusal(error)[1] == "target"
    assert (tmp_path / "there").read_text() == "mine"
    assert not (tmp_path / "elsewhere").exists()


def test_export_of_what_has_no_bytes_or_by_who_may_not(office, made, tmp_path):
    AgencyFile.update(path=None, content=None).execute()
    with pytest.raises(NotFound):
        filechoice.export(office, made.id, str(tmp_path))
    with pytest.raises(NotAllowed):
        filechoice.export(viewer(office), made.id, str(tmp_path))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_export_to_a_folder_that_cannot_be_written(office, made, tmp_path):
    (tmp_path / "shut").mkdir(mode=0o500)
    with pytest.raises(CannotCreate):
        filechoice.export(office, made.id, str(tmp_path / "shut" / "x.csv"))
