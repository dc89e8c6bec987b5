"""The reports that `bo-tui report` prints, by name; a further one is one more row here (CONTRACT)."""

from __future__ import annotations

from bo_tui.views.reports import (
    agencypayments,
    aging,
    external,
    ledger,
    nights,
    payments,
    precollections,
    rollforward,
    tasks,
    trail,
)
from bo_tui.views.reports.base import Asked, Column, Report

REPORTS: dict[str, Report] = {
    report.name: report
    for report in (
        aging.AGING,
        external.PENDING,
        external.PLACEMENTS,
        ledger.ENTRIES,
        nights.FILES,
        nights.RUNS,
        external.AGENCIES,
        external.SCOREBOARD,
        agencypayments.AGENCY_PAYMENTS,
        payments.PAYMENTS,
        payments.DEPOSITS,
        tasks.TASKS,
        precollections.QUEUE,
        precollections.STAYS,
        precollections.MESSAGES,
        precollections.PRECOLLECT_FILES,
        rollforward.ROLLFORWARD,
        trail.AUDIT,
    )
}

__all__ = ["REPORTS", "Asked", "Column", "Report"]
