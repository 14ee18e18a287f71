"""The web process as a process of its own, so that it can be killed in the middle of its work."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

import httpx

PROGRAM = """
import sys
from socketserver import ThreadingMixIn
from wsgiref.simple_server import WSGIServer, WSGIRequestHandler, make_server
from bulou.config.wsgi import application

class Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True

class Quiet(WSGIRequestHandler):
    def log_message(self, *said):
        pass

make_server("127.0.0.1", int(sys.argv[1]), application, Server, Quiet).serve_forever()
"""


class Server:
    """One web process on a port that stays the same over its lives."""

    def __init__(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.url = f"http://localhost:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        """The process to kill."""
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        """Start it, and wait until it answers."""
        self.stop()
        self._process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, str(self.port)], env=dict(os.environ)
        )
        transport = httpx.HTTPTransport(retries=8)  # waits longer after each refusal
        with httpx.Client(transport=transport, trust_env=False, timeout=60) as client:
            client.get(f"http://127.0.0.1:{self.port}/healthz").raise_for_status()

    def stop(self) -> None:
        """End it, if it still lives."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None

    @contextmanager
    def running(self) -> Iterator[None]:
        """Serve inside the block."""
        self.start()
        try:
            yield
        finally:
            self.stop()
