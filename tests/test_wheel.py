"""The wheel holds all that the program needs: built, installed somewhere else, it makes an office and runs the demo."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    (wheel,) = folder.glob("*.whl")
    target = folder / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        "--target",
        str(target),
        str(wheel),
    ]
    subprocess.run(pip, check=True, capture_output=True)
    return target


def run(site: Path, folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The installed program, run from an empty folder, never the checkout."""
    environment = {**os.environ, "PYTHONPATH": str(site), "BO_TUI_DB": str(folder / "office" / "office.db")}
    command = [sys.executable, "-m", "bo_tui", *arguments]
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, stdin=subprocess.DEVNULL
    )


def test_the_wheel_is_what_runs(installed: Path, tmp_path: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(installed)}
    where = [sys.executable, "-c", "import bo_tui; print(bo_tui.__file__)"]
    out = subprocess.run(where, cwd=tmp_path, env=environment, capture_output=True, text=True, check=True).stdout
    assert Path(out.strip()).is_relative_to(installed)


def test_init_and_check(installed: Path, tmp_path: Path) -> None:
    made = run(installed, tmp_path, "init", "--code", "LAKE", "--name", "Lakeside")
    assert made.returncode == 0, made.stderr
    checked = run(installed, tmp_path, "check")
    assert (checked.returncode, checked.stdout) == (0, "")


def test_demo(installed: Path, tmp_path: Path) -> None:
    demo = run(installed, tmp_path, "demo", str(tmp_path / "demo"))
    assert demo.returncode == 0, demo.stderr
    assert "LAKE  night of" in demo.stdout
    assert "Control identity" in demo.stdout
    written = [path.name for path in (tmp_path / "demo/outbox/LAKE").iterdir()]
    files = sorted(name for name in written if not name.endswith(".json"))
    assert [name.split("-0")[0].split("_")[0] for name in files] == [
        "Bay-West",
        "First-Bay",
        "First-Bay",
        "TsiPlacements",
    ]
    assert sorted(set(written) - set(files)) == [f"{name}.manifest.json" for name in files]


def test_help_pages_are_inside(installed: Path) -> None:
    assert list((installed / "bo_tui" / "help").glob("*.md"))
    assert list((installed / "bo_tui" / "fixtures").glob("*.csv"))
    assert list((installed / "bo_tui" / "db" / "migrations").glob("0001_*.py"))
