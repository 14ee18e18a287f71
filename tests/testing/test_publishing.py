"""What the public may read: no count of few people, none that the sum tells."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.access.terms import Actor, Role
from bulou.coverage.actions import close_round
from bulou.coverage.terms import Operation
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.testing.actions import results
from bulou.lines.testing.queries.published import is_published, published
from bulou.lines.testing.rules import publishing
from bulou.lines.testing.rules.publishing import FEWEST
from tests.make import testing as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

SCOPE = whole(DISTRICT)


@settings(derandomize=True)
@given(st.dictionaries(st.text("abcdefghij", min_size=1, max_size=3), st.integers(0, 60), max_size=12))
def test_no_difference_tells_of_fewer_people_than_twenty(counts: dict[str, int]) -> None:
    told = publishing.shown(counts)
    assert all(one.sampled is None or one.sampled >= FEWEST for one in told)
    assert all(one.sampled in (None, counts[one.place]) for one in told)
    hidden = [one.place for one in told if one.sampled is None]
    everywhere = sum(counts.values())
    if hidden and publishing.may_be_told(everywhere):
        rest = everywhere - sum(one.sampled or 0 for one in told)
        assert rest >= FEWEST
        assert len(hidden) > 1 or len(told) == 1
    assert {one.place for one in told} == {place for place, n in counts.items() if n}


def test_a_small_place_takes_the_next_smallest_with_it() -> None:
    told = publishing.shown({"a": 7, "b": 30, "c": 900})
    assert [(one.place, one.sampled) for one in told] == [("a", None), ("b", None), ("c", 900)]
    assert all(one.sampled for one in publishing.shown({"a": 20, "b": 30}))
    told = publishing.shown({"a": 3, "b": 4, "c": 25, "d": 90})
    assert [one.sampled for one in told] == [None, None, None, 90]  # 3 and 4 together are few, too


def test_few_positive_people_are_told_as_a_range() -> None:
    assert [publishing.positive(n) for n in (0, 1, 4, 5)] == ["0", "1-4", "1-4", "5"]


@pytest.fixture
def officer() -> Actor:
    return someone(Role.STREET_OFFICER, DISTRICT)


@pytest.fixture
def operation() -> Any:
    with transaction(SCOPE):
        street()
        one, other = make.residents(22), make.residents(3, compound=f"{COMMUNITY}.c2")
        made = make.round_of_tests(path=COMMUNITY)
        station = someone(Role.WORKER, DISTRICT, device=True)
        for at in range(0, 20, 10):
            send(station, *make.all_in(made, one[at : at + 10], f"T{at}"))
        send(station, *make.all_in(made, [*one[20:], *other], "T20"))
        yield made


def end(operation: Operation) -> None:
    laboratory = someone(Role.SERVICE, DISTRICT, device=True)
    send(laboratory, *(make.result(operation, f"T{at}", "negative") for at in (0, 10, 20)))
    close_round(someone(Role.COMMAND, DISTRICT), operation_id=operation.id)


def refused(officer: Actor, operation: Operation) -> str:
    with pytest.raises(ProblemError) as found:
        results.publish(officer, SCOPE, operation.id)
    return found.value.problem.code


@pytest.mark.django_db
def test_counts_are_published_when_all_is_over_and_stay_as_they_were(
    officer: Actor, operation: Operation
) -> None:
    assert refused(officer, operation) == "testing.round_open"
    end(operation)
    results.publish(officer, SCOPE, operation.id)
    (told,) = published(SCOPE)
    assert (told.sampled, told.positive) == (25, "0")
    assert [row.sampled for row in told.rows] == [None, None]  # of three people, and of their neighbours
    assert refused(officer, operation) == "testing.results_public"
    results.withdraw(officer, SCOPE, operation.id)
    assert published(SCOPE) == ()
    assert not is_published(DISTRICT, operation.id)
    results.publish(officer, SCOPE, operation.id)
    assert published(SCOPE) == (told,)
    kinds = [one.kind for one in ledger.records_alone(DISTRICT, [operation.id])]
    assert [kind for kind in kinds if kind.startswith("testing.")] == [
        "testing.results_published", "testing.results_withdrawn", "testing.results_published",
    ]  # fmt: skip


@pytest.mark.django_db
def test_nothing_is_public_while_a_tube_waits_and_only_who_signs_publishes(
    officer: Actor, operation: Operation
) -> None:
    close_round(someone(Role.COMMAND, DISTRICT), operation_id=operation.id)
    assert refused(officer, operation) == "testing.results_waiting"
    with pytest.raises(ProblemError) as found:
        results.publish(someone(Role.VIEWER, DISTRICT), SCOPE, operation.id)
    assert found.value.status == 403
