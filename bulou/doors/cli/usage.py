"""The words of argparse itself, in the language of the terminal."""

import argparse

from django.utils.translation import gettext, gettext_lazy, ngettext

# Message ids of Python's own argparse, so that they stand in our catalogues.
WORDS = (
    gettext_lazy("usage: "),
    gettext_lazy("positional arguments"),
    gettext_lazy("options"),
    gettext_lazy("show this help message and exit"),
    gettext_lazy("show program's version number and exit"),
    gettext_lazy("%(prog)s: error: %(message)s\n"),
    gettext_lazy("argument %(argument_name)s: %(message)s"),
    gettext_lazy("the following arguments are required: %s"),
    gettext_lazy("unrecognized arguments: %s"),
    gettext_lazy("invalid choice: %(value)r (choose from %(choices)s)"),
    gettext_lazy("invalid %(type)s value: %(value)r"),
    gettext_lazy("expected one argument"),
)


def speak() -> None:
    """Let argparse ask our catalogues; it asks the C library's otherwise, which has no Chinese for it."""
    setattr(argparse, "_", gettext)  # noqa: B010 - argparse's own name for it
    setattr(argparse, "ngettext", ngettext)  # noqa: B010
