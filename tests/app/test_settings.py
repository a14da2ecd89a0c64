"""Settings on disk: whole or not at all, and never fatal."""

from pathlib import Path

import pytest

from layerviz.app.settings import Read, Settings, SettingsError, load, save


def test_what_is_saved_is_read_again(tmp_path: Path) -> None:
    file = tmp_path / "deep" / "settings.json"
    save(file, Settings(theme="light", lang="zh_CN", speed=2.0, notes=True))
    assert load(file) == Read(Settings(theme="light", lang="zh_CN", speed=2.0, notes=True))
    assert [one.name for one in file.parent.iterdir()] == ["settings.json"]


@pytest.mark.parametrize("damage", [b"", b"{", b'{"speed": "fast"}', b"\xff\xfe"])
def test_a_damaged_file_is_put_aside_and_the_usual_settings_hold(tmp_path: Path, damage: bytes) -> None:
    file = tmp_path / "settings.json"
    file.write_bytes(damage)
    read = load(file)
    assert read == Read(Settings(), tmp_path / "settings.damaged.json")
    assert read.damaged is not None and read.damaged.read_bytes() == damage
    assert not file.exists()


def test_settings_of_a_later_version_are_read_as_far_as_they_are_known(tmp_path: Path) -> None:
    file = tmp_path / "settings.json"
    file.write_text('{"theme": "dark", "hologram": true}', encoding="utf-8")
    assert load(file).settings.theme == "dark"


def test_a_folder_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_bytes(b"")
    with pytest.raises(SettingsError, match="writable"):
        save(blocked / "settings.json", Settings())
