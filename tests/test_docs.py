"""What the documents say that the code knows better."""

from __future__ import annotations

import importlib.util
from pathlib import Path

DOCS = Path(__file__).parent.parent / "docs"


def _made(name: str) -> str:
    spec = importlib.util.spec_from_file_location(name, DOCS / f"{name}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return str(made.page())


def test_the_table_of_roles_is_the_one_that_the_code_asks() -> None:
    assert (DOCS / "roles.md").read_text(encoding="utf-8") == _made("make_roles"), "run docs/make_roles.py"


def test_the_files_of_an_import_are_those_that_the_code_reads() -> None:
    assert (DOCS / "import.md").read_text(encoding="utf-8") == _made("make_import"), "run docs/make_import.py"
