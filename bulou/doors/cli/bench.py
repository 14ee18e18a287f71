"""`bulou bench`: measures against a limit that is measured in the same run.

The room that plays it lies above the doors, so it is found by name: a door cannot import upwards.
"""

from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from importlib import import_module

from django.utils.translation import gettext

from bulou.doors.cli import standing
from bulou.doors.cli.rehearse import open_web
from bulou.doors.cli.terminal import OK, USAGE, Command, CommandError, note, say, say_json


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Measure speed and memory against limits of the same run."), _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    names = ", ".join(import_module("bulou.rehearsal.bench").NAMES)
    parser.add_argument(
        "names", metavar="NAME", nargs="*", help=gettext("one or more of: %(names)s") % {"names": names}
    )
    parser.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _run(options: Namespace) -> int:
    bench = import_module("bulou.rehearsal.bench")
    unknown = sorted(set(options.names) - set(bench.NAMES))
    if unknown:
        raise CommandError(gettext("There is no benchmark %(name)s.") % {"name": ", ".join(unknown)}, USAGE)
    with standing.running(), open_web() as address:
        results = bench.run(tuple(options.names) or bench.NAMES, base_url=address, echo=note)
    if options.json:
        say_json([asdict(result) for result in results])
    else:
        for result in results:
            say(str(result))
    return OK
