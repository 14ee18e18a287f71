"""Who is sampled at home: from the year of birth in the number, and from what a file says."""

from datetime import date
from typing import Any

import pytest

from bulou.access.terms import Role
from bulou.grid.models import Dwelling
from bulou.grid.terms import Need
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.queries import home, plans
from bulou.lines.testing.queries.plans import Source
from bulou.lines.testing.rules.home import Reason
from bulou.people import models
from bulou.people.actions.imports import Options, import_people
from bulou.people.rules.names import number as checked
from bulou.people.rules.needs import needs
from bulou.people.terms import ImportKind
from tests.make.rounds import COMMUNITY, DISTRICT, someone, street

ON = date(2022, 4, 5)
SCOPE = whole(DISTRICT)
C1 = f"{COMMUNITY}.c1"


def born(year: int, n: int = 1) -> str:
    """A number with a sound check digit of somebody born in a year."""
    head = f"220303{year}0101{n:03d}"
    found = (checked(head + digit) for digit in "0123456789X")
    return next(one for one in found if one)


@pytest.mark.parametrize(
    ("year", "found"),
    [
        (1946, ("over_75",)),
        (1947, ("over_75",)),
        (1948, ()),
        (2018, ()),
        (2019, ("infant",)),
        (2022, ("infant",)),
    ],
)
def test_the_year_of_birth_tells_who_is_old_or_an_infant(year: int, found: tuple[str, ...]) -> None:
    assert needs(born(year), (), ON) == found


def test_what_a_file_says_stands_beside_it_and_foreign_papers_tell_no_age() -> None:
    assert needs("E12345678", (Need.BEDRIDDEN,), ON) == ("bedridden",)
    assert needs(born(1940), (Need.DISABLED,), ON) == ("disabled", "over_75")
    assert needs("", (), ON) == ()


@pytest.fixture
def _district() -> Any:
    with transaction(SCOPE):
        street()
        yield


@pytest.mark.django_db
@pytest.mark.usefixtures("_district")
def test_the_list_for_home_sampling_builds_itself_from_the_register_of_people() -> None:
    year = clock.local_date(clock.now()).year
    doors = list(Dwelling.objects.filter(path=C1).order_by("sort"))[:2]
    lines = (
        f"王小一,{born(year - 80)},{C1},{doors[0].door},",
        f"王小二,{born(year - 40, 2)},{C1},{doors[0].door},",
        f"王小三,{born(year - 40, 3)},{C1},{doors[1].door},长期卧床、残疾",
        f"王小四,{born(year - 1, 4)},{C1},,",
        f"王小五,{born(year - 30, 5)},{C1},,会飞",
    )
    text = "姓名,身份证号码,路径,房号,特殊情况\n" + "\n".join(lines) + "\n"
    receipt = import_people(
        someone(Role.DATA_CLERK, DISTRICT), kind=ImportKind.RESIDENTS, path=COMMUNITY, content=text.encode(),
        file_name="residents.csv", options=Options(),
    )  # fmt: skip
    assert (receipt.rows, receipt.stored, receipt.quarantined) == (5, 4, 1)
    found = home.visits(COMMUNITY, clock.local_date(clock.now()), {}, home.isolated(COMMUNITY))
    assert [(visit.door, set(visit.reasons)) for visit in found] == [
        (doors[0].id, {Reason.OVER_75}), (doors[1].id, {Reason.BEDRIDDEN, Reason.DISABLED}),
    ]  # fmt: skip
    assert home.without_door(COMMUNITY) == 1  # the infant, of whom only the compound is known
    counted = plans.counted(COMMUNITY, clock.local_date(clock.now()), Source.REGISTER)
    assert sum(one.n_home for one in counted) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("_district")
def test_who_was_merged_away_is_visited_once() -> None:
    door = Dwelling.objects.filter(path=C1).order_by("sort").first()
    assert door is not None
    root, double = ids.uuid7(), ids.uuid7()
    for one, into in ((root, None), (double, root)):
        models.Person.objects.create(
            id=one, district=DISTRICT, path=C1, area=C1, held_path=C1, place_kind="dwelling", origin="office",
            found_at=clock.now(), door=door.id, needs=["over_75"] if into is None else ["infant"],
            merged_into=into,
        )  # fmt: skip
    (visit,) = home.visits(COMMUNITY, clock.local_date(clock.now()), {}, home.isolated(COMMUNITY))
    assert visit.reasons == (Reason.OVER_75,)
