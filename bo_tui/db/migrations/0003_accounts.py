"""What operators keep on an account: notes, lines whose statements are held, payment plans; and indexes to find accounts by.

Frozen like the first: what a migration made it goes on making. Notes are never changed and never deleted.
"""

ACT = "INTEGER NOT NULL REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED"

TABLES = [
    f"""CREATE TABLE note (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), line INTEGER REFERENCES service_line(id),
        kind TEXT NOT NULL CHECK (kind IN ('account', 'case', 'collection', 'payment', 'refund', 'system')),
        text TEXT NOT NULL CHECK (length(text) > 0), author TEXT NOT NULL, made INTEGER NOT NULL, made_at TEXT NOT NULL,
        act {ACT}) STRICT""",
    f"""CREATE TABLE statement_hold (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), line INTEGER NOT NULL REFERENCES service_line(id),
        since INTEGER NOT NULL, lifted INTEGER, act {ACT}, CHECK (lifted IS NULL OR lifted >= since)) STRICT""",
    f"""CREATE TABLE payment_plan (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), hold INTEGER NOT NULL REFERENCES hold(id),
        amount INTEGER NOT NULL CHECK (amount > 0), every_days INTEGER CHECK (every_days > 0), first_due INTEGER NOT NULL,
        balance INTEGER NOT NULL CHECK (balance > 0), note TEXT, made_by TEXT NOT NULL, made INTEGER NOT NULL,
        cancelled INTEGER, cancelled_by TEXT, reason TEXT, act {ACT},
        CHECK (first_due >= made), CHECK ((cancelled IS NULL) = (cancelled_by IS NULL)),
        CHECK (cancelled IS NULL OR cancelled >= made)) STRICT""",
]

INDEXES = [
    "CREATE INDEX note_account ON note (account, id)",
    "CREATE INDEX note_line ON note (line) WHERE line IS NOT NULL",
    "CREATE UNIQUE INDEX statement_hold_open ON statement_hold (line) WHERE lifted IS NULL",
    "CREATE INDEX statement_hold_line ON statement_hold (line)",
    "CREATE INDEX statement_hold_account ON statement_hold (account)",
    "CREATE UNIQUE INDEX payment_plan_open ON payment_plan (account) WHERE cancelled IS NULL",
    "CREATE INDEX payment_plan_account ON payment_plan (account)",
    "CREATE INDEX payment_plan_hold ON payment_plan (hold)",
    "CREATE INDEX account_birth ON account (practice, date_of_birth) WHERE date_of_birth IS NOT NULL",
    "CREATE INDEX account_ssn ON account (practice, ssn) WHERE ssn IS NOT NULL",
]
INDEXES += [f"CREATE INDEX {table}_act ON {table} (act)" for table in ("note", "statement_hold", "payment_plan")]

TRIGGERS = [
    f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END"
    for table in ("note", "statement_hold", "payment_plan")
]
TRIGGERS.append(
    "CREATE TRIGGER note_no_update BEFORE UPDATE ON note BEGIN SELECT RAISE(ABORT, 'note rows are never changed'); END"
)


def up(migrator, db):
    for statement in TABLES + INDEXES + TRIGGERS:
        db.execute_sql(statement)
