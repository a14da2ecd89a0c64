"""What can be said of a thing on the stage: what it is, where it comes from, how a read finds it, the same by command.
No Qt."""

import stat
from dataclasses import dataclass
from typing import Literal

from layerviz.engine import drivers, merge, paths, sizes
from layerviz.engine.address import Address, AddressError, Place, parse, resolve
from layerviz.engine.digests import chain_id, content_digest, diff_id, image_id
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.find import place_of, short_ref, tags_of
from layerviz.engine.world import Image, Layer, World
from layerviz.picture.shapes import Hue
from layerviz.strings import Lang, tr

DIGEST_LIMIT_BYTES = 16 << 20
"""Above this a digest is not computed while someone waits for it."""
QUOTE_LETTERS = 24
LABEL_LETTERS = 5


@dataclass(frozen=True, slots=True)
class Fact:
    """A line of the list: its name and its value. A digest can be copied whole."""

    name: str
    value: str
    mono: bool = False
    digest: bool = False


@dataclass(frozen=True, slots=True)
class Asked:
    """A layer on the way of a look-up, top first, and what it answered."""

    position: int
    layer: str
    text: str
    state: Literal["found", "stop", "asked", "not_asked"]
    hue: Hue


@dataclass(frozen=True, slots=True)
class Facts:
    """All of it. `label` and `hue` make the little tile at the top; `kind` says how it is drawn."""

    title: str
    what: str
    hue: Hue
    label: str
    kind: Literal["tile", "slab", "view"]
    rows: tuple[Fact, ...]
    asked: tuple[Asked, ...] = ()
    commands: tuple[str, ...] = ()


def facts_of(world: World, address: str, lang: Lang) -> Facts | None:
    """Everything about the thing at `address` in `world`; None where there is no such thing."""
    try:
        parsed = parse(address)
        place = resolve(world, parsed)
    except AddressError:
        return None
    if place.kind == "host":
        return _host_file(place, parsed, lang)
    if parsed.path is not None and (parsed.path != paths.ROOT or parsed.layer is not None):
        return _file(world, place, parsed, lang)
    return _layer(world, place, lang) if place.position is not None else _stack(world, place, lang)


def _say(lang: Lang, key: str, **values: object) -> str:
    return tr(lang, f"app.facts.{key}", **values)


def _file(world: World, place: Place, address: Address, lang: Lang) -> Facts | None:
    assert address.path is not None
    path = address.path
    found = merge.lookup(place.stack, path)
    if place.position is None:
        if found.found is None:
            return _gone(place, path, found, lang)
        position, entry = found.found.position, found.found.entry
    else:
        position = place.position
        own = [version.entry for version in merge.versions(place.stack, path) if version.position == position]
        if not own:
            return None
        entry = next((one for one in own if not one.is_whiteout), own[0])
    seen = found.found is not None and found.found.position == position and not entry.is_whiteout
    layer = place.stack[position - 1]
    hue = hue_of(place, position)
    rows = [
        Fact(_say(lang, "layer"), layer_words(place, position, lang)),
        Fact(_say(lang, "written_by"), layer.created_by or "-", mono=True),
        *_entry_rows(entry, lang),
    ]
    if seen and place.container is not None and entry.kind is Kind.FILE and not _is_writable(place, position):
        rows.append(Fact(_say(lang, "first_write"), _first_write(world.driver, entry.size_bytes, lang)))
    if not _is_writable(place, position):
        rows.append(Fact(_say(lang, "diff_id"), _layer_digest(layer, lang), mono=True, digest=True))
    return Facts(
        paths.display(path),
        _what(entry, seen, found, lang),
        hue,
        _label(entry),
        "tile",
        tuple(rows),
        _way(place, path, found, lang),
        _read_commands(place, path, entry),
    )


def _first_write(driver: str, size_bytes: int, lang: Lang) -> str:
    """What changing one byte of a file of a layer below copies up."""
    copied = drivers.first_write_bytes(driver, size_bytes)
    if copied is None:
        return _say(lang, "unknown")
    return _say(lang, "copies", size=size_words(copied, lang), driver=driver)


def _gone(place: Place, path: str, found: merge.Lookup, lang: Lang) -> Facts | None:
    if not merge.versions(place.stack, path):
        return None
    return Facts(paths.display(path), _say(lang, "gone"), "bad", "", "tile", (), _way(place, path, found, lang))


def _host_file(place: Place, address: Address, lang: Lang) -> Facts | None:
    if address.path is None:
        return None
    found = merge.seen(place.stack, address.path)
    if found is None:
        return None
    rows = (Fact(_say(lang, "where"), _say(lang, "your_computer")), *_entry_rows(found.entry, lang))
    command = "ls" if found.entry.kind is Kind.DIR else "cat"
    return Facts(
        paths.display(address.path),
        _kind_words(found.entry, lang),
        "dim",
        _label(found.entry),
        "tile",
        rows,
        (),
        (f"{command} {address.path.lstrip('/')}",),
    )


def _layer(world: World, place: Place, lang: Lang) -> Facts:
    position = place.position
    assert position is not None
    layer = place.stack[position - 1]
    writable = _is_writable(place, position)
    size = layer.size_bytes
    rows = [
        Fact(_say(lang, "layer"), layer_words(place, position, lang)),
        Fact(_say(lang, "written_by"), layer.created_by or "-", mono=True),
        Fact(_say(lang, "entries"), _say(lang, "unknown") if layer.is_quoted else str(len(layer.entries))),
        Fact(_say(lang, "size"), _say(lang, "unknown") if size is None else size_words(size, lang)),
    ]
    if not writable:
        rows.append(Fact(_say(lang, "diff_id"), _layer_digest(layer, lang), mono=True, digest=True))
        if _is_small(place.stack[:position]):
            rows.append(Fact(_say(lang, "chain_id"), chain_id(place.stack[:position]), mono=True, digest=True))
        if layer.blob_digest:
            rows.append(Fact(_say(lang, "blob"), layer.blob_digest, mono=True, digest=True))
    users = _users(world, layer)
    if users:
        rows.append(Fact(_say(lang, "used_by"), ", ".join(users), mono=True))
    name = place.container.name if place.container is not None else place.name
    command = f"docker diff {name}" if writable else f"docker history {_image_name(world, place)}"
    return Facts(
        _say(lang, "layer_n", n=position),
        _say(lang, "writable_layer" if writable else "layer_what"),
        hue_of(place, position),
        "" if writable else str(position),
        "slab",
        tuple(rows),
        (),
        (command,),
    )


def _users(world: World, layer: Layer) -> tuple[str, ...]:
    """The images by name, and the containers, that need a layer, directly or through others."""
    from layerviz.engine.sharing import users_of

    needed = users_of(world, layer)
    containers = {container.key: container.name for container in world.containers}
    tags = [short_ref(str(key)) for kind, key in needed if kind == "tag"]
    return (*tags, *(containers[int(key)] for kind, key in needed if kind == "container"))


def _freed(world: World, image: Image, lang: Lang) -> str:
    """What removing an image would give back."""
    from layerviz.engine.sharing import freed_by

    freed = freed_by(world, image)
    if not freed:
        return _say(lang, "frees_nothing")
    size = sizes.size_of_stack(freed)
    said = _say(lang, "unknown") if size is None else size_words(size, lang)
    return _say(lang, "frees_layers", count=len(freed), all=len(image.layers), size=said)


def _stack(world: World, place: Place, lang: Lang) -> Facts:
    seen, stored = len(sizes.seen(place.stack)), len(sizes.stored(place.stack))
    size = sizes.size_of_stack(place.stack)
    rows = [
        Fact(_say(lang, "layers"), str(len(place.stack))),
        Fact(_say(lang, "files_seen"), str(seen)),
        Fact(_say(lang, "files_stored"), str(stored)),
        Fact(_say(lang, "size"), _say(lang, "unknown") if size is None else size_words(size, lang)),
    ]
    if place.container is not None:
        container = place.container
        rows.append(Fact(_say(lang, "state"), _say(lang, f"state_{container.state}")))
        rows.append(Fact(_say(lang, "image"), container.image_ref, mono=True))
        rows.append(Fact(_say(lang, "driver"), world.driver, mono=True))
        shares = drivers.DRIVERS[world.driver].shares_page_cache
        in_memory = "unknown" if shares is None else "once_for_all" if shares else "once_each"
        rows.append(Fact(_say(lang, "in_memory"), _say(lang, in_memory)))
        commands: tuple[str, ...] = (f"docker diff {container.name}", "docker ps -a -s")
        what = _say(lang, "container_view")
    else:
        what, commands = _say(lang, "image_view"), (f"docker image inspect {_image_name(world, place)}",)
        if place.image is not None and _is_small(place.stack):
            rows.append(Fact(_say(lang, "image_id"), image_id(place.image), mono=True, digest=True))
            tags = [short_ref(tag) for tag in tags_of(world, place.image)]
            rows.append(Fact(_say(lang, "tags"), ", ".join(tags) or "-", mono=True))
        if place.image in world.images:
            rows.append(Fact(_say(lang, "frees"), _freed(world, place.image, lang)))
    return Facts(place.name, what, "ink", "", "view", tuple(rows), (), commands)


def _entry_rows(entry: Entry, lang: Lang) -> list[Fact]:
    rows: list[Fact] = []
    if entry.is_whiteout:
        return rows
    if entry.kind in (Kind.FILE, Kind.HARDLINK):
        quote = _quote(entry)
        if quote is not None:
            rows.append(Fact(_say(lang, "content"), quote, mono=True))
        rows.append(Fact(_say(lang, "size"), size_words(entry.size_bytes, lang)))
    elif entry.kind is Kind.SYMLINK:
        rows.append(Fact(_say(lang, "points_to"), paths.display(entry.linkname), mono=True))
    owner = " ".join("root" if number == 0 else str(number) for number in (entry.uid, entry.gid))
    rows.append(Fact(_say(lang, "mode"), f"{mode_words(entry)}  {owner}", mono=True))
    if entry.kind is Kind.FILE and 0 < entry.size_bytes <= DIGEST_LIMIT_BYTES:
        try:
            rows.append(Fact(_say(lang, "digest"), content_digest(entry.content), mono=True, digest=True))
        except LookupError:
            rows.append(Fact(_say(lang, "digest"), _say(lang, "not_open")))
    return rows


def mode_words(entry: Entry) -> str:
    """`rw-r--r--`, as ls writes it, without the letter of the kind."""
    return stat.filemode(entry.mode)[1:]


def size_words(size_bytes: int, lang: Lang) -> str:
    """Exact bytes, with thousands set apart: "7 B", "6,405 B"."""
    return _say(lang, "bytes", n=f"{size_bytes:,}")


def layer_words(place: Place, position: int, lang: Lang) -> str:
    if _is_writable(place, position):
        return _say(lang, "own_layer")
    count = len(place.image.layers) if place.image is not None else len(place.stack)
    return _say(lang, "layer_of", n=position, count=count)


def hue_of(place: Place, position: int) -> Hue:
    """The hue of the layer at `position`; a container's own is green."""
    return "rw" if _is_writable(place, position) else position


def _is_writable(place: Place, position: int) -> bool:
    return place.container is not None and position == len(place.stack)


def _what(entry: Entry, seen: bool, found: merge.Lookup, lang: Lang) -> str:
    if entry.is_whiteout:
        return _say(lang, "whiteout")
    kind = _kind_words(entry, lang)
    if seen:
        return _say(lang, "seen", kind=kind)
    if entry.kind is Kind.DIR and found.found is not None and found.found.entry.kind is Kind.DIR:
        return _say(lang, "merged", kind=kind)
    return _say(lang, "hidden", kind=kind)


def _kind_words(entry: Entry, lang: Lang) -> str:
    return _say(lang, f"kind_{entry.kind}")


def _way(place: Place, path: str, found: merge.Lookup, lang: Lang) -> tuple[Asked, ...]:
    answers = dict(found.asked)
    versions = {version.position: version.entry for version in merge.versions(place.stack, path)}
    name = paths.base(path)
    steps: list[Asked] = []
    # A directory is one with those below it, down to whatever hides them.
    joins = False
    for position in range(len(place.stack), 0, -1):
        answer, below = answers.get(position), versions.get(position)
        joining, joins = joins, _lets_through(below, answer == "found", joins)
        if answer == "found":
            entry = below
            size = entry.size_bytes if entry is not None else 0
            is_file = entry is not None and entry.kind in (Kind.FILE, Kind.HARDLINK)
            text = _say(lang, "found", size=size_words(size, lang)) if is_file else _say(lang, "found_here")
            state: Literal["found", "stop", "asked", "not_asked"] = "found"
        elif answer in ("whiteout", "opaque"):
            text, state = _say(lang, f"ends_{answer}"), "stop"
        elif joining and below is not None and below.kind is Kind.DIR:
            text, state = _say(lang, "joined"), "asked"
        elif answer == "absent" or (joining and below is None):
            text, state = _say(lang, "absent"), "asked"
        else:
            older = below is not None and not below.is_whiteout
            text, state = _say(lang, "never_asked", name=name) if older else _say(lang, "not_asked"), "not_asked"
        layer = _say(lang, "own_short" if _is_writable(place, position) else "layer_n", n=position)
        steps.append(Asked(position, layer, text, state, hue_of(place, position)))
    return tuple(steps)


def _lets_through(entry: Entry | None, is_found: bool, joins: bool) -> bool:
    """Whether directories further down are joined to the one that was found, below a layer that has `entry` there."""
    if entry is None:
        return joins
    return (is_found or joins) and entry.kind is Kind.DIR and not entry.opaque


def _read_commands(place: Place, path: str, entry: Entry) -> tuple[str, ...]:
    if entry.is_whiteout:
        return (f"docker diff {place.container.name}",) if place.container is not None else ()
    command = "ls -l" if entry.kind is Kind.DIR else "cat"
    if place.container is not None:
        return (f"docker exec {place.container.name} {command} {path}",)
    name = paths.base(path)
    return (f"docker create --name t {place.name} x", f"docker cp t:{path} .", f"{command} {name}")


def _quote(entry: Entry) -> str | None:
    """The first line of a text, in quotes; None for what is no short text."""
    if entry.size_bytes > 1 << 20:
        return None
    try:
        text = entry.content.read(QUOTE_LETTERS * 4).decode()
    except (UnicodeDecodeError, LookupError):
        return None
    line, _, rest = text.partition("\n")
    if not line.isprintable():
        return None
    cut = line[:QUOTE_LETTERS] + ("…" if len(line) > QUOTE_LETTERS or rest else "")
    return f'"{cut}"'


def _label(entry: Entry) -> str:
    quote = _quote(entry) if entry.kind is Kind.FILE else None
    text = quote.strip('"').removeprefix("File ") if quote is not None else ""
    return text if len(text) <= LABEL_LETTERS else ""


def _layer_digest(layer: Layer, lang: Lang) -> str:
    known = layer.quoted_diff_id or layer.brought_diff_id
    if known:
        return known if ":" in known else f"sha256:{known}"
    return diff_id(layer) if _is_small((layer,)) else _say(lang, "large")


def _is_small(stack: tuple[Layer, ...]) -> bool:
    return all(
        layer.quoted_diff_id or layer.brought_diff_id or (layer.size_bytes or 0) <= DIGEST_LIMIT_BYTES
        for layer in stack
    )


def _image_name(world: World, place: Place) -> str:
    return place_of(world, place.image) if place.image is not None else place.name
