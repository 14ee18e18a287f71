"""The sums of a board, made by PostgreSQL, are those of its compounds, whatever the areas are called."""

import pytest
from django.db import connection

from bulou.coverage.queries import accounts
from bulou.coverage.terms import Account, Operation
from bulou.kernel.scope import Scope, transaction, whole
from tests.make import rounds as make

pytestmark = pytest.mark.django_db
ALL = whole(make.DISTRICT)
# a hyphen sorts before the dot that divides levels, a tilde would sort behind every letter
PLACES = ("a", "a-b", "a.c", "a-b.c", "a.-d", "a.c.e", "ab", "ab.c", "-a", "Z.z", "_", "a_.b")


def counted(operation: Operation) -> None:
    """Counters of two states at places whose names sort in awkward ways."""
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM coverage_counter WHERE operation = %s", [operation.id])
        for n, place in enumerate(PLACES):
            for state, count in ((0, 2**n), (7, 1)):
                cursor.execute(
                    "INSERT INTO coverage_counter (district, operation, area, state, n)"
                    " VALUES (%s, %s, %s, %s, %s)",
                    [make.DISTRICT, operation.id, f"{make.DISTRICT}.{place}", state, count],
                )


def figures(account: Account) -> tuple[str, int, int, int]:
    return account.path, account.expected, account.done, account.open


def test_a_level_that_is_summed_by_the_database_is_the_level_summed_from_every_compound() -> None:
    with transaction(ALL):
        make.street(compounds=1, doors=1)
        operation = make.screening()
        counted(operation)
        for top in (make.DISTRICT, f"{make.DISTRICT}.a", f"{make.DISTRICT}.a-b", f"{make.DISTRICT}.ab.c"):
            deep = accounts.account(ALL, operation, path=top, depth=9)
            one = accounts.account(ALL, operation, path=top, depth=1)
            assert figures(one) == figures(deep) == figures(accounts.account(ALL, operation, path=top))
            assert [figures(child) for child in one.children] == [figures(child) for child in deep.children]
        assert accounts.account(ALL, operation).open == 2 ** len(PLACES) - 1


def test_who_sees_two_parts_of_a_level_sees_their_sums_and_no_more() -> None:
    with transaction(ALL):
        make.street(compounds=1, doors=1)
        operation = make.screening()
        counted(operation)
        part = Scope((make.DISTRICT,), (f"{make.DISTRICT}.a.c", f"{make.DISTRICT}.ab"))
        board = accounts.account(part, operation, depth=1)
        wanted = [f"{make.DISTRICT}.a", f"{make.DISTRICT}.ab"]
        assert [child.path for child in board.children] == wanted
        assert board.open == sum(2 ** PLACES.index(p) for p in ("a.c", "a.c.e", "ab", "ab.c"))


def test_compounds_are_counted_no_further_than_one_can_draw() -> None:
    with transaction(ALL):
        make.street(compounds=1, doors=1)
        operation = make.screening()
        counted(operation)
        assert not accounts.more_compounds_than(len(PLACES), ALL, operation)
        assert accounts.more_compounds_than(len(PLACES) - 1, ALL, operation)
        assert not accounts.more_compounds_than(4, ALL, operation, path=f"{make.DISTRICT}.a")
        assert accounts.more_compounds_than(3, ALL, operation, path=f"{make.DISTRICT}.a")
