"""A plan from the register to the published version, and calls that live in records only."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from django.db import IntegrityError, transaction
from hypothesis import given
from hypothesis import strategies as st
from psycopg.types.range import Range

from bulou.access.terms import Actor, Role
from bulou.grid import models as grid
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction as scoped
from bulou.kernel.scope import whole
from bulou.ledger import queries as ledger
from bulou.lines.testing import models
from bulou.lines.testing.actions import plans as acts
from bulou.lines.testing.actions.plans import Draft
from bulou.lines.testing.queries import calls, home, plans, unknown
from bulou.lines.testing.queries.plans import Kept, Source
from bulou.lines.testing.rules import batches, calling, heads
from bulou.lines.testing.rules.batches import Advice
from bulou.lines.testing.rules.calling import Kind
from bulou.lines.testing.rules.heads import Counted
from bulou.lines.testing.rules.home import Reason
from bulou.lines.testing.rules.planning import Part, Place, Site, Wishes, Zone, plan
from bulou.people.models import Person
from tests.make import care
from tests.make.rounds import COMMUNITY, DISTRICT, SINCE, send, someone, street
from tests.make.testing import residents, round_of_tests, swab

SCOPE = whole(DISTRICT)
C1, C2 = f"{COMMUNITY}.c1", f"{COMMUNITY}.c2"
NOBODY = home.Isolated(frozenset(), 0)
STARTS = clock.now().replace(microsecond=0) + timedelta(hours=6)


@pytest.fixture
def place() -> Iterator[None]:
    """Two compounds of five homes."""
    with scoped(SCOPE):
        street()
        yield


def _lead() -> Actor:
    return someone(Role.COMMAND, DISTRICT)


def _draft(source: Source = Source.REGISTER, operation: UUID | None = None) -> Draft:
    return Draft(COMMUNITY, source, Wishes(STARTS), operation, title="second round")


def _kept(draft: Draft | None = None) -> Kept:
    found = plans.kept(SCOPE, acts.keep(_lead(), draft or _draft()))
    assert found is not None
    return found


def _told(kept: Kept, number: int, kind: Kind, **payload: int) -> OfficeRecord:
    (board, *_) = calls.boards(
        kept, [s for s in kept.plan.sites if s.number == number], operation=None, now=clock.now(),
    )  # fmt: skip
    return OfficeRecord(
        kind=kind, path=COMMUNITY, subject_type=calling.SUBJECT, subject=board.subject, payload=payload
    )


@pytest.mark.django_db
@pytest.mark.usefixtures("place")
class TestPlans:
    """With a database."""

    def test_the_counts_that_there_are_are_offered_with_their_persons(self) -> None:
        residents(30, compound=C1)
        today = clock.local_date(clock.now())
        grid.Population.objects.create(
            district=DISTRICT, path=COMMUNITY, kind="living", n=101, valid=Range(SINCE, None)
        )
        assert [(o.source, o.persons) for o in plans.offers(SCOPE, COMMUNITY, today)] == [
            (Source.REGISTER, 30),
            (Source.LIVING, 101),
        ]
        assert {c.area: c.n for c in plans.counted(COMMUNITY, today, Source.LIVING)} == {C1: 51, C2: 50}

    def test_a_frame_is_counted_as_it_stands_after_corrections(self) -> None:
        residents(12, compound=C1)
        operation = round_of_tests()
        today = clock.local_date(clock.now())
        (first, *_) = plans.offers(SCOPE, COMMUNITY, today)
        assert (first.source, first.persons, first.operation) == (Source.FRAME, 12, operation.id)
        (counted,) = plans.counted(COMMUNITY, today, Source.FRAME, operation.id)
        assert (counted.area, counted.building, counted.n) == (C1, "1", 12)

    def test_doors_with_a_need_are_sampled_at_home(self) -> None:
        residents(12, compound=C1)
        door = grid.Dwelling.objects.filter(path=C1).order_by("sort")[0]
        door.needs_help = ["infant", "language"]
        door.save()
        kept = _kept()
        assert (kept.plan.n_persons, kept.plan.n_home) == (12, 1)
        (visit,) = home.visits(COMMUNITY, clock.local_date(clock.now()), {C1: "Park"}, NOBODY)
        assert (visit.door, visit.place, visit.label, visit.lon) == (door.id, "Park", "1 001", None)
        assert visit.reasons == (Reason.INFANT,)

    def test_the_place_of_a_compound_is_the_place_of_its_doors(self) -> None:
        grid.Dwelling.objects.filter(path=C1, door="002").update(needs_help=["disabled"])
        grid.Site.objects.create(
            district=DISTRICT, path=C1, area=C1, type="compound_grounds", name="court",
            attributes={"lon": 113.37, "lat": 31.7}, origin="office", valid_from=SINCE,
        )  # fmt: skip
        (visit,) = home.visits(COMMUNITY, clock.local_date(clock.now()), {}, NOBODY)
        assert (visit.lon, visit.lat) == (113.37, 31.7)

    def test_who_is_isolated_at_home_is_sampled_there_behind_the_known_door(self) -> None:
        people = residents(3, compound=C1)
        door = grid.Dwelling.objects.filter(path=C1).order_by("sort")[1]
        Person.objects.filter(id=people[0]).update(door=door.id)
        for one in people[:2]:
            care.start(someone(Role.COMMUNITY_OFFICER, COMMUNITY), path=C1, person=one, protocol=care.HOME)
        assert home.isolated(COMMUNITY) == home.Isolated(frozenset({door.id}), 1)
        (visit,) = home.visits(COMMUNITY, clock.local_date(clock.now()), {}, home.isolated(COMMUNITY))
        assert (visit.door, visit.reasons) == (door.id, (Reason.ISOLATED,))
        assert _kept().plan.n_home == 1

    def test_a_plan_is_kept_in_versions_and_told_in_the_ledger(self) -> None:
        residents(12, compound=C1)
        first = _kept()
        second = _kept(replace(_draft(), series=first.series))
        assert (first.version, second.version) == (1, 2)
        assert [v[1] for v in plans.versions(DISTRICT, first.series)] == [2, 1]
        assert [p.id for p in plans.listed(SCOPE)] == [second.id]
        assert second.plan.sites == first.plan.sites
        (told, _) = ledger.records_of(DISTRICT, kinds=[Kind.KEPT])
        assert told.subject == first.id

    def test_a_published_plan_never_changes(self) -> None:
        residents(12, compound=C1)
        kept = _kept()
        acts.publish(_lead(), kept)
        with pytest.raises(ProblemError, match=r"testing\.plan_published"):
            acts.publish(_lead(), kept)
        for change in ({"title": "other"}, {"published_at": None, "published_by": None}):
            with pytest.raises(IntegrityError), transaction.atomic():
                models.Plan.objects.filter(id=kept.id).update(**change)

    def test_only_the_command_publishes_and_the_community_below_reads(self) -> None:
        residents(12, compound=C1)
        kept = _kept(replace(_draft(), path=DISTRICT))
        officer = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
        with pytest.raises(ProblemError):
            acts.publish(officer, kept)
        with pytest.raises(ProblemError):
            acts.keep(officer, replace(_draft(), path=DISTRICT))
        own = replace(SCOPE, paths=(COMMUNITY,))
        other = replace(SCOPE, paths=(f"{DISTRICT}.002",))
        with scoped(own):
            assert plans.kept(own, kept.id) == kept
        village = _kept()
        assert plans.kept(other, village.id) is None
        assert [p.id for p in plans.listed(other)] == [kept.id]

    def test_nobody_is_no_plan(self) -> None:
        with pytest.raises(ProblemError, match=r"testing\.nobody_to_plan_for"):
            acts.keep(_lead(), _draft())

    def test_a_plan_is_not_taken_over_from_another_area(self) -> None:
        residents(12, compound=C1)
        kept = _kept()
        with pytest.raises(ProblemError, match=r"testing\.no_such_plan"):
            acts.keep(_lead(), replace(_draft(), path=C1, series=kept.series))

    def test_called_come_and_done_are_read_from_records(self) -> None:
        people = residents(12, compound=C1)
        operation = round_of_tests()
        kept = _kept()
        officer = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
        submit_office(officer, [_told(kept, 1, Kind.CALLED, batch=1)])
        submit_office(officer, [_told(kept, 1, Kind.CAME, batch=1, n=7)])
        submit_office(officer, [_told(kept, 1, Kind.COUNTED, waiting=5, samplers=1)])
        phone = someone(Role.COMMUNITY_OFFICER, COMMUNITY, device=True)
        assert [r.standing for r in send(phone, swab(operation, people[0], "T1")).results] == ["kept"]
        (board,) = calls.boards(kept, kept.plan.sites, operation=operation.id, now=clock.now())
        (state,) = board.states
        assert state.called_at is not None
        assert (state.n_came, state.n_done, board.queue.waiting, board.queue.samplers) == (7, 1, 5, 1)
        assert board.next.advice is Advice.OVER

    def test_a_batch_is_called_once_and_a_wrong_call_is_taken_back(self) -> None:
        residents(12, compound=C1)
        kept = _kept()
        officer = someone(Role.COMMUNITY_OFFICER, COMMUNITY)
        call = _told(kept, 1, Kind.CALLED, batch=1)
        (made,) = submit_office(officer, [call])
        with pytest.raises(ProblemError, match=r"testing\.called_before"):
            submit_office(officer, [_told(kept, 1, Kind.CALLED, batch=1)])
        with pytest.raises(ProblemError, match=r"testing\.bad_call"):
            submit_office(officer, [_told(kept, 1, Kind.COUNTED, waiting=-1)])
        submit_office(officer, [replace(call, withdraws=UUID(made.id), payload={})])
        (board,) = calls.boards(kept, kept.plan.sites, operation=None, now=clock.now())
        assert board.states[0].called_at is None

    def test_who_was_seen_twice_is_counted_by_community(self) -> None:
        people = residents(12, compound=C1)
        phone = someone(Role.COMMUNITY_OFFICER, COMMUNITY, device=True)
        first, second = round_of_tests(), round_of_tests()
        send(phone, *(swab(first, one, f"A{n // 5}") for n, one in enumerate(people[:9])))
        send(phone, *(swab(second, one, f"B{n // 5}") for n, one in enumerate(people[4:])))
        (lists,) = unknown.between_rounds(first, second, COMMUNITY)
        assert (lists.path, lists.first, lists.second, lists.both) == (COMMUNITY, 9, 8, 5)
        (known,) = unknown.between_register_and_round(first, COMMUNITY)
        assert (known.first, known.second, known.both) == (12, 9, 9)
        assert unknown.whole([lists, known], DISTRICT).first == 21


def test_head_counts_are_shared_out_to_the_person() -> None:
    homes = {("1.1.1.a", "1"): 10, ("1.1.1.a", "2"): 20, ("1.1.1.b", "1"): 30, ("1.1.2.c", "1"): 5}
    shared = heads.spread({"1.1": 100, "1.1.1.b": 44}, homes)
    assert shared[("1.1.1.b", "1")] == 44
    assert sum(shared.values()) == 100
    assert heads.spread({"1.1.1": 10}, homes).get(("1.1.2.c", "1")) is None


@given(
    st.dictionaries(st.sampled_from(["1.1.a", "1.1.b", "1.2.c", "1.2.d"]), st.integers(0, 50)),
    st.integers(0, 999),
)
def test_no_head_is_lost_in_sharing_out(homes: dict[str, int], n: int) -> None:
    shared = heads.spread({"1": n}, {(area, ""): weight for area, weight in homes.items()})
    assert sum(shared.values()) == (n if sum(homes.values()) else 0)


def test_the_nearest_zone_above_holds() -> None:
    zones = {"1.1": Zone.CONTROLLED, "1.1.2": Zone.SEALED}
    assert heads.zone_of("1.1.2.9", zones, Zone.OTHER) is Zone.SEALED
    assert heads.zone_of("1.1.3", zones, Zone.OTHER) is Zone.CONTROLLED
    assert heads.zone_of("1.2", zones, Zone.OTHER) is Zone.OTHER


def test_buildings_of_a_large_compound_are_shared_out_in_their_order() -> None:
    at = datetime.fromisoformat("2022-04-05T20:00+08:00")
    made = plan([Place("1.1.1.a", "Park", "1.1.1", 6_000)], Wishes(at), ordered_at=at)
    counted = [Counted("1.1.1.a", f"{n}", 601, 1) for n in range(10, 0, -1)]
    shared = calling.by_site(made.sites, counted)
    assert [sum(b.n_persons for b in found) for found in shared.values()] == [2_000] * 3
    assert [b.name for b in shared[1]] == ["1", "2", "3", "4"]
    assert next(b.name for b in shared[2]) == "4"
    assert {b.place for found in shared.values() for b in found} == {"Park"}


def test_done_is_never_counted_beyond_a_batch() -> None:
    at = datetime.fromisoformat("2022-04-05T20:00+08:00")
    site = Site(1, "1.1.1", Zone.OTHER, (Part("1.1.1.a", "Park", 300),), 300, 4, 2, 3, 120, 30, at)
    shared = calling.by_site([site], [Counted("1.1.1.a", "1", 301, 1)])
    made = batches.batches(shared[1], per_slot=120, per_hour=240, starts_at=at)
    assert calling.done_by_batch(made, {("1.1.1.a", "1"): 150}) == {1: 100, 2: 50, 3: 0}
