"""Temporary tables of one connection: a chunk's decisions, from which rows and control totals are taken (DESIGN section 5)."""

from __future__ import annotations

from peewee import IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField
from bo_tui.db.tables.base import Table, database


class Decision(Table):
    """What was decided about one candidate: `excluded` names a criterion, or `agency` and `because` say where it goes."""

    line = IntegerField(primary_key=True)
    account = IntegerField()
    case = TextField(null=True, column_name="case_number")
    date_of_service = DayField()
    balance = CentsField()
    age = IntegerField()
    excluded = TextField(null=True)
    rank = IntegerField(null=True)  # place of the matching assignment, 0 is the best
    agency = IntegerField(null=True)
    because = TextField(null=True)
    ground = IntegerField(null=True)

    class Meta:
        temporary = True
        table_name = "scratch_decision"


class Withdrawal(Table):
    """A pending row that is to be taken out, and why."""

    pending = IntegerField(primary_key=True)
    line = IntegerField()
    because = TextField()

    class Meta:
        temporary = True
        table_name = "scratch_withdrawal"


class Posting(Table):
    """A pending row that is to be posted; `seq` counts from 1 in line order and numbers the new entries."""

    seq = IntegerField(primary_key=True)
    pending = IntegerField()
    account = IntegerField()
    line = IntegerField()
    agency = IntegerField()
    amount = CentsField()

    class Meta:
        temporary = True
        table_name = "scratch_posting"


class Moving(Table):
    """A placement that is to move to another agency; `seq` counts from 1 in placement order."""

    seq = IntegerField(primary_key=True)
    placement = IntegerField()
    line = IntegerField()
    agency = IntegerField()
    amount = CentsField()

    class Meta:
        temporary = True
        table_name = "scratch_moving"


class Paying(Table):
    """A payment's distribution that is to be posted: as what (`how`: plain, a case of its own, or why not), and its entries."""

    distribution = IntegerField(primary_key=True)
    payment = IntegerField()
    kind = TextField()
    how = TextField()
    code = TextField()
    credit = TextField()
    cents = CentsField()  # what its entry moves: a placement's gross
    amount = CentsField()  # what it takes of the check
    commission = CentsField()
    commission_credit = TextField()
    account = IntegerField(null=True)
    line = IntegerField(null=True)
    placement = IntegerField(null=True)
    of_entry = IntegerField(null=True)
    roll = TextField(null=True)
    number = TextField()
    note = TextField(null=True)
    accounting_date = DayField(null=True)
    entry = IntegerField(null=True)
    commission_entry = IntegerField(null=True)

    class Meta:
        temporary = True
        table_name = "scratch_paying"


def emptied(table: type[Table]) -> type[Table]:
    """The temporary table, made where this connection has none yet, without rows."""
    if table._meta.table_name not in _made():
        table.create_table(safe=True)
    table.delete().execute()
    return table


def _made() -> set[str]:
    rows = database.execute_sql("SELECT name FROM sqlite_temp_master WHERE type = 'table'").fetchall()
    return {name for (name,) in rows}
