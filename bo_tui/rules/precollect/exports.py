"""A Start or Stop file out of the office, to a place of the operator's choice: as CSV under the documented name, or as it is."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from bo_tui.db import exporting, outbox
from bo_tui.db.tables import PrecollectFile
from bo_tui.errors import NotFound
from bo_tui.formats import precollect as formats
from bo_tui.office import Office
from bo_tui.rules import audit, roles


def export_name(office: Office, kind: str, time: str) -> str:
    """`start_file_export_20261120_143005.csv`: the business date, and the clock's `time` (six digits), which the caller gives."""
    return formats.export_name(kind, office.business_date, time)


def export_csv(office: Office, file_id: int, target: str, time: str) -> Path:
    """Write a file as CSV to `target`, a new file, or a folder where it gets the documented name; the path written.

    Raises NotAllowed, NotFound, and what `db.exporting.write_new` refuses.
    """
    roles.require(office, "export")
    file = _stored(office, file_id)
    name = export_name(office, file.kind, time)
    content = formats.as_csv(file.kind, file.content)
    return exporting.write_new(office.store, target, name, content, first=_kept(office, file_id, "CSV"))


def export_bytes(office: Office, file_id: int, target: str) -> Path:
    """Write a file's own bytes to `target`, a new file, or a folder where it keeps its name; the path written."""
    roles.require(office, "export")
    file = _stored(office, file_id)
    name = file.path.rsplit("/", 1)[-1]
    return exporting.write_new(office.store, target, name, file.content, first=_kept(office, file_id, "as TSI gets it"))


def _kept(office: Office, file_id: int, form: str) -> Callable[[], None]:
    """What keeps that the file was exported, with its number of records."""
    with office.reading():
        query: Any = PrecollectFile.select(PrecollectFile.practice, PrecollectFile.count)
        practice, count = query.where(PrecollectFile.id == file_id).tuples().first()
    detail = f"{audit.rows(count)}, {form}"
    return partial(audit.keep, office, "export", "precollect_file", file_id, detail, practice)


def _stored(office: Office, file_id: int) -> outbox.Stored:
    file = outbox.stored_precollection(office.store, file_id)
    if file is None:
        raise NotFound(f"There is no pre-collections file {file_id}.", field="file")
    return file
