"""`bo-tui attach LINE|ENTRY FILE`: what it prints, how it tells a line from an entry, what it refuses with which exit code."""

from __future__ import annotations

import json

import pytest

from bo_tui.db.tables import Attachment, Entry
from tests import making, pictures
from tests.acting import a_line


@pytest.fixture(autouse=True)
def line(office):
    yield a_line(office)
    assert making.verify(office) == []


def test_to_a_line_and_to_an_entry(bo, office, tmp_path):
    path = pictures.put(tmp_path, "check.png")
    result = bo("attach", "L1", str(path))
    where = Attachment.get().sha256
    assert result.stdout == (
        f"check.png (image/png) is attached to line L1 as attachment 1: attachments/{where[:2]}/{where}.png\n"
    )
    entry = str(Entry.get().id)
    told = json.loads(bo("attach", entry, str(path), "--name", "Check 7", "--json").stdout)
    assert told["practice"] == "LAKE"
    assert (told["entry"], told["line"], told["name"], told["type"]) == (entry, "L1", "Check 7", "image/png")


def test_a_number_that_is_both_asks_which(bo, office, tmp_path):
    entry = Entry.get().id
    making.make_line(office, making.make_account(office, "N"), str(entry))
    path = str(pictures.put(tmp_path, "check.png"))
    result = bo("attach", str(entry), path)
    assert (result.exit_code, result.stderr) == (65, f"{entry} is a line and an entry; say --line or --entry.\n")
    assert bo("attach", "--line", str(entry), path).stdout.startswith(
        f"check.png (image/png) is attached to line {entry}"
    )
    assert f"is attached to entry {entry} " in bo("attach", "--entry", str(entry), path).stdout
    assert bo("attach", "--entry", "--line", str(entry), path).exit_code == 64


@pytest.mark.parametrize(
    ("arguments", "code", "words"),
    [
        (("L9", "good.png"), 65, "Lakeside Anesthesia has no service fee line L9."),
        (("--entry", "L1", "good.png"), 64, "L1 is no entry's id."),
        (("--entry", "9" * 18, "good.png"), 65, "There is no entry"),
        (("12345678901234567890", "good.png"), 65, "has no service fee line"),
        (("²", "good.png"), 65, "has no service fee line ²"),
        (("L1", "none.png"), 66, "There is no file"),
        (("L1", "."), 66, "is not a file"),
        (("L1", "bad.png"), 65, "bad.png is not a PNG, JPEG or TIFF image, nor a PDF; nothing was attached."),
        (("L1", "good.png", "--name", "../x"), 65, "cannot hold a path"),
        (("L1",), 64, "FILE"),
    ],
)
def test_refusals(bo, tmp_path, monkeypatch, arguments, code, words):
    pictures.put(tmp_path, "good.png")
    pictures.put(tmp_path, "bad.png", b"GIF89a")
    monkeypatch.chdir(tmp_path)
    result = bo("attach", *arguments)
    assert (result.exit_code, result.stdout) == (code, "")
    assert words in result.stderr
    assert Attachment.select().count() == 0
