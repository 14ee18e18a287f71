"""The one decision, in every cell, and as a check and a scope that cannot drift apart."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.access import rules
from bulou.access.rules import MAY_GIVE, ROLE_VERBS
from bulou.access.terms import Grant, Role, Verb

NOON = datetime(2020, 2, 8, 4, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
COMMUNITY = "220303.001.005"

labels = st.sampled_from(["0", "00", "001", "002", "a", "a-b", "c012"])
paths = st.lists(labels, min_size=1, max_size=4).map(".".join)
moments = st.integers(-3, 3).map(lambda n: NOON + n * HOUR)
grants = st.builds(
    Grant, role=st.sampled_from(Role), path=paths, valid_from=moments, valid_until=st.none() | moments
)


def officer(path: str = COMMUNITY, *, until: datetime | None = None) -> Grant:
    return Grant(Role.COMMUNITY_OFFICER, path, NOON - HOUR, until)


@given(held=st.lists(grants, max_size=5), verb=st.sampled_from(Verb), path=paths, at=moments)
def test_the_check_and_the_scope_always_agree(held: list[Grant], verb: Verb, path: str, at: datetime) -> None:
    assert rules.scope(held, verb, at).covers(path) == rules.may(held, verb, path, at)


@given(held=st.lists(grants, max_size=5), verb=st.sampled_from(Verb), path=paths, at=moments)
def test_some_grant_alone_allows_whatever_all_together_allow(
    held: list[Grant], verb: Verb, path: str, at: datetime
) -> None:
    alone = any(
        verb in ROLE_VERBS[g.role]
        and (path == g.path or path.startswith(g.path + "."))
        and g.valid_from <= at
        and (g.valid_until is None or at < g.valid_until)
        for g in held
    )
    assert rules.may(held, verb, path, at) == alone


@given(held=st.lists(grants, max_size=5), verb=st.sampled_from(Verb), at=moments)
def test_a_scope_names_no_area_twice_and_all_its_districts(
    held: list[Grant], verb: Verb, at: datetime
) -> None:
    scope = rules.scope(held, verb, at)
    assert not any(a != b and rules.covers(a, b) for a in scope.paths for b in scope.paths)
    assert set(scope.districts) == {p.split(".")[0] for p in scope.paths}


def test_nobody_may_anything_without_a_grant() -> None:
    assert not any(rules.may((), verb, COMMUNITY, NOON) for verb in Verb)
    assert rules.scope((), Verb.GRID_VIEW, NOON).paths == ()


def test_a_grant_over_no_area_allows_nothing() -> None:
    assert not rules.may([officer("")], Verb.GRID_VIEW, COMMUNITY, NOON)
    assert not rules.may([officer("")], Verb.GRID_VIEW, "", NOON)


def test_a_label_is_compared_whole() -> None:
    assert not rules.may([officer("220303.001")], Verb.GRID_VIEW, "220303.0010", NOON)


def test_a_grant_begins_on_the_moment_and_ends_before_the_moment() -> None:
    grant = Grant(Role.WORKER, COMMUNITY, NOON, NOON + HOUR)
    held = [rules.live(grant, NOON + n * HOUR / 2) for n in (-1, 0, 1, 2, 3)]
    assert held == [False, True, True, False, False]


def test_an_unchanged_grant_stops_by_the_clock_alone() -> None:
    held = [officer(until=NOON)]
    assert rules.may(held, Verb.UNIT_VIEW, COMMUNITY, NOON - timedelta(microseconds=1))
    assert not rules.may(held, Verb.UNIT_VIEW, COMMUNITY, NOON)


def test_the_roles_over_a_place_come_from_it_and_from_above() -> None:
    held = [officer(), Grant(Role.VIEWER, "220303", NOON - HOUR), Grant(Role.CREW, "220303.002", NOON - HOUR)]
    assert rules.roles_at(held, COMMUNITY, NOON) == {Role.COMMUNITY_OFFICER, Role.VIEWER}


@pytest.mark.parametrize("giver", list(Role))
def test_a_role_gives_only_what_it_holds_itself_except_the_administrator(giver: Role) -> None:
    given_away = frozenset().union(*(ROLE_VERBS[role] for role in MAY_GIVE.get(giver, frozenset())))
    assert giver is Role.SYSTEM_ADMIN or given_away <= ROLE_VERBS[giver]


@pytest.mark.parametrize("giver", list(Role))
def test_whoever_gives_roles_holds_the_verb_for_it(giver: Role) -> None:
    assert not MAY_GIVE.get(giver) or Verb.ACCOUNT_GRANT in ROLE_VERBS[giver]


@pytest.mark.parametrize("role", list(Role))
def test_whoever_may_anything_somewhere_may_see_the_place(role: Role) -> None:
    assert Verb.GRID_VIEW in ROLE_VERBS[role]


def test_the_administrator_sees_no_door_no_record_and_no_person() -> None:
    seen = {
        Verb.UNIT_VIEW,
        Verb.RECORD_VIEW,
        Verb.FINDING_VIEW,
        Verb.TASK_VIEW,
        Verb.LIST_EXPORT,
    }
    assert not seen & ROLE_VERBS[Role.SYSTEM_ADMIN]


def test_who_supervises_neither_fixes_nor_plans() -> None:
    assert not {Verb.FINDING_FIX, Verb.FINDING_PLAN, Verb.FINDING_REASON} & ROLE_VERBS[Role.SUPERVISION]


def test_nobody_gives_a_role_above_his_own_area() -> None:
    assert rules.may_give([officer()], Role.WORKER, f"{COMMUNITY}.c012", NOON)
    assert not rules.may_give([officer()], Role.WORKER, "220303.001", NOON)
    assert not rules.may_give([officer()], Role.STREET_OFFICER, COMMUNITY, NOON)


def test_an_account_is_touched_only_by_who_could_give_all_that_it_holds() -> None:
    worker = Grant(Role.WORKER, COMMUNITY, NOON - HOUR)
    supervisor = Grant(Role.SUPERVISION, COMMUNITY, NOON - HOUR)
    past = Grant(Role.COMMAND, "220303", NOON - HOUR, NOON)
    coming = Grant(Role.COMMAND, "220303", NOON + HOUR)
    assert rules.may_act_for([officer()], [], NOON)
    assert rules.may_act_for([officer()], [worker, past], NOON)
    assert not rules.may_act_for([officer()], [worker, supervisor], NOON)
    assert not rules.may_act_for([officer()], [worker, coming], NOON)


@pytest.mark.parametrize("name", ["he", "lin.wei", "林-05", "a_1", "x" * 40])
def test_a_name_may_be(name: str) -> None:
    assert rules.name_problem(name) is None


@pytest.mark.parametrize("name", ["", "a", "1lin", ".lin", "lin wei", "lin\n", "lin;", "x" * 41])
def test_a_name_may_not_be(name: str) -> None:
    assert rules.name_problem(name) == "access.name_not_allowed"


def test_one_name_has_one_spelling() -> None:
    assert rules.clean_name(" Ｌin ") == rules.clean_name("LIN") == "lin"


@pytest.mark.parametrize("path", ["220303", "220303.001.c-1", "a_B.0"])
def test_a_path_may_be(path: str) -> None:
    assert rules.path_problem(path) is None


@pytest.mark.parametrize("path", ["", ".", "a.", ".a", "a..b", "a b", "a%", "区", "a\n", "x" * 33])
def test_a_path_may_not_be(path: str) -> None:
    assert rules.path_problem(path) == "access.path_not_allowed"


@pytest.mark.parametrize(
    ("password", "problem"),
    [
        ("corridor-lamp-41", None),
        ("走廊里的灯泡今天又坏了", None),
        ("nine-char", "access.password_short"),
        ("my-Linwei-password", "access.password_like_name"),
        ("9081726354", "access.password_plain"),
        ("abababababab", "access.password_plain"),
        ("Qwertyuiop123", "access.password_common"),
    ],
)
def test_a_password_is_strong_by_length_and_by_not_being_guessable(
    password: str, problem: str | None
) -> None:
    assert rules.password_problem(password, "linwei", {"qwertyuiop123"}) == problem


def test_an_account_without_a_name_has_nothing_to_contain() -> None:
    assert rules.password_problem("corridor-lamp-41", "", ()) is None


@pytest.mark.parametrize(
    ("role", "home", "place"),
    [
        (Role.WORKER, True, True),
        (Role.COMMUNITY_OFFICER, True, True),
        (Role.STREET_OFFICER, True, True),
        (Role.CREW, False, True),
        (Role.CHECKPOINT, False, False),
        (Role.SUPERVISION, False, False),
    ],
)
def test_a_phone_takes_along_only_what_its_holder_has_to_do(role: Role, home: bool, place: bool) -> None:
    grants = [Grant(role, "1.2", NOON - HOUR)]
    assert rules.visits(grants, "1.2.3", NOON, home=True) is home
    assert rules.visits(grants, "1.2.3", NOON, home=False) is place
    assert not rules.visits(grants, "1.4", NOON, home=False)
