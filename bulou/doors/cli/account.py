"""`bulou account`: an account with one role over one area; one-time codes for its password and its phones."""

from argparse import ArgumentParser, Namespace

from django.db import transaction
from django.utils.translation import gettext

from bulou.access.actions.accounts import create_account
from bulou.access.actions.codes import issue_code
from bulou.access.actions.gate import system_actor
from bulou.access.actions.roles import grant_role
from bulou.access.queries import accounts
from bulou.access.terms import AccountRow, Purpose, Role
from bulou.doors.cli import standing
from bulou.doors.cli.terminal import OK, Command, CommandError, say, say_json
from bulou.kernel.scope import Scope
from bulou.ledger.queries import districts


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Make accounts, and codes for their passwords and phones."), _arguments, _run)


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
    create.set_defaults(act=_create)
    device = acts.add_parser("device", help=gettext("print a one-time code that enrols a phone (10 minutes)"))
    device.set_defaults(act=_device)
    password = acts.add_parser("password", help=gettext("print a one-time code for a new password"))
    password.set_defaults(act=_password)
    for act in (device, password):
        act.add_argument("--name", required=True, help=gettext("name of the account"))
    for act in (create, device, password):
        act.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _run(options: Namespace) -> int:
    done: int = options.act(options)
    return done


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
        return OK
    words = {"name": options.name, "code": made.code}
    say(gettext("Account %(name)s is made. One-time code to set the password: %(code)s") % words)
    return OK


def _device(options: Namespace) -> int:
    return _issue(options, Purpose.ENROL, gettext("One-time code to enrol a phone of %(name)s: %(code)s"))


def _password(options: Namespace) -> int:
    return _issue(
        options, Purpose.SET_PASSWORD, gettext("One-time code for a new password of %(name)s: %(code)s")
    )


def _issue(options: Namespace, purpose: Purpose, text: str) -> int:
    with standing.database():
        account = _named(options.name)
        actor = system_actor(account.path.split(".", 1)[0])
        code = issue_code(actor, account_id=account.id, purpose=purpose)
    if options.json:
        say_json({"account": account.id, "name": account.name, "purpose": purpose.value, "code": code})
    else:
        say(text % {"name": account.name, "code": code})
    return OK


def _named(name: str) -> AccountRow:
    """Return the account that signs in with this name."""
    all_of_them = tuple(districts())
    after = ""
    while page := accounts(Scope(all_of_them, all_of_them), after=after):
        for account in page:
            if account.name == name.strip().casefold():
                return account
        after = page[-1].name
    raise CommandError(gettext("There is no account %(name)s.") % {"name": name})
