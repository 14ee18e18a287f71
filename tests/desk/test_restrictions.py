"""An officer orders a measure for a person, prints the notice, and the person's objection arrives."""

import re
from datetime import timedelta

import pytest

from bulou.access.terms import Role
from bulou.kernel import clock
from bulou.kernel.reach import whole
from bulou.kernel.scope import transaction
from bulou.lines.restrictions import queries
from tests.make import access as make
from tests.make import people, restrictions
from tests.make.rounds import COMMUNITY, DISTRICT, street

pytestmark = pytest.mark.django_db


def test_from_the_persons_page_to_the_notice_and_back_to_an_objection() -> None:
    with transaction(whole(DISTRICT)):
        street()
        person = people.hold("Somebody", number=people.number(3)).person_id
    law = restrictions.basis()
    officer = make.signed_in(make.person("wei", Role.STREET_OFFICER, COMMUNITY, team="street office"))
    page = officer.get(f"/people/{person}", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    way = re.search(rf'/restrictions/of/{person}\?area=[^"]*', page)
    assert way is not None
    address = officer.get(way.group(0)).headers["Location"]
    now = clock.now().astimezone(clock.DISTRICT_ZONE)
    told = {
        "person": str(person), "evidence": "exposure", "source": "shared a flat with a case",
        "happened_at": f"{now:%Y-%m-%dT%H:%M}", "measure": "home", "advice": "lives with a case",
        "monitoring": "lives with a case", "place": "at home", "supplies": "food twice a day",
        "basis": str(law), "ends_at": f"{now + timedelta(days=7):%Y-%m-%dT%H:%M}",
    }  # fmt: skip
    refused = officer.post(address, {**told, "monitoring": ""}, HTTP_ACCEPT_LANGUAGE="en")
    assert refused.status_code == 422
    assert "Say for each milder measure why it does not do." in refused.content.decode()
    ordered = officer.post(address, told)
    assert ordered.status_code == 302
    one = ordered.headers["Location"]
    notice = officer.post(f"{one}/notice", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "This holds for you until" in notice
    taken = officer.post(f"{one}/object", {"channel": "phone", "words": "my mother needs me"})
    assert taken.status_code == 302
    listed = officer.get("/restrictions", HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "my mother needs me" in listed
    with transaction(whole(DISTRICT)):
        (stopped,) = queries.attempts(whole(DISTRICT))
    assert (stopped.n_persons, stopped.code) == (1, "restrictions.milder_missing")
