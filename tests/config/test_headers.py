"""Every answer forbids what no page needs."""

import re

import pytest
from django.test import Client

from bulou.config.headers import CONTENT_SECURITY_POLICY
from tests.house.source import PACKAGE


@pytest.mark.django_db
def test_every_answer_carries_the_headers(client: Client) -> None:
    for address in ("/healthz", "/there-is-nothing-here"):
        answer = client.get(address)
        assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "no-store" in answer.headers["Cache-Control"]


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    assert "unsafe" not in CONTENT_SECURITY_POLICY
    assert "http" not in CONTENT_SECURITY_POLICY
    assert "*" not in CONTENT_SECURITY_POLICY


def test_no_template_holds_inline_scripts_or_styles() -> None:
    inline = re.compile(
        r"<script(?![^>]*\b(?:src|type=\"application/json\"))[^>]*>|<style|\sstyle=|\son[a-z]+=", re.I
    )
    found = [str(p) for p in PACKAGE.rglob("*.html") if inline.search(p.read_text(encoding="utf-8"))]
    assert found == []
