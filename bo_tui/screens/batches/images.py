"""The image set of a payment: attach an image or a PDF to it, and view what it and its entries have."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from bo_tui.errors import NoInput, RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import attachments as rule
from bo_tui.rules.attachments import Attached
from bo_tui.screens.external.attachment import AttachmentPage
from bo_tui.screens.external.placementrows import ATTACHED as MARK
from bo_tui.screens.page import OfficePage
from bo_tui.views.batches import payments
from bo_tui.views.batches.payments import PaymentRow
from bo_tui.widgets.fields import Field, TextField
from bo_tui.widgets.forms import FormDialog

__all__ = ["MARK", "against", "attach", "keep", "refuse_unreadable", "view"]


def against(row: PaymentRow | None) -> str | None:
    """Why there is nothing to view, or None."""
    if row is None or row.attached:
        return None
    return f"Nothing is attached to this payment; those that have something show {MARK} before their number."


def view(page: OfficePage, payment: int) -> None:
    """Show what is attached to a payment, or say that nothing is."""

    def show(found: list[Any]) -> None:
        if found:
            page.app.push_screen(AttachmentPage(page.office, found))
        else:
            page.say("Nothing is attached to this payment.", warning=True)

    page.act(lambda: payments.images(page.office, payment), show)


def refuse_unreadable(text: str) -> None:
    """RuleRefusal, field `image`, unless the path that was typed is an image or a PDF that can be attached."""
    with _named("image"):
        rule.look(Path(text).expanduser())


def keep(
    office: Office, practice: int, payment: int, text: str, name: str | None = None, field: str = "image"
) -> Attached:
    """Attach the file whose path was typed to a payment; RuleRefusal names `field`, or `name`."""
    with _named(field):
        return rule.attach(office, practice, payment=payment, path=Path(text).expanduser(), name=name)


@contextmanager
def _named(field: str) -> Iterator[None]:
    """What is wrong with a file is said next to the field in which its path was typed."""
    try:
        yield
    except (NoInput, RuntimeError) as error:  # RuntimeError: ~somebody who is not known here
        raise RuleRefusal(str(error), field=field) from error
    except RuleRefusal as refusal:
        named = refusal.field == "name" and field == "file"
        raise RuleRefusal(refusal.sentence, field="name" if named else field) from refusal


def attach(page: OfficePage, practice: int, payment: int, title: str, done: Callable[[str], None]) -> None:
    """Ask for a file on this machine and attach it to a payment."""

    def save(values: dict[str, Any]) -> Attached:
        return keep(page.office, practice, payment, values["file"], values["name"] or None, field="file")

    fields: list[Field] = [
        TextField("file", "&File", required=True),
        TextField("name", "&Name", longest=rule.LONGEST_NAME),
    ]
    intro = f"To {title}: a PNG, JPEG or TIFF image or a PDF; the name is the file's own where it is empty."
    dialog = FormDialog("Attach", fields, intro=intro, save=page.saving(save), ok="Attach", help_topic="attachment")

    def closed(made: Attached | None) -> None:
        if made is not None:
            done(f"Attached {made.name} to {title}; Alt+V shows it.")

    page.app.push_screen(dialog, closed)
