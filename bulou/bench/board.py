"""Boards and missed lists over real HTTP, at two sizes, while records arrive."""

import threading
from contextlib import suppress
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import connection

from bulou.access.models import Account
from bulou.bench import intake, load, town
from bulou.bench.place import Place, serving
from bulou.bench.terms import Figure
from bulou.coverage.terms import Operation
from bulou.kernel.scope import transaction, whole

VIEWERS = 8
PAGES = 30
SMALL = 1_000_000
LARGE = 10_000_000


def measure(where: Place, scale: float) -> list[Figure]:
    """(d) The board at two sizes, (e) the missed list and its export, (f) memory of all that serves."""
    here = town.build(phones=16)
    small = max(1, int(SMALL * scale) // 3_000)
    large = max(10, int(LARGE * scale) // 3_000)
    town.doors(small)
    first = town.round_over(here.officer)
    town.doors(large - small, above=small)
    second = town.round_over(here.officer)
    _analyze(where)
    cookie = _cookie(here.officer.account_id)
    with serving(where) as pid:
        figures = _boards(where, here, first, second, cookie)
        figures += _missed(where, second, cookie)
        figures.append(Figure("serve.memory", _memory(pid, where) / 2**20, "MiB", limit=1024))
    return figures


def _boards(where: Place, here: town.Town, first: Operation, second: Operation, cookie: str) -> list[Figure]:
    chosen = town.subjects(first, 3_000, by="sort, path")
    made = [[intake.record(first, s, p, n)] for n, (s, p) in enumerate(chosen)]
    queues = intake.queues(where, here, made, connections=16)
    _view(where, f"/rounds/{second.id}", cookie)
    arriving = threading.Thread(target=load.drive, args=(where.port, queues))
    arriving.start()
    small = [_view(where, f"/rounds/{first.id}", cookie)]
    large = [_view(where, f"/rounds/{second.id}", cookie)]
    small.append(_view(where, f"/rounds/{first.id}", cookie))
    large.append(_view(where, f"/rounds/{second.id}", cookie))
    arriving.join()
    at_small = min(run.percentile(0.5) for run in small)
    at_large = min(run.percentile(0.5) for run in large)
    return [
        Figure("board.not_ok", sum(r.not_ok for r in small + large), "answers", limit=0),
        Figure("board.p50_small", at_small, "ms"),
        Figure("board.p50_large", at_large, "ms"),
        Figure("board.p95_large", min(r.percentile(0.95) for r in large), "ms", limit=40),
        Figure("board.large_to_small", at_large / at_small, "of the time at a tenth", limit=1.2),
    ]


def _missed(where: Place, operation: Operation, cookie: str) -> list[Figure]:
    community = f"{town.DISTRICT}.007.011"
    page = f"/rounds/{operation.id}/missed?area={community}"
    run = _view(where, page, cookie)
    export = f"/rounds/{operation.id}/missed.csv?area={community}"
    file = load.drive(where.port, [[_get(where, export, cookie)]])
    return [
        Figure("missed.not_ok", run.not_ok + file.not_ok, "answers", limit=0),
        Figure("missed.p95", run.percentile(0.95), "ms", limit=30),
        Figure("missed.export", file.percentile(1.0) / 1000, "s", limit=2),
    ]


def _view(where: Place, path: str, cookie: str) -> load.Run:
    return load.drive(where.port, [[_get(where, path, cookie)] * PAGES for _ in range(VIEWERS)])


def _get(where: Place, path: str, cookie: str) -> bytes:
    return load.request(where.port, "GET", path, {"Cookie": cookie, "Accept-Language": "zh-hans"})


def _cookie(account_id: UUID) -> str:
    """A signed-in session, made without the cost of a password."""
    account = Account.objects.get(pk=account_id)
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session.save()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def _analyze(where: Place) -> None:
    with where.superuser() as bare:
        bare.execute("VACUUM ANALYZE coverage_unit, coverage_counter, grid_dwelling")
    with transaction(whole(town.DISTRICT)), connection.cursor() as cursor:
        cursor.execute("SELECT 1")


def _memory(pid: int, where: Place) -> int:
    """Proportional memory in bytes of the server's processes and PostgreSQL's, shared pages counted once."""
    postmaster = int((where.layout.cluster / "postmaster.pid").read_text().split()[0])
    parents: dict[int, int] = {}
    for status in Path("/proc").glob("[0-9]*/status"):
        with suppress(OSError):
            lines = dict(line.split(":\t", 1) for line in status.read_text().splitlines() if ":\t" in line)
            parents[int(lines["Pid"])] = int(lines["PPid"])
    family = {pid, postmaster}
    while more := {child for child, parent in parents.items() if parent in family} - family:
        family |= more
    total = 0
    for one in family:
        with suppress(OSError):
            rollup = Path(f"/proc/{one}/smaps_rollup").read_text()
            total += sum(
                int(line.split()[1]) * 1024 for line in rollup.splitlines() if line.startswith("Pss:")
            )
    return total
