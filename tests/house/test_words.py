"""Verbs and problem codes: every word is known, and known once."""

import re
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from bulou.access.terms import Verb
from bulou.kernel.problems import Entry
from tests.house import source

CODE = re.compile(r"[a-z]+\.[a-z_]+(:.+)?")


def _terms() -> Iterator[ModuleType]:
    for path in sorted(source.PACKAGE.rglob("terms.py")):
        yield import_module(".".join(path.relative_to(source.ROOT).with_suffix("").parts))


def test_verbs_are_a_noun_and_a_verb() -> None:
    for verb in Verb:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", verb.value), verb


def test_every_verb_is_used_somewhere() -> None:
    text = "".join(
        path.read_text(encoding="utf-8")
        for path in source.modules("bulou")
        if path.parts[-2:] != ("access", "terms.py")
    )
    assert [verb.name for verb in Verb if f"Verb.{verb.name}" not in text] == []


def test_problem_codes_are_room_and_words_and_stand_in_one_place() -> None:
    seen: Counter[str] = Counter()
    for module in _terms():
        entries: dict[str, Entry] = getattr(module, "PROBLEMS", {})
        for code, entry in entries.items():
            seen[code] += 1
            assert CODE.fullmatch(code), code
            assert 400 <= entry.status < 600, code
            assert re.search(r"([.?]|%\(\w+\)s)$", entry.message), f"{code}: a message is a sentence"
            assert not re.search(r"%[sd]", entry.message), f"{code}: placeholders have names"
    assert [code for code, n in seen.items() if n > 1] == []


def test_raised_problem_codes_are_described() -> None:
    described = {code for module in _terms() for code in getattr(module, "PROBLEMS", {})} | {
        "paging.bad_cursor"
    }
    raised: dict[str, Path] = {}
    for path in source.modules("bulou"):
        for code in re.findall(r'ProblemError\(\s*"([a-z_]+\.[a-z_]+)"', path.read_text(encoding="utf-8")):
            raised[code] = path
    assert {code: source.name(path) for code, path in raised.items() if code not in described} == {}
