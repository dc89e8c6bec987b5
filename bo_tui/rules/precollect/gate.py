"""Whether a practice has pre-collections at all: without enrolment nothing of it is offered (DESIGN section 4)."""

from __future__ import annotations

from bo_tui.db.tables import Practice
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office

ACTION = "precollect"


def enrolled(practice: Practice) -> bool:
    """Whether the practice is enrolled with the pre-collections service."""
    return bool(practice.precollections_enrolled)


def require(practice: Practice) -> Practice:
    """The practice; RuleRefusal, field `practice`, unless it is enrolled."""
    if not enrolled(practice):
        raise RuleRefusal(words(practice), field="practice")
    return practice


def words(practice: Practice) -> str:
    """Why a practice that is not enrolled gets no pre-collections."""
    return (
        f"{practice.name} is not enrolled for pre-collections; TSI's service has to be set up for the practice first."
    )


def the_practice(practice: int) -> Practice:
    """The enrolled practice of an id; NotFound or RuleRefusal, field `practice`. Call inside a transaction."""
    from bo_tui.rules.external import (
        lookups,
    )  # Home asks for refusals before its first frame, and for nothing else here

    return require(lookups.the_practice(practice))


def refusal(office: Office, practice: int) -> str | None:
    """Why pages and settings of pre-collections are not offered for a practice; None when they are."""
    with office.reading():
        row = Practice.get_or_none(Practice.id == practice) or the_practice(practice)  # the latter says what is wrong
    return None if enrolled(row) else words(row)
