"""1,317 people were once marked by hand without a reason: no way does it, and supervision sees who tried."""

import json
import re
from argparse import ArgumentParser
from contextlib import nullcontext, suppress
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from django.db import IntegrityError, connection
from django.db import transaction as db
from django.test import Client

from bulou.access.terms import Role
from bulou.doors.cli import standing
from bulou.doors.cli.imports import command
from bulou.doors.cli.terminal import CommandError
from bulou.doors.desk.restriction_new import source_key
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.lines.restrictions import models, queries
from bulou.lines.restrictions.actions import acts
from bulou.lines.restrictions.terms import Evidence, Facts
from tests.make import access as people
from tests.make import restrictions as make
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db
MANY = 1_317
ALL = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> None:
    with transaction(ALL):
        street()


def named() -> list[UUID]:
    return [ids.uuid7() for _ in range(MANY)]


def nobody_is_held() -> bool:
    with transaction(ALL):
        return not models.Restriction.objects.exists() and queries.in_force(ALL, clock.now()) == ()


def supervision_reads() -> str:
    """What supervision of the district finds on its page."""
    with transaction(ALL):
        sun = people.signed_in(people.person("sun", Role.SUPERVISION, DISTRICT, team="supervision"))
    return sun.get("/restrictions", HTTP_ACCEPT_LANGUAGE="en").content.decode().split("Stopped attempts")[1]


def officer() -> Client:
    with transaction(ALL):
        return people.signed_in(people.person("wei", Role.STREET_OFFICER, COMMUNITY, team="street office"))


def form(persons: list[UUID], law: UUID, source: str) -> dict[str, object]:
    now = clock.now().astimezone(clock.DISTRICT_ZONE)
    return {
        "person": [str(person) for person in persons], "evidence": "travel", "measure": "home",
        "happened_at": f"{now:%Y-%m-%dT%H:%M}", "advice": "-", "monitoring": "-", "place": "at home",
        "supplies": "-", "basis": str(law), "ends_at": f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}",
        **{source_key(n): source for n in range(len(persons))},
    }  # fmt: skip


@pytest.mark.parametrize("source", ["", "on the list"])
def test_by_the_form(source: str) -> None:
    law, wei = make.basis(), officer()
    answer = wei.post(f"/restrictions/new?area={COMMUNITY}", form(named(), law, source))
    assert answer.status_code == 422
    assert nobody_is_held()
    told = supervision_reads()
    assert "1317" in told
    assert "there is no evidence" in told
    assert "Wei" in told


def test_by_the_form_in_portions_each_without_evidence() -> None:
    law, wei = make.basis(), officer()
    answer = wei.post(f"/restrictions/new?area={COMMUNITY}", form(named()[:20], law, " "))
    assert answer.status_code == 422
    assert nobody_is_held()
    assert ">20<" in supervision_reads()


def test_by_the_action_itself() -> None:
    facts = [Facts(person, Evidence.TRAVEL, ids.uuid7()) for person in named()]
    with pytest.raises(ProblemError, match=r"restrictions\.evidence_missing"):
        acts.propose(make.street(), make.proposal(facts, make.basis()))
    assert nobody_is_held()
    assert "1317" in supervision_reads()


def test_by_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(standing, "database", nullcontext)  # the tests' own database stands already
    file = tmp_path / "list.csv"
    rows = "".join(f"{person},home,2026-12-31\n" for person in named())
    file.write_text("person,measure,until\n" + rows, encoding="utf-8")
    said = command()
    parser = ArgumentParser()
    said.arguments(parser)
    with pytest.raises(CommandError, match=r"(A file restricts nobody|文件)") as error:
        said.run(parser.parse_args(["restrictions", str(file), "--area", DISTRICT]))
    assert error.value.exit_code == 2
    assert nobody_is_held()
    told = supervision_reads()
    assert "1317" in told
    assert "A file restricts nobody" in told


@pytest.mark.parametrize("kind", ["restriction.evidence", "restriction.proposed", "restriction.decided"])
def test_by_the_interface(kind: str) -> None:
    with transaction(ALL):
        phone = people.phone(people.person("qian", Role.WORKER, COMMUNITY, team="volunteers"))
    persons, standings = named(), []
    for start in range(0, MANY, 500):
        records = [
            {
                "id": str(ids.uuid7()), "kind": kind, "subject": {"type": "person", "id": str(person)},
                "outcome": "", "device_seq": start + n + 1, "observed_at": clock.now().isoformat(),
                "protocol": "", "payload": {"evidence": "travel", "source": "on the list", "measure": "home"},
            }
            for n, person in enumerate(persons[start : start + 500])
        ]  # fmt: skip
        body = {"device": str(phone.device_id), "sent_at": clock.now().isoformat(), "records": records}
        answer = Client().post(
            "/api/v1/records", json.dumps(body), content_type="application/json",
            headers={"Authorization": f"Bearer {phone.token}"},
        )  # fmt: skip
        assert answer.status_code == 200
        standings += [one["standing"] for one in answer.json()["results"]]
    assert set(standings) == {"doubtful"}
    assert nobody_is_held()
    # what a phone calls evidence is none: not for the act, not for the database
    with transaction(ALL):
        forged = {one.subject: one.id for one in ledger.records_of(DISTRICT, kinds=[kind])}
    facts = [Facts(person, Evidence.TRAVEL, forged[person]) for person in persons]
    with pytest.raises(ProblemError, match=r"restrictions\.evidence_missing"):
        acts.propose(make.street(), make.proposal(facts, make.basis()))
    assert nobody_is_held()
    told = supervision_reads()
    assert "such records restrict nobody" in told
    counted = [int(n) for n in re.findall(r'class="n"[^>]*>(\d+)<', told)]
    assert sum(counted) == 2 * MANY  # three batches of a phone, and the act that relied on them


def test_by_a_statement() -> None:
    """As the application's own role, past every action: one row at a time, and all in one statement."""
    held = acts.propose(make.street(), make.proposal([make.facts()], make.basis()))
    one_by_one = (
        "INSERT INTO restrictions_restriction SELECT (jsonb_populate_record(r, jsonb_build_object('id',"
        " gen_random_uuid(), 'person', %s::text, 'evidence_record', gen_random_uuid()))).*"
        " FROM restrictions_restriction r WHERE r.act = %s LIMIT 1"
    )
    at_once = (
        "INSERT INTO restrictions_restriction SELECT (jsonb_populate_record(r, jsonb_build_object('id',"
        " gen_random_uuid(), 'person', gen_random_uuid(), 'evidence_record', gen_random_uuid()))).*"
        " FROM restrictions_restriction r, generate_series(1, 1317) WHERE r.act = %s"
    )
    before = queries.refused()
    with transaction(ALL), connection.cursor() as cursor:
        for person in named():
            with suppress(IntegrityError), db.atomic():
                cursor.execute(one_by_one, [person, held.id])
        with pytest.raises(IntegrityError, match="evidence"), db.atomic():
            cursor.execute(at_once, [held.id])
        assert models.Restriction.objects.count() == 1
    assert queries.refused() - before == MANY + 1
    with transaction(ALL):
        acts.tell_refused()
    assert acts.tell_refused() == 0
    told = supervision_reads()
    assert "Statements past the program" in told
