"""`bulou worker`: runs jobs, nothing else; `bulou serve` starts one beside the web server."""

from argparse import ArgumentParser, Namespace

from django.utils.translation import gettext
from procrastinate.contrib.django import app
from procrastinate.contrib.django.django_connector import DjangoConnector

from bulou.doors.cli import standing
from bulou.doors.cli.terminal import OK, Command


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Run the jobs in the background until stopped."), _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--once", action="store_true", help=gettext("stop when no job is left"))


def _run(options: Namespace) -> int:
    connector = app.connector
    if not isinstance(connector, DjangoConnector):
        raise TypeError("jobs are kept by Django's connection")
    with standing.database(), app.replace_connector(connector.get_worker_connector()):
        app.run_worker(wait=not options.once)
    return OK
