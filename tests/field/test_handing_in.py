"""Sealed hand-in: what only the server can open counts as if the phone had sent it."""

from datetime import timedelta
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings
from msgspec.structs import replace

from bulou.access.actions.devices import revoke_device
from bulou.access.actions.gate import system_actor
from bulou.access.actions.roles import revoke_grant
from bulou.access.queries import grants_of
from bulou.access.terms import Actor, Role
from bulou.coverage.terms import Operation
from bulou.intake.actions import handing_in
from bulou.intake.actions.handing_in import PACKED, hand_in, hand_in_file
from bulou.intake.terms import BatchAnswer
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.ledger.terms import Entry
from tests.make import access, photos, rounds, sealing
from tests.make.access import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture
def qian() -> Actor:
    return access.person("qian", Role.WORKER, rounds.COMMUNITY)


@pytest.fixture
def phone(qian: Actor) -> Phone:
    return access.phone(qian, name="phone 3")


@pytest.fixture
def street() -> rounds.Street:
    with transaction(whole(rounds.DISTRICT)):
        return rounds.street(doors=3)


@pytest.fixture
def operation(street: rounds.Street) -> Operation:
    with transaction(whole(rounds.DISTRICT)):
        return rounds.screening()


def revoke(phone: Phone) -> None:
    revoke_device(system_actor(rounds.DISTRICT), device_id=phone.device_id, reason="lost")


def told(answer: BatchAnswer) -> list[tuple[str, list[str]]]:
    return [(str(result.standing), result.problems) for result in answer.results]


def entry(record: str) -> Entry | None:
    with transaction(whole(rounds.DISTRICT)):
        return ledger.record(whole(rounds.DISTRICT), UUID(record))


def test_an_envelope_counts_once_whether_sealed_sent_or_both(
    phone: Phone, qian: Actor, street: rounds.Street, operation: Operation
) -> None:
    visit = rounds.visit(operation, street.all_doors[0], device_seq=1)
    envelope = sealing.records(phone.device_id, phone.token, visit)
    assert told(hand_in([envelope], sent_at=clock.now())) == [("kept", [])]
    assert told(hand_in([envelope], sent_at=clock.now())) == [("duplicate", [])]
    assert rounds.standings(rounds.send(phone.actor, visit)) == ["duplicate"]
    kept = entry(visit["id"])
    assert kept is not None
    assert (kept.author, kept.device) == (qian.account_id, phone.device_id)


def test_a_revoked_phone_hands_in_what_it_holds_and_what_came_later_waits_for_a_person(
    phone: Phone, street: rounds.Street, operation: Operation
) -> None:
    before = rounds.visit(operation, street.all_doors[0], at=clock.now() - timedelta(minutes=5))
    revoke(phone)
    after = rounds.visit(operation, street.all_doors[1], at=clock.now() + timedelta(seconds=10))
    envelopes = [sealing.records(phone.device_id, phone.token, one) for one in (before, after)]
    assert told(hand_in(envelopes, sent_at=clock.now())) == [
        ("kept", []),
        ("doubtful", ["intake.after_revocation"]),
    ]


def test_a_holder_whose_role_has_ended_hands_in_too_and_a_person_decides(
    phone: Phone, qian: Actor, street: rounds.Street, operation: Operation
) -> None:
    visit = rounds.visit(operation, street.all_doors[0])
    for grant in grants_of([qian.account_id]):
        revoke_grant(system_actor(rounds.DISTRICT), grant_id=grant.id, reason="left")
    answer = hand_in([sealing.records(phone.device_id, phone.token, visit)], sent_at=clock.now())
    assert told(answer) == [("doubtful", ["intake.outside_area"])]


def test_nobody_writes_an_envelope_for_a_phone_that_is_not_his(
    phone: Phone, street: rounds.Street, operation: Operation
) -> None:
    other = access.phone(access.person("wu", Role.WORKER, rounds.COMMUNITY), name="phone 4")
    visit = rounds.visit(operation, street.all_doors[0])
    guessed = sealing.records(phone.device_id, other.token, visit)
    moved = replace(sealing.records(other.device_id, other.token, visit), device=phone.device_id)
    renamed = replace(sealing.records(phone.device_id, phone.token, visit), id=ids.uuid7())
    unknown = sealing.records(ids.uuid7(), phone.token, visit)
    stranger = ec.generate_private_key(ec.SECP256R1()).public_key()
    point = stranger.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    elsewhere = sealing.sealed(phone.device_id, ids.uuid7(), b"{}", to=point)
    short = replace(guessed, sealed=guessed.sealed[:40])
    broken = sealing.sealed(phone.device_id, ids.uuid7(), b'{"token": 1}')
    bomb = sealing.sealed(phone.device_id, ids.uuid7(), b" " * (40 * 1024 * 1024), form=PACKED)
    answer = hand_in([guessed, moved, renamed, unknown, elsewhere, short, broken, bomb], sent_at=clock.now())
    assert [result.standing for result in answer.results] == ["unreadable"] * 8
    assert entry(visit["id"]) is None


def test_a_file_knows_how_wrong_the_clock_was(
    phone: Phone, street: rounds.Street, operation: Operation
) -> None:
    month = timedelta(days=30)
    happened = clock.now() - timedelta(minutes=10)
    visit = rounds.visit(operation, street.all_doors[0], at=happened - month)
    envelope = sealing.records(
        phone.device_id, phone.token, visit, offset_ms=round(month / timedelta(milliseconds=1))
    )
    assert told(hand_in_file(sealing.file_of(envelope))) == [("kept", [])]
    kept = entry(visit["id"])
    assert kept is not None
    assert abs(kept.effective_at - happened) < timedelta(seconds=1)


def test_scanned_pages_come_in_any_order_and_a_missing_one_is_named(
    phone: Phone, street: rounds.Street, operation: Operation
) -> None:
    visits = [rounds.visit(operation, door, device_seq=n) for n, door in enumerate(street.all_doors, 1)]
    pack = sealing.records(phone.device_id, phone.token, *visits, envelope=ids.uuid7(), form=PACKED)
    pages = sealing.pages_of(pack)
    assert len(pages) > 2
    with pytest.raises(ProblemError) as error:
        hand_in_file("\n".join(pages[:1] + pages[2:]).encode())
    assert error.value.problem.params == {"pages": "2"}
    answer = hand_in_file("\r\n".join(reversed(pages)).encode())
    assert told(answer) == [("kept", [])] * len(visits)
    with pytest.raises(ProblemError):
        hand_in_file(b"something else")


def test_a_photo_comes_along(phone: Phone, street: rounds.Street, operation: Operation) -> None:
    visit = rounds.visit(operation, street.all_doors[0])
    envelope = sealing.photo(
        phone.device_id, phone.token, ids.uuid7(), UUID(visit["id"]), rounds.COMMUNITY, photos.photo()
    )
    assert [r.standing for r in hand_in([envelope], sent_at=clock.now()).results] == ["kept"]
    assert [r.standing for r in hand_in([envelope], sent_at=clock.now()).results] == ["duplicate"]


def test_the_key_is_made_once_and_is_for_the_server_alone() -> None:
    first = handing_in.public_key()
    assert handing_in.public_key() == first
    file = settings.BULOU_DATA / handing_in.KEY_FILE
    assert file.stat().st_mode & 0o077 == 0
