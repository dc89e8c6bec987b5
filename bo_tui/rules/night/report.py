"""What a night did, for printing: the RUN of CONTRACT's JSON as plain data, taken from what the store kept."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from peewee import JOIN

from bo_tui import dates, money
from bo_tui.db import access
from bo_tui.db.tables import Account, Act, Agency, AgencyFile, Run, RunLine, ServiceLine
from bo_tui.errors import Refusal
from bo_tui.office import Office
from bo_tui.rules.external import criteria
from bo_tui.rules.night import enrolled, finishing
from bo_tui.rules.night.progress import Night, StepState


@dataclass
class RunReport:
    """One practice's night: status `done`, `failed` or `unchanged`, steps, control identity, files, and a script's exit code."""

    practice: str
    business_date: int
    dry_run: bool
    status: str
    steps: list[StepState] = field(default_factory=list)
    control: dict[str, tuple[int, int]] = field(default_factory=dict)
    files: list[dict[str, Any]] = field(default_factory=list)
    head: str = ""
    message: str | None = None
    exit_code: int = 0
    braked: list[str] = field(default_factory=list)
    lacking: list[tuple[str, str, list[str]]] = field(default_factory=list)
    night: Night | None = None
    unsigned: list[str] = field(default_factory=list)
    precollect_lacking: list[tuple[str, list[str]]] = field(default_factory=list)

    @classmethod
    def refused(cls, practice: str, day: int, dry_run: bool, refusal: Refusal) -> RunReport:
        """The report of a night that could not begin."""
        control = dict.fromkeys(("candidates", "queued", *criteria.NAMES, "failed"), (0, 0))
        return cls(
            practice,
            day,
            dry_run,
            "failed",
            control=control,
            message=refusal.sentence,
            exit_code=refusal.exit_code,
        )

    def document(self) -> dict[str, Any]:
        """The RUN of CONTRACT, without its lines."""
        excluded = {name: _sum(self.control.get(name, (0, 0))) for name in criteria.NAMES}
        return {
            "practice": self.practice,
            "business_date": dates.iso(self.business_date),
            "dry_run": self.dry_run,
            "status": self.status,
            "steps": [{"step": s.step, "count": s.count, "amount": money.plain(s.amount)} for s in self.steps],
            "control": {
                "candidates": _sum(self.control.get("candidates", (0, 0))),
                "queued": _sum(self.control.get("queued", (0, 0))),
                "excluded": excluded,
                "failed": _sum(self.control.get("failed", (0, 0))),
            },
            "files": self.files,
            "head": self.head,
            **({"message": self.message} if self.message else {}),
        }

    def lines(self) -> Iterator[dict[str, Any]]:
        """The night's decisions ordered by line, as CONTRACT's `lines`; nothing where they were not kept."""
        if self.night is None:
            return
        columns = (
            ServiceLine.number, Account.number, RunLine.outcome, Agency.name, RunLine.because, RunLine.balance, RunLine.age,
        )  # fmt: skip
        with self.night.office.reading():
            query: Any = RunLine.select(*columns).join(ServiceLine, on=(ServiceLine.id == RunLine.line))
            query = query.join(Account, on=(Account.id == ServiceLine.account))
            query = query.join(Agency, JOIN.LEFT_OUTER, on=(Agency.id == RunLine.agency))
            rows = query.where(RunLine.run == self.night.run.id).order_by(ServiceLine.number, RunLine.id).tuples()
            for line, account, outcome, agency, because, balance, age in rows.iterator():
                yield {
                    "line": line,
                    "account": account,
                    "outcome": outcome,
                    "agency": agency,
                    "because": because,
                    "balance": money.plain(balance),
                    "age": age,
                }


def _sum(sums: tuple[int, int]) -> dict[str, Any]:
    return {"count": sums[0], "amount": money.plain(sums[1])}


def office_heads(office: Office) -> tuple[str, str]:
    """The digests of the last act of no practice (operators and roles, part of an import) and of the last look; "" for none.

    A practice's head says nothing of them: each chain needs an anchor of its own (DESIGN section 2).
    """
    with office.reading():
        own = Act.select(Act.digest).where(Act.practice.is_null()).order_by(Act.id.desc()).limit(1).scalar()
        return own or "", access.head()[1]


def report_of(
    night: Night, steps: list[str], failure: Exception | None, *, dry_run: bool, unchanged: bool
) -> RunReport:
    """The report of a night that ran, or (unchanged) of the same night as it was kept when it ran."""
    states = [night.state(step) for step in steps]
    with night.office.reading():
        run = Run.get_by_id(night.run.id)
        head = Act.select(Act.digest).where(Act.practice == night.practice.id).order_by(Act.id.desc()).limit(1).scalar()
    control = {name: (count, amount) for name, (count, amount) in json.loads(run.control or "{}").items()}
    status = "failed" if failure else "unchanged" if unchanged else "done"
    exit_code = 0 if failure is None else getattr(failure, "exit_code", 70)
    files = [_file(night, file) for file in finishing.made(night)]
    files += [_precollect_file(file) for file in enrolled.made(night)]
    return RunReport(
        night.practice.code,
        night.day,
        dry_run,
        status,
        states,
        control,
        files,
        head or "",
        run.message or _said(failure),
        exit_code,
        _named(night, [agency for state in states for agency in state.detail.get("stopped", [])]),
        _lacking(night),
        night,
        _named(night, night.state("files").detail.get("unsigned", [])),
        [(account, words) for account, words in night.state("precollect_start").detail.get("lacking", [])],
    )


def _said(failure: Exception | None) -> str | None:
    """What a failure says where it could not be kept with the run: of a fault only its type (see `nightly._sentence`)."""
    if failure is None or isinstance(failure, Refusal):
        return failure.sentence if failure is not None else None
    return f"{type(failure).__name__}; the log has where."


def _precollect_file(file: dict[str, Any]) -> dict[str, Any]:
    from bo_tui.rules.precollect.files import AGENCY  # imported only where there is such a file

    kept = {name: file[name] for name in ("kind", "sequence", "path", "count")}
    return {"agency": AGENCY, **kept, "amount": money.plain(file["total"]), "sha256": file["sha256"]}


def _file(night: Night, file: AgencyFile) -> dict[str, Any]:
    with night.office.reading():
        agency = Agency.get_by_id(file.agency).name
    return {
        "agency": agency,
        "kind": file.kind,
        "sequence": file.sequence,
        "path": file.path,
        "count": file.count,
        "amount": money.plain(file.total),
        "sha256": file.sha256,
    }


def _lacking(night: Night) -> list[tuple[str, str, list[str]]]:
    """What the files step listed; kept with the run so that a repeated report says the same."""
    detail = night.state("files").detail
    with night.office.reading():
        names = dict(Agency.select(Agency.id, Agency.name).tuples())
    return [(names.get(agency, ""), account, words) for agency, account, words in detail.get("lacking", [])]


def _named(night: Night, agencies: list[int]) -> list[str]:
    """The names of agencies, in the order of their ids."""
    if not agencies:
        return []
    with night.office.reading():
        query = Agency.select(Agency.name).where(Agency.id.in_(agencies)).order_by(Agency.id)
        return [name for (name,) in query.tuples()]
