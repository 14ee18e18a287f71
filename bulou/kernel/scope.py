"""What a transaction may touch: told to PostgreSQL, whose row-level security enforces it."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db import transaction as django_transaction

from bulou.kernel.reach import Scope, rls_sql, sql, whole

_SCOPE = "set_config('bulou.districts', %s, true), set_config('bulou.scope', %s, true)"
_BY_KEY = (
    "set_config('enable_seqscan', 'off', true), set_config('enable_nestloop', 'off', true),"
    " set_config('plan_cache_mode', 'force_generic_plan', true)"
)

__all__ = ["Scope", "apply", "rls_sql", "sql", "transaction", "whole"]


def apply(scope: Scope, *, by_key: bool = False) -> None:
    """Set the scope for the rest of the open transaction, and with `by_key` how it plans.

    Raises:
        RuntimeError: no transaction is open, the setting would be lost at once.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("a scope lives in a transaction, and none is open")
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {_SCOPE}, {_BY_KEY}" if by_key else f"SELECT {_SCOPE}",
            [_array(scope.districts), _array(f"{path}." for path in scope.paths)],
        )


@contextmanager
def transaction(scope: Scope, *, by_key: bool = False) -> Iterator[None]:
    """Open a transaction (or a savepoint of the open one) that sees and writes only the scope.

    In a savepoint the scope of the outer block is put back at the end, so blocks nest. `by_key` is for work
    that names its rows by key: till the transaction ends it reads by index and joins by hash, also in a table
    without statistics, where a round would be read whole for one record.
    """
    with django_transaction.atomic():
        before = _current() if len(connection.savepoint_ids) > 0 else None
        apply(scope, by_key=by_key)
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
        cursor.execute(f"SELECT {_SCOPE}", settings)
