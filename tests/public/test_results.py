"""What everybody may read of testing: counts, in three languages, without a login, kept by proxies."""

from datetime import date

import msgspec
import pytest
from django.test import Client

from bulou.kernel import clock, ids
from bulou.kernel.scope import transaction, whole
from bulou.lines.testing.models import Publication
from bulou.lines.testing.terms import Published, Row
from tests.make import testing
from tests.make.rounds import COMMUNITY, DISTRICT, street

TITLES = {"zh-Hans": "区域核酸检测", "zh-Hant": "區域核酸檢測", "en": "Round"}
pytestmark = pytest.mark.django_db


@pytest.fixture
def made() -> None:
    told = Published(
        place="四马路街道", on=date(2022, 1, 17), titles=TITLES, sampled=1_170, positive="1-4", fewest=20,
        rows=(Row("一社区", 1_100), Row("二社区", None)),
    )  # fmt: skip
    with transaction(whole(DISTRICT)):
        street()
        testing.residents(1)
        operation = testing.round_of_tests()
        Publication.objects.create(
            district=DISTRICT, operation=operation.id, path=COMMUNITY, content=msgspec.to_builtins(told),
            published_by=ids.uuid7(), published_at=clock.now(),
        )  # fmt: skip


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "zh-Hans"), ("zh-hant", "zh-Hant"), ("en", "en")])
def test_anybody_reads_the_counts_and_what_is_not_told_says_why(made: None, language: str, word: str) -> None:
    answer = Client().get(f"/r/results?lang={language}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'lang="{word}"' in page
    assert "1,170" in page
    assert "二社区" in page
    assert "20" in page
    assert answer.headers["Cache-Control"].startswith("public")
    assert not answer.cookies  # nothing of one reader is in it, so one copy serves all


def test_without_anything_published_the_page_says_so() -> None:
    answer = Client().get("/r/results?lang=en")
    assert "No results are published now." in answer.content.decode()
