"""`bulou load`: protocol versions of the package, or one file."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.utils.translation import gettext

from bulou.doors.cli import standing
from bulou.doors.cli.terminal import OK, Command, CommandError, say, say_json
from bulou.protocols.actions import load_file, load_library


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Load the protocol library, or one protocol file."), _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "file", nargs="?", type=Path, help=gettext("a protocol file; without it the whole library")
    )
    parser.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _run(options: Namespace) -> int:
    with standing.database():
        if options.file is None:
            loaded = load_library(None)
        else:
            try:
                text = options.file.read_text(encoding="utf-8")
            except (OSError, UnicodeError) as error:
                raise CommandError(f"{options.file}: {error}") from error
            loaded = load_file(None, name=options.file.name, text=text)
    if options.json:
        say_json({"stored": loaded.stored, "unchanged": loaded.unchanged})
    else:
        counts = {"stored": len(loaded.stored), "unchanged": len(loaded.unchanged)}
        say(gettext("%(stored)s versions stored, %(unchanged)s unchanged.") % counts)
    return OK
