"""What every office starts with: a practice, and the transaction codes that are always there (CONTRACT, Office CSV)."""

from __future__ import annotations

import re
from typing import Any

from bo_tui.db.tables import Practice, TransactionCode
from bo_tui.errors import RuleRefusal
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.codes import TRANSACTION_CODES

_CODE = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,31}")


def require_practice_code(code: str) -> None:
    """RuleRefusal unless the code can name a folder: letters, digits, `-` and `_`, at most 32, starting with a letter or digit."""
    if not _CODE.fullmatch(code):
        raise RuleRefusal(
            f"{code!r} is not a practice code: letters, digits, - and _, at most 32, starting with a letter or a digit.",
            field="code",
        )


def create_practice(draft: Draft, code: str, name: str) -> int:
    """Add a practice and return its id; RuleRefusal for a code that no folder may have, or that is taken."""
    require_practice_code(code)
    if not name.strip():
        raise RuleRefusal("A practice needs a name.", field="name")
    if Practice.select().where(Practice.code == code).exists():
        raise RuleRefusal(f"There is a practice {code} already.", field="code")
    practice: int = Practice.insert(code=code, name=name.strip(), act=draft.id).execute()
    ledger.change(draft, "practice", practice, "code", None, code)
    ledger.change(draft, "practice", practice, "name", None, name.strip())
    return practice


def ensure_common_codes(draft: Draft) -> int:
    """Add those transaction codes for all practices that are not there yet, and return how many that were."""
    query: Any = TransactionCode.select(TransactionCode.code).where(TransactionCode.practice.is_null())
    there = {code for (code,) in query.tuples()}
    missing = [row for row in TRANSACTION_CODES if row[0] not in there]
    for code, description, direction in missing:
        row = TransactionCode.insert(
            code=code, description=description, direction=direction, active=True, act=draft.id
        ).execute()
        for field, value in (("code", code), ("description", description), ("direction", direction), ("active", True)):
            ledger.change(draft, "transaction_code", row, field, None, value)
    return len(missing)
