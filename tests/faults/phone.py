"""A phone as the protocol wants it, and phones that each break one of its rules, for negative controls."""

import threading
from random import Random
from typing import Any

import httpx

from bulou.kernel import clock, ids
from tests.make.api import TLS

BATCH = 8
MOST_TRIES = 400
SETTLED = frozenset({"kept", "doubtful", "duplicate", "conflict"})


class Phone:
    """Sends what waits until the server has answered for each record; never drops one in silence."""

    def __init__(self, port: int, token: str, records: list[dict[str, Any]], *, seed: int = 1) -> None:
        self.waiting = list(records)
        self.settled: list[str] = []
        self.needs_help: list[str] = []
        self.failures = 0
        self._url = f"http://127.0.0.1:{port}/api/v1/records"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._random = Random(seed)
        self._pause = threading.Event()
        self._shuffle()

    def work(self, *, most_tries: int = MOST_TRIES) -> None:
        """Empty the outbox, or give up after so many tries: what then still waits is stuck."""
        with httpx.Client(headers=self._headers, trust_env=False, timeout=30, verify=TLS) as http:
            for _ in range(most_tries):
                if not self.waiting:
                    return
                self._send(http, self.chosen())

    def chosen(self) -> list[dict[str, Any]]:
        """What is sent next: other records than last time, so that none stands in the way of all."""
        self._shuffle()
        return self.waiting[:BATCH]

    def answered(self, results: list[dict[str, Any]]) -> None:
        """Let go of what is settled; show what needs help."""
        standings = {result["id"]: result["standing"] for result in results}
        for record in self.waiting:
            standing = standings.get(record["id"])
            if standing in SETTLED:
                self.settled.append(record["id"])
            elif standing is not None:
                self.needs_help.append(record["id"])
        self.waiting = [record for record in self.waiting if record["id"] not in standings]

    def failed(self) -> None:
        """No usable answer: try again, a moment later."""
        self.failures += 1
        self._pause.wait(0.02)

    def _shuffle(self) -> None:
        self._random.shuffle(self.waiting)

    def _send(self, http: httpx.Client, batch: list[dict[str, Any]]) -> None:
        body = {"sent_at": clock.now().isoformat(), "records": batch}
        try:
            answer = http.post(self._url, json=body)
            results = answer.json()["results"] if answer.status_code == 200 else None
        except (httpx.HTTPError, ValueError):
            results = None
        if results is None:
            self.failed()
        else:
            self.answered(results)


class Forgetful(Phone):
    """Forgets what it sends before it knows that it arrived: loses."""

    def chosen(self) -> list[dict[str, Any]]:
        """Take the records out of the outbox."""
        batch = super().chosen()
        self.waiting = self.waiting[len(batch) :]
        return batch


class Renumbering(Phone):
    """Makes new ids for every try: doubles."""

    def chosen(self) -> list[dict[str, Any]]:
        """Give each record an id that the server cannot know."""
        batch = super().chosen()
        for record in batch:
            record["id"] = str(ids.uuid7())
        return batch


class Stubborn(Phone):
    """Sends the oldest records again until all of them are kept: one bad record stops it."""

    def chosen(self) -> list[dict[str, Any]]:
        """The same records as last time, while any of them waits."""
        return self.waiting[:BATCH]

    def answered(self, results: list[dict[str, Any]]) -> None:
        """All or nothing."""
        if all(result["standing"] in SETTLED for result in results):
            super().answered(results)
        else:
            self.failed()
