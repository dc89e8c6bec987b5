"""`bo-tui import` as scripts see it: results on standard output, refused rows on standard error, exit codes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from click.testing import Result

from tests.rules.importing.conftest import account, line, payment


def test_a_folder_is_loaded_and_counted(bo: Callable[..., Result], folder: Callable[..., Path]) -> None:
    where = folder(accounts=[account()], service_lines=[line()], transactions=[payment()])
    dry = bo("import", str(where), "--from", "office", "--dry-run")
    assert dry.exit_code == 0
    assert "Nothing was written: this was a dry run." in dry.stdout
    done = bo("import", str(where), "--from", "office")
    assert done.exit_code == 0
    assert dry.stdout.startswith(done.stdout)
    assert [cell.split() for cell in done.stdout.splitlines()[2:]] == [
        ["accounts.csv", "1", "1", "0", "0"], ["service_lines.csv", "1", "1", "0", "0", "480.00"],
        ["transactions.csv", "1", "1", "0", "0", "80.00"], ["GPYMT:", "1", "for", "80.00"],
    ]  # fmt: skip
    again = bo("import", str(where), "--from", "office")
    assert (again.exit_code, again.stdout) == (65, "")
    assert len(again.stderr.splitlines()) == 4
    assert (
        again.stderr.splitlines()[-1]
        == "Nothing was loaded: 3 problems in accounts.csv, service_lines.csv, transactions.csv."
    )


def test_every_kept_row_is_listed(bo: Callable[..., Result], folder: Callable[..., Any]) -> None:
    where = folder(accounts=[account(str(number), returned_mail="?") for number in range(1200)])
    refused = bo("import", str(where), "--from", "office")
    lines = refused.stderr.splitlines()
    assert (refused.exit_code, len(lines), lines[1000]) == (65, 1002, "... and 200 more")


def test_other_ends(bo: Callable[..., Result], folder: Callable[..., Path], tmp_path: Path) -> None:
    assert bo("import", str(tmp_path / "nowhere"), "--from", "office").exit_code == 66
    assert bo("import", str(tmp_path)).exit_code == 64
    assert bo("import", str(tmp_path), "--from", "elsewhere").exit_code == 64
    assert bo("import", str(folder(accounts=[account()])), "--from", "office", "--hold-back-payments").exit_code == 64
