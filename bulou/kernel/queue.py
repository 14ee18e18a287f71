"""Leaves work for later, by name, in the transaction that makes it necessary."""

from procrastinate.contrib.django import app
from procrastinate.types import JSONValue


def defer(name: str, **kwargs: JSONValue) -> int:
    """Save a job in the open transaction and return its number; a rolled-back action leaves no job."""
    return app.configure_task(name).defer(**kwargs)
