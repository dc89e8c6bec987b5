"""Documents of several tables: text that stays inert, pages that repeat their headings and leave no title alone."""

from __future__ import annotations

from bo_tui.formats.pdf import Column
from bo_tui.formats.sections import Document, Section, as_text, render

COLUMNS = (Column("Name"), Column("Amount", right=True))


def document(*sections: Section) -> Document:
    return Document("Title", ("A fact",), sections, "Printed by ana")


def pages(paper: bytes) -> list[bytes]:
    return paper.split(b"endstream")[:-1]


def test_text_is_aligned_and_inert() -> None:
    section = Section("Names\x1b", COLUMNS, [("Ann\u202e", "1.00"), ("x" * 61, "10,000.00")], "Total")
    lines = as_text(document(section, Section("Nothing", COLUMNS, [], "Total 0.00"))).splitlines()
    assert lines[5:9] == [
        "-" * 6,
        "Name" + "Amount".rjust(67),
        "Ann·" + "1.00".rjust(67),
        "x" * 59 + "…" + "10,000.00".rjust(11),
    ]
    assert lines[-3:] == ["None.", "", "Printed by ana"]


def test_a_long_table_goes_on_with_its_headings() -> None:
    rows = [(f"row {at}", "1.00") for at in range(100)]
    found = pages(render(document(Section("Long", COLUMNS, rows, "Sum 100.00"))))
    assert len(found) == 3
    assert b"(Long)" in found[0]
    assert all(b"(Long, continued)" in page and b"(Amount)" in page for page in found[1:])
    assert b"(Sum 100.00)" in found[-1]
    assert sum(page.count(b"(row ") for page in found) == 100


def test_a_title_never_stands_alone_at_the_foot() -> None:
    for length in range(40, 48):
        rows = [(f"row {at}", "1.00") for at in range(length)]
        found = pages(render(document(Section("First", COLUMNS, rows), Section("Second", COLUMNS, [("one", "1.00")]))))
        (page,) = (page for page in found if b"(Second)" in page)
        assert b"(one)" in page
