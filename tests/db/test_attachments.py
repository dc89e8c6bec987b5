"""The store of attachments: kept once under their hash, never outside it, never through a link, and told when altered."""

from __future__ import annotations

import hashlib
import os
import stat
from pathlib import Path

import pytest

from bo_tui.db import attachments
from bo_tui.errors import CannotCreate, InputOutput, NoInput, RuleRefusal
from bo_tui.office import Office
from tests import pictures

PNG = pictures.png()
HASH = hashlib.sha256(PNG).hexdigest()


def where(office: Office) -> Path:
    return office.store.folder / attachments.path_of(HASH, "image/png")


def test_it_lies_under_its_hash_and_only_the_group_reads_it(office: Office) -> None:
    assert attachments.keep(office.store, PNG, "image/png") == HASH
    assert where(office) == office.store.folder / "attachments" / HASH[:2] / f"{HASH}.png"
    assert where(office).read_bytes() == PNG
    assert stat.S_IMODE(where(office).stat().st_mode) == 0o660
    assert stat.S_IMODE(where(office).parent.stat().st_mode) == 0o770
    assert attachments.read(office.store, HASH, "image/png") == PNG
    assert attachments.on_disk(office.store, HASH, "image/png") is True


def test_the_same_bytes_are_kept_once(office: Office) -> None:
    attachments.keep(office.store, PNG, "image/png")
    before = where(office).stat().st_ino
    (where(office).parent / f"{HASH}.png.part").write_bytes(b"what an interrupted write left")
    attachments.keep(office.store, PNG, "image/png")
    assert where(office).stat().st_ino == before
    assert os.listdir(where(office).parent) == [f"{HASH}.png"]


@pytest.mark.parametrize(
    ("sha256", "kind"),
    [
        ("../../etc/passwd", "image/png"),
        ("a" * 63, "image/png"),
        ("A" * 64, "image/png"),
        ("." * 64, "image/png"),
        ("a" * 62 + "/b", "image/png"),
        ("a" * 64, "text/html"),
        ("a" * 64, "image/png/../x"),
    ],
)
def test_only_a_hash_names_a_path(office: Office, sha256: str, kind: str) -> None:
    with pytest.raises(InputOutput, match="no attachment of this store"):
        attachments.read(office.store, sha256, kind)


def test_a_link_on_the_way_is_not_followed(office: Office, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (office.store.folder / "attachments").symlink_to(elsewhere)
    with pytest.raises(InputOutput):
        attachments.keep(office.store, PNG, "image/png")
    assert list(elsewhere.iterdir()) == []
    (office.store.folder / "attachments").unlink()
    attachments.keep(office.store, PNG, "image/png")
    where(office).rename(elsewhere / "moved.png")
    where(office).symlink_to(elsewhere / "moved.png")
    with pytest.raises(InputOutput, match="cannot be read"):
        attachments.read(office.store, HASH, "image/png")
    assert attachments.on_disk(office.store, HASH, "image/png") is False
    with pytest.raises(InputOutput):
        attachments.keep(office.store, PNG, "image/png")
    assert (elsewhere / "moved.png").read_bytes() == PNG


def test_missing_altered_and_something_else(office: Office) -> None:
    assert attachments.on_disk(office.store, HASH, "image/png") is None
    with pytest.raises(NoInput, match=r"attachments/.*png is missing"):
        attachments.read(office.store, HASH, "image/png")
    attachments.keep(office.store, PNG, "image/png")
    where(office).write_bytes(PNG + b" ")
    with pytest.raises(InputOutput, match="no longer has the bytes that were attached"):
        attachments.read(office.store, HASH, "image/png")
    with pytest.raises(InputOutput, match="left as it is"):
        attachments.keep(office.store, PNG, "image/png")
    where(office).unlink()
    where(office).mkdir()
    assert attachments.on_disk(office.store, HASH, "image/png") is False


@pytest.mark.skipif(os.getuid() == 0, reason="root writes everywhere")
def test_where_writing_is_not_allowed(office: Office) -> None:
    folder = office.store.folder / "attachments"
    folder.mkdir()
    folder.chmod(0o500)
    with pytest.raises(CannotCreate):
        attachments.keep(office.store, PNG, "image/png")
    folder.chmod(0o700)


def test_taking_reads_plain_files_only(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    good = pictures.put(tmp_path, "good.png")
    assert attachments.take(good) == PNG
    link, pipe = tmp_path / "link.png", tmp_path / "pipe.png"
    link.symlink_to(good)
    os.mkfifo(pipe)
    for path, words in (
        (link, "is a link; name the file itself"),
        (pipe, "is not a file"),
        (tmp_path, "is not a file"),
        (Path("/dev/zero"), "is not a file"),
        (tmp_path / "none.png", "There is no file"),
        (good / "below", "There is no file"),
        (tmp_path / ("x" * 300), "There is no file"),
        (Path("a\0b"), "no name of a file"),
    ):
        with pytest.raises(NoInput, match=words) as refused:
            attachments.take(path)
        assert (refused.value.exit_code, refused.value.field) == (66, "file")
    with pytest.raises(RuleRefusal, match=r"empty\.png is empty"):
        attachments.take(pictures.put(tmp_path, "empty.png", b""))
    monkeypatch.setattr(attachments, "LARGEST", len(PNG))
    assert attachments.take(good) == PNG
    monkeypatch.setattr(attachments, "LARGEST", len(PNG) - 1)
    with pytest.raises(RuleRefusal, match=r"good\.png is larger than"):
        attachments.take(good)
