"""A power failure imitated for files: what was not fsynced is lost, at any call of the system; a disk that is full at any write.

`python -m benchmarks.trust.powerloss` goes through every call that writing outbox copies with manifests, an attachment, a backup
and an export makes. The process ends before the n-th call, in one of three ways: nothing is lost (`kept`, as after a kill), bytes
that were not fsynced are (`bytes`), names in folders that were not fsynced too (`names`). Then the work is done again, and the
power fails once more when it says that it is done: everything must be there.
"""

from __future__ import annotations

import argparse
import errno
import hashlib
import json
import os
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from unittest import mock

from benchmarks.trust import killing, scenes, snapshot
from bo_tui.cli import exits
from bo_tui.db import attachments, backup, exporting, outbox
from bo_tui.db.tables import AgencyFile, PrecollectFile
from bo_tui.errors import Refusal
from bo_tui.rules.external.files import write_copies
from bo_tui.rules.precollect.files import write_copies as write_precollections

LOSSES = ("kept", "bytes", "names")
LINES = 200
CONTENT = b"%PDF-1.7 a page that is longer than nothing\n" * 500
REAL = {
    name: getattr(os, name)
    for name in ("open", "link", "rename", "replace", "unlink", "mkdir", "rmdir", "fsync", "fdopen")
}


class Disk:
    """What a child's calls did to the folder below `root` that a power failure would undo; kept in `side` between two children.

    `fail` is an error number that whatever needs room raises from the n-th call on, instead of the end of the process.
    """

    def __init__(self, root: Path, side: Path, number: int, loss: str, fail: int | None = None) -> None:
        self.root, self.side, self.number, self.loss, self.fail = root, side, number, loss, fail
        self.count = 0
        self.unsynced: set[int] = set()  # inodes
        self.names: list[list[str]] = []  # folder, what was done, name, and what undoes it
        note = side / "state.json"
        if note.exists():
            kept = json.loads(note.read_text())
            self.unsynced, self.names = set(kept["unsynced"]), kept["names"]

    def point(self, *, grows: bool = True) -> None:
        """The n-th time, the power fails; or from then on the disk is full for whatever `grows`."""
        self.count += 1
        if self.fail is not None:
            if grows and self.count >= self.number:
                raise OSError(self.fail, os.strerror(self.fail))
        elif self.count == self.number:
            self.lose()
            os.kill(os.getpid(), signal.SIGKILL)

    def lose(self) -> None:
        """Lose what the disk need not have kept."""
        if self.loss == "kept":
            (self.side / "state.json").write_text(json.dumps({"unsynced": list(self.unsynced), "names": self.names}))
            return
        if self.loss == "names":
            for folder, what, name, other in reversed(self.names):
                self._undo(Path(folder) / name, what, other)
        for path in self.root.rglob("*"):
            if path.is_file() and path.stat().st_ino in self.unsynced:
                os.truncate(path, path.stat().st_size // 2 if self.number % 2 else 0)
        (self.side / "state.json").unlink(missing_ok=True)

    def _undo(self, path: Path, what: str, other: str) -> None:
        if what == "made" and path.is_file():
            REAL["unlink"](path)
        elif what == "mkdir":
            shutil.rmtree(path, ignore_errors=True)
        elif what == "gone" and path.parent.is_dir() and not path.exists():
            REAL["link"](other, path)
        elif what == "renamed" and path.exists():
            REAL["rename"](path, other)

    # --- the calls ------------------------------------------------------------------------------------------------

    def _path(self, path: Any, folder: int | None) -> Path:
        if folder is None:
            return Path(os.path.abspath(os.fspath(path)))
        return Path(os.readlink(f"/proc/self/fd/{folder}")) / path

    def _ours(self, path: Path) -> bool:
        return self.root in path.parents

    def open(self, path: Any, flags: int, mode: int = 0o777, *, dir_fd: int | None = None) -> int:
        where = self._path(path, dir_fd)
        new = bool(flags & os.O_CREAT) and self._ours(where) and not os.path.lexists(where)
        if new:
            self.point()
        descriptor: int = REAL["open"](path, flags, mode, dir_fd=dir_fd)
        if new:
            self.unsynced.add(os.fstat(descriptor).st_ino)
            self.names.append([str(where.parent), "made", where.name, ""])
        return descriptor

    def fdopen(self, descriptor: int, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        file = REAL["fdopen"](descriptor, mode, *arguments, **named)
        return _Written(self, file) if "w" in mode and "b" in mode else file

    def fsync(self, descriptor: int) -> None:
        self.point(grows=False)
        REAL["fsync"](descriptor)
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):
            folder = os.readlink(f"/proc/self/fd/{descriptor}")
            self.names = [one for one in self.names if one[0] != folder]
        else:
            self.unsynced.discard(os.fstat(descriptor).st_ino)

    def link(self, source: Any, target: Any, *, src_dir_fd: Any = None, dst_dir_fd: Any = None, **named: Any) -> None:
        self.point()
        REAL["link"](source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd, **named)
        where = self._path(target, dst_dir_fd)
        self.names.append([str(where.parent), "made", where.name, ""])

    def rename(self, source: Any, target: Any, *, src_dir_fd: Any = None, dst_dir_fd: Any = None) -> None:
        self.point(grows=False)
        REAL["replace"](source, target, src_dir_fd=src_dir_fd, dst_dir_fd=dst_dir_fd)
        where = self._path(target, dst_dir_fd)
        self.names.append([str(where.parent), "renamed", where.name, str(self._path(source, src_dir_fd))])

    def unlink(self, path: Any, *, dir_fd: int | None = None) -> None:
        where = self._path(path, dir_fd)
        if self._ours(where) and where.is_file() and not where.name.startswith("office.db"):
            self.point(grows=False)
            keep = self.side / f"gone-{time.monotonic_ns()}"
            REAL["link"](where, keep)
            self.names.append([str(where.parent), "gone", where.name, str(keep)])
        REAL["unlink"](path, dir_fd=dir_fd)

    def mkdir(self, path: Any, mode: int = 0o777, *, dir_fd: int | None = None) -> None:
        where = self._path(path, dir_fd)
        ours = self._ours(where) and not where.exists()
        if ours:
            self.point()
        REAL["mkdir"](path, mode, dir_fd=dir_fd)
        if ours:
            self.names.append([str(where.parent), "mkdir", where.name, ""])

    @contextmanager
    def attached(self) -> Iterator[None]:
        """The system's calls go through here."""
        with mock.patch.multiple(
            os, open=self.open, fdopen=self.fdopen, fsync=self.fsync, link=self.link, rename=self.rename,
            replace=self.rename, unlink=self.unlink, mkdir=self.mkdir,
        ):  # fmt: skip
            yield


class _Written:
    """A file whose bytes go out in two halves, with a power failure or a full disk possible before each."""

    def __init__(self, disk: Disk, file: Any) -> None:
        self.disk, self.file = disk, file

    def __enter__(self) -> _Written:
        return self

    def __exit__(self, *raised: object) -> None:
        self.file.close()

    def write(self, content: bytes) -> int:
        self.disk.unsynced.add(os.fstat(self.file.fileno()).st_ino)
        for half in (content[: len(content) // 2], content[len(content) // 2 :]):
            self.disk.point()
            self.file.write(half)
            self.file.flush()
        return len(content)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.file, name)


# --- what is written -----------------------------------------------------------------------------------------------


def build(folder: Path) -> None:
    """An office with two agency files and one for TSI that are not on the disk yet."""
    inside = folder / "office"
    inside.mkdir()
    with mock.patch.object(outbox, "write_unwritten", return_value=[]):
        scenes.build_night(inside, LINES)
        of = scenes.office(inside, scenes.NIGHT)
        with scenes.small_chunks(LINES):
            scenes._run(of, scenes.NIGHT)
    for table, count in ((AgencyFile, 2), (PrecollectFile, 1)):
        last = [row.id for row in table.select(table.id).order_by(table.id.desc()).limit(count)]
        table.update(written_at="2026-01-01T00:00:00Z").where(table.id.not_in(last)).execute()
    scenes.closed(of)


def write_outbox(folder: Path) -> None:
    """The copies and manifests that are missing."""
    of = scenes.office(folder / "office")
    write_copies(of)
    write_precollections(of)
    of.close()


def write_attachment(folder: Path) -> None:
    """An attachment into the store's folder."""
    of = scenes.office(folder / "office")
    attachments.keep(of.store, CONTENT, "application/pdf")
    of.close()


def write_backup(folder: Path) -> None:
    """A backup, unless it is there."""
    target = folder / "made.db"
    if not target.exists():
        of = scenes.office(folder / "office")
        backup.make_backup(of.store, target)
        of.close()


def write_export(folder: Path) -> None:
    """A PDF for the operator, unless it is there."""
    target = folder / "page.pdf"
    if not target.exists():
        of = scenes.office(folder / "office")
        exporting.write_new(of.store, str(target), "page.pdf", iter((CONTENT, CONTENT)))
        of.close()


WORKS: dict[str, Callable[[Path], None]] = {
    "outbox": write_outbox, "attachment": write_attachment, "backup": write_backup, "export": write_export
}  # fmt: skip


def final_files(folder: Path) -> dict[str, str]:
    """Digests of every file with its final name, but for the store's own and locks."""
    found = snapshot.files(folder / "office", parts=False)
    for name in ("page.pdf", "made.db"):
        path = folder / name
        if path.exists():
            found[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


class Trial:
    """One work, tried at each of its calls."""

    def __init__(self, name: str, base: Path, root: Path) -> None:
        self.name, self.work, self.base = name, WORKS[name], base
        self.folder, self.side = root / "work", root / "side"
        self._fresh()
        self.calls = self._run(0, "kept")
        self.after = final_files(self.folder)
        self.tables = killing.run(lambda watch: snapshot.tables(self.folder / "office" / scenes.STORE)).left

    def _fresh(self) -> None:
        scenes.copied(self.base, self.folder)
        shutil.rmtree(self.side, ignore_errors=True)
        self.side.mkdir()

    def _run(self, number: int, loss: str, *, end: bool = False, fail: int | None = None) -> Any:
        """The work in a child that loses its power before a call, at its end, or never; how many calls it made."""

        def work(watch: killing.Watch) -> Any:
            disk = Disk(self.folder, self.side, number, loss, fail)
            refused = None
            with disk.attached():
                try:
                    self.work(self.folder)
                except Exception as error:
                    if fail is None:
                        raise
                    known = error if isinstance(error, Refusal) else exits.as_refusal(error)
                    refused = [type(error).__name__, known.sentence, known.exit_code]
            if end:
                disk.lose()
            return disk.count if fail is None else refused

        return killing.run(work).left

    def power(self, number: int, loss: str) -> list[str]:
        """What is wrong when the power fails before a call, and again once the work is done."""
        self._fresh()
        self._run(number, loss)
        named = {
            name for name in ("page.pdf", "made.db") if (self.folder / name).exists()
        }  # refused then, not done again
        wrong = [f"half a file after the failure: {name}" for name in self._strange()]
        try:
            self._run(0, "names", end=True)
        except killing.ChildFailed as error:
            return [*wrong, str(error).strip().splitlines()[-1]]
        now = final_files(self.folder)
        wrong += [f"lost though done: {name}" for name in self.after if name not in now and name not in named]
        return wrong + self._strange() + self._mixed()

    def full(self, number: int, error: int = errno.ENOSPC) -> list[str]:
        """What is wrong when the disk is full from a write on, and has room again later."""
        self._fresh()
        refused = self._run(number, "kept", fail=error)
        wrong = [] if refused is None or refused[2] in (73, 74) else [f"the refusal was {refused}"]
        wrong += [f"half a file on a full disk: {name}" for name in self._strange()]
        wrong += [f"a .part on a full disk: {path.name}" for path in self.folder.rglob("*.part")]
        self._run(0, "kept")
        return wrong + self._strange() + self._mixed()

    def _strange(self) -> list[str]:
        """Files with a final name and other bytes than they should have; a backup's are its own, so it is opened."""
        known = set(self.after.values())
        found = [name for name, digest in final_files(self.folder).items() if digest not in known]
        sound = lambda watch: scenes.backup_is_sound(self.folder, self.folder / "office")  # noqa: E731
        return [name for name in found if name != "made.db" or not killing.run(sound).left]

    def _mixed(self) -> list[str]:
        now = killing.run(lambda watch: snapshot.tables(self.folder / "office" / scenes.STORE)).left
        return [] if now == self.tables else ["the store differs"]


def main(arguments: list[str] | None = None) -> int:
    """Try every call, or every so many; 1 when anything was wrong."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.trust.powerloss", description=__doc__)
    parser.add_argument("--every", type=int, default=1, help="try only every n-th of all trials")
    parser.add_argument("--json", type=Path, help="where the figures go; default: nowhere")
    said = parser.parse_args(arguments)
    root = Path(tempfile.mkdtemp(prefix="bo_tui-power-", dir=killing.fast_folder()))
    done: list[dict[str, Any]] = []
    turn = 0
    try:
        base = root / "base"
        base.mkdir()
        killing.run(lambda watch: build(base))
        for name in WORKS:
            trial = Trial(name, base, root)
            found: dict[str, Any] = {"work": name, "calls": trial.calls, "power": 0, "full": 0, "wrong": []}
            for number in range(1, trial.calls + 1):
                for loss in (*LOSSES, "full"):
                    turn += 1
                    if turn % said.every:
                        continue
                    wrong = trial.full(number) if loss == "full" else trial.power(number, loss)
                    found["full" if loss == "full" else "power"] += 1
                    if wrong:
                        found["wrong"].append([number, loss, wrong])
                        print(f"WRONG: {name} at call {number}, {loss}: {wrong}", flush=True)
            done.append(found)
            print(
                f"{name}: {trial.calls} calls, {found['power']} power failures, {found['full']} full disks", flush=True
            )
    finally:
        shutil.rmtree(root, ignore_errors=True)
    if said.json:
        said.json.parent.mkdir(parents=True, exist_ok=True)
        said.json.write_text(json.dumps({"date": time.strftime("%Y-%m-%d"), "works": done}, indent=1) + "\n")
    return 1 if any(one["wrong"] for one in done) else 0


if __name__ == "__main__":
    sys.exit(main())
