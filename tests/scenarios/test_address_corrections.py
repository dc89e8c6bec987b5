"""Mail that comes back, an address service that knows where people went, and what the nights make of it.

Domain: external_collections.md section 10 and the rule Returned mail of seed 001.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from bo_tui.db.tables import Account, AddressCorrection
from bo_tui.rules.addresses import decide, load
from bo_tui.rules.settings import practices
from tests import making
from tests.support.book import OfficeBook, excluded, queued

SINCE = "2026-02-20"  # every line is young: only returned mail takes it
HEADER = "account,old_address1,new_address1,new_city,new_state,new_zip,move_type,move_date,return_code,undeliverable"
OLSEN_MOVED = "OLSEN,1 Oak St,40 Lake Ave,Chicago,IL,60601,F,2026-02-01,A,"
SMITH_MOVED = "SMITH,1 Oak St,8 Bay St,Seattle,,98101,I,2026-02-01,A,"
OLSEN_GONE = "OLSEN,,,,,,,,,V"
SMITH_GONE = "SMITH,,,,,,,,,K"

Receives = Callable[..., load.Loaded]


@pytest.fixture
def bay(book: OfficeBook) -> OfficeBook:
    """Olsen and Smith live at 1 Oak St and owe 480.00 each; First Bay takes what is older than 45 days."""
    book.agency("First Bay", balance=99_00, age=45)
    for name in ("OLSEN", "SMITH"):
        book.account(name, address1="1 Oak St", city="Madison", state="WI", zip="53703")
        book.line(name, 480_00, SINCE, account=name)
    return book


@pytest.fixture
def receives(bay: OfficeBook, tmp_path: Path) -> Receives:
    """`receives("2026-03-02", OLSEN_GONE)`: a file of these rows is loaded on that day."""

    def load_file(when: str, *rows: str) -> load.Loaded:
        path = tmp_path / f"acs-{when}.csv"
        path.write_text("\n".join((HEADER, *rows)) + "\n", encoding="utf-8")
        return load.load(bay.on(when), 1, path)

    return load_file


def corrections(account: str) -> list[tuple[str | None, str | None]]:
    """Outcome and state of the error of an account's corrections, in order."""
    query = AddressCorrection.select().join(Account, on=(Account.id == AddressCorrection.account))
    rows = query.where(Account.number == account).order_by(AddressCorrection.id)
    return [(row.outcome, row.error_state) for row in rows]


def account(number: str) -> Account:
    """An account as it is now."""
    return Account.get(Account.number == number)


def test_with_the_rule_on_returned_mail_goes_to_pending_and_a_new_address_takes_it_out(
    bay: OfficeBook, receives: Receives
) -> None:
    bay.rules(roll_returned_mail=True)
    assert bay.night("2026-03-01")["OLSEN"] == excluded("too_young")

    # Monday: the Postal Service returns Olsen's statement. The account flags itself ...
    assert receives("2026-03-02", OLSEN_GONE).flagged == 1
    assert account("OLSEN").returned_mail
    assert corrections("OLSEN") == [("denied", "flagged")]

    # ... and the night sends what Olsen owes to Pending, however young it is.
    night = bay.night("2026-03-02")
    assert night["OLSEN"] == queued("First Bay", "returned_mail")
    assert night["SMITH"] == excluded("too_young")

    # Thursday: the address service knows where Olsen went. Approved, and with it the flag is gone ...
    receives("2026-03-05", OLSEN_MOVED)
    done = decide.approve(bay.on("2026-03-05"), 1, [2])
    assert (done.accounts, done.cleared) == (1, 1)
    assert (account("OLSEN").address1, bool(account("OLSEN").returned_mail)) == ("40 Lake Ave", False)

    # ... so that night takes the line out of Pending again, with no mark: it is an ordinary candidate.
    night = bay.night("2026-03-05")
    assert night.withdrawn == {"OLSEN": "flag_cleared"}
    assert night["OLSEN"] == excluded("too_young")

    # In May it is older than 45 days, at whatever address.
    assert bay.night("2026-05-01")["OLSEN"] == queued("First Bay")
    assert making.verify(bay.office) == []


def test_with_the_rule_off_the_operator_ignores_or_marks(bay: OfficeBook, receives: Receives) -> None:
    # Monday: both statements come back; nothing happens by itself.
    assert receives("2026-03-02", OLSEN_GONE, SMITH_GONE).returned == 2
    assert bay.night("2026-03-02")["OLSEN"] == excluded("too_young")

    # Tuesday: Olsen called, so that piece is ignored; Smith is marked.
    olsen, smith = AddressCorrection.select().order_by(AddressCorrection.id)
    decide.acknowledge(bay.on("2026-03-03"), 1, [olsen.id])
    decide.flag(bay.on("2026-03-03"), 1, [smith.id])
    assert (corrections("OLSEN"), corrections("SMITH")) == ([(None, "acknowledged")], [("denied", "flagged")])
    assert (bool(account("OLSEN").returned_mail), bool(account("SMITH").returned_mail)) == (False, True)

    # The flag alone moves nothing while the rule is off; the night after it is turned on rolls Smith, not Olsen.
    assert bay.night("2026-03-03")["SMITH"] == excluded("too_young")
    bay.rules(roll_returned_mail=True)
    night = bay.night("2026-03-04")
    assert night["SMITH"] == queued("First Bay", "returned_mail")
    assert night["OLSEN"] == excluded("too_young")


def test_an_incomplete_address_is_denied_and_must_be_acknowledged(bay: OfficeBook, receives: Receives) -> None:
    receives("2026-03-02", OLSEN_MOVED, SMITH_MOVED)
    done = decide.approve(bay.on("2026-03-02"), 1, [1, 2])
    assert done.errors == (("SMITH", "The state is missing."),)
    assert (account("OLSEN").city, account("SMITH").city) == ("Chicago", "Madison")
    assert corrections("SMITH") == [("denied", "open")]

    # A week later somebody looks at it: seen, and Smith's mail did come back as well.
    decide.flag(bay.on("2026-03-09"), 1, [2])
    assert corrections("SMITH") == [("denied", "flagged")]
    assert account("SMITH").returned_mail


def test_an_automatic_practice_decides_at_once_and_the_night_follows(bay: OfficeBook, receives: Receives) -> None:
    wanted = practices.PracticeSettings("Lakeside Anesthesia", automatic_addresses=True)
    practices.save(bay.on("2026-03-01"), 1, wanted)
    bay.rules(roll_returned_mail=True)

    # Olsen's mail came back first and Olsen has moved since, all in one file: the new address is what counts.
    done = receives("2026-03-02", OLSEN_MOVED, OLSEN_GONE, SMITH_MOVED)
    assert (done.approved, done.denied, done.flagged) == (1, 1, 1)
    assert not account("OLSEN").returned_mail
    assert corrections("OLSEN") == [("denied", "flagged"), ("approved", None)]
    assert corrections("SMITH") == [("denied", "open")]
    assert bay.night("2026-03-02")["OLSEN"] == excluded("too_young")

    # In April mail to the new address comes back too.
    receives("2026-04-01", OLSEN_GONE)
    assert bay.night("2026-04-01")["OLSEN"] == queued("First Bay", "returned_mail")
    assert making.verify(bay.office) == []
