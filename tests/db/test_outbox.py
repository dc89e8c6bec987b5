"""Agency files onto the disk: interrupted anywhere and run again, the same bytes; nothing overwritten, nothing outside."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import threading
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bo_tui.db import disk, outbox
from bo_tui.db.connection import open_store
from bo_tui.db.tables import AgencyFile
from bo_tui.errors import CannotCreate, Defect, InputOutput, Locked
from bo_tui.office import Office
from bo_tui.rules import ledger
from tests import making
from tests.making import DAY, PRACTICE

CONTENT = b"placement,balance\r\n1,480.00\r\n" * 50
PATH = "outbox/LAKE/First-Bay-000001.csv"


def manifest(file: outbox.Stored) -> bytes:
    return f"{file.practice} {file.agency} {file.sequence} {file.sha256} {len(file.act)}\n".encode()


def file_row(office: Office, path: str = PATH, sequence: int = 1, content: bytes = CONTENT, **values: Any) -> int:
    with office.act("file", PRACTICE) as draft:
        file: int = AgencyFile.insert(
            practice=PRACTICE, agency=1, kind="placement", sequence=sequence, file_type="csv", path=path,
            business_date=DAY, count=1, accounts=1, total=480_00, made_act=draft.id, act=draft.id,
            **{"sha256": hashlib.sha256(content).hexdigest(), "content": zlib.compress(content, 6)} | values,
        ).execute()  # fmt: skip
        ledger.change(draft, "agency_file", file, "created", None, path)
        ledger.seal(draft)
    return file


@pytest.fixture
def folder(office: Office) -> Path:
    making.make_agency(office)
    return office.store.folder


def listing(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("outbox/**/*") if not path.is_dir())


def unwritten() -> int:
    return AgencyFile.select().where(AgencyFile.written_at.is_null()).count()


def test_a_file_and_its_manifest_are_written_once(office: Office, folder: Path) -> None:
    file_row(office)
    assert outbox.write_unwritten(office.store, manifest) == [PATH]
    assert (folder / PATH).read_bytes() == CONTENT
    said = (folder / f"{PATH}.manifest.json").read_text()
    assert said == f"LAKE First Bay 1 {hashlib.sha256(CONTENT).hexdigest()} 64\n"
    assert listing(folder) == [PATH, f"{PATH}.manifest.json"]
    assert unwritten() == 0
    assert outbox.write_unwritten(office.store, manifest) == []


def test_files_and_folders_belong_to_the_offices_group_alone(office: Office, folder: Path) -> None:
    file_row(office)
    before = os.umask(0o077)
    try:
        outbox.write_unwritten(office.store, manifest)
    finally:
        os.umask(before)
    modes = {name: stat.S_IMODE((folder / name).stat().st_mode) for name in ("outbox", "outbox/LAKE", PATH)}
    assert modes == {"outbox": 0o770, "outbox/LAKE": 0o770, PATH: 0o660}


@pytest.mark.parametrize("call", ["fsync", "link", "unlink", "open", "fchmod"])
@pytest.mark.parametrize("failing", range(1, 12))
def test_a_crash_at_any_point_ends_with_the_same_bytes(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch, call: str, failing: int
) -> None:
    file_row(office)
    real: Callable[..., Any] = getattr(os, call)
    calls = []

    def breaks(*arguments: Any, **named: Any) -> Any:
        calls.append(arguments)
        if len(calls) == failing:
            raise KeyboardInterrupt  # as when the process is killed: nothing of ours may depend on catching it
        return real(*arguments, **named)

    with monkeypatch.context() as patched:
        patched.setattr(os, call, breaks)
        try:
            outbox.write_unwritten(office.store, manifest)
            crashed = False
        except KeyboardInterrupt:
            crashed = True
    assert crashed == (len(calls) >= failing)
    if crashed and (folder / PATH).exists():
        assert (folder / PATH).read_bytes() == CONTENT  # under its own name it is never half a file
    assert outbox.write_unwritten(office.store, manifest) == ([PATH] if crashed else [])
    assert (folder / PATH).read_bytes() == CONTENT
    assert listing(folder) == [PATH, f"{PATH}.manifest.json"]
    assert unwritten() == 0


def test_a_part_that_was_left_behind_is_replaced_by_the_whole(office: Office, folder: Path) -> None:
    file_row(office)
    (folder / "outbox" / "LAKE").mkdir(parents=True)
    (folder / f"{PATH}.part").write_bytes(CONTENT[:10])
    assert outbox.write_unwritten(office.store, manifest) == [PATH]
    assert (folder / PATH).read_bytes() == CONTENT
    assert listing(folder) == [PATH, f"{PATH}.manifest.json"]


def test_a_file_that_is_already_there_with_the_same_bytes_is_fine(office: Office, folder: Path) -> None:
    file_row(office)
    (folder / "outbox" / "LAKE").mkdir(parents=True)
    (folder / PATH).write_bytes(CONTENT)
    inode = (folder / PATH).stat().st_ino
    assert outbox.write_unwritten(office.store, manifest) == [PATH]
    assert (folder / PATH).stat().st_ino == inode


def test_a_different_file_is_never_overwritten_and_keeps_nobody_else_back(office: Office, folder: Path) -> None:
    file_row(office)
    file_row(office, "outbox/LAKE/First-Bay-000002.csv", 2)
    (folder / "outbox" / "LAKE").mkdir(parents=True)
    (folder / PATH).write_bytes(b"somebody's own")
    with pytest.raises(InputOutput, match=r"First-Bay-000001\.csv is already there with other contents"):
        outbox.write_unwritten(office.store, manifest)
    assert (folder / PATH).read_bytes() == b"somebody's own"
    assert (folder / "outbox/LAKE/First-Bay-000002.csv").read_bytes() == CONTENT
    assert unwritten() == 1
    (folder / PATH).rename(folder / "mine.csv")
    assert outbox.write_unwritten(office.store, manifest) == [PATH]


@pytest.mark.parametrize(
    "path",
    ["../out.csv", "outbox/../../out.csv", "/tmp/bo-tui-out.csv", "outbox/LAKE/../../out.csv", "outbox//x.csv", "office.db",
     "attachments/x.csv", "outbox", "outbox/LAKE/", "outbox/./x.csv"],
)  # fmt: skip
def test_a_path_that_climbs_or_leaves_the_outbox_is_refused(office: Office, folder: Path, path: str) -> None:
    file_row(office, path)
    with pytest.raises(InputOutput, match="does not lie in the outbox"):
        outbox.write_unwritten(office.store, manifest)
    assert not (folder.parent / "out.csv").exists()
    assert listing(folder) == []
    assert unwritten() == 1


def test_links_out_of_the_store_are_not_followed(office: Office, folder: Path, tmp_path: Path) -> None:
    file_row(office)
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (folder / "outbox").mkdir()
    (folder / "outbox" / "LAKE").symlink_to(elsewhere)
    with pytest.raises(InputOutput, match="a link or a file stands"):
        outbox.write_unwritten(office.store, manifest)
    assert list(elsewhere.iterdir()) == []
    (folder / "outbox" / "LAKE").unlink()
    (folder / "outbox" / "LAKE").mkdir()
    victim = tmp_path / "victim"
    victim.write_bytes(b"precious")
    (folder / PATH).symlink_to(victim)
    with pytest.raises(InputOutput):
        outbox.write_unwritten(office.store, manifest)
    (folder / PATH).unlink()
    (folder / f"{PATH}.part").symlink_to(victim)
    assert outbox.write_unwritten(office.store, manifest) == [PATH]
    assert victim.read_bytes() == b"precious"
    assert not (folder / PATH).is_symlink()


@pytest.mark.parametrize(
    ("number", "refusal", "code"),
    [
        (errno.ENOSPC, InputOutput, 74), (errno.EDQUOT, InputOutput, 74), (errno.EIO, InputOutput, 74),
        (errno.EROFS, CannotCreate, 73), (errno.EACCES, CannotCreate, 73),
    ],
)  # fmt: skip
def test_what_the_disk_says_is_a_sentence_and_an_exit_code(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch, number: int, refusal: type[InputOutput], code: int
) -> None:
    file_row(office)

    def fails(*_arguments: Any) -> None:
        raise OSError(number, os.strerror(number))

    with monkeypatch.context() as patched:
        patched.setattr(os, "fchmod", fails)
        with pytest.raises(refusal, match=r"outbox/LAKE/First-Bay-000001\.csv") as refused:
            outbox.write_unwritten(office.store, manifest)
    assert refused.value.exit_code == code
    assert listing(folder) == []  # what could not be finished gives its space back
    assert outbox.write_unwritten(office.store, manifest) == [PATH]


def test_a_file_system_without_hard_links_gets_a_rename(
    office: Office, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file_row(office)

    def no_links(*_arguments: Any, **_named: Any) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    assert outbox.write_unwritten(office.store, manifest) == [PATH]
    assert listing(folder) == [PATH, f"{PATH}.manifest.json"]


def test_bytes_that_do_not_match_their_hash_are_not_written(office: Office, folder: Path) -> None:
    file_row(office, sha256="0" * 64)
    with pytest.raises(Defect, match="do not match"):
        outbox.write_unwritten(office.store, manifest)
    assert listing(folder) == []


def test_while_another_process_writes_one_waits_and_then_says_so(office: Office, folder: Path) -> None:
    file_row(office)
    holding, done = threading.Event(), threading.Event()

    def hold() -> None:
        store = open_store(office.store.path)
        with disk.lock(store, outbox.ROOT, "agency files"):
            holding.set()
            done.wait(10)
        store.close()

    other = threading.Thread(target=hold)
    other.start()
    holding.wait(10)
    office.store.patience = 0.05
    with pytest.raises(Locked):
        outbox.write_unwritten(office.store, manifest)
    done.set()
    other.join()
    office.store.use()
    assert outbox.write_unwritten(office.store, manifest) == [PATH]


def test_a_copy_is_compared_with_its_hash(office: Office, folder: Path, tmp_path: Path) -> None:
    file_row(office)
    sha256 = hashlib.sha256(CONTENT).hexdigest()
    assert outbox.on_disk(office.store, PATH, sha256) is None
    outbox.write_unwritten(office.store, manifest)
    assert outbox.on_disk(office.store, PATH, sha256) is True
    (folder / PATH).write_bytes(CONTENT + b"x")
    assert outbox.on_disk(office.store, PATH, sha256) is False
    (folder / PATH).unlink()
    assert outbox.on_disk(office.store, PATH, sha256) is None
    (folder / PATH).symlink_to("/etc/passwd")
    assert outbox.on_disk(office.store, PATH, sha256) is False
    assert outbox.on_disk(office.store, "../office.db", sha256) is False
