"""A served district with phones in hands: real HTTP, real tokens, committed rows."""

import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx

from bulou.access.terms import Actor
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from tests.make import access, rounds

PATIENCE = 60  # seconds: many tests share few cores
TLS = httpx.create_ssl_context(trust_env=False)  # not a new one for each call: that takes 40 ms
BASIS = {"law": "传染病防治法", "text": "district order 1"}


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a token and a program that can speak HTTP."""

    base_url: str
    token: str
    device: UUID

    def get(self, path: str, **query: Any) -> httpx.Response:
        """Read."""
        return httpx.get(
            f"{self.base_url}/api/v1{path}",
            params=query,
            headers=self.headers(),
            trust_env=False,
            timeout=PATIENCE,
            verify=TLS,
        )

    def post(self, path: str, body: Any, **headers: str) -> httpx.Response:
        """Send JSON."""
        return self.send(path, json.dumps(body).encode(), **headers)

    def send(self, path: str, content: bytes, **headers: str) -> httpx.Response:
        """Send bytes as they are."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return httpx.post(
            f"{self.base_url}/api/v1{path}",
            content=content,
            headers=self.headers() | {"Content-Type": "application/json"} | named,
            trust_env=False,
            timeout=PATIENCE,
            verify=TLS,
        )

    def records(self, records: Sequence[Mapping[str, Any]], *, packed: bool = False) -> httpx.Response:
        """Hand records in as one batch."""
        body = {"device": str(self.device), "sent_at": clock.now().isoformat(), "records": list(records)}
        content = json.dumps(body).encode()
        return (
            self.send("/records", gzip.compress(content), Content_Encoding="gzip")
            if packed
            else self.send("/records", content)
        )

    def headers(self) -> dict[str, str]:
        """Who is calling."""
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en"} if self.token else {}


@dataclass(frozen=True, slots=True)
class Served:
    """A community with doors and the people who call."""

    base_url: str
    doors: tuple[UUID, ...]
    he: Caller
    lin: Caller
    qian: Caller
    zhao: Caller
    nobody: Caller

    def opened(self, **changes: Any) -> UUID:
        """A screening round over the district, opened over HTTP an hour ago."""
        answer = self.he.post("/operations", opening(**changes))
        assert answer.status_code == 201, answer.text
        return UUID(answer.json()["id"])


def opening(**changes: Any) -> dict[str, Any]:
    """The body that opens a round."""
    now = clock.now()
    return {
        "protocol": "household-screening-round",
        "area": access.DISTRICT,
        "opens_at": (now - timedelta(hours=1)).isoformat(),
        "due_at": (now + timedelta(days=3)).isoformat(),
        "basis": BASIS,
    } | changes


def visit(operation: UUID, door: UUID, outcome: str = "done", **more: Any) -> dict[str, Any]:
    """One record as a phone writes it."""
    record = {
        "id": str(ids.uuid7()),
        "kind": "screening.visit",
        "operation": str(operation),
        "subject": {"type": "dwelling", "id": str(door)},
        "outcome": outcome,
        "payload": rounds.DONE if outcome == "done" else rounds.ABSENT,
        "observed_at": clock.now().isoformat(),
        "protocol": rounds.SCREENING,
    }
    return record | more


def served(base_url: str, *, doors: int = 6) -> Served:
    """Make the district, its people and their phones."""
    with transaction(whole(access.DISTRICT)):
        made = rounds.street(compounds=2, doors=doors // 2)

    def caller(actor: Actor) -> Caller:
        phone = access.phone(actor, name=actor.name)
        return Caller(base_url, phone.token, phone.device_id)

    return Served(
        base_url,
        tuple(made.all_doors),
        he=caller(access.he()),
        lin=caller(access.lin()),
        qian=caller(access.qian()),
        zhao=caller(access.zhao()),
        nobody=Caller(base_url, "", ids.uuid7()),
    )
