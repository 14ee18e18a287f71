"""Who may take back at a desk what somebody else wrote."""

from uuid import UUID

import pytest

from bulou.access.terms import Role
from bulou.intake.actions.office import submit_office
from bulou.intake.terms import OfficeRecord
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError
from bulou.kernel.scope import transaction, whole
from tests.make import rounds as make

pytestmark = pytest.mark.django_db


def test_an_officer_cannot_withdraw_a_finding_about_the_own_work_but_supervision_can() -> None:
    with transaction(whole(make.DISTRICT)):
        make.street()
        sun = make.someone(Role.SUPERVISION, make.DISTRICT, team="supervision")
        lin = make.someone(Role.COMMUNITY_OFFICER, make.COMMUNITY, team="community")
        finding = ids.uuid7()
        told = OfficeRecord(
            kind="supervision.finding",
            path=make.COMMUNITY,
            subject_type="finding",
            subject=finding,
            payload={"severity": "ordinary", "text": "no grid worker on post"},
        )
        (result,) = submit_office(sun, [told])
        back = OfficeRecord(
            kind="supervision.finding",
            path=make.COMMUNITY,
            subject_type="finding",
            subject=finding,
            payload={"reason": "mistaken"},
            withdraws=UUID(result.id),
        )
        with pytest.raises(ProblemError) as refused:
            submit_office(lin, [back])
        assert refused.value.status in {403, 404}
        assert submit_office(sun, [back])[0].standing == "kept"
