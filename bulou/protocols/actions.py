"""Writes of protocol versions: only ever new ones."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db import transaction

from bulou.kernel import clock, ids
from bulou.kernel.problems import ProblemError
from bulou.ledger.actions import Author, audit
from bulou.protocols import queries
from bulou.protocols.models import Version
from bulou.protocols.rules.reading import InvalidProtocolError, digest, read
from bulou.protocols.rules.schema import Document
from bulou.protocols.terms import Reference

LOADED = "protocols.loaded"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a load found: versions stored now, and versions that were there with the same content."""

    stored: tuple[Reference, ...]
    unchanged: tuple[Reference, ...]


def load_library(actor: Author | None, *, path: str | None = None) -> Loaded:
    """Every version of the package's library is stored; repeatable, also by two processes at once.

    Assumes that the caller may load protocols: `access` stands beside this room, so the door has asked it.
    Nobody (`None`) is the installation itself. With an actor and the path of a district, each new version is
    told in the ledger in the same transaction.

    Raises:
        ProblemError: protocols.changed (409) when a version is there with other content; nothing is stored.
    """
    return _store((document for _, document in queries.documents()), actor, path)


def load_file(actor: Author | None, *, name: str, text: str, path: str | None = None) -> Loaded:
    """One file from outside the package is stored; `name` is for the message only. Else as load_library.

    Raises:
        ProblemError: protocols.invalid (422) with the first thing that is wrong, protocols.changed (409).
    """
    try:
        document = read(text)
    except InvalidProtocolError as error:
        raise ProblemError("protocols.invalid", status=422, file=name, reason=str(error)) from error
    return _store([document], actor, path)


def _store(documents: Iterable[Document], actor: Author | None, path: str | None) -> Loaded:
    wanted = {_reference(document): _row(document) for document in documents}
    with transaction.atomic():
        Version.objects.bulk_create(wanted.values(), ignore_conflicts=True)
        slugs = {row.slug for row in wanted.values()}
        there = Version.objects.filter(slug__in=slugs).values_list("id", "slug", "version", "sha256")
        stored: list[Reference] = []
        unchanged: list[Reference] = []
        for id_, slug, version, sha256 in there:
            reference = Reference(f"{slug}@{version}")
            if reference not in wanted:
                continue
            if sha256 != wanted[reference].sha256:
                raise ProblemError("protocols.changed", status=409, reference=reference)
            (stored if id_ == wanted[reference].id else unchanged).append(reference)
        if actor is not None and path is not None:
            for reference in stored:
                payload = {"reference": reference, "sha256": wanted[reference].sha256}
                audit(actor, kind=LOADED, path=path, subject_type="protocol", payload=payload)
    return Loaded(tuple(sorted(stored)), tuple(sorted(unchanged)))


def _reference(document: Document) -> Reference:
    return Reference(f"{document.slug}@{document.version}")


def _row(document: Document) -> Version:
    return Version(
        id=ids.uuid7(),
        slug=document.slug,
        version=document.version,
        line=document.record.partition(".")[0],
        body=document.model_dump(mode="json", exclude_defaults=True),
        sha256=digest(document),
        loaded_at=clock.now(),
    )
