"""Blobs brought into the cache: hashed while they stream, gone on with where they were cut."""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from layerviz.images.layers import Progress
from layerviz.images.manifests import Descriptor
from layerviz.images.onlooker import Onlooker
from layerviz.images.problems import ImageProblem
from layerviz.images.registry import cache
from layerviz.images.registry.client import Client, Interrupted, Tries
from layerviz.images.registry.together import Watch, together
from layerviz.kept import use

_PIECE_BYTES = 1 << 20
_ENOUGH_BYTES = 1 << 20
"""A connection that brought so much before it broke is worth as many tries again."""


class _Anew(Exception):
    """What is there already leads nowhere: bytes of an earlier download that are others, or a registry that does not
    know how to go on."""


def brought(
    client: Client,
    wanted: Sequence[Descriptor],
    watch: Watch,
    progress: Progress | None = None,
    onlooker: Onlooker | None = None,
    there: Callable[[Sequence[str]], None] | None = None,
) -> dict[str, Path]:
    """The file of each blob of `wanted` by its digest, downloaded where the cache does not have it.

    `onlooker` is told how far each is, `there` of each that lies in the cache, whole: first of those that did before.
    Raises `ImageProblem`, and what these raise; what is there by then stays.
    """
    blobs = {one.digest: one for one in wanted}
    missing = [one for one in blobs.values() if not _is_kept(one)]
    had = [digest for digest in blobs if digest not in {one.digest for one in missing}]
    needed_bytes = sum(one.size for one in missing)
    watch.advance(sum(one.size for one in blobs.values()) - needed_bytes)
    if onlooker:
        for digest in had:
            onlooker.arrived(digest, blobs[digest].size)
    if missing:
        _require_room(client.where, sum(one.size for one in missing if not _is_here(one)))
    if there:
        there(had)
    if missing:
        came = (lambda number: there([missing[number].digest])) if there else None
        together([_Download(client, one, watch, onlooker).run for one in missing], watch, progress, came)
    elif progress:
        progress(watch.done_bytes, watch.all_bytes)
    return {digest: cache.blob_file(digest) for digest in blobs}


class _Download:
    """One blob on its way into the cache."""

    def __init__(self, client: Client, blob: Descriptor, watch: Watch, onlooker: Onlooker | None) -> None:
        self._client = client
        self._blob = blob
        self._watch = watch
        self._onlooker = onlooker
        self._where = f"{client.where}, {blob.digest}"
        self._counted = 0
        self._ranges = True

    def run(self) -> None:
        file = cache.blob_file(self._blob.digest)
        with cache.on_this_disk(file), cache.part_of(file) as part:
            if self._was_here(file):
                with suppress(OSError):
                    part.file.unlink()
                return
            try:
                self._fill(part)
            except _Anew:
                self._ranges = False
                part.stream.truncate(0)
                self._fill(part)
            cache.keep_blob(part, file)

    def _was_here(self, file: Path) -> bool:
        """Whether the blob is in the cache: another process was faster than our lock, or one that has changed since it
        was verified is still what its digest says."""
        if not _is_here(self._blob):
            return False
        if not cache.is_verified(file):
            digest = _new_hash(self._blob)
            with file.open("rb") as stream:
                self._hash(stream, digest)
            if _digest(digest) != self._blob.digest:
                cache.forget(file)
                return False
            cache.verified(file)
        self._count(self._blob.size)
        return True

    def _hash(self, stream: BinaryIO, digest: "hashlib._Hash") -> int:
        """Hashes what is there from here on, and how much that is."""
        there = 0
        while piece := stream.read(_PIECE_BYTES):
            self._watch.go_on()
            digest.update(piece)
            there += len(piece)
            self._watch.sign()
        return there

    def _fill(self, part: cache.Part) -> None:
        """All of the blob is in `part` afterwards. Raises `ImageProblem`, `_Anew`."""
        tries = Tries(self._watch)
        digest = _new_hash(self._blob)
        there = old = self._take_over(part, digest)
        while there < self._blob.size:
            before = there
            try:
                there = self._stream(part, digest, there)
                if there < self._blob.size:
                    raise Interrupted(self._cut(there))
            except Interrupted as cut:
                there = part.stream.tell()
                if there - before >= _ENOUGH_BYTES:
                    tries.renew()
                elif there > before:
                    tries.came()
                tries.again(Interrupted(self._cut(there), cut.pause_s) if there > before else cut)
        got = _digest(digest)
        if got != self._blob.digest:
            part.stream.truncate(0)
            if old:
                raise _Anew
            raise ImageProblem(self._where, "registry_wrong_blob", {"got": got})

    def _take_over(self, part: cache.Part, digest: "hashlib._Hash") -> int:
        """What an earlier download left, hashed; the part stands behind it then."""
        part.stream.seek(0)
        if os.fstat(part.stream.fileno()).st_size > self._blob.size:
            part.stream.truncate(0)
        there = self._hash(part.stream, digest)
        self._count(there)
        return there

    def _stream(self, part: cache.Part, digest: "hashlib._Hash", there: int) -> int:
        """Appends what the registry sends from byte `there` on; how much is there when its answer ends."""
        headers = {"Range": f"bytes={there}-"} if there and self._ranges else {}
        missing = ImageProblem(self._client.where, "registry_no_blob", {"digest": self._blob.digest})
        with self._client.answer(f"blobs/{self._blob.digest}", self._where, missing, headers) as response:
            begins = _begins(response.headers.get("Content-Range", "")) if response.status_code == 206 else 0
            if response.status_code == 416 or begins not in (0, there):
                if headers:
                    raise _Anew
                raise ImageProblem(self._where, "registry_status", {"status": response.status_code})
            said = response.headers.get("Content-Length", "")
            if said.isascii() and said.isdigit() and begins + int(said) > self._blob.size:
                raise self._too_long(begins + int(said))
            skip = there - begins
            for piece in response.iter_raw():
                self._watch.go_on()
                # A registry that knows no ranges begins anew; what is there already is not needed twice.
                fresh = piece[skip:] if skip else piece
                skip -= len(piece) - len(fresh)
                there += len(fresh)
                if there > self._blob.size:
                    raise self._too_long(there)
                part.stream.write(fresh)
                digest.update(fresh)
                self._count(there)
        return there

    def _count(self, there: int) -> None:
        """What is there counts once, however often it has to be brought."""
        self._watch.advance(max(0, there - self._counted))
        self._counted = max(there, self._counted)
        if self._onlooker:
            self._onlooker.arrived(self._blob.digest, self._counted)

    def _cut(self, there: int) -> ImageProblem:
        return ImageProblem(self._where, "registry_cut", {"got": there, "expected": self._blob.size})

    def _too_long(self, got: int) -> ImageProblem:
        return ImageProblem(self._where, "registry_too_long", {"got": got, "expected": self._blob.size})


def _new_hash(blob: Descriptor) -> "hashlib._Hash":
    return hashlib.new(blob.digest.partition(":")[0])


def _digest(of: "hashlib._Hash") -> str:
    return f"{of.name}:{of.hexdigest()}"


def _is_here(blob: Descriptor) -> bool:
    """Whether the cache has a blob of that size, be it the right one or not."""
    file = cache.blob_file(blob.digest)
    # Another process may delete it at any moment.
    with suppress(OSError):
        return file.stat().st_size == blob.size
    return False


def _is_kept(blob: Descriptor) -> bool:
    file = cache.blob_file(blob.digest)
    with suppress(OSError):
        return _is_here(blob) and cache.is_verified(file) and use(file)
    return False


def _begins(content_range: str) -> int:
    """Where the part begins that an answer 206 holds: "bytes 100-199/200"."""
    unit, _, rest = content_range.partition(" ")
    begin = rest.partition("-")[0]
    return int(begin) if unit.lower() == "bytes" and begin.isascii() and begin.isdigit() else -1


def _require_room(where: str, needed_bytes: int) -> None:
    folder = cache.downloads()[0]
    with cache.on_this_disk(folder):
        folder.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(folder).free
    if needed_bytes > free:
        raise ImageProblem(where, "no_room", {"needed": needed_bytes, "free": free, "folder": folder})
