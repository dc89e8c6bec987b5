"""The manifest that lies beside each agency file, `NAME.manifest.json`: what is in it and which act made it."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass

from bo_tui import dates, money

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """What a manifest says. `count` is placements, `rows` the file's data rows (for tsi: accounts), `total` cents.

    `act` is the digest of the act that made the file: with it the file's place in the practice's chain can be found.
    """

    file: str
    practice: str
    agency: str
    kind: str
    sequence: int
    business_date: int
    file_type: str
    columns: Sequence[str]
    count: int
    accounts: int
    rows: int
    total: int
    sha256: str
    act: str


def render(manifest: Manifest) -> bytes:
    """The manifest as JSON in UTF-8, two spaces deep, ending in a line feed; the same manifest gives the same bytes."""
    document = {
        "format": FORMAT,
        "file": manifest.file,
        "practice": manifest.practice,
        "agency": manifest.agency,
        "kind": manifest.kind,
        "sequence": manifest.sequence,
        "business_date": dates.iso(manifest.business_date),
        "file_type": manifest.file_type,
        "count": manifest.count,
        "accounts": manifest.accounts,
        "rows": manifest.rows,
        "total": money.plain(manifest.total),
        "sha256": manifest.sha256,
        "act": manifest.act,
        "columns": list(manifest.columns),
    }
    return (json.dumps(document, indent=2, ensure_ascii=False) + "\n").encode()
