"""`bulou rehearse SCENARIO`: plays the days of a scenario over HTTP and compares every figure.

The room lies above the doors, so its modules are found by name: a door cannot import upwards.
"""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib import import_module
from pathlib import Path

from django.utils.translation import gettext

from bulou.doors.cli import init, standing, web
from bulou.doors.cli.children import Children
from bulou.doors.cli.terminal import FAILED, OK, USAGE, Command, CommandError, note, say

_HOST = "127.0.0.1"


def command() -> Command:
    """Describe the command."""
    return Command(
        gettext("Play a scenario with simulated phones and compare every figure."), _arguments, _run
    )


def _arguments(parser: ArgumentParser) -> None:
    play = import_module("bulou.rehearsal.play")
    keys = ", ".join(import_module("bulou.rehearsal.scenario").keys())
    text = gettext("a file, or one of: %(keys)s") % {"keys": keys}
    parser.add_argument("scenario", metavar="SCENARIO", help=text)
    parser.add_argument("--days", type=int, help=gettext("play only the first days"))
    parser.add_argument("--scale", type=float, default=play.SCALE, help=gettext("share of the real size"))
    parser.add_argument("--devices", type=int, default=play.DEVICES, help=gettext("simulated phones"))
    parser.add_argument(
        "--seed", type=int, default=play.SEED, help=gettext("the same seed plays the same days")
    )
    parser.add_argument(
        "--ill",
        type=float,
        default=play.Options().ill,
        help=gettext("share of the people who fall ill each day"),
    )
    text = gettext("day on which it begins, YYYY-MM-DD; when left out it ends today")
    parser.add_argument("--start", type=date.fromisoformat, metavar="DATE", help=text)
    parser.add_argument(
        "--report", type=Path, metavar="FILE", help=gettext("write expected and reported figures")
    )


def _run(options: Namespace) -> int:
    play = import_module("bulou.rehearsal.play")
    scenario_error = import_module("bulou.rehearsal.scenario").ScenarioError
    chosen = play.Options(
        days=options.days,
        scale=options.scale,
        devices=options.devices,
        seed=options.seed,
        start=options.start,
        report=options.report,
        ill=options.ill,
    )
    with standing.running(), open_web() as address:
        try:
            outcome = play.run(options.scenario, chosen, base_url=address, echo=say)
        except scenario_error as error:
            raise CommandError(str(error), USAGE) from error
    return OK if outcome.ok else FAILED


@contextmanager
def open_web() -> Iterator[str]:
    """Prepare the database and keep a web server of its own open on a free port; yields its address."""
    init.prepare()
    port = web.free_port()
    children = Children([web.web(_HOST, port, static_collected=False)])
    children.start()
    try:
        if not web.wait_until_open(_HOST, port, meanwhile=lambda: _alive(children)):
            raise CommandError(gettext("The web server does not answer."))
        yield f"http://{_HOST}:{port}"
    finally:
        children.stop()


def _alive(children: Children) -> bool:
    for name, code in children.look_after():
        note(f"{name}: {code}")
    return True
