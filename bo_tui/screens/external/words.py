"""Sentences about placements: why one is what it is, in one line and on a page."""

from __future__ import annotations

from bo_tui import dates
from bo_tui.money import shown
from bo_tui.rules.external.updaterows import RECALLING_HOLDS
from bo_tui.rules.holds import KINDS
from bo_tui.text import counted
from bo_tui.views.placements import Facts, File, Origin
from bo_tui.views.standing import Held

BECAUSE = {
    "threshold": "balance and age above the thresholds",
    "dos": "same date of service as line {ground}",
    "returned_mail": "returned mail on the account",
    "operator": "an operator's choice",
    "recall": "the insurer paid while it was placed",
}


def one_line(facts: Facts) -> str:
    """Why the current row is what it is: `Smithers, Jo: L-2 placed 2026-08-20 by night (49 days, 480.00); file 7 sent 08-21`."""
    placed = f"{facts.guarantor}: {facts.line} placed {dates.iso(facts.placed)} by {facts.placed_by}"
    parts = [placed + _figures(facts)]
    if facts.asked is not None:
        parts.append(facts.asked.words)
    if facts.held and facts.closed is None:
        parts.append(f"on hold ({', '.join(hold(one) for one in facts.held)})")
    if facts.closed is not None:
        parts.append(f"closed by {facts.closed} {dates.iso(facts.closed_on)}")
    parts.append(_file(facts.file, facts.placed))
    return "; ".join(parts)


def hold(held: Held) -> str:
    """`dispute since 2026-11-20 until 2026-12-01`."""
    end = "" if held.until is None else f" until {dates.iso(held.until)}"
    return f"{KINDS[held.kind]} since {dates.iso(held.since)}{end}"


def _figures(facts: Facts) -> str:
    if facts.came_from is not None:
        return f", moved from {facts.came_from_agency}"
    origin = facts.origin
    if origin is None:
        return f" ({shown(facts.amount)})"
    why = "" if origin.because == "threshold" else f", {because(origin)}"
    return f" ({counted(origin.age, 'day')}, {shown(origin.amount)}{why})"


def _file(file: File | None, placed: int) -> str:
    if file is None:
        return "in no file yet"
    if file.kind == "earlier":
        return "the agency had it before"
    when = file.acknowledged or file.sent or file.created
    day = dates.iso(when)
    return f"file {file.sequence} {file.state} {day[5:] if day[:4] == dates.iso(placed)[:4] else day}"


def because(origin: Origin) -> str:
    """Why a line was queued, in words."""
    return BECAUSE.get(origin.because, origin.because.replace("_", " ")).format(ground=origin.ground or "another")


def page(facts: Facts) -> str:
    """Everything known of how a placement came about, as a page to read."""
    lines = [
        f"# Placement {facts.id}: line {facts.line}, account {facts.account}",
        "",
        f"- Guarantor: {facts.guarantor}",
        f"- {facts.description or 'No description'}, date of service {dates.iso(facts.date_of_service)}",
        f"- With {facts.agency}: placed {shown(facts.amount)}, balance now {shown(facts.balance)}",
        "",
        "# How it came here",
        "",
        *_how(facts),
        "",
        "# What the agency knows",
        "",
        *_told(facts.file),
        *_recall(facts),
    ]
    unfiled = " No file takes it while it is held." if facts.file is None else ""
    stands = [f"- On hold: {hold(one)}.{unfiled}" for one in facts.held]
    stands += [f"- It {facts.asked.words}."] if facts.asked is not None else []
    if stands and facts.closed is None:
        lines += ["", "# What stands over it now", "", *stands]
    if facts.closed is not None:
        lines += [
            "",
            "# How it ended",
            "",
            f"- {facts.closed} on {dates.iso(facts.closed_on)}: {_ended(facts.closed)}.",
        ]
    return "\n".join(lines)


def _how(facts: Facts) -> list[str]:
    found = []
    if facts.came_from is not None:
        found.append(f"- It was moved from {facts.came_from_agency} (placement {facts.came_from}).")
    if facts.origin is not None:
        origin = facts.origin
        found.append(
            f"- Queued {dates.iso(origin.queued)} by {origin.queued_by} ({origin.source.replace('_', ' ')}): "
            f"{because(origin)}. It was {counted(origin.age, 'day')} old then, with a balance of {shown(origin.amount)}."
        )
    kind = facts.placed_kind.replace("_", " ")
    found.append(f"- Placed {dates.iso(facts.placed)} by {facts.placed_by} ({kind}), {shown(facts.amount)}.")
    if facts.pinned:
        found.append("- An operator chose this agency, so no night moves it on.")
    return found


def _told(file: File | None) -> list[str]:
    if file is None:
        return ["- It is in no file yet; the agency does not know of it."]
    if file.kind == "earlier":
        return ["- The agency had this debt before the office began with this program."]
    found = [f"- It is in file {file.sequence}, made {dates.iso(file.created)}; the file is {file.state}."]
    if file.sent:
        found.append(f"- The file was sent {dates.iso(file.sent)}.")
    if file.acknowledged:
        found.append(f"- The agency acknowledged it {dates.iso(file.acknowledged)}.")
    return found


def _recall(facts: Facts) -> list[str]:
    """What a hold that forbids collecting means to an agency that knows of the debt."""
    if facts.recalled:
        return ["- An update file told the agency that it is taken away."]
    why = next((KINDS[one.kind] for one in facts.held if one.kind in RECALLING_HOLDS), None)
    if why is None or facts.file is None or facts.closed is not None or facts.balance <= 0:
        return []
    return [f"- The agency does not know of the {why} hold yet: a recall waits for the next update file."]


def _ended(closed: str) -> str:
    return "moved to another agency" if closed == "AGTFR" else "brought back to active AR"
