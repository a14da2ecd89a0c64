"""docker pull: three downloads at once, extraction bottom up, and what is there already is not fetched again.

moby daemon/internal/distribution/{pull_v2.go,xfer/download.go}. The first layer whose ChainID is not stored ends the
test for all layers above it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from layerviz.engine import digests, find
from layerviz.engine.actions import BringImage
from layerviz.engine.events import PullProgress
from layerviz.engine.world import World
from layerviz.shell import catalogue, references
from layerviz.shell.catalogue import Offer
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag
from layerviz.shell.machine import Machine
from layerviz.shell.names import short
from layerviz.shell.references import BadReference, Reference
from layerviz.shell.streams import Stream

MAX_DOWNLOADS = 3
BYTES_A_TURN = 4_000_000
"""How much one download brings while the others bring as much; it shapes the motion, not a result."""

Status = Literal[
    "Already exists",
    "Pulling fs layer",
    "Waiting",
    "Downloading",
    "Verifying Checksum",
    "Download complete",
    "Extracting",
    "Pull complete",
]


def pull(call: Call) -> int:
    try:
        reference = references.parse(call.arguments[0])
    except BadReference as error:
        call.complain(str(error))
        call.hint("reference")
        return 1
    quiet = "quiet" in call
    if not quiet and not reference.tag and not reference.digest:
        call.print("Using default tag: latest")
    pull_image(call.machine, reference, Stream() if quiet else call.process.stdout)
    call.print(reference.full)
    return 0


def pull_image(machine: Machine, reference: Reference, out: Stream) -> None:
    """Brings an image and writes the pull's lines, from "Pulling from" to "Status:". Raises `DaemonError`."""
    offer = _offer(reference)
    out.write(f"{reference.tag or reference.digest or 'latest'}: Pulling from {reference.path}\n")
    wanted = digests.image_id(offer.image)
    there = next((image for image in machine.world.images if digests.image_id(image) == wanted), None)
    names = () if there is None else (*find.tags_of(machine.world, there), *there.repo_digests)
    is_current = reference.ref in names
    events: tuple[PullProgress, ...] = ()
    if not is_current:
        place = find.short_ref(reference.ref)
        # Of an image that is there under another name nothing is said layer by layer (pull_v2.go, pullSchema2Layers).
        events = progress(machine.world, offer, place) if there is None else ()
        refs = () if reference.digest else (reference.ref,)
        machine.do(BringImage(offer.image, refs, events))
        out.write(lines(events, terminal=machine.ports.terminal))
    out.write(f"Digest: {offer.manifest_digest}\n")
    what = "Image is up to date" if is_current else "Downloaded newer image"
    out.write(f"Status: {what} for {reference.ref}\n")


def _offer(reference: Reference) -> Offer:
    if reference.ref == "scratch:latest":
        raise DaemonError("'scratch' is a reserved name")
    offer = catalogue.find(reference.ref)
    if reference.digest:
        offer = next((one for one in catalogue.offers().values() if reference.ref in one.image.repo_digests), None)
    if offer is not None and reference.domain == "docker.io":
        return offer
    there = " ".join(sorted({find.short_ref(name) for name in catalogue.offers()}))
    if not reference.digest and catalogue.has_repository(reference.ref):
        text = f"manifest for {reference.ref} not found: manifest unknown: manifest unknown"
    else:
        text = (
            f"pull access denied for {reference.name}, repository does not exist or may require 'docker login': "
            "denied: requested access to the resource is denied"
        )
    raise DaemonError(text, "images", (("images", there),))


@dataclass(slots=True)
class _Layer:
    """A layer on its way; `left` counts the turns that its download still takes."""

    position: int
    blob: str
    total: int | None
    turns: int
    left: int
    downloaded: bool = False
    registered: bool = False


def progress(world: World, offer: Offer, place: str) -> tuple[PullProgress, ...]:
    """Everything that the lines of a pull say, in order."""
    layers = offer.image.layers
    stored = {
        chain
        for stack in (*(image.layers for image in world.images), *(one.image.layers for one in world.containers))
        for chain in digests.chain_ids(stack)
    }
    events: list[PullProgress] = []
    coming: list[_Layer] = []
    for position, (layer, chain) in enumerate(zip(layers, digests.chain_ids(layers), strict=True), 1):
        blob, total = short(layer.blob_digest), layer.blob_bytes
        if not coming and chain in stored:
            events.append(PullProgress(place, position, blob, "Already exists"))
            continue
        turns = 1 + min(6, (total or 0) // BYTES_A_TURN)
        coming.append(_Layer(position, blob, total, turns, turns))

    def say(one: _Layer, status: Status, current: int = 0) -> None:
        total = one.total if status in ("Downloading", "Extracting") else None
        events.append(PullProgress(place, one.position, one.blob, status, current, total))

    for one in coming:
        say(one, "Pulling fs layer")
    for one in coming[MAX_DOWNLOADS:]:
        say(one, "Waiting")
    active = coming[:MAX_DOWNLOADS]
    waiting = coming[MAX_DOWNLOADS:]
    while active or not all(one.registered for one in coming):
        for one in list(active):
            one.left -= 1
            say(one, "Downloading", (one.total or 0) * (one.turns - one.left) // one.turns)
            if one.left:
                continue
            say(one, "Verifying Checksum")
            say(one, "Download complete")
            one.downloaded = True
            # The slot is free when the download ends, before the layer is unpacked.
            active.remove(one)
            if waiting:
                active.append(waiting.pop(0))
        next_one = next((one for one in coming if not one.registered), None)
        if next_one is not None and next_one.downloaded:
            say(next_one, "Extracting", next_one.total or 0)
            say(next_one, "Pull complete")
            next_one.registered = True
    return tuple(events)


def lines(events: tuple[PullProgress, ...], *, terminal: bool) -> str:
    """The lines of the layers: on a terminal each layer's last one, else every status without a bar."""
    if not terminal:
        return "".join(
            f"{event.blob}: {event.status}\n" for event in events if event.status not in ("Downloading", "Extracting")
        )
    last = {event.position: event for event in events}
    return "".join(f"{event.blob}: {event.status}\n" for _, event in sorted(last.items()))


COMMANDS = (
    DockerCommand(
        ("pull", "image pull"),
        "pull [OPTIONS] NAME[:TAG|@DIGEST]",
        "Download an image from a registry",
        pull,
        (Flag("quiet", "Suppress verbose output", "q"),),
        least=1,
        most=1,
    ),
)
