"""`bulou demo`: a small district with a round under way, open in the browser, one login for each role.

The room that plays it lies above the doors, so it is found by name: a door cannot import upwards.
"""

import json
from argparse import Namespace
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext

from bulou.access.queries import started
from bulou.doors.cli import serve
from bulou.doors.cli.terminal import Command, CommandError, note, say


def command() -> Command:
    """Describe the command."""
    return Command(
        gettext("Play a small district and open it, with one login for each role."), serve.arguments, _run
    )


def _run(options: Namespace) -> int:
    return serve.serve(options.host, options.port, when_open=_show)


def _show(address: str) -> None:
    logins = _logins(address)
    say(gettext("Bulou is open: %(address)s") % {"address": address})
    for login in logins:
        say(f"  {login['role']:18} {login['name']:18} {login['password']:24} {login['area']}")
    say(gettext("Stop it with Ctrl-C."))


def _logins(address: str) -> list[dict[str, str]]:
    """Return one login per role; the district is built the first time."""
    kept: Path = settings.BULOU_DATA / "demo_logins.json"
    if started():
        if not kept.exists():
            raise CommandError(
                gettext("%(folder)s holds real data. Set BULOU_DATA to a new folder for the demo.")
                % {"folder": settings.BULOU_DATA}
            )
        found: list[dict[str, str]] = json.loads(kept.read_text(encoding="utf-8"))
        return found
    note(gettext("Building the district and playing the first days; this takes a minute or two …"))
    demo = import_module("bulou.rehearsal.demo")
    logins = [asdict(login) for login in demo.build(base_url=address.rstrip("/"), echo=note)]
    connections.close_all()
    kept.touch(mode=0o600)
    kept.write_text(json.dumps(logins, ensure_ascii=False), encoding="utf-8")
    return logins
