"""`bulou account create`: an account with one role over one area, and a one-time code for its password."""

from argparse import ArgumentParser, Namespace

from django.db import transaction
from django.utils.translation import gettext

from bulou.access.actions.accounts import create_account
from bulou.access.actions.gate import system_actor
from bulou.access.actions.roles import grant_role
from bulou.access.terms import Role
from bulou.doors.cli import standing
from bulou.doors.cli.terminal import OK, Command, say, say_json


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Make accounts."), _arguments, _create)


def _arguments(parser: ArgumentParser) -> None:
    acts = parser.add_subparsers(metavar=gettext("ACT"), required=True)
    create = acts.add_parser(
        "create", help=gettext("make an account and print a one-time code for its password")
    )
    create.add_argument("--name", required=True, help=gettext("name to sign in with"))
    create.add_argument("--role", required=True, choices=[role.value for role in Role])
    create.add_argument(
        "--area", required=True, metavar="PATH", help=gettext("area path, such as 220303.001")
    )
    create.add_argument(
        "--display-name", default="", help=gettext("name that others read; the same when left out")
    )
    create.add_argument("--team", default="", help=gettext("team or unit"))
    create.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _create(options: Namespace) -> int:
    actor = system_actor(options.area.split(".", 1)[0])
    with standing.database(), transaction.atomic():
        made = create_account(
            actor,
            name=options.name,
            display_name=options.display_name or options.name,
            path=options.area,
            team=options.team,
        )
        grant_role(actor, account_id=made.account_id, role=Role(options.role), path=options.area)
    if options.json:
        answer = {
            "account": made.account_id,
            "name": options.name,
            "role": options.role,
            "area": options.area,
        }
        say_json({**answer, "code": made.code})
    else:
        say(
            gettext("Account %(name)s is made. One-time code to set the password: %(code)s")
            % {"name": options.name, "code": made.code}
        )
    return OK
