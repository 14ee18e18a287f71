"""A million watched, measured by hand: `pytest -s tests/watches/million.py`; it takes minutes."""

import os
import sys
import time
from collections.abc import Callable
from functools import partial
from hashlib import md5
from random import Random
from uuid import UUID

import psycopg

from bulou.kernel.scope import transaction, whole
from bulou.watches.queries import due
from bulou.watches.queries.due import Whose
from tests.make.care import at
from tests.make.rounds import DISTRICT
from tests.watches.many import fill, given

MORNINGS = {UUID(int=86): 86, UUID(int=860): 860}
N = int(os.environ.get("WATCHED", "1000000"))


def test_the_list_of_one_doctor_among_a_million(transactional: None, superuser: psycopg.Connection) -> None:
    began = time.perf_counter()
    fill(superuser, N, days=1)
    say(f"\n{N} watches written in {time.perf_counter() - began:.0f} s")
    chance, now = Random(1), at(2, 12)
    lists: dict[str, Callable[[int], object]] = {
        "due list of a doctor by name and place": lambda n: due.due(
            DISTRICT, now, Whose(doctor(n), (place(n),))
        ),
        "missed in the district, first page": lambda _n: due.missed(DISTRICT, now, DISTRICT),
        "missed in one community, first page": lambda n: due.missed(DISTRICT, now, place(n)),
        "lost in the district, first page": lambda _n: due.lost(DISTRICT, at(5), DISTRICT),
    }
    for who, n in MORNINGS.items():
        given(superuser, who, n)
        lists[f"morning of a doctor with {n} slots"] = partial(morning, who, n)
    for name, page in lists.items():
        times = []
        for _ in range(300):
            n = chance.randrange(N // 100)
            with transaction(whole(DISTRICT)):
                start = time.perf_counter()
                page(n)
                times.append(time.perf_counter() - start)
        times.sort()
        best, middle, p99 = (times[n] * 1e3 for n in (0, 150, 296))
        say(f"{name}: best {best:.1f} ms, median {middle:.1f} ms, p99 {p99:.1f} ms")


def morning(who: UUID, n: int, _chance: int) -> None:
    """The due list of a morning, all of it on one page."""
    assert len(due.due(DISTRICT, at(2, 12), Whose(who), limit=1_000)) == n


def say(text: str) -> None:
    """What was measured."""
    sys.stdout.write(text + "\n")


def doctor(n: int) -> UUID:
    """Who has half of the n-th hundred by name."""
    return UUID(md5(str(n).encode()).hexdigest())  # noqa: S324 - a name in a test


def place(n: int) -> str:
    """The community of the n-th hundred."""
    return f"{DISTRICT}.{n // 100:03d}.{n % 100:03d}"
