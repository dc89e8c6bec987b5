"""What a file is by its content, never by its name: a PNG, JPEG or TIFF image, or a PDF; what only begins like one is refused.

The structure is walked from end to end without decoding a picture: chunks and checksums of a PNG, segments of a JPEG, the chain of
directories of a TIFF, header and end of a PDF. Bounded by the length of the bytes, whatever they claim.
"""

from __future__ import annotations

import re
import struct
import zlib
from dataclasses import dataclass
from itertools import islice

PNG, JPEG, TIFF, PDF = "image/png", "image/jpeg", "image/tiff", "application/pdf"
MOST_PAGES = 1000
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_WITH_SIZE = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}  # a JPEG's frame headers
_ALONE = {0x01, *range(0xD0, 0xD8)}  # markers without a length
_TAGS = {256, 257, 273, 279, 324, 325}  # of a TIFF: width, height, where strips and tiles begin and how long they are
_LOOKED_AT = 20_000  # pages of a PDF, at most; it only informs


@dataclass(frozen=True, slots=True)
class Media:
    """A recognised file: its media type, pages (None where a PDF does not tell), and the first image's pixels (0 for a PDF)."""

    kind: str
    pages: int | None
    width: int = 0
    height: int = 0


def recognise(content: bytes) -> Media:
    """What the bytes are; ValueError with the reason as the rest of a sentence ("is a PNG image cut short")."""
    for beginnings, read in (
        ((_SIGNATURE,), _png),
        ((b"\xff\xd8\xff",), _jpeg),
        ((b"II*\x00", b"MM\x00*"), _tiff),
        ((b"%PDF-",), _pdf),
    ):
        if content.startswith(beginnings):
            try:
                return read(content)
            except (struct.error, IndexError):
                raise ValueError(f"begins like {_NAMES[read]} but is cut short") from None
    raise ValueError("is not a PNG, JPEG or TIFF image, nor a PDF")


def _png(content: bytes) -> Media:
    at, size, data = len(_SIGNATURE), (0, 0), False
    while True:
        length, kind = struct.unpack_from(">I4s", content, at)
        (checksum,) = struct.unpack_from(">I", content, at + 8 + length)
        body = memoryview(content)[at + 4 : at + 8 + length]
        if zlib.crc32(body) != checksum:
            raise ValueError("begins like a PNG image but is damaged")
        if at == len(_SIGNATURE):
            if kind != b"IHDR" or length != 13:
                raise ValueError("begins like a PNG image but is none")
            size = struct.unpack_from(">II", content, at + 8)
        data = data or kind == b"IDAT"
        at += 12 + length
        if kind == b"IEND":
            break
    if not data:
        raise ValueError("begins like a PNG image but has no picture")
    return _image(PNG, 1, *size)


def _jpeg(content: bytes) -> Media:
    at, size = 2, (0, 0)
    while True:
        if content[at] != 0xFF:
            raise ValueError("begins like a JPEG image but is damaged")
        while content[at] == 0xFF:
            at += 1
        marker = content[at]
        at += 1
        if marker in _ALONE:
            continue
        if marker == 0xD9:
            raise ValueError("begins like a JPEG image but has no picture")
        (length,) = struct.unpack_from(">H", content, at)
        if length < 2:
            raise ValueError("begins like a JPEG image but is damaged")
        if marker in _WITH_SIZE:
            height, width = struct.unpack_from(">HH", content, at + 3)
            size = width, height
        at += length
        if marker == 0xDA:  # the picture's data follow, up to the end marker
            break
    if content.find(b"\xff\xd9", at) < 0:
        raise ValueError("begins like a JPEG image but is cut short")
    return _image(JPEG, 1, *size)


def _tiff(content: bytes) -> Media:
    order = "<" if content.startswith(b"II") else ">"
    (at,) = struct.unpack_from(f"{order}I", content, 4)
    seen: set[int] = set()
    first = (0, 0)
    while at:
        if at in seen or len(seen) >= MOST_PAGES:
            raise ValueError("begins like a TIFF image but its pages have no end")
        seen.add(at)
        (count,) = struct.unpack_from(f"{order}H", content, at)
        size = _tiff_page(content, order, at + 2, count)
        first = first if len(seen) > 1 else size
        (at,) = struct.unpack_from(f"{order}I", content, at + 2 + 12 * count)
    if not seen:
        raise ValueError("begins like a TIFF image but has no picture")
    return _image(TIFF, len(seen), *first)


def _tiff_page(content: bytes, order: str, at: int, count: int) -> tuple[int, int]:
    """Width and height of a directory whose strips or tiles all lie within the bytes."""
    found: dict[int, tuple[int, ...]] = {}
    for number in range(count):
        place = at + 12 * number
        tag, kind, values = struct.unpack_from(f"{order}HHI", content, place)
        if tag not in _TAGS or kind not in (3, 4):
            continue
        if values * (2 if kind == 3 else 4) > 4:
            (place,) = struct.unpack_from(f"{order}I", content, place + 8)
        else:
            place += 8
        if values > len(content):
            raise ValueError("begins like a TIFF image but is damaged")
        found[tag] = struct.unpack_from(f"{order}{values}{'H' if kind == 3 else 'I'}", content, place)
    starts = found.get(273, found.get(324, ()))
    lengths = found.get(279, found.get(325, ()))
    if not starts or len(starts) != len(lengths):
        raise ValueError("begins like a TIFF image but has no picture")
    if any(start + length > len(content) for start, length in zip(starts, lengths, strict=True)):
        raise ValueError("begins like a TIFF image but is cut short")
    return (found.get(256) or (0,))[0], (found.get(257) or (0,))[0]


def _pdf(content: bytes) -> Media:
    if not re.match(rb"%PDF-\d\.\d", content) or b"%%EOF" not in content[-1024:]:
        raise ValueError("begins like a PDF but is cut short")
    pages, most = 0, 0
    for found in islice(re.finditer(rb"/Type\s*/Page(s?)\b", content), _LOOKED_AT):
        if not found[1]:
            pages += 1
            continue
        around = content[max(0, found.start() - 200) : found.end() + 200]
        for count in re.finditer(rb"/Count\s+(\d{1,6})\b", around):
            most = max(most, int(count[1]))
    return Media(PDF, most or pages or None)


def _image(kind: str, pages: int, width: int, height: int) -> Media:
    if not width or not height:
        raise ValueError("is an image without a size")
    return Media(kind, pages, width, height)


_NAMES = {_png: "a PNG image", _jpeg: "a JPEG image", _tiff: "a TIFF image", _pdf: "a PDF"}
