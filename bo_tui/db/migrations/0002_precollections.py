"""Pre-collections: what is queued for TSI, what TSI knows of each account, each line's stay there, files and messages.

Frozen like the first. Lines that were with TSI when the office started (imported before this version) become open stays whose
account is with TSI for the amount of the file.
"""

ACT = "INTEGER NOT NULL REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED"

TABLES = [
    f"""CREATE TABLE precollect_task (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), line INTEGER NOT NULL REFERENCES service_line(id),
        amount INTEGER NOT NULL, age INTEGER NOT NULL, queued INTEGER NOT NULL, queued_act {ACT},
        outcome TEXT CHECK (outcome IN ('started', 'withdrawn', 'cancelled')), resolved INTEGER, reason TEXT, act {ACT},
        CHECK ((outcome IS NULL) = (resolved IS NULL))) STRICT""",
    f"""CREATE TABLE precollect_account (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL UNIQUE REFERENCES account(id),
        state TEXT NOT NULL CHECK (state IN ('with', 'suspended', 'ended')), began INTEGER NOT NULL,
        told INTEGER NOT NULL, suspended_on INTEGER, act {ACT},
        CHECK ((state = 'suspended') = (suspended_on IS NOT NULL))) STRICT""",
    f"""CREATE TABLE precollect_file (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        kind TEXT NOT NULL CHECK (kind IN ('start', 'stop')), sequence INTEGER NOT NULL, path TEXT NOT NULL,
        business_date INTEGER NOT NULL, count INTEGER NOT NULL, lines INTEGER NOT NULL, accounts INTEGER NOT NULL,
        total INTEGER NOT NULL, sha256 TEXT NOT NULL CHECK (length(sha256) = 64), content BLOB NOT NULL, made_act {ACT},
        state TEXT NOT NULL DEFAULT 'created' CHECK (state IN ('created', 'sent', 'acknowledged')), sent INTEGER,
        acknowledged INTEGER, acknowledged_accounts INTEGER, acknowledged_amount INTEGER, written_at TEXT,
        act {ACT}, UNIQUE (practice, kind, sequence)) STRICT""",
    f"""CREATE TABLE precollect_message (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id),
        type TEXT NOT NULL CHECK (type IN ('PL', 'PP', 'PF', 'PT', 'CR', 'DB', 'SS', 'RI', 'CN')), date INTEGER NOT NULL,
        amount INTEGER NOT NULL CHECK (amount >= 0), balance INTEGER NOT NULL CHECK (balance >= 0),
        line INTEGER REFERENCES service_line(id), reason TEXT, left_out INTEGER NOT NULL DEFAULT 0 CHECK (left_out IN (0, 1)),
        file INTEGER REFERENCES precollect_file(id), made_act {ACT}, act {ACT},
        CHECK (left_out = 0 OR (file IS NULL AND line IS NOT NULL AND reason IS NOT NULL))) STRICT""",
    f"""CREATE TABLE precollect_floor (
        practice INTEGER NOT NULL REFERENCES practice(id), kind TEXT NOT NULL CHECK (kind IN ('start', 'stop')),
        floor INTEGER NOT NULL, act {ACT}, PRIMARY KEY (practice, kind)) STRICT""",
    "ALTER TABLE precollection ADD COLUMN account INTEGER REFERENCES account(id)",
    "ALTER TABLE precollection ADD COLUMN told INTEGER",
    "ALTER TABLE precollection ADD COLUMN watermark INTEGER",
    "ALTER TABLE precollection ADD COLUMN insured INTEGER NOT NULL DEFAULT 0 CHECK (insured IN (0, 1))",
    "ALTER TABLE precollection ADD COLUMN message INTEGER REFERENCES precollect_message(id)",
    "ALTER TABLE precollection ADD COLUMN ended INTEGER",
    "ALTER TABLE precollection ADD COLUMN ended_as TEXT CHECK (ended_as IN ('paid', 'stopped', 'cancelled', 'external'))",
]

LOADED_BEFORE = [
    (
        "UPDATE precollection SET account = (SELECT account FROM service_line WHERE id = precollection.line), told = amount,"
        " watermark = (SELECT coalesce(max(id), 0) FROM entry)"
    ),
    (
        "INSERT INTO precollect_account (practice, account, state, began, told, act)"
        " SELECT practice, account, 'with', min(started), sum(amount), max(act) FROM precollection"
        " GROUP BY practice, account ORDER BY account"
    ),
]

INDEXES = [
    "CREATE UNIQUE INDEX precollect_task_open ON precollect_task (line) WHERE outcome IS NULL",
    "CREATE INDEX precollect_task_waiting ON precollect_task (practice, account) WHERE outcome IS NULL",
    "CREATE INDEX precollect_task_line ON precollect_task (line)",
    "CREATE INDEX precollect_account_state ON precollect_account (practice, account) WHERE state = 'with'",
    "CREATE INDEX precollect_message_queued ON precollect_message (practice, id) WHERE file IS NULL AND left_out = 0",
    "CREATE INDEX precollect_message_left_out ON precollect_message (practice, id) WHERE left_out = 1",
    "CREATE INDEX precollect_message_account ON precollect_message (account)",
    "CREATE INDEX precollect_message_file ON precollect_message (file) WHERE file IS NOT NULL",
    "CREATE UNIQUE INDEX precollection_open ON precollection (line) WHERE ended IS NULL",
    "CREATE INDEX precollection_standing ON precollection (practice, account) WHERE ended IS NULL",
    "CREATE INDEX precollection_account ON precollection (account)",
    "CREATE INDEX precollection_message ON precollection (message) WHERE message IS NOT NULL",
    "CREATE INDEX precollect_task_queued_act ON precollect_task (queued_act)",
    "CREATE INDEX precollect_file_made_act ON precollect_file (made_act)",
    "CREATE INDEX precollect_message_made_act ON precollect_message (made_act)",
]
_WITH_ACT = ("precollect_task", "precollect_account", "precollect_file", "precollect_message", "precollect_floor")
INDEXES += [f"CREATE INDEX {table}_act ON {table} (act)" for table in _WITH_ACT]

TRIGGERS = [
    f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END"
    for table in ("precollect_task", "precollect_account", "precollect_file", "precollect_message", "precollection")
]
TRIGGERS += [
    (
        "CREATE TRIGGER precollect_message_said BEFORE UPDATE OF id, practice, account, type, date, amount, balance, line, reason,"
        " left_out, made_act ON precollect_message "
        "BEGIN SELECT RAISE(ABORT, 'precollect_message rows are never changed'); END"
    ),
    (
        "CREATE TRIGGER precollect_message_told BEFORE UPDATE ON precollect_message WHEN OLD.file IS NOT NULL "
        "BEGIN SELECT RAISE(ABORT, 'precollect_message rows are never changed'); END"
    ),
    (
        "CREATE TRIGGER precollect_file_kept BEFORE UPDATE OF id, practice, kind, sequence, path, business_date, count, lines,"
        " accounts, total, sha256, content, made_act ON precollect_file "
        "BEGIN SELECT RAISE(ABORT, 'what a pre-collections file holds is never changed'); END"
    ),
]


def up(migrator, db):
    for statement in TABLES + LOADED_BEFORE + INDEXES + TRIGGERS:
        db.execute_sql(statement)
