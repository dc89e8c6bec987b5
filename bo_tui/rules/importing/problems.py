"""What an import refuses: every row is counted, the first thousand are kept to be listed."""

from __future__ import annotations

from collections import Counter

from bo_tui.errors import BadInput, Problem
from bo_tui.text import counted

KEPT = 1_000


class Problems:
    """The refused rows so far."""

    def __init__(self) -> None:
        self.kept: list[Problem] = []
        self.total = 0
        self._by_file: Counter[str] = Counter()

    def add(self, problem: Problem) -> None:
        """Refuse a row."""
        self.total += 1
        self._by_file[problem.file] += 1
        if len(self.kept) < KEPT:
            self.kept.append(problem)

    def any_in(self, file: str) -> bool:
        """Whether a file has refused rows: what other rows say about it cannot be judged then."""
        return bool(self._by_file[file])

    def raise_any(self) -> None:
        """BadInput (65) with the rows, when there are any."""
        if self.total:
            files = sorted(file for file, count in self._by_file.items() if count)
            rows = counted(self.total, "problem")
            raise BadInput(f"Nothing was loaded: {rows} in {', '.join(files)}.", self.kept, total=self.total)
