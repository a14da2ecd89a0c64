"""Where an image is, as a person writes it: the references of skopeo and podman, and those of scripts and lessons."""

import os
import re
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Literal, NamedTuple

from layerviz.images.problems import ImageProblem

Form = Literal["docker-archive", "oci", "oci-archive"]
Engine = Literal["docker-daemon", "podman"]

TRANSPORTS = (
    "docker-archive:",
    "oci:",
    "oci-archive:",
    "script:",
    "docker://",
    "docker-daemon:",
    "podman:",
    "lesson:",
)
"""How references begin that are no bare paths."""

_DEFAULT_TAG = "latest"
_TRANSPORT = re.compile(r"([a-z][a-z-]*):(.*)", re.DOTALL)
_LONGEST_PATH = 4096
_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_REF_NAME = re.compile(r"[A-Za-z0-9]+(?:(?:[-._:@+/]|--)[A-Za-z0-9]+)*")
"""image-spec, annotations.md, "org.opencontainers.image.ref.name"."""
_NUMBER = re.compile(r"@[0-9]{1,9}", re.ASCII)
_ELSEWHERE = ("dir", "containers-storage", "ostree", "sif", "tarball", "atomic", "http", "https", "docker-tar")
"""Transports of skopeo that layerviz does not have, and what people take for one."""


class InFile(NamedTuple):
    """An image of a file or folder: `form` None where the content is to tell what it is.

    `name` is the one it has there ("": the only image), or `number` counts from 0 (-1: none was given).
    """

    form: Form | None
    file: str
    name: str = ""
    number: int = -1


class InRegistry(NamedTuple):
    """An image of a registry. `host` ("docker.io", "localhost:5000") and `repository` ("library/alpine") are whole;
    `tag` is "" only where a digest ("sha256:…") says more."""

    host: str
    repository: str
    tag: str
    digest: str = ""

    @property
    def name(self) -> str:
        """As docker shows it: "alpine:latest", "registry.example/a/b@sha256:…"."""
        from layerviz.shell import references

        short = references.familiar(self.host, self.repository)
        return short + (f"@{self.digest}" if self.digest else f":{self.tag}")


class InEngine(NamedTuple):
    """An image that an engine of this machine has, by a name or an id that the engine understands; "": all it has."""

    engine: Engine
    name: str


class Made(NamedTuple):
    """An image that a script or a lesson makes: `place` is the script's file or the lesson's id, `name` that of the
    image there ("": the only one)."""

    by: Literal["script", "lesson"]
    place: str
    name: str = ""


Reference = InFile | InRegistry | InEngine | Made


def parsed(text: str, exists: Callable[[str], bool] = os.path.exists) -> Reference:
    """What `text` refers to. Where a path holds colons, the longest part that `exists` is the path; where nothing does,
    it ends at the first colon, as in skopeo.

    Raises `ImageProblem`, which lists the forms, where the text is none of them.
    """
    if "\0" in text:
        raise ImageProblem(ascii(text), "transport")
    match = _TRANSPORT.fullmatch(text)
    transport, rest = match.groups() if match else ("", text)
    match transport:
        case "docker-archive" | "oci" | "oci-archive":
            return _in_file(text, transport, rest, exists)
        case "docker" if rest.startswith("//"):
            return _in_registry(text, rest[2:])
        case "docker-daemon" | "podman":
            return InEngine(transport, _required(text, rest) if rest else "")
        case "script":
            file, name = _cut(_required(text, rest), exists)
            return Made("script", file, name)
        case "lesson":
            lesson, _, name = _required(text, rest).partition(":")
            return Made("lesson", lesson, name)
    if not text or (transport and not exists(text) and _is_meant_as_transport(transport)):
        raise ImageProblem(text, "transport")
    cut = _existing(text, exists)
    return _in_file(text, None, text, exists) if cut else InFile(None, text)


def _is_meant_as_transport(word: str) -> bool:
    """Whether `word:` is no image's name: another transport, or one of ours that is mistyped."""
    from difflib import get_close_matches

    ours = [transport.partition(":")[0] for transport in TRANSPORTS]
    return word in _ELSEWHERE or bool(get_close_matches(word, ours, 1, 0.8))


def tags(refs: Iterable[str]) -> tuple[str, ...]:
    """Those of the names that a store may give an image, in full: layouts call one whatever they like."""
    from layerviz.shell import references

    found: list[str] = []
    for ref in refs:
        with suppress(references.BadReference):
            read = references.parse(ref)
            if not read.digest:
                found.append(read.ref)
    return tuple(dict.fromkeys(found))


def require_tag(place: InFile, text: str) -> None:
    """Raises `ImageProblem` where an image may not be called so at `place`."""
    allowed = tags([place.name]) if place.form == "docker-archive" else _REF_NAME.fullmatch(place.name)
    if not allowed:
        raise ImageProblem(text, "tag", {"name": place.name})


def _in_file(text: str, form: Form | None, rest: str, exists: Callable[[str], bool]) -> InFile:
    file, name = _cut(_required(text, rest), exists)
    if _NUMBER.fullmatch(name):
        return InFile(form, file, number=int(name[1:]))
    return InFile(form, file, name)


def _in_registry(text: str, rest: str) -> InRegistry:
    from layerviz.shell import references

    try:
        read = references.parse(rest)
    except references.BadReference:
        raise ImageProblem(text, "registry_name") from None
    return InRegistry(read.domain, read.path, read.tag or ("" if read.digest else _DEFAULT_TAG), read.digest)


def _required(text: str, rest: str) -> str:
    if not rest or rest.startswith(":"):
        raise ImageProblem(text, "transport")
    return rest


def _cut(rest: str, exists: Callable[[str], bool]) -> tuple[str, str]:
    """The path and what stands behind its colon."""
    cut = _existing(rest, exists)
    if cut == 0:
        cut = rest.find(":", 2 if _DRIVE.match(rest) else 0)
    return (rest, "") if cut < 0 else (rest[:cut], rest[cut + 1 :])


def _existing(rest: str, exists: Callable[[str], bool]) -> int:
    """Where the longest path at the beginning of `rest` ends that is there; 0 where none is."""
    longest = min(len(rest), _LONGEST_PATH)
    cuts = (len(rest), *(at for at in range(longest - 1, 0, -1) if rest[at] == ":"))
    return next((cut for cut in cuts if exists(rest[:cut])), 0)
