"""The validator on hostile input, and what the language promises."""

import timeit
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.protocols import queries
from bulou.protocols.rules.compiling import compile_document
from bulou.protocols.rules.expressions import MAX_DEPTH, absent, compile_test, problems_of, settle
from bulou.protocols.terms import Compiled, Field, FieldType

LIBRARY = {document.slug: compile_document(document) for _, document in queries.documents()}
SCREENING = LIBRARY["household-screening-round"]

scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
anything = st.recursive(
    scalars, lambda part: st.lists(part, max_size=4) | st.dictionaries(st.text(max_size=8), part, max_size=4)
)

FIELDS = (
    Field("a", FieldType.ENUM, choices=("x", "y")),
    Field("b", FieldType.INT, low=0, high=9),
    Field("c", FieldType.BOOL),
    Field("d", FieldType.MULTI, choices=("x", "y")),
    Field("e", FieldType.DATE),
    Field("f", FieldType.TEXT, max_length=9),
)
OUTCOMES = ("done", "absent")
leaves = st.one_of(
    st.tuples(
        st.sampled_from(["eq", "ne"]), st.sampled_from([["a", "x"], ["b", 3], ["c", True], ["f", "t"]])
    ),
    st.tuples(st.sampled_from(["eq", "ne"]), st.sampled_from([["outcome", "done"], ["outcome", "absent"]])),
    st.tuples(st.sampled_from(["lt", "le", "gt", "ge"]), st.sampled_from([["b", 3], ["e", "2020-01-25"]])),
    st.tuples(st.just("in"), st.sampled_from([["a", ["x"]], ["d", ["x", "y"]], ["b", [1, 2]]])),
    st.tuples(st.just("present"), st.sampled_from("abcdef")),
).map(lambda pair: {pair[0]: pair[1]})
expressions = st.recursive(
    leaves,
    lambda part: st.one_of(
        st.lists(part, min_size=1, max_size=3).map(lambda parts: {"and": parts}),
        st.lists(part, min_size=1, max_size=3).map(lambda parts: {"or": parts}),
        part.map(lambda inner: {"not": inner}),
    ),
    max_leaves=12,
)
payloads = st.dictionaries(st.sampled_from("abcdefg"), anything | st.sampled_from(["x", 3, True, ["x"]]))


@st.composite
def nearly_right(draw: st.DrawFn) -> tuple[Compiled, object, str | None]:
    compiled = draw(st.sampled_from(list(LIBRARY.values())))
    outcome = draw(st.sampled_from([None, "", "nonsense", *compiled.outcomes]))
    names = st.sampled_from([field.key for field in compiled.form.fields]) | st.text(max_size=8)
    body = dict(compiled.examples.get(outcome or "", {}))
    body |= draw(st.dictionaries(names, anything, max_size=6))
    return compiled, draw(st.just(body) | anything), outcome


@given(nearly_right())
@settings(max_examples=400, deadline=None)
def test_no_json_makes_a_form_raise(case: tuple[Compiled, object, str | None]) -> None:
    compiled, payload, outcome = case
    problems = compiled.form.problems(payload, outcome)
    assert all(problem.startswith("form.") and ":" in problem for problem in problems)
    assert all(len(problem) < 120 for problem in problems)
    compiled.form.alerts(payload)
    compiled.form.warnings(payload, outcome)


def _meaning(expression: dict[str, Any], payload: dict[str, Any], outcome: str | None) -> bool:
    """The language once more, as plainly as it can be said."""
    ((op, body),) = expression.items()
    if op in ("and", "or"):
        answers = [_meaning(part, payload, outcome) for part in body]
        return all(answers) if op == "and" else any(answers)
    if op == "not":
        return not _meaning(body, payload, outcome)
    if op == "present":
        return not absent(payload.get(body))
    name, literal = body
    value = outcome if name == "outcome" else payload.get(name)
    if absent(value):
        return False
    return _compared(op, value, literal)


def _compared(op: str, value: object, literal: Any) -> bool:
    if op == "in":
        ones = value if isinstance(value, list) else [value]
        return any(_compared("eq", one, each) for one in ones for each in literal)
    alike = isinstance(value, bool) is isinstance(literal, bool)
    if op in ("eq", "ne"):
        return (alike and value == literal) is (op == "eq")
    if isinstance(literal, str):
        ordered = isinstance(value, str) and len(value) == 10 and value[:1].isascii() and value[4:5] == "-"
    else:
        ordered = alike and isinstance(value, int | float)
    if not ordered:
        return False
    left: Any = value
    answers: dict[str, bool] = {
        "lt": left < literal,
        "le": left <= literal,
        "gt": left > literal,
        "ge": left >= literal,
    }
    return answers[op]


@given(expressions, payloads, st.sampled_from([None, "done", "absent"]))
@settings(max_examples=400, deadline=None)
def test_every_expression_ends_and_means_what_it_says(
    expression: dict[str, Any], payload: dict[str, Any], outcome: str | None
) -> None:
    if isinstance(payload.get("e"), str):
        payload["e"] = "2020-01-2" + str(len(payload["e"]) % 10)
    assert compile_test(expression, outcome)(payload) is _meaning(expression, payload, outcome)


@given(expressions)
def test_settling_an_outcome_leaves_no_question_about_it(expression: dict[str, Any]) -> None:
    assert "outcome" not in str(settle(expression, "done"))


@given(expressions)
def test_without_any_answer_only_what_is_denied_holds(expression: dict[str, Any]) -> None:
    text = str(expression)
    if "not" not in text:
        assert compile_test(expression)({}) is False


@given(expressions)
def test_the_expressions_of_this_test_are_in_the_language(expression: dict[str, Any]) -> None:
    wrong = problems_of(expression, FIELDS, OUTCOMES)
    assert all("deeper" in problem or "parts" in problem for problem in wrong)


@given(anything)
def test_no_json_makes_the_check_of_an_expression_raise(expression: object) -> None:
    problems_of(expression, FIELDS, OUTCOMES)


def test_an_expression_may_not_be_deeper_than_the_limit() -> None:
    expression: dict[str, Any] = {"present": "a"}
    for _ in range(MAX_DEPTH):
        expression = {"not": expression}
    assert problems_of(expression, FIELDS, OUTCOMES) == [f"the expression is nested deeper than {MAX_DEPTH}"]


def test_a_household_with_nothing_to_report_is_checked_in_microseconds() -> None:
    payload = SCREENING.examples["done"]
    per_check = (
        min(timeit.repeat(lambda: SCREENING.form.problems(payload, "done"), number=2000, repeat=5)) / 2000
    )
    # A yardstick of the same run, so that a slow machine does not fail the test: one JSON-sized dict copied.
    yardstick = (
        min(timeit.repeat(lambda: [(key, str(value)) for key, value in payload.items()], number=2000)) / 2000
    )
    assert per_check < 12 * yardstick
