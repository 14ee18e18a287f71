"""The three languages: complete, current, with equal placeholders; and Chinese only where it belongs."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from bulou.kernel.problems import Entry
from tests.house import source

LOCALE = source.PACKAGE / "locale"
LANGUAGES = ("zh_Hans", "zh_Hant", "en")
CHINESE = re.compile(r"[\u3400-\u9fff]")
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}|</?\w+|href=")
# Half-width marks between Chinese characters read like a translation.
HALF_WIDTH = re.compile(r"[\u4e00-\u9fff)][,;:?!(]|[,;:?!)][\u4e00-\u9fff]")
# Chinese that is data or notation, not words to a reader.
HOMES = ("locale", "library", "scenarios", ".mypy_cache", "__pycache__")
NOTATION = {
    "bulou/doors/field/static/field/words.js": "each language by its own name",
    "bulou/reports/documents/word.py": "names of fonts",
    "bulou/reports/documents/layout.py": "numbers of sections",
}


def _script() -> ModuleType:
    """Return bin/messages as a module."""
    loader = SourceFileLoader("messages", str(source.ROOT / "bin" / "messages"))
    spec = spec_from_loader("messages", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


messages = _script()


def _catalog(language: str) -> Catalog:
    with (LOCALE / language / "LC_MESSAGES" / "django.po").open("rb") as file:
        return read_po(file)


def _entries(language: str) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """Yield every message with its ids and its texts."""
    for message in _catalog(language):
        if message.id:
            ids = message.id if isinstance(message.id, tuple | list) else (message.id,)
            texts = message.string if isinstance(message.string, tuple | list) else (message.string or "",)
            yield message, tuple(ids), tuple(texts)


def test_catalogues_are_what_the_script_makes() -> None:
    files, missing = messages.wanted()
    assert missing == [], "translate these, then run bin/messages"
    stale = [source.name(p) for p, content in files.items() if not p.exists() or p.read_bytes() != content]
    assert stale == [], "run bin/messages"


@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_is_missing_fuzzy_or_left_over(language: str) -> None:
    assert [message.id for message, _ids, texts in _entries(language) if not all(texts)] == []
    assert [message.id for message, _ids, _texts in _entries(language) if message.fuzzy] == []
    assert not _catalog(language).obsolete


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_compiled_catalogue_is_the_written_one(language: str) -> None:
    folder = LOCALE / language / "LC_MESSAGES"
    compiled = messages.mo_bytes((folder / "django.po").read_bytes())
    assert (folder / "django.mo").read_bytes() == compiled


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_fills_the_same_placeholders(language: str) -> None:
    for message, ids, texts in _entries(language):
        wanted = [sorted(PLACEHOLDER.findall(text)) for text in ids]
        for text in texts:
            assert sorted(PLACEHOLDER.findall(text)) in wanted, (language, message.id)


def test_english_says_what_the_code_says() -> None:
    assert [ids for _message, ids, texts in _entries("en") if ids != texts] == []


@pytest.mark.parametrize("language", ["zh_Hans", "zh_Hant"])
def test_chinese_uses_full_width_marks(language: str) -> None:
    wrong = [
        text for _message, _ids, texts in _entries(language) for text in texts if HALF_WIDTH.search(text)
    ]
    assert wrong == []


def test_every_message_of_a_problem_is_in_the_catalogue() -> None:
    known = {ids[0] for _message, ids, _texts in _entries("zh_Hans")}
    said: set[str] = set()
    for path in source.modules("bulou"):
        if re.search(r"^PROBLEMS\b", path.read_text(encoding="utf-8"), re.M):
            name = ".".join(path.relative_to(source.ROOT).with_suffix("").parts)
            entries: dict[str, Entry] = import_module(name).PROBLEMS
            said |= {entry.message for entry in entries.values()}
    assert said
    assert said - known == set()


def _texts(path: Path) -> list[str]:
    """Return what a file says outside docstrings and comments."""
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        return [text]
    tree = ast.parse(text)
    docs = {
        id(part.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        for part in node.body
        if isinstance(part, ast.Expr)
    }
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs)
    return [node.value for node in strings if isinstance(node.value, str)]


def test_chinese_stands_in_catalogues_and_libraries_only() -> None:
    suffixes = {".py", ".html", ".css", ".js", ".sql", ".txt", ".svg"}
    files = [p for p in source.PACKAGE.rglob("*") if p.suffix in suffixes and not set(HOMES) & set(p.parts)]
    wrong = [source.name(path) for path in files if any(CHINESE.search(text) for text in _texts(path))]
    assert sorted(set(wrong) - set(NOTATION)) == []
