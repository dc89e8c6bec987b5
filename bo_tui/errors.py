"""What the program refuses, as one small family: each carries a sentence for a person and an exit code for a script.

The exit codes are those of CONTRACT (sysexits); `docs/operations.md` lists them for operators.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


class Refusal(Exception):
    """A request that cannot be met; its text is one sentence for a person, `exit_code` is for scripts."""

    exit_code = 65

    def __init__(self, sentence: str, *, field: str | None = None) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


class WrongUsage(Refusal):
    """The command line or the call itself makes no sense (64)."""

    exit_code = 64


class RuleRefusal(Refusal):
    """A rule of the office says no (65); `field` names the form field that the sentence is about."""


class BadInput(Refusal):
    """Data from outside cannot be read (65); `problems` lists each row with its reason."""

    def __init__(self, sentence: str, problems: Sequence[Problem] = (), *, total: int | None = None) -> None:
        super().__init__(sentence)
        self.problems = list(problems)
        self.total = len(self.problems) if total is None else total


class Conflict(RuleRefusal):
    """Somebody else changed what the operator saw (65); the sentence names who, and the new state."""


class NotFound(RuleRefusal):
    """There is no such practice, account, service fee line, placement, entry, agency or file (65)."""


class NoInput(Refusal):
    """A file or folder to read does not exist or is of the wrong kind (66)."""

    exit_code = 66


class StoreUnavailable(Refusal):
    """The store cannot be opened: missing, damaged, or on a file system that cannot lock (69)."""

    exit_code = 69


class Defect(Refusal):
    """Something that must never happen did (70)."""

    exit_code = 70


class CannotCreate(Refusal):
    """A file cannot be made: read-only folder, no permission (73)."""

    exit_code = 73


class InputOutput(Refusal):
    """The disk failed or is full (74)."""

    exit_code = 74


class Locked(Refusal):
    """Somebody else holds the lock; trying again later may work (75)."""

    exit_code = 75


class NotAllowed(Refusal):
    """The operator's role does not allow this (77); the sentence says which roles do.

    `subject` is what was asked for (an action of `rules/roles.py`, or `program`), `subject_id` a row that it is about, `detail`
    why not, in words without names: what the chain of looks keeps of it (`office.Office.keep_refused`). `kept`: it is there.
    """

    exit_code = 77

    def __init__(
        self, sentence: str, *, subject: str = "program", subject_id: int | None = None, detail: str | None = None
    ) -> None:
        super().__init__(sentence)
        self.subject = subject
        self.subject_id = subject_id
        self.detail = detail
        self.kept = False


class BadConfiguration(Refusal):
    """A settings file is wrong, or the store is of another version than the program (78)."""

    exit_code = 78


@dataclass(frozen=True, slots=True)
class Problem:
    """One refused row: the file's name, the row as counted in a spreadsheet (1 = header; 0 = the whole file), column, reason."""

    file: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        where = self.file if not self.row else f"{self.file} row {self.row}"
        return f"{where}, {self.column}: {self.reason}" if self.column else f"{where}: {self.reason}"
