"""The JSON of an image: its config (image-spec, config.md) as values. The bytes themselves are kept beside them.

Field names are those of the JSON. null counts as absent, and fields that are not known here are no error.
"""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

import msgspec

from layerviz.engine.world import Config, HistoryLine
from layerviz.images.documents import decoded
from layerviz.images.platforms import Platform, offered
from layerviz.images.problems import ImageProblem

_MOMENT = re.compile(r"(\d{4})-(\d\d)-(\d\d)[Tt](\d\d):(\d\d):(\d\d)(?:\.\d+)?(?:[Zz]|([+-])(\d\d):(\d\d))", re.ASCII)
_MOST_HISTORY = 10_000


@dataclass(frozen=True, slots=True)
class Described:
    """What a config says: `config` with the bytes in `raw`, the history, when it was made, the DiffIDs bottom first."""

    config: Config
    history: tuple[HistoryLine, ...]
    created: int
    diff_ids: tuple[str, ...]


class _HistoryLine(msgspec.Struct):
    created: str | None = None
    created_by: str | None = None
    comment: str | None = None
    empty_layer: bool | None = None


class _RootFs(msgspec.Struct):
    type: str = ""
    diff_ids: list[str] | None = None


class _Running(msgspec.Struct):
    Env: list[str] | None = None
    Cmd: list[str] | str | None = None
    Entrypoint: list[str] | str | None = None
    WorkingDir: str | None = None
    User: str | None = None
    Labels: dict[str, str] | None = None
    ExposedPorts: dict[str, object] | None = None
    Volumes: dict[str, object] | None = None


class _Image(msgspec.Struct):
    rootfs: _RootFs
    created: str | None = None
    config: _Running | None = None
    history: list[_HistoryLine] | None = None


def described(data: bytes, where: str) -> Described:
    """What the config `data` says. Raises `ImageProblem` naming the field that is not as the specification wants it."""
    image = decoded(data, _Image, where)
    if image.rootfs.type != "layers":
        raise ImageProblem(where, "rootfs_type", {"got": ascii(image.rootfs.type)})
    count = len(image.history or ())
    if count > _MOST_HISTORY:
        raise ImageProblem(where, "too_much_history", {"count": count, "limit": _MOST_HISTORY})
    running = image.config or _Running()
    config = Config(
        env=tuple(_pair(line) for line in running.Env or ()),
        cmd=_words(running.Cmd),
        entrypoint=_words(running.Entrypoint),
        working_dir=running.WorkingDir or "",
        user=running.User or "",
        labels=tuple(sorted((running.Labels or {}).items())),
        exposed_ports=tuple(sorted(running.ExposedPorts or {})),
        volumes=tuple(sorted(running.Volumes or {})),
        raw=data,
    )
    created = _seconds(image.created)
    history = tuple(
        HistoryLine(
            created=_seconds(line.created) if line.created else created,
            created_by=line.created_by or "",
            empty_layer=bool(line.empty_layer),
            comment=line.comment or "",
        )
        for line in image.history or ()
    )
    return Described(config, history, created, tuple(image.rootfs.diff_ids or ()))


class _Made(msgspec.Struct):
    os: str = ""
    architecture: str = ""
    variant: str | None = None


def runs_on(data: bytes, where: str) -> Platform:
    """The platform that the config `data` names. Raises `ImageProblem`."""
    said = decoded(data, _Made, where)
    return offered(said.os, said.architecture, said.variant)


def _pair(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    return name, value


def _words(value: list[str] | str | None) -> tuple[str, ...] | None:
    # Docker's own type takes a single string for a list of one.
    if value is None:
        return None
    return (value,) if isinstance(value, str) else tuple(value)


def _seconds(text: str | None) -> int:
    """RFC 3339 as seconds since 1970; 0 where there is none or it is not legible (it decides nothing)."""
    match = _MOMENT.fullmatch(text or "")
    if match is None:
        return 0
    year, month, day, hour, minute, second = (int(part) for part in match.groups()[:6])
    away = timedelta(hours=int(match[8]), minutes=int(match[9])) if match[7] else timedelta()
    try:
        zone = timezone(-away if match[7] == "-" else away) if away else UTC
        return int(datetime(year, month, day, hour, minute, min(second, 59), tzinfo=zone).timestamp())
    except (ValueError, OverflowError):
        return 0
