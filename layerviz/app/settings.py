"""What is remembered of the window from one time to the next: one JSON file in the user's own config folder.

It is written atomically. One that cannot be read is put aside under a name of its own, never fatal.
"""

import json
import os
from pathlib import Path
from typing import NamedTuple

from layerviz.kept import user_folder, value_of, write_whole
from layerviz.resources import Problem


class SettingsError(Problem):
    """The settings could not be written."""


class Settings(NamedTuple):
    """`theme` and `lang`: "" follows the system. `geometry` is Qt's own, in hex. `speed` of motions; `mode` of the
    stage."""

    theme: str = ""
    lang: str = ""
    geometry: str = ""
    speed: float = 1.0
    mode: str = "auto"
    notes: bool = False
    reduced_motion: bool = False
    left_px: int = 0
    right_px: int = 0
    explore_left_px: int = 0
    explore_right_px: int = 0
    started: bool = False


class Read(NamedTuple):
    """What was read, and the file that a damaged one was put aside as."""

    settings: Settings
    damaged: Path | None = None


def folder() -> Path:
    """Where settings and the unfinished build lie; `LAYERVIZ_CONFIG` names another place."""
    chosen = os.environ.get("LAYERVIZ_CONFIG")
    return Path(chosen) if chosen else user_folder("config")


def load(file: Path) -> Read:
    """The settings in `file`; those of a first start where there is none."""
    try:
        return Read(value_of(Settings, json.loads(file.read_bytes())))
    except FileNotFoundError:
        return Read(Settings())
    except ValueError:
        return Read(Settings(), put_aside(file))
    except OSError:
        return Read(Settings())


def save(file: Path, settings: Settings) -> None:
    """Writes `settings` to `file`, all or nothing. Raises `SettingsError`."""
    usual = Settings._field_defaults
    chosen = {name: value for name, value in settings._asdict().items() if value != usual[name]}
    write_atomically(file, json.dumps(chosen, ensure_ascii=False, indent=2).encode() + b"\n")


def write_atomically(file: Path, data: bytes) -> None:
    """`file` holds `data` afterwards, or what it held before. Raises `SettingsError`."""
    try:
        write_whole(file, data)
    except OSError as error:
        raise SettingsError(file, error.strerror or str(error), "is the folder writable?") from error


def put_aside(file: Path) -> Path | None:
    """Renames a damaged `file` to `name.damaged.json`; the new name, or None where even that is refused."""
    aside = file.with_name(f"{file.stem}.damaged{file.suffix}")
    try:
        os.replace(file, aside)
    except OSError:
        return None
    return aside
