"""Payment batches: batches, payments (one check, card or transfer each), their distributions, and remittance rows left over."""

from __future__ import annotations

from peewee import AutoField, IntegerField, TextField

from bo_tui.db.fields import CentsField, DayField, FlagField
from bo_tui.db.tables.base import Table, act_column


class PaymentBatch(Table):
    """A control file for payments: what is expected, against what is entered. `number` counts per practice."""

    id = AutoField()
    practice = IntegerField()
    number = IntegerField()
    expected_count = IntegerField()
    expected_total = CentsField(null=True)
    accounting_date = DayField(null=True)
    description = TextField(null=True)
    source = TextField(default="hand")  # hand, remit, era
    created = DayField()
    created_by = TextField()
    created_act = IntegerField()
    deleted = FlagField()
    act = act_column()


class Payment(Table):
    """One check, cash, card or transfer: an insurer's, a guarantor's or an agency's; or (`invoice`) one paid to an agency.

    `remits` keeps how an agency's check counts its distributions: by net, or by gross (also when the patient paid).
    """

    id = AutoField()
    practice = IntegerField()
    batch = IntegerField(null=True)  # None: an agency's invoice, which stands in no batch
    kind = TextField()  # insurance, guarantor, agency, invoice
    type = TextField()  # check, cash, card, eft
    number = TextField()
    amount = CentsField()
    date = DayField()
    payer = TextField(null=True)
    plan = TextField(null=True)
    account = IntegerField(null=True)  # the remitting guarantor's
    agency = IntegerField(null=True)
    remits = TextField(null=True)
    received_from_patient = FlagField()
    accounting_date = DayField(null=True)
    another_check = FlagField()
    note = TextField(null=True)
    state = TextField(default="unposted")  # unposted, partly, posted, removed
    posted = DayField(null=True)
    made_by = TextField()
    act = act_column()


class Distribution(Table):
    """What of a payment goes where; `amount` is what it takes of the check, below zero for what a payer takes back.

    A placement's has gross, net and commission as well (all below zero for a takeback, which names in `of_entry` the EPYMT).
    """

    id = AutoField()
    practice = IntegerField()
    payment = IntegerField()
    kind = TextField()  # line, placement, on_account, suspense, misc, refund, recoup
    account = IntegerField(null=True)
    line = IntegerField(null=True)
    placement = IntegerField(null=True)
    of_entry = IntegerField(null=True)
    amount = CentsField()
    gross = CentsField(null=True)
    net = CentsField(null=True)
    commission = CentsField(null=True)
    roll = TextField(null=True)  # whom the line is rolled to: guarantor, insurance
    claim = TextField(null=True)
    control_number = TextField(null=True)
    rank = TextField(null=True)
    reasons = TextField(null=True)  # the reason rows in words, for the entry's note
    note = TextField(null=True)
    state = TextField(default="unposted")  # unposted, posted, removed
    entry = IntegerField(null=True)
    commission_entry = IntegerField(null=True)
    posted = DayField(null=True)
    made_by = TextField()
    act = act_column()


class DistributionReason(Table):
    """A group and reason code of an insurer's distribution; with a transaction code it adjusts the line (MADJN)."""

    id = AutoField()
    distribution = IntegerField()
    group_code = TextField()
    reason = TextField()
    amount = CentsField()
    transaction_code = TextField(null=True)
    entry = IntegerField(null=True)
    act = act_column()


class PaymentException(Table):
    """A row of an agency's remittance that matched nothing, as it was given, with the reason; open until it is settled."""

    id = AutoField()
    practice = IntegerField()
    batch = IntegerField()
    payment = IntegerField(null=True)
    row = IntegerField()
    account = TextField(null=True)
    placement = TextField(null=True)
    client_reference = TextField(null=True)
    date = DayField(null=True)
    type = TextField()
    gross = CentsField()
    net = CentsField()
    commission = CentsField()
    reference = TextField(null=True)
    reason = TextField()
    state = TextField(default="open")  # open, settled
    note = TextField(null=True)
    act = act_column()
