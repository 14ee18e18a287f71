"""What can be seen without the database: data folder, disk, backups, open ports."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from bulou.kernel import clock, disk

_DISK_BETTER, _DISK_FIX = 85, 92
_BACKUP_AGE = timedelta(hours=26)
_LISTENING = "0A"
_LOOPBACK = ("0100007F", "00000000000000000000000001000000")


class Verdict(StrEnum):
    """How a finding is to be taken."""

    GOOD = "good"
    BETTER = "better"
    FIX = "fix"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    name: str
    verdict: Verdict
    text: str
    advice: str = ""


def local_findings() -> Iterator[Finding]:
    """Look at everything that lies on this machine."""
    yield _data_folder()
    yield _disk()
    yield _backup()
    yield _transport()


def _data_folder() -> Finding:
    data: Path = settings.BULOU_DATA
    words = {"folder": data}
    if not data.exists():
        text = gettext("There is no data folder %(folder)s yet.") % words
        return Finding("data", Verdict.FIX, text, gettext("Run: bulou init"))
    key = data / "secret_key"
    if key.exists() and key.stat().st_mode & 0o077:
        text = gettext("Others may read the secret key in %(folder)s.") % words
        return Finding("data", Verdict.FIX, text, f"chmod 600 {key}")
    return Finding("data", Verdict.GOOD, gettext("Data folder: %(folder)s") % words)


def _disk() -> Finding:
    usage = disk.usage(settings.BULOU_DATA)
    text = gettext("The disk is %(percent)s %% full, %(free)s GB are free.") % {
        "percent": usage.percent,
        "free": round(usage.free / disk.GIGABYTE, 1),
    }
    advice = gettext("Make room, or move the data folder to a larger disk.")
    limits = {"percent": settings.BULOU_READ_ONLY_PERCENT, "free_gb": settings.BULOU_READ_ONLY_FREE_GB}
    if usage.is_full(**limits):
        text += " " + gettext("Bulou is read-only: it shows and takes nothing in.")
        return Finding("disk", Verdict.FIX, text, advice)
    if usage.percent >= _DISK_FIX:
        return Finding("disk", Verdict.FIX, text, advice)
    if usage.percent >= _DISK_BETTER:
        return Finding("disk", Verdict.BETTER, text, advice)
    return Finding("disk", Verdict.GOOD, text)


def _backup() -> Finding:
    if not settings.BULOU_EMBEDDED:
        return Finding(
            "backup", Verdict.BETTER, gettext("The database is copied by its own server; see that it is.")
        )
    try:
        told = json.loads((settings.BULOU_DATA / "last_backup.json").read_text(encoding="utf-8"))
        made_at, folder = datetime.fromisoformat(told["made_at"]), Path(told["folder"])
    except (OSError, ValueError, KeyError, TypeError):
        return Finding("backup", Verdict.BETTER, gettext("No copy was ever taken."), "bulou backup DIR")
    words = {"time": made_at.isoformat(timespec="minutes"), "folder": folder}
    if not folder.exists():
        text = gettext("The last copy, %(folder)s, is gone.") % words
        return Finding("backup", Verdict.BETTER, text, "bulou backup DIR")
    text = gettext("The last verified copy is from %(time)s: %(folder)s") % words
    if clock.now() - made_at > _BACKUP_AGE:
        return Finding("backup", Verdict.BETTER, text, "bulou backup DIR")
    return Finding("backup", Verdict.GOOD, text)


def _transport() -> Finding:
    ports = sorted(set(_open_ports()))
    if not ports:
        return Finding("ports", Verdict.GOOD, gettext("Other machines cannot reach Bulou."))
    words = {"ports": ", ".join(str(port) for port in ports)}
    if settings.BULOU_TLS == "proxy":
        text = (
            gettext("Other machines reach the ports %(ports)s; a TLS proxy is said to stand in front.")
            % words
        )
        return Finding("ports", Verdict.GOOD, text)
    text = gettext("Other machines reach the ports %(ports)s without TLS.") % words
    return Finding("ports", Verdict.FIX, text, gettext("Put a TLS proxy in front and set BULOU_TLS=proxy."))


def _open_ports() -> Iterator[int]:
    """Yield the ports of our web servers that listen beyond this machine (Linux; elsewhere none is seen)."""
    ours = set(_sockets_of_ours())
    for table in (Path("/proc/net/tcp"), Path("/proc/net/tcp6")):
        if not table.exists():
            continue
        for line in table.read_text(encoding="ascii").splitlines()[1:]:
            words = line.split()
            address, port = words[1].split(":")
            if words[3] == _LISTENING and address not in _LOOPBACK and words[9] in ours:
                yield int(port, 16)


def _sockets_of_ours() -> Iterator[str]:
    for process in Path("/proc").glob("[0-9]*"):
        try:
            if b"bulou.config.wsgi" not in (process / "cmdline").read_bytes():
                continue
            links = [str(link.readlink()) for link in (process / "fd").iterdir()]
        except OSError:
            continue  # ended meanwhile, or not ours to see
        yield from (link[8:-1] for link in links if link.startswith("socket:["))
