"""What every table shares: the database in use."""

from __future__ import annotations

from peewee import DatabaseProxy, IntegerField, Model

database = DatabaseProxy()


class Table(Model):
    """A table of the store; names are singular (DESIGN section 2)."""

    class Meta:
        database = database
        legacy_table_names = False


def act_column() -> IntegerField:
    """The last act that changed the row (a deferred foreign key in the schema: acts are written last)."""
    return IntegerField(column_name="act")
