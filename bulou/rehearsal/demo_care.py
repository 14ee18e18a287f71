"""What the demo shows of people: a register, visits, a testing round, guests, contacts, an act of law."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from bulou.access import queries as access
from bulou.access.terms import Actor, Role
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import acts, appeals
from bulou.lines.restrictions.terms import (
    MILDER,
    Basis,
    Channel,
    Evidence,
    Facts,
    Measure,
    Proposal,
)
from bulou.lines.tracing.terms import Kind, Mode, Way
from bulou.rehearsal import demo_command
from bulou.rehearsal.acts.guests import Guest
from bulou.rehearsal.acts.isolation import Sites
from bulou.rehearsal.acts.passengers import Passengers
from bulou.rehearsal.acts.register import Register
from bulou.rehearsal.cast import Person
from bulou.rehearsal.scenario import Scenario, ScenarioError
from bulou.rehearsal.stage import Stage
from bulou.rehearsal.testday.day import Testing

INCOMERS, KEY_PERSONS, PLACES = 14, 5, 2
TESTED, MISSED = 90, 6
SITES, STAFF, GUESTS = 2, 6, 4
PASSENGERS = 4
ASKED = 3
"""Guests who ask for something; one request is taken, one is brought, one waits."""
DAY = 1
"""All of it was yesterday: what of it is due today stands open."""


@dataclass(frozen=True, slots=True)
class Offices:
    """Who speaks at desks."""

    command: Actor
    street: Actor
    community: Actor


def prepare(scenario: Scenario) -> Scenario:
    """The words of a scenario that has no testing day, with those that the demo's one needs."""
    words = scenario.play["teams"]
    words["testing"] = words["screening"][:2]
    scenario.play["places"] = PLACES
    scenario.figures["testing"] = {"home_sampling": ["infant", "elderly", "disabled"]}
    return scenario


def play(stage: Stage) -> None:
    """Yesterday, one strand after the other; what is left open is for whoever looks round."""
    register = Register(
        stage, day=DAY, incomers=INCOMERS, key_persons=KEY_PERSONS, words={"roles": 3, "hour": 9}
    )
    words = {"name": "testing", "missed": MISSED, "start": "08:00", "pools": [{"result": "positive"}]}
    testing = Testing(stage, day=DAY, words=words | {"left_open": True}, n=TESTED)
    sites = Sites(stage, day=DAY, n=SITES, staff=STAFF, guests=GUESTS)
    passengers = Passengers(stage, day=DAY, n=PASSENGERS)
    for strand in (register, testing, sites, passengers):
        strand.morning(DAY)
        strand.work(DAY)
    passengers.on_the_way()
    _ask(stage, sites)
    place = register.people[0].path
    offices = _offices(stage, place)
    here = [one for one in register.people if one.path == place]
    _trace(stage, offices, here)
    _restrict(stage, offices, here)
    demo_command.play(stage, offices.command, offices.community, place)


def _offices(stage: Stage, community: str) -> Offices:
    units, street = stage.words["units"], community.rsplit(".", 1)[0]

    def sits(role: Role, path: str, unit: str) -> Actor:
        return _actor(stage.staff.account(role, [path], units[unit])[0])

    return Offices(
        _actor(stage.office.account), sits(Role.STREET_OFFICER, street, "street_officer"),
        sits(Role.COMMUNITY_OFFICER, community, "community_officer"),
    )  # fmt: skip


def _actor(account: UUID) -> Actor:
    found = access.actor_by_id(account)
    if found is None:
        raise ScenarioError("Somebody of the office has lost their account.")
    return found


def _ask(stage: Stage, sites: Sites) -> None:
    """Some guests ask for something: the queue of the site is at three different points."""
    at = stage.at(DAY, 0.8)
    asking: Sequence[Guest] = sites.guests.coming[:ASKED]
    for n, one in enumerate(asking):
        sites.guests.ask(one, n, at + timedelta(minutes=5 * n), steps=n)
    sites.guests.upload()


def _trace(stage: Stage, offices: Offices, here: Sequence[Person]) -> None:
    """Somebody is reported ill; who was near is found, and looked after one way or another."""
    ill, near = here[0], here[1:4]
    at, on = stage.at(DAY, 0.5), stage.calendar.day(DAY)
    onset = (on - timedelta(days=2)).isoformat()
    said = [
        _of_person(Kind.CASE, ill, "confirmed", {"onset_on": onset, "number": f"DEMO-{on:%m%d}"}, at),
    ]
    ways = (Way.SAME_HOME, Way.SAME_MEAL, Way.SAME_VEHICLE)
    for n, (one, way) in enumerate(zip(near, ways, strict=False)):
        began = at - timedelta(days=1, hours=2 * n)
        met = {
            "source": str((ill if n < 2 else near[0]).id), "began_at": began.isoformat(),
            "ended_at": (began + timedelta(minutes=40)).isoformat(), "way": way.value,
        }  # fmt: skip
        said.append(_of_person(Kind.EXPOSURE, one, "", met, at + timedelta(minutes=10 + n)))
    for one, mode in zip(near, (Mode.HOME, Mode.AWAITING), strict=False):
        placed = {"mode": mode.value}
        said.append(_of_person(Kind.PLACED, one, "", placed, at + timedelta(minutes=30)))
    submit_office(offices.community, said)


def _of_person(kind: Kind, one: Person, outcome: str, said: dict[str, Any], at: Any) -> OfficeRecord:
    return OfficeRecord(
        kind=kind.value, path=one.path, subject_type="person", subject=one.id, outcome=outcome, payload=said,
        observed_at=at,
    )  # fmt: skip


def _restrict(stage: Stage, offices: Offices, here: Sequence[Person]) -> None:
    """One act about two contacts, with its evidence, its words and its end; one of them objects."""
    words, now = stage.words["act"], clock.now()
    district, place = stage.district.code, here[0].path
    law = Basis(
        ids.uuid7(), district, words["law"], words["article"], "DEMO-1", stage.words["units"]["command"],
        clock.local_date(now) - timedelta(days=30), None,
    )  # fmt: skip
    basis = acts.set_basis(offices.command, law)
    facts: list[Facts] = [
        acts.record_evidence(
            offices.community, path=place, person=one.id, evidence=Evidence.EXPOSURE, words=words["evidence"],
            happened_at=now - timedelta(days=1),
        )
        for one in here[1:3]
    ]  # fmt: skip
    proposal = Proposal(
        path=place, place=words["place"], measure=Measure.HOME, basis=basis, starts_at=now,
        ends_at=now + timedelta(days=7), milder=dict.fromkeys(MILDER[Measure.HOME], words["milder"]),
        supplies=words["supplies"], conditions="", persons=tuple(facts),
    )  # fmt: skip
    act = acts.propose(offices.street, proposal)
    scope = whole(district)
    with transaction(scope):
        first, *_ = queries.of_act(scope, act.id, now)
    appeals.object_for(
        offices.community, first.id, path=place, words=words["objection"], channel=Channel.PHONE
    )
