"""Signing in and out: by account, never by address; every session can be ended from outside."""

from datetime import timedelta

import pytest
from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.middleware import AuthenticationMiddleware
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.http import HttpRequest, HttpResponse
from django.test import RequestFactory

from bulou.access import models, queries
from bulou.access.actions import accounts, passwords, sessions, upkeep
from bulou.access.terms import SESSION_LENGTH, Actor, Kind, Role
from bulou.kernel import clock
from bulou.kernel.problems import ProblemError
from tests.access.test_accounts import GOOD, refused, told
from tests.make import access as make

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_hashes")]

WRONG = "not-the-password"


def browser(session_key: str | None = None, address: str = "10.0.0.1") -> HttpRequest:
    """Return a request as Django's middleware hands it on, with a session."""
    request = RequestFactory(REMOTE_ADDR=address).post("/sign-in")
    request.session = SessionStore(session_key)
    AuthenticationMiddleware(lambda _: HttpResponse()).process_request(request)
    return request


def back(request: HttpRequest) -> HttpRequest:
    """Return the next request of the same browser."""
    request.session.save()
    return browser(request.session.session_key)


def officer(name: str = "tang") -> Actor:
    """Return somebody with a password."""
    admin = make.person(f"admin-{name}", Role.SYSTEM_ADMIN, make.DISTRICT)
    made = accounts.create_account(admin, name=name, display_name=name, path=make.COMMUNITY)
    return passwords.redeem_code(made.code, password=GOOD)


def fail(name: str, times: int, *, address: str = "10.0.0.1") -> list[str]:
    codes = []
    for _ in range(times):
        with pytest.raises(ProblemError) as error:
            sessions.sign_in(browser(address=address), name=name, password=WRONG)
        codes.append(error.value.problem.code)
    return codes


def test_the_right_password_opens_a_session_under_a_new_key() -> None:
    tang = officer()
    request = browser()
    request.session["seen"] = 1
    request.session.save()
    before = request.session.session_key
    assert sessions.sign_in(request, name=" TANG", password=GOOD).account_id == tang.account_id
    assert request.session.session_key != before
    assert not Session.objects.filter(pk=before).exists()
    signed_in = queries.actor_of(back(request))
    assert signed_in is not None
    assert signed_in.account_id == tang.account_id
    assert told(Kind.ACCOUNT_SIGNED_IN)[-1][0] == tang.account_id


def test_a_session_lasts_twelve_hours() -> None:
    assert timedelta(seconds=settings.SESSION_COOKIE_AGE) == SESSION_LENGTH
    assert settings.SESSION_COOKIE_HTTPONLY
    assert settings.SESSION_COOKIE_SAMESITE == "Strict"
    assert not settings.SESSION_SAVE_EVERY_REQUEST  # reading does not prolong it


def test_a_wrong_password_and_an_unknown_name_have_one_answer() -> None:
    officer()
    answers = set()
    for name in ("tang", "nobody"):
        with pytest.raises(ProblemError) as error:
            sessions.sign_in(browser(), name=name, password=WRONG)
        answers.add((str(error.value), error.value.status))
    assert answers == {("access.password_wrong", 401)}


def test_the_fifth_wrong_password_locks_the_account_even_for_the_right_one() -> None:
    officer()
    assert fail("tang", 5) == ["access.password_wrong"] * 4 + ["access.locked"]
    with pytest.raises(ProblemError) as error:
        sessions.sign_in(browser(), name="tang", password=GOOD)
    assert refused(error) == ("access.locked", 429)
    assert error.value.problem.params["minutes"] == 15
    assert queries.locked_names(["tang", "lin"]) == {"tang"}
    assert len(told(Kind.ACCOUNT_LOCKED)) == 1


def test_a_lock_does_not_depend_on_the_address_it_came_from() -> None:
    officer()
    for n in range(4):
        fail("tang", 1, address=f"10.0.0.{n}")
    assert fail("tang", 1, address="10.9.9.9") == ["access.locked"]


def test_a_lock_ends_after_fifteen_minutes_by_itself() -> None:
    tang = officer()
    fail("tang", 5)
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=15, seconds=1))
    assert queries.locked_names(["tang"]) == frozenset()
    assert sessions.sign_in(browser(), name="tang", password=GOOD).account_id == tang.account_id


def test_knocking_on_a_locked_account_does_not_lock_it_for_longer() -> None:
    officer()
    fail("tang", 5)
    AccessAttempt.objects.update(attempt_time=clock.now() - timedelta(minutes=14))
    before = AccessAttempt.objects.get().attempt_time
    fail("tang", 3)
    assert AccessAttempt.objects.get().attempt_time == before


def test_an_administrator_unlocks_and_it_is_told() -> None:
    tang, admin = officer(), make.admin()
    fail("tang", 5)
    accounts.unlock_account(admin, account_id=tang.account_id)
    assert sessions.sign_in(browser(), name="tang", password=GOOD).account_id == tang.account_id
    assert told(Kind.ACCOUNT_UNLOCKED)[-1][0] == admin.account_id


def test_a_new_password_by_code_unlocks_too() -> None:
    tang = officer()
    fail("tang", 5)
    code = make.password_code(tang)
    passwords.redeem_code(code, password="another-lamp-42")
    assert sessions.sign_in(browser(), name="tang", password="another-lamp-42").account_id == tang.account_id


def test_fourteen_people_behind_one_address_do_not_lock_each_other() -> None:
    tang = officer()
    for n in range(14):
        fail(f"colleague-{n}", 4)
    fail("colleague-0", 1)
    assert sessions.sign_in(browser(), name="tang", password=GOOD).account_id == tang.account_id


def known(actor: Actor) -> HttpRequest:
    """Return a request of a browser in which the actor was signed in before."""
    request = browser()
    request.COOKIES[queries.KNOWN_COOKIE] = queries.known_browser(actor)
    return request


def test_strangers_who_guess_do_not_lock_out_the_owner() -> None:
    tang = officer()
    assert fail("tang", 5)[-1] == "access.locked"
    assert sessions.sign_in(known(tang), name="tang", password=GOOD).account_id == tang.account_id
    assert fail("tang", 1) == ["access.locked"]


def test_a_known_browser_has_five_guesses_too() -> None:
    tang = officer()
    stolen = known(tang).COOKIES
    codes = []
    for password in (*[WRONG] * 5, GOOD):
        request = browser()
        request.COOKIES.update(stolen)
        with pytest.raises(ProblemError) as error:
            sessions.sign_in(request, name="tang", password=password)
        codes.append(error.value.problem.code)
    assert codes == ["access.password_wrong"] * 4 + ["access.locked"] * 2
    assert sessions.sign_in(browser(), name="tang", password=GOOD).account_id == tang.account_id


def test_the_cookie_of_another_account_or_a_forged_one_is_a_stranger() -> None:
    tang, song = officer(), officer("song")
    fail("tang", 5)
    value = queries.known_browser(song)
    for cookie in (value, value.replace("song", "tang"), "tang x", ""):
        request = browser()
        request.COOKIES[queries.KNOWN_COOKIE] = cookie
        with pytest.raises(ProblemError) as error:
            sessions.sign_in(request, name="tang", password=GOOD)
        assert refused(error) == ("access.locked", 429)
    assert tang.name == "tang"


def test_unlocking_frees_the_known_browsers_too() -> None:
    tang = officer()
    for _ in range(5):
        with pytest.raises(ProblemError):
            sessions.sign_in(known(tang), name="tang", password=WRONG)
    accounts.unlock_account(make.admin(), account_id=tang.account_id)
    assert AccessAttempt.objects.count() == 0


def test_a_failed_attempt_keeps_no_password() -> None:
    officer()
    fail("tang", 2)
    assert WRONG not in str(AccessAttempt.objects.values_list().get())


def test_what_is_over_is_removed() -> None:
    officer()
    fail("tang", 2)
    sessions.sign_in(browser(), name="tang", password=GOOD)
    fail("tang", 2)
    counted = (AccessAttempt, models.Code, models.Miss, Session)
    models.Miss.objects.create(begins_at=clock.now())
    upkeep.sweep()
    assert [model.objects.count() for model in counted] == [1, 2, 1, 1]
    long_ago = clock.now() - timedelta(days=40)
    AccessAttempt.objects.update(attempt_time=long_ago)
    models.Code.objects.update(expires_at=long_ago)
    models.Miss.objects.update(begins_at=long_ago)
    Session.objects.update(expire_date=long_ago)
    upkeep.sweep()
    assert [model.objects.count() for model in counted] == [0, 0, 0, 0]


def test_a_closed_account_cannot_sign_in_and_its_session_is_over() -> None:
    tang = officer()
    request = browser()
    sessions.sign_in(request, name="tang", password=GOOD)
    accounts.close_account(make.admin(), account_id=tang.account_id, reason="left")
    assert queries.actor_of(back(request)) is None
    with pytest.raises(ProblemError) as error:
        sessions.sign_in(browser(), name="tang", password=GOOD)
    assert refused(error) == ("access.password_wrong", 401)


def test_signing_out_ends_this_session_and_only_this() -> None:
    tang = officer()
    here, there = browser(), browser()
    for request in (here, there):
        sessions.sign_in(request, name="tang", password=GOOD)
    key = here.session.session_key
    sessions.sign_out(here)
    assert not Session.objects.filter(pk=key).exists()
    assert queries.actor_of(back(there)) is not None
    assert told(Kind.ACCOUNT_SIGNED_OUT)[-1][0] == tang.account_id


def test_signing_out_works_even_when_the_account_was_closed_meanwhile() -> None:
    tang = officer()
    request = browser()
    sessions.sign_in(request, name="tang", password=GOOD)
    models.Account.objects.filter(pk=tang.account_id).update(is_active=False)
    queries.forget()
    sessions.sign_out(request)
    assert request.session.is_empty()


def test_signing_out_without_a_session_does_nothing() -> None:
    sessions.sign_out(browser())
    assert told(Kind.ACCOUNT_SIGNED_OUT) == []


def test_signing_out_everywhere_ends_every_session() -> None:
    tang = officer()
    requests = [browser(), browser()]
    for request in requests:
        sessions.sign_in(request, name="tang", password=GOOD)
    sessions.sign_out_everywhere(tang, account_id=tang.account_id)
    assert [queries.actor_of(back(request)) for request in requests] == [None, None]
    assert told(Kind.ACCOUNT_ENDED_SESSIONS)[-1][0] == tang.account_id


def test_the_sessions_of_another_are_ended_only_by_who_may_reset_the_account() -> None:
    qian, sun = make.qian(), make.sun(make.COMMUNITY)
    lin, zhao = make.lin(), make.zhao()
    sessions.sign_out_everywhere(lin, account_id=qian.account_id)
    with pytest.raises(ProblemError) as error:
        sessions.sign_out_everywhere(zhao, account_id=qian.account_id)
    assert refused(error) == ("access.not_found", 404)
    with pytest.raises(ProblemError) as error:
        sessions.sign_out_everywhere(lin, account_id=sun.account_id)
    assert refused(error) == ("access.not_yours_to_change", 403)


def test_a_changed_password_ends_the_other_sessions_and_keeps_this_one() -> None:
    tang = officer()
    here, there = browser(), browser()
    for request in (here, there):
        sessions.sign_in(request, name="tang", password=GOOD)
    here = back(here)
    sessions.change_password(here, old=GOOD, new="another-lamp-42")
    signed_in = queries.actor_of(back(here))
    assert signed_in is not None
    assert signed_in.account_id == tang.account_id
    assert queries.actor_of(back(there)) is None


def test_a_password_changes_only_with_the_old_one_and_for_a_strong_one() -> None:
    officer()
    request = browser()
    with pytest.raises(ProblemError) as error:
        sessions.change_password(request, old=GOOD, new="another-lamp-42")
    assert refused(error) == ("access.not_signed_in", 401)
    sessions.sign_in(request, name="tang", password=GOOD)
    for old, new, problem in (
        (WRONG, "another-lamp-42", ("access.password_wrong", 401)),
        (GOOD, "tang-tang-tang", ("access.password_like_name", 422)),
        (GOOD, "password123", ("access.password_common", 422)),
    ):
        with pytest.raises(ProblemError) as error:
            sessions.change_password(back(request), old=old, new=new)
        assert refused(error) == problem
    assert models.Account.objects.get(name="tang").check_password(GOOD)
