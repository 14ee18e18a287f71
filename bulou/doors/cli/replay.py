"""`bulou replay --check`: all projections rebuilt from the ledger equal the live ones, row for row."""

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext

from bulou.doors.cli import standing, verify
from bulou.doors.cli.terminal import Command, note
from bulou.intake.actions import proving


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Rebuild every projection beside the live one and compare."), _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--check", action="store_true", required=True, help=gettext("compare, change nothing")
    )
    verify.arguments(parser)


def _run(options: Namespace) -> int:
    with standing.database():
        return verify.tell(proving.replay_check(note), as_json=options.json)
