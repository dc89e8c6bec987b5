"""Address Corrections: the files of address services that were loaded, what each of their rows says, and who decided on it.

Frozen like 0001. A correction keeps the account's address as it was when the file was loaded, so that a decision can be
refused where somebody changed it since.
"""

ACT = "INTEGER NOT NULL REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED"

TABLES = [
    "ALTER TABLE practice ADD COLUMN automatic_addresses INTEGER NOT NULL DEFAULT 0 CHECK (automatic_addresses IN (0, 1))",
    f"""CREATE TABLE address_file (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id), name TEXT NOT NULL,
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64), received INTEGER NOT NULL, rows INTEGER NOT NULL, act {ACT},
        UNIQUE (practice, sha256)) STRICT""",
    f"""CREATE TABLE address_correction (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        file INTEGER NOT NULL REFERENCES address_file(id), row INTEGER NOT NULL,
        account INTEGER NOT NULL REFERENCES account(id), record_id TEXT,
        old_address1 TEXT, old_address2 TEXT, old_city TEXT, old_state TEXT, old_zip TEXT,
        new_address1 TEXT, new_address2 TEXT, new_city TEXT, new_state TEXT, new_zip TEXT,
        sent TEXT, warning TEXT, move_type TEXT CHECK (move_type IN ('I', 'F', 'B')), moved INTEGER, return_code TEXT,
        undeliverable TEXT, returned INTEGER NOT NULL DEFAULT 0 CHECK (returned IN (0, 1)), received INTEGER NOT NULL,
        outcome TEXT CHECK (outcome IN ('approved', 'denied')), decided INTEGER, decided_by TEXT, note TEXT,
        error TEXT, error_state TEXT CHECK (error_state IN ('open', 'acknowledged', 'flagged')), ended INTEGER,
        ended_by TEXT, act {ACT},
        CHECK ((outcome IS NULL) = (decided_by IS NULL)), CHECK ((error IS NULL) = (error_state IS NULL)),
        CHECK (outcome IS NULL OR outcome <> 'approved' OR error IS NULL),
        CHECK ((ended_by IS NULL) = (error_state IS NULL OR error_state = 'open'))) STRICT""",
]

INDEXES = [
    "CREATE INDEX address_correction_waiting ON address_correction (practice) WHERE outcome IS NULL AND error IS NULL",
    "CREATE INDEX address_correction_error ON address_correction (practice) WHERE error_state = 'open'",
    "CREATE INDEX address_correction_decided ON address_correction (practice, received) WHERE outcome IS NOT NULL",
    "CREATE INDEX address_correction_ended ON address_correction (practice, received) WHERE ended_by IS NOT NULL",
    "CREATE INDEX address_correction_account ON address_correction (account)",
    "CREATE INDEX address_correction_file ON address_correction (file)",
    "CREATE INDEX address_correction_act ON address_correction (act)",
    "CREATE INDEX address_file_act ON address_file (act)",
]

TRIGGERS = [
    f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END"
    for table in ("address_file", "address_correction")
] + [
    (
        "CREATE TRIGGER address_file_no_update BEFORE UPDATE ON address_file "
        "BEGIN SELECT RAISE(ABORT, 'address_file rows are never changed'); END"
    )
]


def up(migrator, db):
    for statement in TABLES + INDEXES + TRIGGERS:
        db.execute_sql(statement)
