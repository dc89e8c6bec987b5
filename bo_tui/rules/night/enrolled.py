"""The steps of pre-collections as the night's list has them: nothing for a practice that is not enrolled (DESIGN section 4).

What they do is in `precollecting`, which is imported only for a practice that is enrolled.
"""

from __future__ import annotations

from typing import Any

from bo_tui.db.tables import Act, Practice, PrecollectFile
from bo_tui.office import NIGHT
from bo_tui.rules.night.progress import Night, StepState


def stop(night: Night, state: StepState) -> None:
    """Withdraw queued lines, find out what TSI must be told, and make Stop files, of an enrolled practice."""
    if _is(night):
        from bo_tui.rules.night import precollecting

        precollecting.stop(night, state)
    night.finish(state)


def start(night: Night, state: StepState) -> None:
    """Queue every line that qualifies, and make Start files, of an enrolled practice."""
    if _is(night):
        from bo_tui.rules.night import precollecting

        precollecting.start(night, state)
    night.finish(state)


def _is(night: Night) -> bool:
    """Whether the practice is enrolled now; a practice's row as it was when the night began may be old."""
    with night.office.reading():
        return bool(Practice.get_by_id(night.practice.id).precollections_enrolled)


def made(night: Night) -> list[dict[str, Any]]:
    """The Start and Stop files that this night made, in order: kind, sequence, path, records, cents, sha256."""
    file = PrecollectFile
    columns = (file.kind, file.sequence, file.path, file.count, file.total, file.sha256)
    with night.office.reading():
        query: Any = file.select(*columns).join(Act, on=(Act.id == file.made_act))
        mine = (file.practice == night.practice.id) & (file.business_date == night.day) & (Act.actor == NIGHT)
        return list(query.where(mine).order_by(file.id).dicts())
