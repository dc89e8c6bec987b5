"""What somebody with the file can do to an office, each as one case with what must see it; docs/trust.md prints the table.

A case spoils the office at a path, closed and written out, past its triggers. `seen` is the kind of the finding that `check`
must have, or `opening` where the store must not open at all (exit 69); None: nothing can tell, and the words say why.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from bo_tui.db.connection import open_store
from bo_tui.errors import NotAllowed
from bo_tui.office import Actor, Office
from bo_tui.rules import attachments, audit, roles
from bo_tui.rules.accounts import notes
from tests import making
from tests.pictures import png
from tests.trust import evil


@dataclass(frozen=True)
class Case:
    """One way to tamper: its name for a person, what it does, which findings see it."""

    name: str
    spoil: Callable[[Path], None]
    seen: tuple[str, ...]


def build(path: Path) -> None:
    """The office of `evil`, not poisoned, with two attachments, everything in the main file."""
    office = evil.build(path)
    for number in (1, 2):
        picture = path.parent / f"{number}.png"
        picture.write_bytes(png(number, number))
        attachments.attach(office, 1, line=f"L{number}", path=picture)
        audit.keep(office, "look", "account", number, "general", 1)
    with contextlib.suppress(NotAllowed):
        roles.require(office.by(Actor("eve", "viewer")), "withdraw")
    audit.keep(office, "report", "aging", None, "2 rows")
    office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    office.close()


def sql(*statements: str) -> Callable[[Path], None]:
    """Statements with every trigger away, which are put back as they were."""

    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            triggers = db.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'").fetchall()
            for name, _ in triggers:
                db.execute(f"DROP TRIGGER {name}")
            changed = [db.execute(statement).rowcount for statement in statements]
            assert any(changed), statements
            for _, trigger in triggers:
                db.execute(trigger)
            db.commit()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return spoil


def plain(statement: str) -> Callable[[Path], None]:
    """A statement that the triggers do not stop."""

    def spoil(path: Path) -> None:
        with closing(sqlite3.connect(path)) as db:
            db.execute(statement)
            db.commit()
            db.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    return spoil


def exchanged_file(path: Path) -> None:
    """Another content of an agency file, with the hash that fits it."""
    content = b"placement,balance\r\n1,1.00\r\n"
    with closing(sqlite3.connect(path)) as db:
        values = (zlib.compress(content), sha256(content).hexdigest())
        db.execute("UPDATE agency_file SET content = ?, sha256 = ?", values)
        db.commit()
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def cut(part: float) -> Callable[[Path], None]:
    """The file's first part only."""

    def spoil(path: Path) -> None:
        content = path.read_bytes()
        path.write_bytes(content[: int(len(content) * part)])

    return spoil


def pages(which: Callable[[int], list[int]], content: bytes) -> Callable[[Path], None]:
    """Some pages of 4,096 bytes overwritten."""

    def spoil(path: Path) -> None:
        whole = bytearray(path.read_bytes())
        for page in which(len(whole) // 4096):
            whole[page * 4096 : (page + 1) * 4096] = (content * 4096)[:4096]
        path.write_bytes(bytes(whole))

    return spoil


def copy_of(pattern: str, act: Callable[[Path], None]) -> Callable[[Path], None]:
    """The first file beside the store whose name fits."""
    return lambda path: act(sorted(path.parent.glob(pattern))[0])


def swapped_attachments(path: Path) -> None:
    """The bytes of one attachment in the place of the other."""
    one, other = sorted(path.parent.glob("attachments/*/*.png"))
    one.write_bytes(other.read_bytes())


def journal(path: Path, written_out: int) -> tuple[bytes, bytes]:
    """The -wal and -shm files of the store after more work, the first so many acts of which are in its main file already."""
    work = path.with_name("later.db")
    shutil.copy(path, work)
    office = Office(open_store(work), Actor(making.USER, "administrator"), making.DAY)
    office.store.use().execute_sql("PRAGMA wal_autocheckpoint = 0")
    for number in range(written_out + 30):
        if number == written_out:
            office.store.use().execute_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        notes.add_note(office, 1, "A1", f"later note {number} " * 20)
    found = Path(f"{work}-wal").read_bytes(), Path(f"{work}-shm").read_bytes()
    office.close()
    work.unlink()
    return found


def side_files(written_out: int, *, shm: bool = True) -> Callable[[Path], None]:
    """The store as it is, beside the journal of what was done later."""

    def spoil(path: Path) -> None:
        contents = journal(path, written_out)
        Path(f"{path}-wal").write_bytes(contents[0])
        if shm:
            Path(f"{path}-shm").write_bytes(contents[1])

    return spoil


def foreign_journal(path: Path) -> None:
    """The journal of another office beside the store."""
    other = path.with_name("other.db")
    making.new_office(other).close()
    office = Office(open_store(other), Actor(making.USER, "administrator"), making.DAY)
    office.store.use().execute_sql("PRAGMA wal_autocheckpoint = 0")
    making.make_account(office)
    Path(f"{path}-wal").write_bytes(Path(f"{other}-wal").read_bytes())
    Path(f"{path}-shm").write_bytes(Path(f"{other}-shm").read_bytes())
    office.close()
    other.unlink()


def beside(name: str, content: bytes) -> Callable[[Path], None]:
    """A side file of some bytes."""
    return lambda path: Path(f"{path}{name}").write_bytes(content)


_TWO = "(SELECT max(id) - {0} FROM act WHERE practice = 1)"
_SWAP = (  # the ids of two acts with all that name them
    "UPDATE act SET id = 900001 WHERE id = " + _TWO.format(3),
    "UPDATE change SET act = 900001 WHERE act = (SELECT max(id) - 3 FROM act WHERE practice = 1 AND id < 900000)",
)

CASES = (
    Case(
        "a ledger entry's amount changed",
        sql("UPDATE entry SET amount = amount + 1 WHERE code = 'GPYMT'"),
        ("chain", "balance"),
    ),
    Case("a ledger entry's note changed", sql("UPDATE entry SET note = 'x' WHERE id = 1"), ("chain",)),
    Case("a ledger entry taken out", sql("DELETE FROM entry WHERE code = 'MADJN'"), ("chain",)),
    Case(
        "an entry and its balance changed together",
        sql(
            "UPDATE entry SET amount = amount - 1 WHERE code = 'GPYMT' AND line = 1",
            "UPDATE service_line SET ar = ar + 1 WHERE id = 1",
        ),
        ("chain",),
    ),
    Case(
        "a digest swapped for another act's",
        sql("UPDATE act SET digest = (SELECT a.digest FROM act a WHERE a.id = 3) WHERE id = 12"),
        ("chain",),
    ),
    Case("two acts in another order", sql(*_SWAP), ("chain",)),
    Case("an act's actor changed", sql("UPDATE act SET actor = 'eve' WHERE id = 12"), ("chain",)),
    Case(
        "the last act taken out with its rows",
        sql(
            "DELETE FROM change WHERE act = (SELECT max(id) FROM act)",
            "DELETE FROM act WHERE id = (SELECT max(id) FROM act)",
        ),
        ("history", "reference", "attachment"),
    ),
    Case(
        "a change of the history rewritten",
        sql("UPDATE change SET after = 'Evil' WHERE field = 'name'"),
        ("chain", "history"),
    ),
    Case(
        "a look at an account given to somebody else", sql("UPDATE access SET actor = 'bob' WHERE id = 1"), ("access",)
    ),
    Case("what was refused taken out of the looks", sql("DELETE FROM access WHERE kind = 'refused'"), ("access",)),
    Case(
        "the oldest look deleted as if its six years were over",
        sql(
            "INSERT INTO access_floor (access, digest, act) SELECT 1, digest, (SELECT max(id) FROM act) FROM access WHERE id = 1",
            "DELETE FROM access WHERE id = 1",
        ),
        ("access",),
    ),
    Case("a setting changed without an act", plain("UPDATE practice SET four_eyes_limit = 99999900"), ("history",)),
    Case(
        "a threshold changed without an act",
        plain("UPDATE assignment SET age_greater_than = 1 WHERE id = 1"),
        ("history",),
    ),
    Case(
        "a role raised without an act",
        plain("UPDATE operator SET role = 'supervisor' WHERE user <> 'ana'"),
        ("history",),
    ),
    Case("a hold taken out", plain("DELETE FROM hold"), ("history",)),
    Case("a note rewritten", sql("UPDATE note SET text = 'something else'"), ("history",)),
    Case(
        "a payment that waits changed",
        plain("UPDATE payment SET amount = amount + 1 WHERE state = 'unposted'"),
        ("history",),
    ),
    Case(
        "a distribution that waits changed",
        plain("UPDATE distribution SET amount = amount + 1 WHERE state = 'unposted'"),
        ("history",),
    ),
    Case(
        "a placement given to another account",
        plain("UPDATE placement SET account = account + 1 WHERE account < 4"),
        ("placement",),
    ),
    Case("addresses made automatic without an act", plain("UPDATE practice SET automatic_addresses = 1"), ("history",)),
    Case("a line's balance changed", plain("UPDATE service_line SET ar = ar - 1 WHERE number = 'L1'"), ("balance",)),
    Case(
        "a placement's agency changed",
        plain("UPDATE placement SET agency = 2, agency_name = 'Two' WHERE id = (SELECT min(id) FROM placement)"),
        ("history", "placement", "file"),
    ),
    Case("a trigger dropped", plain("DROP TRIGGER entry_no_update"), ("schema",)),
    Case("an index dropped", plain("DROP INDEX placement_open"), ("schema",)),
    Case("an agency file's bytes exchanged, its hash with them", exchanged_file, ("file",)),
    Case("a copy in the outbox missing", copy_of("outbox/LAKE/*.csv", Path.unlink), ("file",)),
    Case("a copy in the outbox changed", copy_of("outbox/LAKE/*.csv", lambda p: p.write_bytes(b"x")), ("file",)),
    Case("an attachment's file exchanged", swapped_attachments, ("attachment",)),
    Case("an attachment's file missing", copy_of("attachments/*/*.png", Path.unlink), ("attachment",)),
    Case(
        "an attachment's row pointed at the other's bytes",
        sql("UPDATE attachment SET sha256 = (SELECT sha256 FROM attachment WHERE id = 2) WHERE id = 1"),
        ("attachment",),
    ),
    Case("the store cut to half", cut(0.5), ("opening", "file")),
    Case("the store cut by one page", lambda p: p.write_bytes(p.read_bytes()[:-4096]), ("opening", "file", "chain")),
    Case("the store emptied", cut(0), ("opening",)),
    Case("the store's first page overwritten", pages(lambda count: [0], b"\x00"), ("opening",)),
    Case(
        "a page in the middle overwritten",
        pages(lambda count: list(range(count // 2, count // 2 + 4)), b"\xa5"),
        ("opening", "file"),
    ),
    Case(
        "every page after the fourth zeroed", pages(lambda count: list(range(4, count)), b"\x00"), ("opening", "file")
    ),
    Case(
        "an older copy put back beside the -wal and -shm of a later time", side_files(40), ("opening", "file", "chain")
    ),
    Case(
        "an older copy put back beside a -wal of a later time, without -shm",
        side_files(40, shm=False),
        ("opening", "file", "chain"),
    ),
    Case("a copy beside the whole journal of what followed: the later state, whole", side_files(0), ()),
    Case("another office's -wal and -shm beside the store", foreign_journal, ("opening", "file", "chain", "schema")),
    Case("a -wal of noise beside the store", beside("-wal", bytes(range(256)) * 64), ()),
    Case("a -shm of noise beside the store", beside("-shm", bytes(range(256)) * 128), ()),
)
