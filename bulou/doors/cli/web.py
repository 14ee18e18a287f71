"""The web server and the worker as processes, for serve, demo and rehearse."""

import http.client
import ipaddress
import socket
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.utils.translation import gettext

from bulou.doors.cli.children import Child
from bulou.doors.cli.terminal import CommandError

WEB_PROCESSES = 2
THREADS = 80
"""Sixteen more than batches may be in hand (see `doors.api.records`): pages never wait for those to end."""
CONNECTIONS = 12
_OPEN_SECONDS = 60


def web(host: str, port: int, *, static_collected: bool) -> Child:
    """Return the web server as a process to be kept alive."""
    words = [
        *(sys.executable, "-m", "granian", "bulou.config.wsgi:application", "--interface", "wsgi"),
        *("--host", host, "--port", str(port), "--workers", str(WEB_PROCESSES)),
        *("--blocking-threads", str(THREADS), "--workers-kill-timeout", "8", "--respawn-failed-workers"),
        *("--no-ws", "--log-level", "error", "--http1-header-read-timeout", "10000"),
    ]
    return Child(
        "web",
        words,
        {
            "BULOU_HOSTS": ",".join(_hosts(host)),
            "BULOU_STATIC_COLLECTED": "yes" if static_collected else "no",
            "BULOU_DB_POOL_SIZE": str(CONNECTIONS),
            "MALLOC_ARENA_MAX": "2",  # else each thread keeps memory of its own
        },
    )


def worker() -> Child:
    """Return the runner of jobs as a process to be kept alive; one connection of its own, no pool."""
    return Child("worker", [sys.executable, "-m", "bulou.doors.cli.main", "worker"], {"BULOU_DB_POOL": "no"})


def require_free(host: str, port: int) -> None:
    """Return only if the port can be opened."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            words = {"host": host, "port": port, "reason": error.strerror or str(error)}
            raise CommandError(gettext("%(host)s:%(port)s cannot be opened: %(reason)s") % words) from error


def require_private(host: str) -> None:
    """Return only if nobody on the way can listen: this machine only, or behind TLS, or expressly allowed."""
    if is_loopback(host) or settings.BULOU_TLS == "proxy" or settings.BULOU_ALLOW_PLAIN_HTTP:
        return
    raise CommandError(
        gettext(
            "%(host)s can be reached from other machines, and plain HTTP would show passwords to everyone on"
            " the way. Put a TLS proxy in front and set BULOU_TLS=proxy, or set BULOU_ALLOW_PLAIN_HTTP=yes."
        )
        % {"host": host}
    )


def free_port() -> int:
    """Return a port of this machine that nobody uses now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_until_open(host: str, port: int, *, meanwhile: Callable[[], bool]) -> bool:
    """Return whether the server answers; `meanwhile` is asked in between and ends the wait with false."""
    end = time.monotonic() + _OPEN_SECONDS
    while time.monotonic() < end and meanwhile():
        if answers(host, port):
            return True
        time.sleep(0.1)
    return False


def answers(host: str, port: int) -> bool:
    """Say whether the server answers its health address."""
    target = "127.0.0.1" if _is_everywhere(host) else host
    asking = http.client.HTTPConnection(target, port, timeout=5)
    try:
        asking.request("GET", "/healthz", headers={"Host": "localhost"})
        return asking.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        asking.close()


def address(host: str, port: int) -> str:
    """Return what a person types into the browser."""
    shown = socket.gethostname() if _is_everywhere(host) else host
    return f"http://[{shown}]:{port}/" if ":" in shown else f"http://{shown}:{port}/"


def is_loopback(host: str) -> bool:
    """Say whether only this machine reaches the address."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_everywhere(host: str) -> bool:
    return host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not opened


def _hosts(host: str) -> list[str]:
    """Return the names under which requests are answered: those set, and the address that is opened."""
    names = [name for name in settings.ALLOWED_HOSTS if name]
    if not _is_everywhere(host):
        return [*names, f"[{host}]" if ":" in host else host]
    here = socket.gethostname()
    found = {str(entry[4][0]) for entry in socket.getaddrinfo(here, None)}
    return [*names, here, *sorted(f"[{ip}]" if ":" in ip else ip for ip in found)]
