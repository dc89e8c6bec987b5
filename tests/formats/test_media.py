"""What a file is by its content: the four kinds, cut anywhere, damaged, pretending, or endless."""

from __future__ import annotations

import contextlib
import io
import random

import pytest
from PIL import Image

from bo_tui.formats.media import MOST_PAGES, Media, recognise
from tests import pictures

KINDS = ("image/png", "image/jpeg", "image/tiff", "application/pdf")
GOOD = {
    "png": (pictures.png(), Media("image/png", 1, 8, 4)),
    "jpeg": (pictures.jpeg(), Media("image/jpeg", 1, 8, 4)),
    "tiff": (pictures.tiff(), Media("image/tiff", 1, 8, 4)),
    "tiff, three pages, big-endian": (pictures.tiff(3, order=">"), Media("image/tiff", 3, 8, 4)),
    "pdf": (pictures.pdf(2), Media("application/pdf", 2)),
}


@pytest.mark.parametrize("name", GOOD)
def test_the_four_kinds(name: str) -> None:
    content, media = GOOD[name]
    assert recognise(content) == media


@pytest.mark.parametrize("name", GOOD)
def test_cut_anywhere_it_is_refused(name: str) -> None:
    content, _ = GOOD[name]
    for length in range(len(content) - (7 if name == "pdf" else 0)):
        with pytest.raises(ValueError, match=r"^(begins like|is not|is an image)"):
            recognise(content[:length])


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "TIFF"])
@pytest.mark.parametrize("mode", ["1", "L", "RGB"])
def test_what_a_real_program_writes(kind: str, mode: str) -> None:
    written = io.BytesIO()
    Image.new(mode, (40, 30)).save(written, kind)
    found = recognise(written.getvalue())
    assert (found.kind, found.pages, found.width, found.height) == (f"image/{kind.lower()}", 1, 40, 30)


def test_the_pictures_of_these_tests_are_real() -> None:
    for content in (pictures.png(), pictures.tiff(3)):
        Image.open(io.BytesIO(content)).load()


@pytest.mark.parametrize(
    "content",
    [
        b"", b"\x7fELF\x02\x01", b"#!/bin/sh\n", b"<svg xmlns='x'/>", b"GIF89a", b"PK\x03\x04", b"RIFF....WEBP",
        b" %PDF-1.4 %%EOF", b"MZ\x90", b"<html>", b"8BPS", b"\x00" * 100, b"II+\x00\x08\x00\x00\x00",
    ],
)  # fmt: skip
def test_other_things_are_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"^is not a PNG, JPEG or TIFF image, nor a PDF$"):
        recognise(content)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (pictures.png().replace(b"IDAT", b"IDAX"), "damaged"),
        (pictures.png()[:8] + pictures.png()[33:], "begins like a PNG image but is none"),
        (pictures.png(0, 4), "without a size"),
        (b"\x89PNG\r\n\x1a\n" + b"\xff" * 40, "cut short"),
        (b"\xff\xd8\xff\xd9", "has no picture"),
        (b"\xff\xd8\xff\xe0\x00\x00\xff\xd9", "damaged"),
        (b"\xff\xd8\xff\xe0\x00\x02 <script>", "damaged"),
        (b"II*\x00\x00\x00\x00\x00", "has no picture"),
        (b"II*\x00\x08\x00\x00\x00\x00\x00\x08\x00\x00\x00", "has no picture"),
        (pictures.tiff(1)[:-1], "cut short"),
        (b"%PDF-x.y %%EOF", "cut short"),
        (b"%PDF-1.4 and nothing", "cut short"),
    ],
)
def test_what_only_begins_like_one(content: bytes, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        recognise(content)


def test_a_tiff_whose_pages_go_in_a_circle_or_on_for_ever() -> None:
    two = bytearray(pictures.tiff(2))
    two[-4 - 32 : -32] = (8).to_bytes(4, "little")  # the second page's next one is the first
    with pytest.raises(ValueError, match="no end"):
        recognise(bytes(two))
    assert recognise(pictures.tiff(MOST_PAGES)).pages == MOST_PAGES
    with pytest.raises(ValueError, match="no end"):
        recognise(pictures.tiff(MOST_PAGES + 1))


def test_a_pdf_that_does_not_tell_its_pages() -> None:
    assert recognise(b"%PDF-1.7\nobject streams\n%%EOF").pages is None
    assert recognise(b"%PDF-1.7\n/Type /Page /Type /Page\n%%EOF\n").pages == 2


def test_garbage_never_does_more_than_refuse() -> None:
    chance = random.Random(1)
    for content, _ in GOOD.values():
        for _ in range(300):
            bad = bytearray(content)
            for _ in range(chance.randrange(1, 6)):
                bad[chance.randrange(len(bad))] = chance.randrange(256)
            with contextlib.suppress(ValueError):
                assert recognise(bytes(bad)).kind in KINDS
