"""`bulou init`: everything that must exist before the first record."""

from argparse import ArgumentParser, Namespace

from django.conf import settings
from django.utils.translation import gettext

from bulou.doors.cli import standing
from bulou.doors.cli.terminal import OK, Command, note, say
from bulou.protocols.actions import load_library


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Prepare the data folder and the database; repeatable."), _arguments, run)


def _arguments(_parser: ArgumentParser) -> None:
    """Take no arguments."""


def run(_options: Namespace) -> int:
    """Prepare everything, leave the embedded server running, and say where the data is."""
    with standing.running(leave_running=True):
        prepare()
    say(gettext("Ready. Data folder: %(folder)s") % {"folder": settings.BULOU_DATA})
    return OK


def prepare() -> None:
    """Migrate as the owner when something is to be migrated, check the role, load the protocols."""
    if not standing.schema_is_current():
        note(gettext("Preparing the database …"))
        words = ("migrate", "--no-input", "-v0", "--skip-checks")
        standing.finish(
            standing.django_command(*words, BULOU_DB_ROLE="owner"), gettext("The migration failed")
        )
    standing.require_safe()
    load_library(None)
