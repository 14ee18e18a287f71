"""A phone's half of the key: for whoever knows its PIN, until it is revoked."""

from datetime import timedelta

import pytest

from bulou.access import models, queries
from bulou.access.actions import shares
from bulou.access.actions.codes import issue_code
from bulou.access.actions.devices import enrol_device, note, revoke_device
from bulou.access.actions.gate import system_actor
from bulou.access.terms import MOST_WRONG_PINS, Actor, Enrolled, Purpose, Role
from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from tests.make import access

pytestmark = pytest.mark.django_db
PROOF = "the proof of a PIN, stretched"


def enrolled(actor: Actor) -> Enrolled:
    code = issue_code(system_actor(access.DISTRICT), account_id=actor.account_id, purpose=Purpose.ENROL)
    return enrol_device(code, name="phone 3")


@pytest.fixture
def phone() -> Enrolled:
    return enrolled(access.person("qian", Role.WORKER, access.COMMUNITY, team="team one"))


def refused(phone: Enrolled, proof: str, **more: str) -> tuple[str, object]:
    with pytest.raises(ProblemError) as error:
        shares.open_shift(phone.device_id, secret=more.pop("secret", phone.secret), proof=proof, **more)
    return error.value.problem.code, error.value.problem.params.get("left")


def test_the_first_proof_is_the_pin_and_only_it_opens_the_next_shift(phone: Enrolled) -> None:
    first = shares.open_shift(phone.device_id, secret=phone.secret, proof=PROOF)
    assert first.until - clock.now() <= timedelta(hours=12)
    assert (first.holder.name, first.roles) == ("qian", (Role.WORKER,))
    assert refused(phone, "another proof") == ("access.pin_wrong", MOST_WRONG_PINS - 1)
    assert shares.open_shift(phone.device_id, secret=phone.secret, proof=PROOF).share == first.share


def test_five_wrong_proofs_end_it_for_ever_and_a_right_one_between_begins_anew(phone: Enrolled) -> None:
    shares.open_shift(phone.device_id, secret=phone.secret, proof=PROOF)
    assert refused(phone, "wrong")[1] == 4
    shares.open_shift(phone.device_id, secret=phone.secret, proof=PROOF)
    assert [refused(phone, "wrong")[1] for _ in range(4)] == [4, 3, 2, 1]
    assert refused(phone, "wrong")[0] == "access.pin_locked"
    assert refused(phone, PROOF)[0] == "access.pin_locked"
    assert queries.device_standing(phone.device_id, phone.secret).locked


def test_a_revoked_phone_and_a_closed_account_get_nothing(phone: Enrolled) -> None:
    shares.open_shift(phone.device_id, secret=phone.secret, proof=PROOF)
    revoke_device(system_actor(access.DISTRICT), device_id=phone.device_id, reason="lost")
    assert refused(phone, PROOF)[0] == "access.device_revoked"
    other = enrolled(access.person("wu", Role.WORKER, access.COMMUNITY))
    models.Account.objects.filter(name="wu").update(is_active=False)
    assert refused(other, PROOF)[0] == "access.device_revoked"
    assert queries.device_standing(other.device_id, other.secret).revoked_at is not None


def test_a_stranger_with_the_id_or_another_phone_s_secret_learns_nothing(phone: Enrolled) -> None:
    other = enrolled(access.person("wu", Role.WORKER, access.COMMUNITY))
    assert refused(phone, PROOF, secret=other.secret)[0] == "access.not_found"
    assert refused(phone, PROOF, secret=phone.token)[0] == "access.not_found"
    assert refused(phone, PROOF, secret="")[0] == "access.not_found"
    with pytest.raises(ProblemError):
        queries.device_standing(ids.uuid7(), phone.secret)
    row = models.Device.objects.get(pk=phone.device_id)
    assert (row.wrong_pins, row.proof_hash) == (0, "")


def test_a_pin_that_was_never_chosen_is_not_chosen_by_a_finder_later(phone: Enrolled) -> None:
    with clock.frozen(clock.now() + timedelta(hours=2)):
        assert refused(phone, PROOF)[0] == "access.pin_wrong"


def test_the_pin_changes_with_the_old_one_only(phone: Enrolled) -> None:
    shares.open_shift(phone.device_id, secret=phone.secret, proof=PROOF)
    assert refused(phone, "wrong", new_proof="taken over")[0] == "access.pin_wrong"
    shares.open_shift(phone.device_id, secret=phone.secret, proof=PROOF, new_proof="the next proof")
    assert refused(phone, PROOF)[0] == "access.pin_wrong"
    shares.open_shift(phone.device_id, secret=phone.secret, proof="the next proof")


def test_what_a_phone_tells_of_itself_stands_at_the_desk(phone: Enrolled) -> None:
    note(phone.device_id, app_version="1.abc", unsent=7)
    row = models.Device.objects.get(pk=phone.device_id)
    assert (row.app_version, row.unsent) == ("1.abc", 7)
    note(phone.device_id, app_version="1.abc", unsent=7)
    assert models.Device.objects.get(pk=phone.device_id).last_seen_at == row.last_seen_at
    note(phone.device_id, app_version="1.abc", unsent=0)
    assert models.Device.objects.get(pk=phone.device_id).unsent == 0
