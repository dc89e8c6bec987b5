"""What each staged row is to the store: new, the same as a row there, or a change of it (CONTRACT, `--update`)."""

from __future__ import annotations

from functools import reduce
from operator import or_
from typing import Any

from peewee import Field

from bo_tui.db.sqltext import differ
from bo_tui.db.tables import Account, Entry, LoadedFile, Placement, Practice
from bo_tui.rules.importing.specs import SPECS, Spec, agency_of, line_of
from bo_tui.rules.importing.stage import CHANGED, NEW, SAME, STAGED, Stage


def resolve(stage: Stage) -> None:
    """Set `target` and `fate` of every staged row; may be done again when somebody else worked meanwhile."""
    for name in stage.given:
        staged = STAGED[name]
        staged.update({staged.target: None, staged.fate: NEW}).where(staged.target.is_null(False)).execute()
        if name in SPECS:
            resolve_rows(stage, SPECS[name])
    if "transactions" in stage.given:
        _transactions(stage)
    if "placements" in stage.given:
        _placements()


def given_fields(stage: Stage, spec: Spec) -> dict[str, Field]:
    """The columns that may change and that the file gave, with their fields; what it did not give stays as it is."""
    given = stage.given[spec.name]
    return {
        name: field for name, field in spec.fields.items() if name in given or (name == "guarantor" and "last" in given)
    }


def changes(stage: Stage, spec: Spec) -> Any:
    """Whether a staged row and its target differ in a given column."""
    fields = given_fields(stage, spec)
    return reduce(or_, (differ(getattr(spec.staged, name), field) for name, field in fields.items()))


def resolve_rows(stage: Stage, spec: Spec) -> None:
    """Look for the store's row with the same key as each staged row of a file, and whether they differ."""
    staged = spec.staged
    staged.update({staged.target: spec.match(staged)}).execute()
    staged.update({staged.fate: SAME}).where(staged.target.is_null(False)).execute()
    if given_fields(stage, spec):
        key = spec.model._meta.primary_key
        changed = spec.model.select(key).where((key == staged.target) & changes(stage, spec))
        staged.update({staged.fate: CHANGED}).where((staged.fate == SAME) & (staged.target == changed)).execute()


def _transactions(stage: Stage) -> None:
    staged = STAGED["transactions"]
    known = (Entry.practice == staged.practice) & (Entry.reference == staged.id)
    staged.update({staged.target: Entry.id, staged.fate: SAME}).from_(Entry).where(known).execute()
    loaded = loaded_practices(stage)
    staged.update({staged.fate: SAME}).where(staged.id.is_null() & staged.practice.in_(loaded)).execute()


def loaded_key(sha256: str, practice: str) -> str:
    """How a transactions file's bytes are remembered: per practice, because `--practice` may load a part of it."""
    return f"{sha256}:{practice}"


def loaded_practices(stage: Stage) -> list[int]:
    """The practices for which this transactions file, byte for byte, was loaded before."""
    keys = {
        loaded_key(sha256, code): practice
        for sha256 in stage.loaded_before
        for code, practice in stage.practices.items()
        if practice > 0
    }
    there: Any = LoadedFile.select(LoadedFile.sha256).where(LoadedFile.sha256.startswith(_prefix(stage)))
    return sorted({keys[key] for (key,) in there.tuples() if key in keys}) if keys else []


def _prefix(stage: Stage) -> str:
    return next(iter(stage.loaded_before), "-")


def _placements() -> None:
    """A placement row is the same as one of the store when line, agency, day, amount and reference agree; else it is refused."""
    staged = STAGED["placements"]
    alike = (
        (Placement.line == line_of(staged))
        & (Placement.agency == agency_of(staged))
        & (Placement.placed == staged.placed)
        & (Placement.amount == staged.amount)
    )
    there = Placement.select(Placement.id).where(alike).limit(1)
    staged.update({staged.target: there}).execute()
    staged.update({staged.fate: SAME}).where(staged.target.is_null(False)).execute()


def untouched_practices() -> Any:
    """The practices that have no account yet: `init` made them, and practices.csv fills them in."""
    return Practice.select(Practice.id).where(Practice.id.not_in(Account.select(Account.practice)))
