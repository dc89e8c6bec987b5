"""Four eyes: what is above a practice's limit is kept as a proposal until a second person decides (DESIGN section 3, Approval).

Here is how one is made; `foureyes` decides. A proposal moves no money and leaves its subject as it is: what was asked is checked
in full now, and again when it is approved.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bo_tui import money
from bo_tui.db.tables import Practice, Proposal
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft
from bo_tui.rules import ledger

POST = "post"
ADJUST = "adjust"
ADJUST_LINE = "adjust_line"
OPEN = "open"


@dataclass(frozen=True, slots=True)
class Waiting:
    """What was not done but waits for a second person: its act, its proposal, what it is about, its cents and the limit."""

    act: int
    proposal: int
    kind: str
    subject: str
    amount: int
    limit: int

    @property
    def sentence(self) -> str:
        """What happened, for the operator."""
        what = "the posting" if self.kind == POST else "the adjustment"
        above = f"{money.shown(self.amount)} is above the limit of {money.shown(self.limit)}"
        return f"{self.subject}: {above}; {what} waits for a second person as proposal {self.proposal}."


def over_limit(practice: Practice, amount: int) -> bool:
    """Whether an amount in cents takes two persons: strictly above the practice's limit, where it has one."""
    return practice.four_eyes_limit is not None and amount > practice.four_eyes_limit


def open_of(kind: str, subjects: Sequence[int]) -> dict[int, Proposal]:
    """The open proposals of a kind about these rows, by row."""
    found: dict[int, Proposal] = {}
    for start in range(0, len(subjects), 500):
        some = Proposal.subject.in_(list(subjects[start : start + 500]))
        rows: Any = Proposal.select().where((Proposal.kind == kind) & (Proposal.state == OPEN) & some)
        found.update((row.subject, row) for row in rows)
    return found


def propose(
    draft: Draft,
    practice: Practice,
    kind: str,
    subject: tuple[int, str],
    amount: int,
    asked: Mapping[str, Any],
    field: str,
) -> Waiting:
    """Keep as a proposal what was asked for; `subject` is a row's id and how to call it, `asked` goes to JSON.

    RuleRefusal, on the form field named, when the same already waits. The caller seals.
    """
    row, name = subject
    already = open_of(kind, [row]).get(row)
    if already is not None:
        raise RuleRefusal(
            f"{name} already waits for a second person as proposal {already.id}, by {already.proposed_by}.", field=field
        )
    text = json.dumps(asked, sort_keys=True, ensure_ascii=False)
    proposal: int = Proposal.insert(
        practice=practice.id, kind=kind, subject=row, asked=text, amount=amount, proposed_by=draft.actor,
        proposed=draft.business_date, act=draft.id,
    ).execute()  # fmt: skip
    changes = [("state", OPEN), ("kind", kind), ("subject", str(row)), ("amount", money.plain(amount)), ("asked", text)]
    ledger.change_many(draft, [("proposal", proposal, name, None, after) for name, after in changes])
    return Waiting(draft.id, proposal, kind, name, amount, practice.four_eyes_limit or 0)
