"""Every job that an action leaves behind is one that a worker knows."""

import re

from procrastinate.contrib.django import app

from tests.house import source


def test_every_deferred_name_exists() -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    known = {task.name for task in app.tasks.values()}
    deferred = {
        name
        for path in source.modules("bulou")
        for name in re.findall(r'queue\.defer\(\s*"([^"]+)"', path.read_text(encoding="utf-8"))
    }
    assert deferred - known == set()


def test_a_job_is_named_after_its_room() -> None:
    app.perform_import_paths()  # type: ignore[no-untyped-call]
    ours = [task.name for task in app.tasks.values() if not task.name.startswith("builtin:")]
    assert ours
    for name in ours:
        assert re.fullmatch(r"[a-z]+\.[a-z_]+", name)
