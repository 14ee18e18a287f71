"""Words to the person at the terminal, in their language; and the shape of a command."""

import json
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib import import_module
from pathlib import Path
from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from bulou.kernel.problems import Entry, ProblemError

OK, FAILED, USAGE = 0, 1, 2


class CommandError(Exception):
    """Ends a command with a message that is already in the person's language."""

    def __init__(self, message: str, exit_code: int = FAILED) -> None:
        super().__init__(message)
        self.exit_code = exit_code


@dataclass(frozen=True, slots=True)
class Command:
    """One command: one line of help, its arguments, and what it does."""

    help: str
    arguments: Callable[[ArgumentParser], None]
    run: Callable[[Namespace], int]


def language() -> str:
    """Return the language of the terminal: BULOU_LANGUAGE, else what LC_ALL, LC_MESSAGES or LANG say."""
    for name in ("BULOU_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        word = os.environ.get(name, "").lower().replace("_", "-")
        if word.startswith(("zh-tw", "zh-hk", "zh-mo", "zh-hant")):
            return "zh-hant"
        if word.startswith("zh"):
            return "zh-hans"
        if word:
            return "en"
    return "en"


def say(line: str) -> None:
    """Print one line of the answer."""
    print(line, flush=True)


def note(line: str) -> None:
    """Print one line about progress or trouble, beside the answer."""
    print(line, file=sys.stderr, flush=True)


def say_json(value: object) -> None:
    """Print a value as JSON: times with offset, ids and paths as text."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=_plain), flush=True)


def _plain(value: object) -> Any:
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, UUID | Path):
        return str(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def words_of(error: ProblemError) -> str:
    """Return the problem in the person's language, from the room that its code names."""
    room = error.problem.code.split(".", 1)[0]
    for module in (f"bulou.{room}.terms", f"bulou.lines.{room}.terms", f"bulou.kernel.{room}"):
        try:
            entries: dict[str, Entry] = getattr(import_module(module), "PROBLEMS", {})
        except ModuleNotFoundError:
            continue
        if error.problem.code in entries:
            return gettext(entries[error.problem.code].message) % dict(error.problem.params)
    return str(error)
