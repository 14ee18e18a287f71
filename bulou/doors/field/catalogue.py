"""The words of the app: each owner lists its own, the message catalogues translate them."""

import json
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from django.utils.translation import gettext, override

from bulou.doors.field import words as lists

LANGUAGES = ("zh-hans", "zh-hant", "en")


def msgids() -> tuple[str, ...]:
    """Return every text of the app in English, sorted, each once."""
    found: set[str] = set()
    for module in iter_modules(lists.__path__):
        found |= set(import_module(f"{lists.__name__}.{module.name}").WORDS)
    return tuple(sorted(found))


@cache
def words(language: str) -> bytes:
    """Return the texts in one language as JSON: the English text leads to what is shown."""
    with override(language):
        told = {msgid: gettext(msgid) for msgid in msgids()}
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
