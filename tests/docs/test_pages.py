"""What the pages for people say is there: links, commands, settings, decisions, proofs."""

import re
from pathlib import Path

import pytest

from bulou.doors.cli import main

ROOT = Path(__file__).parent.parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")])
DECISIONS = sorted((ROOT / "docs" / "adr").glob("*.md"))
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")
COMMAND = re.compile(r"(?:^|[ `$(/])bulou ([a-z]+)\b(?=[ `\n)|;&]|$)", re.MULTILINE)
PROOF = re.compile(r"`([a-z_]+/test_\w+\.py): (test_\w+)`")
TEST_FILE = re.compile(r"`(tests/[\w/]+\.(?:py|txt|mjs))`")
CODE = re.compile(r"```[a-z]*\n(.*?)```|`([^`\n]+)`", re.DOTALL)
KILOBYTES = 250
each_page = pytest.mark.parametrize("page", [pytest.param(p, id=str(p.relative_to(ROOT))) for p in PAGES])


def in_code(text: str) -> str:
    """The parts of a page that are meant to be typed."""
    return "\n".join(block or word for block, word in CODE.findall(text))


@each_page
def test_every_link_leads_somewhere(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    for found in LINK.finditer(text):
        target = (found[1] or found[2]).split("#")[0]
        if target and "://" not in target and not target.startswith("mailto:"):
            assert (page.parent / target).exists(), f"{page.name} links to {target}"


@each_page
def test_every_command_exists(page: Path) -> None:
    known = set(main.COMMANDS)
    said = set(COMMAND.findall(in_code(page.read_text(encoding="utf-8"))))
    assert said <= known


def test_both_readmes_say_the_two_commands_and_the_tests_run_the_second() -> None:
    for name in ("README.md", "README.zh-CN.md"):
        blocks = re.findall(r"```sh\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
        first, second = (block.strip() for block in blocks[:2])
        venv, install, demo = first.split(" && ")
        assert venv == "python3 -m venv .venv"
        assert install == ".venv/bin/pip install -e . -c constraints.txt"
        assert demo == ".venv/bin/bulou demo"
        assert f"exec {second}\n" in (ROOT / ".ci" / "run").read_text(encoding="utf-8")


@pytest.mark.parametrize("page", [pytest.param(p, id=p.stem) for p in DECISIONS])
def test_a_decision_says_its_status_what_was_decided_and_why(page: Path) -> None:
    text = page.read_text(encoding="utf-8")
    assert re.match(rf"# {int(page.name[:4])}\. ", text)
    assert re.search(r"^Status: (accepted|replaced by \d{4}), ", text, re.MULTILINE)
    assert re.search(r"^## Decision|^\*\*Decision\.\*\*", text, re.MULTILINE)
    assert re.search(r"^## Why|^\*\*(Context|Why)\.\*\*", text, re.MULTILINE)


def test_no_two_decisions_have_one_number() -> None:
    numbers = [int(page.name[:4]) for page in DECISIONS]
    assert len(numbers) == len(set(numbers))


def test_every_dependency_has_its_line_among_the_decisions() -> None:
    wanted = (ROOT / "pyproject.toml").read_text(encoding="utf-8").partition("dependencies = [")[2]
    names = re.findall(r'^  "([A-Za-z0-9_-]+)', wanted.partition("\n]")[0], re.MULTILINE)
    page = next(p for p in DECISIONS if p.name.endswith("dependencies.md")).read_text(encoding="utf-8")
    assert len(names) > 10
    assert [name for name in names if name not in page] == []


def test_every_proof_of_the_threat_model_exists() -> None:
    proofs = PROOF.findall((ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8"))
    assert len(proofs) > 40
    for file, name in proofs:
        assert f"def {name}" in (ROOT / "tests" / file).read_text(encoding="utf-8"), f"{file}: {name}"


@each_page
def test_every_test_that_a_page_names_exists(page: Path) -> None:
    for name in TEST_FILE.findall(page.read_text(encoding="utf-8")):
        assert (ROOT / name).exists(), name


def test_every_setting_says_what_it_is_for() -> None:
    table = (ROOT / "docs" / "reference" / "settings.md").read_text(encoding="utf-8")
    rows = [line for line in table.splitlines() if line.startswith("| `")]
    assert len(rows) > 10
    assert [row for row in rows if row.split("|")[4].strip() == ""] == []


def test_the_index_names_every_page() -> None:
    index = (ROOT / "docs" / "README.md").read_text(encoding="utf-8")
    pages = [page for page in (ROOT / "docs").rglob("*.md") if page.parent.name != "docs"]
    assert [page.name for page in pages if f"/{page.name})" not in index] == []


def test_pictures_stay_small() -> None:
    pictures = list((ROOT / "docs" / "images").glob("*.png"))
    assert pictures
    assert [p.name for p in pictures if p.stat().st_size > KILOBYTES * 1000] == []
