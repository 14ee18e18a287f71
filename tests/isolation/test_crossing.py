"""No cross-infection for seven days is computed from the records; a person only confirms what they allow."""

from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

import pytest
from django.conf import settings
from django.test import Client

from bulou.access.terms import Role
from bulou.intake import queries as intake
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.lines.isolation.queries import crossing as crossing_queries
from bulou.lines.isolation.rules.crossing import CLEAN, Breach, Evidence, Presence, evidence
from bulou.lines.isolation.terms import SignKind, room_of
from tests.make import access as people
from tests.make import isolation as make
from tests.make.care import say
from tests.make.rounds import DISTRICT, street

AT = datetime(2026, 10, 20, 2, 0, tzinfo=UTC)
ALL = whole(DISTRICT)
ME, SHE = ids.uuid7(), ids.uuid7()
ROOMS = [ids.uuid7() for _ in range(4)]


def ago(days: float) -> datetime:
    return AT - timedelta(days=days)


def slept(stay: UUID, room: int, floor: int, since: float = 10, until: float | None = None) -> Presence:
    return Presence(stay, ROOMS[room], floor, ago(since), None if until is None else ago(until))


def judged(
    theirs: list[Presence], positive: float | None = 3, mine: list[Presence] | None = None,
    breaches: list[Breach] | None = None,
) -> Evidence:  # fmt: skip
    found = {SHE: [ago(positive)]} if positive is not None else {}
    return evidence(mine or [slept(ME, 0, 3)], theirs, found, breaches or [], AT)


@pytest.mark.parametrize(
    ("theirs", "positive", "kind", "against"),
    [
        ([slept(SHE, 0, 3)], 3, SignKind.SAME_ROOM, True),
        ([slept(SHE, 1, 3)], 3, SignKind.SAME_FLOOR, True),
        ([slept(SHE, 2, 5)], 3, SignKind.SAME_SITE, False),
        ([slept(SHE, 1, 3, until=6.9)], 8, SignKind.SAME_FLOOR, True),  # near until less than 7 days ago
        ([slept(SHE, 1, 3)], 9, SignKind.SAME_FLOOR, True),  # positive long ago, and still there
        ([slept(SHE, 1, 3, until=4.9), slept(SHE, 2, 5, since=4.9)], 3, SignKind.SAME_FLOOR, True),  # moved
        ([slept(SHE, 1, 3, until=5.5), slept(SHE, 2, 5, since=5.5)], 3, SignKind.SAME_SITE, False),
    ],
)
def test_whoever_was_positive_counts_by_how_near_and_how_lately(
    theirs: list[Presence],
    positive: float,
    kind: SignKind,
    against: bool,
) -> None:
    (sign,) = judged(theirs, positive).signs
    assert (sign.kind, sign.against) == (kind, against)


@pytest.mark.parametrize(
    ("theirs", "positive"),
    [
        ([slept(SHE, 1, 3, until=7.1)], 8),  # gone for more than seven days
        ([slept(SHE, 1, 3, until=6)], 3),  # gone before she was infectious
        ([slept(SHE, 1, 3)], None),
        ([slept(SHE, 1, 3)], -1),  # what will be known tomorrow
    ],
)
def test_who_was_gone_in_time_or_not_positive_is_no_sign(
    theirs: list[Presence], positive: float | None
) -> None:
    assert judged(theirs, positive).signs == ()


def test_the_own_move_between_floors_is_seen_on_both() -> None:
    mine = [slept(ME, 3, 5, until=4), slept(ME, 0, 3, since=4)]
    told = judged([slept(SHE, 2, 5)], 5, mine)
    (sign,) = told.against
    assert (sign.kind, sign.last_at, told.free_from) == (SignKind.SAME_FLOOR, ago(4), ago(4) + CLEAN)
    assert (told.n_floor, told.n_site, told.n_moves) == (1, 1, 1)


@pytest.mark.parametrize(
    ("what", "own", "positive", "kinds"),
    [
        ("visitor", True, None, [SignKind.OWN_BREACH]),
        ("waste", True, None, []),
        ("zone_crossed", False, None, []),  # nobody was positive: nothing could be carried
        ("zone_crossed", False, 3, [SignKind.SITE_BREACH]),
        ("left_room", False, 3, []),
    ],
)
def test_a_breach_counts_where_it_could_carry_something(
    what: str,
    own: bool,
    positive: float | None,
    kinds: list[SignKind],
) -> None:
    case = Breach(ids.uuid7(), what, ago(2), own)
    told = judged([slept(SHE, 2, 5)], positive, breaches=[case])
    assert [one.kind for one in told.against] == kinds
    assert (
        judged([slept(SHE, 2, 5)], positive, breaches=[Breach(case.case, what, ago(7.5), own)]).against == ()
    )


@pytest.mark.parametrize("seed", range(20))
def test_the_order_of_the_records_does_not_matter(seed: int) -> None:
    dice = Random(seed)
    guests = [ids.uuid7() for _ in range(6)]
    theirs = [
        slept(
            dice.choice(guests), dice.randrange(4), dice.randrange(2), dice.uniform(5, 12), dice.uniform(0, 5)
        )
        for _ in range(12)
    ]
    positives = {one: [ago(dice.uniform(0, 9)) for _ in range(2)] for one in guests[:3]}
    breaches = [
        Breach(ids.uuid7(), "zone_crossed", ago(dice.uniform(0, 9)), dice.random() < 0.5) for _ in range(4)
    ]
    mine = [slept(ME, 0, 0, 12, 6), slept(ME, 2, 1, 6)]
    once = evidence(mine, theirs, positives, breaches, AT)
    for mixed in (mine, theirs, breaches):
        dice.shuffle(mixed)
    turned = {one: positives[one][::-1] for one in sorted(positives, reverse=True)}
    assert evidence(mine, theirs, turned, breaches, AT) == once


# --- through the records ---


def through(days: int = 9) -> tuple[UUID, UUID, UUID]:
    """Two guests of one floor, one of another; the first could go, but for the others."""
    officer = make.officer()
    past = clock.now() - timedelta(days=days)
    from_day = clock.local_date(past).isoformat()
    site = make.opened(officer, numbers=("101", "102", "501"), at=past - timedelta(hours=1))
    first, near, far = (
        make.guest(officer, site, room, at=past, **{"from": from_day}) for room in ("101", "102", "501")
    )
    medic = make.officer(team="medics")
    for day in (days - 2, days - 1):
        at = past + timedelta(days=day, hours=1)
        more: dict[str, Any] = {"when": at, "path": make.HOTEL, "protocol": make.STAY}
        say(medic, "watch.tested", make.stay_of(first).watch, "negative", **more)
        say(
            medic, "watch.seen", make.stay_of(first).watch, "seen_ok", payload={"temperature_c": 36.5}, **more
        )
    return first, near, far


def positive(stay: UUID, days_ago: float) -> None:
    say(
        make.officer(team="medics"), "watch.tested", make.stay_of(stay).watch, "positive", path=make.HOTEL,
        when=clock.now() - timedelta(days=days_ago), protocol=make.STAY,
    )  # fmt: skip


def end(stay: UUID, **more: object) -> OfficeRecord:
    payload = {"release_note_serial": "J-1", "cross_infection_excluded": True} | more
    return OfficeRecord(
        kind="watch.ended", path=make.HOTEL, subject_type="watch", subject=make.stay_of(stay).watch,
        outcome="released", payload=payload, protocol=make.STAY, observed_at=clock.now(),
    )  # fmt: skip


@pytest.mark.django_db
def test_a_positive_on_the_floor_holds_a_release_back_whatever_is_ticked() -> None:
    with transaction(ALL):
        street()
        first, near, far = through()
        decider = make.officer(team="deciders")
        positive(far, 4)
        assert intake.crossings(DISTRICT, make.stay_of(first), clock.now()).against == ()
        positive(near, 4)
        with pytest.raises(ProblemError) as error:
            submit_office(decider, [end(first)])
        assert error.value.problem.params["field"] == "no_cross_infection"
        assert not make.stay_of(first).released_at
        submit_office(decider, [end(first, decided_against_signs="the test of the neighbour was a mistake")])


@pytest.mark.django_db
def test_a_case_that_tracing_knows_counts_like_a_test_of_the_site() -> None:
    with transaction(ALL):
        street()
        first, near, _far = through()
        stay = make.stay_of(first)
        known = {make.stay_of(near).person: clock.now() - timedelta(days=3)}
        told = crossing_queries.evidence(DISTRICT, stay, clock.now(), ill=known)
        assert [one.kind for one in told.against] == [SignKind.SAME_FLOOR]
        assert crossing_queries.evidence(DISTRICT, stay, clock.now(), ill={}).signs == ()


@pytest.mark.django_db
def test_the_page_shows_the_evidence_and_names_who_decides_otherwise() -> None:
    with transaction(ALL):
        street()
        first, near, _far = through()
        positive(near, 4)
        zhou = people.signed_in(people.person("zhou", Role.STREET_OFFICER, f"{DISTRICT}.001", team="street"))
    zhou.cookies[settings.LANGUAGE_COOKIE_NAME] = "en"
    page = f"/isolation/stays/{first}"
    shown = said(zhou, page)
    assert "somebody positive on the same floor" in shown
    assert "speaks against release" in shown
    assert "Other guests on the same floor: 1; in the house: 2;" in shown
    form = {"step": "release", "outcome": "released", "serial": "J-9", "excluded": "on"}
    assert "cannot be released yet" in zhou.post(page, form).content.decode()
    why = "the neighbour was moved out before, the list was late"
    assert zhou.post(page, form | {"against": why}).status_code == 302
    after = said(zhou, page)
    assert why in after
    assert "Zhou" in after.split(why)[1][:40]


def said(client: Client, page: str) -> str:
    answer = client.get(page)
    assert answer.status_code == 200
    return answer.content.decode()


def test_rooms_of_one_site_have_ids_of_their_own() -> None:
    assert room_of(ME, "101") != room_of(SHE, "101")
