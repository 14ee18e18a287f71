"""The files of the library: complete, sourced, in three languages, and asking for no names."""

import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any

import pytest
from opencc import OpenCC

from bulou.protocols import queries
from bulou.protocols.rules.compiling import compile_document, for_phone
from bulou.protocols.rules.reading import canonical, check, digest
from bulou.protocols.rules.schema import Document, json_schema
from bulou.protocols.terms import LANGUAGES, Family, Rung, Why

DOCUMENTS = dict(queries.documents())
NAMES = list(DOCUMENTS)


def texts(body: object, place: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    if isinstance(body, dict):
        if set(body) == set(LANGUAGES):
            yield place, body
            return
        for key, part in body.items():
            yield from texts(part, f"{place}.{key}")
    elif isinstance(body, list):
        for n, part in enumerate(body):
            yield from texts(part, f"{place}.{n}")


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_called_after_its_line_slug_and_version(name: str) -> None:
    document = DOCUMENTS[name]
    line = document.record.partition(".")[0]
    assert name == f"{line}/{document.slug}.v{document.version}.yaml"


def test_the_library_holds_the_protocols_of_the_lines() -> None:
    assert {document.slug for document in DOCUMENTS.values()} >= {
        "household-screening-round",
        "disinfection-round",
        "closure-check-round",
        "missed-sweep",
        "finding-closure",
        "testing-round",
        "testing-tube",
        "pool-follow-up",
    }


@pytest.mark.parametrize("name", NAMES)
def test_the_traditional_text_says_the_same_as_the_simplified_one(name: str) -> None:
    simplify = OpenCC("t2s").convert
    found = list(texts(DOCUMENTS[name].model_dump(mode="json")))
    assert len(found) > 20
    # words that differ by region, not only by character
    regional = {"資訊": "信息", "帳": "账", "鎖著": "锁着"}
    for place, text in found:
        traditional = text["zh-Hant"]
        for word, plain in regional.items():
            traditional = traditional.replace(word, plain)
        assert simplify(traditional) == text["zh-Hans"], place
        assert not re.search(r"[,;:?!()]", text["zh-Hans"] + text["zh-Hant"]), (
            f"{place}: half-width punctuation"
        )
        assert text["en"].isascii() or "°" in text["en"], place


@pytest.mark.parametrize("name", NAMES)
def test_every_number_has_a_source_that_the_file_explains(name: str) -> None:
    document = DOCUMENTS[name]
    declared = {source.id for source in document.sources}
    assert all(re.fullmatch(r"P-\d+|S#\d+|R-\d+", source) for source in declared)
    # the schema leaves no bare number: take one source away and the file is refused
    body = document.model_dump(mode="json", exclude_defaults=True, by_alias=True)
    del body["due"]["source"]
    with pytest.raises(ValueError, match=r"due\.source"):
        check(body)


@pytest.mark.parametrize("name", NAMES)
def test_a_stored_body_reads_back_as_the_same_document(name: str) -> None:
    document = DOCUMENTS[name]
    again = check(json.loads(json.dumps(document.model_dump(mode="json", exclude_defaults=True))))
    assert again == document
    assert digest(again) == digest(document)
    assert canonical(again) == canonical(document)


@pytest.mark.parametrize("name", NAMES)
def test_what_a_phone_gets_is_complete_and_small(name: str) -> None:
    body = json.dumps(for_phone(DOCUMENTS[name]), ensure_ascii=False)
    assert len(body.encode()) < 16_000
    assert '"source"' not in body
    assert '"examples"' not in body


def test_the_schema_file_is_current() -> None:
    stored = (files("bulou.protocols") / "library" / "schema.json").read_text(encoding="utf-8")
    assert stored == json_schema(), "write it again: docs/how-to/write-a-protocol.md says how"


def compiled(slug: str) -> Any:
    return next(compile_document(document) for document in DOCUMENTS.values() if document.slug == slug)


def test_screening_asks_for_no_names() -> None:
    document = next(one for one in DOCUMENTS.values() if one.slug == "household-screening-round")
    assert {field.privacy for field in document.form} <= {"open", "operational"}
    for field in document.form:
        assert not re.search(r"name|phone|id_?number|birth", field.key), field.key
        assert field.max_length is None or field.max_length.value <= 100


def test_screening_outcomes_are_of_the_families_that_coverage_counts() -> None:
    outcomes = compiled("household-screening-round").outcomes
    assert outcomes["done"].family is Family.DONE
    assert outcomes["done_with_alert"].alert
    assert outcomes["absent_notice_left"].why is Why.ABSENT
    assert outcomes["refused"].why is Why.REFUSED
    assert outcomes["unreachable"].why is Why.UNREACHABLE
    assert outcomes["moved_pending"].family is Family.HANDED_OVER
    assert outcomes["moved_accepted"].family is Family.MOVED
    assert outcomes["vacant_confirmed"].expires is not None
    assert {one.family for one in outcomes.values()} == set(Family) - {Family.OPEN}


def test_screening_keeps_its_rhythm() -> None:
    screening = compiled("household-screening-round")
    assert str(screening.revisit_after) == "1 day, 0:00:00"
    assert [step.to for step in screening.escalate] == [
        Rung.TEAM_LEAD,
        Rung.COMMUNITY_LEAD,
        Rung.STREET_OFFICE,
    ]
    assert screening.sign_off is not None
    assert screening.sign_off.sample == 5
    assert screening.window is not None
    assert (screening.window.start.hour, screening.window.end.hour) == (8, 21)


def test_disinfection_warns_and_does_not_forbid() -> None:
    form = compiled("disinfection-round").form
    payload = {"agent": "chlorine", "method": "drone", "concentration_mg_l": 2500, "area_m2": 9000}
    payload |= {"outdoor": True, "rain": True}
    assert form.problems(payload, "done") == ()
    assert form.warnings(payload, "done") == ("mass_spraying", "rain", "above_preventive_dose")


def test_a_finding_has_a_time_for_each_severity_and_each_step() -> None:
    finding = compiled("finding-closure")
    assert finding.due_field == "severity"
    assert [step.key for step in finding.steps] == ["told", "plan", "fixed", "recheck"]
    assert finding.steps[2].within_by["critical"] < finding.steps[2].within_by["serious"]
    assert finding.steps[3].not_same == ("worker", "worker_team")
    assert finding.records["supervision.recheck"] == ("passed", "failed")


def test_a_venue_found_open_is_no_done() -> None:
    closure = compiled("closure-check-round")
    assert not closure.outcomes["found_open"].closes
    assert closure.outcomes["found_open"].alert
    assert closure.form.problems({"state_found": "open"}, "closed") == ("form.contradicts:closed",)
    assert closure.form.alerts({"state_found": "closed", "emergency_way": "no"}) == ("emergency_way",)


def test_excuses_expire_and_nothing_else_does() -> None:
    for document in DOCUMENTS.values():
        for outcome in compile_document(document).outcomes.values():
            assert (outcome.expires is not None) is (outcome.family is Family.EXCUSED)


def test_documents_are_checked_documents() -> None:
    assert all(isinstance(document, Document) for document in DOCUMENTS.values())


def test_the_usual_answers_of_a_screening_leave_the_head_count_to_be_asked() -> None:
    usual = dict(queries.documents())["screening/household-screening-round.v1.yaml"].usual
    assert usual is not None
    assert usual.outcome == "done"
    assert usual.ask == ["n_persons"]
