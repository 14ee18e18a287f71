"""Every action asks for permission, with a verb of the matrix; the others are listed with their reason."""

import ast
from collections.abc import Iterator
from pathlib import Path

import bulou
from bulou.access.terms import Verb
from tests.matrix.actions import INNER, OPEN, OTHERWISE, PARTS
from tests.matrix.test_permissions import TABLE

PACKAGE = Path(bulou.__file__).parent


def functions() -> Iterator[tuple[str, ast.FunctionDef]]:
    """Yield the dotted name and the tree of every public function in every `actions` of a room.

    What a function calls in its own file is put inside it.
    """
    files = {*PACKAGE.glob("**/actions.py"), *PACKAGE.glob("**/actions/*.py")}
    for file in sorted(files):
        module = ".".join(("bulou", *file.relative_to(PACKAGE).with_suffix("").parts))
        found = [
            n for n in ast.parse(file.read_text(encoding="utf-8")).body if isinstance(n, ast.FunctionDef)
        ]
        file_mates = {node.name: node for node in found}
        for node in found:
            if not node.name.startswith("_"):
                yield f"{module}.{node.name}", _with_its_parts(node, file_mates)


def _with_its_parts(node: ast.FunctionDef, file_mates: dict[str, ast.FunctionDef]) -> ast.FunctionDef:
    done: set[str] = {node.name}
    body: list[ast.stmt] = list(node.body)
    while new := {n for part in body for n in names_called(part)} & file_mates.keys() - done:
        body.extend(statement for name in sorted(new) for statement in file_mates[name].body)
        done |= new
    return ast.FunctionDef(name=node.name, args=node.args, body=body, decorator_list=[])


def names_called(node: ast.AST) -> set[str]:
    """Return the last part of the name of everything that is called inside."""
    found = set()
    for call in ast.walk(node):
        if isinstance(call, ast.Call):
            function = call.func
            if isinstance(function, ast.Name):
                found.add(function.id)
            elif isinstance(function, ast.Attribute):
                found.add(function.attr)
    return found


def verbs_named(node: ast.AST) -> set[str]:
    """Return the members of Verb that are named inside, as they are written."""
    return {
        part.attr
        for part in ast.walk(node)
        if isinstance(part, ast.Attribute) and isinstance(part.value, ast.Name) and part.value.id == "Verb"
    }


def test_every_action_asks_or_is_listed_with_its_reason() -> None:
    listed = {**PARTS, **OPEN, **OTHERWISE}
    silent = {
        name
        for name, node in functions()
        if "require" not in names_called(node) and name not in listed and name.rpartition(".")[0] not in INNER
    }
    assert silent == set(), "these actions ask nobody: call require(), or list them with the reason"


def test_no_door_calls_a_part_of_an_action() -> None:
    parts = {name for name, _ in functions() if name.rpartition(".")[0] in INNER}
    for file in PACKAGE.glob("doors/**/*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                taken = {f"{node.module}.{alias.name}" for alias in node.names}
                assert not taken & (parts | INNER.keys()), file


def test_the_list_of_exceptions_names_only_what_exists() -> None:
    there = {name for name, _ in functions()}
    assert set(INNER) - {name.rpartition(".")[0] for name in there} == set()
    assert {*PARTS, *OPEN, *OTHERWISE} - there == set()


def test_every_verb_that_an_action_asks_for_stands_in_the_matrix() -> None:
    known = {verb.name: verb.value for verb in Verb}
    rows = {verb for verb, _ in TABLE}
    for name, node in functions():
        for verb in verbs_named(node):
            assert known.get(verb) in rows, f"{name} asks for {verb}"


def test_every_action_takes_who_acts_first() -> None:
    for name, node in functions():
        arguments = [argument.arg for argument in node.args.args]
        if "require" in names_called(node) and name not in {**PARTS, **OPEN, **OTHERWISE}:
            assert arguments[:1] == ["actor"], name
