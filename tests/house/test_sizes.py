"""No file and no function grows beyond what one can keep in mind."""

from pathlib import Path

import pytest

from tests.house import source

LINES_OF_A_FILE = 400
LINES_OF_A_FUNCTION = 60


@pytest.mark.parametrize("path", source.modules("bulou", "tests"), ids=source.name)
def test_files_and_functions_stay_small(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_OF_A_FILE
    for function in source.functions(path):
        assert (function.end_lineno or 0) - function.lineno < LINES_OF_A_FUNCTION, function.name


def _browser_code() -> list[Path]:
    return sorted(path for path in source.PACKAGE.rglob("*.js") if "static" in path.parts)


def test_browser_modules_stay_small() -> None:
    for path in _browser_code():
        assert len(path.read_text(encoding="utf-8").splitlines()) <= LINES_OF_A_FILE, source.name(path)


def test_settings_stay_small() -> None:
    settings = source.PACKAGE / "config" / "settings.py"
    assert len(settings.read_text(encoding="utf-8").splitlines()) < 250
