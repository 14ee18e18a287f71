"""Reads of protocol versions. A version never changes, so what was compiled once serves the whole process."""

import json
import re
from collections.abc import Iterable
from contextlib import suppress
from datetime import datetime
from functools import cache, lru_cache
from importlib.resources import files

from bulou.kernel.problems import ProblemError
from bulou.protocols.models import Version
from bulou.protocols.rules import compiling
from bulou.protocols.rules.reading import check, read
from bulou.protocols.rules.schema import Document
from bulou.protocols.terms import Compiled

_REFERENCE = re.compile(r"([a-z][a-z0-9-]{0,59})@([1-9][0-9]{0,3})")


@lru_cache(maxsize=512)
def compiled(reference: str) -> Compiled:
    """The version that `slug@version` names. One query the first time in a process, none after that.

    Raises:
        ProblemError: protocols.bad_reference (400), protocols.unknown (404). Neither is remembered.
    """
    line, document = _stored(reference)
    return compiling.compile_document(document, line=line)


def known(references: Iterable[str]) -> dict[str, Compiled]:
    """These versions by their reference; what is no reference or not there is left out."""
    found = {}
    for reference in references:
        with suppress(ProblemError):
            found[reference] = compiled(reference)
    return found


@lru_cache(maxsize=512)
def for_phone(reference: str) -> str:
    """The JSON text of a version for a phone's worklist: form, outcomes, warnings and all texts, no sources.

    Raises:
        ProblemError: as `compiled`.
    """
    _, document = _stored(reference)
    return json.dumps(compiling.for_phone(document), ensure_ascii=False, separators=(",", ":"))


def latest(slug: str) -> Compiled:
    """The newest version of a protocol; one query.

    Raises:
        ProblemError: protocols.unknown (404).
    """
    version = Version.objects.filter(slug=slug).order_by("-version").values_list("version", flat=True).first()
    if version is None:
        raise ProblemError("protocols.unknown", status=404, reference=slug)
    return compiled(f"{slug}@{version}")


def in_force(slug: str, at: datetime) -> Compiled | None:
    """The newest version that was loaded by a moment, else the first one; None where there is none. 1 query.

    For what a record opens without naming a version: a replay finds the same one.
    """
    rows = Version.objects.filter(slug=slug).order_by("version").values_list("version", "loaded_at")
    versions = list(rows)
    if not versions:
        return None
    loaded = [version for version, loaded_at in versions if loaded_at <= at]
    return compiled(f"{slug}@{loaded[-1] if loaded else versions[0][0]}")


def all_latest() -> tuple[Compiled, ...]:
    """The newest version of every protocol, by slug; one query, one more per version not yet read."""
    newest = Version.objects.order_by("slug", "-version").distinct("slug").values_list("slug", "version")
    return tuple(compiled(f"{slug}@{version}") for slug, version in newest)


def _stored(reference: str) -> tuple[str, Document]:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        raise ProblemError("protocols.bad_reference", status=400)
    row = Version.objects.filter(slug=found[1], version=int(found[2])).values_list("line", "body").first()
    if row is None:
        raise ProblemError("protocols.unknown", status=404, reference=reference)
    return row[0], check(row[1])


@cache
def library() -> tuple[tuple[str, str], ...]:
    """The files of the package as (`line/name.v1.yaml`, text), sorted by name."""
    shelf = files("bulou.protocols") / "library"
    found = [
        (f"{line.name}/{file.name}", file.read_text(encoding="utf-8"))
        for line in shelf.iterdir()
        if line.is_dir()
        for file in line.iterdir()
        if file.name.endswith(".yaml")
    ]
    return tuple(sorted(found))


@cache
def documents() -> tuple[tuple[str, Document], ...]:
    """The library as (file name, checked document), read once per process (about 0.1 s a file).

    Raises:
        InvalidProtocolError: a file of the package is broken; a programming error, found by the tests.
    """
    return tuple((name, read(text)) for name, text in library())
