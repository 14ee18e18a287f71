"""One small district in which every address has something to show, and people who may and may not see it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from bulou.access import models, queries
from bulou.access.actions.glass import break_glass, end_glass
from bulou.access.actions.proposals import propose_role
from bulou.access.actions.views import save_view
from bulou.access.terms import Actor, Role
from bulou.coverage.terms import Operation
from bulou.evidence import actions as attachments
from bulou.evidence.terms import Handed
from bulou.grid import models as grid
from bulou.grid.actions.imports import import_file
from bulou.grid.terms import ImportKind
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.lines.checkpoints.actions.passes import Terms, issue_passes
from bulou.lines.isolation.terms import Kind as Stay
from bulou.lines.restrictions.actions import acts
from bulou.lines.restrictions.actions.appeals import object_by_code
from bulou.lines.restrictions.queries import of_act
from bulou.lines.screening.terms import Kind
from bulou.lines.testing.actions import plans as testing_plans
from bulou.lines.testing.queries import plans as plan_queries
from bulou.lines.testing.queries.plans import Source
from bulou.lines.testing.rules.payloads import tube_id
from bulou.lines.testing.rules.planning import Wishes
from bulou.people.actions import disputes
from bulou.people.terms import Field
from bulou.reports.actions import draft_daily
from bulou.reports.terms import Archived
from tests.make import access as make
from tests.make import (
    care,
    command,
    gates,
    isolation,
    objects,
    people,
    photos,
    register,
    restrictions,
    rounds,
    testing,
    tracing,
)
from tests.make.rounds import COMMUNITY, DISTRICT

NEXT_COMMUNITY = f"{DISTRICT}.001.006"
COMPOUND = f"{COMMUNITY}.c1"


@dataclass(frozen=True, slots=True)
class World:
    """What an address may name; all of it lies in COMMUNITY."""

    operation: Operation
    visit: UUID
    visited: UUID
    door: UUID
    doubtful: UUID
    conflict: UUID
    disinfection: Operation
    object: UUID
    finding: UUID
    photo: UUID
    imported: UUID
    report: Archived
    device: UUID
    account: UUID
    grant: UUID
    passage: UUID
    handover: UUID
    household_pass: UUID
    proposal: UUID
    glass: UUID
    view: UUID
    person: UUID
    double: UUID
    dispute: UUID
    restriction: UUID
    act: UUID
    appeal: UUID
    watch: UUID
    case: UUID
    chain: UUID
    isolation: UUID
    stay: UUID
    testing: Operation
    tube: UUID
    plan: UUID
    zone: UUID
    order: UUID
    today: date


def build() -> World:
    """Make the district: two communities, and in the first one of everything."""
    with transaction(whole(DISTRICT)):
        doors = rounds.street().all_doors
        _next_community()
        operation = rounds.screening(path=COMMUNITY)
        worker = make.person("feng", Role.WORKER, COMMUNITY)
        phone = make.phone(worker)
        visit = rounds.visit(operation, doors[0])
        empty = rounds.visit(operation, doors[2], payload={})
        rounds.send(phone.actor, visit, empty)
        rounds.send(phone.actor, visit | {"payload": {**visit["payload"], "n_persons": 4}})
        cleaned, place = _disinfection()
        passage, handover = _gate()
        finding, photo = _finding()
        person, double, dispute = _people()
        restriction, act, appeal = _restrictions()
        watch, case, chain = _care()
        isolated, commanded = _isolation(), _commanded()
        tested = _testing(phone.actor)
        proposal, glass, view = _second_looks(worker.account_id)
        return World(
            operation=operation,
            visit=UUID(visit["id"]),
            visited=doors[0],
            door=doors[1],
            doubtful=UUID(empty["id"]),
            conflict=ledger.conflicts(whole(DISTRICT))[0].id,
            disinfection=cleaned,
            object=place,
            finding=finding,
            photo=photo,
            imported=_import(),
            report=_report(),
            device=phone.device_id,
            account=worker.account_id,
            grant=queries.grants_of([worker.account_id])[0].id,
            passage=passage,
            handover=handover,
            household_pass=_household_pass(),
            proposal=proposal,
            glass=glass,
            view=view,
            person=person,
            double=double,
            dispute=dispute,
            restriction=restriction,
            act=act,
            appeal=appeal,
            watch=watch,
            case=case,
            chain=chain,
            isolation=isolated[0],
            stay=isolated[1],
            testing=tested,
            tube=tube_id(tested.id, "T1"),
            plan=_plan(),
            **commanded,
            today=clock.local_date(clock.now()),
        )


def somebody(role: Role, path: str = COMMUNITY, *, until: datetime | None = None) -> Actor:
    """Return a new person with a role; `until` may lie in the past."""
    name = f"{role.value}-{ids.short_code().lower()}"
    actor = make.person(name, role, path)
    if until is not None:
        models.Grant.objects.filter(account=actor.account_id).update(
            valid_from=until - timedelta(days=1), valid_until=until
        )
    return actor


def yesterday() -> datetime:
    """Return a moment that is over."""
    return clock.now() - timedelta(days=1)


def _next_community() -> None:
    grid.Area.objects.create(
        district=DISTRICT,
        area=ids.uuid7(),
        level="community",
        path=NEXT_COMMUNITY,
        name=NEXT_COMMUNITY,
        short_name=NEXT_COMMUNITY,
        kind="community",
        valid=grid.Area.objects.get(path=COMMUNITY).valid,
    )


def _care() -> tuple[UUID, UUID, UUID]:
    """Somebody who is watched and has a fever, and somebody who is to be handed over."""
    officer = make.person("fan", Role.COMMUNITY_OFFICER, COMMUNITY, team="community 005")
    doctor = make.phone(make.person("bai", Role.WORKER, COMMUNITY, team="clinic")).actor
    now = clock.now()
    watch = care.start(officer, when=now - timedelta(hours=1), **{"from": clock.local_date(now).isoformat()})
    reading = care.seen(watch, when=now, temperature_c=37.9)
    care.send_at(doctor, now, reading)
    chain = OfficeRecord(
        kind="custody.opened",
        path=COMPOUND,
        subject_type="custody",
        subject=ids.uuid7(),
        outcome="requested",
        payload={
            "items": [{"id": str(ids.uuid7())}],
            "legs": [{"from": {"path": COMPOUND}, "to": {"path": COMMUNITY}}],
        },
        protocol=care.ESCORT,
    )
    submit_office(officer, [chain])
    assert chain.subject is not None
    return watch, UUID(reading["id"]), chain.subject


def _isolation() -> tuple[UUID, UUID]:
    """A site with somebody whom nothing holds any more."""
    officer = isolation.officer()
    site = isolation.opened(officer, path=COMPOUND)
    stay = isolation.guest(officer, site, "101", path=COMPOUND)
    freed = {"serial": "J-1", "reason": "wanted to go"}
    submit_office(officer, [isolation.tell(Stay.RELEASED, stay, "freed", freed, path=COMPOUND)])
    return site, stay


def _restrictions() -> tuple[UUID, UUID, UUID]:
    """One person under an act with an objection, and an act about many that waits for a second unit."""
    law = restrictions.basis()
    act = acts.propose(restrictions.street(), restrictions.proposal([restrictions.facts()], law))
    many = [restrictions.facts() for _ in range(21)]
    waiting = acts.propose(restrictions.street(), restrictions.proposal(many, law))
    (held,) = of_act(whole(DISTRICT), act.id, clock.now())
    return held.id, waiting.id, object_by_code(DISTRICT, held.id, "I was not there").id


def _people() -> tuple[UUID, UUID, UUID]:
    """Two entries of one phone, one of which somebody wants merged and disputes a fact of."""
    lu = make.person("luo", Role.COMMUNITY_OFFICER, COMMUNITY)
    one, other = (people.hold(name, by=lu, phones=("13800138000",)).person_id for name in ("Some", "Sum"))
    for person in (one, other):
        register.say(lu, Kind.PERSON, person, trigger="returnee")
    register.say(lu, Kind.MERGE_PROPOSED, other, keep=str(one), reason="the same phone")
    tracing.say(lu, tracing.case(one, onset_on=clock.local_date(clock.now())))
    dispute = disputes.dispute(lu, person_id=one, field=Field.NAME, said="Sam", reason="misread")
    return one, other, dispute


def _disinfection() -> tuple[Operation, UUID]:
    (place,) = objects.sites("park", 1, path=COMPOUND)
    operation = objects.object_round(["park"])
    crew = make.phone(make.person("gao", Role.CREW, COMMUNITY, team="disinfection 1"))
    objects.work(crew.actor, operation, [place])
    return operation, place


def _testing(station: Actor) -> Operation:
    """A testing round with one person in a tube and one who is missing."""
    sampled, _missing = testing.residents(2)
    operation = testing.round_of_tests(path=COMMUNITY)
    rounds.send(station, testing.swab(operation, sampled, "T1"))
    return operation


def _report() -> Archived:
    yesterday_ = clock.local_date(clock.now()) - timedelta(days=1)
    return draft_daily(make.person("lu", Role.STREET_OFFICER, COMMUNITY), path=COMMUNITY, on=yesterday_)


def _commanded() -> dict[str, UUID]:
    """A compound that is sealed, and an order to its community."""
    zone = command.set_zone(command.office(), path=COMPOUND)
    return {"zone": zone, "order": command.issue(command.office(path=COMMUNITY), path=COMMUNITY)}


def _plan() -> UUID:
    """A published plan of the community's testing day."""
    lead = rounds.someone(Role.COMMAND, DISTRICT)
    draft = testing_plans.Draft(COMMUNITY, Source.REGISTER, Wishes(clock.now() + timedelta(hours=6)))
    made = plan_queries.kept(whole(DISTRICT), testing_plans.keep(lead, draft))
    assert made is not None
    testing_plans.publish(lead, made)
    return made.id


def _finding() -> tuple[UUID, UUID]:
    finding = ids.uuid7()
    record = OfficeRecord(
        kind="supervision.finding",
        path=COMPOUND,
        subject_type="finding",
        subject=finding,
        outcome="found",
        payload={"severity": "ordinary", "text": "The gate stands open."},
    )
    sun = make.person("sun", Role.SUPERVISION, COMMUNITY)
    [found] = submit_office(sun, [record])
    photo = Handed(id=ids.uuid7(), record=UUID(found.id), area=COMPOUND, content=photos.photo())
    attachments.keep(sun, photo)
    return finding, photo.id


def _gate() -> tuple[UUID, UUID]:
    post, passage, handover = gates.post(), ids.uuid7(), ids.uuid7()
    guard = make.phone(make.person("meng", Role.CHECKPOINT, COMMUNITY))
    rounds.send(
        guard.actor,
        gates.passage(post, subject=passage),
        gates.passage(post, "handed_over", subject=handover, to=COMMUNITY),
    )
    return passage, handover


def _household_pass() -> UUID:
    today = clock.local_date(clock.now())
    terms = Terms(per_household=1, valid_from=today, valid_until=today)
    return issue_passes(make.person("bao", Role.COMMUNITY_OFFICER, COMMUNITY), COMPOUND, terms)[0].id


def _import() -> UUID:
    receipt = import_file(
        make.person("wen", Role.DATA_CLERK, COMMUNITY),
        kind=ImportKind.SITES,
        path=COMPOUND,
        content=b"kind,name\nmarket,North gate\n",
        file_name="sites.csv",
    )
    return receipt.import_id


def _second_looks(account: UUID) -> tuple[UUID, UUID, UUID]:
    """A proposed role, an emergency role that has ended, and a shared view, all of one officer."""
    officer = make.person("wu", Role.COMMUNITY_OFFICER, COMMUNITY, team="community")
    make.person("sun2", Role.SUPERVISION, DISTRICT, team="supervision")
    proposal = propose_role(officer, account_id=account, role=Role.CREW, path=COMPOUND, reason="reserve")
    assert proposal is not None
    glass = break_glass(officer, role=Role.DATA_CLERK, path=COMMUNITY, reason="the clerk is ill")
    end_glass(make.again(officer.account_id))
    view = save_view(officer, name="here", address=f"/rounds?area={COMMUNITY}", path=COMMUNITY, shared=True)
    return proposal, glass, view
