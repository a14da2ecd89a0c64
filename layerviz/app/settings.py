"""What is remembered of the window from one time to the next: one JSON file in the user's own config folder.

It is written atomically. One that cannot be read is put aside under a name of its own, never fatal.
"""

import os
from dataclasses import dataclass
from pathlib import Path

import msgspec

from layerviz.kept import write_whole
from layerviz.resources import Problem


class SettingsError(Problem):
    """The settings could not be written."""


class Settings(msgspec.Struct, frozen=True, omit_defaults=True):
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
    started: bool = False


@dataclass(frozen=True, slots=True)
class Read:
    """What was read, and the file that a damaged one was put aside as."""

    settings: Settings
    damaged: Path | None = None


def folder() -> Path:
    """Where settings and the unfinished build lie; `LAYERVIZ_CONFIG` names another place."""
    chosen = os.environ.get("LAYERVIZ_CONFIG")
    if chosen:
        return Path(chosen)
    import platformdirs

    return Path(platformdirs.user_config_dir("layerviz", appauthor=False))


def load(file: Path) -> Read:
    """The settings in `file`; those of a first start where there is none."""
    try:
        return Read(msgspec.json.decode(file.read_bytes(), type=Settings))
    except FileNotFoundError:
        return Read(Settings())
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return Read(Settings(), put_aside(file))
    except OSError:
        return Read(Settings())


def save(file: Path, settings: Settings) -> None:
    """Writes `settings` to `file`, all or nothing. Raises `SettingsError`."""
    write_atomically(file, msgspec.json.format(msgspec.json.encode(settings), indent=2) + b"\n")


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
