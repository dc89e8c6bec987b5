"""Writing staged rows that are not money: one INSERT..SELECT for new ones, one UPDATE for changed ones, and their history."""

from __future__ import annotations

from typing import Any

from peewee import Case, Value, fn

from bo_tui.db.sqltext import as_text, differ
from bo_tui.db.tables import Account, Assignment, Hold, PaymentPlan, Placement, ServiceLine
from bo_tui.office import Draft
from bo_tui.rules import ledger
from bo_tui.rules.importing.resolve import given_fields
from bo_tui.rules.importing.specs import Spec, account_of, agency_of, line_of
from bo_tui.rules.importing.stage import CHANGED, NEW, Stage

_REFS = {"account": account_of, "line": line_of, "agency": agency_of}
_WITHOUT_HISTORY = ("accounts", "service_lines")  # new ones: the row and its SVCFE are the history
PLAN_ENDED = "an import ended its hold"


def load(draft: Draft, stage: Stage, spec: Spec, practice: int | None) -> None:
    """Insert the new rows of a practice (None: of no practice) and update the changed ones."""
    staged = spec.staged
    mine = Value(1) == Value(1)
    if spec.name != "agencies":
        mine = staged.practice.is_null() if practice is None else staged.practice == practice
    _update(draft, stage, spec, mine)
    _insert(draft, spec, mine)


def _insert(draft: Draft, spec: Spec, mine: Any) -> None:
    staged, model = spec.staged, spec.model
    new = mine & (staged.fate == NEW)
    values: dict[Any, Any] = {field: getattr(staged, name) for name, field in (spec.fields | spec.keys).items()}
    values |= {getattr(model, name): _REFS[name](staged) for name in spec.refs}
    if hasattr(model, "practice"):
        values[model.practice] = Value(draft.practice)
    values[model.act] = Value(draft.id)
    values |= _fixed(spec, draft)
    model.insert_from(staged.select(*values.values()).where(new).order_by(staged.row), list(values)).execute()
    if spec.name not in _WITHOUT_HISTORY:
        staged.update({staged.target: spec.match(staged)}).where(new).execute()
        _history(draft, spec, spec.fields | spec.keys, new, made=True)
        if spec.name == "assignments":
            _whose(draft, spec, new)


def _fixed(spec: Spec, draft: Draft) -> dict[Any, Any]:
    """What a new row gets beyond its cells."""
    staged = spec.staged
    if spec.model is ServiceLine:
        return {
            ServiceLine.posted: fn.COALESCE(staged.posted, staged.date_of_service),
            ServiceLine.aging_date: _aging(staged),
            ServiceLine.brought_back: Value(0),
            ServiceLine.ar: Value(0),
        }
    if spec.model is Account:
        return {Account.returned_mail_act: Case(None, [(staged.returned_mail == 1, draft.id)])}
    return {spec.model.removed: Value(0)} if spec.name == "assignments" else {}


def _aging(staged: Any) -> Any:
    """The day from which a line ages: since when it is the guarantor's; the insurer's has none (DESIGN section 3)."""
    return Case(None, [(staged.responsibility == "guarantor", staged.responsible_since)])


def _history(draft: Draft, spec: Spec, fields: dict[str, Any], mine: Any, *, made: bool) -> None:
    """Change rows, field by field: what a new row holds, or what an update is about to change."""
    staged, key = spec.staged, spec.model._meta.primary_key
    for name, field in fields.items():
        now = getattr(staged, name)
        before = Value(None) if made else as_text(field, field)
        changed = now.is_null(False) if made else differ(now, field)
        query = staged.select(
            Value(draft.id), Value(spec.subject), staged.target, Value(field.name), before, as_text(field, now)
        )
        ledger.change_from(
            draft, query.join(spec.model, on=key == staged.target).where(mine & changed).order_by(staged.row)
        )


def _whose(draft: Draft, spec: Spec, new: Any) -> None:
    """Which agency a new assignment is of, as the settings' own rules keep it."""
    staged = spec.staged
    agency = as_text(Assignment.agency, Assignment.agency)
    said = staged.select(
        Value(draft.id), Value(spec.subject), staged.target, Value("agency"), Value(None), agency
    ).join(Assignment, on=Assignment.id == staged.target)  # fmt: skip
    ledger.change_from(draft, said.where(new).order_by(staged.row))


def _update(draft: Draft, stage: Stage, spec: Spec, mine: Any) -> None:
    staged, model = spec.staged, spec.model
    changed = mine & (staged.fate == CHANGED)
    fields = given_fields(stage, spec)
    if not fields or not staged.select().where(changed).exists():
        return
    if spec.model is ServiceLine and "responsibility" in fields:
        _aging_history(draft, spec, changed)
    _history(draft, spec, fields, changed, made=False)
    values = {field: getattr(staged, name) for name, field in fields.items()}
    values[model.act] = Value(draft.id)
    if model is ServiceLine and "responsibility" in fields:
        values[ServiceLine.aging_date] = Case(None, [(_rolled(staged), _aging(staged))], ServiceLine.aging_date)
    if model is Account and "returned_mail" in fields:
        set_anew = (staged.returned_mail == 1) & (Account.returned_mail == 0)
        values[Account.returned_mail_act] = Case(None, [(set_anew, draft.id)], Account.returned_mail_act)
    key = model._meta.primary_key
    model.update(values).from_(staged).where((key == staged.target) & changed).execute()
    _keep_sort_columns(draft, spec, changed)
    if model is Hold:
        _end_plans(draft, spec, changed)


def _end_plans(draft: Draft, spec: Spec, changed: Any) -> None:
    """A payment plan whose hold a file gives an end is cancelled: it would promise a hold that nobody keeps."""
    staged, plan = spec.staged, PaymentPlan
    ended = staged.select(staged.target).where(changed & staged.until.is_null(False))
    mine: Any = plan.hold.in_(ended) & plan.cancelled.is_null()
    day = Case(None, [(plan.made > draft.business_date, plan.made)], draft.business_date)
    said: Any = plan.select(
        Value(draft.id), Value("payment_plan"), plan.id, Value("cancelled"), Value(None), as_text(plan.cancelled, day)
    )
    ledger.change_from(draft, said.where(mine).order_by(plan.id))
    values = {plan.cancelled: day, plan.cancelled_by: draft.actor, plan.reason: PLAN_ENDED, plan.act: Value(draft.id)}
    plan.update(values).where(mine).execute()


def _rolled(staged: Any) -> Any:
    """Whether a row makes the line another party's, or the guarantor's from another day; only then its age begins anew."""
    return differ(staged.responsibility, ServiceLine.responsibility) | differ(
        staged.responsible_since, ServiceLine.responsible_since
    )


def _aging_history(draft: Draft, spec: Spec, changed: Any) -> None:
    staged, aging = spec.staged, ServiceLine.aging_date
    query = staged.select(
        Value(draft.id), Value(spec.subject), staged.target, Value("aging_date"), as_text(aging, aging),
        as_text(aging, _aging(staged)),
    ).join(ServiceLine, on=ServiceLine.id == staged.target)  # fmt: skip
    query = query.where(changed & _rolled(staged) & differ(aging, _aging(staged)))
    ledger.change_from(draft, query.order_by(staged.row))


def _keep_sort_columns(draft: Draft, spec: Spec, changed: Any) -> None:
    """Placements repeat names that their grid sorts by; a changed name changes there too (DESIGN section 6)."""
    staged = spec.staged
    ids = staged.select(staged.target).where(changed)
    if spec.model is Account:
        name = {Placement.guarantor: Account.guarantor, Placement.act: Value(draft.id)}
        here = (Placement.account == Account.id) & (Placement.guarantor != Account.guarantor)
        Placement.update(name).from_(Account).where(here & Account.id.in_(ids)).execute()
    elif spec.model is ServiceLine:
        words = fn.COALESCE(ServiceLine.description, ServiceLine.procedure, "")
        values = {
            Placement.description: words,
            Placement.date_of_service: ServiceLine.date_of_service,
            Placement.act: Value(draft.id),
        }
        other = (Placement.description != words) | (Placement.date_of_service != ServiceLine.date_of_service)
        here = (Placement.line == ServiceLine.id) & other & ServiceLine.id.in_(ids)
        Placement.update(values).from_(ServiceLine).where(here).execute()
