"""`bulou init`: everything that must exist before the first record."""

from argparse import ArgumentParser, Namespace
from importlib.resources import files

from django.conf import settings
from django.utils.translation import gettext

from bulou.doors.cli import standing
from bulou.doors.cli.terminal import OK, Command, note, say
from bulou.protocols.actions import load_library


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Prepare the data folder and the database; repeatable."), _arguments, run)


def _arguments(parser: ArgumentParser) -> None:
    text = gettext("print what a server of your own must run once before DATABASE_URL names it")
    parser.add_argument("--print-sql", action="store_true", help=text)


def run(options: Namespace) -> int:
    """Prepare everything, leave the embedded server running, and say where the data is."""
    if options.print_sql:
        say((files("bulou.postgres") / "sql" / "external.sql").read_text(encoding="utf-8").strip())
        return OK
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
