"""The board as it stood at a past moment: another figure, said clearly, and no list that would not fit it."""

from datetime import timedelta

import pytest

from bulou.coverage.queries.units import missed
from bulou.intake.actions.submitting import submit
from bulou.kernel import clock
from bulou.kernel.scope import transaction, whole
from tests.make.access import signed_in
from tests.make.desk import DISTRICT, World, phone
from tests.make.rounds import batch, visit


def text(answer: object) -> str:
    return answer.content.decode()  # type: ignore[attr-defined, no-any-return]


def test_the_board_of_a_moment_does_not_know_what_came_later(world: World) -> None:
    assert world.screening is not None
    he = signed_in(world.people["he"])
    address = f"/rounds/{world.screening.id}?area={world.street}"
    before = he.get(address).context["board"].account
    at = clock.now()
    with transaction(whole(DISTRICT)):
        door = missed(whole(DISTRICT), world.screening, path=world.street, limit=1).items[0].subject
    submit(phone(world.people["worker1"], "phone-8"), batch([visit(world.screening, door, "done")]))
    now = he.get(address).context["board"].account
    assert now.open.text != before.open.text
    past = he.get(address, {"area": world.street, "as_of": at.isoformat()}).context
    assert past["board"].account.open.text == before.open.text
    assert [row.account.open.text for row in past["board"].rows]
    assert not past["is_live"]


def test_it_says_so_and_its_figures_lead_nowhere_but_deeper_into_the_same_moment(world: World) -> None:
    assert world.screening is not None
    he = signed_in(world.people["he"])
    at = (clock.now() - timedelta(seconds=1)).isoformat()
    page = he.get(f"/rounds/{world.screening.id}", {"as_of": at})
    assert 'role="note"' in text(page)
    board = page.context["board"]
    assert board.account.open.href == ""
    assert "as_of=" in board.rows[0].href
    deeper = he.get(board.rows[0].href)
    assert deeper.context["past"]
    assert "hx-get" not in text(deeper)


def test_the_tiles_of_a_moment_add_up_to_its_account(world: World) -> None:
    assert world.screening is not None
    he = signed_in(world.people["he"])
    page = he.get(f"/rounds/{world.screening.id}", {"as_of": clock.now().isoformat()})
    assert page.status_code == 200
    assert not page.context["too_many_tiles"]


@pytest.mark.parametrize("text_of", ["yesterday", "2026-13-01", "'; drop table"])
def test_what_is_no_moment_is_told_in_words(world: World, text_of: str) -> None:
    assert world.screening is not None
    answer = signed_in(world.people["he"]).get(f"/rounds/{world.screening.id}", {"as_of": text_of})
    assert answer.status_code == 400
    assert "desk.bad_moment" in text(answer)


def test_the_future_is_now(world: World) -> None:
    assert world.screening is not None
    later = (clock.now() + timedelta(days=1)).isoformat()
    page = signed_in(world.people["he"]).get(f"/rounds/{world.screening.id}", {"as_of": later})
    assert page.context["is_live"]
