"""A small real district in the middle of its work: what the desk's pages are looked at with."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from uuid import UUID
from zlib import crc32

from bulou.access.actions.accounts import create_account
from bulou.access.actions.codes import issue_code
from bulou.access.actions.devices import enrol_device
from bulou.access.actions.gate import system_actor
from bulou.access.actions.passwords import redeem_code
from bulou.access.actions.roles import grant_role
from bulou.access.queries import actor_by_id, actor_by_token, forget
from bulou.access.terms import Actor, Purpose, Role
from bulou.cases import queries as cases
from bulou.command.terms import Level
from bulou.coverage.actions import close_round, open_round
from bulou.coverage.terms import Basis, Operation, Targets
from bulou.grid import models as grid
from bulou.grid.actions.imports import ImportOptions, import_file
from bulou.grid.terms import ImportKind
from bulou.intake.actions.office import submit_office
from bulou.intake.actions.reporting import OwnWords, ask_help, report_oneself
from bulou.intake.actions.submitting import submit
from bulou.intake.terms import OfficeRecord
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.restrictions import queries
from bulou.lines.restrictions.actions import acts
from bulou.lines.restrictions.actions.appeals import object_by_code
from bulou.lines.restrictions.terms import Evidence, Facts
from bulou.lines.screening.actions.teams import name_member
from bulou.lines.screening.terms import Kind, TeamRole
from bulou.people.actions import vault
from bulou.people.terms import Identity, NewPerson
from bulou.rehearsal import households, payloads
from bulou.rehearsal.district import build, divisions, words
from bulou.rehearsal.registry import import_district
from bulou.rehearsal.scenario import load
from bulou.tasks.actions import assign, set_duty
from bulou.tasks.terms import DutyRole, Unit
from tests.make import care, command, isolation, people, protocols, register, restrictions
from tests.make.rounds import batch

DISTRICT = "220303"
PASSWORD = "seven blue bicycles"
BATCH = 400


@dataclass
class World:
    """Who is there, and the rounds that are under way."""

    people: dict[str, Actor] = field(default_factory=dict)
    screening: Operation | None = None
    disinfection: Operation | None = None
    closed: Operation | None = None
    street: str = ""
    community: str = ""
    findings: list[UUID] = field(default_factory=list)
    import_id: UUID | None = None
    door: UUID | None = None
    came: list[UUID] = field(default_factory=list)
    watch: UUID | None = None
    case: UUID | None = None
    chain: UUID | None = None
    restriction: UUID | None = None
    site: UUID | None = None
    stay: UUID | None = None
    zone: UUID | None = None
    order: UUID | None = None


def world(*, scale: float = 0.03, done: float = 0.82, seed: int = 2020) -> World:
    """Build the district and play two days of it. Takes a few seconds per thousand doors."""
    made, random = World(), Random(seed)
    protocols.library()
    scenario = load("tiedong-2020")
    district = build(scenario, divisions(DISTRICT), scale=scale, seed=seed)
    since = clock.local_date(clock.now()) - timedelta(days=30)
    import_district(district, since=since, heads={DISTRICT: (241_000, 180_000)})
    with transaction(whole(DISTRICT)):
        made.street = district.streets[0].path
        made.community = next(c.path for c in district.communities if c.path.startswith(f"{made.street}."))
        _hire(made, [street.path for street in district.streets], random, scenario.play["teams"])
        _answer(made, [c.path for c in district.communities], random)
        _open(made)
    _knock(made, random, done)
    _disinfect(made, random)
    with transaction(whole(DISTRICT)):
        _supervise(made)
        _give(made)
        _come(made)
    _care(made)
    _bad_import(made)
    return made


def _hire(made: World, streets: Sequence[str], random: Random, teams: dict[str, list[str]]) -> None:
    cast: list[tuple[str, Role, str, str]] = [
        ("he", Role.COMMAND, DISTRICT, ""),
        ("lin", Role.COMMUNITY_OFFICER, made.community, ""),
        ("zhao", Role.STREET_OFFICER, streets[1], ""),
        ("zhou", Role.STREET_OFFICER, made.street, ""),
        ("sun", Role.SUPERVISION, DISTRICT, teams["supervision"][0]),
        ("wen", Role.DATA_CLERK, DISTRICT, ""),
        ("ma", Role.SYSTEM_ADMIN, DISTRICT, ""),
        ("gao", Role.CREW, DISTRICT, teams["disinfection"][0]),
    ]
    groups = zip(streets, teams["screening"], strict=False)
    cast += [(f"worker{n}", Role.WORKER, path, team) for n, (path, team) in enumerate(groups, 1)]
    shown = words()
    for name, role, path, team in cast:
        said = random.choice(shown["surnames"]) + random.choice(shown["given"])
        made.people[name] = person(name, said, role, path, team)


def person(name: str, shown: str, role: Role, path: str, team: str = "") -> Actor:
    """Return somebody who can sign in with PASSWORD."""
    system = system_actor(DISTRICT)
    account = create_account(system, name=name, display_name=shown, path=path, team=team)
    redeem_code(account.code, password=PASSWORD)
    grant_role(system, account_id=account.account_id, role=role, path=path, reason="test")
    forget()
    actor = actor_by_id(account.account_id)
    assert actor is not None
    return actor


def _answer(made: World, communities: Sequence[str], random: Random) -> None:
    workers = {a.grants[0].path: a for name, a in made.people.items() if name.startswith("worker")}
    for path in list(workers)[:-2]:
        set_duty(made.people["he"], path=path, role=DutyRole.LEAD, account=workers[path].account_id)
    for path in communities:
        street = path.rsplit(".", 1)[0]
        if street in workers and random.random() < 0.8:
            set_duty(made.people["he"], path=path, role=DutyRole.LEAD, account=workers[street].account_id)


def _open(made: World) -> None:
    now, law = clock.now(), Basis(words()["law"], "")
    he = made.people["he"]
    made.closed = open_round(
        he,
        protocol="disinfection-round",
        path=made.street,
        opens_at=now - timedelta(days=6),
        due_at=now - timedelta(days=4),
        basis=law,
    )
    close_round(he, operation_id=made.closed.id, reason=words()["reasons"]["absent"])
    made.screening = open_round(
        he,
        protocol="household-screening-round",
        path=DISTRICT,
        opens_at=now - timedelta(hours=40),
        due_at=now + timedelta(hours=9),
        basis=law,
    )
    made.disinfection = open_round(
        he,
        protocol="disinfection-round",
        path=DISTRICT,
        opens_at=now - timedelta(hours=20),
        due_at=now - timedelta(hours=1),
        basis=law,
        targets=Targets(site_types=("compound_grounds",)),
    )


def _knock(made: World, random: Random, done: float) -> None:
    assert made.screening is not None
    now = clock.now()
    with transaction(whole(DISTRICT)):
        doors = list(grid.Dwelling.objects.order_by("path", "sort").values_list("id", "path"))
    phones = {
        a.grants[0].path: phone(a, f"phone-{n}")
        for n, (name, a) in enumerate(made.people.items())
        if name.startswith("worker")
    }
    numbers = dict.fromkeys(phones, 0)
    habits = households.Habits()
    by_street: dict[str, list[dict[str, object]]] = {path: [] for path in phones}
    for n, (door, path) in enumerate(doors):
        street = ".".join(path.split(".")[:2])
        if street not in phones or random.random() > done * (0.5 + 0.5 * (crc32(street.encode()) % 7) / 6):
            continue
        outcome = households.opens(7, str(n), 1, habits)
        numbers[street] += 2 if random.random() < 0.0005 else 1
        if outcome == households.ABSENT and path.startswith(f"{made.community}."):
            made.door = made.door or door
        by_street[street].append(
            _visit(
                made.screening, door, outcome, now - timedelta(minutes=60 * 30 - n % 1500), numbers[street]
            )
            | {"payload": payloads.visit(outcome, random, f"N-{n:05d}")}
        )
    # whoever was met there by chance: Lin has a door of her own community to look at
    made.door = made.door or next(door for door, path in doors if path.startswith(f"{made.community}."))
    for street, records in by_street.items():
        for start in range(0, len(records), BATCH):
            submit(phones[street], batch(records[start : start + BATCH]))
    _odd(made, phones, by_street, numbers)


def _odd(
    made: World, phones: dict[str, Actor], sent: dict[str, list[dict[str, object]]], numbers: dict[str, int]
) -> None:
    """What a person must look at: two at odd times, one twice with other content, one that never came."""
    assert made.screening is not None
    street = next(path for path, records in sent.items() if len(records) > 3)
    first, second = sent[street][0], sent[street][1]
    ahead = clock.now() + timedelta(hours=5)
    late = _visit(made.screening, UUID(second["subject"]["id"]), "done", ahead, numbers[street] + 3)  # type: ignore[index]
    late["payload"] = payloads.visit("done", Random(1), "")
    before = late | {"id": str(ids.uuid7()), "observed_at": (clock.now() - timedelta(days=5)).isoformat()}
    before["device_seq"] = numbers[street] + 4
    told = "refused" if first["outcome"] != "refused" else households.ABSENT
    other = first | {"outcome": told, "payload": {"met": "adult"}}
    submit(phones[street], batch([late, before, other]))


def _come(made: World) -> None:
    """Three people who came back, one of them a key person, two with one phone."""
    lin, kept = made.people["lin"], made.community
    for n, name in enumerate(("张小三", "欧阳娜娜", "张大山")):
        told = Identity(name, people.number(n) if n < 2 else "", ("13800138000",) if n != 1 else ())
        made.came.append(vault.hold(lin, [NewPerson(kept, told)], why=people.WHY)[0].person_id)
        stay = {"place": "武汉" if n == 0 else "济南", "left_on": "2026-01-20"}
        register.say(
            lin, Kind.PERSON, made.came[-1], path=kept, trigger="returnee", channel="at_desk",
            stays=[stay], arrived_on="2026-01-21", contact="no", transport="G1", home=kept,
        )  # fmt: skip
    rule = {"risk": "key_person", "places": ["武汉"], "codes": ["4201"], "from_on": "2026-01-14"}
    register.set_rule(rule, by=made.people["he"])
    name_member(lin, role=TeamRole.POLICE, account=lin.account_id, person_id=made.came[0])


def _care(made: World) -> None:
    """Somebody who is watched, said that he is ill, has to stay at home and objects; two who are driven."""
    zhou, now = made.people["zhou"], clock.now()
    person, kept = made.came[0], made.community
    began, day = now - timedelta(days=3), clock.local_date(now - timedelta(days=3)).isoformat()
    with transaction(whole(DISTRICT)):
        made.watch = care.start(zhou, person=person, when=began, path=kept, **{"from": day})
        other = care.start(zhou, person=made.came[1], when=began, path=kept, **{"from": day})
        riders = [{"id": str(one), "type": "person"} for one in made.came[1:]]
        way = {"from": {"path": kept, "unit": "gate"}, "to": {"path": kept, "unit": "crew"}}
        opened = {"items": riders, "legs": [way], "registered": 2}
        made.chain = ids.uuid7()
        care.say(
            zhou, "custody.opened", made.chain, "requested", when=now, protocol=care.ESCORT, path=kept,
            payload=opened, subject_type="custody",
        )  # fmt: skip
    for watch, degrees in ((other, 36.6), (made.watch, 38.1)):
        said = OwnWords(id=ids.uuid7(), well=degrees < 37, temperature=degrees, symptoms=["none"])
        report_oneself(DISTRICT, watch, said)
    ask_help(DISTRICT, person, path=kept, number=0, help_="medicine", note="")
    with transaction(whole(DISTRICT)):
        made.case = cases.about(DISTRICT, made.watch)[0].id
    _command(made, kept)
    act = acts.propose(
        zhou, replace(restrictions.proposal([_fact(zhou, kept, person)], restrictions.basis()), path=kept)
    )
    with transaction(whole(DISTRICT)):
        made.restriction = queries.of_act(whole(DISTRICT), act.id, clock.now())[0].id
    object_by_code(DISTRICT, made.restriction, words()["reasons"]["absent"])
    assert made.door is not None
    with transaction(whole(DISTRICT)):
        made.site, made.stay = isolation.busy(zhou, kept, made.door)


def _command(made: World, path: str) -> None:
    """A precaution area, and an order that nobody has taken on."""
    he = made.people["he"]
    made.zone = command.set_zone(he, Level.PRECAUTION, path=path)
    made.order = command.issue(he, path=DISTRICT, areas=[path], title="A.7")


def _fact(by: Actor, path: str, person: UUID) -> Facts:
    return acts.record_evidence(
        by, path=path, person=person, evidence=Evidence.EXPOSURE, words="one flat", happened_at=clock.now()
    )


def _visit(operation: Operation, door: UUID, outcome: str, at: object, seq: int) -> dict[str, object]:
    return {
        "id": str(ids.uuid7()),
        "kind": "screening.visit",
        "operation": str(operation.id),
        "subject": {"type": "dwelling", "id": str(door)},
        "outcome": outcome,
        "payload": {},
        "observed_at": at.isoformat(),  # type: ignore[attr-defined]
        "protocol": operation.protocol,
        "device_seq": seq,
    }


def phone(actor: Actor, name: str) -> Actor:
    """Return the actor behind a phone that was enrolled for somebody."""
    with transaction(whole(DISTRICT)):
        code = issue_code(system_actor(DISTRICT), account_id=actor.account_id, purpose=Purpose.ENROL)
        found = actor_by_token(enrol_device(code, name=name).token)
    assert found is not None
    return found


def _disinfect(made: World, random: Random) -> None:
    assert made.disinfection is not None
    crew = phone(made.people["gao"], "crew-1")
    with transaction(whole(DISTRICT)):
        sites = list(grid.Site.objects.filter(type="compound_grounds").values_list("id", "attributes"))
    records = []
    for n, (site, attributes) in enumerate(sites):
        if random.random() < 0.15:
            continue
        made_at = clock.now() - timedelta(minutes=900 - n)
        record = _visit(made.disinfection, site, "done", made_at, n + 1)
        area = int(float(str(attributes.get("area_m2", 1000))))
        records.append(
            record
            | {
                "kind": "disinfection.job",
                "subject": {"type": "site", "id": str(site)},
                "payload": payloads.disinfection(area, random),
            }
        )
    for start in range(0, len(records), BATCH):
        submit(crew, batch(records[start : start + BATCH]))


def _supervise(made: World) -> None:
    sun, texts = made.people["sun"], words()["findings"]
    for n, text in enumerate(texts):
        finding = ids.uuid7()
        made.findings.append(finding)
        severity = ("critical", "serious", "ordinary")[n % 3]
        steps: list[tuple[str, str, dict[str, object]]] = [
            ("supervision.finding", "found", {"severity": severity, "text": text, "methods": ["secret"]}),
            ("supervision.told", "told", {"unit": words()["compounds"][0]}),
        ]
        for kind, outcome, payload in steps[: 1 + n % 2]:
            record = OfficeRecord(
                kind=kind,
                path=made.community,
                subject_type="finding",
                subject=finding,
                outcome=outcome,
                payload=payload,
            )
            submit_office(sun, [record])


def _give(made: World) -> None:
    assert made.screening is not None
    doors = list(grid.Dwelling.objects.filter(path__startswith=made.community).values_list("id", "path")[:30])
    worker = made.people["worker1"]
    assign(
        made.people["lin"],
        operation=made.screening.id,
        units=[Unit(door, path) for door, path in doors],
        account=worker.account_id,
    )


def _bad_import(made: World) -> None:
    rows = f"path,building,floor,door\n{made.community}.nowhere,1,1,101\n{made.community},1,two,102\n"
    receipt = import_file(
        made.people["wen"],
        kind=ImportKind.DWELLINGS,
        path=DISTRICT,
        content=rows.encode(),
        file_name="doors-of-the-community.csv",
        options=ImportOptions(),
    )
    made.import_id = receipt.import_id
