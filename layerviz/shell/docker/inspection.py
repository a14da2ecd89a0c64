"""docker inspect, image inspect, container inspect: JSON in docker's order of fields, four blanks deep.

moby api/types/image/image_inspect.go and api/types/container (v28.5.2).
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from contextlib import suppress

from layerviz.engine import digests, find, sizes
from layerviz.engine.world import Container, Image, World
from layerviz.shell.docker import lookups
from layerviz.shell.docker.calls import Call, DaemonError, DockerCommand, Flag
from layerviz.shell.docker.storage import container_driver_data, image_driver_data
from layerviz.shell.docker.template_syntax import TemplateError
from layerviz.shell.docker.templates import StringMap, Struct, render
from layerviz.shell.units import rfc3339

MISSING = {"network": "network {name} not found", "volume": "get {name}: no such volume"}
"""What docker says of the kinds of things that the lab has none of."""
UNREADABLE_TEMPLATE = 64
ZERO_TIME = "0001-01-01T00:00:00Z"


def inspect(call: Call) -> int:
    wanted = call.value("type")
    if wanted in MISSING:
        call.print("[]")
        for name in call.arguments:
            call.complain(f"Error response from daemon: {MISSING[wanted].format(name=name)}")
        return 1
    if wanted not in ("", "image", "container"):
        call.complain(f'"{wanted}" is not a valid value for --type')
        return 1

    def look(name: str) -> dict[str, object]:
        if wanted != "image":
            found = find.container_by_name(call.world, name)
            if found is not None:
                return container_document(call.world, found, sizes_too="size" in call)
            if wanted == "container":
                raise lookups.no_such_container(call.world, name)
        try:
            return image_document(call.world, lookups.image(call.world, name))
        except DaemonError as error:
            if wanted == "image":
                raise
            raise _NoSuchObject(f"Error: No such object: {name}", error.hint_key, error.hint_values) from error

    return _show(call, look)


class _NoSuchObject(DaemonError):
    """What plain `docker inspect` says: the client's own message, without the engine's prefix."""

    def __str__(self) -> str:
        return self.message


def image_inspect(call: Call) -> int:
    return _show(call, lambda name: image_document(call.world, lookups.image(call.world, name)))


def container_inspect(call: Call) -> int:
    return _show(
        call, lambda name: container_document(call.world, lookups.container(call.world, name), sizes_too="size" in call)
    )


def _show(call: Call, look: object) -> int:
    assert callable(look)
    documents: list[dict[str, object]] = []
    errors: list[DaemonError] = []
    for name in call.arguments:
        try:
            documents.append(look(name))
            call.machine.show("inspect", name)
        except DaemonError as error:
            errors.append(error)
    form = call.value("format")
    status = int(bool(errors))
    if form and form != "json":
        status = _show_by_template(call, form, documents) or status
    elif form:
        call.print(_go_json(documents))
    else:
        call.write(indented(documents))
    for failure in errors:
        failure.show(call)
    return status


def _show_by_template(call: Call, form: str, documents: list[dict[str, object]]) -> int:
    """One line a document; an empty one where nothing could be filled in (inspector.go, Flush)."""
    lines: list[str] = []
    status = 0
    for document in documents:
        try:
            lines.append(render(form, _typed(document)))
        except TemplateError as error:
            call.complain(f"template parsing error: {error}")
            if "executing" not in str(error):
                return UNREADABLE_TEMPLATE
            status = 1
    call.write("".join(f"{line}\n" for line in lines) or "\n")
    return status


def _typed(document: dict[str, object]) -> Struct:
    """A document as templates see it: what JSON leaves out is there and empty, and maps may lack a key."""
    found = Struct(document)
    for name, value in document.items():
        if isinstance(value, dict):
            found[name] = _typed(value) if name not in MAPS else StringMap(value)
    found.empty = EMPTY_CONFIG if {"Env", "Cmd", "Labels"} & document.keys() else {}
    return found


MAPS = frozenset(("Data", "ExposedPorts", "Labels", "Volumes"))
EMPTY_CONFIG: Mapping[str, object] = {
    **{name: [] for name in ("Cmd", "Entrypoint", "Env", "OnBuild", "Shell")},
    **{name: StringMap() for name in ("ExposedPorts", "Labels", "Volumes")},
    **dict.fromkeys(("StopSignal", "User", "WorkingDir"), ""),
    **dict.fromkeys(("ArgsEscaped", "OpenStdin", "Tty"), False),
    "Healthcheck": None,
}
"""The fields of a config that are left out where they are empty."""


def indented(documents: list[dict[str, object]]) -> str:
    """A JSON array as docker prints it."""
    if not documents:
        return "[]\n"
    return _escaped(json.dumps(documents, indent=4, ensure_ascii=False)) + "\n"


def _go_json(document: object) -> str:
    return _escaped(json.dumps(document, ensure_ascii=False, separators=(",", ":")))


def _escaped(text: str) -> str:
    """Go's encoding/json writes these three characters as escapes."""
    return re.sub(r"[<>&]", lambda match: f"\\u{ord(match.group()):04x}", text)


def image_document(world: World, image: Image) -> dict[str, object]:
    """What `docker image inspect` says of an image; of one that was brought in the words of its own config."""
    parent = find.image_by_key(world, image.parent_key)
    tags = find.tags_of(world, image)
    built = not image.origin
    said = _Said(image)
    return {
        "Id": digests.image_id(image),
        "RepoTags": list(tags),
        "RepoDigests": list(image.repo_digests),
        "Parent": digests.image_id(parent) if parent is not None else "",
        "Comment": said.text("comment") or (image.history[-1].comment if image.history else ""),
        "Created": said.text("created", rfc3339(image.created)),
        "DockerVersion": said.text("docker_version", "28.5.2" if built else ""),
        "Author": said.text("author"),
        "Config": said.running(),
        "Architecture": said.text("architecture", digests.ARCHITECTURE),
        **said.given(Variant="variant"),
        "Os": said.text("os", digests.OS),
        **said.given(OsVersion="os.version"),
        "Size": sizes.size_of_image(image),
        "GraphDriver": {"Data": image_driver_data(world, image), "Name": world.driver},
        "RootFS": {"Type": "layers", "Layers": [digests.diff_id(layer) for layer in image.layers]}
        if image.layers
        else {"Type": "layers"},
        "Metadata": {"LastTagTime": rfc3339(image.created) if built and tags else ZERO_TIME},
    }


CONFIG_FIELDS = (
    *("User", "ExposedPorts", "Env", "Entrypoint", "Cmd", "Volumes", "WorkingDir", "Labels", "StopSignal"),
    *("ArgsEscaped", "Healthcheck", "OnBuild", "Shell"),
)
"""What docker shows of a config, in its order; left out where empty (moby image-spec specs-go/v1)."""


class _Said:
    """The config of an image as it was brought; of one that was built here nothing."""

    def __init__(self, image: Image) -> None:
        self.image = image
        self.raw: dict[str, object] = {}
        if image.config.raw:
            # Fields that nobody knows may hold what only a stricter reader refuses: numbers of 5,000 digits, no UTF-8.
            with suppress(ValueError, RecursionError):
                self.raw = json.loads(image.config.raw)

    def text(self, field: str, default: str = "") -> str:
        found = self.raw.get(field)
        return found if isinstance(found, str) else default

    def given(self, **fields: str) -> dict[str, str]:
        """Those of the fields that are not empty, each under the name that docker gives it."""
        return {name: text for name, field in fields.items() if (text := self.text(field))}

    def running(self) -> dict[str, object]:
        known = self.raw.get("config")
        if not self.raw or not isinstance(known, dict):
            return digests.run_config(self.image.config)
        return {field: known[field] for field in CONFIG_FIELDS if known.get(field)}


def container_document(world: World, container: Container, *, sizes_too: bool = False) -> dict[str, object]:
    config = container.image.config
    running = container.state == "running"
    path, *arguments = container.command or ("",)
    environment = dict((*config.env, *container.env))
    return {
        "Id": container.id,
        "Created": rfc3339(container.created),
        "Path": path,
        "Args": arguments,
        "State": {
            "Status": container.state,
            "Running": running,
            "Paused": False,
            "Restarting": False,
            "OOMKilled": False,
            "Dead": False,
            "Pid": 1000 + container.key if running else 0,
            "ExitCode": container.exit_code,
            "Error": "",
            "StartedAt": rfc3339(container.started) if container.started else ZERO_TIME,
            "FinishedAt": rfc3339(container.finished) if container.finished else ZERO_TIME,
        },
        "Image": digests.image_id(container.image),
        "Name": f"/{container.name}",
        "RestartCount": 0,
        "Driver": world.driver,
        "Platform": digests.OS,
        "GraphDriver": {"Data": container_driver_data(world, container), "Name": world.driver},
        **(_sizes(container) if sizes_too else {}),
        "Mounts": [],
        "Config": {
            "Hostname": container.id[:12],
            "User": config.user,
            "OpenStdin": container.stdin_open,
            "Env": [f"{name}={value}" for name, value in environment.items()],
            "Cmd": list(container.command[len(config.entrypoint or ()) :]) or None,
            "Image": container.image_ref,
            "WorkingDir": container.working_dir or config.working_dir,
            "Entrypoint": list(config.entrypoint) if config.entrypoint else None,
            "Labels": dict(sorted(config.labels)),
        },
    }


def _sizes(container: Container) -> dict[str, object]:
    own = sizes.size_of_container(container)
    return {"SizeRw": own, "SizeRootFs": (sizes.size_of_image(container.image) or 0) + own}


FORMAT = Flag("format", "Format output using a custom template", "f", "string")
COMMANDS = (
    DockerCommand(
        ("inspect",),
        "inspect [OPTIONS] NAME|ID [NAME|ID...]",
        "Return low-level information on Docker objects",
        inspect,
        (
            FORMAT,
            Flag("size", "Display total file sizes if the type is container", "s"),
            Flag("type", "Only inspect objects of the given type", value="string"),
        ),
        least=1,
        most=None,
    ),
    DockerCommand(
        ("image inspect",),
        "image inspect [OPTIONS] IMAGE [IMAGE...]",
        "Display detailed information on one or more images",
        image_inspect,
        (FORMAT,),
        least=1,
        most=None,
    ),
    DockerCommand(
        ("container inspect",),
        "container inspect [OPTIONS] CONTAINER [CONTAINER...]",
        "Display detailed information on one or more containers",
        container_inspect,
        (FORMAT, Flag("size", "Display total file sizes", "s")),
        least=1,
        most=None,
    ),
)
