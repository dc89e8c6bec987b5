"""Images and PDFs for tests, made without a library, so that each byte is known."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path


def png(width: int = 8, height: int = 4, shade: int = 200) -> bytes:
    """A grey PNG."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"".join(b"\x00" + bytes([shade]) * width for _ in range(height)))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def jpeg(width: int = 8, height: int = 4) -> bytes:
    """The frame of a JPEG: what a recogniser looks at, without a picture that could be decoded."""
    frame = struct.pack(">HBHHB", 11, 8, height, width, 1) + b"\x01\x11\x00"
    scan = struct.pack(">HB", 8, 1) + b"\x01\x00\x00\x3f\x00"
    return b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc0" + frame + b"\xff\xda" + scan + b"\x12\x34" + b"\xff\xd9"


def tiff(pages: int = 1, width: int = 8, height: int = 4, order: str = "<") -> bytes:
    """A grey TIFF of so many pages, each a shade of its own."""
    found = (b"II*\x00" if order == "<" else b"MM\x00*") + struct.pack(f"{order}I", 8)
    size = width * height
    for page in range(pages):
        at = len(found)
        tags = [(256, 4, width), (257, 4, height), (258, 3, 8), (259, 3, 1), (262, 3, 1), (273, 4, at + 2 + 12 * 9 + 4),
                (277, 3, 1), (278, 4, height), (279, 4, size)]  # fmt: skip
        found += struct.pack(f"{order}H", len(tags))
        for tag, kind, value in tags:
            body = struct.pack(f"{order}HH", value, 0) if kind == 3 else struct.pack(f"{order}I", value)
            found += struct.pack(f"{order}HHI", tag, kind, 1) + body
        after = len(found) + 4 + size
        found += struct.pack(f"{order}I", after if page < pages - 1 else 0) + bytes([(60 * page + 40) % 256]) * size
    return found


def pdf(pages: int = 2) -> bytes:
    """A PDF that says how many pages it has."""
    one = b"3 0 obj << /Type /Page >> endobj\n" * pages
    return b"%%PDF-1.4\n1 0 obj << /Type /Pages /Count %d >> endobj\n%s%%%%EOF\n" % (pages, one)


def put(folder: Path, name: str, content: bytes | None = None) -> Path:
    """A file of that name (a PNG unless given); its path."""
    path = folder / name
    path.write_bytes(png() if content is None else content)
    return path
