"""Typed readers of the environment; they refuse nonsense at start instead of guessing."""

import os
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off", ""})


class SettingError(ImproperlyConfigured):
    """A setting has a value that nobody could have meant; the message names it."""


def env_str(name: str, default: str = "") -> str:
    """Return the text of a variable, or the default when it is not set."""
    return os.environ.get(name, default).strip()


def env_bool(name: str, *, default: bool) -> bool:
    """Return a switch: 1/true/yes/on or 0/false/no/off.

    Raises:
        SettingError: any other word.
    """
    word = os.environ.get(name)
    if word is None:
        return default
    if word.strip().lower() in TRUE:
        return True
    if word.strip().lower() in FALSE:
        return False
    raise SettingError(f"{name} must be yes or no, not {word!r}")


def env_int(name: str, default: int, *, least: int = 0, most: int = 2**31) -> int:
    """Return a whole number between `least` and `most`.

    Raises:
        SettingError: not a number, or outside the limits.
    """
    word = env_str(name)
    if not word:
        return default
    try:
        number = int(word)
    except ValueError:
        raise SettingError(f"{name} must be a whole number, not {word!r}") from None
    if not least <= number <= most:
        raise SettingError(f"{name} must be between {least} and {most}, not {number}")
    return number


def env_list(name: str, default: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Return the words of a comma-separated variable, or the default when it is empty."""
    words = tuple(word.strip() for word in env_str(name).split(",") if word.strip())
    return words or default


def env_choice(name: str, choices: tuple[str, ...], default: str) -> str:
    """Return one of the allowed words.

    Raises:
        SettingError: any other word.
    """
    word = env_str(name, default) or default
    if word not in choices:
        raise SettingError(f"{name} must be one of {', '.join(choices)}, not {word!r}")
    return word


def env_secret(name: str, default: str = "") -> str:
    """Return a secret from the variable or from the file that `<name>_FILE` names; never from both.

    Raises:
        SettingError: both are set, or the file cannot be read or is empty.
    """
    direct, file = env_str(name), env_str(f"{name}_FILE")
    if direct and file:
        raise SettingError(f"set {name} or {name}_FILE, not both")
    if not file:
        return direct or default
    try:
        secret = Path(file).read_text(encoding="utf-8").strip()
    except OSError as error:
        raise SettingError(f"{name}_FILE cannot be read: {error.strerror}: {file}") from None
    if not secret:
        raise SettingError(f"{name}_FILE is empty: {file}")
    return secret
