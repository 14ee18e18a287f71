"""SQL lives in the sql/ folder of its room; short look-ups where they are used; never in doors or rules."""

import ast
import re
from pathlib import Path

import pytest

from tests.house import source

STATEMENT = re.compile(
    r"^\s*(SELECT\s.+\sFROM\s|INSERT\s+INTO\s|UPDATE\s+\w+\s+SET\s|DELETE\s+FROM\s|WITH\s+\w+\s+AS\s)",
    re.I | re.S,
)
# Where a statement is about the connection or the server itself, not about a room's tables.
HOMES = ("bulou/kernel/", "bulou/postgres/", "bulou/doors/cli/", "bulou/bench/")
# A look-up that one reads at a glance may stand where it is used; set-based work has a file and a head.
GLANCE = 240
LAYERS = frozenset({"actions", "projections", "queries", "jobs"})


def _statements(path: Path) -> list[str]:
    """Return the SQL statements in the strings of a file, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    strings = (node for node in ast.walk(tree) if isinstance(node, ast.Constant) and id(node) not in docs)
    return [s.value for s in strings if isinstance(s.value, str) and STATEMENT.search(s.value)]


@pytest.mark.parametrize("path", source.modules("bulou"), ids=source.name)
def test_statements_live_in_sql_files(path: Path) -> None:
    if source.name(path).startswith(HOMES):
        return
    may_glance = bool(LAYERS & {path.stem, *path.parts})
    assert [text for text in _statements(path) if not may_glance or len(text) > GLANCE] == []


def _sql_files() -> list[Path]:
    return sorted(path for path in source.PACKAGE.rglob("*.sql") if "schema" not in path.parts)


@pytest.mark.parametrize("path", _sql_files(), ids=source.name)
def test_every_sql_file_says_what_one_row_of_it_is(path: Path) -> None:
    assert path.parent.name == "sql" or path.parent.parent.name == "sql"
    assert path.read_text(encoding="utf-8").lstrip().startswith("--")
