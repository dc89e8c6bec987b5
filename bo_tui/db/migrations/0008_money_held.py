"""What is held and owed - on account, in suspense, in income, agencies' commission - is summed from its own entries alone.

And what unposted payments will put there is found without reading all distributions.
"""

INDEXES = [
    (
        "CREATE INDEX entry_money_held ON entry (practice, id)"
        " WHERE credit IN ('ON_ACCOUNT', 'SUSPENSE', 'MISC_INCOME', 'AGENCY_PAYABLE')"
        " OR debit IN ('ON_ACCOUNT', 'SUSPENSE', 'MISC_INCOME', 'AGENCY_PAYABLE')"
    ),
    "CREATE INDEX distribution_waiting ON distribution (practice, kind) WHERE state = 'unposted'",
]


def up(migrator, db):
    for statement in INDEXES:
        db.execute_sql(statement)
