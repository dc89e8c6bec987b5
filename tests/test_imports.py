"""What each command loads: help and the night must not wait for a screen or a printer (DESIGN section 8)."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from bo_tui.cli import COMMANDS
from tests import making

HEAVY = ("textual", "rich", "reportlab", "PIL", "textual_image")
WATCH = (
    "import sys\nfrom bo_tui.cli import program\n"
    "try:\n    program.main(sys.argv[1:])\n"
    "except SystemExit as leaving:\n"
    "    print('loaded:', *sorted({name.partition('.')[0] for name in sys.modules}), file=sys.stderr)\n"
    "    print('ours:', *sorted(name for name in sys.modules if name.startswith('bo_tui')), file=sys.stderr)\n"
    "    raise\n"
)


def loaded(*arguments: str, before: str = "") -> tuple[set[str], set[str]]:
    """The top-level modules, and those of ours, that a command has loaded when it ends well."""
    done = subprocess.run([sys.executable, "-c", before + WATCH, *arguments], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    found = {line.partition(":")[0]: set(line.split()[1:]) for line in done.stderr.splitlines() if ":" in line}
    return found["loaded"], found["ours"]


def there(command: str) -> bool:
    module = Path(__file__).parent.parent / Path(*COMMANDS[command][0].split(".")).with_suffix(".py")
    return module.exists()


def test_help_loads_no_command_and_no_database() -> None:
    everything, ours = loaded("--help")
    assert not everything & {*HEAVY, "peewee", "pendulum", "tabulate", "msgspec", "platformdirs"}
    assert ours <= {"bo_tui", "bo_tui.cli", "bo_tui.cli.commands", "bo_tui.cli.exits", "bo_tui.errors"}


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - {"keys", "demo"}))
def test_a_commands_help_loads_nothing_heavy(command: str) -> None:
    if not there(command):
        pytest.skip(f"{command} is not there yet")
    everything, _ = loaded(command, "--help")
    assert not everything & {*HEAVY, "pendulum", "tabulate"}


def test_a_night_loads_nothing_heavy(tmp_path: Path) -> None:
    if not there("nightly"):
        pytest.skip("nightly is not there yet")
    office = making.new_office(tmp_path / "office.db")
    office.close()
    as_ana = "from bo_tui.cli import common\ncommon.current_user = lambda: 'ana'\n"
    everything, _ = loaded("--db", str(tmp_path / "office.db"), "nightly", before=as_ana)
    assert not everything & {*HEAVY, "pendulum"}


def test_every_command_of_the_table_is_there() -> None:
    missing = [name for name in COMMANDS if not there(name)]
    assert missing == []


HOME = """
import asyncio, sys
from pathlib import Path
from bo_tui.cli import exits, opening
from bo_tui.db.connection import open_store
from bo_tui.office import Actor, Office
from bo_tui.screens.app import BackOffice

async def home():
    app = BackOffice(Office(open_store(Path(sys.argv[1])), Actor("ana", "administrator"), 20000))
    async with app.run_test(size=(80, 24)):
        for _ in range(500):
            if not app.keys_held:
                break
            await asyncio.sleep(0.01)
        print(app.keys_held, *sys.modules)

asyncio.run(home())
"""


def test_home_loads_neither_other_pages_nor_the_command_lines_parser(tmp_path: Path) -> None:
    office = making.new_office(tmp_path / "office.db")
    office.close()
    done = subprocess.run([sys.executable, "-c", HOME, str(office.store.path)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    held, *loaded = done.stdout.split()
    assert held == "False", "Home has its figures"
    assert not {"click", "tabulate", "pendulum", "reportlab", "PIL", "msgspec"} & set(loaded)
    assert not {f"bo_tui.widgets.{name}" for name in ("ledgergrid", "forms", "dialog", "menubar")} & set(loaded)
    pages = [name for name in loaded if name.startswith("bo_tui.screens.")]
    assert not [name for name in pages if name.count(".") > 2], "Home is the only page there"
    assert not {"bo_tui.rules.ledger", "bo_tui.rules.audit", "bo_tui.rules.nightly"} & set(loaded)


def test_the_program_without_a_terminal_says_so_and_is_64() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bo_tui"], stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (64, "")
    assert done.stderr.startswith("The program needs a terminal")
