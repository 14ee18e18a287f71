"""The command line: `bulou COMMAND`."""

import os
import sys
from argparse import ArgumentParser
from importlib import import_module
from importlib.metadata import version
from importlib.util import find_spec

import django
from django.core.exceptions import ImproperlyConfigured
from django.db import InterfaceError, OperationalError
from django.utils.translation import activate, gettext

from bulou.doors.cli import usage
from bulou.doors.cli.terminal import FAILED, Command, CommandError, language, note, words_of
from bulou.kernel.problems import ProblemError
from bulou.postgres.errors import ServerError

# In the order of a first day; each is a module of this folder.
COMMANDS = (
    "init",
    "serve",
    "demo",
    "account",
    "import",
    "load",
    "rehearse",
    "verify",
    "replay",
    "doctor",
    "backup",
    "restore",
    "bench",
    "worker",
)
# What they need lies above the doors and may be left out of a package.
ABOVE = {"rehearse": "bulou.rehearsal.play", "demo": "bulou.rehearsal.demo", "bench": "bulou.bench"}
MODULES = {"import": "imports"}  # a word of Python's own


def main(arguments: list[str] | None = None) -> int:
    """Run one command and return its exit code; every failure is a sentence, never a traceback."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bulou.config.settings")
    try:
        django.setup()
        activate(language())
        usage.speak()
        words = sys.argv[1:] if arguments is None else arguments
        options = _parser(words).parse_args(words)
        command: Command = options.command
        return command.run(options)
    except CommandError as error:
        note(str(error))
        return error.exit_code
    except ProblemError as error:
        note(words_of(error))
        return FAILED
    except ServerError as error:
        note(gettext(error.message) % error.params)
    except ImproperlyConfigured as error:
        note(str(error))
    except (OperationalError, InterfaceError) as error:
        note(gettext("The database cannot be reached: %(reason)s") % {"reason": str(error).strip()})
    except KeyboardInterrupt:
        note(gettext("Stopped."))
        return 130
    return FAILED


def _parser(arguments: list[str]) -> ArgumentParser:
    """Return the parser with the command that is asked for, or with all: none loads its sisters."""
    parser = ArgumentParser(
        prog="bulou", description=gettext("No one missed: runs an epidemic response in a district.")
    )
    parser.add_argument("--version", action="version", version=f"bulou {version('bulou')}")
    commands = parser.add_subparsers(metavar=gettext("COMMAND"), required=True)
    there = [name for name in COMMANDS if name not in ABOVE or find_spec(ABOVE[name])]
    asked = arguments[:1] if arguments and arguments[0] in there else there
    if arguments == ["--version"]:
        asked = []
    for name in asked:
        command: Command = import_module(f"bulou.doors.cli.{MODULES.get(name, name)}").command()
        sub = commands.add_parser(name, help=command.help, description=command.help)
        if len(asked) == 1:
            command.arguments(sub)
        sub.set_defaults(command=command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
