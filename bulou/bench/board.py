"""Boards and missed lists over real HTTP, at two sizes, while records arrive.

Two measures stand side by side. Milliseconds are what the goal says, for two quiet cores. Pings are the
same time in answers of an empty page, as many as the same server gives in the same run, for boards before
and after them: a machine with busy neighbours is slower at both. On the machine of the goals it gave 5,788 a
second, so 40 ms are 231 of them.

The phones never pause. Viewers do: a page a second each, five times as often as a board asks. How it goes
when they do not, eight of them waiting in turn for whatever the machine can give, stands beside it.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Final

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.middleware.csrf import CSRF_SECRET_LENGTH
from django.utils.crypto import get_random_string

from bulou.access.models import Account
from bulou.access.terms import Actor
from bulou.bench import frames, intake, load, processes, town
from bulou.bench.place import Place, serving
from bulou.bench.terms import Figure
from bulou.coverage.terms import Operation

SMALL: Final = 1_000_000
LARGE: Final = 10_000_000
VIEWERS: Final = 8
PAGES: Final = 90
PAGES_OF_PEOPLE: Final = 20
PHONES: Final = 64
RECORDS: Final = 60_000
PINGS_OF_THE_GOALS: Final = 5_788
"""Answers a second of an empty page on the machine of the goals, 16 connections, two web processes."""


@dataclass(frozen=True, slots=True)
class Scene:
    """What is looked at, by whom, and how many empty pages a second this server gives now."""

    where: Place
    here: town.Town
    small: Operation
    large: Operation
    cookie: str
    pings: float
    pid: int

    def view(self, path: str, *, viewers: int = VIEWERS, pages: int) -> load.Run:
        """Viewers who open the page again and again."""
        one = get(self.where, path, self.cookie)
        return load.drive(self.where.port, [[one] * pages for _ in range(viewers)])

    def watch(
        self, address: str, *, pages: int, viewers: int = VIEWERS, every: float = 0.0
    ) -> tuple[load.Run, load.Run]:
        """Viewers who look at the small and the large board in turn, at once or every so many seconds.

        The two stand beside each other in the same noise, and neither is laid aside while the other is looked
        at: only the first pages of each viewer are of boards that nobody had looked at.
        """
        pair = [get(self.where, f"{address}{one.id}", self.cookie) for one in (self.small, self.large)]
        run = load.drive(self.where.port, [pair * pages for _ in range(viewers)], every=every)
        small, large = run.latencies_ms[::2], run.latencies_ms[1::2]
        return load.Run(run.seconds, small, run.not_ok), load.Run(run.seconds, large, run.not_ok)

    def cost(self, path: str, pages: int) -> float:
        """Processor time of one answer in milliseconds, of web and PostgreSQL; told to a hundredth second."""
        self.view(path, viewers=4, pages=6)
        members = processes.family(self.pid, self.where)
        before = processes.seconds(members)
        self.view(path, viewers=1, pages=pages)
        return (processes.seconds(members) - before) * 1000 / pages

    def limits(self, name: str, ms: float, limit: float) -> list[Figure]:
        """One time, against its limit in milliseconds and in empty pages of this run."""
        return [
            Figure(name, ms, "ms", limit=limit),
            Figure(f"{name}_pings", ms * self.pings / 1000, "empty pages",
                   limit=round(limit * PINGS_OF_THE_GOALS / 1000)),
        ]  # fmt: skip


def measure(where: Place, scale: float) -> list[Figure]:
    """(d) The board at two sizes while records arrive, (e) the missed list and its export."""
    here = town.build(phones=PHONES)
    town.doors(1)
    compounds = town.STREETS * town.COMMUNITIES * town.COMPOUNDS
    small = frames.fill(where, here.officer, month=1, per_compound=max(7, int(SMALL * scale) // compounds))
    large = frames.fill(where, here.officer, month=2, per_compound=max(70, int(LARGE * scale) // compounds))
    cookie = signed_in(here.officer)
    with serving(where) as pid:
        scene = Scene(where, here, small, large, cookie, empty_pages(where, cookie), pid)
        figures = [
            Figure("board.units", float(_expected(where, large)), "units"),
            Figure("board.empty_pages_per_second", scene.pings, "answers/s"),
            Figure("board.empty_page_cost", scene.cost("/healthz", 1000), "ms of processor"),
            Figure("board.small_cost", scene.cost(f"/rounds/{small.id}", 60), "ms of processor"),
            Figure("board.cost", scene.cost(f"/rounds/{large.id}", 60), "ms of processor"),
            Figure("missed.cost", scene.cost(_missed_page(scene), 60), "ms of processor"),
        ]
        return figures + _missed(scene) + _boards(scene)


def _boards(scene: Scene) -> list[Figure]:
    large = f"/rounds/{scene.large.id}"
    scene.view(large, pages=3)
    alone = scene.view(large, viewers=1, pages=20)
    queues = _arriving(scene)
    quarter = len(queues[0]) // 4
    before = _done(scene)
    with load.driven(scene.where.port, [line[:quarter] for line in queues]):
        flat = scene.watch("/rounds/", pages=PAGES)
    rate = (_done(scene) - before) / (flat[1].seconds + 2.0)
    with load.driven(scene.where.port, [line[quarter:] for line in queues]):
        people = scene.watch("/rounds/", pages=PAGES_OF_PEOPLE, every=1.0)
    bad = flat[1].not_ok + people[1].not_ok + alone.not_ok
    after = empty_pages(scene.where, scene.cookie)
    around = replace(scene, pings=(scene.pings + after) / 2)
    return [
        Figure("board.not_ok", float(bad), "answers", limit=0),
        Figure("board.alone", alone.percentile(0.5), "ms"),
        Figure("board.records_per_second", rate, "records/s beside 8 viewers without a pause"),
        Figure("board.empty_pages_afterwards", after, "answers/s"),
        *around.limits("board.p95", people[1].percentile(0.95), 40),
        *around.limits("board.p95_flat_out", flat[1].percentile(0.95), 40),
        Figure("board.first_look", max(people[1].latencies_ms[::PAGES_OF_PEOPLE]), "ms, nobody had looked"),
        Figure(
            "board.large_to_small", flat[1].percentile(0.5) / flat[0].percentile(0.5),
            "of the time at a tenth", limit=1.2,
        ),
    ]  # fmt: skip


def _missed(scene: Scene) -> list[Figure]:
    page = _missed_page(scene)
    export = f"/rounds/{scene.large.id}/missed.csv?area={frames.COMMUNITY}"
    scene.view(page, viewers=2, pages=5)
    run = scene.view(page, viewers=1, pages=60)
    file = scene.view(export, viewers=1, pages=2)
    return [
        Figure("missed.not_ok", float(run.not_ok + file.not_ok), "answers", limit=0),
        Figure("missed.rows", float(frames.MISSED), "doors missed in the community"),
        *scene.limits("missed.p95", run.percentile(0.95), 30),
        *scene.limits("missed.export", min(file.latencies_ms), 2_000),
    ]


def _missed_page(scene: Scene) -> str:
    return f"/rounds/{scene.large.id}/missed?area={frames.COMMUNITY}"


def _arriving(scene: Scene) -> list[list[bytes]]:
    """Single records for the large round, the requests of each phone."""
    chosen = frames.open_doors(scene.where, scene.large, RECORDS)
    made = [[intake.record(scene.large, s, p, n)] for n, (s, p) in enumerate(chosen)]
    return intake.queues(scene.where, scene.here, made, connections=PHONES, numbers=Counter())


def empty_pages(where: Place, cookie: str) -> float:
    """How many empty pages a second this server gives now."""
    ping = get(where, "/healthz", cookie)
    load.drive(where.port, [[ping] * 20] * 16)
    return 16 * 150 / load.drive(where.port, [[ping] * 150] * 16).seconds


def _done(scene: Scene) -> int:
    return _sum(scene.where, scene.large, range(7, 8))


def _expected(where: Place, operation: Operation) -> int:
    return _sum(where, operation, range(8))


def _sum(where: Place, operation: Operation, states: range) -> int:
    with where.superuser() as bare:
        row = bare.execute(
            "SELECT coalesce(sum(n), 0) FROM coverage_counter WHERE operation = %s AND state = ANY(%s)",
            [operation.id, list(states)],
        ).fetchone()
    return int(row[0]) if row else 0


def get(where: Place, path: str, cookie: str) -> bytes:
    """The request of a page by who is signed in."""
    return load.request(where.port, "GET", path, {"Cookie": cookie, "Accept-Language": "zh-hans"})


def signed_in(officer: Actor) -> str:
    """The cookies of a browser that has signed in: session and token, made without the cost of a password."""
    account = Account.objects.get(pk=officer.account_id)
    session = SessionStore()
    session["_auth_user_id"] = str(account.pk)
    session["_auth_user_backend"] = "django.contrib.auth.backends.ModelBackend"
    session["_auth_user_hash"] = account.get_session_auth_hash()
    session.save()
    token = get_random_string(CSRF_SECRET_LENGTH)
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}; {settings.CSRF_COOKIE_NAME}={token}"
