"""The example in the guide is a protocol."""

import re
from pathlib import Path

from bulou.protocols.rules.compiling import compile_document
from bulou.protocols.rules.reading import read
from bulou.protocols.terms import FieldType

ROOT = Path(__file__).parents[2]


def test_the_protocol_in_the_guide_is_one() -> None:
    guide = (ROOT / "docs" / "how-to" / "write-a-protocol.md").read_text(encoding="utf-8")
    example = next(
        text for text in re.findall(r"```yaml\n(.*?)```", guide, re.DOTALL) if text.startswith("slug")
    )
    compiled = compile_document(read(example))
    assert compiled.form.problems({"state": "blocked", "n_objects": 100}, "done") == ("form.range:n_objects",)
    assert compiled.form.alerts({"state": "blocked"}) == ("state",)
    assert {kind.value for kind in FieldType} <= set(re.findall(r"`(\w+)`", guide))


def test_the_explanation_names_every_problem_of_a_form() -> None:
    text = (ROOT / "docs" / "explanation" / "forms.md").read_text(encoding="utf-8")
    source = (ROOT / "bulou" / "protocols" / "terms.py").read_text(encoding="utf-8")
    codes = re.findall(r'"(form\.[a-z_]+)":', source)
    assert len(codes) == 10
    assert [code for code in codes if f"`{code}`" not in text] == []
