"""Passes of households: issued, revoked, taken along by the phone of a gate."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

from bulou.access.terms import Actor, Role
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.checkpoints.actions import details
from bulou.lines.checkpoints.actions.passes import Terms, issue_passes, revoke_pass, signing_key
from bulou.lines.checkpoints.actions.phone import take_along
from bulou.lines.checkpoints.queries import passes as reading
from bulou.lines.checkpoints.rules import passes as rules
from bulou.lines.checkpoints.rules import sealing
from bulou.lines.checkpoints.terms import PassState
from tests.make import gates as make
from tests.make.rounds import COMMUNITY, DISTRICT, Street, send, someone, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
TODAY = clock.local_date(clock.now())
TERMS = Terms(per_household=2, valid_from=TODAY, valid_until=TODAY + timedelta(days=13))


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY)


@pytest.fixture
def guard() -> Actor:
    return someone(Role.CHECKPOINT, make.GATE, device=True)


@pytest.fixture
def place() -> Street:
    with transaction(ALL):
        made = street(compounds=2, doors=3)
        make.post()
        return made


def test_each_door_of_an_area_gets_its_passes_in_walking_order(lin: Actor, place: Street) -> None:
    issued = issue_passes(lin, COMMUNITY, TERMS)
    assert len(issued) == 12
    assert len({one.serial for one in issued}) == 12
    assert [one.path for one in issued] == sorted(one.path for one in issued)
    public = signing_key().public_key().public_bytes_raw()
    for one in issued:
        claims = rules.decode(one.code, public)
        assert claims is not None
        assert (claims.serial, claims.valid_until) == (one.serial, TERMS.valid_until)
        assert claims.area_tag == rules.area_tag(one.area)
        assert claims.check == one.check
    with transaction(ALL):
        page = reading.passes(ALL, TODAY, path=COMMUNITY, limit=5)
        rest = reading.passes(ALL, TODAY, path=COMMUNITY, limit=50, cursor=page.next)
        told = ledger.records_of(DISTRICT, kinds=["pass.issued"])
    assert (page.total, len(page.items), len(rest.items)) == (12, 5, 7)
    assert len(told) == 1


def test_one_door_gets_a_pass_of_its_own(lin: Actor, place: Street) -> None:
    (one,) = issue_passes(lin, COMMUNITY, replace(TERMS, per_household=1), dwelling=place.all_doors[0])
    assert one.dwelling == place.all_doors[0]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"valid_until": TODAY - timedelta(days=1)}, "bad_validity"),
        ({"valid_from": TODAY - timedelta(days=1)}, "bad_validity"),
        ({"valid_until": TODAY + timedelta(days=90)}, "bad_validity"),
        ({"per_household": 0}, "bad_number"),
        ({"per_household": 10}, "bad_number"),
        ({"exits": 10}, "bad_rule"),
        ({"days": 0}, "bad_rule"),
    ],
)
def test_impossible_terms_are_refused(lin: Actor, place: Street, wrong: dict[str, Any], code: str) -> None:
    with pytest.raises(ProblemError, match=rf"^checkpoints\.{code}\b"):
        issue_passes(lin, COMMUNITY, replace(TERMS, **wrong))


def test_an_area_without_doors_gets_no_passes(lin: Actor, place: Street) -> None:
    with pytest.raises(ProblemError, match=r"^checkpoints\.no_doors$"):
        issue_passes(lin, f"{COMMUNITY}.c9", TERMS)


def test_a_revoked_pass_reaches_the_phones_and_is_revoked_once(
    lin: Actor, guard: Actor, place: Street
) -> None:
    first, second, *_ = issue_passes(lin, make.GATE, TERMS)
    assert {row[0] for row in take_along(guard)["issued"]} >= {first.serial, second.serial}
    revoke_pass(lin, first.id, first.path, reason="lost")
    taken = take_along(guard)
    assert taken["revoked"] == [first.serial]
    assert first.serial not in {row[0] for row in taken["issued"]}
    with pytest.raises(ProblemError, match=r"^checkpoints\.already_revoked$"):
        revoke_pass(lin, first.id, first.path, reason="lost")
    with transaction(ALL):
        assert reading.one(ALL, first.id).reason == "lost"
        assert reading.counts(ALL, TODAY)[PassState.REVOKED] == 1
        assert [p.id for p in reading.passes(ALL, TODAY, states=[PassState.REVOKED]).items] == [first.id]


def test_the_next_community_sees_issues_and_revokes_nothing(lin: Actor, place: Street) -> None:
    one, *_ = issue_passes(lin, make.GATE, TERMS)
    zhao = someone(Role.COMMUNITY_OFFICER, f"{DISTRICT}.001.006")
    with pytest.raises(ProblemError, match=r"^access\.not_found$"):
        issue_passes(zhao, COMMUNITY, TERMS)
    with pytest.raises(ProblemError, match=r"^access\.not_found$"):
        revoke_pass(zhao, one.id, one.path, reason="spite")
    with pytest.raises(ProblemError, match=r"^checkpoints\.not_found$"):
        revoke_pass(zhao, one.id, f"{DISTRICT}.001.006", reason="spite")


def test_a_phone_takes_along_only_what_its_gate_needs(lin: Actor, guard: Actor, place: Street) -> None:
    issue_passes(lin, COMMUNITY, TERMS)
    taken = take_along(guard)
    assert [post["name"] for post in taken["posts"]] == ["south gate"]
    assert [area[0] for area in taken["areas"]] == [make.GATE]
    assert {row[3] for row in taken["issued"]} == {make.GATE}, "no pass of the next compound"
    assert [d["on"] for d in taken["details"]] == [TODAY.isoformat(), (TODAY + timedelta(days=1)).isoformat()]
    assert take_along(someone(Role.WORKER, COMMUNITY, device=True)) == {}


def test_the_last_exits_of_a_pass_reach_every_phone_of_the_gate(
    lin: Actor, guard: Actor, place: Street
) -> None:
    one, *_ = issue_passes(lin, make.GATE, TERMS)
    taken = take_along(guard)
    with transaction(ALL):
        tags = details.known_keys(DISTRICT)[TODAY][1]
    answers = {
        "post": taken["posts"][0]["id"], "direction": "out", "n_persons": 1, "pass_result": "valid",
        "pass_tag": sealing.pass_tag(tags, one.serial),
    }  # fmt: skip
    send(guard, make.record("household_entry", "admitted", answers))
    assert list(take_along(guard)["uses"]) == [one.serial]


def test_passes_that_ended_two_weeks_ago_are_gone(lin: Actor, place: Street) -> None:
    issue_passes(lin, make.GATE, TERMS)
    with clock.frozen(clock.now() + timedelta(days=29)):
        details.purge()
        with transaction(ALL):
            assert reading.passes(ALL, TODAY).total == 0


def test_the_signing_key_is_made_once_and_for_the_server_alone(tmp_path: Path) -> None:
    first = signing_key(tmp_path).public_key().public_bytes_raw()
    assert signing_key(tmp_path).public_key().public_bytes_raw() == first
    assert (tmp_path / "pass_signing_key").stat().st_mode & 0o777 == 0o600


def test_no_such_pass_and_not_yours_are_the_same_answer(place: Street) -> None:
    with transaction(ALL), pytest.raises(ProblemError, match=r"^checkpoints\.not_found$"):
        reading.one(ALL, UUID(int=1))
    assert ids.uuid7() != UUID(int=1)
