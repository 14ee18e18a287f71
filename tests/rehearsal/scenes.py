"""Scenarios of the package with other figures, so that a test plays them in seconds."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

from bulou.rehearsal import scenario


def smaller(folder: Path, key: str, changes: Mapping[str, Mapping[str, Any]]) -> str:
    """A file with a scenario of the package in which groups of figures, named by dots, say something else."""
    body = yaml.safe_load((scenario.SCENARIOS / f"{key}.yaml").read_text(encoding="utf-8"))
    for name, told in changes.items():
        *above, last = name.split(".")
        group = body
        for part in above:
            group = group[part]
        group[last] = {**group.get(last, {}), **told}
    file = folder / f"{key}.yaml"
    file.write_text(yaml.safe_dump(body, allow_unicode=True), encoding="utf-8")
    return str(file)
