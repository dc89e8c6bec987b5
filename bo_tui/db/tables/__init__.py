"""The tables, one module an area. Each model mirrors what the migrations make; a test compares the two.

All models share one proxy; `bo_tui.db.connection` points it at the store in use.
"""

from bo_tui.db.tables.access import Access, AccessFloor
from bo_tui.db.tables.accounts import Account, Hold, ServiceLine
from bo_tui.db.tables.addresses import AddressCorrection, AddressFile
from bo_tui.db.tables.attachments import Attachment
from bo_tui.db.tables.base import Table, database
from bo_tui.db.tables.collections import CollectionTask
from bo_tui.db.tables.files import AgencyFile, LoadedFile, SequenceFloor, UpdateRow, next_sequence
from bo_tui.db.tables.ledger import Act, Change, Entry
from bo_tui.db.tables.notes import Note, PaymentPlan, StatementHold
from bo_tui.db.tables.payments import Distribution, DistributionReason, Payment, PaymentBatch, PaymentException
from bo_tui.db.tables.placements import Pending, Placement, Proposal
from bo_tui.db.tables.practice import (
    Agency,
    Assignment,
    ExternalRule,
    Operator,
    Practice,
    PrecollectionRule,
    TransactionCode,
)
from bo_tui.db.tables.precollect import (
    PrecollectAccount,
    PrecollectFile,
    PrecollectFloor,
    Precollection,
    PrecollectMessage,
    PrecollectTask,
    next_precollect_sequence,
)
from bo_tui.db.tables.runs import Run, RunLine, RunStep, ToldRun, VerifiedRun

__all__ = [
    "Access",
    "AccessFloor",
    "Account",
    "Act",
    "AddressCorrection",
    "AddressFile",
    "Agency",
    "AgencyFile",
    "Assignment",
    "Attachment",
    "Change",
    "CollectionTask",
    "Distribution",
    "DistributionReason",
    "Entry",
    "ExternalRule",
    "Hold",
    "LoadedFile",
    "Note",
    "Operator",
    "Payment",
    "PaymentBatch",
    "PaymentException",
    "PaymentPlan",
    "Pending",
    "Placement",
    "Practice",
    "PrecollectAccount",
    "PrecollectFile",
    "PrecollectFloor",
    "PrecollectMessage",
    "PrecollectTask",
    "Precollection",
    "PrecollectionRule",
    "Proposal",
    "Run",
    "RunLine",
    "RunStep",
    "SequenceFloor",
    "ServiceLine",
    "StatementHold",
    "Table",
    "ToldRun",
    "TransactionCode",
    "UpdateRow",
    "VerifiedRun",
    "database",
    "next_precollect_sequence",
    "next_sequence",
]
