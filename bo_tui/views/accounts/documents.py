"""The Documents tab: everything attached to an account, its lines and their entries."""

from __future__ import annotations

from bo_tui.office import Office
from bo_tui.views import attachments
from bo_tui.views.accounts.lines import attached_to
from bo_tui.views.attachments import AttachmentRow


def of_account(office: Office, account: int) -> list[AttachmentRow]:
    """What is attached, the newest first."""
    return attachments.of(office, attached_to(account))[::-1]
