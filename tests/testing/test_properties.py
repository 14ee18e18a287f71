"""In whatever order: accounts balance, nobody is in two open tubes, every tube is somewhere."""

from itertools import permutations
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access.terms import Actor, Role
from bulou.coverage.queries import accounts, checks
from bulou.coverage.terms import Operation
from bulou.grid.models import Area
from bulou.intake.actions import merged
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from bulou.ledger.terms import Entry, Standing
from bulou.lines.testing import projections
from bulou.lines.testing.models import Counter, Event, Sample, Tube
from bulou.lines.testing.queries import boards, totals
from bulou.lines.testing.rules import chasing, folding
from bulou.lines.testing.rules.chasing import Chase
from bulou.people import projections as people_projections
from tests.make import testing as make
from tests.make.lines import after, entry
from tests.make.rounds import DISTRICT, send, someone, street

SCOPE = whole(DISTRICT)
ROUND, PERSON = uuid4(), uuid4()
TUBES = ("A", "B", "C")


def said(n: int, tube: str, of_tube: str, doubts: str) -> Entry:
    """The n-th sample of one person."""
    payload = {"tube": tube} | ({"of_tube": of_tube} if of_tube else {})
    problems = (doubts,) if doubts else ()
    return entry(
        "testing.sample", at=after(minutes=n), subject=PERSON, operation=ROUND, subject_type="person",
        outcome="resampled" if of_tube else "sampled", payload=payload, problems=problems,
        standing=Standing.DOUBTFUL if doubts else Standing.KEPT,
    )  # fmt: skip


samples = st.lists(
    st.tuples(
        st.sampled_from(TUBES), st.sampled_from(("", *TUBES)), st.sampled_from(("", "", "testing.tube_full")),
        st.booleans(),
    ),
    min_size=1, max_size=4,
)  # fmt: skip


@settings(derandomize=True, deadline=None, max_examples=150)
@given(samples)
def test_the_samples_of_a_person_are_the_same_in_any_order_and_at_most_one_is_open(
    told: list[tuple[str, str, str, bool]],
) -> None:
    entries = []
    for n, (tube, of_tube, doubts, taken_back) in enumerate(told):
        made = said(n, tube, of_tube, doubts)
        entries.append(made)
        if taken_back:
            entries.append(
                entry(
                    "testing.sample", at=after(minutes=n, seconds=30), subject=PERSON, operation=ROUND,
                    withdraws=made.id, subject_type="person",
                )
            )  # fmt: skip
    first = folding.swabs(entries)
    assert sum(one.counts and not one.replaced for one in first) <= 1
    for other in list(permutations(entries))[:24]:
        assert folding.swabs(list(other)) == first
    kept = [one for one in first if one.counts]
    assert bool(kept) == any(
        not doubts and not taken_back for _tube, _of, doubts, taken_back in told
    )  # whoever was swabbed soundly counts


STEPS = (
    "sample", "sample", "again", "correct", "absent", "excuse", "move", "undo", "merge", "seal", "courier",
    "receive", "lab", "lose",
)  # fmt: skip
steps = st.lists(
    st.tuples(
        st.sampled_from(STEPS),
        st.integers(0, 4),
        st.sampled_from(TUBES),
    ),
    min_size=5, max_size=12,
)  # fmt: skip


class Day:
    """One small round, played step by step."""

    def __init__(self) -> None:
        self.people = make.residents(5)
        self.operation = make.round_of_tests()
        self.station = someone(Role.WORKER, DISTRICT, device=True)
        self.officer = someone(Role.COMMUNITY_OFFICER, DISTRICT)
        self.laboratory = someone(Role.SERVICE, DISTRICT, device=True)
        self.sent: list[dict[str, Any]] = []

    def play(self, what: str, n: int, tube: str) -> None:
        """Do one thing; whatever is wrong with it is kept as doubtful."""
        person, day = self.people[n], self.operation
        single = {"of_tube": TUBES[n % 3], "rule": "single", "size": 1}
        if what == "move":
            self.move(person)
        elif what == "merge":
            self.merge(person, self.people[(n + 1) % 5])
        elif what == "undo":
            for of in self.sent[n : n + 1]:
                self.say(self.station if "operation" in of else self.laboratory, make.withdrawal(of))
        elif what == "correct":
            self.correct(n, tube)
        elif what in ("lab", "lose"):
            found = "lost" if what == "lose" else ("negative", "positive")[n % 2]
            self.say(self.laboratory, make.result(day, tube, found, reason="broken"))
        else:
            records = {
                "sample": make.swab(day, person, tube, payload={"size": 3}),
                "again": make.swab(day, person, tube, outcome="resampled", payload=single),
                "absent": make.tried(day, person, "absent", channel="door"),
                "excuse": make.tried(day, person, "away", reason="on the telephone"),
                "seal": make.sealed(day, tube, n),
                "courier": make.bag(day, uuid4(), TUBES[: 1 + n % 3]),
                "receive": make.bag(day, uuid4(), [tube], kind="received"),
            }
            self.say(self.station, records[what])

    def correct(self, n: int, tube: str) -> None:
        """The n-th sample was written down with the wrong tube."""
        for of in [one for one in self.sent if one["kind"] == "testing.sample"][n : n + 1]:
            anew = make.swab(self.operation, UUID(of["subject"]["id"]), tube, payload={"size": 3})
            self.say(self.station, anew | {"corrects": of["id"]})

    def say(self, actor: Actor, record: dict[str, Any]) -> None:
        """Hand one record in."""
        send(actor, record)
        self.sent.append(record)

    def move(self, person: UUID) -> None:
        """Handed over, and accepted by the other side."""
        left = make.tried(self.operation, person, "moved_pending", moved_to="the next street")
        self.say(self.station, left)
        made = OfficeRecord(
            kind="unit.moved", path=DISTRICT, operation=self.operation.id, subject_type="person",
            subject=person, payload={"reason": "lives here now"},
        )  # fmt: skip
        submit_office(self.officer, [made])

    def merge(self, double: UUID, root: UUID) -> None:
        """Two entries are one person: expected once."""
        people_projections.alias(DISTRICT, {double: root})
        merged.take_off(self.officer, SCOPE, self.operation)
        people_projections.alias(DISTRICT, {double: None})


@pytest.mark.django_db
@settings(
    derandomize=True, deadline=None, max_examples=8,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(steps)
def test_accounts_balance_under_any_interleaving(told: list[tuple[str, int, str]]) -> None:
    with transaction(SCOPE):
        if not Area.objects.exists():  # the examples share one database
            street()
        day = Day()
        for at, (what, n, tube) in enumerate(told):
            day.play(what, n, tube)
            if at % 4 == 3:
                balanced(day.operation)
        balanced(day.operation)
        before = everything()
        projections.rebuild(DISTRICT)
        assert everything() == before


def balanced(operation: Operation) -> None:
    """The walls that nothing may break."""
    account = accounts.account(SCOPE, operation)
    assert account.expected == account.done + account.excused + account.moved + account.open
    assert checks.recount(DISTRICT, operation.id) == []
    assert checks.replay(DISTRICT, operation.id) == []
    last = list(Sample.objects.filter(operation=operation.id, counts=True, replaced=False))
    assert len(last) == len({one.person for one in last})
    total = boards.board(SCOPE, operation).total
    assert total.filled == Tube.objects.filter(operation=operation.id).count()
    assert total.filled == total.at_site + total.out + total.back
    told = totals.tubes(operation, operation.path)
    assert told.balanced
    assert told.filled == total.filled
    assert told.resulted + told.lost == total.back
    report = totals.found(operation, operation.path, chase_of(operation))
    assert report.in_pools_again <= report.sampled_again
    assert (
        total.sampled + total.resampled == Sample.objects.filter(operation=operation.id, counts=True).count()
    )


def chase_of(operation: Operation) -> Chase:
    """The chase of the round, as a report begins it."""
    return chasing.chase(
        opens_at=operation.opens_at, due_at=operation.due_at, now=clock.now(), missing=0, found=0
    )


def everything() -> list[Any]:
    tables = [list(table.objects.order_by("id").values()) for table in (Sample, Event, Tube)]
    counted = Counter.objects.exclude(n=0).order_by("operation", "path", "site", "hour", "what")
    return [*tables, list(counted.values("operation", "path", "site", "hour", "what", "n"))]
