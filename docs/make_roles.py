"""Writes docs/roles.md from the table that the code asks: `.venv/bin/python docs/make_roles.py`."""

from __future__ import annotations

from pathlib import Path

from bo_tui.rules.roles import ACTIONS, ROLES

PAGE = Path(__file__).parent / "roles.md"
HEAD = """# Who may do what

Operators are the machine's users; each has one role in the office (`bo-tui operator`, or Alt+X O in the program). The table is the one that the
program asks for every act, on the screen and on the command line; this page is made from it (`docs/make_roles.py`). Where a role may not, the action
is dimmed, and its key says who may. A command is refused with exit code 77. Each such refusal is a row of
the audit trail.
"""
FOOT = """
- **viewer** looks. **operator** does the day's work. **supervisor** also takes back a night and loads data. **administrator** also decides on
  settings and on who may do what. **service** is the timer's user: night, check, backup; it does not get into the program.
- Above the practice's four-eyes limit a posting or an adjustment waits for somebody else; nobody decides on what they asked for themselves, whatever
  their role, and the night decides on nothing.
- A role that is changed counts at the operator's next act.
- The office always keeps one administrator.
"""


def page() -> str:
    """The whole page."""
    lines = [HEAD, f"| to | {' | '.join(ROLES)} |", f"|---|{':-:|' * len(ROLES)}"]
    for roles, words in ACTIONS.values():
        lines.append(f"| {words} | {' | '.join('x' if role in roles else '' for role in ROLES)} |")
    return "\n".join(lines) + "\n" + FOOT


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
