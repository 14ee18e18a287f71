"""HTTP as a phone uses it: patient with a server that is away, honest about what it was answered."""

import gzip
import json
import ssl
import time
from functools import cache
from typing import Any

import httpx

PATIENCE = 12
LONGEST_WAIT_SECONDS = 5.0
SERVER_FAULT = 500


class RefusedError(Exception):
    """The server answered, and the answer is no: trying again would not help."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status}: {body[:300]}")
        self.status = status
        self.body = body


class AwayError(Exception):
    """No answer, or only 5xx, for as long as a phone can be patient."""


class Client:
    """One bearer token on one connection pool; safe for one thread at a time."""

    def __init__(self, base_url: str, token: str = "", *, language: str = "zh-Hans") -> None:
        headers = {"Accept-Language": language}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        self._http = httpx.Client(
            base_url=f"{base_url.rstrip('/')}/api/v1", headers=headers, timeout=60, trust_env=False,
            verify=_tls(),
        )  # fmt: skip

    def close(self) -> None:
        """Lets go of the connections."""
        self._http.close()

    def get(self, path: str, **query: str | int) -> Any:
        """Reads one resource. Raises RefusedError or AwayError."""
        return self._patiently("GET", path, params=query)

    def post(self, path: str, body: object, *, packed: bool = False) -> Any:
        """Sends JSON, packed if told. Safe to repeat for records: their ids are made before the first try."""
        content = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()
        headers = {"Content-Type": "application/json"}
        if packed:
            content, headers["Content-Encoding"] = gzip.compress(content, compresslevel=3), "gzip"
        return self._patiently("POST", path, content=content, headers=headers)

    def _patiently(self, method: str, path: str, **how: Any) -> Any:
        wait = 0.1
        for _ in range(PATIENCE):
            try:
                answer = self._http.request(method, path, **how)
            except httpx.TransportError:
                answer = None
            if answer is not None and answer.status_code < SERVER_FAULT:
                return _body(answer)
            asked = answer.headers.get("Retry-After", "") if answer is not None else ""
            time.sleep(min(float(asked) if asked.isdigit() else wait, LONGEST_WAIT_SECONDS))
            wait *= 2
        raise AwayError(f"{method} {path}: no usable answer after {PATIENCE} tries")


@cache
def _tls() -> ssl.SSLContext:
    """One for all phones: to make one takes 30 to 60 ms of computing, 20 s for 500 phones."""
    return httpx.create_ssl_context(trust_env=False)


def _body(answer: httpx.Response) -> Any:
    if answer.is_success:
        return answer.json() if "json" in answer.headers.get("Content-Type", "") else answer.content
    raise RefusedError(answer.status_code, answer.text)
