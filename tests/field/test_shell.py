"""What the app is made of: one version, whole, small, without anything personal or foreign in it."""

import gzip
import json
import re
from pathlib import Path

import pytest
from django.test import Client

from bulou.doors.field import assets, catalogue

FIRST_LOAD = 100_000
JS = sorted(path for path in assets.FOLDER.rglob("*.js"))


@pytest.fixture
def browser() -> Client:
    return Client(headers={"Accept-Language": "en", "Accept-Encoding": "gzip"})


def test_the_page_names_the_version_and_may_be_kept_by_nobody_else(browser: Client) -> None:
    answer = browser.get("/field/")
    assert answer.status_code == 200
    assert f"/field/a/{assets.version()}/app.js" in answer.text
    assert answer["Cache-Control"] == "no-cache"
    assert "unsafe" not in answer["Content-Security-Policy"]
    assert "Set-Cookie" not in answer


def test_the_worker_names_every_file_and_each_is_there(browser: Client) -> None:
    text = browser.get("/field/sw.js").text
    facts = json.loads(text.partition("\n")[0].removeprefix("const APP = ").rstrip(";"))
    assert facts["version"] == assets.version()
    assert len(facts["files"]) == len(set(facts["files"])) > 20
    for address in facts["files"]:
        assert browser.get(address).status_code == 200, address


def test_a_file_is_packed_and_kept_for_ever_and_another_version_is_not_there(browser: Client) -> None:
    answer = browser.get(f"/field/a/{assets.version()}/app.js")
    assert answer["Content-Encoding"] == "gzip"
    assert "immutable" in answer["Cache-Control"]
    assert gzip.decompress(answer.content) == (assets.FOLDER / "app.js").read_bytes()
    plain = browser.get(f"/field/a/{assets.version()}/app.js", headers={"Accept-Encoding": "identity"})
    assert plain.content == (assets.FOLDER / "app.js").read_bytes()
    beside = f"/field/a/{assets.version()}/../shell.py"
    for wrong in ("/field/a/other/app.js", beside, "/field/words/xx.json"):
        assert browser.get(wrong).status_code == 404


def test_texts_come_in_three_languages_with_problems_in_words(browser: Client) -> None:
    for language in catalogue.LANGUAGES:
        answer = browser.get(f"/field/words/{language}.json")
        assert answer["Content-Encoding"] == "gzip"
        words = json.loads(gzip.decompress(answer.content))
        assert "Offline" in words
        assert "problem:intake.after_revocation" in words
    english = json.loads(catalogue.words("en"))
    assert english["problem:access.pin_wrong"] == "The PIN is wrong. Tries left: {left}."


def test_the_manifest_installs_the_app_and_nothing_else(browser: Client) -> None:
    told = json.loads(browser.get("/field/manifest.webmanifest").content)
    assert (told["start_url"], told["scope"], told["display"]) == ("/field/", "/field/", "standalone")
    assert browser.get("/field").status_code == 302


def test_the_first_load_is_small() -> None:
    """What app.js imports before anybody has chosen a screen, the styles, the texts of one language."""
    needed, waiting = set(), ["app.js"]
    while waiting:
        name = waiting.pop()
        if name in needed:
            continue
        needed.add(name)
        code = (assets.FOLDER / name).read_text(encoding="utf-8")
        waiting += re.findall(r'^(?:import|export)[^"]*from "\./([\w/]+\.js)"', code, re.MULTILINE)
    files = [assets.assets()[name] for name in needed]
    files += [asset for name, asset in assets.assets().items() if name.endswith(".css")]
    size = sum(len(asset.packed or asset.content) for asset in files)
    size += len(gzip.compress(catalogue.words("zh-hans"), 9))
    assert size < FIRST_LOAD


@pytest.mark.parametrize("file", JS, ids=lambda path: str(path.name))
def test_a_module_is_checked_short_and_writes_no_markup(file: Path) -> None:
    code = file.read_text(encoding="utf-8")
    assert code.startswith("// @ts-check")
    assert len(code.splitlines()) <= 400
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write", code)
    assert not re.search(r"\beval\(|new Function", code)
    assert "http://" not in code.replace("http://www.w3.org", "")
    talks = re.search(r"\bfetch\(|XMLHttpRequest|WebSocket|sendBeacon", code)
    assert talks is None or file.name in {"net.js", "sw.js", "words.js"}


def test_the_modules_of_the_app_import_each_other_in_no_circle() -> None:
    named = re.compile(r'(?:from|import\()\s*"(\.[^"]+\.js)"')
    types = re.compile(r"/\*.*?\*/", re.DOTALL)  # types may be named both ways
    needs = {
        file.resolve(): {
            (file.parent / one).resolve() for one in named.findall(types.sub("", file.read_text()))
        }
        for file in JS
    }
    assert any(needs.values())
    while free := {file for file, others in needs.items() if not others & needs.keys()}:
        needs = {file: others for file, others in needs.items() if file not in free}
    assert sorted(file.name for file in needs) == []
