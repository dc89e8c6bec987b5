"""Payment batches: batches, payments, their distributions, and what of a remittance could not be matched.

What is not posted stands here alone; once posted, a row names its entries and the database refuses to change it. Money without
a line or an account (suspense, miscellaneous income, an agency's invoice) hangs on its payment, so the entry's CHECK is widened;
an image may belong to a payment, so the attachment's is too. Both CHECKs are text in sqlite_master: SQLite has no ALTER for them.
"""

ACT = "INTEGER NOT NULL REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED"
FLAG = "INTEGER NOT NULL DEFAULT 0 CHECK ({0} IN (0, 1))"


def flag(name):
    return f"{name} {FLAG.format(name)}"


TABLES = [
    f"""CREATE TABLE payment_batch (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        number INTEGER NOT NULL CHECK (number > 0), expected_count INTEGER NOT NULL CHECK (expected_count >= 0),
        expected_total INTEGER CHECK (expected_total >= 0), accounting_date INTEGER, description TEXT,
        source TEXT NOT NULL DEFAULT 'hand' CHECK (source IN ('hand', 'remit', 'era')), created INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        created_act INTEGER NOT NULL REFERENCES act(id) DEFERRABLE INITIALLY DEFERRED, {flag("deleted")}, act {ACT},
        UNIQUE (practice, number)) STRICT""",
    f"""CREATE TABLE payment (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        batch INTEGER REFERENCES payment_batch(id),
        kind TEXT NOT NULL CHECK (kind IN ('insurance', 'guarantor', 'agency', 'invoice')),
        type TEXT NOT NULL CHECK (type IN ('check', 'cash', 'card', 'eft')), number TEXT NOT NULL,
        amount INTEGER NOT NULL CHECK (amount >= 0), date INTEGER NOT NULL, payer TEXT, plan TEXT,
        account INTEGER REFERENCES account(id), agency INTEGER REFERENCES agency(id),
        remits TEXT CHECK (remits IN ('net', 'gross')), {flag("received_from_patient")}, accounting_date INTEGER,
        {flag("another_check")}, note TEXT,
        state TEXT NOT NULL DEFAULT 'unposted' CHECK (state IN ('unposted', 'partly', 'posted', 'removed')),
        posted INTEGER, made_by TEXT NOT NULL, act {ACT},
        CHECK ((batch IS NULL) = (kind = 'invoice')), CHECK ((agency IS NOT NULL) = (kind IN ('agency', 'invoice'))),
        CHECK ((remits IS NOT NULL) = (kind = 'agency')), CHECK (kind <> 'insurance' OR payer IS NOT NULL),
        CHECK (kind <> 'guarantor' OR account IS NOT NULL OR payer IS NOT NULL),
        CHECK (received_from_patient = 0 OR kind = 'agency'),
        CHECK ((posted IS NULL) = (state IN ('unposted', 'removed')))) STRICT""",
    f"""CREATE TABLE distribution (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        payment INTEGER NOT NULL REFERENCES payment(id), kind TEXT NOT NULL CHECK (kind IN
            ('line', 'placement', 'on_account', 'suspense', 'misc', 'refund', 'recoup')),
        account INTEGER REFERENCES account(id), line INTEGER REFERENCES service_line(id),
        placement INTEGER REFERENCES placement(id), of_entry INTEGER REFERENCES entry(id), amount INTEGER NOT NULL,
        gross INTEGER, net INTEGER, commission INTEGER,
        roll TEXT CHECK (roll IN ('guarantor', 'insurance')), claim TEXT, control_number TEXT, rank TEXT, reasons TEXT,
        note TEXT, state TEXT NOT NULL DEFAULT 'unposted' CHECK (state IN ('unposted', 'posted', 'removed')),
        entry INTEGER REFERENCES entry(id), commission_entry INTEGER REFERENCES entry(id), posted INTEGER,
        made_by TEXT NOT NULL, act {ACT},
        CHECK ((kind = 'line') <= (line IS NOT NULL)), CHECK ((kind = 'on_account') <= (account IS NOT NULL)),
        CHECK ((placement IS NOT NULL) = (kind = 'placement')), CHECK ((gross IS NOT NULL) = (kind = 'placement')),
        CHECK (gross IS NULL OR (gross <> 0 AND gross = net + commission AND gross * net >= 0 AND gross * commission >= 0)),
        CHECK (kind IN ('placement', 'recoup') OR amount >= 0), CHECK (kind <> 'recoup' OR amount < 0),
        CHECK (kind <> 'recoup' OR of_entry IS NOT NULL), CHECK ((posted IS NOT NULL) = (state = 'posted'))) STRICT""",
    f"""CREATE TABLE distribution_reason (
        id INTEGER PRIMARY KEY, distribution INTEGER NOT NULL REFERENCES distribution(id),
        group_code TEXT NOT NULL CHECK (group_code IN ('CO', 'PR', 'OA', 'PI', 'CR')), reason TEXT NOT NULL,
        amount INTEGER NOT NULL CHECK (amount <> 0), transaction_code TEXT, entry INTEGER REFERENCES entry(id),
        act {ACT}, CHECK (transaction_code IS NULL OR amount > 0)) STRICT""",
    f"""CREATE TABLE payment_exception (
        id INTEGER PRIMARY KEY, practice INTEGER NOT NULL REFERENCES practice(id),
        batch INTEGER NOT NULL REFERENCES payment_batch(id), payment INTEGER REFERENCES payment(id),
        row INTEGER NOT NULL, account TEXT, placement TEXT, client_reference TEXT, date INTEGER, type TEXT NOT NULL,
        gross INTEGER NOT NULL, net INTEGER NOT NULL, commission INTEGER NOT NULL, reference TEXT, reason TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'settled')), note TEXT, act {ACT}) STRICT""",
]

INDEXES = [
    "CREATE INDEX payment_batch_created ON payment_batch (practice, created)",
    "CREATE INDEX payment_batch_created_act ON payment_batch (created_act)",
    "CREATE INDEX payment_of_batch ON payment (batch)",
    "CREATE INDEX payment_by_number ON payment (practice, number)",
    "CREATE INDEX payment_by_date ON payment (practice, date)",
    (
        "CREATE UNIQUE INDEX payment_once ON payment (practice, number, amount, date, kind, coalesce(payer, ''),"
        " coalesce(account, 0), coalesce(agency, 0)) WHERE state <> 'removed' AND another_check = 0"
    ),
    "CREATE INDEX distribution_payment ON distribution (payment)",
    "CREATE UNIQUE INDEX distribution_line ON distribution (line, payment) WHERE kind = 'line' AND state <> 'removed'",
    "CREATE INDEX distribution_unposted_account ON distribution (account) WHERE state = 'unposted'",
    "CREATE INDEX distribution_unposted_placement ON distribution (placement) WHERE state = 'unposted'",
    "CREATE INDEX distribution_entry ON distribution (entry) WHERE entry IS NOT NULL",
    "CREATE INDEX distribution_reason_of ON distribution_reason (distribution)",
    "CREATE INDEX payment_exception_batch ON payment_exception (batch)",
    "CREATE INDEX entry_payment ON entry (payment) WHERE payment IS NOT NULL",
    "CREATE INDEX entry_on_account ON entry (account, posted) WHERE code = 'ONACCT'",
    "CREATE INDEX entry_held ON entry (practice, id) WHERE credit IN ('SUSPENSE', 'MISC_INCOME')",
    "CREATE INDEX attachment_payment ON attachment (payment) WHERE payment IS NOT NULL",
]
INDEXES += [
    f"CREATE INDEX {table}_act ON {table} (act)"
    for table in ("payment_batch", "payment", "distribution", "distribution_reason", "payment_exception")
]

TRIGGERS = [
    f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} "
    f"BEGIN SELECT RAISE(ABORT, '{table} rows are never deleted'); END"
    for table in ("payment_batch", "payment", "distribution", "payment_exception")
]
TRIGGERS += [
    (
        "CREATE TRIGGER distribution_posted BEFORE UPDATE ON distribution WHEN OLD.state = 'posted' "
        "BEGIN SELECT RAISE(ABORT, 'a posted distribution is never changed; it is reversed'); END"
    ),
    (
        "CREATE TRIGGER distribution_reason_posted BEFORE DELETE ON distribution_reason "
        "WHEN (SELECT state FROM distribution WHERE id = OLD.distribution) = 'posted' "
        "BEGIN SELECT RAISE(ABORT, 'a posted distribution is never changed; it is reversed'); END"
    ),
    (
        "CREATE TRIGGER payment_posted BEFORE UPDATE ON payment WHEN OLD.posted IS NOT NULL AND (NEW.amount <> OLD.amount "
        "OR NEW.number <> OLD.number OR NEW.date <> OLD.date OR NEW.kind <> OLD.kind OR NEW.posted IS NULL "
        "OR NEW.batch IS NOT OLD.batch OR NEW.agency IS NOT OLD.agency OR NEW.account IS NOT OLD.account) "
        "BEGIN SELECT RAISE(ABORT, 'a posted payment is never changed; it is reversed'); END"
    ),
]

WIDENED = [
    (
        "entry",
        "CHECK (line IS NOT NULL OR account IS NOT NULL)",
        "CHECK (line IS NOT NULL OR account IS NOT NULL OR payment IS NOT NULL)",
    ),
    (
        "attachment",
        "CHECK (account IS NOT NULL OR line IS NOT NULL OR entry IS NOT NULL)",
        "CHECK (account IS NOT NULL OR line IS NOT NULL OR entry IS NOT NULL OR payment IS NOT NULL)",
    ),
]


def up(migrator, db):
    for statement in TABLES:
        db.execute_sql(statement)
    db.execute_sql("ALTER TABLE attachment ADD COLUMN payment INTEGER REFERENCES payment(id)")
    db.execute_sql("PRAGMA writable_schema = ON")
    for table, old, new in WIDENED:
        changed = db.execute_sql(
            "UPDATE sqlite_master SET sql = replace(sql, ?, ?) WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0",
            (old, new, table, old),
        )
        if changed.rowcount != 1:
            raise ValueError(f"the table {table} is not as the migrations before made it")
    db.execute_sql("PRAGMA writable_schema = RESET")
    db.execute_sql("DROP INDEX attachment_once")
    db.execute_sql(
        "CREATE UNIQUE INDEX attachment_once ON attachment"
        " (coalesce(account, 0), coalesce(line, 0), coalesce(entry, 0), coalesce(payment, 0), sha256)"
    )
    for statement in INDEXES + TRIGGERS:
        db.execute_sql(statement)
