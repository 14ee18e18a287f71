"""What the desk tells once after an act, read from the page as a person sees it."""

import re
from dataclasses import dataclass
from html import unescape
from typing import Protocol

from django.test import Client

_TOAST = re.compile(r'<div class="toast"[^>]*>\s*<span>(.*?)</span>(.*?)</div>', re.DOTALL)
_UNDO = re.compile(r'<form method="post" action="([^"]+)">.*?name="token" value="([^"]+)"', re.DOTALL)


class Answer(Protocol):
    """What the test client gives back."""

    @property
    def content(self) -> bytes:
        """The page."""

    @property
    def status_code(self) -> int:
        """Whether it was done."""


@dataclass(frozen=True, slots=True)
class Toast:
    """Its words, and how to take back what it tells: address and token, empty if it cannot be taken back."""

    text: str
    undo_url: str = ""
    undo_token: str = ""

    def undo(self, browser: Client) -> Answer:
        """Press its button; the token of forms is the test client's own."""
        return browser.post(self.undo_url, {"token": self.undo_token})


def toasts(answer: Answer) -> list[Toast]:
    """Return what a page tells once, from top to bottom."""
    return [_toast(*found) for found in _TOAST.findall(answer.content.decode())]


def _toast(words: str, rest: str) -> Toast:
    undo = _UNDO.search(rest)
    return (
        Toast(unescape(words), *(unescape(part) for part in undo.groups()))
        if undo
        else Toast(unescape(words))
    )
