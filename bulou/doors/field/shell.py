"""What a browser loads before anybody has signed in: the page, the worker, the files. Nothing personal."""

import json

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language_from_request, gettext, override
from django.views.decorators.http import require_GET

from bulou.doors.field import assets, catalogue

FOR_EVER = "public, max-age=31536000, immutable"
ASK_AGAIN = "no-cache"


@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Answer with the shell; everything that is shown in it comes from the modules."""
    language = get_language_from_request(request)
    context = {"base": f"/field/a/{assets.version()}/", "version": assets.version(), "language": language}
    with override(language):
        answer = render(request, "field/shell.html", context)
    answer["Cache-Control"] = ASK_AGAIN
    return answer


@require_GET
def worker(_request: HttpRequest) -> HttpResponse:
    """Answer with the service worker, which names the version and every file that belongs to it."""
    facts = {"version": assets.version(), "files": assets.kept()}
    head = f"const APP = {json.dumps(facts)};\n".encode()
    answer = HttpResponse(head + assets.assets()[assets.WORKER].content, content_type=assets.TYPES[".js"])
    answer["Cache-Control"] = ASK_AGAIN
    return answer


@require_GET
def file(request: HttpRequest, version: str, name: str) -> HttpResponse:
    """Answer with one file of this version; another version is not here (any more)."""
    asset = assets.assets().get(name)
    if asset is None or version != assets.version() or name == assets.WORKER:
        raise Http404
    return _sent(request, asset, FOR_EVER)


def _sent(request: HttpRequest, asset: assets.Asset, kept: str) -> HttpResponse:
    packed = bool(asset.packed) and "gzip" in request.headers.get("Accept-Encoding", "")
    answer = HttpResponse(asset.packed if packed else asset.content, content_type=asset.content_type)
    if packed:
        answer["Content-Encoding"] = "gzip"
    answer["Vary"] = "Accept-Encoding"
    answer["Cache-Control"] = kept
    return answer


@require_GET
def words(request: HttpRequest, language: str) -> HttpResponse:
    """Answer with the texts of the app in one language."""
    if language not in catalogue.LANGUAGES:
        raise Http404
    return _sent(request, assets.texts(language), ASK_AGAIN)


@require_GET
def manifest(request: HttpRequest) -> HttpResponse:
    """Answer with what a phone needs to install the app."""
    base = f"/field/a/{assets.version()}/"
    icons = [
        {"src": base + name, "sizes": size, "type": kind, "purpose": "any maskable"}
        for name, size, kind in (
            ("icon.svg", "any", "image/svg+xml"),
            ("icon-192.png", "192x192", "image/png"),
            ("icon-512.png", "512x512", "image/png"),
        )
        if name in assets.assets()
    ]
    with override(get_language_from_request(request)):
        told = {
            "id": "/field/",
            "name": gettext("Bulou in the field"),
            "short_name": gettext("Bulou"),
            "start_url": "/field/",
            "scope": "/field/",
            "display": "standalone",
            "background_color": "#ffffff",
            "theme_color": "#14532d",
            "icons": icons,
        }
    answer = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")
    answer["Cache-Control"] = ASK_AGAIN
    return answer
