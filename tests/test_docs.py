"""What the documents say that the code knows better."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def test_the_table_of_roles_is_the_one_that_the_code_asks() -> None:
    spec = importlib.util.spec_from_file_location("make_roles", DOCS / "make_roles.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    assert (DOCS / "roles.md").read_text(encoding="utf-8") == made.page(), "run docs/make_roles.py"
