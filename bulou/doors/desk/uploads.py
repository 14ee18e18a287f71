"""Files that an officer brings: kept for a day under a name that nobody can guess, for this session alone."""

import contextlib
import time
from pathlib import Path
from typing import Any, Final

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile

from bulou.doors.desk.asking import DeskRequest
from bulou.kernel import ids
from bulou.kernel.problems import ProblemError

KEPT_SECONDS: Final = 24 * 3600
MOST_BYTES: Final = 200 * 1024 * 1024


def keep(request: DeskRequest, file: "UploadedFile[Any]", kind: str, **more: str) -> str:
    """Keep an upload with what was said about it; answers with the token by which it is found again."""
    oldest = time.time() - KEPT_SECONDS
    for old in _folder().iterdir():
        with contextlib.suppress(OSError):
            if old.stat().st_mtime < oldest:
                old.unlink()
    token = ids.token()
    place = _folder() / token
    with place.open("xb") as out:
        place.chmod(0o600)
        for chunk in file.chunks():
            out.write(chunk)
    kept = {"kind": kind, "name": str(file.name)[-120:], "path": request.area, "file": str(place), **more}
    request.session["uploads"] = {**request.session.get("uploads", {}), token: kept}
    return token


def kept(request: DeskRequest, token: str) -> dict[str, str]:
    """Return what was said about an upload of this session.

    Raises:
        ProblemError: access.not_found (404).
    """
    found = request.session.get("uploads", {}).get(token)
    if found is None or not Path(found["file"]).exists():
        raise ProblemError("access.not_found", status=404)
    return dict(found)


def there(request: DeskRequest, token: str) -> bool:
    """Tell whether a file of this session is still there."""
    found = request.session.get("uploads", {}).get(token)
    return found is not None and Path(found["file"]).exists()


def keep_beside(request: DeskRequest, token: str, file: Path) -> None:
    """Keep a file that came of an upload: it lies in the same folder, and goes with the others."""
    request.session["uploads"] = {
        **request.session.get("uploads", {}),
        token: {"kind": "", "file": str(file)},
    }


def forget(request: DeskRequest, token: str) -> None:
    """Delete an upload."""
    uploads = dict(request.session.get("uploads", {}))
    found = uploads.pop(token, None)
    request.session["uploads"] = uploads
    if found:
        Path(found["file"]).unlink(missing_ok=True)


def mapping(request: DeskRequest) -> dict[str, str]:
    """The choice of a person: header to field; `auto` leaves the word table its way."""
    headers = request.POST.getlist("header")
    fields = request.POST.getlist("field")
    return {h: "" if f == "-" else f for h, f in zip(headers, fields, strict=False) if f != "auto"}


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "uploads"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    return folder
