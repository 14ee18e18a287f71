"""The register: whoever came stands in it once, by whatever way, in whatever order; the rule classes them."""

import random
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction as db
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bulou.access.terms import Actor, Role
from bulou.intake.actions.proving import replay_check
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.lines.screening import models
from bulou.lines.screening.queries import register
from bulou.lines.screening.rules import register as rules
from bulou.lines.screening.terms import Clause, Contact, Kind, MergeState, Risk, Standing, Wanted
from bulou.people import models as vault
from bulou.people.queries import identity
from tests.make import people
from tests.make import register as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, standings

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
NEXT = f"{DISTRICT}.001.006"


def officer(path: str = COMMUNITY) -> Actor:
    return someone(Role.COMMUNITY_OFFICER, path)


def phone() -> Actor:
    return someone(Role.WORKER, COMMUNITY, device=True)


def on_register() -> dict[UUID, Risk]:
    return {one.person_id: one.risk for one in register.registered(ALL, limit=500)[0]}


def test_without_a_trigger_nobody_is_registered_and_no_name_reaches_the_ledger() -> None:
    with transaction(ALL):
        nothing = make.came() | {"payload": {"arrived_on": "2020-01-20"}}
        named = make.came(name="张三", id_number=people.number(1), note="13800138000")
        answer = send(phone(), nothing, named)
        assert standings(answer) == ["doubtful", "kept"]
        assert len(on_register()) == 1
        told = "".join(e.payload.decode() for e in ledger.records_of(DISTRICT))
        assert "张三" not in told
        assert "13800138000" not in told


def test_from_door_gate_and_desk_one_person_stands_in_one_row() -> None:
    person = ids.uuid7()
    with transaction(ALL):
        send(phone(), make.came(person, channel="at_gate", stays=[make.WUHAN], arrived_on="2020-01-20"))
        send(phone(), make.came(person, trigger="contact", contact="yes", transport="train", trip="G1"))
        make.say(
            officer(), Kind.PERSON, person, trigger="returnee", channel="at_desk", home=f"{COMMUNITY}.c1"
        )
        one = register.person(ALL, person)
        assert len(on_register()) == 1
        facts = one.facts
        assert (facts.path, facts.channel, facts.trip, facts.n_records) == (
            f"{COMMUNITY}.c1",
            "at_gate",
            "G1",
            3,
        )
        assert facts.triggers == ("contact", "returnee")
        assert facts.contact is Contact.YES
        assert vault.Person.objects.get(id=person).path == f"{COMMUNITY}.c1"


def test_what_is_held_goes_with_the_person_and_the_clock_starts_after_the_duty() -> None:
    with transaction(ALL):
        held = people.hold("张三")
        before = identity.held_about(DISTRICT, held.person_id)[0]
        today = clock.local_date(clock.now())
        told = {"trigger": "returnee", "home": NEXT, "arrived_on": str(today)}
        make.say(officer(), Kind.PERSON, held.person_id, **told)
        after = identity.held_about(DISTRICT, held.person_id)[0]
        assert after.path == NEXT
        assert after.expires_at == before.expires_at + timedelta(days=14)
    with transaction(Scope((DISTRICT,), (COMMUNITY,))):
        assert identity.held_about(DISTRICT, held.person_id) == ()


def test_a_new_rule_classes_everybody_anew_and_only_what_is_missing_is_owed() -> None:
    with transaction(ALL):
        wuhan, hubei, elsewhere = ids.uuid7(), ids.uuid7(), ids.uuid7()
        send(
            phone(),
            make.came(wuhan, stays=[make.WUHAN | {"left_on": "2020-01-20"}]),
            make.came(hubei, stays=[{"place": "湖北黃石", "code": "420200", "left_on": "2020-01-20"}]),
            make.came(elsewhere, stays=[{"place": "北京", "left_on": "2020-01-20"}]),
        )
        assert set(on_register().values()) == {Risk.GENERAL}
        make.set_rule()
        assert on_register() == {wuhan: Risk.KEY, hubei: Risk.GENERAL, elsewhere: Risk.GENERAL}
        first = {one.person for one in register.to_watch(DISTRICT)}
        wider = make.RULE | {"places": ["黄石", "武汉"], "codes": []}
        clauses = (Clause(Risk.KEY, ("黄石", "武汉"), (), date(2020, 1, 14)),)
        assert (Risk.GENERAL, Risk.KEY, 1) in register.would_be(DISTRICT, clauses)
        make.set_rule(wider)
        assert on_register() == {wuhan: Risk.KEY, hubei: Risk.KEY, elsewhere: Risk.GENERAL}
        assert {one.person for one in register.to_watch(DISTRICT)} - first == {hubei}
        make.set_rule(make.RULE | {"from_on": "2020-01-21"})
        assert set(on_register().values()) == {Risk.GENERAL}
        now = register.rule_now(DISTRICT)
        assert now is not None
        assert now.clauses[0].from_on == date(2020, 1, 21)


def test_a_class_that_a_named_officer_gives_goes_before_the_rule_until_it_is_given_back() -> None:
    with transaction(ALL):
        person, lin = ids.uuid7(), officer()
        send(phone(), make.came(person, stays=[make.WUHAN]))
        make.set_rule()
        make.say(lin, Kind.CLASSED, person, outcome="general", reason="left before the outbreak")
        assert on_register() == {person: Risk.GENERAL}
        make.say(lin, Kind.CLASSED, person, outcome="by_rule", reason="the date was wrong")
        assert on_register() == {person: Risk.KEY}


def test_only_the_command_sets_the_rule_and_never_without_a_reason_or_a_place() -> None:
    with transaction(ALL):
        with pytest.raises(ProblemError, match="not_allowed"):
            make.set_rule(by=someone(Role.STREET_OFFICER, DISTRICT))
        he = someone(Role.COMMAND, DISTRICT)
        for told in ({"clauses": [make.RULE]}, {"clauses": [{"risk": "key_person"}], "reason": "x"}):
            with pytest.raises(ProblemError, match=r"reason_missing|no_clauses"):
                make.say(he, Kind.RULE, ids.uuid7(), path=DISTRICT, **told)


def test_two_entries_become_one_only_by_two_people_and_can_be_taken_apart_again() -> None:
    with transaction(ALL):
        lin, bo = officer(), officer()
        one, other = ids.uuid7(), ids.uuid7()
        send(phone(), make.came(one, stays=[make.WUHAN]), make.came(other, contact="yes"))
        proposal = make.say(lin, Kind.MERGE_PROPOSED, other, keep=str(one), reason="same phone")
        with pytest.raises(ProblemError, match="same_officer"):
            make.say(lin, Kind.MERGED, other, proposal=proposal.id)
        assert len(on_register()) == 2
        make.say(bo, Kind.MERGED, other, proposal=proposal.id)
        assert list(on_register()) == [one]
        assert register.person(ALL, other).facts.contact is Contact.YES
        assert identity.ids_of(DISTRICT, other) == [one, other]
        make.say(lin, Kind.UNMERGED, other, reason="two brothers")
        assert set(on_register()) == {one, other}
        assert register.person(ALL, one).facts.contact is Contact.UNKNOWN
        assert identity.ids_of(DISTRICT, other) == [other]
        assert register.merges(ALL)[0].state is MergeState.UNDONE


def test_who_is_off_the_register_stays_off_until_told_again() -> None:
    with transaction(ALL):
        person = ids.uuid7()
        began = clock.now() - timedelta(hours=3)
        send(phone(), make.came(person, at=began))
        make.say(officer(), Kind.LEFT, person, outcome="duty_over", reason="day 14 is over")
        assert on_register() == {}
        assert register.person(ALL, person).facts.standing is Standing.OFF
        send(phone(), make.came(person, trigger="symptom"))
        assert list(on_register()) == [person]


def test_the_next_community_does_not_see_the_register_of_this_one() -> None:
    with transaction(ALL):
        send(phone(), make.came())
    beside = Scope((DISTRICT,), (NEXT,))
    with transaction(beside):
        assert register.registered(beside)[0] == ()
        assert register.registered(beside, Wanted(path=COMMUNITY))[0] == ()
        assert not models.Person.objects.exists()


def story(seed: int) -> list[dict[str, Any]]:
    """Records about four people, with corrections and withdrawals, from phones."""
    chance = random.Random(seed)
    began = clock.now() - timedelta(hours=2)
    everybody = [ids.uuid7() for _ in range(4)]
    records: list[dict[str, Any]] = []
    for _ in range(12):
        person = chance.choice(everybody)
        told: dict[str, Any] = {"trigger": chance.choice(["returnee", "contact", "incomer"])}
        if chance.random() < 0.6:
            left = date(2020, 1, chance.randrange(5, 28))
            told["stays"] = [chance.choice([make.WUHAN, {"place": "北京"}]) | {"left_on": str(left)}]
        if chance.random() < 0.5:
            told |= {
                "contact": chance.choice(["yes", "no"]),
                "home": f"{COMMUNITY}.c{chance.randrange(1, 3)}",
            }
        made = make.came(person, at=began + timedelta(minutes=chance.randrange(90)), **told)
        earlier = [r for r in records if r["subject"]["id"] == str(person)]
        if earlier and chance.random() < 0.3:
            made |= {chance.choice(["corrects", "withdraws"]): chance.choice(earlier)["id"]}
        records.append(made)
    return records


def state() -> list[Any]:
    rows = models.Person.objects.order_by("id").values()
    held = vault.Person.objects.order_by("id").values_list("id", "path", "merged_into")
    return [
        list(rows),
        list(held),
        list(vault.DutyEnd.objects.order_by("person").values_list("person", "until")),
    ]


@pytest.mark.slow
@settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_any_order_and_duplication_gives_the_same_register_and_replay_gives_it_too(seed: int) -> None:
    with db.atomic():
        with transaction(ALL):
            records, sender, seen = story(seed), phone(), []
            make.set_rule()
            for shuffle in range(3):
                order = random.Random(seed + shuffle)
                with db.atomic():
                    mixed = records + order.sample(records, 4)
                    order.shuffle(mixed)
                    with clock.frozen(clock.now()):
                        while mixed:
                            n = order.randrange(1, 6)
                            send(sender, *{r["id"]: r for r in mixed[:n]}.values())
                            mixed = mixed[n:]
                    seen.append(state())
                    assert replay_check().faults == ()
                    db.set_rollback(True)
            assert seen[0] == seen[1] == seen[2]
        db.set_rollback(True)


def test_replay_notices_a_row_that_no_record_made() -> None:
    with transaction(ALL):
        person, other = ids.uuid7(), ids.uuid7()
        send(phone(), make.came(person), make.came(other))
        make.merge(other, person, officer(), officer())
        assert replay_check().faults == ()
        models.Person.objects.filter(id=person).update(contact="yes")
        assert {fault.room for fault in replay_check().faults} >= {"screening"}
        vault.Person.objects.filter(id=other).update(merged_into=None)
        assert {fault.room for fault in replay_check().faults} >= {"people"}


def stay(chance: random.Random) -> dict[str, str]:
    """Somewhere, with or without a code, until some day or nobody knows when."""
    made = {
        "place": chance.choice(["武汉", "湖北 武漢", "黄石", "北京", ""]),
        "code": chance.choice(["420100", "4202", "", "110000"]),
    }
    return made | ({"left_on": f"2020-01-{chance.randrange(10, 20)}"} if chance.random() < 0.6 else {})


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(seed=st.integers(0, 10**6))
def test_the_database_classes_as_the_written_rule_does(seed: int) -> None:
    chance = random.Random(seed)
    with db.atomic():
        with transaction(ALL):
            for _ in range(8):
                stays = [stay(chance) for _ in range(chance.randrange(3))]
                arrived: dict[str, Any] = {"arrived_on": "2020-01-15"} if chance.random() < 0.5 else {}
                send(phone(), make.came(stays=stays, contact=chance.choice(["yes", "no"]), **arrived))
            clauses = [
                {
                    "risk": chance.choice(["key_person", "attention"]),
                    "places": chance.sample(["武汉", "黄石"], chance.randrange(3)),
                    "codes": chance.sample(["4201", "42", "11"], chance.randrange(1, 3)),
                    "contact": chance.random() < 0.3,
                    **({"from_on": "2020-01-14"} if chance.random() < 0.7 else {}),
                }
                for _ in range(chance.randrange(1, 3))
            ]
            make.set_rule(*clauses)
            rule = register.rule_now(DISTRICT)
            assert rule is not None
            found, _next, _total = register.registered(ALL, limit=100)
            assert {o.person_id: o.risk for o in found} == {
                o.person_id: rules.classify(o.facts, rule.clauses) for o in found
            }
        db.set_rollback(True)
