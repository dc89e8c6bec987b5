"""An office's folder of CSV files into the temporary database (CONTRACT, Office CSV)."""

from __future__ import annotations

import difflib
import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bo_tui.errors import NoInput, Problem, RuleRefusal
from bo_tui.formats.office import LAYOUTS, OfficeFile
from bo_tui.formats.office.reading import clip
from bo_tui.rules.importing.stage import STAGED, Stage
from bo_tui.rules.setup import require_practice_code


def require_folder(folder: Path) -> None:
    """NoInput (66) unless the folder is there and can be looked into."""
    if not folder.exists():
        raise NoInput(f"There is no folder {folder}.")
    if not folder.is_dir():
        raise NoInput(f"{folder} is a file, not a folder of CSV files.")


def stage_office(stage: Stage, folder: Path, only: str | None) -> None:
    """Read every file of the contract that the folder has; `only` leaves out the rows of other practices.

    Raises NoInput (66) when none is there. A .csv of another name is refused: it is more often a misspelling than a stranger.
    """
    require_folder(folder)
    there = sorted(path.name for path in folder.iterdir() if path.name.lower().endswith(".csv"))
    known = [layout.file for layout in LAYOUTS.values()]
    if not set(there) & set(known):
        raise NoInput(f"{folder} holds no file to load; a folder has some of {', '.join(known)}.")
    for name in there:
        if name not in known:
            near = difflib.get_close_matches(name.lower(), known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            stage.problems.add(Problem(name, 0, "", f"is not a file that can be loaded{hint}"))
    for layout in LAYOUTS.values():
        if layout.file in there:
            _stage_file(stage, layout.name, folder / layout.file, only)
    if only is not None and only not in stage.practices:
        raise RuleRefusal(f"There is no practice {only} here, nor in practices.csv.", field="practice")


def _stage_file(stage: Stage, name: str, path: Path, only: str | None) -> None:
    layout = LAYOUTS[name]

    def lose(key: tuple[str, ...]) -> None:
        named = layout.key[0] == "practice"
        practice = stage.practices.get(key[0]) if named and len(key) > 1 else None
        stage.lose(name, practice, key[-1])
        if name == "practices":
            stage.refused_practices.add(key[0])

    source = OfficeFile(path, layout, stage.problems.add, lose=lose)
    names = [column.name for column in (*layout.columns, *layout.derived)]
    at = names.index("practice") if "practice" in names else None

    def rows() -> Iterator[tuple[Any, ...]]:
        for number, values in source.rows():
            if at is not None and values[at] is not None:
                code = str(values[at])
                if only is not None and code != only:
                    stage.left_out[name] = stage.left_out.get(name, 0) + 1
                    continue
                practice = _practice(stage, name, number, code)
                if practice is None:
                    continue
                values[at] = practice
            yield (number, *values)

    stage.given[name] = source.given
    try:
        stage.fill(name, rows())
    except OSError as error:
        raise NoInput(f"{path} cannot be read: {error.strerror}.") from error
    stage.given[name] = source.given
    stage.read_whole(name, source.all_keys)
    if name == "transactions":
        _remember_bytes(stage, path)


def _practice(stage: Stage, name: str, row: int, code: str) -> int | None:
    """The id of a row's practice: made by practices.csv, or known; None when the row is refused."""
    if code in stage.practices:
        return stage.practices[code]
    if name == "practices":
        try:
            require_practice_code(code)
        except RuleRefusal:
            stage.refused_practices.add(code)
            stage.refuse(
                name, row, "practice", f"{clip(code)} is not a code of letters, digits, - and _, at most 32 characters"
            )
            return None
        return stage.practice(code)
    if code not in stage.refused_practices and stage.reliable("practices"):
        stage.refuse(name, row, "practice", f"{clip(code)} is no practice here, nor in practices.csv")
    return None


def _remember_bytes(stage: Stage, path: Path) -> None:
    """Keep the SHA-256 of a transactions file that has rows without ids: nothing else tells that it was loaded before."""
    staged = STAGED["transactions"]
    if staged.select().where(staged.id.is_null()).exists():
        with path.open("rb") as stream:
            stage.loaded_before[hashlib.file_digest(stream, "sha256").hexdigest()] = path.name
