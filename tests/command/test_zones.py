"""A level of an area: from when, until when, by whom; the strictest on the way down holds."""

import random
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError
from django.db import transaction as db
from django.db.utils import ProgrammingError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access.terms import Role
from bulou.command import models, projections
from bulou.command.queries import zones as queries
from bulou.command.rules import zones as rules
from bulou.command.terms import Level, ZoneStanding
from bulou.grid import models as grid
from bulou.intake.actions.office import submit_office
from bulou.intake.actions.proving import replay_check
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import Scope, transaction, whole
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from tests.make import command as make
from tests.make.command import COMPOUND
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NOON = datetime(2026, 11, 2, 4, tzinfo=UTC)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@pytest.fixture(autouse=True)
def _district() -> Iterator[None]:
    with clock.frozen(NOON), transaction(ALL):
        street(compounds=8, doors=5)
        yield


def test_a_level_holds_from_its_moment_to_its_end_and_ends_by_the_clock() -> None:
    make.set_zone(make.office(), Level.SEALED, from_at=NOON + HOUR, days=7)
    assert make.level_at(COMPOUND, NOON) is Level.NORMAL
    assert make.level_at(COMPOUND, NOON + HOUR) is Level.SEALED
    assert make.level_at(COMPOUND, NOON + HOUR + 7 * DAY) is Level.NORMAL
    (zone,) = make.of()
    assert rules.standing(zone, NOON) is ZoneStanding.COMING
    assert rules.standing(zone, NOON + HOUR) is ZoneStanding.IN_FORCE
    assert rules.standing(zone, NOON + 8 * DAY) is ZoneStanding.ENDED
    assert queries.zones(ALL, NOON + 8 * DAY) == ()


def test_nothing_holds_before_it_was_decided() -> None:
    make.set_zone(make.office(), Level.SEALED, from_at=NOON - DAY)
    assert make.level_at(COMPOUND, NOON - HOUR) is Level.NORMAL
    assert make.level_at(COMPOUND, NOON) is Level.SEALED


def test_the_strictest_level_on_the_way_down_holds() -> None:
    make.set_zone(make.office(), Level.PRECAUTION, path=COMMUNITY)
    make.set_zone(make.office(), Level.SEALED, path=COMPOUND)
    door = f"{COMPOUND}.b1"
    assert make.level_at(door, NOON) is Level.SEALED
    assert make.level_at(f"{COMMUNITY}.c2", NOON) is Level.PRECAUTION
    assert make.level_at(f"{COMMUNITY}.c11", NOON) is Level.PRECAUTION
    assert make.level_at(f"{DISTRICT}.001.006", NOON) is Level.NORMAL
    make.set_zone(make.office(), Level.PRECAUTION, path=f"{COMPOUND}")
    assert make.level_at(door, NOON) is Level.PRECAUTION, "lowered by a new decision"


def test_many_places_are_answered_by_one_question(django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    make.set_zone(make.office(), Level.CONTROLLED)
    with django_assert_num_queries(1):
        found = queries.zones_at(DISTRICT, [COMPOUND, f"{COMPOUND}.b1", f"{COMMUNITY}.c2"], NOON)
    assert {path: zone.level for path, zone in found.items()} == {
        COMPOUND: Level.CONTROLLED,
        f"{COMPOUND}.b1": Level.CONTROLLED,
    }


def test_a_past_moment_keeps_its_level_after_it_was_lowered_and_ended() -> None:
    he = make.office()
    make.set_zone(he, Level.SEALED, when=NOON - 5 * DAY, days=7)
    make.set_zone(he, Level.CONTROLLED, when=NOON - 2 * DAY, days=4)
    make.end(he, when=NOON - DAY)
    levels = [make.level_at(COMPOUND, NOON - days * DAY) for days in (6, 5, 3, 2, 1)]
    assert levels == [Level.NORMAL, Level.SEALED, Level.SEALED, Level.CONTROLLED, Level.NORMAL]
    sealed, controlled = make.of()
    assert rules.standing(sealed, NOON) is ZoneStanding.REPLACED
    assert sealed.replaced_by == controlled.id
    assert rules.standing(controlled, NOON) is ZoneStanding.LIFTED
    assert controlled.lifted_why


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"days": 14.1}, "command.too_long"),
        ({"days": 0}, "command.times"),
        ({"from_at": NOON - 3 * DAY, "days": 1}, "command.times"),
        ({"law": " "}, "command.law_missing"),
        ({"number": ""}, "command.law_missing"),
        ({"issuer": ""}, "command.law_missing"),
        ({"reason": ""}, "command.reason_missing"),
        ({"evidence": ""}, "command.reason_missing"),
        ({"level": "normal_area"}, "command.no_level"),
        ({"level": "red"}, "command.unreadable"),
        ({"path": f"{COMMUNITY}.c99"}, "command.no_area"),
    ],
)
def test_what_lacks_law_reason_or_end_is_refused(said: dict[str, object], code: str) -> None:
    with pytest.raises(ProblemError, match=code):
        make.set_zone(make.office(), **said)  # type: ignore[arg-type]
    assert make.of() == ()


def test_going_on_needs_a_reason_and_evidence_that_are_new() -> None:
    he = make.office()
    make.set_zone(he, Level.SEALED, when=NOON - 5 * DAY, days=7)
    for same in (
        {},
        {"reason": "somebody new"},
        {"evidence": "report 8"},
        {"reason": " A tube was POSITIVE"},
    ):
        with pytest.raises(ProblemError, match=r"command\.not_new"):
            make.set_zone(he, Level.SEALED, **same)
    soon = NOON + HOUR / 60
    make.set_zone(he, Level.CONTROLLED, days=2)  # milder and no longer: the old reason does
    with pytest.raises(ProblemError, match=r"command\.not_new"):
        make.set_zone(he, Level.CONTROLLED, days=3)
    make.set_zone(he, Level.SEALED, when=soon, reason="somebody new", evidence="report 8")
    assert make.level_at(COMPOUND, NOON + 6 * DAY) is Level.SEALED


def test_a_week_without_a_zone_breaks_the_chain() -> None:
    he = make.office()
    make.set_zone(he, Level.SEALED, when=NOON - 10 * DAY, days=3)
    make.set_zone(he, Level.SEALED)
    assert make.level_at(COMPOUND, NOON) is Level.SEALED


def test_a_whole_community_needs_two_units() -> None:
    one, other = make.office(), make.office(team="health bureau")
    zone = make.set_zone(one, Level.SEALED, path=COMMUNITY)
    assert make.level_at(COMPOUND, NOON) is Level.NORMAL
    assert rules.standing(make.of(COMMUNITY)[0], NOON) is ZoneStanding.PROPOSED
    for same in (one, make.office(), make.office(team="")):
        with pytest.raises(ProblemError, match=r"command\.same_unit"):
            make.second(same, zone, path=COMMUNITY)
    make.second(other, zone, path=COMMUNITY, when=NOON + HOUR / 60)
    assert make.level_at(COMPOUND, NOON) is Level.NORMAL
    assert make.level_at(COMPOUND, NOON + HOUR) is Level.SEALED
    with pytest.raises(ProblemError, match=r"command\.nothing_waits"):
        make.second(other, zone, path=COMMUNITY)


def test_a_precaution_over_a_community_is_decided_by_one() -> None:
    make.set_zone(make.office(), Level.PRECAUTION, path=COMMUNITY)
    assert make.level_at(COMPOUND, NOON) is Level.PRECAUTION


def test_silence_of_the_second_unit_is_no() -> None:
    zone = make.set_zone(make.office(), Level.SEALED, path=COMMUNITY)
    with clock.frozen(NOON + DAY):
        assert rules.standing(make.of(COMMUNITY)[0], clock.now()) is ZoneStanding.LAPSED
        with pytest.raises(ProblemError, match=r"command\.nothing_waits"):
            make.second(make.office(team="health bureau"), zone, path=COMMUNITY)


def test_one_officer_seals_few_areas_a_day_alone() -> None:
    he = make.office()
    for n in range(1, 6):
        make.set_zone(he, Level.SEALED, path=f"{COMMUNITY}.c{n}")
    with pytest.raises(ProblemError, match=r"command\.two_units"):
        make.set_zone(he, Level.SEALED, path=f"{COMMUNITY}.c6")
    zone = make.set_zone(he, Level.SEALED, path=f"{COMMUNITY}.c6", two_units=True)
    assert make.level_at(f"{COMMUNITY}.c6", NOON) is Level.NORMAL
    make.second(make.office(team="health bureau"), zone, path=f"{COMMUNITY}.c6", when=NOON + HOUR / 60)
    assert make.level_at(f"{COMMUNITY}.c6", NOON + HOUR) is Level.SEALED


def test_a_community_officer_a_phone_and_the_next_street_set_no_zone() -> None:
    for by in (someone(Role.COMMUNITY_OFFICER, COMMUNITY), make.office(path=f"{DISTRICT}.002")):
        with pytest.raises(ProblemError, match=r"access\."):
            make.set_zone(by)
    phone = someone(Role.STREET_OFFICER, DISTRICT, device=True)
    said = make.decision()
    record = {
        "id": str(said.id), "kind": "zone.set", "subject": {"type": "zone", "id": str(said.subject)},
        "outcome": "", "payload": dict(said.payload), "observed_at": NOON.isoformat(), "area": COMPOUND,
    }  # fmt: skip
    send(phone, record)
    assert make.of() == ()


def test_the_database_refuses_a_long_zone_an_end_before_a_start_and_two_at_once() -> None:
    make.set_zone(make.office())
    row = models.Zone.objects.get()
    for change in (
        {"until": row.from_at + 15 * DAY},
        {"until": row.from_at - DAY},
        {"held": (row.from_at - DAY, row.until)},
        {"held": (row.from_at, row.until + DAY)},
        {"two_units": True, "second_at": row.until},
    ):
        with pytest.raises(IntegrityError), db.atomic():
            models.Zone.objects.filter(id=row.id).update(**change)
    row.id = UUID(int=7)
    with pytest.raises(IntegrityError), db.atomic():
        row.save(force_insert=True)


def test_zones_of_another_district_are_out_of_sight() -> None:
    make.set_zone(make.office())
    with transaction(Scope(("110101",), ("110101",))):
        assert models.Zone.objects.count() == 0
        with pytest.raises(ProgrammingError), db.atomic():
            models.Zone.objects.create(
                id=UUID(int=9), district=DISTRICT, path=COMPOUND, level="sealed_area",
                decided_at=NOON, decided_by=UUID(int=9), two_units=False, from_at=NOON, until=NOON + DAY,
                body="{}",
            )  # fmt: skip


def story(seed: int) -> list[Entry]:
    """Decisions about one community, as two units made them over two weeks, some of them mistaken."""
    chance, one, other = random.Random(seed), make.office(), make.office(team="health bureau")
    at, made = NOON - 14 * DAY, []
    for n in range(12):
        at += timedelta(hours=chance.randrange(1, 40))
        by = chance.choice((one, other))
        with clock.frozen(at):
            try:
                what = chance.random()
                if what < 0.6:
                    level = chance.choice(list(Level)[1:])
                    from_at = at + timedelta(hours=chance.randrange(0, 30))
                    made.append(
                        make.set_zone(
                            by, level, path=COMMUNITY, from_at=from_at, days=chance.randrange(1, 14),
                            reason=f"reason {n}", evidence=f"report {n}",
                        )
                    )  # fmt: skip
                elif what < 0.85 and made:
                    make.second(by, made[-1], path=COMMUNITY)
                else:
                    make.end(by, path=COMMUNITY)
            except ProblemError:
                continue
    return ledger.records_of(DISTRICT, subjects=[rules.zone_id(COMMUNITY)])


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_any_order_and_repetition_gives_the_same_zones(seed: int) -> None:
    with db.atomic():
        told = story(seed)
        stood = make.of(COMMUNITY)
        shuffled = random.Random(seed).sample(told, len(told))
        assert rules.fold(shuffled) == stood == rules.fold(told)
        for part in (told[::2], told[1::2], told):
            projections.apply_zones(DISTRICT, part)
        assert make.of(COMMUNITY) == stood
        held = [zone for zone in stood if zone.begins]
        assert all(zone.ends and zone.begins and zone.ends - zone.begins <= 14 * DAY for zone in held)
        for at in (NOON - n * HOUR for n in range(0, 400, 7)):
            assert sum(zone.holds(at) for zone in held) <= 1
        db.set_rollback(True)


def test_replay_makes_the_same_zones_again() -> None:
    story(7)
    make.set_zone(make.office(), Level.SEALED)
    before = make.of(COMMUNITY), make.of()
    projections.rebuild(DISTRICT)
    assert (make.of(COMMUNITY), make.of()) == before
    assert replay_check().faults == ()


def test_what_is_said_under_another_area_counts_for_none() -> None:
    elsewhere = replace(make.decision(), path=f"{COMMUNITY}.c2")
    with pytest.raises(ProblemError, match=r"command\.unreadable"):
        submit_office(make.office(), [elsewhere])


@pytest.mark.parametrize("doors", [1, 4])
def test_so_few_homes_are_persons_and_take_a_restriction(doors: int) -> None:
    kept = list(grid.Dwelling.objects.filter(path=COMPOUND).values_list("id", flat=True)[:doors])
    grid.Dwelling.objects.filter(path=COMPOUND).exclude(id__in=kept).delete()
    with pytest.raises(ProblemError, match=r"command\.too_small"):
        make.set_zone(make.office(), Level.SEALED)
    make.set_zone(make.office(), Level.PRECAUTION)
    grid.Dwelling.objects.filter(path=COMPOUND).delete()
    make.set_zone(
        make.office(), Level.SEALED, reason="r", evidence="e"
    )  # nobody has registered its doors yet
