"""Payment batches in few calls, on an `OfficeBook`: enter, distribute, post, and what then stands in the books."""

from __future__ import annotations

import itertools
from typing import Any

from bo_tui.db.tables import Distribution, Entry
from bo_tui.office import Office
from bo_tui.rules.batches import batches, distributions, payments, posting
from bo_tui.rules.batches.model import Header, PostDone, Share
from tests.support.book import Day, OfficeBook, day

NUMBERS = itertools.count(1000)


class Desk:
    """A practice's payment batches; amounts are cents."""

    def __init__(self, book: OfficeBook, when: Day) -> None:
        self.book = book
        self.day = day(when)

    @property
    def office(self) -> Office:
        """The office on the desk's day."""
        return self.book.office.on(self.day)

    def header(self, kind: str, amount: int, **more: Any) -> Header:
        """A check of the day, numbered by itself."""
        return Header(kind, str(more.pop("number", next(NUMBERS))), amount, more.pop("date", self.day), **more)

    def batch(self, *amounts: int) -> int:
        """A batch that expects payments of these amounts."""
        return batches.create(self.office, 1, len(amounts), sum(amounts)).batch

    def enter(self, batch: int, header: Header, *shares: Share) -> int:
        """A payment with its distributions; its id."""
        made = payments.create(self.office, batch, header).payment
        if shares:
            distributions.add(self.office, made, shares)
        return made

    def post(self, batch: int, *chosen: int, **more: Any) -> PostDone:
        """Post a batch, or some of its payments."""
        return posting.post(self.office, batch, chosen or None, **more)

    def paid(self, header: Header, *shares: Share, **more: Any) -> PostDone:
        """One payment in a batch of its own, posted."""
        batch = self.batch(header.amount)
        self.enter(batch, header, *shares)
        return self.post(batch, **more)

    def agency(self, agency: str, amount: int, *shares: Share, repoint: bool = False, **more: Any) -> PostDone:
        """An agency's check, posted."""
        return self.paid(self.header("agency", amount, agency=agency, **more), *shares, repoint=repoint)

    def guarantor(self, account: str, amount: int, *shares: Share, **more: Any) -> PostDone:
        """A guarantor's check, posted."""
        return self.paid(self.header("guarantor", amount, account=account, **more), *shares)

    def insurer(self, amount: int, *shares: Share, **more: Any) -> PostDone:
        """An insurer's check, posted."""
        return self.paid(self.header("insurance", amount, payer="Acme Health", **more), *shares)

    # --- what stands then ---------------------------------------------------------------------------------------

    def moved(self, done: PostDone | int) -> list[tuple[str, str, str, int]]:
        """(code, debit, credit, cents) of what a posting, or an act, moved."""
        self.book.office.store.use()
        acts = (done,) if isinstance(done, int) else done.acts
        query = Entry.select(Entry.code, Entry.debit, Entry.credit, Entry.amount).where(Entry.act.in_(acts))
        return list(query.order_by(Entry.id).tuples())

    def stands(self, name: str) -> int:
        """What a book holds, debits less credits."""
        sql = "SELECT coalesce(sum((debit = ?) * amount - (credit = ?) * amount), 0) FROM entry"
        return self.book.sql(sql, name, name)[0][0]

    def books(self) -> dict[str, int]:
        """What every book holds that is not empty."""
        names = {name for row in self.book.sql("SELECT DISTINCT debit, credit FROM entry") for name in row}
        return {name: self.stands(name) for name in sorted(names) if self.stands(name)}

    def last(self) -> Distribution:
        """The distribution made last."""
        return Distribution.select().order_by(Distribution.id.desc()).get()


def gross(placement: int, cents: int, net: int | None = None, **more: Any) -> Share:
    """A placement's share: gross, and net where a commission was kept."""
    kept = None if net is None else cents - net
    return Share(
        "placement", placement=placement, gross=cents, net=cents if net is None else net, commission=kept, **more
    )


def to_line(line: str, cents: int, **more: Any) -> Share:
    """A line's share."""
    return Share("line", cents, line, **more)
