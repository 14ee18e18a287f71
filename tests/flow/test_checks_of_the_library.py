"""Checks 4 to 10 at the end of the protocol library, each through the desk or the interface and its records.

Checks 1 and 2 stand in `test_a_round_of_a_thousand`; docs/explanation/engine.md says where each one stands.
"""

import re
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings as django_settings
from django.test import Client
from pytest_django import Settings

from bulou.access.terms import Actor, Role
from bulou.coverage.queries.units import missed
from bulou.evidence import actions as evidence
from bulou.evidence.terms import Handed
from bulou.intake.actions.office import submit_office
from bulou.intake.actions.proving import verify
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.screening.actions.teams import name_member
from bulou.lines.screening.terms import TeamRole
from tests.make import access as people
from tests.make import isolation, photos, register, rounds
from tests.make.rounds import COMMUNITY, DISTRICT, someone

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NEXT = f"{COMMUNITY}.c2"


@pytest.fixture(autouse=True)
def _district() -> None:
    with transaction(ALL):
        rounds.street(compounds=2, doors=3)


def signed_in(name: str, role: Role, path: str, team: str) -> Client:
    with transaction(ALL):
        client = people.signed_in(people.person(name, role, path, team=team))
    client.cookies[django_settings.LANGUAGE_COOKIE_NAME] = "en"
    return client


def text(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def done(client: Client, address: str, **form: Any) -> None:
    answer = client.post(address, form)
    assert answer.status_code == 302, re.findall(r'class="error"[^>]*>([^<]+)', answer.content.decode())


def local(at: datetime) -> str:
    return f"{at.astimezone(clock.DISTRICT_ZONE):%Y-%m-%dT%H:%M}"


def test_4_escort_with_five_people_received_as_four_stays_open_and_climbs_to_the_district() -> None:
    escort = signed_in("wei", Role.COMMUNITY_OFFICER, COMMUNITY, "gate")
    receiver = signed_in("receiver", Role.COMMUNITY_OFFICER, NEXT, "community")
    command = signed_in("he", Role.COMMAND, DISTRICT, "command")
    five = [str(ids.uuid7()) for _ in range(5)]
    done(
        escort, f"/handovers/new?area={COMMUNITY}", path=COMMUNITY, protocol="escort-handover@1",
        items="\n".join(five), registered="5", to=NEXT, unit="gate", to_unit="community",
    )  # fmt: skip
    page = found(text(escort, "/handovers"), r'href="(/handovers/[0-9a-f-]{36})')
    done(escort, page, step="give", outcome="departed", count="5")
    short = {"step": "receive", "outcome": "accepted", "count": "4"}
    assert receiver.post(page, short).status_code == 422  # who is missing is asked for
    done(receiver, page, **short, missing=[five[4]])
    assert "the count differs" in text(escort, "/handovers")
    now = clock.now()
    board = f"/handovers?area={DISTRICT}"
    with clock.frozen(now + timedelta(hours=1, minutes=55)):
        assert "the district office" not in text(command, board)
    with clock.frozen(now + timedelta(hours=2, minutes=5)):
        late = text(command, board)
        assert "the count differs" in late
        assert "the district office" in late
    done(receiver, page, step="receive", outcome="accepted", count="1")
    assert page not in text(command, board)


def test_5_two_offline_phones_with_different_outcomes_are_both_kept_and_both_seen() -> None:
    with transaction(ALL):
        operation = rounds.screening()
        phones = [
            people.phone(people.person(name, Role.WORKER, COMMUNITY, team=name), name=name)
            for name in ("qian", "wu")
        ]
        door = missed(ALL, operation, path=COMMUNITY, limit=1).items[0].subject
    now = clock.now()
    told = [
        rounds.visit(
            operation, door, "refused", payload={"met": "adult"}, at=now - timedelta(hours=1), device_seq=1
        ),
        rounds.visit(operation, door, "absent_notice_left", at=now - timedelta(hours=2), device_seq=1),
    ]
    for phone, record in zip(phones, told, strict=True):
        answer = handed_in(phone, [record])
        assert [one["standing"] for one in answer["results"]] == ["kept"]
    lin = signed_in("lin", Role.COMMUNITY_OFFICER, COMMUNITY, "community 5")
    page = text(lin, f"/subjects/dwelling/{door}")
    assert "Qian" in page
    assert "Wu" in page
    assert page.index("Did not wish to") < page.index("Nobody in")
    for phone in phones:  # each worker is told what the other found
        tasks = asked(phone, "/api/v1/worklist")["tasks"]
        (task,) = [one for one in tasks if one["subject"] == str(door)]
        assert (task["why"], task["attempts"]) == ("refused", 2)
    account = asked(phones[1], f"/api/v1/operations/{operation.id}/account")
    assert (account["expected"], account["open"]) == (6, 6)


def handed_in(phone: people.Phone, records: list[dict[str, Any]]) -> Any:
    body = {"device": str(phone.device_id), "sent_at": clock.now().isoformat(), "records": records}
    answer = Client().post(
        "/api/v1/records", body, content_type="application/json",
        headers={"Authorization": f"Bearer {phone.token}"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    return answer.json()


def asked(phone: people.Phone, address: str) -> Any:
    answer = Client().get(address, headers={"Authorization": f"Bearer {phone.token}"})
    assert answer.status_code == 200, answer.content
    return answer.json()


def test_6_another_regime_on_day_four_moves_the_end_and_the_old_end_stays_with_its_reason() -> None:
    zhou = signed_in("zhou", Role.STREET_OFFICER, f"{DISTRICT}.001", "street")
    day0 = clock.now() - timedelta(days=4)
    first = clock.local_date(day0)
    with transaction(ALL):
        officer = isolation.officer()
        site = isolation.opened(officer, at=day0 - timedelta(hours=1))
        stay = isolation.guest(officer, site, "101", at=day0, **{"from": first.isoformat()})
        watch = isolation.stay_of(stay).watch
    page = f"/watches/{watch}"
    old = clock.day_bounds(first + timedelta(days=7))[1]
    assert local(old)[:10] in text(zhou, page)
    form = {"step": "regime", "regime": "cn-20", "counted_from": first.isoformat()}
    assert zhou.post(page, form).status_code == 422  # not without a reason
    done(zhou, page, **form, reason="the twenty measures of 11 November")
    shown = text(zhou, page)
    new = clock.day_bounds(first + timedelta(days=5))[1]
    assert f"<s>{local(old).replace('T', ' ')}</s>" in shown
    assert local(new).replace("T", " ") in shown
    assert "the twenty measures of 11 November" in shown


def test_7_a_key_person_without_a_policeman_for_twelve_hours_is_on_the_list_of_the_community() -> None:
    person, began = ids.uuid7(), clock.now() - timedelta(hours=20)
    lin = signed_in("lin", Role.COMMUNITY_OFFICER, COMMUNITY, "community 5")
    with transaction(ALL):
        officer = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
        register.set_rule()
        rounds.send(
            someone(Role.WORKER, COMMUNITY, device=True),
            register.came(person, stays=[register.WUHAN], at=began),
        )
        for role in (TeamRole.TOWNSHIP_CADRE, TeamRole.VILLAGE_CADRE):
            name_member(officer, role=role, account=ids.uuid7(), person_id=person, since=began)
        name_member(
            officer, role=TeamRole.POLICE, account=ids.uuid7(), person_id=person, since=began,
            until=clock.now() - timedelta(hours=11),
        )  # fmt: skip
    teams = f"/teams?area={COMMUNITY}"
    assert not due(text(lin, teams))
    with clock.frozen(clock.now() + timedelta(hours=1, minutes=1)):
        assert due(text(lin, teams)) == ["Police"]


def due(page: str) -> list[str]:
    """The roles that have been empty for twelve hours, as the list marks them."""
    rows = [row for row in page.split("<tr>") if "late" in row and "/people/" in row]
    return [found(row, r"(Police|Township|Village)") for row in rows]


def test_8_a_day_with_seven_open_findings_asks_for_seven_reasons_and_its_report_is_made_of_records() -> None:
    sun = signed_in("sun", Role.SUPERVISION, DISTRICT, "supervision")
    he = signed_in("he", Role.COMMAND, DISTRICT, "command")
    with transaction(ALL):
        inspector = someone(Role.SUPERVISION, DISTRICT, team="supervision 5")
        findings = [opened_finding(inspector) for _ in range(7)]
    today = clock.local_date(clock.now()).isoformat()
    report = f"/reports/daily?date={today}&area={DISTRICT}"
    assert len(without_reason(text(he, report))) == 7
    lin = signed_in("lin", Role.COMMUNITY_OFFICER, COMMUNITY, "community 5")
    for n, finding in enumerate(findings, 1):
        done(lin, f"/findings/{finding}", step="reason", on=today, text=f"reason {n}")
        assert len(without_reason(text(he, report))) == 7 - n
    he.post("/reports/draft", {"date": today, "area": DISTRICT})
    shown = text(he, report)
    assert all(f"reason {n}" in shown for n in range(1, 8))
    assert sun.get(report).status_code == 200


def opened_finding(by: Actor) -> UUID:
    finding = ids.uuid7()
    record = OfficeRecord(
        kind="supervision.finding", path=f"{COMMUNITY}.c1", subject_type="finding", subject=finding,
        outcome="found", payload={"severity": "serious", "text": "The gate is open"},
    )  # fmt: skip
    submit_office(by, [record])
    return finding


def without_reason(page: str) -> list[str]:
    """The findings of the report whose last cell, the reason when open, is empty."""
    rows = [re.findall(r"<td[^>]*>(.*?)</td>", row, re.DOTALL) for row in page.split("<tr")]
    return [row[1] for row in rows if len(row) == 6 and "The gate is open" in row[1] and "–" in row[5]]


def test_9_who_answered_for_a_compound_on_27_january_has_the_name_that_was_true_then() -> None:
    january = [datetime(2026, 1, day, 9, tzinfo=clock.DISTRICT_ZONE) for day in (20, 29)]
    with clock.frozen(january[0] - timedelta(days=1)):
        wen = signed_in("wen", Role.COMMAND, DISTRICT, "command")
    with transaction(ALL), clock.frozen(january[0] - timedelta(days=1)):
        one, two = (people.person(n, Role.COMMUNITY_OFFICER, COMMUNITY) for n in ("first", "second"))
        held = register_person()
    compound = f"{COMMUNITY}.c1"
    for at, who in zip(january, (one, two), strict=True):
        with clock.frozen(at):
            done(wen, f"/areas/duty?area={compound}", role="lead", account=str(who.account_id))
    page = text(wen, f"/areas?area={compound}")
    rows = re.findall(r"(First|Second).*?(2026-01-\d\d).*?(2026-01-\d\d|<)", page, re.DOTALL)
    on_the_27th = [name for name, since, until in rows if since <= "2026-01-27" < until.replace("<", "9")]
    assert on_the_27th == ["First"]
    with transaction(ALL), clock.frozen(january[1] + timedelta(days=2)):
        officer = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
        for at, who in zip(january, (one, two), strict=True):
            name_member(
                officer, role=TeamRole.POLICE, account=who.account_id, person_id=held, since=at,
                until=january[1] if who is one else None,
            )  # fmt: skip
    lin = signed_in("lin", Role.COMMUNITY_OFFICER, COMMUNITY, "community 5")
    for day, name in (("2026-01-27", "First"), ("2026-02-02", "Second")):
        team = text(lin, f"/people/{held}?on={day}").split("Who answers for this person")[1].split("<form")[0]
        assert [n for n in ("First", "Second") if n in team] == [name]


def register_person() -> UUID:
    person = ids.uuid7()
    register.set_rule()
    rounds.send(
        someone(Role.WORKER, COMMUNITY, device=True),
        register.came(person, stays=[register.WUHAN], at=datetime(2026, 1, 19, tzinfo=clock.DISTRICT_ZONE)),
    )
    return person


def test_10_photos_are_destroyed_when_their_time_is_over_and_every_count_stays(
    tmp_path: Path, settings: Settings
) -> None:
    settings.MEDIA_ROOT = tmp_path / "files"
    inspector = someone(Role.SUPERVISION, DISTRICT, team="supervision 5")
    with transaction(ALL):
        finding = opened_finding(inspector)
        (record,) = (one.id for one in ledger.records_of(DISTRICT, subjects=[finding]))
    photo = Handed(id=ids.uuid7(), record=record, area=f"{COMMUNITY}.c1", content=photos.photo())
    evidence.keep(inspector, photo)
    sun = signed_in("sun", Role.SUPERVISION, DISTRICT, "supervision 5")
    picture = f"/attachments/{photo.id}"
    assert sun.get(picture).status_code == 200
    today = clock.local_date(clock.now()).isoformat()
    report = f"/reports/daily?date={today}&area={DISTRICT}"
    before = figures(text(sun, report))
    with clock.frozen(clock.now() + timedelta(days=91)):
        assert evidence.discard_due(DISTRICT) == 1
    assert list((tmp_path / "files").rglob("*.jpg")) == []
    assert sun.get(picture).status_code == 410
    assert figures(text(sun, report)) == before
    with transaction(ALL):
        assert verify().faults == ()
        kinds = [one.kind for one in ledger.records_of(DISTRICT, subjects=[photo.id])]
    assert kinds == ["evidence.kept", "evidence.discarded"]


def figures(page: str) -> list[str]:
    """Every number of the report's tables."""
    return re.findall(r"<td[^>]*>\s*(\d+)", page)


def found(page: str, pattern: str) -> str:
    one = re.search(pattern, page)
    assert one is not None, pattern
    return one[1]
