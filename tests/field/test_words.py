"""Every text of the screens is in the lists that are translated, and nothing else is."""

import json
import re
from pathlib import Path

import pytest

from bulou.doors.field import catalogue

SCREENS = Path(catalogue.__file__).parent / "static" / "field"
SAID = re.compile(r'\bt\(\s*"((?:[^"\\]|\\.)*)"')
PLACES = re.compile(r"\{([a-z_]+)\}")


def said() -> set[str]:
    """Return the texts that the modules ask for."""
    return {one for file in SCREENS.rglob("*.js") for one in SAID.findall(file.read_text(encoding="utf-8"))}


def test_every_text_of_the_screens_can_be_translated() -> None:
    assert sorted(said() - set(catalogue.msgids()) - {"problem:"}) == []


@pytest.mark.parametrize("language", catalogue.LANGUAGES)
def test_translations_keep_the_places_that_are_filled_in(language: str) -> None:
    told = json.loads(catalogue.words(language))
    wrong = [
        msgid
        for msgid in catalogue.msgids()
        if sorted(PLACES.findall(told[msgid])) != sorted(PLACES.findall(msgid))
    ]
    assert wrong == []
