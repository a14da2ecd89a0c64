"""`layerviz images`: what the images of a place share, and what removing some would free."""

import json
from typing import TYPE_CHECKING

import click

from layerviz.cli.completing import images as image_places
from layerviz.cli.image import image_options, tell
from layerviz.cli.progress import reading
from layerviz.cli.speech import printable, say
from layerviz.resources import Problem

if TYPE_CHECKING:
    from layerviz.images.shared import Sharing, SharingImage


class NameProblem(Problem):
    """No image of the place is called so."""


@click.command(help=say("images.help"))
@click.argument("place", metavar="PLACE", shell_complete=image_places)
@click.option("--remove", metavar="NAME", multiple=True, help=say("images.remove"))
@click.option("--json", "as_json", is_flag=True, help=say("images.json"))
@image_options
def images(place: str, remove: tuple[str, ...], as_json: bool, platform: str, quiet: bool) -> None:
    from layerviz.images.opening import images_of
    from layerviz.images.shared import shared_of

    with reading(quiet) as progress:
        brought = images_of(place, progress, platform)
    for report in dict.fromkeys(report for one in brought for report in one.reports):
        tell(report)
    sharing = shared_of(brought)
    removed = [_number(sharing, name) for name in remove]
    if as_json:
        click.echo(json.dumps(_document(sharing, removed), indent=2))
        return
    for line in _table(sharing):
        click.echo(line)
    from layerviz.shell.units import size

    stored, summed = size(sharing.stored_bytes, 4), size(sharing.summed_bytes, 4)
    click.echo(say("images.stored", count=len(sharing.layers), stored=stored, summed=summed))
    if removed:
        count = len(sharing.freed_layers(removed))
        click.echo(say("images.freed", count=count, size=size(sharing.freed_bytes(removed), 4)))


def _number(sharing: "Sharing", name: str) -> int:
    """The image of that name, else the only one whose id begins so."""
    from layerviz.engine.find import normal_ref

    wanted, digits = normal_ref(name), name.removeprefix("sha256:")
    named = [number for number, image in enumerate(sharing.images) if wanted in image.refs]
    begin = [number for number, one in enumerate(sharing.images) if one.id.removeprefix("sha256:").startswith(digits)]
    found = named or (begin if digits else [])
    if len(found) == 1:
        return found[0]
    has = ", ".join(_name(image) for image in sharing.images)
    raise NameProblem("", say("images.no_such", name=name, has=has))


def _name(image: "SharingImage") -> str:
    return image.refs[0] if image.refs else image.id.removeprefix("sha256:")[:12]


def _table(sharing: "Sharing") -> list[str]:
    """As `docker system df -v` heads its columns, and as docker sets a table."""
    from layerviz.shell.units import size

    rows: list[tuple[str, ...]] = [("IMAGE", "ID", "SIZE", "SHARED", "UNIQUE")]
    for image in sharing.images:
        identity = image.id.removeprefix("sha256:")[:12]
        sizes = (size(count, 4) for count in (image.size_bytes, image.shared_bytes, image.unique_bytes))
        rows.append((printable(", ".join(image.refs) or "<none>"), identity, *sizes))
    widths = [max(10, *(len(cell) + 3 for cell in column)) for column in zip(*rows, strict=True)]
    return ["".join(map(str.ljust, row, widths)).rstrip() for row in rows]


def _document(sharing: "Sharing", removed: list[int]) -> dict[str, object]:
    document: dict[str, object] = {
        "stored_bytes": sharing.stored_bytes,
        "summed_bytes": sharing.summed_bytes,
        "images": [
            {
                "id": image.id,
                "names": list(image.refs),
                "size_bytes": image.size_bytes,
                "shared_bytes": image.shared_bytes,
                "unique_bytes": image.unique_bytes,
                "shared_with": [{"id": sharing.images[other].id, "bytes": count} for other, count in image.shared_with],
            }
            for image in sharing.images
        ],
    }
    return document | {"freed_bytes": sharing.freed_bytes(removed)} if removed else document
