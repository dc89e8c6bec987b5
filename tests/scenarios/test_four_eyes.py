"""Days on which what is above a practice's limit waits for a second person (DESIGN section 3, Approval)."""

from __future__ import annotations

import pytest

from bo_tui.errors import NotAllowed, RuleRefusal
from bo_tui.office import Actor, Office
from bo_tui.rules import checking, operators
from bo_tui.rules.external import adjust, foureyes, pending
from tests.support.book import OfficeBook

SINCE = "2026-01-01"
MONDAY, TUESDAY, WEDNESDAY = "2026-03-02", "2026-03-03", "2026-03-04"


@pytest.fixture
def two_people(book: OfficeBook) -> OfficeBook:
    """Lakeside posts up to 300.00 by one person, Hillside whatever it is; ben works beside ana."""
    book.practice("HILL")
    book.practice("LAKE", four_eyes_limit=300_00)
    for code in ("LAKE", "HILL"):
        book.agency("First Bay", balance=99_00, age=45, auto_approve=True, to=code)
    operators.add(book.on(SINCE), "ben", "operator")
    return book


def ana(book: OfficeBook, when: str) -> Office:
    return book.on(when)


def ben(book: OfficeBook, when: str) -> Office:
    return book.on(when).by(Actor("ben", "operator"))


def test_one_asks_another_posts(two_people: OfficeBook) -> None:
    book = two_people
    book.line("SMALL", 300_00, SINCE)
    book.line("LARGE", 300_01, SINCE)
    assert book.night(MONDAY).step("approve") == (1, "300.00")  # the night is no person at all

    asked = pending.post(ana(book, MONDAY), 1, ["LARGE"])
    assert asked.lines == ()
    assert book.waiting() == {"LARGE": "First Bay"}
    (proposal,) = asked.waiting
    with pytest.raises(NotAllowed, match="is ana's own; another operator must approve it"):
        foureyes.approve(ana(book, TUESDAY), proposal.proposal)
    foureyes.approve(ben(book, TUESDAY), proposal.proposal)

    assert book.placed() == {"SMALL": ("First Bay", 300_00), "LARGE": ("First Bay", 300_01)}
    assert [book.placement(line).placed for line in ("SMALL", "LARGE")] == [
        book.on(MONDAY).business_date, book.on(TUESDAY).business_date,
    ]  # fmt: skip
    with pytest.raises(RuleRefusal, match="was approved by ben on 2026-03-03"):
        foureyes.approve(ana(book, WEDNESDAY), proposal.proposal)
    assert checking.check(book.office.store) == []


def test_the_limit_is_the_practices_own(two_people: OfficeBook) -> None:
    book = two_people
    book.line("HERE", 480_00, SINCE)
    book.line("THERE", 480_00, SINCE, to="HILL")
    assert book.night(MONDAY, "LAKE").step("approve") == (0, "0.00")
    assert book.night(MONDAY, "HILL").step("approve") == (1, "480.00")
    assert book.placed() == {"THERE": ("First Bay", 480_00)}


def test_what_was_asked_is_taken_back_and_asked_again(two_people: OfficeBook) -> None:
    book = two_people
    book.line("L", 480_00, SINCE)
    book.night(MONDAY)
    (first,) = pending.post(ana(book, MONDAY), 1, ["L"]).waiting
    with pytest.raises(RuleRefusal, match="already waits for a second person"):
        pending.post(ben(book, MONDAY), 1, ["L"])
    assert foureyes.refuse(ana(book, MONDAY), first.proposal, "wrong agency").state == "withdrawn"
    (second,) = pending.post(ana(book, MONDAY), 1, ["L"]).waiting
    assert foureyes.refuse(ben(book, TUESDAY), second.proposal, "call them first").state == "refused"
    (third,) = pending.post(ben(book, TUESDAY), 1, ["L"]).waiting  # now ben asks and ana looks
    foureyes.approve(ana(book, WEDNESDAY), third.proposal)
    assert book.placed() == {"L": ("First Bay", 480_00)}
    states = book.sql("SELECT state, proposed_by, decided_by FROM proposal ORDER BY id")
    assert states == [("withdrawn", "ana", "ana"), ("refused", "ana", "ben"), ("approved", "ben", "ana")]


def test_a_limit_that_is_lowered_holds_for_what_is_asked_from_then_on(two_people: OfficeBook) -> None:
    book = two_people
    for line in ("BEFORE", "AFTER"):
        book.line(line, 200_00, SINCE)
    book.night(MONDAY)
    first, second = book.placement("BEFORE").id, book.placement("AFTER").id
    assert adjust.adjust(ana(book, MONDAY), first, "CHRTY", 150_00, "hardship").balance == 50_00
    book.practice("LAKE", four_eyes_limit=100_00)

    waits = adjust.adjust(ana(book, TUESDAY), second, "CHRTY", 150_00, "hardship")
    assert waits.limit == 100_00
    assert book.placed()["AFTER"] == ("First Bay", 200_00)
    assert adjust.adjust(ana(book, TUESDAY), second, "SMBAL", 100_00, "small").balance == 100_00

    with pytest.raises(
        RuleRefusal, match=r"150\.00 is more than the balance of 100\.00"
    ):  # asked again of the balance of now
        foureyes.approve(ben(book, WEDNESDAY), waits.proposal)
    book.practice("LAKE", four_eyes_limit=None)  # what waits goes on waiting, whatever the limit is now
    assert foureyes.refuse(ben(book, WEDNESDAY), waits.proposal, "less remains").state == "refused"
    assert adjust.adjust(ana(book, WEDNESDAY), second, "CHRTY", 100_00, "the rest").balance == 0


def test_what_was_asked_on_monday_is_moot_once_the_night_took_the_line_out(two_people: OfficeBook) -> None:
    book = two_people
    book.line("L", 480_00, SINCE)
    book.night(MONDAY)
    (waits,) = pending.post(ana(book, MONDAY), 1, ["L"]).waiting
    book.hold("A-L", TUESDAY)
    assert book.night(TUESDAY).withdrawn == {"L": "on_hold"}
    with pytest.raises(RuleRefusal, match="no longer pending as it was proposed"):
        foureyes.approve(ben(book, WEDNESDAY), waits.proposal)
    assert book.placed() == {}
