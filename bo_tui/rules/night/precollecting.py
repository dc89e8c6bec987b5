"""The night's two steps of pre-collections of an enrolled practice: stops, then starts (DESIGN sections 4 and 5).

Each step's phases keep their own position, so that a killed night goes on where the last committed chunk ended.
"""

from __future__ import annotations

from bo_tui.db.tables import Practice
from bo_tui.errors import Defect
from bo_tui.rules.night.progress import Night, StepState
from bo_tui.rules.precollect import files, selection, starts, stops, told
from bo_tui.rules.precollect.selection import QUEUED
from bo_tui.rules.precollect.terms import Terms, load_terms

CANDIDATES = 2_500  # guarantor balances a chunk of queueing looks at
TASKS = 2_000  # queued lines a chunk of withdrawing looks at
ACCOUNTS = 1_000  # accounts of which TSI may have to be told, a chunk of telling looks at
CANDIDATE = "candidates"
LISTED = 200  # accounts that lack something, named one by one in the report


def _terms(night: Night) -> Terms:
    """The practice's terms as they stand now."""
    with night.office.reading():
        return load_terms(Practice.get_by_id(night.practice.id), night.day)


def stop(night: Night, state: StepState) -> None:
    """Withdraw queued lines whose ground is gone, find out what TSI must be told, and make Stop files where the rules say so."""
    terms = _terms(night)
    _withdraw(night, state, terms)
    _tell(night, state, terms)
    if terms.rules.auto_create_stop:
        list(stops.make_files(night.office, night.practice.id))
    files.write_copies(night.office)


def _next_phase(night: Night, state: StepState, phase: str) -> None:
    state.detail["phase"], state.position = phase, 0
    night.keep(state)


def _withdraw(night: Night, state: StepState, terms: Terms) -> None:
    while state.detail.get("phase", "withdraw") == "withdraw":
        last = selection.tasks_up_to(terms.practice.id, state.position, TASKS)
        if last is None:
            _next_phase(night, state, "tell")
            return
        with night.chunk(state) as draft:
            state.add({"withdrawn": selection.find_withdrawals(terms, (state.position, last))})
            selection.withdraw(draft)
            state.position = last


def _tell(night: Night, state: StepState, terms: Terms) -> None:
    while state.detail["phase"] == "tell":
        with night.office.reading():
            accounts = stops.looking.touched(terms.practice.id, state.position, night.day, ACCOUNTS)
        if not accounts:
            _next_phase(night, state, "files")
            return
        with night.chunk(state) as draft:
            found = told.look(draft, terms, stops.among(accounts))
            state.count += found.count
            state.amount += found.amount
            state.position = accounts[-1]


def start(night: Night, state: StepState) -> None:
    """Queue every line that qualifies, and make Start files where the rules say so; candidates = queued + excluded, or Defect."""
    terms = _terms(night)
    _queue(night, state, terms)
    if terms.rules.auto_create_start:
        _list_lacking(night, state)
        for _ in starts.start_queued(night.office, night.practice.id):
            pass
        if terms.rules.auto_create_stop:  # DB and RI of accounts that TSI has or had
            list(stops.make_files(night.office, night.practice.id))
    files.write_copies(night.office)


def _queue(night: Night, state: StepState, terms: Terms) -> None:
    while state.detail.get("phase", "queue") == "queue":
        last = selection.accounts_up_to(terms, state.position, CANDIDATES)
        if last is None:
            _prove(state)
            _next_phase(night, state, "files")
            return
        with night.chunk(state) as draft:
            accounts = (state.position, last)
            state.add({CANDIDATE: selection.counted(terms, accounts)})
            selection.decide(terms, accounts)
            sums = selection.totals()
            state.add(sums)
            selection.queue(draft, terms)
            count, amount = sums.get(QUEUED, (0, 0))
            state.count += count
            state.amount += amount
            state.position = last


def _prove(state: StepState) -> None:
    """The step's own control identity: what was there to decide is what was queued or excluded, in lines and cents."""
    parts = [sums for name, sums in state.totals.items() if name != CANDIDATE]
    decided = sum(count for count, _ in parts), sum(amount for _, amount in parts)
    there = state.totals.get(CANDIDATE, (0, 0))
    if decided != there:
        raise Defect(f"The control identity of the Start does not hold: {there} candidates, {decided} decided.")


def _list_lacking(night: Night, state: StepState) -> None:
    """Kept before a file is made: a line that started is asked about no more."""
    if "lacking" not in state.detail:
        found = starts.lacking(night.office, night.practice.id)
        state.detail |= {"lacking": found[:LISTED], "lacking_count": len(found)}
        night.keep(state)


def waits(night: Night) -> tuple[int, int]:
    """Messages that wait for a Stop file after the night, and their cents."""
    with night.office.reading():
        return stops.count_waiting(night.practice.id)
