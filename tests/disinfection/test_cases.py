"""The shared cases of disinfection ask the library's own form: phone and server warn by one rule."""

import json
from importlib.resources import files
from pathlib import Path
from typing import Any

from bulou.lines.disinfection.terms import Caution
from bulou.protocols.rules.compiling import for_phone
from bulou.protocols.rules.reading import read

FILE = Path(__file__).parent.parent / "cases" / "disinfection.json"


def asked() -> dict[str, Any]:
    """What the library's protocol asks and warns of, without its words."""
    shelf = files("bulou.protocols") / "library" / "disinfection"
    document = read((shelf / "disinfection-round.v1.yaml").read_text(encoding="utf-8"))
    body = json.loads(json.dumps(for_phone(document)))
    return {
        "form": [_bare(field) for field in body["form"]],
        "outcomes": [
            {key: one[key] for key in ("key", "needs", "when") if key in one} for one in body["outcomes"]
        ],
        "warnings": [{"key": one["key"], "when": one["when"]} for one in body["warnings"]],
    }


def _bare(field: dict[str, Any]) -> dict[str, Any]:
    kept = {key: value for key, value in field.items() if key not in ("label", "hint", "unit", "privacy")}
    if "choices" in kept:
        kept["choices"] = [{"key": choice["key"]} for choice in kept["choices"]]
    return kept


def test_the_shared_cases_hold_the_protocol_of_the_library() -> None:
    kept = json.loads(FILE.read_text(encoding="utf-8"))["protocol"]
    assert kept == asked(), "write it anew: python -m tests.disinfection.test_cases"


def test_every_warning_of_the_protocol_is_counted_and_has_a_case() -> None:
    body = json.loads(FILE.read_text(encoding="utf-8"))
    keys = {one["key"] for one in body["protocol"]["warnings"]}
    assert keys == {caution.value for caution in Caution}
    assert keys == {key for case in body["cases"] for key in case.get("warnings", ())}


if __name__ == "__main__":
    told = json.loads(FILE.read_text(encoding="utf-8")) if FILE.exists() else {"cases": []}
    lines = ",\n".join(f"    {json.dumps(case, ensure_ascii=False)}" for case in told["cases"])
    parts = [
        f'    "{name}": [\n'
        + ",\n".join(f"      {json.dumps(one, ensure_ascii=False)}" for one in part)
        + "\n    ]"
        for name, part in asked().items()
    ]
    protocol = ",\n".join(parts)
    FILE.write_text(
        f'{{\n  "protocol": {{\n{protocol}\n  }},\n  "cases": [\n{lines}\n  ]\n}}\n', encoding="utf-8"
    )
