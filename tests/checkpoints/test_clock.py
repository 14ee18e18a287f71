"""The 14-day clock: what identifies a passage is sealed, and gone with its key; counts stay."""

from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
from cryptography.exceptions import InvalidTag
from django.db import connection
from django.test import override_settings

from bulou.access.terms import Actor, Role
from bulou.intake.actions.proving import replay_check, seal_all, verify
from bulou.intake.terms import Answered
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from bulou.ledger import queries as ledger
from bulou.lines.checkpoints import models
from bulou.lines.checkpoints.actions import details
from bulou.lines.checkpoints.actions.phone import take_along
from bulou.lines.checkpoints.queries import gates
from bulou.lines.checkpoints.rules import sealing
from bulou.lines.checkpoints.terms import Details
from tests.make import gates as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, street

pytestmark = pytest.mark.django_db
ALL = whole(DISTRICT)
TOLD = Details(plate="吉C12345", names="王小明", phone="13812345678", origin="某市某县", note="带一只猫")


@pytest.fixture
def guard() -> Actor:
    return someone(Role.CHECKPOINT, COMMUNITY, device=True)


@pytest.fixture
def lin() -> Actor:
    return someone(Role.COMMUNITY_OFFICER, COMMUNITY)


@pytest.fixture
def post() -> UUID:
    with transaction(ALL):
        street(compounds=1, doors=2)
        return make.post()


def pass_by(guard: Actor, post: UUID) -> UUID:
    """One passage as a phone makes it: with what it took along from the server."""
    taken, passage = take_along(guard), ids.uuid7()
    on = clock.local_date(clock.now())
    with transaction(ALL):
        keys = details.known_keys(DISTRICT)[on]
    sealed = sealing.seal(TOLD, public=sealing.public_bytes(keys[0]), on=on, passage=passage)
    assert taken["details"][0]["on"] == on.isoformat()
    answers = {
        "key": on.isoformat(), "sealed": sealed, "plate_tag": sealing.plate_tag(keys[1], post, TOLD.plate)
    }  # fmt: skip
    assert send(guard, make.passage(post, subject=passage, **answers)).results[0].standing == Answered.KEPT
    return passage


def everything() -> str:
    """Every value of every table of the line and of the ledger, as text, with all that can be unsealed."""
    texts = []
    with transaction(ALL), connection.cursor() as cursor:
        for table in ("ledger_record", "ledger_conflict", "checkpoints_passage", "checkpoints_hour",
                      "checkpoints_handover", "checkpoints_shift", "checkpoints_pass"):  # fmt: skip
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} AS t")
            texts.append(cursor.fetchone()[0])
        keys = details.known_keys(DISTRICT)
        for row in models.Passage.objects.all():
            record = ledger.record(ALL, row.record)
            sealed = make.payload_of(record)["sealed"] if record else ""
            key = keys.get(row.key_on) if row.key_on else None
            if key and row.key_on:
                texts.append(str(sealing.unseal(sealed, private=key[0], on=row.key_on, passage=row.id)))
                known = sealing.plate_tag(key[1], row.post, TOLD.plate) == row.plate_tag
                texts.append("known plate" if known else "")
    return " ".join(texts)


def test_after_fourteen_days_nothing_identifies_anybody_and_the_counts_and_proofs_hold(
    guard: Actor, lin: Actor, post: UUID
) -> None:
    passage = pass_by(guard, post)
    seal_all()
    now = clock.now()
    assert "王小明" in everything(), "the control: before the clock it can be read, with the key"
    assert "known plate" in everything()
    with clock.frozen(now + timedelta(days=14)):
        assert details.purge() == 0
        assert details.reveal(lin, passage, COMMUNITY, why="contact of a case").names == "王小明"
    with clock.frozen(now + timedelta(days=15)):
        assert details.purge() == 1
        assert details.purge() == 0
        with pytest.raises(ProblemError, match=r"^checkpoints\.details_gone$"):
            details.reveal(lin, passage, COMMUNITY, why="contact of a case")
        left = everything()
        for word in (*(TOLD.plate, TOLD.names, TOLD.phone, TOLD.origin, TOLD.note), "known plate"):
            assert word not in left, word
        start, _ = clock.day_bounds(clock.local_date(now))
        with transaction(ALL):
            assert [h.n_persons for h in gates.hours(ALL, start, start + timedelta(days=1))] == [2]
        seal_all()
        assert verify().faults == ()
        assert replay_check().faults == ()


def test_what_a_careless_client_sends_in_plain_text_never_gets_into_the_ledger(
    guard: Actor, post: UUID
) -> None:
    record = make.passage(post, plate="吉C12345", names="王小明", reason="王小明 带病", n_persons=1)
    record["subject"] = {
        "type": "passage", "new": {"id": str(ids.uuid7()), "area": make.GATE, "label": "王小明"}
    }  # fmt: skip
    first, again = (send(guard, record).results[0] for _ in range(2))
    assert (first.standing, first.problems) == (Answered.DOUBTFUL, ["checkpoints.plain_details"])
    assert again.standing == Answered.DUPLICATE, "the same record counts once, reduced or not"
    assert "王小明" not in everything()
    assert "吉C12345" not in everything()


def test_each_look_at_details_is_told_with_its_reason(guard: Actor, lin: Actor, post: UUID) -> None:
    passage = pass_by(guard, post)
    with pytest.raises(ProblemError, match=r"^access\.reason_missing$"):
        details.reveal(lin, passage, COMMUNITY, why=" ")
    assert details.reveal(lin, passage, COMMUNITY, why="contact of a case") == TOLD
    with transaction(ALL):
        told = [e for e in ledger.history(ALL, passage) if e.kind == "passage.revealed"]
    assert [(e.author, b"contact of a case" in e.payload) for e in told] == [(lin.account_id, True)]


def test_the_staff_of_a_gate_and_the_next_community_read_no_details(guard: Actor, post: UUID) -> None:
    passage = pass_by(guard, post)
    for actor, code in (
        (guard, "access.not_allowed"),
        (someone(Role.COMMUNITY_OFFICER, f"{DISTRICT}.001.006"), "access.not_found"),
        (someone(Role.COMMAND, DISTRICT), "access.not_allowed"),
    ):
        with pytest.raises(ProblemError, match=rf"^{code}\b"):
            details.reveal(actor, passage, COMMUNITY, why="curious")


def test_the_database_alone_opens_nothing(guard: Actor, post: UUID, tmp_path: Path) -> None:
    """The keys of the days are wrapped by a key that lies beside the database, not in it."""
    pass_by(guard, post)
    with override_settings(BULOU_DATA=tmp_path), transaction(ALL), pytest.raises(InvalidTag):
        details.known_keys(DISTRICT)
