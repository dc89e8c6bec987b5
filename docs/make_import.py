# ruff: noqa: E501
"""Writes docs/import.md from the layouts that the import reads: `.venv/bin/python docs/make_import.py`.

A column without a description here, or a description of no column, ends it.
"""

from __future__ import annotations

from pathlib import Path

from bo_tui.formats.office.layouts import LAYOUTS, Layout

PAGE = Path(__file__).parent / "import.md"
HEAD = """# The office's files

`bo-tui import FOLDER --from office` loads a folder with some of the files below, all or nothing: when anything is wrong, each refused row is listed with
file, row, column and reason, and nothing is loaded. Try `--dry-run` first. `--practice CODE` loads one practice's rows; `--update` matches rows that are there
by their key and writes what changed. `bo-tui import --layout` prints the files and their columns.

- UTF-8 (a BOM is accepted), a header row, commas, RFC 4180 quoting. Columns in any order; unknown columns and unknown `.csv` files are refused. Spaces around a
  cell do not count; line breaks and control characters within one are refused.
- **Bold** columns are required. An empty cell is not given. The same key twice is refused.
- Dates are `2026-11-21`. Amounts are `1250.50`; what spreadsheets make of them, `1250.5` and `"1,250.50"`, is taken as well. Flags are `yes` or `no`.
- A row that names an account, a line or an agency which is neither in the folder nor in the store is refused.
- Synthea's folders (`--from synthea`) are read as Synthea writes them.

This page is made from the layouts that the program reads (`docs/make_import.py`).
"""
TITLES = {
    "practices": "The practices.",
    "agencies": "The collection agencies, for all practices.",
    "assignments": "Which agencies a practice uses and from when on the night chooses them; their order is their age.",
    "external_rules": "A practice's rules for external collections.",
    "precollection_rules": "A practice's rules for pre-collections.",
    "transaction_codes": "Further codes of adjustments; the common ones are there already.",
    "accounts": "Accounts and their guarantors: a person (`last`) or an `organization`.",
    "service_lines": "One billed service each; its fee is the first entry of the line's ledger.",
    "transactions": "Payments and adjustments of lines. No order is asked for; history may pass below zero.",
    "holds": "What is kept out of collections, and until when.",
    "placements": "Debt that is already with an agency when the office begins.",
    "precollections": "Debt that is already in pre-collections when the office begins.",
}
COMMON = {
    "practice": "the practice's code, letters, digits, `-` and `_`",
    "account": "the account's number",
    "line": "the service fee line's number, unique in the practice",
    "agency": "the agency's name",
    "address1": "street",
    "address2": "second line of the address",
    "city": "city",
    "state": "two letters such as `WI`",
    "zip": "ZIP code",
    "phone": "telephone",
    "email": "electronic mail",
    "client_number": "the number that the agency gave the practice",
    "payment_within_days": "a payment in so many days keeps a line out; needs a minimum or a percentage",
    "payment_minimum": "the least such payment",
    "payment_percent": "or its least share of the balance, `12.5`; the larger of the two counts",
    "balance_greater_than": "only balances above this amount",
    "accounting_date": "the day that the books take it on, where it is another",
    "amount": "above zero",
}
OF = {
    "practices.name": "its name, as lists and sheets show it",
    "practices.uses_accounting_dates": "entries have an accounting date besides the posted one",
    "practices.closed_through": "the last day of the books that are closed",
    "practices.four_eyes_limit": "postings and adjustments above it wait for a second person",
    "practices.precollections_enrolled": "the practice takes part in pre-collections (TSI)",
    "practices.tsi_client_number": "its number with TSI",
    "practices.tsi_ssn": "what TSI's files say of SSNs",
    "agencies.contact": "whom to ask for",
    "agencies.phone_ext": "extension",
    "agencies.fax": "fax",
    "agencies.fax_ext": "its extension",
    "agencies.file_type": "the layout of its files, see [formats.md](formats.md)",
    "agencies.ssn": "what its files say of SSNs",
    "agencies.remits": "whether it keeps its commission (`net`) or sends all (`gross`)",
    "agencies.baa_date": "the day of the business-associate agreement; without one the night makes it no file",
    "assignments.age_greater_than": "only lines older than so many days; required with a balance, alone it means any balance above 0.00",
    "assignments.auto_approve": "the night posts what it queues; needs thresholds",
    "assignments.auto_create_file": "the night makes the agency's files; needs thresholds",
    "assignments.max_lines": "at most so many lines a night",
    "assignments.max_amount": "at most so much money a night",
    "external_rules.account_level": "the account's balance counts, not the line's",
    "external_rules.roll_returned_mail": "accounts with returned mail go to an agency at once",
    "external_rules.auto_reassign": "the night moves a debt to the next agency when it is old enough",
    "external_rules.re_age_if_denied": "a denied line ages from the day of the denial",
    "external_rules.move_all_by_dos": "with a line go all of its date of service and case",
    "precollection_rules.days_past_due": "and older than so many days",
    "precollection_rules.thank_you": "TSI writes a letter when all is paid",
    "precollection_rules.exclude_excol": "what goes to an agency is left out of Stop files, and listed",
    "precollection_rules.exclude_statement_hold": "accounts whose statements are held are left out of Start files",
    "precollection_rules.auto_create_start": "the night makes Start files",
    "precollection_rules.auto_create_stop": "the night makes Stop files",
    "transaction_codes.practice": "empty: for all practices",
    "transaction_codes.code": "the code",
    "transaction_codes.description": "in words",
    "transaction_codes.direction": "whether it takes off a balance or adds to it",
    "transaction_codes.active": "no: it is not offered",
    "accounts.last": "the guarantor's last name; required without an organization",
    "accounts.first": "first name",
    "accounts.middle": "middle name",
    "accounts.organization": "an organization instead of a person",
    "accounts.date_of_birth": "the guarantor's",
    "accounts.ssn": "the guarantor's",
    "accounts.phone2": "a second telephone",
    "accounts.returned_mail": "mail came back",
    "accounts.hold_statements": "no statements",
    "accounts.suspend_precollection": "kept out of pre-collections",
    "service_lines.case": "the case; lines of one date of service and case belong together",
    "service_lines.patient_last": "where the patient is not the guarantor",
    "service_lines.patient_first": "the patient's",
    "service_lines.patient_date_of_birth": "the patient's",
    "service_lines.relationship": "of the patient to the guarantor",
    "service_lines.date_of_service": "when it was done",
    "service_lines.procedure": "its code",
    "service_lines.description": "in words",
    "service_lines.fee": "may be `0.00`; cannot be changed by `--update`",
    "service_lines.responsibility": "who owes it now",
    "service_lines.responsible_since": "required for the guarantor's: the age counts from it; the insurer's has none",
    "service_lines.posted": "default: the date of service",
    "transactions.id": "the payment's own number; without it the same file is not loaded twice",
    "transactions.code": "`IPYMT`, `GPYMT` (payments of the insurer and the guarantor), `MADJN`, `MADJP` (adjustments down and up)",
    "transactions.transaction_code": "required for adjustments, in their direction; not for payments",
    "transactions.posted": "not after today",
    "transactions.number": "the check's",
    "transactions.note": "any text",
    "holds.line": "empty: the whole account",
    "holds.kind": "what sort of hold",
    "holds.since": "its first day",
    "holds.until": "the first day on which it no longer holds; not before `since`",
    "holds.reason": "why",
    "placements.placed": "the day that the agency got it, not after today",
    "placements.amount": "what it got: above zero, at most the line's balance after all transactions",
    "placements.client_reference": "the agency's own number of it",
    "placements.in_file": "yes: the agency knows it, and no file tells it again",
    "precollections.started": "the day that it began, not after today",
    "precollections.pre_collection_id": "TSI's own number of it",
}  # fmt: skip


def page() -> str:
    """The whole page."""
    used: set[str] = set()
    parts = [HEAD, *(_section(layout, used) for layout in LAYOUTS.values())]
    over = (set(OF) | set(COMMON)) - used
    if over:
        raise KeyError(f"described, but no column: {', '.join(sorted(over))}")
    return "\n".join(parts)


def _section(layout: Layout, used: set[str]) -> str:
    lines = [f"## {layout.file}", "", TITLES[layout.name], f"Key: {', '.join(layout.key)}.", ""]
    lines += ["| column | what | kind |", "|---|---|---|"]
    for column in layout.columns:
        own = f"{layout.name}.{column.name}"
        key = own if own in OF else column.name
        used.add(key)
        name = f"**{column.name}**" if column.required else column.name
        words = OF[own] if own in OF else COMMON[column.name]
        default = f", default {_plain(column.default)}" if column.default not in (None, 0) else ""
        lines.append(f"| {name} | {words} | {column.kind}{default} |")
    return "\n".join(lines) + "\n"


def _plain(value: object) -> str:
    return "yes" if value == 1 else f"`{value}`"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
