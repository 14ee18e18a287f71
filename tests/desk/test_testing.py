"""A testing day at the desk: boards, missed people by masked name, tubes, results by file."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from bulou.access.terms import Actor, Role
from bulou.coverage.actions import close_round
from bulou.coverage.queries import accounts, units
from bulou.coverage.queries import rounds as round_queries
from bulou.coverage.terms import Operation, State, Unit
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.testing.rules.payloads import tube_id
from bulou.people import projections as people
from bulou.people.queries import reads
from bulou.people.terms import Keep, Purpose, Trigger, Why
from tests.make import people as vault
from tests.make import rounds, testing
from tests.make.access import person, signed_in
from tests.make.rounds import COMMUNITY, DISTRICT, someone

pytestmark = pytest.mark.django_db
COUNTS = Path(__file__).parent.parent / "counts" / "query_counts.json"
BUDGETS: dict[str, int] = json.loads(COUNTS.read_text(encoding="utf-8"))
WHY = Why(Trigger.ORDER, Purpose.TEST_ROUND, "传染病防治法", "order 7", Keep.ROSTER)


@pytest.fixture
def lin() -> Actor:
    with transaction(whole(DISTRICT)):
        rounds.street()
    return person("lin", Role.COMMUNITY_OFFICER, COMMUNITY, team="community 005")


@pytest.fixture
def operation(lin: Actor) -> Operation:
    station = someone(Role.WORKER, DISTRICT, device=True)
    with transaction(whole(DISTRICT)):
        missing = vault.hold("张小三", path=f"{COMMUNITY}.c1", by=lin, why=WHY, phones=("13800138000",))
        sampled = testing.residents(4)
        made = testing.round_of_tests(path=COMMUNITY)
        rounds.send(station, *testing.all_in(made, sampled, "T1"))
        rounds.send(station, testing.tried(made, missing.person_id, channel="phone"))
    return made


def text(answer: object) -> str:
    return re.sub(r"\s+", " ", answer.content.decode())  # type: ignore[attr-defined]


def test_the_board_says_who_is_expected_sampled_and_open(lin: Actor, operation: Operation) -> None:
    answer = signed_in(lin).get("/testing")
    total = answer.context["total"]
    assert (total.expected, total.sampled, total.open, total.filled) == ("5", "4", "1", "1")
    assert [(row.label, row.at_site) for row in answer.context["sites"]] == [("hall", "1")]
    assert answer.context["balanced"]
    assert f"/testing/{operation.id}/missed" in text(answer)


def test_the_missed_list_has_masked_names_and_every_look_is_logged(lin: Actor, operation: Operation) -> None:
    browser = signed_in(lin)
    page = text(browser.get(f"/testing/{operation.id}/missed?area={COMMUNITY}&why=absent"))
    assert "张*三" in page
    assert "张小三" not in page
    assert "138****8000" in page
    rows = browser.get(f"/testing/{operation.id}/missed").context["rows"]
    assert [(row.missed.attempts, bool(row.missed.why)) for row in rows] == [(1, True)]
    assert browser.get(rows[0].href).status_code == 200
    with transaction(whole(DISTRICT)):
        looks = reads.of_person(DISTRICT, rows[0].missed.subject)
    assert Purpose.TEST_ROUND in {look.purpose for look in looks}


def test_a_clerk_takes_results_and_the_officer_finds_everybody_in_a_positive_tube(
    lin: Actor, operation: Operation
) -> None:
    clerk = signed_in(person("dai", Role.DATA_CLERK, DISTRICT))
    assert upload(clerk, "tube,result\nT1,positive\nT9,negative\n") == (1, 1)
    browser = signed_in(lin)
    answer = browser.get(f"/testing/tubes/{tube_id(operation.id, 'T1')}")
    assert len(answer.context["members"]) == 4
    assert answer.context["hidden"] == 0
    assert [is_open for _href, _title, is_open in answer.context["cases"]] == [True]
    listed = browser.get(f"/testing/{operation.id}/tubes?positive=yes&stage=resulted").context["rows"]
    assert [row.barcode for row in listed] == ["T1"]


def upload(browser: Client, content: str) -> tuple[int, int]:
    file = SimpleUploadedFile("results.csv", content.encode())
    answer = browser.post(f"/testing/results?area={DISTRICT}", {"file": file})
    assert answer.status_code == 200
    receipt = answer.context["receipt"]
    return receipt.stored, receipt.quarantined


def test_who_stands_in_the_round_twice_is_expected_once_by_an_officers_act(
    lin: Actor, operation: Operation
) -> None:
    browser = signed_in(lin)
    with transaction(whole(DISTRICT)):
        (missing,) = (row.subject for row in units.missed(whole(DISTRICT), operation).items)
        (sampled, *_rest) = (row.subject for row in _done(operation))
        people.alias(DISTRICT, {missing: sampled})
    assert browser.get(f"/testing/{operation.id}/missed").context["twice"] == "1"
    assert browser.post(f"/testing/{operation.id}/merged").status_code == 302
    with transaction(whole(DISTRICT)):
        account = accounts.account(whole(DISTRICT), operation)
    assert (account.expected, account.done, account.open) == (4, 4, 0)


def _done(operation: Operation) -> tuple[Unit, ...]:
    return units.listed(whole(DISTRICT), operation, states=(State.DONE,)).items


def test_the_board_asks_whether_anything_is_new_and_gets_the_figures_when_it_is(
    lin: Actor, operation: Operation
) -> None:
    browser = signed_in(lin)
    page = text(browser.get("/testing"))
    found = re.search(rf'hx-get="([^"]*/testing/{operation.id}/live[^"]*)"', page)
    assert found is not None
    address = found[1].replace("&amp;", "&")
    assert browser.get(address).status_code == 204
    station = someone(Role.WORKER, DISTRICT, device=True)
    with transaction(whole(DISTRICT)):
        (missing,) = (row.subject for row in units.missed(whole(DISTRICT), operation).items)
        rounds.send(station, testing.swab(operation, missing, "T2", payload={"site": "door to door"}))
    answer = browser.get(address)
    assert answer.status_code == 200
    assert "door to door" in text(answer)
    assert "HX-Trigger" in answer.headers


def test_an_officer_reads_signs_and_publishes_the_report_of_a_round(operation: Operation) -> None:
    he = person("he", Role.COMMAND, DISTRICT)
    browser = signed_in(he)
    address = f"/testing/{operation.id}/report?area={COMMUNITY}"
    page = text(browser.get(address))
    assert "report-bar" in page
    assert f"/testing/{operation.id}/tubes" in page  # the list behind a figure
    assert "张小三" not in page
    with transaction(whole(DISTRICT)):
        laboratory = someone(Role.SERVICE, DISTRICT, device=True)
        rounds.send(laboratory, testing.result(operation, "T1", "negative"))
        close_round(he, operation_id=operation.id, reason="one is not to be found")
    assert browser.post(address, {"act": "draft"}).status_code == 302
    seen = re.search(r'name="seen" value="([0-9a-f]{64})"', text(browser.get(address)))
    assert seen is not None
    assert browser.post(address, {"act": "sign", "seen": seen[1]}).status_code == 302
    assert browser.get(address).context["holds"]
    for kind in ("pdf", "docx", "xlsx", "json"):
        answer = browser.get(f"/testing/{operation.id}/report.{kind}?area={COMMUNITY}")
        assert answer.status_code == 200
        assert len(answer.content) > 1000
    browser.post(address, {"act": "publish"})
    assert not browser.get(address).context["is_public"]  # four people are too few
    assert browser.post(address, {"act": "burn"}).status_code == 404


def test_the_next_round_opens_with_the_corrected_list_and_a_second_one_of_a_day_with_a_name(
    operation: Operation,
) -> None:
    browser = signed_in(person("he", Role.COMMAND, DISTRICT))
    opens_at = operation.opens_at.astimezone(clock.DISTRICT_ZONE)  # on the same day, whatever the hour
    form = {
        "protocol": operation.protocol, "opens_at": f"{opens_at:%Y-%m-%dT%H:%M}",
        "due_at": f"{opens_at + timedelta(days=2):%Y-%m-%dT%H:%M}", "basis_law": "order 8",
        "after": str(operation.id),
    }  # fmt: skip
    with transaction(whole(DISTRICT)):
        (missing,) = (row.subject for row in units.missed(whole(DISTRICT), operation).items)
        office = OfficeRecord(
            kind="unit.removed", path=COMMUNITY, operation=operation.id, subject_type="person",
            subject=missing, payload={"reason": "stands in the list twice"},
        )  # fmt: skip
        submit_office(person("wu", Role.COMMUNITY_OFFICER, COMMUNITY), [office])
    address = f"/rounds/open?area={COMMUNITY}"
    refused = browser.post(address, form)
    assert refused.status_code == 422
    assert "decided_by" in refused.content.decode()
    decided = {"decided_by": "Liu, head of the office", "decision": "order 8: twenty new cases"}
    assert browser.post(address, form | decided).status_code == 302
    with transaction(whole(DISTRICT)):
        found, _ = round_queries.operations(whole(DISTRICT), protocol="testing-round")
    (later,) = (one for one in found if one.id != operation.id)
    assert later.frame_n == 4


def test_pages_of_a_testing_day_keep_to_their_budget_of_queries_whoever_is_in_it(
    lin: Actor, operation: Operation
) -> None:
    browser = signed_in(lin)
    pages = {
        "testing": f"/testing?round={operation.id}",
        "testing/live": f"/testing/{operation.id}/live",
        "testing/report": f"/testing/{operation.id}/report",
        "testing/missed": f"/testing/{operation.id}/missed",
        "testing/tubes": f"/testing/{operation.id}/tubes",
    }
    station = someone(Role.WORKER, DISTRICT, device=True)
    for more in (0, 30):  # another thirty people cost no more
        with transaction(whole(DISTRICT)):
            found = testing.residents(more)
            told = [testing.swab(operation, one, f"N{n // 5}") for n, one in enumerate(found)]
            rounds.send(station, *told)
        for name, address in pages.items():
            browser.get(address)  # what is read once per process is read
            with CaptureQueriesContext(connection) as queries:
                assert browser.get(address).status_code == 200
            assert len(queries) <= BUDGETS[name], f"{name}: {len(queries)}"
