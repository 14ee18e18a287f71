"""The words of the app: each owner lists its own, the message catalogues translate them."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from pkgutil import iter_modules, walk_packages

from django.utils.translation import gettext, override

import bulou
from bulou.access import terms as access
from bulou.doors.field import words as lists
from bulou.kernel.problems import Entry

LANGUAGES = ("zh-hans", "zh-hant", "en")
# What a record can be answered with; the app finds the words under "problem:CODE".
ANSWERING = ("intake", "coverage", "ledger", "protocols", "evidence", "lines")
OFFICE_ONLY = ("restrictions.",)  # acts that no phone does
OF_THE_PHONE = ("access.device_revoked", "access.pin_wrong", "access.pin_locked", "access.code_not_valid")
_PLACE = re.compile(r"%\((\w+)\)s")


def msgids() -> tuple[str, ...]:
    """Return every text of the app in English, sorted, each once."""
    found: set[str] = set()
    for module in iter_modules(lists.__path__):
        found |= set(import_module(f"{lists.__name__}.{module.name}").WORDS)
    return tuple(sorted(found))


@cache
def problems() -> Mapping[str, Entry]:
    """Return every problem that a record or a phone can be answered with, by its code.

    No more than these: they are part of the first load.
    """
    found: dict[str, Entry] = {}
    for module in walk_packages(bulou.__path__, "bulou."):
        room = module.name.split(".")[1]
        if room in ANSWERING and module.name.endswith(".terms"):
            found |= getattr(import_module(module.name), "PROBLEMS", {})
    found = {code: entry for code, entry in found.items() if not code.startswith(OFFICE_ONLY)}
    return found | {code: access.PROBLEMS[code] for code in OF_THE_PHONE}


@cache
def words(language: str) -> bytes:
    """Return the texts in one language as JSON: the English text leads to what is shown."""
    with override(language):
        told = {msgid: gettext(msgid) for msgid in msgids()}
        for code, entry in problems().items():
            told[f"problem:{code}"] = _PLACE.sub(r"{\1}", gettext(entry.message)).replace("%%", "%")
    return json.dumps(told, ensure_ascii=False, sort_keys=True).encode()
