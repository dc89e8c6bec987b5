"""The manifest beside an agency file, as bytes."""

from __future__ import annotations

from bo_tui import dates
from bo_tui.formats.manifest import Manifest, render


def test_a_manifest_says_what_is_in_the_file_and_which_act_made_it() -> None:
    found = render(
        Manifest(
            file="First-Bay-000007.csv", practice="LAKE", agency="Первый Bay", kind="placement", sequence=7,
            business_date=dates.parse("2026-11-20"), file_type="csv", columns=("a", "b"), count=3, accounts=2, rows=3,
            total=370_02, sha256="00ff", act="abc",
        )
    )  # fmt: skip
    assert found.decode() == (
        '{\n  "format": 1,\n  "file": "First-Bay-000007.csv",\n  "practice": "LAKE",\n  "agency": "Первый Bay",\n'
        '  "kind": "placement",\n  "sequence": 7,\n  "business_date": "2026-11-20",\n  "file_type": "csv",\n'
        '  "count": 3,\n  "accounts": 2,\n  "rows": 3,\n  "total": "370.02",\n  "sha256": "00ff",\n  "act": "abc",\n'
        '  "columns": [\n    "a",\n    "b"\n  ]\n}\n'
    )
