"""A correction in words: its cells, the sentence above the keys, everything known of it, and what was done."""

from __future__ import annotations

from collections.abc import Sequence

from bo_tui import dates
from bo_tui.formats.addresses import codes
from bo_tui.rules.addresses.decide import Approved, Decided
from bo_tui.rules.addresses.load import Loaded
from bo_tui.rules.addresses.verdict import lacking, one_line
from bo_tui.views.addresses import CorrectionRow, Told

READY, INCOMPLETE, LOOK = "ready", "incomplete", "look first"
ENDED = {"acknowledged": "acknowledged", "flagged": "Returned Mail"}
FIELDS = {"returned_mail": "Returned Mail", "error_state": "error", "says": "the service says"}


def reason(row: CorrectionRow) -> str:
    """What the service says of the address."""
    return codes.words(row.return_code, row.undeliverable, any(row.new))


def short_reason(row: CorrectionRow, errors: bool) -> str:
    """The Reason column: what the service says, or in a list of errors what is wrong."""
    return (row.error or "").removeprefix("Mail returned: ").rstrip(".") if errors else reason(row)


def state(row: CorrectionRow, errors: bool) -> str:
    """The State column of a list of corrections, or of one of errors."""
    if errors:
        return ENDED.get(row.error_state or "", "error")
    if row.outcome is not None:
        return row.outcome
    return INCOMPLETE if lacking(row.new) else LOOK if row.warning or row.now != row.old else READY


def decider(row: CorrectionRow, errors: bool) -> str:
    """The By column."""
    return (row.ended_by if errors else None) or row.decided_by or ""


def sentence(row: CorrectionRow, errors: bool) -> str:
    """The line above the keys."""
    if row.ended_by and errors:
        done = "acknowledged" if row.error_state == "acknowledged" else "Returned Mail marked"
        return f"{row.error} {done[0].upper()}{done[1:]} by {row.ended_by} on {dates.iso(row.ended)}."
    if row.error_state == "open" and errors:
        return f"{row.error} Acknowledge it, or flag the account{_flagged(row)}."
    if row.outcome is not None:
        why = row.error or row.note
        text = f"{row.outcome.capitalize()} by {row.decided_by} on {dates.iso(row.decided)}{f': {why}' if why else ''}"
        return text if text.endswith(".") else f"{text}."
    moved = f"{one_line(row.old) or 'no address'} -> {one_line(row.new)}"
    lacks = lacking(row.new)
    if lacks:
        return f"{lacks} {moved}"
    if row.now != row.old:
        return f"The account's address was changed since: {one_line(row.now) or 'empty'}. {moved}"
    return f"{row.warning} It was sent {row.sent}. {moved}" if row.warning else moved


def _flagged(row: CorrectionRow) -> str:
    return ", which has Returned Mail already" if row.returned_mail else ""


def intro(row: CorrectionRow) -> str:
    """Whose address a dialog is about, from what to what."""
    lines = [f"{row.guarantor}, account {row.account}: {reason(row)}", f"From {one_line(row.now) or 'no address'}"]
    return "\n".join([*lines, f"To   {one_line(row.new) or 'nothing'}"])


def page(row: CorrectionRow) -> str:
    """Everything known of a correction."""
    lines = [f"# {row.guarantor}, account {row.account}", ""]
    lines += [f"- The service says: {reason(row)}."]
    if row.move_type or row.moved is not None:
        kind = codes.MOVE_TYPES.get(row.move_type or "", "unknown")
        lines.append(f"- Move: {kind}, effective {dates.iso(row.moved) or 'on an unknown day'}.")
    lines += [f"- Return code {row.return_code}."] if row.return_code else []
    lines += [f"- From {row.file}, row {row.row}, received {dates.iso(row.received)}."]
    lines += [f"- The service's record {row.record_id}."] if row.record_id else []
    lines += ["", "# Addresses", ""]
    lines += [f"- The account's when it was loaded: {one_line(row.old) or 'none'}"]
    lines += [f"- The service was asked about: {row.sent}"] if row.sent else []
    lines += [f"- The new one: {one_line(row.new) or 'none'}"]
    lines += [f"- The account's now: {one_line(row.now) or 'none'}"]
    lines += [f"- {row.warning}"] if row.warning else []
    lines += ["", "# What becomes of it", ""]
    lines += [f"- {line}" for line in _fate(row)]
    return "\n".join(lines)


def _fate(row: CorrectionRow) -> list[str]:
    found = []
    if row.outcome is not None:
        why = f": {row.note}" if row.note else ""
        found.append(f"{row.outcome.capitalize()} by {row.decided_by} on {dates.iso(row.decided)}{why}.")
    elif row.error is None:
        lacks = lacking(row.new)
        found.append(f"It cannot be carried out: {lacks}" if lacks else "It waits to be approved or denied.")
    if row.error is not None:
        found.append(f"Error: {row.error}")
        found.append(sentence(row, errors=True))
    flag = "has" if row.returned_mail else "has not"
    return [*found, f"The account {flag} Returned Mail now."]


def told(changes: Sequence[Told]) -> str:
    """What was done to an account's address, an act a heading."""
    lines: list[str] = []
    act = None
    for one in changes:
        if one.act != act:
            act = one.act
            lines += ["", f"# {dates.iso(one.business_date)}  {one.kind.replace('_', ' ')} by {one.actor}"]
        moved = f"{one.before} to {one.after or 'nothing'}" if one.before is not None else f"{one.after}"
        lines.append(f"- {FIELDS.get(one.field, one.field)}: {moved}")
    return "\n".join(lines[1:]) or "Nothing was ever changed."


def rows(count: int, word: str = "correction") -> str:
    """`1 correction`, `2 corrections`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def approved(done: Approved) -> str:
    """What an approval did."""
    parts = [
        f"{done.accounts:,} address{'' if done.accounts == 1 else 'es'} updated" if done.accounts else "Nothing updated"
    ]
    parts += [f"Returned Mail cleared on {done.cleared:,}"] if done.cleared else []
    text = f"{', '.join(parts)}."
    if done.errors:
        number, error = done.errors[0]
        more = f" And {len(done.errors) - 1:,} more." if len(done.errors) > 1 else ""
        text += f" Denied, now under Errors: account {number}: {error}{more}"
    return text


def flagged(done: Decided) -> str:
    """What a flag did."""
    already = done.rows - done.flagged
    more = f" {rows(already, 'row')} of accounts that had it." if already else ""
    return f"Returned Mail marked on {rows(done.flagged, 'account')}.{more}"


def loaded(done: Loaded) -> str:
    """What became of a file's rows."""
    parts = (
        (done.waiting, "wait{s}"), (done.approved, "approved"), (done.denied, "denied with an error"),
        (done.returned, "returned, to be looked at"), (done.flagged, "flagged Returned Mail"),
        (done.nothing, "say{s} nothing new"), (done.repeated, "repeated"), (done.left_out, "of other practices"),
    )  # fmt: skip
    said = [f"{count:,} {text.format(s='s' if count == 1 else '')}" for count, text in parts if count]
    return f"Loaded {done.name}, {rows(done.rows, 'row')}: {', '.join(said)}."
