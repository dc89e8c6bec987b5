"""What becomes of a file that was made: sent once, acknowledged once, and not at all where there is nothing to send."""

from __future__ import annotations

import pytest

from bo_tui.db.tables import AgencyFile, Change
from bo_tui.errors import RuleRefusal
from bo_tui.office import Office
from bo_tui.rules import ledger
from bo_tui.rules.external import files
from tests import making
from tests.making import DAY, PRACTICE
from tests.rules.external.test_files import placed


def test_a_file_is_sent_once_and_acknowledged_once(office: Office) -> None:
    agency = making.make_agency(office)
    placed(office, agency, 1, 2)
    (made,) = files.make_files(office, PRACTICE, agency)
    files.mark_sent(office, made.id)
    with pytest.raises(RuleRefusal, match="already sent"):
        files.mark_sent(office, made.id)
    said = files.acknowledge(office.on(DAY + 1), made.id, 1, 960_05)
    assert said == "The agency acknowledged 1 account less and 0.05 more than the file holds."
    file = AgencyFile.get_by_id(made.id)
    assert (file.state, file.sent, file.acknowledged) == ("acknowledged", DAY, DAY + 1)
    assert (file.acknowledged_accounts, file.acknowledged_amount) == (1, 960_05)
    for again in (lambda: files.acknowledge(office, made.id, 2, 960_00), lambda: files.mark_sent(office, made.id)):
        with pytest.raises(RuleRefusal, match="already acknowledged"):
            again()
    changes = Change.select(Change.field, Change.after).where(Change.act == file.act).tuples()
    assert ("state", "acknowledged") in list(changes)


def test_an_acknowledgement_that_agrees_says_so_and_none_is_below_zero(office: Office) -> None:
    agency = making.make_agency(office)
    placed(office, agency, 1)
    (made,) = files.make_files(office, PRACTICE, agency)
    with pytest.raises(RuleRefusal) as refused:
        files.acknowledge(office, made.id, -1, 480_00)
    assert refused.value.field == "accounts"
    assert files.acknowledge(office, made.id, 1, 480_00) == "The agency's 1 account and 480.00 agree with the file."


def test_debt_known_to_the_agency_from_the_start_has_no_file_to_send(office: Office) -> None:
    agency = making.make_agency(office)
    with office.act("import", PRACTICE) as draft:
        earlier: int = AgencyFile.insert(
            practice=PRACTICE, agency=agency, kind="earlier", sequence=0, file_type="csv", business_date=DAY, count=1,
            accounts=1, total=1, made_act=draft.id, act=draft.id,
        ).execute()  # fmt: skip
        ledger.seal(draft)
    with pytest.raises(RuleRefusal, match="there is no file"):
        files.mark_sent(office, earlier)
    placed(office, agency, 1)
    assert files.make_files(office, PRACTICE, agency)[0].sequence == 1
    assert [path for path in files.write_copies(office) if path] == ["outbox/LAKE/First-Bay-000001.csv"]
