"""The outer tar of an archive of images: which name lies where in the file, links between names followed."""

import posixpath
from dataclasses import dataclass
from typing import NamedTuple

from layerviz.engine.paths import display
from layerviz.images.bytesource import FileBytes, Region, bytes_of
from layerviz.images.documents import require_small
from layerviz.images.layers import Blob, Progress
from layerviz.images.problems import ImageProblem, Report
from layerviz.images.tar import BLOCK_BYTES, Place, looks_like_tar, members

_TOLD_EVERY = 4096


class Span(NamedTuple):
    """Bytes `start` to `end` (not included) of the archive's file."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Archive:
    """An open archive. `files` says where the bytes of each regular name lie, `links` where each link leads; `ended`:
    its end mark is there."""

    file: str
    data: FileBytes
    files: dict[str, Span]
    links: dict[str, str]
    ended: bool

    def __contains__(self, name: str) -> bool:
        return name in self.files or name in self.links

    def span(self, name: str) -> Span:
        """Where the bytes of `name` lie, links followed.

        Raises `ImageProblem` when it is missing, or when links lead in a circle.
        """
        at = posixpath.normpath(name)
        seen: set[str] = set()
        while at in self.links:
            if at in seen:
                raise ImageProblem(self.file, "link_circle", {"name": display(name)})
            seen.add(at)
            at = self.links[at]
        if at not in self.files:
            raise ImageProblem(self.file, "missing", {"name": display(name)})
        return self.files[at]

    def blob(self, name: str) -> Blob:
        return Blob(self.file, *self.span(name))

    def text(self, name: str) -> bytes:
        """The bytes of a small file: JSON that describes the rest."""
        span = self.span(name)
        require_small(span.end - span.start, name, self.file)
        return self.data[span.start : span.end]


def opened(file: str, reports: list[Report], progress: Progress | None = None) -> Archive:
    """The archive `file` with its table of contents; `progress` is told of where that is long.

    Raises `ImageProblem` where it is no tar or is cut.
    """
    whole = bytes_of(file)
    if not looks_like_tar(whole[:BLOCK_BYTES]):
        raise ImageProblem(file, "no_tar")
    files: dict[str, Span] = {}
    links: dict[str, str] = {}
    place = Place(file)
    source = Region(whole, 0, len(whole))
    for count, member in enumerate(members(source, place, reports), 1):
        if progress and count % _TOLD_EVERY == 0:
            progress(member.header, len(whole))
        name = _inside(member.name, place.at(member.header))
        files.pop(name, None)
        links.pop(name, None)
        if member.segments is not None:
            # What an archive consists of is read where it lies.
            raise ImageProblem(place.at(member.header), "sparse")
        if member.type == "0":
            files[name] = Span(member.data, member.data + member.size)
        elif member.type in "12":
            folder = posixpath.dirname(name) if member.type == "2" else ""
            target = posixpath.join(folder, _text(member.linkname)).lstrip("/")
            links[name] = posixpath.normpath(target)
    ended = all(report.key != "no_end_mark" for report in reports)
    return Archive(file, whole, files, links, ended)


def _inside(name: bytes, where: str) -> str:
    text = posixpath.normpath(_text(name).lstrip("/"))
    if text == ".." or text.startswith("../"):
        raise ImageProblem(where, "leaves_archive", {"name": display(_text(name))})
    return text


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
