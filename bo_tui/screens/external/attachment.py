"""View Attachment (Alt+V): the image of a payment. Payments are not entered here yet, so there is none."""

from __future__ import annotations


def missing() -> str | None:
    """Why there is nothing to view."""
    return "No payment has an image attached; images come with Payment Batches."
