"""The log holds ids, types and places, never what an exception or an argument says."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bo_tui import logs
from bo_tui.db import access
from bo_tui.db.access import Look
from bo_tui.office import Office
from bo_tui.rules.night import steps
from bo_tui.screens import logfile
from tests import making
from tests.screens.piloting import sitting


def told(write: object) -> dict[str, object]:
    out = io.StringIO()
    logs.begin(logging.StreamHandler(out))
    try:
        write(logging.getLogger("bo_tui.test"))  # type: ignore[operator]
    finally:
        logging.getLogger("bo_tui").handlers.clear()
    return json.loads(out.getvalue())


def test_a_fault_is_told_without_its_text() -> None:
    def write(log: logging.Logger) -> None:
        try:
            raise ValueError("Smith, Ana owes 480.00")
        except ValueError:
            log.exception("night failed", extra={"practice": 3, "step": "select", "guarantor": "Smith"})

    line = told(write)
    assert (line["event"], line["practice"], line["step"], line["fault"]) == ("night failed", 3, "select", "ValueError")
    assert "test_logs.py" in str(line["places"])
    assert "Smith" not in json.dumps(line)


def test_a_fault_deep_in_a_library_is_told_with_the_programs_own_places(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def deeper(levels: int) -> None:
        if not levels:
            raise ValueError("Smith, Ana owes 480.00")
        deeper(levels - 1)

    monkeypatch.setattr(access, "head", lambda: deeper(20))
    with pytest.raises(ValueError, match="Smith") as fault:
        access.write(office.store, [Look("ana", "look", "account", 1, "Smith", None, "2026-11-20T00:00:00Z")])
    told = logs.places(fault.value)
    assert told.count("test_logs.py") == 6  # a stranger's, innermost
    assert " < ... < bo_tui/db/access.py:" in told
    assert told.endswith(" write")
    assert "Smith" not in told


def test_arguments_are_left_out() -> None:
    line = told(lambda log: log.error("could not read %s", "Smith, Ana"))
    assert line["event"] == "could not read %s"
    assert "Smith" not in json.dumps(line)


async def test_neither_a_night_nor_a_sitting_logs_a_name(
    office: Office, bo: Callable[..., Result], monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a fault at every place that logs, each of which says a name."""
    making.make_agency(office, balance_greater_than=0, age_greater_than=0)
    making.make_line(office, making.make_account(office, "A1", guarantor="Quixwood, Zebedee", last="Quixwood"), "L1")

    def fails(*given: object, **named: object) -> None:
        raise ValueError("Quixwood, Zebedee owes 480.00")

    logfile.begin(office)
    with monkeypatch.context() as broken:
        broken.setattr(access, "write", fails)
        async with sitting(office, "pending") as one:
            one.app.show("accounts")
            await one.rest()
            assert one.rows[0]["guarantor"] == "Quixwood, Zebedee"
            one.screen.read(lambda: fails(), lambda found: None, group="test")
            await one.rest()
            assert one.said.startswith("That did not work (ValueError)")
    logging.getLogger("bo_tui").handlers.clear()
    text = (office.store.folder / logfile.NAME).read_text()
    assert {json.loads(line)["event"] for line in text.splitlines()} == {"fault", "access rows not written"}
    with monkeypatch.context() as broken:
        broken.setattr(steps.selection, "decide", fails)
        result = bo("nightly")
    logging.getLogger("bo_tui").handlers.clear()
    assert result.exit_code == 70
    assert '"event": "night failed"' in result.stderr
    good = bo("nightly")
    logging.getLogger("bo_tui").handlers.clear()
    assert (good.exit_code, good.stderr) == (0, "")
    for told_by_us in (text, result.stderr, result.stdout):
        assert not [part for part in ("Quixwood", "Zebedee") if part in told_by_us]


def test_a_file_that_cannot_be_is_no_fault(tmp_path: Path) -> None:
    logs.to_file(tmp_path / "no" / "such" / "folder" / "x.log")
    logging.getLogger("bo_tui").error("nothing")
    logging.getLogger("bo_tui").handlers.clear()
