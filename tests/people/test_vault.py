"""What is held about people is sealed, has a reason and an end, and is found only by who knows the word."""

from datetime import timedelta
from pathlib import Path

import psycopg
import pytest
from django.conf import settings
from django.db import IntegrityError, connection
from django.db import transaction as db

from bulou.access.terms import Role
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.reach import Scope, whole
from bulou.kernel.scope import transaction
from bulou.ledger import queries as ledger
from bulou.people import models
from bulou.people.actions import disputes, keys, reading, retention, vault
from bulou.people.queries import identity, reads
from bulou.people.terms import Alike, Asked, Fate, Field, Identity, Look, NewPerson, Purpose
from tests.make import people as make
from tests.make.rounds import COMMUNITY, DISTRICT, someone

pytestmark = pytest.mark.django_db
HERE = whole(DISTRICT)
NEXT = f"{DISTRICT}.001.006"
VISIT = Asked(Purpose.FOLLOW_UP, "evening visit")


def everything_stored() -> str:
    with connection.cursor() as cursor:
        found = []
        for table in ("people_person", "people_identity", "people_token", "people_read", "ledger_record"):
            cursor.execute(f"SELECT string_agg(t::text, ' ') FROM {table} t")
            found.append(str(cursor.fetchone()))
    return " ".join(found)


def test_neither_name_nor_number_nor_phone_stands_anywhere_in_the_database() -> None:
    with transaction(HERE):
        make.hold("张小三", number=make.number(7), phones=(make.phone(7),), address="幸福路 3 号")
        stored = everything_stored()
    for secret in ("张小三", make.number(7), make.phone(7), "幸福路", "zhangxiaosan"):
        assert secret not in stored
        assert secret.encode().hex() not in stored


def test_the_database_alone_opens_nothing_and_nothing_moves_to_another_person() -> None:
    with transaction(HERE):
        one, two = make.hold("张三", number=make.number(1)), make.hold("李四", number=make.number(2))
        first, second = (models.Identity.objects.get(person=held.person_id) for held in (one, two))
        box = keys.Keys()
        key = box.opened(first.keep, first.month, first.id, first.wrapped)
        assert keys.unseal(key, first.sealed["name"], first.id, "name") == "张三"
        with pytest.raises(ProblemError, match="keys_missing"):
            box.opened(second.keep, second.month, second.id, first.wrapped)
        with pytest.raises(ProblemError, match="keys_missing"):
            keys.unseal(key, first.sealed["name"], first.id, "number")


@pytest.mark.parametrize("column", ["trigger", "purpose", "basis", "reason", "expires_at"])
def test_the_database_refuses_identity_without_a_reason_or_an_end(column: str) -> None:
    with transaction(HERE):
        make.hold("张三")
        for value in (None, " ") if column != "expires_at" else (None,):
            with pytest.raises(IntegrityError), db.atomic():
                models.Identity.objects.update(**{column: value})


def test_a_lists_shows_a_mask_and_every_look_is_a_line_that_the_person_can_read() -> None:
    lin = make.officer()
    with transaction(HERE):
        held = make.hold("张小三", number=make.number(1), phones=("13800138000",))
        shown = reading.masked(lin, [held.person_id], VISIT)[held.person_id]
        assert (shown.name, shown.phones) == ("张*三", ("138****8000",))
        assert shown.number == "*" * 14 + make.number(1)[-4:]
        plain = reading.reveal(lin, [held.person_id], why=VISIT)[held.person_id]
        assert plain.identity == Identity("张小三", "", ("13800138000",), "")
        assert plain.until - clock.now() <= timedelta(seconds=10)
        seen = reads.of_person(DISTRICT, held.person_id)
        assert [row.look for row in seen] == [Look.REVEALED, Look.LISTED]
        assert seen[0].account == lin.account_id
        assert (seen[0].role, seen[0].unit, seen[0].purpose) == (
            "community_officer",
            lin.team,
            Purpose.FOLLOW_UP,
        )
        assert seen[0].fields == (Field.NAME, Field.PHONES, Field.ADDRESS)


def test_nobody_changes_the_log_of_looks() -> None:
    with transaction(HERE):
        held = make.hold("张三")
        reading.masked(make.officer(), [held.person_id], VISIT)
        for act in (lambda: models.Read.objects.update(unit="x"), lambda: models.Read.objects.all().delete()):
            with pytest.raises(IntegrityError), db.atomic():
                act()


def test_a_purpose_shows_only_its_fields_and_no_reveal_goes_without_a_reason() -> None:
    lin = make.officer()
    with transaction(HERE):
        held = make.hold("张三", number=make.number(1))
        with pytest.raises(ProblemError, match="purpose_does_not_need"):
            reading.reveal(lin, [held.person_id], why=VISIT, fields=[Field.NUMBER])
        with pytest.raises(ProblemError, match="reason_missing"):
            reading.reveal(lin, [held.person_id], why=Asked(Purpose.FOLLOW_UP))
        assert reads.of_person(DISTRICT, held.person_id) == ()


def test_one_officer_reveals_at_most_twenty_at_once_and_sixty_an_hour() -> None:
    lin = make.officer()
    with transaction(HERE):
        people = vault.hold(
            lin,
            [NewPerson(COMMUNITY, Identity(f"张{n:02d}", make.number(n))) for n in range(61)],
            why=make.WHY,
        )
        everybody = [held.person_id for held in people]
        with pytest.raises(ProblemError, match="too_many_at_once"):
            reading.reveal(lin, everybody[:21], why=VISIT)
        for start in (0, 20, 40):
            reading.reveal(lin, everybody[start : start + 20], why=VISIT)
        with pytest.raises(ProblemError, match="too_many_this_hour"):
            reading.reveal(lin, everybody[60:], why=VISIT)
        reading.reveal(lin, everybody[:1], why=VISIT)  # one who was shown already


@pytest.mark.parametrize(
    "text",
    [
        "张小三",
        "張小三",
        "小三",
        "张",
        "zhangxiaosan",
        "Zhang Xiao San",
        "zxs",
        "138 0013 8000",
        "+8613800138000",
    ],
)
def test_somebody_is_found_by_characters_pinyin_initials_or_the_whole_phone(text: str) -> None:
    with transaction(HERE):
        held = make.hold("张小三", number=make.number(3), phones=("13800138000",))
        make.hold("李四", number=make.number(4), phones=("13900139000",))
        (found,) = reading.find(make.officer(), text, VISIT)
        assert found.person_id == held.person_id


@pytest.mark.parametrize("text", ["1380013", "zhangx", make.number(3)[:17], "王", ""])
def test_parts_of_numbers_and_strangers_find_nobody(text: str) -> None:
    with transaction(HERE):
        make.hold("张小三", number=make.number(3), phones=("13800138000",))
        assert reading.find(make.officer(), text, VISIT) == ()


def test_the_next_community_neither_finds_nor_sees_nor_reveals() -> None:
    zhao = make.officer(NEXT)
    with transaction(HERE):
        held = make.hold("张小三", number=make.number(3))
    with transaction(Scope((DISTRICT,), (NEXT,))):
        assert reading.find(zhao, make.number(3), VISIT) == ()
        assert reading.masked(zhao, [held.person_id], VISIT) == {}
        assert not models.Identity.objects.exists()
        assert not models.Token.objects.exists()
        with pytest.raises(ProblemError, match="not_found"):
            reading.reveal(zhao, [held.person_id], why=VISIT)
    # the control: the second wall is not the only one
    with transaction(HERE), pytest.raises(ProblemError, match="access"):
        reading.masked(zhao, [held.person_id], VISIT)


@pytest.mark.parametrize(
    "role", [Role.WORKER, Role.SYSTEM_ADMIN, Role.VIEWER, Role.SUPERVISION, Role.COMMAND]
)
def test_these_roles_reveal_nobody(role: Role) -> None:
    with transaction(HERE):
        held = make.hold("张三")
        with pytest.raises(ProblemError, match="access"):
            reading.reveal(someone(role, COMMUNITY), [held.person_id], why=VISIT)


def test_the_same_person_is_known_again_by_number_in_any_spelling_and_enters_once() -> None:
    with transaction(HERE):
        first = make.hold("張偉", number="110105491231002", phones=("13800138000",))
        again = make.hold("张伟", number="１１０１０５１９４９１２３１００２x", phones=("+86 138-0013-8000",))
        assert (first.fate, again.fate) == (Fate.NEW, Fate.CHANGED)
        assert again.person_id == first.person_id
        assert make.hold("张伟", number="11010519491231002X", phones=("13800138000",)).fate is Fate.SAME
        assert models.Person.objects.count() == 1


def test_a_phone_or_a_name_alone_is_a_soft_warning_and_joins_nobody() -> None:
    with transaction(HERE):
        father = make.hold("张大山", number=make.number(1), phones=("13800138000",))
        son = make.hold("张小山", number=make.number(2), phones=("13800138000",))
        assert son.person_id != father.person_id
        assert [(d.person_id, d.alike) for d in son.duplicates] == [(father.person_id, Alike.PHONE)]
        device = vault.hold(
            make.officer(),
            [NewPerson(COMMUNITY, Identity("张大山", make.number(1)), person_id=ids.uuid7())],
            why=make.WHY,
        )[0]
        assert device.person_id != father.person_id
        assert [d.alike for d in device.duplicates if d.person_id == father.person_id] == [Alike.NUMBER]
        found = {(frozenset((pair.one, pair.other)), pair.alike) for pair in identity.pairs(HERE, DISTRICT)}
        assert (frozenset((father.person_id, device.person_id)), Alike.NUMBER) in found
        assert (frozenset((father.person_id, son.person_id)), Alike.PHONE) in found


def test_name_and_phone_know_somebody_again_in_another_place_and_a_name_alone_only_in_the_same() -> None:
    with transaction(HERE):
        city = someone(Role.DATA_CLERK, DISTRICT)
        first = make.hold("张三", phones=("13800138000",), path=NEXT, by=city)
        moved = make.hold("张三", phones=("13800138000",), path=COMMUNITY, by=city)
        assert moved.person_id == first.person_id
        namesake = make.hold("张三", path=COMMUNITY, by=city)
        assert namesake.person_id != first.person_id
        assert namesake.duplicates == ()
        assert make.hold("张三", path=COMMUNITY, by=city).person_id == namesake.person_id


def test_who_is_held_elsewhere_is_known_but_not_changed_from_here() -> None:
    with transaction(HERE):
        there = make.hold("张三", number=make.number(1), path=NEXT)
        here = make.hold("张三丰", number=make.number(1), path=COMMUNITY)
        assert (here.person_id, here.fate) == (there.person_id, Fate.KNOWN)
        assert reading.find(make.officer(NEXT), "张三丰", VISIT) == ()


def test_when_the_clock_has_run_out_it_is_destroyed_with_a_certificate_and_without_a_trace() -> None:
    with transaction(HERE):
        held = make.hold("张三", number=make.number(1))
        (about,) = identity.held_about(DISTRICT, held.person_id)
        with clock.frozen(about.expires_at - timedelta(minutes=1)):
            assert retention.purge(DISTRICT) == 0
        with clock.frozen(about.expires_at):
            assert retention.purge(DISTRICT) == 1
            assert retention.purge(DISTRICT) == 0
        assert identity.held_about(DISTRICT, held.person_id) == ()
        assert not models.Token.objects.exists()
        (paper,) = identity.certificates(HERE)
        assert (paper.n, paper.by_keep) == (1, {"returnee_card": 1})
        assert "identity.purged" in {e.kind for e in ledger.records_of(DISTRICT)}
        assert keys.purged_mark(about.identity_id) in keys.purged()


def test_what_was_destroyed_does_not_come_back_with_a_restored_copy() -> None:
    with transaction(HERE):
        held = make.hold("张三")
        copy = models.Identity.objects.get(person=held.person_id)
        with clock.frozen(copy.expires_at):
            retention.purge(DISTRICT)
        copy.expires_at = clock.now() + timedelta(days=9)
        copy.save(force_insert=True)
        assert retention.purge(DISTRICT) == 1
        assert not models.Identity.objects.exists()


@pytest.mark.usefixtures("transactional")
def test_the_key_of_a_month_is_destroyed_when_it_wraps_nothing_more(superuser: psycopg.Connection) -> None:
    with transaction(HERE):
        held = make.hold("张三")
        row = models.Identity.objects.get(person=held.person_id)
    place = Path(settings.BULOU_DATA) / keys.FOLDER / f"{row.keep}-{row.month}.key"
    assert place.stat().st_mode & 0o777 == 0o600
    with clock.frozen(row.expires_at):
        assert retention.purge_all() == 1
    assert not place.exists()
    with pytest.raises(ProblemError, match="keys_missing"):
        keys.Keys().opened(row.keep, row.month, row.id, row.wrapped)


def test_a_disputed_fact_keeps_both_values_and_another_person_decides() -> None:
    lin, bo = make.officer(), make.officer()
    with transaction(HERE):
        held = make.hold("张三", number=make.number(1))
        made = disputes.dispute(
            lin, person_id=held.person_id, field=Field.NAME, said="章三", reason="other character"
        )
        with pytest.raises(ProblemError, match="not_the_same_person"):
            disputes.settle(lin, dispute_id=made, accept=True, answer="seen")
        disputes.settle(bo, dispute_id=made, accept=True, answer="seen the card")
        plain = reading.reveal(lin, [held.person_id], why=VISIT)[held.person_id].identity
        assert plain.name == "章三"
        assert [found.person_id for found in reading.find(lin, "章三", VISIT)] == [held.person_id]
        assert reading.find(lin, "张三", VISIT) == ()
        row, mark = models.Identity.objects.get(), models.Dispute.objects.get()
        key = keys.Keys().opened(row.keep, row.month, row.id, row.wrapped)
        assert keys.unseal(key, mark.before, row.id, f"before:{made}") == "张三"
        with pytest.raises(ProblemError, match="dispute_settled"):
            disputes.settle(bo, dispute_id=made, accept=False, answer="no")


@pytest.mark.parametrize("wrong", ["11010519491231002", "110105194912310021", "99999919800231001X", "12"])
def test_a_number_with_a_wrong_check_digit_or_date_is_refused(wrong: str) -> None:
    with transaction(HERE), pytest.raises(ProblemError, match="number_wrong"):
        make.hold("张三", number=wrong)
