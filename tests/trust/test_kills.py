"""Killed at any moment, without power, on a full disk: the office ends as one left alone, and no half file bears its final name.

The harness itself is `benchmarks.trust`; here it runs in its short form, in processes of its own, because it forks.
`python -m benchmarks.trust.kills` and `python -m benchmarks.trust.powerloss` are the long forms, docs/trust.md has their figures.
"""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="forks, and reads /proc")


def harness(module: str, *arguments: str) -> str:
    """What a harness prints; it says itself what was wrong, with the seed that repeats it."""
    command = [sys.executable, "-m", f"benchmarks.trust.{module}", *arguments]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def kills(said: str) -> dict[str, int]:
    """Kills by scene, as the harness told them."""
    return {
        scene: int(count) for scene, count in re.findall(r"^(\w+): \d+ kills.*\n  (\d+) kills of", said, re.MULTILINE)
    }


def test_a_night_killed_anywhere_ends_as_one_left_alone() -> None:
    said = harness("kills", "--scene", "night", "--kills", "12", "--lines", "120", "--seed", "6")
    assert kills(said)["night"] >= 12
    assert len(re.findall(r"(?:select|approve|files|updates|reassign|withdraw|precollect_\w+) \d+", said)) >= 4, said


def test_import_posting_restore_and_backup_killed_anywhere() -> None:
    said = harness("kills", "--kills", "18", "--nights", "0", "--large", "0", "--lines", "120", "--seed", "6")
    done = kills(said)
    assert list(done) == ["import", "batch", "restore", "backup"]
    assert min(done.values()) >= 4


def test_power_fails_or_the_disk_is_full_while_files_are_written() -> None:
    said = harness("powerloss", "--every", "11")
    tried = re.findall(r"^(\w+): \d+ calls, (\d+) power failures, (\d+) full disks", said, re.MULTILINE)
    assert [name for name, _, _ in tried] == ["outbox", "attachment", "backup", "export"]
    assert sum(int(power) for _, power, _ in tried) > 15
    assert sum(int(full) for _, _, full in tried) > 5
