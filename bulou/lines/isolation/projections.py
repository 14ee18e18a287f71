"""Records to sites, rooms, households and stays: each touched one is folded anew from the ledger."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import connection
from django.db import models as django_models
from psycopg.types.range import TimestamptzRange

from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from bulou.lines.isolation import models
from bulou.lines.isolation.rules import sites, stays
from bulou.lines.isolation.terms import ABOUT_SITE, ABOUT_STAY, Home, Kind, Site, Stay, Turned
from bulou.protocols import queries as protocols

BATCH = 2_000
LOCKS = 64  # buckets of subjects: few enough for the lock table, enough that two phones rarely wait
KINDS = frozenset(kind.value for kind in Kind)
Told = Mapping[UUID, Sequence[Entry]]


def apply(district: str, entries: Sequence[Entry]) -> None:
    """Guarantees what these records speak about stands as the whole ledger says; repeatable, any order.

    Assumes: inside the transaction that appended them. At most 14 queries, whatever the number of records.
    """
    subjects = sorted({entry.subject for entry in entries if entry.subject})
    if not subjects:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_advisory_xact_lock(hashtext('isolation.' || %s), bucket)"
            " FROM unnest(%s::int[]) AS bucket ORDER BY bucket",
            [district, sorted({subject.int % LOCKS for subject in subjects})],
        )
    _write(district, subjects)


def rebuild(district: str) -> None:
    """Guarantees the district's sites, rooms, households and stays are exactly what the ledger says."""
    for model in (
        models.Night, models.Stay, models.Home, models.Turned, models.Room, models.Duty, models.Check,
        models.Site,
    ):  # fmt: skip
        model.objects.filter(district=district).delete()
    subjects = ledger.subjects_of(district, kinds=sorted(KINDS))
    for start in range(0, len(subjects), BATCH):
        _write(district, subjects[start : start + BATCH])


def _write(district: str, subjects: Sequence[UUID]) -> None:
    groups: dict[str, dict[UUID, list[Entry]]] = defaultdict(lambda: defaultdict(list))
    for entry in ledger.records_alone(district, subjects):
        if entry.subject and entry.kind in KINDS:
            groups[_about(entry.kind)][entry.subject].append(entry)
    _sites(district, groups.get("site", {}))
    _rooms(district, groups.get("room", {}))
    _homes(district, groups.get("home", {}))
    _stays(district, groups.get("stay", {}))


def _about(kind: str) -> str:
    if kind in ABOUT_SITE:
        return "site"
    if kind in ABOUT_STAY:
        return "stay"
    return "room" if kind == Kind.TURNOVER else "home"


def _sites(district: str, told: Told) -> None:
    if not told:
        return
    made = [one for entries in told.values() if (one := sites.site(entries, _book(entries)))]
    _store(models.Site.objects, told, [models.Site(
        id=one.id, district=district, path=one.path, phone=one.phone) for one in made])  # fmt: skip
    for model in (models.Check, models.Duty, models.Room):
        model.objects.filter(district=district, site__in=list(told)).delete()
    for one in made:
        _below(district, one)


def _below(district: str, one: Site) -> None:
    about: dict[str, Any] = {"district": district, "path": one.path, "site": one.id}
    models.Check.objects.bulk_create(
        models.Check(
            id=check.id, at=check.at, passed=check.passed, lacking=list(check.lacking),
            valid_until=check.valid_until, author=check.author, **about,
        )
        for check in one.checks
    )  # fmt: skip
    models.Duty.objects.bulk_create(
        models.Duty(
            id=duty.id, account=duty.account, group=duty.group.value,
            valid=TimestamptzRange(duty.since, duty.until), **about,
        )
        for duty in one.duties
    )  # fmt: skip
    models.Room.objects.bulk_create(
        models.Room(
            id=room.id, number=room.number, floor=room.floor, zone=room.zone.value, area=room.area.value,
            beds=room.beds, barrier_free=room.barrier_free, **about,
        )
        for room in one.rooms
    )  # fmt: skip


def _rooms(district: str, told: Told) -> None:
    made = [one for entries in told.values() if (one := sites.turned(entries))]
    _store(models.Turned.objects, told, [_turned(one) for one in made])


def _homes(district: str, told: Told) -> None:
    made = [one for entries in told.values() if (one := sites.home(entries, _book(entries)))]
    _store(models.Home.objects, told, [_home(one) for one in made])


def _stays(district: str, told: Told) -> None:
    if not told:
        return
    made = [one for entries in told.values() if (one := stays.stay(entries))]
    _store(models.Stay.objects, told, [_stay(one) for one in made])
    models.Night.objects.filter(district=district, stay__in=list(told)).delete()
    models.Night.objects.bulk_create(
        [
            models.Night(
                district=district, path=one.path, stay=one.id, room=night.room, since=night.since,
                until=night.until,
            )
            for one in made
            for night in one.nights
        ],
        batch_size=BATCH,
    )  # fmt: skip


def _book(entries: Iterable[Entry]) -> sites.Book:
    return protocols.known(sorted({entry.protocol for entry in entries if entry.protocol}))


def _store(table: "django_models.Manager[Any]", told: Told, rows: Sequence[django_models.Model]) -> None:
    """These rows, and none for the other subjects."""
    if not told:
        return
    there = {row.pk for row in rows}
    gone = [subject for subject in told if subject not in there]
    if gone:
        table.filter(pk__in=gone).delete()
    key = table.model._meta.pk.name  # noqa: SLF001 - Django's public way
    columns = [field.name for field in table.model._meta.fields if field.name != key]  # noqa: SLF001
    table.bulk_create(
        sorted(rows, key=lambda row: row.pk), batch_size=BATCH, update_conflicts=True, unique_fields=[key],
        update_fields=columns,
    )  # fmt: skip


def _turned(one: Turned) -> models.Turned:
    return models.Turned(
        room=one.room, district=one.district, path=one.path, disinfected_at=one.disinfected_at,
        clean_at=one.clean_at, out_of_use=one.out_of_use, reason=one.reason,
    )  # fmt: skip


def _home(one: Home) -> models.Home:
    return models.Home(
        dwelling=one.dwelling, district=one.district, path=one.path, checked_at=one.checked_at,
        suitable=one.suitable, lacking=list(one.lacking), residents=one.residents, author=one.author,
    )  # fmt: skip


def _stay(one: Stay) -> models.Stay:
    return models.Stay(
        id=one.id, district=one.district, path=one.path, person=one.person, site=one.site, home=one.home,
        watch=one.watch, bus=one.bus, party=one.party, needs=[need.value for need in one.needs],
        back_to=one.back_to, regime=one.regime, phase=one.phase, counted_from=one.counted_from,
        ground=one.ground.value, due_at=one.due_at, arrived_at=one.arrived_at, released_at=one.released_at,
        release=one.release.value if one.release else "", serial=one.serial, left_at=one.left_at,
        going=one.going.value if one.going else "", record=one.record,
    )  # fmt: skip
