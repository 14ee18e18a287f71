"""Code words inside a problem, as people read them."""

import pytest
from django.utils.translation import override

from bulou.access.queries.wording import MESSAGES, in_words
from bulou.access.terms import Role, Verb
from bulou.doors.api import problems as api
from bulou.doors.desk import errors
from bulou.grid.terms import Level
from bulou.kernel.problems import Problem


def test_a_verb_is_named_in_words_at_every_door() -> None:
    problem = Problem("access.not_allowed", {"verb": Verb.ROUND_OPEN.value})
    with override("en"):
        assert "open a round" in errors.words(problem)
    assert "open a round" in api.message(problem, "en")
    assert "round.open" not in api.message(problem, "zh-hans")


def test_only_code_words_change_and_only_where_one_stands() -> None:
    with override("en"):
        said = in_words({"level": "compound", "n": 3, "text": "compound", "state": "something else"})
    assert said == {"level": "compound", "n": 3, "text": "compound", "state": "something else"}


def test_every_verb_role_and_level_has_words() -> None:
    words = {*Verb, *Role, *Level}
    assert {word.value for word in words} - MESSAGES.keys() == set()


@pytest.mark.parametrize("role", list(Role))
def test_no_role_reaches_a_chinese_reader_as_a_code(role: Role) -> None:
    with override("zh-hans"):
        assert in_words({"role": role.value})["role"] != role.value
