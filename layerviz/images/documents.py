"""JSON documents: those from outside, which may be anything, and those that are written into archives and layouts."""

import json
from typing import Any, TypeVar

import msgspec

from layerviz.engine.paths import display
from layerviz.images.problems import ImageProblem

T = TypeVar("T")

LARGEST_BYTES = 16 << 20
_MOST_IMAGES = 10_000
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)
"""What `msgspec.json.decode` raises where the bytes are no JSON, have another shape or are nested too deep."""


def decoded(data: bytes, shape: type[T], where: str) -> T:
    """The JSON `data` as `shape`. Raises `ImageProblem` where it is no JSON or has another shape."""
    try:
        return msgspec.json.decode(data, type=shape)
    except RecursionError:
        raise ImageProblem(where, "json_too_deep") from None
    except msgspec.ValidationError as error:
        raise ImageProblem(where, "json_shape", {"reason": str(error)}) from None
    except UNREADABLE as error:
        raise ImageProblem(where, "no_json", {"reason": str(error)}) from None


def everything(data: bytes, where: str) -> Any:
    """All that the JSON `data` says, also what is not known here. Raises `ImageProblem`."""
    try:
        return json.loads(data)
    except RecursionError:
        raise ImageProblem(where, "json_too_deep") from None
    except ValueError as error:
        raise ImageProblem(where, "no_json", {"reason": str(error)}) from None


def require_small(size_bytes: int, name: str, where: str, limit_bytes: int = LARGEST_BYTES) -> None:
    """Raises `ImageProblem` where a document is too large to be read as a whole."""
    if size_bytes > limit_bytes:
        values = {"name": display(name), "size": size_bytes, "limit": limit_bytes}
        raise ImageProblem(where, "json_too_large", values)


def require_few_images(count: int, where: str) -> None:
    """Raises `ImageProblem` where a document lists more images than anybody has."""
    if count > _MOST_IMAGES:
        raise ImageProblem(where, "too_many_images", {"count": count, "limit": _MOST_IMAGES})


def compact(document: object) -> bytes:
    """JSON without blanks, as docker writes it."""
    return json.dumps(document, separators=(",", ":"), ensure_ascii=False).encode()
