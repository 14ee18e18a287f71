"""Samples as stations send them: who counts as tested, the walls of a tube, tubes on their way."""

from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.coverage.queries import accounts, units
from bulou.coverage.terms import Operation
from bulou.kernel import ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing import projections
from bulou.lines.testing.models import Counter, Event, Sample, Tube
from bulou.lines.testing.rules.payloads import tube_id
from tests.make import testing as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, standings, street

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)


@pytest.fixture(autouse=True)
def _district() -> Any:
    with transaction(SCOPE):
        street()
        yield


@pytest.fixture
def people() -> list[UUID]:
    return make.residents(14)


@pytest.fixture
def operation(people: list[UUID]) -> Operation:
    assert people
    return make.round_of_tests()


@pytest.fixture
def station() -> Actor:
    return someone(Role.WORKER, DISTRICT, device=True)


def problems(actor: Actor, *records: dict[str, Any]) -> list[list[str]]:
    return [result.problems for result in send(actor, *records).results]


def test_a_sample_closes_the_person_and_fills_the_tube(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    assert set(standings(send(station, *make.all_in(operation, people[:10], "T1")))) == {"kept"}
    assert accounts.account(SCOPE, operation).done == 10
    tube = Tube.objects.get()
    assert (tube.barcode, tube.n, tube.stage, tube.site) == ("T1", 10, "filling", "hall")
    assert sum(Counter.objects.filter(what="sampled").values_list("n", flat=True)) == 10


def test_the_missed_list_is_who_was_not_sampled(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    send(
        station, *make.all_in(operation, people[:10], "T1"), make.tried(operation, people[10], channel="door")
    )
    page = units.missed(SCOPE, operation)
    assert {row.subject for row in page.items} == set(people[10:])
    assert [row.why.name for row in page.items if row.subject == people[10]] == ["ABSENT"]
    assert page.items[0].label.startswith("1 0")


def test_who_sends_again_because_the_answer_was_lost_hears_again_what_is_doubtful_and_nothing_new(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    good, doubtful = make.swab(operation, people[0], "T1"), make.swab(operation, people[0], "T2")
    assert problems(station, good) == [[]]
    assert problems(station, doubtful) == [["testing.in_other_tube"]]
    again = send(station, good, doubtful)
    assert standings(again) == ["duplicate", "duplicate"]
    assert [result.problems for result in again.results] == [[], ["testing.in_other_tube"]]


def test_an_eleventh_person_in_a_tube_of_ten_waits_for_an_officer(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    told = problems(station, *make.all_in(operation, people[:11], "T1"))
    assert told[:10] == [[]] * 10
    assert told[10] == ["testing.tube_full"]
    assert accounts.account(SCOPE, operation).done == 10
    assert Tube.objects.get().n == 11  # the swab lies in the tube all the same


@pytest.mark.parametrize("batches", [1, 2])
def test_nobody_is_in_two_open_tubes(
    station: Actor, operation: Operation, people: list[UUID], batches: int
) -> None:
    records = [make.swab(operation, people[0], "T1"), make.swab(operation, people[0], "T2")]
    told = problems(station, *records) if batches == 1 else [problems(station, one)[0] for one in records]
    assert told == [[], ["testing.in_other_tube"]]
    assert list(Sample.objects.filter(counts=True, replaced=False).values_list("barcode", flat=True)) == [
        "T1"
    ]


def test_the_same_person_twice_in_a_tube_is_told(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    send(station, make.swab(operation, people[0], "T1"))
    assert problems(station, make.swab(operation, people[0], "t1 ")) == [["testing.twice_in_tube"]]
    assert Tube.objects.get().n == 1


def test_a_wrong_scan_is_undone_and_the_person_sampled_anew_in_the_same_batch(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    wrong = make.swab(operation, people[0], "T1")
    right = make.swab(operation, people[0], "T2")
    told = problems(station, wrong, make.withdrawal(wrong), right)
    assert told == [[], [], []]
    assert accounts.account(SCOPE, operation).done == 1
    assert list(Tube.objects.values_list("barcode", "n")) == [("T2", 1)]


def test_a_single_tube_and_a_household_tube_take_nobody_else(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    single = {"rule": "single", "size": 1}
    home = {"rule": "household", "size": 20}
    told = problems(
        station,
        *make.all_in(operation, people[:2], "S1", payload=single),
        *make.all_in(operation, people[2:5], "H1", payload=home),
    )
    assert told == [[], ["testing.single_only"], [], [], ["testing.one_household"]]


def test_a_sealed_tube_takes_nobody(station: Actor, operation: Operation, people: list[UUID]) -> None:
    send(station, *make.all_in(operation, people[:3], "T1"))
    assert problems(station, make.sealed(operation, "T1", 3)) == [[]]
    assert problems(station, make.swab(operation, people[3], "T1")) == [["testing.tube_sealed"]]
    assert Tube.objects.get().n_sealed == 3
    assert problems(station, make.sealed(operation, "T1", 9)) == [["testing.other_count"]]


def test_a_tube_is_accounted_for_from_the_station_to_its_result(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    laboratory = someone(Role.SERVICE, DISTRICT, device=True)
    send(station, *make.all_in(operation, people[:3], "T1"), *make.all_in(operation, people[3:5], "T2"))
    send(station, make.sealed(operation, "T1", 3), make.sealed(operation, "T2", 2))
    assert stages() == {"T1": "sealed", "T2": "sealed"}
    bag = ids.uuid7()
    send(station, make.bag(operation, bag, ["T1", "T2"]))
    send(laboratory, make.bag(operation, bag, ["T1"], kind="received"))
    assert stages() == {"T1": "received", "T2": "taken"}
    send(
        laboratory,
        make.result(operation, "T1", "negative"),
        make.result(operation, "T2", "lost", reason="broken"),
    )
    assert stages() == {"T1": "resulted", "T2": "lost"}
    tubes = dict(Counter.objects.filter(what__startswith="tube.").exclude(n=0).values_list("what", "n"))
    assert tubes == {"tube.resulted": 1, "tube.lost": 1}


def test_a_station_may_not_enter_results(station: Actor, operation: Operation, people: list[UUID]) -> None:
    send(station, make.swab(operation, people[0], "T1"))
    assert problems(station, make.result(operation, "T1", "negative")) == [["intake.outside_area"]]
    assert stages() == {"T1": "filling"}


def test_a_bag_with_another_count_and_a_loss_without_a_reason_wait(
    station: Actor, operation: Operation, people: list[UUID]
) -> None:
    laboratory = someone(Role.SERVICE, DISTRICT, device=True)
    send(station, make.swab(operation, people[0], "T1"))
    other = make.bag(operation, ids.uuid7(), ["T1"])
    other["payload"]["n"] = 2
    assert problems(station, other) == [["testing.other_count"]]
    assert problems(laboratory, make.result(operation, "T1", "lost")) == [["testing.reason_missing"]]
    assert problems(laboratory, make.result(operation, "X9", "negative")) == [["testing.unknown_tube"]]


def test_somebody_without_papers_is_sampled_on_the_spot_and_enters_the_frame(
    station: Actor, operation: Operation
) -> None:
    found = ids.uuid7()
    record = make.swab(operation, found, "T1")
    place = f"{COMMUNITY}.c1"
    record["subject"] = {
        "type": "person",
        "new": {"id": str(found), "area": place, "label": "Zhang San", "building": "square", "kind": "park"},
    }
    assert standings(send(station, record)) == ["kept"]
    unit = units.unit(SCOPE, operation.id, found)
    assert (unit.state.name, unit.label, unit.path) == ("DONE", "square", place)
    assert accounts.account(SCOPE, operation).expected == 15


def test_a_rebuild_gives_the_same_rows(station: Actor, operation: Operation, people: list[UUID]) -> None:
    laboratory = someone(Role.SERVICE, DISTRICT, device=True)
    wrong = make.swab(operation, people[0], "T9")
    send(station, wrong, make.withdrawal(wrong), *make.all_in(operation, people[:11], "T1"))
    send(station, make.sealed(operation, "T1", 11), make.bag(operation, ids.uuid7(), ["T1"]))
    send(laboratory, make.result(operation, "T1", "positive"))
    again = make.swab(
        operation, people[1], "S1", outcome="resampled", payload={"of_tube": "T1", "rule": "single"}
    )
    assert standings(send(station, again)) == ["kept"]
    before = everything()
    projections.rebuild(DISTRICT)
    assert everything() == before
    assert Sample.objects.get(tube=tube_id(operation.id, "T1"), person=people[1]).replaced


def stages() -> dict[str, str]:
    return dict(Tube.objects.values_list("barcode", "stage"))


def everything() -> list[Any]:
    tables = [list(table.objects.order_by("id").values()) for table in (Sample, Event, Tube)]
    counted = Counter.objects.exclude(n=0).order_by("operation", "path", "site", "hour", "what")
    return [*tables, list(counted.values("operation", "path", "site", "hour", "what", "n"))]
