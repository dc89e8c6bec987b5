"""Who looked at what: the second chain (DESIGN section 7)."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.tables.base import Table, act_column


class Access(Table):
    """One look, report, export, print or unmasking by an operator; `subject` is a page or a table, `detail` words without names."""

    id = AutoField()
    practice = IntegerField(null=True)
    actor = TextField()
    kind = TextField()
    subject = TextField()
    subject_id = IntegerField(null=True)
    detail = TextField(null=True)
    made_at = TextField()
    digest = TextField()


class AccessFloor(Table):
    """The last row that was deleted once its time was over, and its digest, from which the kept chain goes on."""

    id = AutoField()
    access = IntegerField()
    digest = TextField()
    act = act_column()
