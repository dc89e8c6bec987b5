"""The units that are shipped: what they promise stands in them, and systemd takes them."""

from __future__ import annotations

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

UNITS = Path(__file__).parent.parent / "docs" / "systemd"
SERVICE = UNITS / "bo-tui-nightly.service"
TIMER = UNITS / "bo-tui-nightly.timer"


def unit(path: Path) -> configparser.ConfigParser:
    parsed = configparser.ConfigParser(strict=False, interpolation=None)
    parsed.optionxform = str  # type: ignore[assignment,method-assign]
    parsed.read_string(path.read_text(encoding="utf-8"))
    return parsed


def test_the_service_may_write_into_the_office_alone_and_gain_nothing() -> None:
    service = unit(SERVICE)["Service"]
    promised = {
        "Type": "oneshot", "User": "bo_tui", "UMask": "0007", "ProtectSystem": "strict", "ReadWritePaths": "/srv/bo_tui",
        "ProtectHome": "yes", "PrivateTmp": "yes", "NoNewPrivileges": "yes", "PrivateNetwork": "yes", "PrivateDevices": "yes",
        "CapabilityBoundingSet": "", "RestrictAddressFamilies": "AF_UNIX", "MemoryDenyWriteExecute": "yes",
    }  # fmt: skip
    assert {name: service[name] for name in promised} == promised
    assert service["ExecStart"].endswith(" --db /srv/bo_tui/office.db nightly --backup")


def test_the_timer_makes_up_for_a_night_that_was_missed() -> None:
    timer = unit(TIMER)
    assert timer["Timer"]["Persistent"] == "true"
    assert timer["Timer"]["OnCalendar"]
    assert timer["Install"]["WantedBy"] == "timers.target"
    assert TIMER.stem == SERVICE.stem  # without Unit= a timer starts the service of its own name


def test_systemd_takes_both(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not on this machine")
    for path in (SERVICE, TIMER):
        lines = path.read_text(encoding="utf-8").splitlines()
        there = ["ExecStart=/bin/true" if line.startswith("ExecStart=") else line for line in lines]
        (tmp_path / path.name).write_text("\n".join(there) + "\n")
    units = [str(tmp_path / path.name) for path in (SERVICE, TIMER)]
    done = subprocess.run([analyze, "verify", "--man=no", *units], capture_output=True, text=True, timeout=60)
    if "Failed to initialize manager" in done.stderr or "Failed to create" in done.stderr:
        pytest.skip("systemd-analyze cannot work here")
    assert (done.returncode, [line for line in done.stderr.splitlines() if "bo-tui-nightly" in line]) == (0, [])
