"""Ids sort by time; secrets are long enough and can be read aloud."""

from datetime import UTC, datetime, timedelta
from uuid import RFC_4122

from hypothesis import given
from hypothesis import strategies as st

from bulou.kernel import ids

MOMENTS = st.datetimes(datetime(1970, 1, 1), datetime(2400, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - zone beside


@given(MOMENTS)
def test_an_id_carries_its_moment(at: datetime) -> None:
    made = ids.uuid7(at)
    assert made.version == 7
    assert made.variant == RFC_4122
    assert made.int >> 80 == (at - datetime(1970, 1, 1, tzinfo=UTC)) // timedelta(milliseconds=1)


@given(MOMENTS, MOMENTS)
def test_ids_sort_as_their_moments_do(one: datetime, other: datetime) -> None:
    if abs(one - other) > timedelta(microseconds=1):
        assert (one < other) == (ids.uuid7(one) < ids.uuid7(other))


def test_ids_of_one_moment_differ() -> None:
    at = datetime(2020, 1, 27, tzinfo=UTC)
    assert len({ids.uuid7(at) for _ in range(10_000)}) == 10_000


def test_a_token_holds_256_bits_and_a_code_has_no_look_alikes() -> None:
    assert len(ids.token()) >= 43
    code = ids.short_code()
    assert len(code) == 10
    assert not set(code) & set("01258ILOSUVZ")
