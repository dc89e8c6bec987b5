"""Images and PDFs that belong to a line, an entry or a payment; their bytes lie in `attachments/`, named by what they hold."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.tables.base import Table, act_column


class Attachment(Table):
    """One file attached to a payment, or to an entry, a line or an account: the deepest of the three; what is above stands too.

    `kind` is the media type found in the bytes, `pages` None where a PDF does not tell, `size` in bytes. Never changed.
    """

    id = AutoField()
    practice = IntegerField()
    account = IntegerField(null=True)
    line = IntegerField(null=True)
    entry = IntegerField(null=True)
    payment = IntegerField(null=True)
    name = TextField()  # as the operator's file was called; only ever shown
    kind = TextField()
    pages = IntegerField(null=True)
    size = IntegerField()
    sha256 = TextField()
    act = act_column()
