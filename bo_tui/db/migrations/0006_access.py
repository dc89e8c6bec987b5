"""Who looked at, exported or printed what: a chain of its own beside the acts, and where its kept part begins.

Rows are never changed. The oldest may be deleted once their time is over, up to the row that `access_floor` names: its digest
is where the chain begins from then on.
"""

ACT = "INTEGER NOT NULL REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED"

TABLES = [
    """CREATE TABLE access (
        id INTEGER PRIMARY KEY, practice INTEGER REFERENCES practice(id), actor TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('open', 'look', 'report', 'export', 'print', 'unmask', 'refused')),
        subject TEXT NOT NULL, subject_id INTEGER, detail TEXT, made_at TEXT NOT NULL,
        digest TEXT NOT NULL CHECK (length(digest) = 64)) STRICT""",
    f"""CREATE TABLE access_floor (
        id INTEGER PRIMARY KEY, access INTEGER NOT NULL, digest TEXT NOT NULL CHECK (length(digest) = 64),
        act {ACT}) STRICT""",
]

INDEXES = [
    "CREATE INDEX access_made ON access (made_at)",
    "CREATE INDEX access_actor ON access (actor)",
    "CREATE INDEX access_subject ON access (subject, subject_id) WHERE subject_id IS NOT NULL",
    "CREATE INDEX access_floor_act ON access_floor (act)",
    "CREATE INDEX act_made ON act (made_at)",
    "CREATE INDEX act_actor ON act (actor)",
]

CHANGED = "BEGIN SELECT RAISE(ABORT, 'who looked is never rewritten: access rows are never changed'); END"
DELETED = "BEGIN SELECT RAISE(ABORT, 'access rows are kept: only those below the floor may go'); END"
FROZEN = "BEGIN SELECT RAISE(ABORT, 'access_floor rows are never changed or deleted'); END"
ABOVE_FLOOR = "WHEN OLD.id > coalesce((SELECT max(access) FROM access_floor), 0)"
TRIGGERS = [
    f"CREATE TRIGGER access_no_update BEFORE UPDATE ON access {CHANGED}",
    f"CREATE TRIGGER access_no_delete BEFORE DELETE ON access {ABOVE_FLOOR} {DELETED}",
    f"CREATE TRIGGER access_floor_no_update BEFORE UPDATE ON access_floor {FROZEN}",
    f"CREATE TRIGGER access_floor_no_delete BEFORE DELETE ON access_floor {FROZEN}",
]


def up(migrator, db):
    for statement in TABLES + INDEXES + TRIGGERS:
        db.execute_sql(statement)
