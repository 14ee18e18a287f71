"""What a transaction may touch: told to PostgreSQL, whose row-level security enforces it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db import transaction as django_transaction

from bulou.kernel.reach import Scope, rls_sql, sql, whole

__all__ = ["Scope", "apply", "rls_sql", "sql", "transaction", "whole"]


def apply(scope: Scope) -> None:
    """Set the scope for the rest of the open transaction.

    Raises:
        RuntimeError: no transaction is open, the setting would be lost at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a scope lives in a transaction, and none is open")
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('bulou.districts', %s, true), set_config('bulou.scope', %s, true)",
            [_array(scope.districts), _array(f"{path}." for path in scope.paths)],
        )


@contextmanager
def transaction(scope: Scope) -> Iterator[None]:
    """Open a transaction (or a savepoint of the open one) that sees and writes only the scope.

    In a savepoint the scope of the outer block is put back at the end, so blocks nest.
    """
    with django_transaction.atomic():
        before = _current() if len(connection.savepoint_ids) > 0 else None
        apply(scope)
        yield
        if before is not None:
            _restore(before)


def _array(words: Iterable[str]) -> str:
    """Return a PostgreSQL array literal; the words were checked by Scope."""
    return "{" + ",".join(f'"{word}"' for word in words) + "}"


def _current() -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT coalesce(current_setting('bulou.districts', true), ''),"
            " coalesce(current_setting('bulou.scope', true), '')"
        )
        districts, paths = cursor.fetchone()
    return districts, paths


def _restore(settings: tuple[str, str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('bulou.districts', %s, true), set_config('bulou.scope', %s, true)", settings
        )
