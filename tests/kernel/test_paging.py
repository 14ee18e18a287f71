"""A cursor comes back as it was, or is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel import paging
from bulou.kernel.problems import ProblemError


@given(st.lists(st.text(st.characters(codec="utf-8"))))
def test_a_cursor_comes_back_as_it_was(parts: list[str]) -> None:
    assert paging.decode(paging.encode(*parts)) == tuple(parts)


@pytest.mark.parametrize("cursor", ["甲", "x", "eyJhIjoxfQ", "WzFd", "", "W1tb" * 5000])
def test_a_cursor_that_nobody_made_is_refused(cursor: str) -> None:
    with pytest.raises(ProblemError) as caught:
        paging.decode(cursor)
    assert caught.value.problem.code == "paging.bad_cursor"
    assert caught.value.status == 400
