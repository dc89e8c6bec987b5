"""What the finder of accounts looks for on lines and entries, and an RI that may become a PL while no file has told it.

The numbers of cases and checks are looked for whatever the case of their letters.
"""

INDEXES = [
    "CREATE INDEX service_line_served ON service_line (practice, date_of_service)",
    "CREATE INDEX service_line_case ON service_line (practice, lower(case_number)) WHERE case_number IS NOT NULL",
    "CREATE INDEX entry_number ON entry (practice, lower(number)) WHERE number IS NOT NULL",
]

NEVER = "BEGIN SELECT RAISE(ABORT, 'precollect_message rows are never changed'); END"
LATE = "OLD.type = 'RI' AND NEW.type = 'PL' AND OLD.file IS NULL AND NEW.file IS NOT NULL"
TRIGGERS = [
    "DROP TRIGGER precollect_message_said",
    (
        "CREATE TRIGGER precollect_message_said BEFORE UPDATE OF id, practice, account, amount, balance, line, reason,"
        f" left_out, made_act ON precollect_message {NEVER}"
    ),
    (
        "CREATE TRIGGER precollect_message_kind BEFORE UPDATE OF type, date ON precollect_message"
        f" WHEN NOT ({LATE}) {NEVER}"
    ),
]


def up(migrator, db):
    for statement in INDEXES + TRIGGERS:
        db.execute_sql(statement)
