"""The words of argparse itself, in the language of the terminal."""

import argparse

from django.utils.translation import gettext, gettext_noop, ngettext

# Message ids of Python's own argparse, so that they stand in our catalogues.
WORDS = (
    gettext_noop("usage: "),
    gettext_noop("positional arguments"),
    gettext_noop("options"),
    gettext_noop("show this help message and exit"),
    gettext_noop("show program's version number and exit"),
    gettext_noop("%(prog)s: error: %(message)s\n"),
    gettext_noop("argument %(argument_name)s: %(message)s"),
    gettext_noop("the following arguments are required: %s"),
    gettext_noop("unrecognized arguments: %s"),
    gettext_noop("invalid choice: %(value)r (choose from %(choices)s)"),
    gettext_noop("invalid %(type)s value: %(value)r"),
    gettext_noop("expected one argument"),
)


def speak() -> None:
    """Let argparse ask our catalogues; it asks the C library's otherwise, which has no Chinese for it."""
    setattr(argparse, "_", gettext)  # noqa: B010 - argparse's own name for it
    setattr(argparse, "ngettext", ngettext)  # noqa: B010
