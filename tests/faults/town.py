"""An installation that runs as a person runs it, with phones and a look behind the scenes."""

import contextlib
import json
import os
import signal
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx

from bulou.postgres import roles
from bulou.postgres.layout import SUPERUSER
from tests.cli.running import Place, Serving
from tests.make import api
from tests.make.api import Caller


@dataclass(frozen=True, slots=True)
class Seen:
    """What the database holds of what was told, and what the phones still hold."""

    lost: int
    doubled: int
    stuck: int


@dataclass(frozen=True, slots=True)
class Town:
    """A served community with doors, phones and an officer."""

    place: Place
    serving: Serving
    doors: tuple[UUID, ...]
    phones: tuple[str, ...]
    revoked: str
    officer: Caller

    def opened(self) -> UUID:
        """A round over all doors."""
        answer = self.officer.post("/operations", api.opening())
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])

    def account(self, operation: UUID) -> dict[str, Any]:
        """The account of a round as the API tells it."""
        found: dict[str, Any] = self.officer.get(f"/operations/{operation}/account").json()
        return found

    def counted(self, operation: UUID) -> tuple[Counter[str], int]:
        """Ids of the records of a round that came from phones, and the attempts that its doors count."""
        with roles.connect(self.place.layout, SUPERUSER) as bare:
            rows = bare.execute(
                "SELECT id FROM ledger_record WHERE operation = %s AND device IS NOT NULL", [operation]
            ).fetchall()
            tries = bare.execute(
                "SELECT coalesce(sum(attempts), 0) FROM coverage_unit WHERE operation = %s", [operation]
            ).fetchone()
        return Counter(str(row[0]) for row in rows), int(tries[0]) if tries else 0

    def seen(self, operation: UUID, told: list[dict[str, Any]], stuck: int) -> Seen:
        """Compare what was told with what is there: each readable record once, each attempt once."""
        kept, tries = self.counted(operation)
        wanted = {record["id"] for record in told}
        absent = sum(1 for record in told if record["outcome"] == "absent_notice_left")
        extra = sum(kept.values()) - len(wanted & set(kept))
        return Seen(len(wanted - set(kept)), max(extra, tries - absent, 0), stuck)

    def kill_postgres(self) -> None:
        """Kill the postmaster and its processes; they call setsid, so they are found by their parent."""
        postmaster = (self.place.layout.cluster / "postmaster.pid").read_text(encoding="ascii").split()[0]
        found = subprocess.run(["ps", "-o", "pid=", "--ppid", postmaster], capture_output=True, check=False)
        for process in (postmaster, *found.stdout.decode().split()):
            with contextlib.suppress(ProcessLookupError):  # it may end by itself a moment before
                os.kill(int(process), signal.SIGKILL)

    def kill_web(self) -> None:
        """Kill the web server and its processes; whoever serves starts it again."""
        os.killpg(self.serving.children()[0], signal.SIGKILL)

    def post(self, token: str, content: bytes) -> httpx.Response:
        """Send bytes as whoever holds the token."""
        return Caller(self.officer.base_url, token, self.officer.device).send("/records", content)


def visits(operation: UUID, doors: tuple[UUID, ...]) -> list[dict[str, Any]]:
    """Two records for each door, as a phone writes them: nobody in, then done."""
    told = [
        api.visit(operation, door, outcome) for door in doors for outcome in ("absent_notice_left", "done")
    ]
    for number, record in enumerate(told, 1):
        record["device_seq"] = number
    return told


def poison(operation: UUID, door: UUID) -> dict[str, Any]:
    """A record that nobody can read."""
    return api.visit(operation, door) | {"observed_at": "yesterday, I think"}


def built(place: Place, serving: Serving, *, doors: int, phones: int) -> Town:
    """Make the community in a running installation."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults.build", str(doors), str(phones)],
        env=place.environment(DJANGO_SETTINGS_MODULE="bulou.config.settings"),
        check=False,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    made = json.loads(done.stdout)
    base_url = f"http://127.0.0.1:{serving.port}"
    return Town(
        place,
        serving,
        tuple(UUID(door) for door in made["doors"]),
        tuple(made["phones"]),
        made["revoked"],
        Caller(base_url, made["officer"], UUID(int=0)),
    )
