"""The search over visits looks rows up; it never reads the table from end to end, nor the table at all."""

from datetime import timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.db import connection

from bulou.kernel import ids, sqlfiles
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from bulou.lines.tracing import models
from bulou.lines.tracing.queries import meetings
from bulou.lines.tracing.terms import Seed
from tests.make import tracing as make
from tests.make.rounds import COMMUNITY, DISTRICT

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
PEOPLE, PLACES, VISITS = 600, 100, 5_000


def seeds() -> list[Seed]:
    """5,000 visits in two weeks, and ten people to ask about."""
    chance = Random(4)
    people, places = ([ids.uuid7() for _ in range(n)] for n in (PEOPLE, PLACES))
    made: dict[tuple[UUID, Any, UUID], models.Visit] = {}
    for _ in range(VISITS):
        began = make.at(0) + timedelta(minutes=chance.randrange(14 * 1440))
        who, where = chance.choice(people), chance.choice(places)
        made[who, began, where] = models.Visit(
            district=DISTRICT, path=COMMUNITY, person=who, place=where, began_at=began,
            ended_at=began + timedelta(minutes=chance.randrange(5, 480)),
        )  # fmt: skip
    models.Visit.objects.bulk_create(made.values(), batch_size=5_000)
    return [Seed(one, make.at(0), make.at(14)) for one in people[:10]]


def read_whole() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT seq_scan FROM pg_stat_xact_user_tables WHERE relname = 'tracing_visit'")
        return int(cursor.fetchone()[0])


def test_two_degrees_never_read_the_visits_from_end_to_end() -> None:
    with transaction(ALL):
        some = seeds()
        before = read_whole()
        found = meetings.met(DISTRICT, some)
        assert read_whole() == before
    assert set(found.n_by_degree) == {1, 2}
    assert found.n_by_degree[2] > found.n_by_degree[1] > 50


def test_all_that_is_read_of_a_visit_lies_in_two_indexes() -> None:
    values: dict[str, Any] = {
        "district": DISTRICT, "persons": ids.array([ids.uuid7()]), "since": [make.at(0)],
        "until": [make.at(14)], "degrees": 2, "most": 10,
    }  # fmt: skip
    with transaction(ALL), connection.cursor() as cursor:
        seeds()
        cursor.execute("ANALYZE tracing_visit")
        cursor.execute(meetings.BY_KEY)
        cursor.execute("EXPLAIN (COSTS off) " + sqlfiles.load("bulou.lines.tracing", "met"), values)
        plan = "\n".join(line for (line,) in cursor.fetchall())
        scans = [line.split("->")[-1].strip() for line in plan.splitlines() if " on tracing_visit" in line]
        assert len(scans) == 4
        assert all(scan.startswith("Index Only Scan using tracing_visit_p") for scan in scans), plan
        # what the wall asks of a row is asked of what the index holds
        assert plan.count("bulou.scope") == 4


def test_the_wall_stands_around_the_search() -> None:
    here, there = Scope((DISTRICT,), (COMMUNITY,)), f"{DISTRICT}.001.002"
    with transaction(ALL):
        some = seeds()
        whole_town = meetings.met(DISTRICT, some)
        models.Visit.objects.filter(district=DISTRICT).update(path=there)
    assert whole_town.people
    with transaction(here):
        assert meetings.met(DISTRICT, some).people == ()
    with transaction(Scope((DISTRICT,), (there,))):
        assert meetings.met(DISTRICT, some) == whole_town
