"""Hostile input for tests and long runs: values and bytes spoiled at random, each seed the same again.

A value is spoiled as data can be (control characters, markup, formulas, paths, other scripts' digits, days that do not exist);
bytes as disks, editors and people spoil them (flips, cuts, NULs, quotes, BOMs, other encodings). Nothing here knows a rule.
"""

from __future__ import annotations

import codecs
import unicodedata
from random import Random

VALUES = (
    "", " ", "\u00a0", "\x00", "a\x00b", "\ufeff", "\ufeffx", "\x1b[31mred\x1b[0m", "\x1b]52;c;aGFjaw==\x07",
    "\x1b]0;title\x07", "\x1bP$q\x1b\\", "\x9b2J", "\x1b[2J\x1b[H", "\x07", "\x08\x08\x08", "\x7f", "[red]x[/red]",
    "[@click=app.quit]x[/]", "[", "[/]", "\u202eevil\u202c", "\u2066x\u2069", "\u200f", "\u200b", "a\u200db",
    "\u2060", "\u00ad", "\u3164", "\u2028", "\u2029", "\U000e0041", "\udcff", "\udc80\udcfe", "=1+1",
    "=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "'=1", "../../../etc/passwd", "..", ".",
    "/etc/passwd", "C:\\CON", "a/b", "a\\b", "~root", "-rf", "--help", "1e5", "1E+2", "0x10", "१२३", "１２３",
    "１２.３４", "²", "½", "NaN", "inf", "-0", "-0.00", "-5.00", "0", "0.00", "0.001", "1,00", "1,000.00", "1.2.3",
    ".5", "5.", "99999999999.99", "100000000000.00", "9" * 400, "1" * 20, "0" * 50 + "1", "+7", " 7", "7 ", "1_000",
    "2024-02-29", "2023-02-29", "1900-02-29", "2000-02-29", "9999-12-31", "0001-01-01", "0000-00-00", "2026-13-01",
    "2026-00-10", "2026-04-31", "10000-01-01", "2026-1-1", "20260101", "01/02/2026", "２０２６-01-01",
    "2026-01-01T00:00:00Z", "-2026-01-01", "today", "t", "x" * 10_000, "é" * 10_000, "e" + "\u0301" * 300, "\u0301",
    "=" * 300, "[b]" * 3000, "\U0001f468\u200d\U0001f469\u200d\U0001f467", "\U0001f600", "漢字", "עברית", "عربى",
    "ß", "ﬁ", "İ", "ı", "\ufdfa", "\uffff", "\U0010ffff", "a\nb", "a\r\nb", "\n", '"', '""', '","', "'", ";", "|",
    "~^\\&", "<script>alert(1)</script>", "'; DROP TABLE entry;--", "%s%s%n", "{0}{name}", "${HOME}", "`id`",
    "$(id)", "NULL", "None", "nan", "true", "YES", "Yes", "no ", "guarantor\u200b", "csv\x00", "tsi", "full", "up",
    "MADJP", "EPYMT", "SVCFE", "BADDB", "night", "LAKE", "First Bay", "1", "2", "A1", "L1",
)  # fmt: skip
"""What data has tried on programs before; a cell is replaced by one, or has one in its middle."""

INSERTED = (
    "\x00",
    '"',
    "\n",
    "\r",
    "\x1b",
    "\u202e",
    "\u200b",
    "\ufeff",
    "=",
    "[",
    ",",
    "\udcff",
    "\u0663",
    "9",
    "/",
    "\\",
    "\x85",
)


def value(random: Random, cell: str) -> str:
    """A cell spoiled in one way: replaced, cut, repeated, or with something put in, taken out, or a bit turned over."""
    kind = random.randrange(10)
    if kind < 4:
        return random.choice(VALUES)
    at = random.randrange(len(cell) + 1)
    if kind == 4:
        return cell[:at] + random.choice(INSERTED) + cell[at:]
    if kind == 5:
        return cell[:at] + random.choice(VALUES) + cell[at:]
    if kind == 6:
        return cell[:at] if random.random() < 0.5 else cell[:at] + cell[at + 1 :]
    if kind == 7:
        return cell * random.choice((2, 3, 10_000 // (len(cell) or 1)))
    if kind == 8:
        return "".join(chr(ord(one) + 0xFEE0) if "!" <= one <= "~" and random.random() < 0.5 else one for one in cell)
    return flipped(random, cell.encode("utf-8", "surrogateescape") or b"0").decode("utf-8", "surrogateescape")


def flipped(random: Random, content: bytes) -> bytes:
    """The bytes with one bit turned over."""
    spoiled = bytearray(content)
    spoiled[random.randrange(len(spoiled))] ^= 1 << random.randrange(8)
    return bytes(spoiled)


def content(random: Random, original: bytes) -> bytes:
    """A file's bytes spoiled in one to three ways."""
    spoiled = original
    for _ in range(random.choice((1, 1, 2, 3))):
        spoiled = _once(random, spoiled)
    return spoiled


def _once(random: Random, content: bytes) -> bytes:
    if not content:
        return random.choice((b"\x00", b"\xef\xbb\xbf", b"\n", b'"'))
    at = random.randrange(len(content))
    to = min(len(content), at + random.randrange(1, 40))
    kind = random.randrange(14)
    if kind < 4:
        return flipped(random, content)
    if kind == 4:
        return content[:at]
    if kind == 5:
        return content[:at] + content[to:]
    if kind == 6:
        return content[:to] + content[at:]
    if kind == 7:
        return (
            content[:at]
            + random.choice((b"\x00", b'"', b"\n", b"\r", b"\xff", b"\x1b", b",", b"\xef\xbb\xbf"))
            + content[at:]
        )
    if kind == 8:
        return content[:at] + random.randbytes(random.randrange(1, 9)) + content[to:]
    if kind == 9:
        old, new = random.choice(
            ((b"\n", b"\r"), (b"\n", b"\r\n"), (b",", b";"), (b",", b"\t"), (b"\n", b"\n\n"), (b"-", b"/"))
        )
        return content.replace(old, new)
    if kind == 10:
        text = content.decode("utf-8", "replace")
        return random.choice(
            (
                codecs.BOM_UTF16_LE + text.encode("utf-16-le"),
                text.encode("utf-16-be"),
                text.encode("latin-1", "replace"),
            )
        )
    if kind == 11:
        return codecs.BOM_UTF8 * random.choice((1, 2)) + content
    if kind == 12:
        size = random.choice((10_000, 65_536, 65_537, 200_000))
        return content[:at] + random.choice((b"x", b'"', b",", b"\n", b" ", b"\xc3\xa9")) * size + content[at:]
    lines = content.splitlines(keepends=True)
    random.shuffle(lines)
    return b"".join(lines)


def controls(text: str) -> list[str]:
    """The characters of a text that must not reach a terminal: control, bidirectional, invisible ones; a line break is none."""
    return [
        f"U+{ord(one):04X}"
        for one in text
        if one != "\n"
        and (unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") or one in "\u115f\u1160\u3164\uffa0\u180b")
    ]
