"""Which lines go on no statement (back_office_rest.md 2.4, Hold Statement): one line, or all of the account with its date of service."""

from __future__ import annotations

from dataclasses import dataclass

from bo_tui.office import Office


@dataclass(frozen=True, slots=True)
class StatementHeld:
    """Lines (by number) whose statements an act held or sent again."""

    act: int
    held: bool
    lines: tuple[str, ...]


def hold_statement(
    office: Office, practice: int, line: str, held: bool, *, all_of_dos: bool = False, seen: int | None = None
) -> StatementHeld:
    """Hold the statements of a line (by number), or of all the account's lines with its date of service, or send them again.

    Lines that are so already are left alone. `seen` is the line's act. Raises RuleRefusal, field `line`, when nothing would change.
    """
    raise NotImplementedError
