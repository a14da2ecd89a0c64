"""What `docker load` and `docker save` reach when a script runs on this machine: real files, relative to a folder."""

import os
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from layerviz.engine.content import Range
from layerviz.engine.world import World
from layerviz.images import contents, docker_archive
from layerviz.images.problems import ImageProblem
from layerviz.shell.machine import Brought, PortError, Ports
from layerviz.strings import Lang

P = ParamSpec("P")
R = TypeVar("R")


def ports(folder: str, *, lang: Lang = "en", terminal: bool = False) -> Ports:
    """Ports whose `load` and `save` name files relative to `folder`. What goes wrong is said in `lang`.

    `load` holds each layer against its DiffID, as docker does.
    """

    def load(file: str) -> tuple[Brought, ...]:
        images = docker_archive.index(os.path.join(folder, file))
        docker_archive.check_diff_ids(images)
        return tuple(Brought(one.image, one.refs) for one in images)

    def save(world: World, refs: tuple[str, ...], file: str) -> None:
        docker_archive.save(world, refs, os.path.join(folder, file))

    def read(extent: Range, start: int, size: int) -> bytes:
        return contents.read(extent, start, size)

    return Ports(
        load=_in_words(load, lang), save=_in_words(save, lang), read=_in_words(read, lang), terminal=terminal, lang=lang
    )


def _in_words(port: Callable[P, R], lang: Lang) -> Callable[P, R]:
    def said(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return port(*args, **kwargs)
        except ImageProblem as problem:
            raise PortError(problem.said(lang)) from problem

    return said
