"""docker history (docker/cli image/formatter_history.go, moby daemon/images/image_history.go)."""

from __future__ import annotations

from layerviz.engine import digests, find, sizes
from layerviz.engine.world import HistoryLine, Image, Layer, World
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import Call, DockerCommand, Flag
from layerviz.shell.docker.formats import write_rows
from layerviz.shell.names import short
from layerviz.shell.table import shortened
from layerviz.shell.units import ago, rfc3339, size

EPOCH = 946684800
"""2000-01-01: earlier dates are shown as N/A."""
CREATED_BY_COLUMNS = 45


def history(call: Call) -> int:
    image = lookups.image(call.world, call.arguments[0])
    call.machine.show("history", call.arguments[0])
    full = "no-trunc" in call
    human = call.value("human", "true") != "false"
    rows: list[dict[str, object]] = []
    for line, identifier, layer_size in _lines(call.world, image):
        shown_id = identifier if full or identifier == "<missing>" else short(identifier)
        if "quiet" in call:
            call.print(shown_id)
            continue
        created = rfc3339(line.created)
        since = "N/A" if line.created <= EPOCH else ago(call.world.clock, line.created)
        created_by = line.created_by.replace("\t", " ")
        rows.append(
            {
                "ID": shown_id,
                "CreatedSince": since if human else created,
                "CreatedAt": created,
                "CreatedBy": created_by if full else shortened(created_by, CREATED_BY_COLUMNS),
                "Size": "?" if layer_size is None else size(layer_size) if human else str(layer_size),
                "Comment": line.comment,
            }
        )
    if "quiet" in call:
        return 0
    columns = ["ID", "CreatedSince" if human else "CreatedAt", "CreatedBy", "Size", "Comment"]
    return write_rows(call, call.value("format"), rows, HEADERS, columns, "*image.historyContext")


HEADERS = {
    "ID": "IMAGE",
    "CreatedSince": "CREATED",
    "CreatedAt": "CREATED AT",
    "CreatedBy": "CREATED BY",
    "Size": "SIZE",
    "Comment": "COMMENT",
}


def _lines(world: World, image: Image) -> list[tuple[HistoryLine, str, int | None]]:
    """Lines of history with the image each ended in and the size of its layer, newest first.

    The ids go from the image to its parents as far as the engine knows them (daemon/images/image_history.go).
    """
    layers = iter(image.layers)
    sized = [(line, 0 if line.empty_layer else _size(next(layers, None))) for line in image.history]
    found: list[tuple[HistoryLine, str, int | None]] = []
    at: Image | None = image
    for line, size_bytes in reversed(sized):
        found.append((line, digests.image_id(at) if at is not None else "<missing>", size_bytes))
        at = find.image_by_key(world, at.parent_key) if at is not None else None
    return found


def _size(layer: Layer | None) -> int | None:
    return 0 if layer is None else sizes.size_of_layer(layer)


COMMANDS = (
    DockerCommand(
        ("history", "image history"),
        "history [OPTIONS] IMAGE",
        "Show the history of an image",
        history,
        (
            Flag("format", "Format output using a custom template", value="string"),
            Flag("human", "Print sizes and dates in human readable format (default true)", "H"),
            Flag("no-trunc", "Don't truncate output"),
            Flag("quiet", "Only show image IDs", "q"),
        ),
        least=1,
        most=1,
    ),
)
