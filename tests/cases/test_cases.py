"""The shared cases of the form language, run against Python, and against the browser's code where node is."""

import json
import random
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from bulou.protocols import queries
from bulou.protocols.rules.compiling import for_phone
from bulou.protocols.rules.expressions import problems_of
from bulou.protocols.rules.forms import relevant_keys
from tests.make.protocols import plain_fields, plain_form

HERE = Path(__file__).parent
FILES = {path.name: json.loads(path.read_text(encoding="utf-8")) for path in sorted(HERE.glob("*.json"))}
CASES = [(name, case) for name, body in FILES.items() for case in body["cases"]]
NODE = shutil.which("node")


@pytest.mark.parametrize(("file", "case"), CASES, ids=[f"{name}: {case['name']}" for name, case in CASES])
def test_a_case_of_the_form_language_holds_in_python(file: str, case: dict[str, Any]) -> None:
    protocol = FILES[file]["protocol"]
    form = plain_form(protocol)
    outcome = case.get("outcome")
    assert form.problems(case["payload"], outcome) == tuple(case["problems"])
    if "relevant" in case:
        known = outcome if outcome in {one["key"] for one in protocol.get("outcomes", ())} else None
        assert relevant_keys(form.fields, case["payload"], known) == tuple(case["relevant"])
    if "alerts" in case:
        assert form.alerts(case["payload"]) == tuple(case["alerts"])
    if "warnings" in case:
        assert form.warnings(case["payload"], outcome) == tuple(case["warnings"])


def test_there_are_enough_cases_and_their_expressions_are_ones_that_the_schema_accepts() -> None:
    assert len(CASES) >= 60
    for body in FILES.values():
        outcomes = [one["key"] for one in body["protocol"].get("outcomes", ())]
        fields = plain_fields(body["protocol"]["form"])
        for n, field in enumerate(fields):
            if field.relevant is not None:
                assert problems_of(field.relevant, fields[:n], outcomes) == []


@pytest.mark.skipif(NODE is None, reason="node is not installed: the browser's interpreter was not run")
def test_the_same_cases_hold_in_the_browsers_code() -> None:
    done = subprocess.run(
        [str(NODE), "--test", str(HERE / "run.mjs")], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-2000:]
    assert f"# pass {len(CASES)}" in done.stdout or f"pass {len(CASES)}" in done.stdout


ODD: tuple[Any, ...] = (
    None,
    "",
    [],
    {},
    True,
    False,
    0,
    1,
    -1,
    3,
    3.0,
    3.5,
    37.3,
    99,
    1e300,
    "x",
    "yes",
    "no",
    "unknown",
    "3",
    "2020-01-25",
    "2020-13-01",
    "2020-01-25T08:00Z",
    ["fever"],
    ["fever", 1],
    [None],
    [[]],
    [{}],
    {"a": 1},
    "a" * 300,
    ["a"] * 60,
    "\U0002000b" * 60,
)


def _questions(seed: int, count: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """Forms of the library and of the cases, with payloads made of good answers, odd ones and strangers."""
    chance = random.Random(seed)
    protocols = {name: body["protocol"] for name, body in FILES.items()}
    good: dict[str, list[dict[str, Any]]] = {
        name: [case["payload"] for case in body["cases"] if isinstance(case["payload"], dict)]
        for name, body in FILES.items()
    }
    for name, document in queries.documents():
        protocols[name] = json.loads(json.dumps(for_phone(document)))
        good[name] = [dict(example.payload) for example in document.examples]
    questions = []
    for _ in range(count):
        name = chance.choice(sorted(protocols))
        asked = protocols[name]
        payload = dict(chance.choice(good[name]))
        names = [field["key"] for field in asked["form"]] + ["stranger", "Stranger", "toString"]
        for _ in range(chance.randrange(4)):
            payload[chance.choice(names)] = chance.choice(ODD)
        outcomes = [one["key"] for one in asked.get("outcomes", ())]
        outcome = chance.choice([None, "nonsense", *outcomes, *outcomes])
        questions.append({"protocol": name, "payload": payload, "outcome": outcome})
    return protocols, questions


@pytest.mark.skipif(NODE is None, reason="node is not installed: the two interpreters were not compared")
def test_both_interpreters_say_the_same_about_thousands_of_payloads() -> None:
    protocols, questions = _questions(seed=20200125, count=4000)
    done = subprocess.run(
        [str(NODE), str(HERE / "answer.mjs")],
        input=json.dumps({"protocols": protocols, "questions": questions}).replace("Infinity", "1e999"),
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    forms = {name: plain_form(protocol) for name, protocol in protocols.items()}
    for question, browser in zip(questions, json.loads(done.stdout), strict=True):
        form = forms[question["protocol"]]
        payload, outcome = question["payload"], question["outcome"]
        server = {
            "problems": list(form.problems(payload, outcome)),
            "alerts": list(form.alerts(payload)),
            "warnings": list(form.warnings(payload, outcome)),
        }
        assert server == browser, question
