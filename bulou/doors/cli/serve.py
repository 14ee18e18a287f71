"""`bulou serve`: web, worker and, when it is ours, PostgreSQL, until somebody stops it."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable

from django.conf import settings
from django.db import connections
from django.utils.translation import gettext

from bulou.access.actions.passwords import first_start_code
from bulou.access.queries import started
from bulou.doors.cli import init, standing, static, web
from bulou.doors.cli.children import Children
from bulou.doors.cli.terminal import FAILED, OK, Command, CommandError, note, say
from bulou.postgres import server

_LOOK_EVERY_SECONDS = 0.5


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Open the pages and the API, and run the jobs."), arguments, _run)


def arguments(parser: ArgumentParser) -> None:
    """Take the address to open."""
    parser.add_argument(
        "--host", default="127.0.0.1", help=gettext("address to open (default: this machine only)")
    )
    parser.add_argument("--port", type=int, default=8000, help=gettext("port to open (default: 8000)"))


def _run(options: Namespace) -> int:
    return serve(options.host, options.port, when_open=_welcome)


def serve(host: str, port: int, *, when_open: Callable[[str], None]) -> int:
    """Serve until SIGTERM or Ctrl-C; `when_open(address)` is called once, when the first request can come."""
    web.require_private(host)
    web.require_free(host, port)
    with standing.running():
        init.prepare()
        static.collect()
        children = Children([web.web(host, port, static_collected=True)])
        children.heed_signals()
        children.start()
        opened = False
        try:
            if web.wait_until_open(host, port, meanwhile=lambda: _still_going(children)):
                opened = True
                children.add(web.worker())  # not earlier: both load the same code, and people wait for pages
                when_open(web.address(host, port))
            elif not children.stopping.is_set():
                raise CommandError(gettext("The web server does not answer."), FAILED)
            connections.close_all()
            while not children.stopping.wait(_LOOK_EVERY_SECONDS):
                _look(children)
        finally:
            children.stop(gently=opened)
    note(gettext("Stopped."))
    return OK


def _still_going(children: Children) -> bool:
    _look(children)
    return not children.stopping.is_set()


def _look(children: Children) -> None:
    if settings.BULOU_EMBEDDED and not server.alive(standing.layout()):
        note(gettext("PostgreSQL ended; it is started again."))
        standing.wake()  # the web server stays: it says 503 meanwhile, and connects again by itself
    for name, code in children.look_after():
        note(
            gettext("The %(name)s process ended with %(code)s; it is started again.")
            % {"name": name, "code": code}
        )


def _welcome(address: str) -> None:
    say(gettext("Bulou is open: %(address)s") % {"address": address})
    if not started():
        say(
            gettext("There is no account yet. One-time code for the first one: %(code)s")
            % {"code": first_start_code()}
        )
