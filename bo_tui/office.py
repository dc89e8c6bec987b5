"""The open store as one object: who acts, on what business date, and the two ways to a transaction.

The command line makes an `Office` and gives it to rules, views and the app. The business date is the office's, given from
outside; nothing below asks the clock (DESIGN section 2).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from peewee import SqliteDatabase, fn

from bo_tui.db import schema
from bo_tui.db.connection import Store, Writing
from bo_tui.db.tables import Act, Change, Entry, Operator
from bo_tui.errors import Defect, NotAllowed

NIGHT = "night"


@dataclass(frozen=True)
class Actor:
    """Who acts: a user of the machine and the role they have here; the night's name is always `night`."""

    name: str
    role: str


@dataclass
class Draft:
    """An act being written: its id is known under the write lock, its row is inserted last (`rules.ledger.seal`)."""

    id: int
    practice: int | None
    actor: str
    kind: str
    reason: str | None
    business_date: int
    first_entry: int
    first_change: int
    writing: Writing
    next_entry: int = 0
    settled: int = 0  # entries from here on are not in the balances yet
    digest: str = ""

    def take_entry_ids(self, count: int) -> int:
        """Reserve so many entry ids and return the first; ids of an act are contiguous."""
        first = self.next_entry
        self.next_entry += count
        return first


@dataclass(frozen=True)
class Office:
    """One store, one actor, one business date (a day number)."""

    store: Store
    actor: Actor
    business_date: int

    @contextmanager
    def reading(self) -> Iterator[SqliteDatabase]:
        """One consistent snapshot of the store."""
        with self.store.reading() as db:
            yield db

    @contextmanager
    def act(self, kind: str, practice: int | None = None, reason: str | None = None) -> Iterator[Draft]:
        """One act in one transaction under the write lock; what `rules.ledger.seal` did not seal is rolled back."""
        with self._refusals_kept(), self.store.act() as writing:
            yield self._draft(writing, kind, practice, reason)

    @contextmanager
    def acts(self) -> Iterator[Acts]:
        """Several acts in one transaction, one begun after the other was sealed; all are committed or none (import)."""
        with self._refusals_kept(), self.store.act() as writing:
            yield Acts(self, writing)

    @contextmanager
    def _refusals_kept(self) -> Iterator[None]:
        """What a role does not allow within an act is kept once the act is rolled back."""
        try:
            yield
        except NotAllowed as refusal:
            self.keep_refused(refusal)
            raise

    def keep_refused(self, refusal: NotAllowed) -> None:
        """Keep in the chain of looks that the actor was not allowed something, once (DESIGN section 7)."""
        from bo_tui.db import access  # most days nobody is refused anything

        access.keep_refused(self.store, self.actor.name, refusal)

    def _draft(self, writing: Writing, kind: str, practice: int | None, reason: str | None) -> Draft:
        self._still_allowed()
        return Draft(
            id=_next(Act),
            practice=practice,
            actor=self.actor.name,
            kind=kind,
            reason=reason,
            business_date=self.business_date,
            first_entry=(first := _next(Entry)),
            first_change=_next(Change),
            writing=writing,
            next_entry=first,
            settled=first,
        )

    def _still_allowed(self) -> None:
        """NotAllowed when the actor's role was changed or taken away since they came in; asked under the write lock."""
        known = Operator.get_or_none(Operator.user == self.actor.name)
        if known is not None and (known.removed or known.role != self.actor.role):
            now = "no longer an operator here" if known.removed else f"now {known.role}, no longer {self.actor.role}"
            raise NotAllowed(
                f"{self.actor.name} is {now}; leave and come in again.", detail=f"came in as {self.actor.role}, {now}"
            )

    def on(self, business_date: int) -> Office:
        """The same office on another business date."""
        return replace(self, business_date=business_date)

    def by(self, actor: Actor) -> Office:
        """The same office with another actor."""
        return replace(self, actor=actor)

    def close(self) -> None:
        """Close this thread's connection to the store."""
        self.store.close()


@dataclass
class Acts:
    """One transaction that takes several acts; what was begun last must be sealed, or everything is rolled back."""

    office: Office
    writing: Writing
    begun: bool = False

    def begin(self, kind: str, practice: int | None = None, reason: str | None = None) -> Draft:
        """The next act; Defect when the one before it was not sealed."""
        if self.begun and not self.writing.sealed:
            raise Defect(f"An act of kind {kind} began before the one before it was sealed.")
        self.begun, self.writing.sealed = True, False
        return self.office._draft(self.writing, kind, practice, reason)


def _next(table: type[Act] | type[Entry] | type[Change]) -> int:
    return (table.select(fn.MAX(table.id)).scalar() or 0) + 1


def known_actor(store: Store, user: str) -> Actor:
    """The operator that a user of the machine is here; NotAllowed (77) for anyone unknown."""
    schema.require_current(store)
    with store.reading():
        operator = Operator.get_or_none(Operator.user == user, Operator.removed == False)  # noqa: E712
    if operator is None:
        refusal = NotAllowed(
            f"{user} is not an operator of this office; an administrator can add them.", detail="no operator here"
        )
        Office(store, Actor(user, "none"), 0).keep_refused(refusal)
        raise refusal
    return Actor(operator.user, operator.role)
