"""`bulou bench`: measures against limits that are measured in the same run, in an installation of its own."""

import subprocess
import sys
from argparse import ArgumentParser, Namespace
from importlib import import_module

from django.utils.translation import gettext

from bulou.doors.cli.terminal import USAGE, Command, CommandError

_ROOM = "bulou.bench"  # above the doors, so found by name and run as a process of its own


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Measure speed and memory against limits of the same run."), _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    names = ", ".join(import_module(f"{_ROOM}.run").NAMES)
    text = gettext("one or more of: %(names)s") % {"names": names}
    parser.add_argument("names", metavar="NAME", nargs="*", help=text)
    parser.add_argument("--scale", type=float, default=0.1, help=gettext("share of the full size"))
    parser.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _run(options: Namespace) -> int:
    unknown = sorted(set(options.names) - set(import_module(f"{_ROOM}.run").NAMES))
    if unknown:
        raise CommandError(gettext("There is no benchmark %(name)s.") % {"name": ", ".join(unknown)}, USAGE)
    words = [*options.names, "--scale", str(options.scale), *(["--json"] if options.json else [])]
    return subprocess.run([sys.executable, "-m", _ROOM, *words], check=False).returncode  # noqa: S603 - our own words
