"""Settings are read once, by type, and nonsense is refused by name."""

from pathlib import Path

import pytest

from bulou.config import database, env
from bulou.config.env import SettingError

NAME = "BULOU_SOMETHING"


@pytest.mark.parametrize(("word", "value"), [("1", True), ("Yes", True), ("off", False), ("", False)])
def test_a_switch_is_yes_or_no(monkeypatch: pytest.MonkeyPatch, word: str, value: bool) -> None:
    monkeypatch.setenv(NAME, word)
    assert env.env_bool(NAME, default=not value) is value


@pytest.mark.parametrize("word", ["maybe", "2", "ja"])
def test_a_switch_refuses_other_words(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv(NAME, word)
    with pytest.raises(SettingError, match=NAME):
        env.env_bool(NAME, default=True)


@pytest.mark.parametrize("word", ["ten", "-1", "1001", "1.5"])
def test_a_number_is_whole_and_within_its_limits(monkeypatch: pytest.MonkeyPatch, word: str) -> None:
    monkeypatch.setenv(NAME, word)
    with pytest.raises(SettingError, match=NAME):
        env.env_int(NAME, 5, least=0, most=1000)


def test_a_secret_comes_from_a_file_or_a_variable_but_not_from_both(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    file = tmp_path / "secret"
    file.write_text("from-file\n", encoding="utf-8")
    monkeypatch.setenv(f"{NAME}_FILE", str(file))
    assert env.env_secret(NAME) == "from-file"
    monkeypatch.setenv(NAME, "direct")
    with pytest.raises(SettingError, match="not both"):
        env.env_secret(NAME)


def test_an_empty_or_missing_secret_file_is_an_error(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv(f"{NAME}_FILE", str(tmp_path / "gone"))
    with pytest.raises(SettingError, match="cannot be read"):
        env.env_secret(NAME)
    (tmp_path / "gone").touch()
    with pytest.raises(SettingError, match="empty"):
        env.env_secret(NAME)


def test_an_external_server_is_taken_apart_and_the_owner_has_an_address_of_its_own(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://app:geheim@db.example:6432/bulou?sslmode=verify-full")
    found = database.settings(tmp_path)
    assert (found["HOST"], found["PORT"], found["USER"], found["NAME"]) == (
        "db.example",
        "6432",
        "app",
        "bulou",
    )
    assert found["OPTIONS"]["sslmode"] == "verify-full"
    monkeypatch.setenv("BULOU_DB_ROLE", "owner")
    with pytest.raises(SettingError, match="BULOU_OWNER_DATABASE_URL"):
        database.settings(tmp_path)


def test_what_is_no_address_is_refused_without_showing_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("DATABASE_URL", "my password is geheim")
    with pytest.raises(SettingError) as caught:
        database.settings(tmp_path)
    assert "geheim" not in str(caught.value)
