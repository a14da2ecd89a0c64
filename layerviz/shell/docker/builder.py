"""A build under way: the image and config it has reached, its cache, and the images it may stand on."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from layerviz.engine import find
from layerviz.engine.actions import (
    AddImage,
    FinishBuild,
    UseCache,
)
from layerviz.engine.drivers import MAX_LAYERS
from layerviz.engine.entry import Entry
from layerviz.engine.world import Config, HistoryLine, Image
from layerviz.shell import references
from layerviz.shell.docker import pulling
from layerviz.shell.docker.calls import Call
from layerviz.shell.docker.context import Context
from layerviz.shell.dockerfile import Instruction
from layerviz.shell.names import random_id
from layerviz.shell.references import BadReference
from layerviz.shell.streams import Stream
from layerviz.shell.variables import expand

SHELL = ("/bin/sh", "-c")


@dataclass(frozen=True, slots=True)
class BuildFailed(Exception):
    """A step that failed; the client prints the message and ends with the status."""

    message: str
    status: int = 1
    hint_key: str = ""
    hint_values: tuple[tuple[str, object], ...] = ()


class Builder:
    """One build under way: where it stands, and what it prints to."""

    def __init__(self, call: Call, out: Stream, sent: Context, ref: str, *, use_cache: bool) -> None:
        self.call = call
        self.machine = call.machine
        self.out = out
        self.context = sent
        self.ref = ref
        self.uses_cache = use_cache
        self.may_hit = use_cache
        self.image: Image | None = None
        self.config = Config()
        self.build_args: dict[str, str] = {}
        self.global_args: dict[str, str] = {}
        self.args: dict[str, str] = {}
        self.cmd_set = False
        self.stages: list[tuple[str, Image | None]] = []
        self.known_args: set[str] = set()

    def finish(self) -> Image | None:
        """Gives the image its name; None where the steps made none."""
        if self.image is None:
            return None
        self.machine.do(FinishBuild())
        return find.image_by_key(self.machine.world, self.image.key)

    def declare(self, instruction: Instruction, into: dict[str, str]) -> None:
        for word in instruction.arguments:
            name, equals, value = word.partition("=")
            self.known_args.add(name)
            if name in self.build_args:
                into[name] = self.build_args[name]
            elif equals:
                into[name] = expand(value, {**self.values, **into})
            elif name in self.global_args and into is not self.global_args:
                into[name] = self.global_args[name]

    @property
    def values(self) -> dict[str, str]:
        """What variables stand for: build arguments, and the environment over them."""
        return {**self.args, **dict(self.config.env)}

    def expanded(self, text: str) -> str:
        return expand(text, self.values)

    def cached(self, instruction: Instruction, created_by: str) -> bool:
        """Goes on from an image that the same step made before: same parent, same command, same config."""
        if not self.may_hit:
            return False
        parent_key = self.image.key if self.image else 0
        hits = [
            image
            for image in self.machine.world.images
            if image.parent_key == parent_key
            and not image.origin
            and image.history
            and image.history[-1].created_by == created_by
            and not image.history[-1].comment
            and replace(image.config, raw=b"") == replace(self.config, raw=b"")
        ]
        if not hits:
            # After the first miss nothing below is looked for (moby imageprobe.go).
            self.may_hit = False
            return False
        self.image = max(hits, key=lambda image: (image.created, image.key))
        self.machine.do(UseCache(self.image.key, instruction.line, instruction.code))
        self.out.write(" ---> Using cache\n")
        return True

    def add_image(self, instruction: Instruction, created_by: str, entries: tuple[Entry, ...] | None) -> None:
        """The image of this step: one layer of `entries` more, or only another config."""
        world = self.machine.world
        self.check_depth(grows=bool(entries))
        parent_key = self.image.key if self.image else None
        line = HistoryLine(world.clock, created_by, empty_layer=not entries)
        code, number = instruction.code, instruction.line
        outcome = self.machine.do(AddImage(parent_key, self.config, line, entries or None, code, number))
        self.image = outcome.world.images[-1]

    def check_depth(self, *, grows: bool) -> None:
        """The classic store refuses the 126th layer (moby layer/layer_store.go, maxLayerDepth)."""
        if grows and self.image is not None and len(self.image.layers) >= MAX_LAYERS:
            raise BuildFailed("max depth exceeded", 1, "depth", (("layers", MAX_LAYERS),))

    def nop(self, instruction: Instruction, comment: str, entries: tuple[Entry, ...] | None = None) -> None:
        """An instruction that runs nothing, yet has a container of its own for a moment."""
        created_by = f"{' '.join(SHELL)} #(nop) {comment}"
        if self.cached(instruction, created_by):
            return
        container = random_id("step", self.machine.world.serial)[:12]
        self.out.write(f" ---> Running in {container}\n")
        self.add_image(instruction, created_by, entries)
        self.out.write(f" ---> Removed intermediate container {container}\n")

    def stage(self, name: str) -> Image | None:
        """The image that `COPY --from` names: a stage by name or number, or an image."""
        for index, (stage, image) in enumerate(self.stages[:-1]):
            if name.lower() == stage or name == str(index):
                return image
        return self.base(name)

    def base(self, name: str) -> Image | None:
        """The image called `name`, pulled if it is not there; None for scratch."""
        for stage, image in self.stages:
            if stage and stage == name.lower():
                return image
        if name == "scratch":
            return None
        try:
            reference = references.parse(name)
        except BadReference as error:
            found = find.image_by_ref(self.machine.world, name) if re.fullmatch(r"[0-9a-f]{64}", name) else None
            if found is not None:
                return found
            raise BuildFailed(str(error), hint_key="reference") from error
        found = find.image_by_ref(self.machine.world, name)
        if found is None:
            pulling.pull_image(self.machine, reference, self.out)
            found = find.image_by_ref(self.machine.world, name)
        return found
