"""Loading checked rows: one transaction, an act for what belongs to no practice, then an act per practice (DESIGN section 2)."""

from __future__ import annotations

from peewee import fn

from bo_tui.db.tables import Act, LoadedFile, TransactionCode
from bo_tui.errors import Defect
from bo_tui.office import Acts, Draft, Office
from bo_tui.rules import checking, ledger
from bo_tui.rules.codes import TRANSACTION_CODES
from bo_tui.rules.importing import loadledger, loadrows
from bo_tui.rules.importing.checks import check
from bo_tui.rules.importing.resolve import loaded_key, resolve_rows
from bo_tui.rules.importing.specs import SPECS
from bo_tui.rules.importing.stage import NEW, SAME, STAGED, Stage
from bo_tui.rules.precollect import loaded
from bo_tui.rules.setup import create_practice, ensure_common_codes

KIND = "import"
_SHARED = ("agencies", "transaction_codes")  # no practice's, or not only


def head() -> int:
    """The store's last act: when it is another than before, somebody worked meanwhile."""
    return int(Act.select(fn.MAX(Act.id)).scalar() or 0)


def load(office: Office, stage: Stage, seen: int, update: bool) -> None:
    """Write everything; checks again under the lock when an act came after `seen`."""
    stage.tell("waiting for the store")
    with office.acts() as acts:
        if head() != seen:
            check(stage, office.business_date, update)
        _shared_act(acts, stage)
        for code, practice in sorted(stage.practices.items()):
            if any(name != "agencies" and _waiting(name, practice) for name in stage.given):
                stage.tell(f"loading {code}")
                draft = acts.begin(KIND, practice)
                _practice_act(draft, stage, practice, code)
                ledger.seal(draft)
                _verify(office, stage, practice, code)


def _verify(office: Office, stage: Stage, practice: int, code: str) -> None:
    """Check what was loaded before it is committed, so that the night need not; Defect names the first finding."""
    stage.tell(f"verifying {code}")
    findings = checking.check_before_commit(office.store, practice)
    if findings:
        raise Defect(f"What would be loaded does not add up: {findings[0].sentence}")


def _shared_act(acts: Acts, stage: Stage) -> None:
    """Common codes, agencies and new practices: what stands in the chain of its own, without a practice."""
    new = [code for code, practice in stage.practices.items() if practice < 0]
    common: int = TransactionCode.select().where(TransactionCode.practice.is_null()).count()
    shared = any(_waiting(name, None) for name in _SHARED if name in stage.given)
    if not (new or shared or common < len(TRANSACTION_CODES)):
        return
    draft = acts.begin(KIND)
    ensure_common_codes(draft)
    for code in new:
        stage.made(code, create_practice(draft, code, _name(stage, code)))
    for name in ("practices", "transaction_codes"):
        if name in stage.given:
            resolve_rows(stage, SPECS[name])  # what is there already has only now been made
    for name in _SHARED:
        if name in stage.given:
            loadrows.load(draft, stage, SPECS[name], None)
    ledger.seal(draft)


def _name(stage: Stage, code: str) -> str:
    """A new practice's name; its settings follow in its own first act."""
    staged = STAGED["practices"]
    name: str = staged.select(staged.name).where(staged.practice == stage.practices[code]).scalar()
    return name


def _waiting(name: str, practice: int | None) -> bool:
    """Whether a file has rows of a practice (None: of no practice) that would be written."""
    staged = STAGED[name]
    query = staged.select().where(staged.fate != SAME)
    if name != "agencies":
        query = query.where(staged.practice.is_null() if practice is None else staged.practice == practice)
    return bool(query.exists())


def _practice_act(draft: Draft, stage: Stage, practice: int, code: str) -> None:
    for name in SPECS:
        if name in stage.given and name != "agencies":
            loadrows.load(draft, stage, SPECS[name], practice)
    loadledger.load(draft, stage, practice)
    if "precollections" in stage.given:
        loaded.take_up(draft)
    rows = STAGED["transactions"]
    if (
        stage.loaded_before
        and rows.select().where((rows.practice == practice) & rows.id.is_null() & (rows.fate == NEW)).exists()
    ):
        for sha256, name in stage.loaded_before.items():
            LoadedFile.insert(sha256=loaded_key(sha256, code), name=name, act=draft.id).execute()
    ledger.settle(draft)
