"""What is kept from start to start is never older than what it was made of, and never in the way."""

import json
import os
from pathlib import Path
from typing import Literal, NamedTuple

import platformdirs
import pytest

from layerviz import kept


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def source(tmp_path: Path) -> Path:
    file = tmp_path / "source.yaml"
    file.write_text("one")
    return file


def made(source: Path) -> str:
    return kept.kept("words", [source], source.read_text)


def test_what_was_made_is_not_made_again(source: Path) -> None:
    made(source)
    assert kept.kept("words", [source], lambda: "never asked") == "one"


def test_a_changed_source_is_made_anew(source: Path) -> None:
    made(source)
    source.write_text("two")
    os.utime(source, ns=(1, 1))
    assert made(source) == "two"


def test_another_version_makes_everything_anew(source: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made(source)
    monkeypatch.setattr(kept, "__version__", "999")
    assert kept.kept("words", [source], lambda: "new") == "new"


@pytest.mark.parametrize("damage", [b"", b"{", b"\xff\xfe", b"[]", b'{"of": 1}'])
def test_a_damaged_file_is_replaced(source: Path, cache: Path, damage: bytes) -> None:
    made(source)
    (cache / "words.json").write_bytes(damage)
    assert made(source) == "one"
    assert json.loads((cache / "words.json").read_text())["value"] == "one"


def test_a_folder_that_takes_no_file_is_no_problem(source: Path, cache: Path) -> None:
    cache.write_text("a file stands where the folder would be")
    assert made(source) == "one"


def test_nothing_is_left_beside_what_is_written(source: Path, cache: Path) -> None:
    made(source)
    assert [file.name for file in cache.iterdir()] == ["words.json"]


@pytest.mark.parametrize("kind", ["config", "data", "cache"])
@pytest.mark.parametrize("chosen", [True, False])
def test_the_user_s_folders_are_those_that_platformdirs_finds(
    kind: Literal["config", "data", "cache"], chosen: bool, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv(f"XDG_{kind.upper()}_HOME", raising=False)
    if chosen:
        monkeypatch.setenv(f"XDG_{kind.upper()}_HOME", str(tmp_path))
    found = getattr(platformdirs, f"user_{kind}_dir")("layerviz", appauthor=False)
    assert kept.user_folder(kind) == Path(found)


class Told(NamedTuple):
    name: str = ""
    speed: float = 1.0
    on: bool = False


def test_a_value_is_read_as_far_as_its_fields_are_known() -> None:
    assert kept.value_of(Told, {"name": "a", "speed": 2, "hologram": 1}) == Told("a", 2.0)


@pytest.mark.parametrize("read", [None, [], "x", {"name": 1}, {"speed": "fast"}, {"on": 1}, {"speed": True}])
def test_a_value_of_the_wrong_type_is_refused(read: object) -> None:
    with pytest.raises(ValueError):
        kept.value_of(Told, read)
