"""Files that are no protocols are refused with words that help."""

import copy
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bulou.protocols.rules.reading import InvalidProtocolError, check, digest, read

LABEL = {"zh-Hans": "甲", "zh-Hant": "甲", "en": "A"}
SMALL: dict[str, Any] = {
    "slug": "small-round",
    "version": 1,
    "kind": "round",
    "subject": "site",
    "record": "screening.visit",
    "titles": LABEL,
    "purpose": LABEL,
    "due": {"value": "P1D", "source": "P-1", "field": "size", "by": {"big": "P2D", "small": "P1D"}},
    "form": [
        {
            "key": "size",
            "type": "enum",
            "label": LABEL,
            "privacy": "open",
            "choices": [{"key": "big", "label": LABEL}, {"key": "small", "label": LABEL}],
        },
        {
            "key": "n",
            "type": "int",
            "label": LABEL,
            "privacy": "open",
            "required": True,
            "range": {"low": 0, "high": 9, "source": "proposal"},
            "relevant": {"eq": ["size", "big"]},
        },
    ],
    "outcomes": [
        {"key": "done", "label": LABEL, "family": "done", "closes": True, "needs": ["size"]},
        {
            "key": "out",
            "label": LABEL,
            "family": "excused",
            "closes": True,
            "expires": {"value": "P7D", "source": "proposal"},
        },
    ],
    "complete_when": ["open_zero"],
    "metrics": ["coverage"],
    "privacy": {
        "basis": LABEL,
        "public_view": "aggregate",
        "retention": {"value": "P90D", "source": "proposal"},
    },
    "sources": [{"id": "P-1", "says": "An example of a rule"}],
    "examples": [{"outcome": "done", "payload": {"size": "small"}}, {"outcome": "out", "payload": {}}],
}


def changed(change: Callable[[Any], object]) -> dict[str, Any]:
    body = copy.deepcopy(SMALL)
    change(body)
    return body


def test_a_small_protocol_is_read() -> None:
    document = read(yaml.safe_dump(SMALL, allow_unicode=True))
    assert document.slug == "small-round"
    assert digest(document) == digest(check(SMALL))


def test_the_digest_does_not_depend_on_the_order_of_keys() -> None:
    turned = dict(reversed(SMALL.items()))
    assert digest(check(turned)) == digest(check(SMALL))


def test_the_digest_sees_a_changed_number() -> None:
    other = changed(lambda b: b["due"].update(value="P2D"))
    assert digest(check(other)) != digest(check(SMALL))


WRONG: list[tuple[str, Callable[[Any], object], str]] = [
    ("an unknown key", lambda b: b.update(colour="red"), "colour"),
    ("a language is missing", lambda b: b.update(titles={"en": "A"}), "zh-Hant"),
    ("a blank text", lambda b: b.update(titles={**LABEL, "en": " "}), "blank"),
    ("a number without a source", lambda b: b["due"].pop("source"), "due.source"),
    (
        "a source that is not explained",
        lambda b: b["due"].update(source="P-2"),
        "P-2 is used but not declared",
    ),
    ("months vary", lambda b: b["due"].update(value="P1M"), "is not a duration"),
    ("no time at all", lambda b: b["due"].update(value="PT0S"), "between a second and ten years"),
    ("a shape that is none", lambda b: b.update(kind="dance"), "kind"),
    ("a version of zero", lambda b: b.update(version=0), "version"),
    ("a version as text", lambda b: b.update(version="1"), "version"),
    ("a reserved word", lambda b: b["form"][0].update(key="outcome"), "the name is taken"),
    ("a field twice", lambda b: b["form"][1].update(key="size"), "the name is taken"),
    (
        "a choice twice",
        lambda b: b["form"][0]["choices"].append({"key": "big", "label": LABEL}),
        "stands twice",
    ),
    ("an enum without choices", lambda b: b["form"][0].pop("choices"), "needs choices"),
    ("an int without a range", lambda b: b["form"][1].pop("range"), "needs range"),
    (
        "an int with choices",
        lambda b: b["form"][1].update(choices=[{"key": "x", "label": LABEL}]),
        "has no choices",
    ),
    ("a range upside down", lambda b: b["form"][1]["range"].update(low=10), "low is not below high"),
    ("an alert that is no choice", lambda b: b["form"][0].update(alert_on=["huge"]), "alert_on names huge"),
    (
        "an alert on a text",
        lambda b: b["form"][0].update(alert_at={"value": 3, "source": "proposal"}),
        "alert_at",
    ),
    ("looking ahead", lambda b: b["form"][0].update(relevant={"eq": ["n", 1]}), "no earlier field 'n'"),
    ("looking at oneself", lambda b: b["form"][1].update(relevant={"present": "n"}), "no earlier field 'n'"),
    (
        "a choice that is not there",
        lambda b: b["form"][1].update(relevant={"eq": ["size", "huge"]}),
        "'huge' is not a",
    ),
    (
        "an operator that is not there",
        lambda b: b["form"][1].update(relevant={"like": ["size", "b"]}),
        "'like'",
    ),
    ("two operators", lambda b: b["form"][1].update(relevant={"present": "size", "not": {}}), "one operator"),
    (
        "order among choices",
        lambda b: b["form"][1].update(relevant={"lt": ["size", "big"]}),
        "cannot be asked",
    ),
    (
        "an outcome that is not there",
        lambda b: b["form"][1].update(relevant={"eq": ["outcome", "x"]}),
        "'x' is not",
    ),
    ("needs what is no question", lambda b: b["outcomes"][0].update(needs=["x"]), "needs x"),
    ("done that does not close", lambda b: b["outcomes"][0].update(closes=False), "closes"),
    ("an excuse for ever", lambda b: b["outcomes"][1].pop("expires"), "expires"),
    (
        "done that expires",
        lambda b: b["outcomes"][0].update(expires={"value": "P1D", "source": "proposal"}),
        "expires",
    ),
    ("done with a why", lambda b: b["outcomes"][0].update(why="absent"), "says why"),
    (
        "not seen without a why",
        lambda b: b["outcomes"][1].update(family="not_seen", closes=False, expires=None),
        "why",
    ),
    ("an outcome twice", lambda b: b["outcomes"].append(b["outcomes"][0]), "done stands twice"),
    ("nothing can be done", lambda b: b["outcomes"][0].update(family="moved"), "none of them is done"),
    ("no example", lambda b: b["examples"].pop(), "there is none for out"),
    ("a wrong example", lambda b: b["examples"][0].update(payload={}), "form.needs:size"),
    ("a choice without a time", lambda b: b["due"]["by"].pop("big"), "a time is wanted for each choice"),
    ("times by a number", lambda b: b["due"].update(field="n"), "no question with choices"),
    (
        "a step without an outcome",
        lambda b: b.update(
            steps=[
                {"key": "x", "outcome": "y", "within": {"value": "P1D", "source": "proposal"}, "label": LABEL}
            ]
        ),
        "outcome y",
    ),
    (
        "a list in a list",
        lambda b: b["form"].append(
            {
                "key": "l",
                "type": "list",
                "label": LABEL,
                "privacy": "open",
                "max_items": {"value": 2, "source": "proposal"},
                "fields": [
                    {
                        "key": "m",
                        "type": "list",
                        "label": LABEL,
                        "privacy": "open",
                        "max_items": {"value": 2, "source": "proposal"},
                        "fields": [b["form"][0]],
                    }
                ],
            }
        ),
        "in a list",
    ),
]


@pytest.mark.parametrize(("change", "words"), [row[1:] for row in WRONG], ids=[row[0] for row in WRONG])
def test_a_wrong_protocol_is_refused_in_words(change: Callable[[Any], object], words: str) -> None:
    with pytest.raises(InvalidProtocolError) as refused:
        check(changed(change))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: [", "flow"),
        ("a: 1\na: 2", "line 1: a stands twice"),
        ("!!python/object/apply:os.system ['true']", "could not determine a constructor"),
        ("just text", "file"),
        ("", "file"),
    ],
)
def test_what_is_no_yaml_object_is_refused(text: str, words: str) -> None:
    with pytest.raises(InvalidProtocolError) as refused:
        read(text)
    assert words in str(refused.value)


def test_yaml_keeps_texts_that_look_like_something_else() -> None:
    body = copy.deepcopy(SMALL)
    body["form"].append({"key": "day", "type": "date", "label": LABEL, "privacy": "open"})
    text = yaml.safe_dump(body, allow_unicode=True).replace("size: small", "size: small\n    day: 2020-01-25")
    document = read(text)
    assert document.examples[0].payload["day"] == "2020-01-25"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda part: st.lists(part, max_size=3) | st.dictionaries(st.text(max_size=5), part, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(SMALL)), json_values)
@settings(max_examples=200, deadline=None)
def test_a_damaged_file_is_read_or_refused_and_nothing_else(key: str, value: object) -> None:
    with suppress(InvalidProtocolError):
        check({**SMALL, key: value})


def _usual(**changes: Any) -> dict[str, Any]:
    return {"outcome": "done", "payload": {"size": "big"}, "ask": ["n"], "label": LABEL} | changes


def test_usual_answers_with_what_is_still_asked_fit_the_form() -> None:
    document = check({**copy.deepcopy(SMALL), "usual": _usual()})
    assert document.usual is not None
    assert document.usual.ask == ["n"]


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ask": []}, "usual: form.required:n"),
        ({"outcome": "never"}, "usual: there is no outcome never"),
        ({"payload": {"size": "huge"}}, "usual: form.unknown_choice:size"),
        ({"ask": ["n", "x"]}, "usual: asks x, which is no question"),
        ({"payload": {"size": "big", "n": 1}}, "usual: n is both answered and asked"),
    ],
)
def test_usual_answers_that_would_not_be_true_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(InvalidProtocolError, match=said):
        check({**copy.deepcopy(SMALL), "usual": _usual(**changes)})
