"""The permission matrix: every verb, every role, every place, against a table that is written out."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bulou.access import rules
from bulou.access.terms import Grant, Role, Verb

NOW = datetime(2020, 2, 8, 4, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=30)
OWN = "220303.001.005"
PLACES = {
    "o": (OWN,),
    "b": (f"{OWN}.c012", f"{OWN}.c012.b03.u1"),
    "a": ("220303", "220303.001"),
    "f": ("220303.001.006", "220303.002.005", "220303.001.0050", "421303.001.005", "421303", "005"),
    "e": (OWN,),
}
UNTIL = {"e": NOW}


def table() -> dict[tuple[str, str], str]:
    """Return the cell of each verb and role."""
    text = (Path(__file__).parent / "permissions.txt").read_text(encoding="ascii")
    lines = [line.split() for line in text.splitlines() if line and not line.startswith("#")]
    head, rows = lines[0], lines[1:]
    return {(row[0], role): cell for row in rows for role, cell in zip(head[1:], row[1:], strict=True)}


TABLE = table()


def test_every_verb_and_every_role_has_its_cells() -> None:
    assert {verb for verb, _ in TABLE} == {verb.value for verb in Verb}
    assert {role for _, role in TABLE} == {role.value for role in Role}
    assert len(TABLE) == len(Verb) * len(Role)


@pytest.mark.parametrize("verb", list(Verb))
def test_a_row_says_what_the_check_and_the_scope_decide(verb: Verb) -> None:
    """A row is 10 roles x 5 places, each with the paths that could be mistaken for another place."""
    for role in Role:
        for place, paths in PLACES.items():
            held = [Grant(role, OWN, LONG_AGO, UNTIL.get(place))]
            expected = place in TABLE[verb.value, role.value]
            scope = rules.scope(held, verb, NOW)
            for path in paths:
                assert rules.may(held, verb, path, NOW) is expected, (role, place, path)
                assert scope.covers(path) is expected, (role, place, path)


@pytest.mark.parametrize("role", list(Role))
def test_a_role_of_tomorrow_allows_nothing_today(role: Role) -> None:
    held = [Grant(role, OWN, NOW + timedelta(seconds=1))]
    assert not any(rules.may(held, verb, OWN, NOW) for verb in Verb)


@pytest.mark.parametrize("role", list(Role))
def test_no_role_holds_everything(role: Role) -> None:
    """There is no superuser: whoever grants does not see doors, whoever orders does not grant high roles."""
    assert any("o" not in TABLE[verb.value, role.value] for verb in Verb)


@pytest.mark.parametrize("verb", list(Verb))
def test_somebody_can_do_it(verb: Verb) -> None:
    assert any("o" in TABLE[verb.value, role.value] for role in Role)
