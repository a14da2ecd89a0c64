"""What `docker load` and `docker save` reach when a script runs on this machine: real files, relative to a folder."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from layerviz.engine.content import Range
from layerviz.engine.world import World
from layerviz.images import contents, opening, saving
from layerviz.images.problems import ImageProblem
from layerviz.images.reference import tags
from layerviz.images.verifying import check_diff_ids
from layerviz.shell.machine import Brought, PortError, Ports
from layerviz.strings import Lang, tr

_OF_THE_WHOLE = ("no_manifest", "no_images", "layers_mismatch", "wrong_diff_id")
"""Problems that docker tells without the archive's name."""


def ports(folder: str, *, lang: Lang = "en", terminal: bool = False) -> Ports:
    """Ports whose `load` and `save` name files relative to `folder`.

    `load` takes every archive that can be opened, and holds each layer against its DiffID, as docker does. What goes
    wrong is said as docker says it, in English; the line of what to do about it is in `lang`.
    """

    def load(file: str) -> tuple[Brought, ...]:
        path = os.path.join(folder, file)
        with _told(lang, lambda problem: _not_loaded(problem, path, file)):
            images = opening.images_in(path)
            check_diff_ids(images)
        return tuple(Brought(one.image, tags(one.refs)) for one in images)

    def save(world: World, refs: tuple[str, ...], file: str) -> None:
        path = os.path.join(folder, file)
        with _told(lang, lambda problem: _not_saved(problem, path, file)):
            saving.save(world, refs, path)

    def read(extent: Range, start: int, size: int) -> bytes:
        with _told(lang, lambda problem: f"{problem.where}: {problem.what}"):
            return contents.read(extent, start, size)

    return Ports(load=load, save=save, read=read, terminal=terminal, lang=lang)


@contextmanager
def _told(lang: Lang, message: Callable[[ImageProblem], str]) -> Iterator[None]:
    try:
        yield
    except ImageProblem as problem:
        hint = tr(lang, f"images.{problem.key}.hint", **problem.values)
        raise PortError(f"{message(problem)}\n{tr(lang, 'shell.hint')}{hint}") from problem


def _not_loaded(problem: ImageProblem, path: str, file: str) -> str:
    """The words of docker's client where the file cannot be opened, else of its engine (cli image/load.go)."""
    if problem.key == "cannot_open":
        return f"open {file}: {_lower(problem)}"
    if problem.key == "is_folder":
        return f"open {file}: is a directory"
    where = "" if problem.key in _OF_THE_WHOLE else f"{problem.where.replace(path, file, 1)}: "
    return f"Error response from daemon: {where}{problem.what}"


def _not_saved(problem: ImageProblem, path: str, file: str) -> str:
    """The words of docker's client, which writes the file (cli image/save.go, moby/sys/atomicwriter)."""
    match problem.key:
        case "no_folder":
            folder = os.path.dirname(file)
            return f"failed to save image: invalid output path: stat {folder}: no such file or directory"
        case "is_folder":
            return "failed to save image: cannot write to a directory"
        case "not_allowed" | "cannot_write":
            return f"failed to save image: open {file}: {_lower(problem)}"
        case "disk_full":
            return f"write {file}: {_lower(problem)}"
        case _:
            return f"Error response from daemon: {problem.where.replace(path, file, 1)}: {problem.what}"


def _lower(problem: ImageProblem) -> str:
    """The system's reason as Go writes it: "permission denied"."""
    reason = str(problem.values["reason"])
    return reason[:1].lower() + reason[1:]
