"""What the administrator's pages show: assignments, rules and settings of a practice, agencies, operators, who changed what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from peewee import JOIN, fn

from bo_tui.db.tables import Act, Agency, Assignment, Change, ExternalRule, Operator, Practice
from bo_tui.office import Office

MOST = 500
"""Changes that one history shows, the newest."""


@dataclass(frozen=True, slots=True)
class AssignmentRow:
    """One agency's assignment to a practice; cents, days; `act` is the last that changed it."""

    id: int
    act: int
    agency: int
    name: str
    balance_greater_than: int | None
    age_greater_than: int | None
    auto_approve: bool
    auto_create_file: bool
    max_lines: int | None
    max_amount: int | None
    client_number: str | None


@dataclass(frozen=True, slots=True)
class RulesRow:
    """A practice's exclusions (days, cents, hundredths of a percent) and rules; `act` is 0 where none were ever kept."""

    act: int = 0
    payment_within_days: int | None = None
    payment_minimum: int | None = None
    payment_percent: int | None = None
    account_level: bool = False
    roll_returned_mail: bool = False
    auto_reassign: bool = False
    re_age_if_denied: bool = False
    move_all_by_dos: bool = False


@dataclass(frozen=True, slots=True)
class SettingsRow:
    """A practice's own settings; `closed_through` is a day number, `four_eyes_limit` cents."""

    act: int
    name: str
    uses_accounting_dates: bool
    closed_through: int | None
    four_eyes_limit: int | None
    automatic_addresses: bool
    precollections_enrolled: bool
    tsi_client_number: str | None
    tsi_ssn: str


@dataclass(frozen=True, slots=True)
class AgencyRow:
    """One agency of the enterprise, all fields; `baa_date` is a day number.

    `practices` says how many it is assigned to, `ever` how many times it was, now or before.
    """

    id: int
    act: int
    name: str
    address1: str
    address2: str | None
    city: str | None
    state: str | None
    zip: str
    contact: str | None
    phone: str | None
    phone_ext: str | None
    fax: str | None
    fax_ext: str | None
    email: str | None
    file_type: str
    ssn: str
    remits: str
    baa_date: int | None
    client_number: str | None
    practices: int
    ever: int = 0

    @property
    def former(self) -> bool:
        """Whether it worked for practices before, and works for none now."""
        return self.ever > 0 and self.practices == 0


@dataclass(frozen=True, slots=True)
class OperatorRow:
    """One operator with access now, since which business date in this role, and by whom."""

    id: int
    act: int
    user: str
    role: str
    since: int
    by: str


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One field that an act changed: `made_at` in UTC, `subject` and its name, before and after as text (None: nothing)."""

    act: int
    made_at: str
    business_date: int
    actor: str
    kind: str
    subject: str
    name: str
    field: str
    before: str | None
    after: str | None


def tsi_without_number(office: Office) -> set[int]:
    """The agencies of TSI's file type that have no client number of their own."""
    with office.reading():
        query: Any = Agency.select(Agency.id, Agency.client_number).where(Agency.file_type == "tsi")
        return {agency for agency, number in query.tuples() if not number}


def assignments(office: Office, practice: int) -> list[AssignmentRow]:
    """The practice's assignments, oldest first."""
    a = Assignment
    query: Any = a.select(
        a.id, a.act, a.agency, Agency.name, a.balance_greater_than, a.age_greater_than, a.auto_approve,
        a.auto_create_file, a.max_lines, a.max_amount, a.client_number,
    ).join(Agency, on=(Agency.id == a.agency))  # fmt: skip
    with office.reading():
        return [AssignmentRow(*row) for row in query.where(_assigned(practice)).order_by(a.id).tuples()]


def not_assigned(office: Office, practice: int) -> list[tuple[int, str]]:
    """Id and name of the agencies that could be assigned to the practice, by name."""
    taken = Assignment.select(Assignment.agency).where(_assigned(practice))
    query: Any = Agency.select(Agency.id, Agency.name).where(Agency.id.not_in(taken))
    with office.reading():
        return list(query.order_by(Agency.name).tuples())


def rules(office: Office, practice: int) -> RulesRow:
    """The practice's exclusions and rules; all off where none were ever kept."""
    r = ExternalRule
    query: Any = r.select(
        r.act, r.payment_within_days, r.payment_minimum, r.payment_percent, r.account_level, r.roll_returned_mail,
        r.auto_reassign, r.re_age_if_denied, r.move_all_by_dos,
    )  # fmt: skip
    with office.reading():
        row = query.where(r.practice == practice).tuples().first()
    return RulesRow(*row) if row is not None else RulesRow()


def settings(office: Office, practice: int) -> SettingsRow:
    """The practice's own settings."""
    p = Practice
    query: Any = p.select(
        p.act, p.name, p.uses_accounting_dates, p.closed_through, p.four_eyes_limit, p.automatic_addresses,
        p.precollections_enrolled, p.tsi_client_number, p.tsi_ssn,
    )  # fmt: skip
    with office.reading():
        return SettingsRow(*query.where(p.id == practice).tuples().get())


def agencies(office: Office) -> list[AgencyRow]:
    """All agencies by name."""
    a = Agency
    at_work = Assignment.select(fn.COUNT(Assignment.id)).where(
        (Assignment.agency == a.id) & (Assignment.removed == False)  # noqa: E712
    )
    ever = Assignment.select(fn.COUNT(Assignment.id)).where(Assignment.agency == a.id)
    query: Any = a.select(
        a.id, a.act, a.name, a.address1, a.address2, a.city, a.state, a.zip, a.contact, a.phone, a.phone_ext, a.fax,
        a.fax_ext, a.email, a.file_type, a.ssn, a.remits, a.baa_date, a.client_number, at_work, ever,
    )  # fmt: skip
    with office.reading():
        return [AgencyRow(*row) for row in query.order_by(a.name).tuples()]


def operators(office: Office) -> list[OperatorRow]:
    """Everyone who has access now, by user."""
    o = Operator
    query: Any = o.select(o.id, o.act, o.user, o.role, Act.business_date, Act.actor).join(Act, on=(Act.id == o.act))
    with office.reading():
        return [OperatorRow(*row) for row in query.where(o.removed == False).order_by(o.user).tuples()]  # noqa: E712


def practice_history(office: Office, practice: int, limit: int = MOST) -> list[ChangeRow]:
    """Changes of a practice's assignments, rules and settings, the newest first."""
    ours = Assignment.select(Assignment.id).where(Assignment.practice == practice)
    which = ((Change.subject == "assignment") & Change.subject_id.in_(ours)) | (
        Change.subject.in_(("external_rule", "precollection_rule", "practice")) & (Change.subject_id == practice)
    )
    return _history(office, which, limit)


def agency_history(office: Office, limit: int = MOST) -> list[ChangeRow]:
    """Changes of agencies, those deleted since among them, the newest first."""
    return _history(office, Change.subject == "agency", limit)


def operator_history(office: Office, limit: int = MOST) -> list[ChangeRow]:
    """Who was given or lost access, the newest first."""
    return _history(office, Change.subject == "operator", limit)


def _assigned(practice: int) -> Any:
    return (Assignment.practice == practice) & (Assignment.removed == False)  # noqa: E712


def _history(office: Office, which: Any, limit: int) -> list[ChangeRow]:
    """The changes that `which` picks, each act's own in the order they were written.

    A row that is gone gets the name that a change of it kept: an agency's last one, an operator's user.
    """
    told = Change.alias("told")
    kept_name = (
        told.select(fn.COALESCE(told.before, told.after))
        .where((told.subject == Change.subject) & (told.subject_id == Change.subject_id))
        .where(told.field.in_(("name", "user")))
        .order_by(told.id.desc())
        .limit(1)
    )
    name = fn.COALESCE(Agency.name, kept_name, "")
    query: Any = Change.select(
        Change.act, Act.made_at, Act.business_date, Act.actor, Act.kind, Change.subject, name, Change.field,
        Change.before, Change.after,
    ).join(Act, on=(Act.id == Change.act))  # fmt: skip
    assigned = (Change.subject == "assignment") & (Assignment.id == Change.subject_id)
    agency = ((Change.subject == "agency") & (Agency.id == Change.subject_id)) | (Agency.id == Assignment.agency)
    query = query.switch(Change).join(Assignment, JOIN.LEFT_OUTER, on=assigned).join(Agency, JOIN.LEFT_OUTER, on=agency)
    with office.reading():
        return [ChangeRow(*row) for row in query.where(which).order_by(Act.id.desc(), Change.id).limit(limit).tuples()]
