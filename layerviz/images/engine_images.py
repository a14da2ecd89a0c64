"""All images of an engine, as it describes them: ids, names, the DiffIDs of their layers and how large it says those
are. Nothing is exported, so no layer has entries: an image is opened by its `origin`.

Docker counts the files of a layer, podman the bytes of its tar.
"""

import re
from collections.abc import Sequence
from functools import partial
from typing import NamedTuple

import msgspec

from layerviz.engine.digests import is_diff_id
from layerviz.engine.table import Table
from layerviz.engine.world import HistoryLine, Image, Layer, Quoted
from layerviz.images.assembling import BroughtImage
from layerviz.images.engines import PATIENCE, Asked, EngineFailed, NoSuchImage, asking
from layerviz.images.instruction import instruction
from layerviz.images.layers import Progress
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import Engine
from layerviz.images.registry.together import Patience, together

_NEVER_A_LAYER = re.compile(
    "ARG|CMD|ENTRYPOINT|ENV|EXPOSE|HEALTHCHECK|LABEL|MAINTAINER|ONBUILD|SHELL|STOPSIGNAL|USER|VOLUME"
)


class _Listed(msgspec.Struct):
    Id: str
    RepoTags: list[str] | None = None
    RepoDigests: list[str] | None = None
    Size: int = 0
    Created: int = 0

    @property
    def digits(self) -> str:
        return self.Id.removeprefix("sha256:")

    @property
    def refs(self) -> tuple[str, ...]:
        return tuple(ref for ref in self.RepoTags or () if "<none>" not in ref)


class _RootFs(msgspec.Struct):
    Layers: list[str] | None = None


class _Recorded(msgspec.Struct):
    empty_layer: bool = False


class _Inspected(msgspec.Struct):
    RootFS: _RootFs
    History: list[_Recorded] | None = None
    """Podman's own; docker does not tell which lines made no layer."""


class _Past(msgspec.Struct):
    Created: int = 0
    CreatedBy: str = ""
    Comment: str = ""
    Size: int = 0


class _Line(NamedTuple):
    """A line of the history, and whether it made a layer, where that is known."""

    said: _Past
    made_layer: bool | None


def images_in(
    engine: Engine, progress: Progress | None = None, patience: Patience = PATIENCE
) -> tuple[BroughtImage, ...]:
    """The images that the engine has, as it lists them. Their layers are quoted: ids and bytes; these are None where
    the history does not tell them.

    `progress` is called now and then, for what it raises ends the asking. Raises `ImageProblem`.
    """
    with asking(engine, engine, patience) as asked:

        def tick(done: int, all_bytes: int) -> None:
            if progress:
                progress(0, 0)

        (listed,) = together([lambda: asked.answer("/images/json", "", list[_Listed])], asked.watch, tick)
        if not listed:
            raise ImageProblem(engine, "engine_empty")
        jobs = [partial(_described, asked, engine, one) for one in listed]
        found = together(jobs, asked.watch, tick)
    return tuple(image for image in found if image is not None)


def _described(asked: Asked, engine: Engine, listed: _Listed) -> BroughtImage | None:
    """None where the image has gone since it was listed."""
    own = "/v4.0.0/libpod" if engine == "podman" else ""
    try:
        inspected = asked.answer(f"{own}/images/{listed.digits}/json", listed.digits, _Inspected)
        past = _history(asked, listed)
    except NoSuchImage:
        return None
    origin = f"{engine}:{listed.refs[0] if listed.refs else listed.digits}"
    diff_ids = tuple(inspected.RootFS.Layers or ())
    for diff_id in diff_ids:
        if not is_diff_id(diff_id):
            raise ImageProblem(origin, "bad_digest", {"got": ascii(diff_id)})
    lines = _lines(past[::-1], inspected.History)
    made = _made_layers(lines, len(diff_ids))
    sizes: list[int | None] = [None] * len(diff_ids)
    texts = [""] * len(diff_ids)
    if made is not None:
        sizes = [size if (size := lines[number].said.Size) >= 0 else None for number in made]
        texts = [instruction(lines[number].said.CreatedBy) for number in made]
    elif len(diff_ids) == 1:
        sizes = [listed.Size]
    image = Image(
        key=0,
        layers=tuple(
            Layer(0, Table(), text, quoted_diff_id=diff_id, quoted_bytes=size)
            for text, diff_id, size in zip(texts, diff_ids, sizes, strict=True)
        ),
        history=tuple(
            HistoryLine(line.said.Created, line.said.CreatedBy, number not in (made or ()), line.said.Comment)
            for number, line in enumerate(lines)
        ),
        created=listed.Created,
        quoted=Quoted(listed.Id, "", "", listed.Size),
        repo_digests=tuple(one for one in listed.RepoDigests or () if "<none>" not in one),
        origin=origin,
    )
    return BroughtImage(image, listed.refs)


def _history(asked: Asked, listed: _Listed) -> list[_Past]:
    """Newest first; nothing where the engine cannot tell it: podman falls over a line without a time."""
    try:
        return asked.answer(f"/images/{listed.digits}/history", listed.digits, list[_Past])
    except EngineFailed:
        return []


def _lines(past: Sequence[_Past], recorded: Sequence[_Recorded] | None) -> list[_Line]:
    """Oldest first."""
    if recorded and len(recorded) == len(past):
        return [_Line(said, not one.empty_layer) for said, one in zip(past, recorded, strict=True)]
    return [_Line(said, None) for said in past]


def _made_layers(lines: Sequence[_Line], count: int) -> list[int] | None:
    """The numbers of the lines that made `count` layers: those with bytes, and of those without the likeliest. None
    where the history does not fit."""
    surest = sorted(range(len(lines)), key=lambda number: (_doubt(lines[number]), number))
    made = sorted(surest[:count])
    known = [number for number, line in enumerate(lines) if _doubt(line) == 0]
    return made if len(made) == count and set(known) <= set(made) else None


def _doubt(line: _Line) -> int:
    """How unlikely it is that the line made a layer; 0: it did."""
    if line.made_layer is not None:
        return 0 if line.made_layer else 9
    if line.said.Size:
        return 0
    word = instruction(line.said.CreatedBy).partition(" ")[0]
    return 3 if _NEVER_A_LAYER.fullmatch(word) else 2 if word == "WORKDIR" else 1
