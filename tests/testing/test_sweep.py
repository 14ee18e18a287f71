"""Shops, hotels and sites are walked through; whoever is found there is sampled there."""

from uuid import UUID

import pytest

from bulou.access.terms import Role
from bulou.coverage.actions import open_round
from bulou.coverage.queries import accounts, units
from bulou.coverage.terms import Basis, Targets
from bulou.grid import models as grid
from bulou.grid.terms import SiteType
from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from tests.make import testing as make
from tests.make.rounds import COMMUNITY, DISTRICT, send, someone, standings, street

pytestmark = pytest.mark.django_db
SCOPE = whole(DISTRICT)
C1 = f"{COMMUNITY}.c1"


def place(kind: SiteType, name: str) -> UUID:
    made = grid.Site.objects.create(
        id=ids.uuid7(), district=DISTRICT, path=C1, area=C1, type=kind.value, name=name, origin="office",
        valid_from=clock.local_date(clock.now()),
    )  # fmt: skip
    return made.id


def test_places_are_swept_to_none_open_and_who_is_found_is_sampled_on_the_spot() -> None:
    with transaction(SCOPE):
        street()
        make.residents(1)
        tests = make.round_of_tests(path=COMMUNITY)
        hotel, shop = place(SiteType.ESPORTS_HOTEL, "night"), place(SiteType.SHOP, "corner")
        place(SiteType.PARK, "green")
        sweep = open_round(
            someone(Role.COMMAND, DISTRICT), protocol="missed-sweep", path=COMMUNITY, basis=Basis("order 7"),
            targets=Targets(site_types=("shop", "esports_hotel")),
        )  # fmt: skip
        assert sweep.frame_n == 2
        worker = someone(Role.WORKER, DISTRICT, device=True)
        swept = {"n_people": 3, "n_not_sampled": 1, "n_sampled_here": 1}
        told = [
            make.swab(sweep, hotel, "", outcome="swept", kind="testing.sweep") | {"payload": swept},
            make.swab(sweep, shop, "", outcome="shut", kind="testing.sweep") | {"payload": {}},
        ]
        for one in told:
            one["subject"] = one["subject"] | {"type": "site"}
        assert standings(send(worker, *told)) == ["kept", "kept"]
        account = accounts.account(SCOPE, sweep)
        assert (account.done, account.open_by.absent) == (1, 1)
        assert [one.subject for one in units.missed(SCOPE, sweep).items] == [shop]
        newcomer = {"id": str(ids.uuid7()), "area": C1, "label": "-", "building": "night", "kind": "lodging"}
        found = make.swab(tests, UUID(newcomer["id"]), "T9", payload={"found_on_spot": True})
        found["subject"] = {"type": "person", "new": newcomer}
        assert standings(send(worker, found)) == ["kept"]
        account = accounts.account(SCOPE, tests)
        assert (account.expected, account.done, account.open) == (2, 1, 1)
