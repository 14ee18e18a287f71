"""Whatever is killed while phones upload: each acknowledged record is there once; accounts balance."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.cli import running
from tests.cli.running import Place, Serving
from tests.make import api
from tests.make.api import Caller

pytestmark = pytest.mark.slow

DOORS = 1200
BATCH = 20


@dataclass
class Phone:
    """A phone with an outbox: it sends until it is told that the record is kept, in the same words."""

    caller: Caller
    outbox: list[dict[str, Any]]
    kept: list[str] = field(default_factory=list)
    failures: int = 0

    def work(self) -> None:
        """Empty the outbox."""
        while self.outbox:
            batch = self.outbox[:BATCH]
            try:
                answer = self.caller.records(batch)
                assert answer.status_code == 200 or answer.status_code >= 500, answer.text
                results = answer.json()["results"] if answer.status_code == 200 else None
            except (httpx.HTTPError, ValueError):
                results = None
            if results is None:
                self.failures += 1
                time.sleep(0.1)
                continue
            assert {r["standing"] for r in results} <= {"kept", "doubtful", "duplicate"}
            self.kept += [r["id"] for r in results]
            del self.outbox[:BATCH]


@pytest.fixture
def place() -> Iterator[Place]:
    """An installation that is ready."""
    made = running.from_kept()
    yield made
    running.remove(made)


def _build(place: Place, base_url: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.cli.build", base_url, str(DOORS)],
        env=place.environment(DJANGO_SETTINGS_MODULE="bulou.config.settings"),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    built: dict[str, Any] = json.loads(done.stdout)
    return built


def _kill_postgres(place: Place) -> None:
    """Kill the postmaster and its processes; they call setsid, so they are found by their parent."""
    postmaster = (place.layout.cluster / "postmaster.pid").read_text(encoding="ascii").split()[0]
    found = subprocess.run(["ps", "-o", "pid=", "--ppid", postmaster], capture_output=True, check=False)
    for process in (postmaster, *found.stdout.decode().split()):
        with contextlib.suppress(ProcessLookupError):  # it may end by itself a moment before
            os.kill(int(process), signal.SIGKILL)


def _wait_for(phones: list[Phone], n_kept: int, serving: Serving) -> None:
    running.wait(lambda: sum(len(p.kept) for p in phones) >= n_kept, serving.said, 120)


def test_killing_database_and_web_in_the_middle_of_uploads_loses_and_doubles_nothing(place: Place) -> None:
    serving = Serving(place)
    try:
        serving.wait_until_open()
        base_url = f"http://127.0.0.1:{serving.port}"
        built = _build(place, base_url)
        officer = Caller(base_url, built["officer"][0], UUID(built["officer"][1]))
        opened = officer.post("/operations", api.opening())
        assert opened.status_code == 201, opened.text
        operation = UUID(opened.json()["id"])
        doors = [UUID(door) for door in built["doors"]]
        phones = [
            Phone(
                Caller(base_url, built["phone"][0], UUID(built["phone"][1])),
                [api.visit(operation, door) for door in doors[start::2]],
            )
            for start in range(2)
        ]
        everything = [list(phone.outbox) for phone in phones]
        threads = [threading.Thread(target=phone.work) for phone in phones]
        for thread in threads:
            thread.start()
        _wait_for(phones, DOORS // 6, serving)
        _kill_postgres(place)
        _wait_for(phones, DOORS // 3, serving)
        os.killpg(serving.children()[0], signal.SIGKILL)
        for thread in threads:
            thread.join(180)
            assert not thread.is_alive(), serving.said()
        assert sum(phone.failures for phone in phones) > 0, "nothing was killed while they sent"
        for phone, records in zip(phones, everything, strict=True):
            assert sorted(phone.kept) == sorted(record["id"] for record in records)
            again = phone.caller.records(records[:500])
            assert {r["standing"] for r in again.json()["results"]} == {"duplicate"}
        account = officer.get(f"/operations/{operation}/account").json()
        assert (account["expected"], account["done"], account["open"]) == (DOORS, DOORS, 0)
    finally:
        serving.stop()
    assert place.json("verify")["holds"] is True
    assert place.json("replay", "--check")["holds"] is True
