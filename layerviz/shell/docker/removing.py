"""docker rmi and image prune: which names and layers go, and which conflicts stand against it.

moby daemon/images/image_delete.go (v28.5.2); the digest of a pulled image counts as a reference of its repository.
"""

from __future__ import annotations

from layerviz.engine import digests, find, sizes
from layerviz.engine.actions import RemoveImage, Untag
from layerviz.engine.events import ImageDeleted, LayerDeleted
from layerviz.engine.world import Container, Image, World
from layerviz.shell import references
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag
from layerviz.shell.docker.images import listed
from layerviz.shell.names import short
from layerviz.shell.units import size


def rmi(call: Call) -> int:
    failed = False
    for name in call.arguments:
        try:
            for line in _delete(call, name):
                call.print(line)
        except DaemonError as error:
            error.show(call)
            failed = failed or "force" not in call or "No such image" not in error.message
    return int(failed)


def _references(world: World, image: Image) -> list[str]:
    """Tags, and of a pulled image its digests in repositories that still have a tag here."""
    tags = list(find.tags_of(world, image))
    return tags + [digest for digest in image.repo_digests if not tags or _repository(digest) in map(_repository, tags)]


def _repository(ref: str) -> str:
    return ref.partition("@")[0] if "@" in ref else ref.rpartition(":")[0]


def _is_single(world: World, image: Image) -> bool:
    """All references are of one repository, with at most one tag."""
    tags = find.tags_of(world, image)
    return len(tags) <= 1 and len(_references(world, image)) > 0


def _delete(call: Call, name: str) -> list[str]:
    """The lines that removing `name` prints. Raises `DaemonError`."""
    image = lookups.image(call.world, name)
    force = "force" in call
    identifier = digests.image_id(image)
    by_id = identifier.startswith(name) or identifier.removeprefix("sha256:").startswith(name)
    tags = find.tags_of(call.world, image)
    if not by_id:
        return _delete_by_name(call, image, name, force=force)
    if _is_single(call.world, image):
        _check(call.world, image, force=force, count_references=False)
    else:
        _check(call.world, image, force=force, count_references=bool(tags))
    return _gone(call, image)


def _delete_by_name(call: Call, image: Image, name: str, *, force: bool) -> list[str]:
    if not force and _is_single(call.world, image):
        user = next((one for one in call.world.containers if one.image.key == image.key), None)
        if user is not None:
            text = (
                f'conflict: unable to remove repository reference "{name}" (must force) - container {user.id[:12]} '
                f"is using its referenced image {short(digests.image_id(image))}"
            )
            hint = "rmi_running" if user.state == "running" else "rmi_container"
            raise DaemonError(text, hint, (("name", user.name),))
    ref = references.parse(name).ref
    others = [tag for tag in find.tags_of(call.world, image) if tag != ref]
    lines = [f"Untagged: {ref}"]
    if not any(_repository(tag) == _repository(ref) for tag in others):
        lines += [f"Untagged: {digest}" for digest in image.repo_digests if _repository(digest) == _repository(ref)]
    if others:
        call.machine.do(Untag(ref))
        return lines
    try:
        _check(call.world, image, force=force, count_references=False)
    except DaemonError:
        # The name goes all the same; a conflict of the image itself is only told where it dangles unused.
        call.machine.do(Untag(ref))
        if any(one.image.key == image.key for one in call.world.containers) or _children(call.world, image):
            return lines
        raise
    return lines + _gone(call, image, untagged=True)


def _children(world: World, image: Image) -> bool:
    return any(other.parent_key == image.key for other in world.images)


def _check(world: World, image: Image, *, force: bool, count_references: bool) -> None:
    """Raises the first conflict, hard ones before soft ones."""
    identifier = short(digests.image_id(image))

    def conflict(kind: str, text: str, hint: str, container: Container | None = None) -> DaemonError:
        message = f"conflict: unable to delete {identifier} ({kind}) - {text}"
        return DaemonError(message, hint, (("name", container.name),) if container else ())

    if _children(world, image):
        raise conflict("cannot be forced", "image has dependent child images", "rmi_children")
    users = [container for container in world.containers if container.image.key == image.key]
    running = next((container for container in users if container.state == "running"), None)
    if running is not None:
        text = f"image is being used by running container {running.id[:12]}"
        raise conflict("cannot be forced", text, "rmi_running", running)
    if force:
        return
    if count_references:
        raise conflict("must be forced", "image is referenced in multiple repositories", "rmi_names")
    if users:
        text = f"image is being used by stopped container {users[0].id[:12]}"
        raise conflict("must be forced", text, "rmi_container", users[0])


def _gone(call: Call, image: Image, *, untagged: bool = False) -> list[str]:
    """Removes the image and says what went: names, the image, its layers, and untagged parents in the same way."""
    lines = [] if untagged else [f"Untagged: {ref}" for ref in _references(call.world, image)]
    outcome = call.machine.do(RemoveImage(image.key))
    for event in outcome.events:
        if isinstance(event, ImageDeleted):
            lines.append(f"Deleted: {event.image_id}")
        elif isinstance(event, LayerDeleted):
            lines.append(f"Deleted: {event.chain_id}")
    return lines


def prune(call: Call) -> int:
    everything = "all" in call
    which = "images without at least one container associated to them" if everything else "dangling images"
    if not agreed(call, f"WARNING! This will remove all {which}."):
        return 0
    freed = prune_images(call, everything=everything)
    call.print(f"Total reclaimed space: {size(freed, 4)}")
    return 0


def agreed(call: Call, warning: str) -> bool:
    """Whether whoever was asked says yes; nobody is asked with `--force`."""
    if "force" in call:
        return True
    call.print(warning)
    call.write("Are you sure you want to continue? [y/N] ")
    answer = call.process.stdin.read(8, call.machine.ports.read).decode("utf-8", "replace")
    if answer.strip().lower() in ("y", "yes"):
        return True
    call.print()
    return False


def prune_images(call: Call, *, everything: bool) -> int:
    """Removes images that nobody uses, says which, and gives the bytes that were freed."""
    lines: list[str] = []
    freed = 0
    used = {container.image.key for container in call.world.containers}
    for image in reversed(listed(call.world)):
        is_tagged = bool(find.tags_of(call.world, image))
        if image.key in used or (is_tagged and not everything):
            continue
        sizes_of = {layer.key: sizes.size_of_layer(layer) or 0 for layer in image.layers}
        lines += [f"untagged: {ref}" for ref in _references(call.world, image)]
        for event in call.machine.do(RemoveImage(image.key)).events:
            if isinstance(event, ImageDeleted):
                lines.append(f"deleted: {event.image_id}")
            elif isinstance(event, LayerDeleted):
                lines.append(f"deleted: {event.chain_id}")
                freed += sizes_of.get(event.key, 0)
    if lines:
        call.write("Deleted Images:\n" + "".join(f"{line}\n" for line in lines) + "\n")
    return freed


COMMANDS = (
    DockerCommand(
        ("rmi", "image rm", "image remove"),
        "rmi [OPTIONS] IMAGE [IMAGE...]",
        "Remove one or more images",
        rmi,
        (Flag("force", "Force removal of the image", "f"), Flag("no-prune", "Do not delete untagged parents")),
        least=1,
        most=None,
    ),
    DockerCommand(
        ("image prune",),
        "image prune [OPTIONS]",
        "Remove unused images",
        prune,
        (
            Flag("all", "Remove all unused images, not just dangling ones", "a"),
            Flag("force", "Do not prompt for confirmation", "f"),
        ),
    ),
)
