"""The log holds ids, types and places, never what an exception or an argument says."""

from __future__ import annotations

import io
import json
import logging
from pathlib import Path

from bo_tui import logs


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


def test_arguments_are_left_out() -> None:
    line = told(lambda log: log.error("could not read %s", "Smith, Ana"))
    assert line["event"] == "could not read %s"
    assert "Smith" not in json.dumps(line)


def test_a_file_that_cannot_be_is_no_fault(tmp_path: Path) -> None:
    logs.to_file(tmp_path / "no" / "such" / "folder" / "x.log")
    logging.getLogger("bo_tui").error("nothing")
    logging.getLogger("bo_tui").handlers.clear()
