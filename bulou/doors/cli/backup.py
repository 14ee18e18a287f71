"""`bulou backup DIR`: a consistent, verified copy of everything, taken while Bulou works."""

import json
import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext

from bulou.doors.cli import standing
from bulou.doors.cli.terminal import OK, Command, CommandError, say, say_json
from bulou.kernel import clock
from bulou.postgres import backup

BESIDE = (
    "secret_key",
    "report_signing_key",
    "pass_signing_key",
    "passage_key",
    "identity_keys",
    "sealing_key",
    "files",
)


def command() -> Command:
    """Describe the command."""
    return Command(gettext("Take a verified copy of everything into a new folder."), _arguments, _run)


def _arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="DIR", help=gettext("a new folder, best on another disk")
    )
    parser.add_argument("--json", action="store_true", help=gettext("answer as JSON"))


def _run(options: Namespace) -> int:
    require_embedded()
    folder: Path = options.folder.absolute()
    with standing.database():
        copy = backup.take(standing.layout(), folder, clock.now())
    copy_beside(settings.BULOU_DATA, folder)
    told = {"folder": str(folder), "made_at": copy.made_at.isoformat(), "bytes": copy.n_bytes}
    (settings.BULOU_DATA / "last_backup.json").write_text(json.dumps(told), encoding="utf-8")
    if options.json:
        say_json(told)
    else:
        say(gettext("The copy is complete and verified: %(folder)s") % {"folder": folder})
    return OK


def copy_beside(source: Path, target: Path) -> None:
    """Copy what lies beside the database and must come back with it: keys and files."""
    for name in BESIDE:
        if (source / name).is_dir():
            shutil.copytree(source / name, target / name)
        elif (source / name).exists():
            shutil.copy2(source / name, target / name)


def require_embedded() -> None:
    """Return only when the server is ours to copy."""
    if not settings.BULOU_EMBEDDED:
        raise CommandError(
            gettext("The database belongs to another server (DATABASE_URL). Use that server's own backups.")
        )
