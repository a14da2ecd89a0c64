"""docker images and docker tag (docker/cli formatter/image.go, image/list.go)."""

from __future__ import annotations

import fnmatch
import re
from collections.abc import Callable

from layerviz.engine import digests, find, sizes
from layerviz.engine.actions import Tag
from layerviz.engine.world import Image, World
from layerviz.shell import references
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag
from layerviz.shell.docker.formats import filters, fits_labels, switch, write_rows
from layerviz.shell.names import short
from layerviz.shell.references import BadReference
from layerviz.shell.units import ago, date_and_zone, size


def size_text(image: Image, digits: int = 3) -> str:
    """What `docker images` prints as the image's size: of a quoted one the published figure."""
    if image.quoted is not None:
        return image.quoted.size_text
    total = sizes.size_of_image(image)
    return "?" if total is None else size(total, digits)


def listed(world: World, *, intermediate: bool = False) -> list[Image]:
    """The images of a list, newest first. An untagged image that another was built on is an intermediate one."""
    parents = {image.parent_key for image in world.images}
    shown = [image for image in world.images if intermediate or find.tags_of(world, image) or image.key not in parents]
    return sorted(shown, key=lambda image: (-image.created, -image.key))


def images(call: Call) -> int:
    rows: list[tuple[str, str, str, Image]] = []
    wanted = call.arguments[0] if call.arguments else ""
    for image in listed(call.world, intermediate="all" in call):
        digest = image.repo_digests[0].partition("@")[2] if image.repo_digests else "<none>"
        for ref in sorted(find.tags_of(call.world, image)) or ["<none>:<none>"]:
            repository, _, tag = ref.rpartition(":")
            if not wanted or _fits(wanted, repository, tag):
                rows.append((repository, tag, digest, image))
    chosen = _filtered(call.world, filters(call, FILTERS))
    rows = [row for row in rows if chosen(*row)]
    full = "no-trunc" in call
    call.machine.show("images")

    def identifier(image: Image) -> str:
        return digests.image_id(image) if full else short(digests.image_id(image))

    if "quiet" in call:
        for _, _, _, image in rows:
            call.print(identifier(image))
        return 0
    form = call.value("format")
    wants_digest = "digests" in call or "{{.Digest}}" in form
    lines = [
        {
            "Repository": repository,
            "Tag": tag,
            "Digest": digest if wants_digest else "<none>",
            "ID": identifier(image),
            "CreatedSince": ago(call.world.clock, image.created),
            "CreatedAt": date_and_zone(image.created),
            "Size": size_text(image),
            "VirtualSize": size_text(image, 4),
            **dict.fromkeys(("Containers", "SharedSize", "UniqueSize"), "N/A"),
        }
        for repository, tag, digest, image in rows
    ]
    columns = ["Repository", "Tag", *(["Digest"] if "digests" in call else []), "ID", "CreatedSince", "Size"]
    return write_rows(call, form, lines, HEADERS, columns, "*formatter.imageContext")


HEADERS = {
    "Repository": "REPOSITORY",
    "Tag": "TAG",
    "Digest": "DIGEST",
    "ID": "IMAGE ID",
    "CreatedSince": "CREATED",
    "CreatedAt": "CREATED AT",
    "Size": "SIZE",
    "VirtualSize": "SIZE",
    "Containers": "CONTAINERS",
    "SharedSize": "SHARED SIZE",
    "UniqueSize": "UNIQUE SIZE",
}


FILTERS = ("before", "dangling", "label", "reference", "since", "until")


def _filtered(world: World, wanted: dict[str, list[str]]) -> Callable[[str, str, str, Image], bool]:
    """Whether a row of the list fits all filters (moby daemon/images/images.go)."""
    newer = {name: lookups.image(world, values[-1]) for name, values in wanted.items() if name in ("before", "since")}
    dangling = switch("dangling", wanted["dangling"]) if "dangling" in wanted else None
    until = [_moment(world, text) for text in wanted.get("until", ())]

    def chosen(repository: str, tag: str, digest: str, image: Image) -> bool:
        del digest
        order = (image.created, image.key)
        return (
            dangling in (None, repository == "<none>")
            and fits_labels(dict(image.config.labels), wanted.get("label", ()))
            and ("reference" not in wanted or any(_fits(one, repository, tag) for one in wanted["reference"]))
            and ("before" not in newer or order < (newer["before"].created, newer["before"].key))
            and ("since" not in newer or order > (newer["since"].created, newer["since"].key))
            and all(image.created < moment for moment in until)
        )

    return chosen


def _moment(world: World, text: str) -> int:
    """`until=10m` and the like: so long ago. Raises `DaemonError`."""
    parts = re.fullmatch(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?", text)
    if parts is None or not text:
        raise DaemonError(f"invalid filter 'until=[{text}]'", "until")
    hours, minutes, seconds = (int(part or 0) for part in parts.groups())
    return world.clock - (hours * 60 + minutes) * 60 - seconds


def _fits(wanted: str, repository: str, tag: str) -> bool:
    """`docker images redis` lists a repository, `docker images redis:6` one tag of it; patterns are allowed."""
    name, colon, wanted_tag = wanted.rpartition(":")
    if not colon or "/" in wanted_tag:
        name, wanted_tag = wanted, "*"
    return fnmatch.fnmatchcase(repository, name) and fnmatch.fnmatchcase(tag, wanted_tag)


def tag(call: Call) -> int:
    source, target = call.arguments
    try:
        ref = references.parse(target)
    except BadReference as error:
        call.complain(f'Error parsing reference: "{target}" is not a valid repository/tag: {error}')
        call.hint("reference")
        return 1
    call.machine.do(Tag(lookups.image(call.world, source).key, ref.ref))
    return 0


COMMANDS = (
    DockerCommand(
        ("images", "image ls", "image list"),
        "images [OPTIONS] [REPOSITORY[:TAG]]",
        "List images",
        images,
        (
            Flag("all", "Show all images (default hides intermediate images)", "a"),
            Flag("digests", "Show digests"),
            Flag("filter", "Filter output based on conditions provided", "f", "filter"),
            Flag("format", "Format output using a custom template", value="string"),
            Flag("no-trunc", "Don't truncate output"),
            Flag("quiet", "Only show image IDs", "q"),
        ),
        most=1,
    ),
    DockerCommand(
        ("tag", "image tag"),
        "tag SOURCE_IMAGE[:TAG] TARGET_IMAGE[:TAG]",
        "Create a tag TARGET_IMAGE that refers to SOURCE_IMAGE",
        tag,
        least=2,
        most=2,
    ),
)
