"""The commands that a click or a drag makes: what one could have typed. No Qt."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from layerviz.app.dockerfile_lines import dockerfile_text
from layerviz.engine import paths
from layerviz.engine.address import AddressError, parse, resolve
from layerviz.engine.entry import Kind
from layerviz.engine.merge import children, seen
from layerviz.engine.world import Image, World

DEFAULT_IMAGE = "mine"
SUGGESTED = {
    "COPY": "COPY a/ /",
    "RUN": "RUN touch /new",
    "WORKDIR": "WORKDIR /work",
    "ENV": "ENV COLOUR=green",
    "CMD": 'CMD ["sh"]',
}


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nothing can be done with a thing in that place: a key of the strings, and its values."""

    key: str
    values: tuple[tuple[str, object], ...] = ()


Offer = tuple[str, ...] | Refused


def offer(world: World, thing: str, onto: str, shown: tuple[str, ...], directory: str = "/") -> Offer:
    """The commands for `thing` ("host:/e", "image:alpine", "instruction:RUN …", "run:") let go over the address `onto`
    (beside everything counts as the stack) while `directory` of `shown` stands on the stage."""
    kind, _, rest = thing.partition(":")
    match kind:
        case "image":
            return base_commands(rest)
        case "instruction":
            copies = rest == SUGGESTED["COPY"]
            return copy_commands(world, shown) if copies else instruction_commands(world, rest, shown)
        case "run":
            name = image_on_stage(world, shown)
            return run_commands(world, name) if name else Refused("build.no_image_yet")
        case "host":
            return _host(world, rest, onto, shown, directory)
    return Refused("build.takes_nothing")


def base_commands(image: str) -> tuple[str, ...]:
    """A new Dockerfile on `image`; scratch alone cannot be built yet."""
    first = f'echo "FROM {image}" > Dockerfile'
    return (first,) if image == "scratch" else (first, f"docker build -t {DEFAULT_IMAGE} .")


def instruction_commands(world: World, line: str, shown: tuple[str, ...]) -> tuple[str, ...]:
    """`line` at the end of the Dockerfile, and the build. Where there is no Dockerfile one is begun, from the image on
    the stage or from scratch."""
    quoted = quoted_words(line)
    build = f"docker build -t {image_name(world, shown)} ."
    if dockerfile_text(world) is None:
        base = image_on_stage(world, shown) or "scratch"
        return (f'echo "FROM {base}" > Dockerfile', f"echo {quoted} >> Dockerfile", build)
    return (f"echo {quoted} >> Dockerfile", build)


def copy_commands(world: World, shown: tuple[str, ...]) -> tuple[str, ...]:
    """The suggested COPY: of the first folder there is, or of one with a file in it that is made first."""
    found = (one for one in children((world.host,), world.cwd) if one.entry.kind is Kind.DIR)
    folder = next((paths.base(one.entry.path) for one in found), "")
    if folder:
        return instruction_commands(world, f"COPY {folder}/ /", shown)
    return ("mkdir a", 'echo "File 1" > a/file1', *instruction_commands(world, SUGGESTED["COPY"], shown))


def run_commands(world: World, image: str) -> tuple[str, ...]:
    """A container of `image`, with the next free name c1, c2, …"""
    names = {container.name for container in world.containers}
    name = next(f"c{number}" for number in range(1, len(names) + 2) if f"c{number}" not in names)
    return (f"docker run -dit --name {name} {image}",)


def image_name(world: World, shown: tuple[str, ...]) -> str:
    """What the image being built is called: the one on the stage that was built here, else "mine". A name that was
    pulled stays what it was pulled as."""
    for name, image in _images(world, shown):
        if not image.origin:
            return name
    return DEFAULT_IMAGE


def image_on_stage(world: World, shown: tuple[str, ...]) -> str:
    """The name of the first image on the stage, or of the one that a container runs; "" for none."""
    return next((name for name, _ in _images(world, shown)), "")


def _images(world: World, shown: tuple[str, ...]) -> Iterator[tuple[str, Image]]:
    for address in shown:
        try:
            place = resolve(world, parse(address))
        except AddressError:
            continue
        if place.container is not None:
            yield place.container.image_ref, place.container.image
        elif place.kind == "image" and place.image is not None:
            yield place.name, place.image


def quoted_words(line: str) -> str:
    """`line` in the quotes that a shell needs."""
    if not re.search(r'["$`\\!]', line):
        return f'"{line}"'
    return "'" + line.replace("'", "'\\''") + "'"


def _host(world: World, path: str, onto: str, shown: tuple[str, ...], directory: str) -> Offer:
    found = seen((world.host,), path)
    if found is None:
        return Refused("build.not_there")
    relative = _relative(path, world.cwd)
    folder = found.entry.kind is Kind.DIR
    below = _image_layer_of_container(world, onto)
    if below:
        return Refused("build.read_only", (("n", below),))
    if _is_container(world, onto):
        container = onto.split("[")[0].split(":/")[0]
        source = f"{relative}/." if folder else relative
        return (f"docker cp {source} {container}:{directory}",)
    if paths.base(path) == "Dockerfile":
        return (f"docker build -t {image_name(world, shown)} .",)
    if ".." in relative:
        return Refused("build.outside")
    target = directory if directory == paths.ROOT else directory + "/"
    line = f"COPY {relative}/ {target}" if folder else f"COPY {relative} {target}"
    return instruction_commands(world, line, shown)


def _is_container(world: World, onto: str) -> bool:
    """Whether `onto` is a container's own layer or its view."""
    try:
        place = resolve(world, parse(onto)) if onto else None
    except AddressError:
        return False
    return place is not None and place.container is not None and place.position in (None, len(place.stack))


def _image_layer_of_container(world: World, onto: str) -> int:
    """The position of an image's layer that `onto` names below a container's own; 0 if it names none."""
    try:
        place = resolve(world, parse(onto)) if onto else None
    except AddressError:
        return 0
    if place is None or place.container is None or place.position in (None, len(place.stack)):
        return 0
    return place.position or 0


def _relative(path: str, cwd: str) -> str:
    if path == cwd:
        return "."
    return path[len(cwd.rstrip("/")) + 1 :] if paths.is_below(path, cwd) else "../" + paths.base(path)
