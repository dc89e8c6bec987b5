"""Who may do what: one table of actions, each with its roles and a sentence (DESIGN section 7).

A viewer looks, an operator does the day's work, a supervisor also takes back a night and loads data, an administrator also
decides who may do what. `service` is the timer's: it runs the night, checks and backs up, nothing else.
"""

from __future__ import annotations

from bo_tui.errors import Defect, NotAllowed
from bo_tui.office import Office

VIEWER = "viewer"
OPERATOR = "operator"
SUPERVISOR = "supervisor"
ADMINISTRATOR = "administrator"
SERVICE = "service"
ROLES = (VIEWER, OPERATOR, SUPERVISOR, ADMINISTRATOR, SERVICE)

_PEOPLE = (VIEWER, OPERATOR, SUPERVISOR, ADMINISTRATOR)
_WORKERS = (OPERATOR, SUPERVISOR, ADMINISTRATOR)
_SENIORS = (SUPERVISOR, ADMINISTRATOR)
_TIMER = (SUPERVISOR, ADMINISTRATOR, SERVICE)

# action -> roles, what it is in words ("only a supervisor may ...")
ACTIONS: dict[str, tuple[tuple[str, ...], str]] = {
    "look": (_PEOPLE, "look at the office's pages"),
    "report": (_PEOPLE, "print reports"),
    "why": (_PEOPLE, "ask why a line was selected"),
    "export": (_WORKERS, "export lists of the office's data"),
    "add": (_WORKERS, "queue lines for an agency"),
    "post": (_WORKERS, "post pending lines"),
    "deny": (_WORKERS, "deny a pending line"),
    "adjust": (_WORKERS, "adjust a placement"),
    "reverse": (_WORKERS, "reverse an entry"),
    "reassign": (_WORKERS, "reassign a placement"),
    "transfer": (_WORKERS, "transfer placements back to active AR"),
    "task": (_WORKERS, "keep collection tasks"),
    "approve": (_WORKERS, "decide what waits for a second person"),
    "payment": (_WORKERS, "record payments and post payment batches"),
    "another_check": (_SENIORS, "say that a check entered twice is another one"),
    "roll": (_WORKERS, "change who is responsible for a line"),
    "account": (_WORKERS, "create or change accounts"),
    "note": (_WORKERS, "write notes on an account"),
    "plan": (_WORKERS, "set or cancel payment plans"),
    "statement": (_WORKERS, "hold or send the statements of lines"),
    "hold": (_WORKERS, "set or lift holds"),
    "precollect": (_WORKERS, "work on pre-collections"),
    "flag": (_WORKERS, "set or clear flags"),
    "addresses": (_WORKERS, "load and decide address corrections"),
    "file": (_WORKERS, "make agency files"),
    "attach": (_WORKERS, "attach images and PDFs"),
    "withdraw": (_SENIORS, "withdraw a night"),
    "import": (_SENIORS, "import data"),
    "nightly": (_TIMER, "run the night"),
    "check": ((*_PEOPLE, SERVICE), "check the store"),
    "backup": (_TIMER, "make a backup"),
    "restore": ((ADMINISTRATOR,), "restore a backup"),
    "upgrade": ((ADMINISTRATOR,), "upgrade the store"),
    "operators": ((ADMINISTRATOR,), "say who may do what"),
    "settings": ((ADMINISTRATOR,), "change the office's settings"),
    "audit": (_SENIORS, "look at the audit trail"),
    "unmask": (_SENIORS, "see a whole SSN"),
    "prune": ((ADMINISTRATOR,), "delete what was looked at more than six years ago"),
}


def allowed(role: str, action: str) -> bool:
    """Whether a role may do an action; Defect for an action that is not in the table."""
    if action not in ACTIONS:
        raise Defect(f"There is no action {action}.")
    return role in ACTIONS[action][0]


def refusal(office: Office, action: str) -> NotAllowed | None:
    """Why the office's actor may not do an action, naming who may; None when they may. Asking leaves nothing behind."""
    if allowed(office.actor.role, action):
        return None
    roles, words = ACTIONS[action]
    who = f"{', '.join(roles[:-1])} or {roles[-1]}" if len(roles) > 1 else roles[0]
    sentence = f"{office.actor.name} is {office.actor.role} here; to {words} takes the role {who}."
    return NotAllowed(sentence, subject=action, detail=f"as {office.actor.role}")


def require(office: Office, action: str) -> None:
    """NotAllowed (77), naming who may, unless the office's actor may do the action.

    That it was refused is kept in the chain of looks (`Office.keep_refused`): at once, or once the act that asked is rolled back.
    """
    found = refusal(office, action)
    if found is not None:
        office.keep_refused(found)
        raise found
