"""The first schema: practices, accounts, the ledger, external collections, files, runs.

Written out as SQL and frozen: a migration must go on making what it made, whatever the models become. Every column that
names an act is a deferred foreign key with an index of its own, because acts are inserted last and SQLite then looks for the
rows that waited for them.
"""

ACT = "INTEGER NOT NULL REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED"
FLAG = "INTEGER NOT NULL DEFAULT 0 CHECK ({0} IN (0, 1))"


def flag(name):
    return f"{name} {FLAG.format(name)}"


TABLES = [
    f"""CREATE TABLE practice (
        id INTEGER PRIMARY KEY, code TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        {flag("uses_accounting_dates")}, closed_through INTEGER, four_eyes_limit INTEGER,
        {flag("precollections_enrolled")}, tsi_client_number TEXT,
        tsi_ssn TEXT NOT NULL DEFAULT 'none', act {ACT}) STRICT""",
    """CREATE TABLE act (
        id INTEGER PRIMARY KEY, practice INTEGER REFERENCES practice(id), actor TEXT NOT NULL, kind TEXT NOT NULL,
        reason TEXT, business_date INTEGER NOT NULL, count INTEGER NOT NULL, total INTEGER NOT NULL,
        format INTEGER NOT NULL, digest TEXT NOT NULL, made_at TEXT NOT NULL) STRICT""",
    f"""CREATE TABLE agency (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, address1 TEXT NOT NULL DEFAULT '', address2 TEXT, city TEXT,
        state TEXT, zip TEXT NOT NULL DEFAULT '', contact TEXT, phone TEXT, phone_ext TEXT, fax TEXT, fax_ext TEXT,
        email TEXT, file_type TEXT NOT NULL DEFAULT 'csv' CHECK (file_type IN ('csv', 'fixed', 'tsi')),
        ssn TEXT NOT NULL DEFAULT 'none' CHECK (ssn IN ('none', 'last4', 'full')),
        remits TEXT NOT NULL DEFAULT 'net' CHECK (remits IN ('net', 'gross')),
        baa_date INTEGER, client_number TEXT, act {ACT}) STRICT""",
    f"""CREATE TABLE assignment (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        agency INTEGER NOT NULL REFERENCES agency(id), balance_greater_than INTEGER, age_greater_than INTEGER,
        {flag("auto_approve")}, {flag("auto_create_file")}, max_lines INTEGER, max_amount INTEGER, client_number TEXT,
        {flag("removed")}, act {ACT},
        CHECK ((balance_greater_than IS NULL) = (age_greater_than IS NULL)),
        CHECK (balance_greater_than IS NOT NULL OR (auto_approve = 0 AND auto_create_file = 0))) STRICT""",
    f"""CREATE TABLE external_rule (
        practice INTEGER PRIMARY KEY REFERENCES practice(id), payment_within_days INTEGER, payment_minimum INTEGER,
        payment_percent INTEGER, {flag("account_level")}, {flag("roll_returned_mail")}, {flag("auto_reassign")},
        {flag("re_age_if_denied")}, {flag("move_all_by_dos")}, act {ACT}) STRICT""",
    f"""CREATE TABLE precollection_rule (
        practice INTEGER PRIMARY KEY REFERENCES practice(id), balance_greater_than INTEGER, days_past_due INTEGER,
        payment_minimum INTEGER, payment_percent INTEGER, payment_within_days INTEGER, {flag("thank_you")},
        {flag("exclude_excol")}, {flag("exclude_statement_hold")}, {flag("auto_create_start")},
        {flag("auto_create_stop")}, act {ACT}) STRICT""",
    f"""CREATE TABLE transaction_code (
        id INTEGER PRIMARY KEY, practice INTEGER REFERENCES practice(id), code TEXT NOT NULL, description TEXT NOT NULL,
        direction TEXT NOT NULL CHECK (direction IN ('down', 'up')), {flag("active")}, act {ACT}) STRICT""",
    f"""CREATE TABLE operator (
        id INTEGER PRIMARY KEY, user TEXT NOT NULL UNIQUE,
        role TEXT NOT NULL CHECK (role IN ('viewer', 'operator', 'supervisor', 'administrator', 'service')),
        {flag("removed")}, act {ACT}) STRICT""",
    f"""CREATE TABLE account (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id), number TEXT NOT NULL,
        guarantor TEXT NOT NULL, last TEXT, first TEXT, middle TEXT, organization TEXT, date_of_birth INTEGER, ssn TEXT,
        address1 TEXT, address2 TEXT, city TEXT, state TEXT, zip TEXT, phone TEXT, phone2 TEXT, email TEXT,
        {flag("returned_mail")},
        returned_mail_act INTEGER REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED,
        {flag("hold_statements")}, {flag("suspend_precollection")}, act {ACT}) STRICT""",
    f"""CREATE TABLE service_line (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), number TEXT NOT NULL, case_number TEXT, patient_last TEXT,
        patient_first TEXT, patient_date_of_birth INTEGER, relationship TEXT, date_of_service INTEGER NOT NULL,
        procedure TEXT, description TEXT, fee INTEGER NOT NULL CHECK (fee >= 0),
        responsibility TEXT NOT NULL CHECK (responsibility IN ('guarantor', 'insurance')),
        responsible_since INTEGER, aging_date INTEGER, {flag("brought_back")}, posted INTEGER NOT NULL,
        accounting_date INTEGER, ar INTEGER NOT NULL DEFAULT 0, act {ACT},
        CHECK (responsibility = 'insurance' OR aging_date IS NOT NULL)) STRICT""",
    f"""CREATE TABLE hold (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), line INTEGER REFERENCES service_line(id),
        kind TEXT NOT NULL CHECK (kind IN
            ('manual', 'payment_plan', 'dispute', 'bankruptcy', 'deceased', 'do_not_collect')),
        since INTEGER NOT NULL, until INTEGER, reason TEXT NOT NULL, act {ACT},
        CHECK (until IS NULL OR until >= since)) STRICT""",
    f"""CREATE TABLE entry (
        id INTEGER PRIMARY KEY, act {ACT}, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER REFERENCES account(id), line INTEGER REFERENCES service_line(id), placement INTEGER,
        parent INTEGER REFERENCES entry(id), code TEXT NOT NULL, transaction_code TEXT, debit TEXT NOT NULL,
        credit TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), posted INTEGER NOT NULL,
        accounting_date INTEGER, payment INTEGER, number TEXT, reference TEXT, note TEXT,
        CHECK (debit <> credit), CHECK (line IS NOT NULL OR account IS NOT NULL)) STRICT""",
    f"""CREATE TABLE change (
        id INTEGER PRIMARY KEY, act {ACT}, subject TEXT NOT NULL, subject_id INTEGER NOT NULL, field TEXT NOT NULL,
        before TEXT, after TEXT) STRICT""",
    f"""CREATE TABLE pending (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), line INTEGER NOT NULL REFERENCES service_line(id),
        agency INTEGER NOT NULL REFERENCES agency(id), amount INTEGER NOT NULL, age INTEGER NOT NULL,
        source TEXT NOT NULL, because TEXT NOT NULL, ground INTEGER, {flag("pinned")}, queued INTEGER NOT NULL,
        queued_act {ACT}, outcome TEXT CHECK (outcome IN ('posted', 'denied', 'withdrawn')),
        resolved INTEGER, reason TEXT, act {ACT}) STRICT""",
    f"""CREATE TABLE placement (
        id INTEGER PRIMARY KEY REFERENCES entry(id), practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), line INTEGER NOT NULL REFERENCES service_line(id),
        agency INTEGER NOT NULL REFERENCES agency(id), amount INTEGER NOT NULL,
        balance INTEGER NOT NULL CHECK (balance >= 0), placed INTEGER NOT NULL,
        came_from INTEGER REFERENCES placement(id), file INTEGER REFERENCES agency_file(id), {flag("pinned")},
        client_reference TEXT, closed TEXT CHECK (closed IN ('AGTFR', 'RVCOL')), closed_on INTEGER,
        guarantor TEXT NOT NULL, account_number TEXT NOT NULL, agency_name TEXT NOT NULL, description TEXT NOT NULL,
        date_of_service INTEGER NOT NULL,
        has_balance INTEGER GENERATED ALWAYS AS (balance > 0) VIRTUAL, act {ACT},
        CHECK (closed IS NULL OR balance = 0)) STRICT""",
    f"""CREATE TABLE precollection (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        line INTEGER NOT NULL REFERENCES service_line(id), started INTEGER NOT NULL, amount INTEGER NOT NULL,
        pre_collection_id TEXT, act {ACT}) STRICT""",
    f"""CREATE TABLE agency_file (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        agency INTEGER NOT NULL REFERENCES agency(id),
        kind TEXT NOT NULL CHECK (kind IN ('placement', 'update', 'earlier')), sequence INTEGER NOT NULL,
        file_type TEXT NOT NULL, path TEXT, business_date INTEGER NOT NULL, count INTEGER NOT NULL,
        accounts INTEGER NOT NULL, total INTEGER NOT NULL, sha256 TEXT, content BLOB, made_act {ACT},
        state TEXT NOT NULL DEFAULT 'created' CHECK (state IN ('created', 'sent', 'acknowledged')), sent INTEGER,
        acknowledged INTEGER, acknowledged_accounts INTEGER, acknowledged_amount INTEGER, written_at TEXT,
        act {ACT}, UNIQUE (practice, agency, sequence)) STRICT""",
    f"""CREATE TABLE update_row (
        id INTEGER PRIMARY KEY, file INTEGER NOT NULL REFERENCES agency_file(id),
        placement INTEGER NOT NULL REFERENCES placement(id), entry INTEGER REFERENCES entry(id),
        hold INTEGER REFERENCES hold(id), record_type TEXT NOT NULL CHECK (record_type IN
            ('recall', 'adjustment_down', 'adjustment_up', 'payment', 'payment_reversed')),
        amount INTEGER NOT NULL CHECK (amount > 0), balance INTEGER NOT NULL CHECK (balance >= 0), act {ACT},
        CHECK ((entry IS NULL) <> (hold IS NULL)), CHECK (hold IS NULL OR record_type = 'recall')) STRICT""",
    f"""CREATE TABLE sequence_floor (
        practice INTEGER NOT NULL REFERENCES practice(id), agency INTEGER NOT NULL REFERENCES agency(id),
        floor INTEGER NOT NULL, act {ACT}, PRIMARY KEY (practice, agency)) STRICT""",
    f"""CREATE TABLE loaded_file (
        id INTEGER PRIMARY KEY, sha256 TEXT NOT NULL UNIQUE, name TEXT NOT NULL, act {ACT}) STRICT""",
    f"""CREATE TABLE proposal (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        kind TEXT NOT NULL CHECK (kind IN ('post', 'adjust', 'adjust_line')), subject INTEGER NOT NULL,
        asked TEXT NOT NULL, amount INTEGER NOT NULL CHECK (amount > 0), proposed_by TEXT NOT NULL,
        proposed INTEGER NOT NULL, state TEXT NOT NULL DEFAULT 'open'
            CHECK (state IN ('open', 'approved', 'refused', 'withdrawn')),
        decided_by TEXT, decided INTEGER, reason TEXT, act {ACT},
        CHECK ((state = 'open') = (decided_by IS NULL)), CHECK (state <> 'approved' OR decided_by <> proposed_by)) STRICT""",
    f"""CREATE TABLE collection_task (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER NOT NULL REFERENCES account(id), line INTEGER REFERENCES service_line(id), note TEXT NOT NULL,
        follow_up INTEGER NOT NULL, assigned_to TEXT, made_by TEXT NOT NULL, made INTEGER NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done')), act {ACT}) STRICT""",
    f"""CREATE TABLE attachment (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        account INTEGER REFERENCES account(id), line INTEGER REFERENCES service_line(id),
        entry INTEGER REFERENCES entry(id), name TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('image/png', 'image/jpeg', 'image/tiff', 'application/pdf')),
        pages INTEGER CHECK (pages > 0), size INTEGER NOT NULL CHECK (size > 0),
        sha256 TEXT NOT NULL CHECK (length(sha256) = 64), act {ACT},
        CHECK (account IS NOT NULL OR line IS NOT NULL OR entry IS NOT NULL)) STRICT""",
    """CREATE TABLE run (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id), business_date INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('started', 'done', 'failed', 'superseded')), control TEXT, message TEXT,
        started_at TEXT NOT NULL, finished_at TEXT, UNIQUE (practice, business_date)) STRICT""",
    """CREATE TABLE verified_run (
        practice INTEGER PRIMARY KEY REFERENCES practice(id), act INTEGER NOT NULL) STRICT""",
    """CREATE TABLE told_run (
        practice INTEGER NOT NULL REFERENCES practice(id), agency INTEGER NOT NULL REFERENCES agency(id),
        entry INTEGER NOT NULL, PRIMARY KEY (practice, agency)) STRICT""",
    """CREATE TABLE run_step (
        run INTEGER NOT NULL REFERENCES run(id), step TEXT NOT NULL, done INTEGER NOT NULL DEFAULT 0,
        position INTEGER NOT NULL DEFAULT 0, count INTEGER NOT NULL DEFAULT 0, amount INTEGER NOT NULL DEFAULT 0,
        detail TEXT, PRIMARY KEY (run, step)) STRICT""",
    """CREATE TABLE run_line (
        id INTEGER PRIMARY KEY, run INTEGER NOT NULL REFERENCES run(id), line INTEGER NOT NULL, outcome TEXT NOT NULL,
        agency INTEGER, because TEXT NOT NULL, balance INTEGER NOT NULL, age INTEGER) STRICT""",
]

INDEXES = [
    "CREATE UNIQUE INDEX assignment_open ON assignment (practice, agency) WHERE removed = 0",
    "CREATE UNIQUE INDEX transaction_code_key ON transaction_code (coalesce(practice, 0), code)",
    "CREATE UNIQUE INDEX account_key ON account (practice, number)",
    "CREATE INDEX account_guarantor ON account (practice, guarantor)",
    "CREATE INDEX account_returned_mail ON account (practice, id) WHERE returned_mail = 1",
    "CREATE UNIQUE INDEX service_line_key ON service_line (practice, number)",
    "CREATE INDEX service_line_account ON service_line (account)",
    "CREATE INDEX service_line_candidate ON service_line (practice, account) WHERE responsibility = 'guarantor' AND ar > 0",
    "CREATE INDEX service_line_credit ON service_line (account) WHERE ar < 0",
    "CREATE INDEX hold_account ON hold (account)",
    "CREATE INDEX hold_practice ON hold (practice)",
    "CREATE INDEX hold_line ON hold (line) WHERE line IS NOT NULL",
    "CREATE INDEX entry_line ON entry (line)",
    "CREATE INDEX entry_account ON entry (account) WHERE account IS NOT NULL",
    "CREATE INDEX entry_placement ON entry (placement) WHERE placement IS NOT NULL",
    "CREATE INDEX entry_parent ON entry (parent) WHERE parent IS NOT NULL",
    "CREATE INDEX entry_guarantor_payment ON entry (line, posted) WHERE code = 'GPYMT'",
    "CREATE UNIQUE INDEX entry_reference ON entry (practice, reference) WHERE reference IS NOT NULL",
    "CREATE INDEX change_subject ON change (subject, subject_id)",
    "CREATE UNIQUE INDEX pending_open ON pending (line) WHERE outcome IS NULL",
    "CREATE INDEX pending_waiting ON pending (practice, account) WHERE outcome IS NULL",
    "CREATE INDEX pending_line ON pending (line)",
    "CREATE UNIQUE INDEX placement_open ON placement (line) WHERE closed IS NULL",
    "CREATE INDEX placement_line ON placement (line)",
    "CREATE INDEX placement_account ON placement (account)",
    "CREATE INDEX placement_unfiled ON placement (practice, agency) WHERE file IS NULL AND closed IS NULL",
    "CREATE INDEX placement_file ON placement (file) WHERE file IS NOT NULL",
    "CREATE INDEX placement_by_guarantor ON placement (practice, has_balance, guarantor)",
    "CREATE INDEX placement_by_account ON placement (practice, has_balance, account_number)",
    "CREATE INDEX placement_by_agency ON placement (practice, has_balance, agency_name)",
    "CREATE INDEX placement_by_description ON placement (practice, has_balance, description)",
    "CREATE INDEX placement_by_date ON placement (practice, has_balance, date_of_service)",
    "CREATE UNIQUE INDEX update_row_entry ON update_row (entry) WHERE entry IS NOT NULL",
    "CREATE INDEX update_row_placement ON update_row (placement)",
    "CREATE INDEX update_row_file ON update_row (file)",
    "CREATE UNIQUE INDEX proposal_open ON proposal (kind, subject) WHERE state = 'open'",
    "CREATE INDEX proposal_practice ON proposal (practice)",
    "CREATE INDEX collection_task_open ON collection_task (practice, follow_up) WHERE state = 'open'",
    "CREATE INDEX collection_task_account ON collection_task (account)",
    "CREATE INDEX collection_task_line ON collection_task (line) WHERE line IS NOT NULL",
    "CREATE UNIQUE INDEX attachment_once ON attachment (coalesce(account, 0), coalesce(line, 0), coalesce(entry, 0), sha256)",
    "CREATE INDEX attachment_line ON attachment (line) WHERE line IS NOT NULL",
    "CREATE INDEX attachment_entry ON attachment (entry) WHERE entry IS NOT NULL",
    "CREATE INDEX precollection_line ON precollection (line)",
    "CREATE INDEX run_line_run ON run_line (run)",
    "CREATE INDEX act_practice ON act (practice)",
]

NAMING_AN_ACT = [
    "practice", "agency", "assignment", "external_rule", "precollection_rule", "transaction_code", "operator", "account",
    "service_line", "hold", "entry", "change", "pending", "placement", "precollection", "agency_file", "loaded_file",
    "sequence_floor", "update_row", "proposal", "collection_task", "attachment",
]  # fmt: skip
INDEXES += [f"CREATE INDEX {table}_act ON {table} (act)" for table in NAMING_AN_ACT]
INDEXES += [
    "CREATE INDEX account_returned_mail_act ON account (returned_mail_act) WHERE returned_mail_act IS NOT NULL",
    "CREATE INDEX pending_queued_act ON pending (queued_act)",
    "CREATE INDEX agency_file_made_act ON agency_file (made_act)",
]

TRIGGERS = []
for _table in ("act", "entry", "change"):
    for _verb in ("UPDATE", "DELETE"):
        TRIGGERS.append(
            f"CREATE TRIGGER {_table}_no_{_verb.lower()} BEFORE {_verb} ON {_table} "
            f"BEGIN SELECT RAISE(ABORT, 'the ledger is append-only: {_table} rows are never changed or deleted'); END"
        )
for _table in ("entry", "change"):
    TRIGGERS.append(
        f"CREATE TRIGGER {_table}_act_open BEFORE INSERT ON {_table} WHEN EXISTS (SELECT 1 FROM act WHERE id = NEW.act) "
        f"BEGIN SELECT RAISE(ABORT, 'the act is sealed: no {_table} can join it'); END"
    )
for _table in ("agency_file", "placement", "pending", "update_row", "proposal", "collection_task", "attachment"):
    TRIGGERS.append(
        f"CREATE TRIGGER {_table}_no_delete BEFORE DELETE ON {_table} "
        f"BEGIN SELECT RAISE(ABORT, '{_table} rows are never deleted'); END"
    )
for _table in ("update_row", "attachment"):
    TRIGGERS.append(
        f"CREATE TRIGGER {_table}_no_update BEFORE UPDATE ON {_table} "
        f"BEGIN SELECT RAISE(ABORT, '{_table} rows are never changed'); END"
    )


def up(migrator, db):
    for statement in TABLES + INDEXES + TRIGGERS:
        db.execute_sql(statement)
