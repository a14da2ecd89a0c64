"""What Explore says of an image, a directory, a path and a finding. No Qt."""

import json
import os
import shlex
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, NamedTuple

from layerviz.app.explore_image import Counts, Opened, command_of, names_in, runs
from layerviz.engine import paths
from layerviz.engine.digests import diff_id, image_id
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.find import normal_ref
from layerviz.engine.layer_facts import LayerFacts
from layerviz.engine.pathstory import Chapter, path_story
from layerviz.engine.waste import Waste
from layerviz.picture.layout.sight import size_text
from layerviz.strings import Lang, tr

EXACT_BELOW = 10_000_000
"""Sizes below are told to the byte, larger ones in units."""


class Chapters(NamedTuple):
    """What a line of a story says: its head, what follows, and the instruction of its layer. `position` 0: none;
    `mark` "bad" for what is stored in vain, "plain" for what sums up, "mono" for a command, "digest" for a digest (its
    body names it), "dim" for a hint."""

    position: int
    head: str
    body: str = ""
    command: str = ""
    mark: str = ""


class Story(NamedTuple):
    """A title, what it is, and its lines, oldest first; what of it is copied, and the text of that."""

    title: str
    what: str
    lines: tuple[Chapters, ...]
    copied: Literal["path", "digest", "id"]
    copy_text: str


def size_words(size_bytes: int | None, lang: Lang) -> str:
    """To the byte while that reads well: "6,405 B", "54 MB"."""
    if size_bytes is None:
        return tr(lang, "app.facts.unknown")
    return tr(lang, "app.facts.bytes", n=f"{size_bytes:,}") if size_bytes < EXACT_BELOW else size_text(size_bytes)


def image_words(image: Opened, lang: Lang, stored_bytes: int = 0) -> str:
    """How the image came, its layers and its size: of its files, or while they are not known of what is stored."""
    kind = tr(lang, f"explore.from_{_kind(image)}")
    size = size_words(stored_bytes or image.size_bytes, lang)
    return tr(lang, "explore.image_line", kind=kind, layers=layers_words(len(image.stack), lang), size=size)


def layers_words(count: int, lang: Lang) -> str:
    return tr(lang, "explore.layers_count", count=count)


_TRANSPORTS = {
    "docker://": "registry",
    "docker-daemon:": "docker",
    "podman:": "podman",
    "oci:": "oci",
    "oci-archive:": "oci_archive",
    "docker-archive:": "archive",
    "lesson:": "lesson",
}


def _kind(image: Opened) -> str:
    """What it came from; of a bare path what was found there: a layout names its manifests, docker's archive does
    not."""
    for prefix, name in _TRANSPORTS.items():
        if image.text.startswith(prefix):
            return name
    parts = image.brought.parts if image.brought is not None else None
    if parts is None:
        return "file"
    if not parts.manifest:
        return "archive"
    return "oci" if os.path.isdir(image.image.origin) else "oci_archive"


def counts_words(counts: Counts, lang: Lang) -> str:
    """ "3 names seen, 1 deleted"."""
    seen = tr(lang, "explore.seen", count=counts.seen)
    return f"{seen}{tr(lang, 'explore.comma')}{tr(lang, 'explore.gone', count=counts.gone)}" if counts.gone else seen


def left_out_words(positions: Sequence[int], directory: str, lang: Lang) -> str:
    """Which layers are left out of the picture; "" for none."""
    if not positions:
        return ""
    return tr(
        lang,
        "explore.left_out",
        count=len(positions),
        layers=listed(runs(positions), lang),
        directory=paths.display(directory),
    )


def unknown_words(image: Opened, lang: Lang) -> str:
    """Of which layers the files are not known; "" for none."""
    unknown = [position for position, layer in enumerate(image.stack, 1) if layer.is_quoted]
    if not unknown:
        return ""
    return tr(lang, "explore.unknown_files", count=len(unknown), layers=listed(runs(unknown), lang))


def listed(parts: Sequence[str], lang: Lang) -> str:
    """ "1, 2 and 12"."""
    if len(parts) < 2:
        return "".join(parts)
    comma = tr(lang, "explore.list_comma")
    return tr(lang, "explore.and", first=comma.join(parts[:-1]), last=parts[-1])


def image_story(image: Opened, lang: Lang) -> Story:
    """What the image is and what its config says of running it."""
    config = image.image.config
    command = shlex.join((*(config.entrypoint or ()), *(config.cmd or ())))
    starts = tr(lang, "explore.starts", command=command) if command else tr(lang, "explore.starts_nothing")
    runs_as = tr(lang, "explore.runs_as", user=config.user or "root", directory=config.working_dir or paths.ROOT)
    lines = [Chapters(0, paths.display(starts), paths.display(runs_as))]
    more = (
        ("environment", tuple(f"{name}={value}" for name, value in config.env)),
        ("ports", config.exposed_ports),
        ("volumes", config.volumes),
    )
    said = (tr(lang, f"explore.config_{key}", what=", ".join(values)) for key, values in more if values)
    lines += [Chapters(0, paths.display(one), mark="plain") for one in said]
    identity = image_id(image.image)
    lines.append(Chapters(0, identity, tr(lang, "explore.image_id"), mark="digest"))
    lines.append(Chapters(0, tr(lang, "explore.choose_something" if image.stack else "explore.no_layers"), mark="dim"))
    name = normal_ref(image.refs[0]) if image.refs else image.name
    return Story(name, _platform(image, lang), tuple(lines), "id", identity)


def _platform(image: Opened, lang: Lang) -> str:
    """For what machine it was made, and when."""
    try:
        said = json.loads(image.image.config.raw or b"{}")
        platform = f"{said['os']}/{said['architecture']}"
    except (ValueError, KeyError, TypeError):
        platform = ""
    made = datetime.fromtimestamp(max(image.image.created, 0), UTC).strftime("%Y-%m-%d")
    return tr(lang, "explore.comma").join(part for part in (platform, tr(lang, "explore.made_on", day=made)) if part)


def layer_story(image: Opened, position: int, facts: LayerFacts | None, lang: Lang) -> Story:
    """What a layer is: its instruction, what it did, its bytes and its DiffID."""
    layer = image.stack[position - 1]
    lines = [Chapters(0, command_of(layer.created_by) or tr(lang, "explore.no_instruction"), mark="mono")]
    if facts is not None:
        counts = tr(lang, "explore.files", added=facts.added, changed=facts.changed, removed=facts.removed)
        lines.append(Chapters(0, size_words(facts.size_bytes, lang), counts))
        if facts.hidden_bytes:
            hidden = size_words(facts.hidden_bytes, lang)
            lines.append(Chapters(0, tr(lang, "explore.never_seen", size=hidden), mark="bad"))
    lines.append(Chapters(0, diff_id(layer), "DiffID", mark="digest"))
    return Story(
        tr(lang, "app.facts.layer_n", n=position),
        tr(lang, "explore.layer_of", n=position, count=len(image.stack)),
        tuple(lines),
        "digest",
        diff_id(layer),
    )


def path_words(image: Opened, path: str, lang: Lang) -> Story:
    """The story of a path, with what it costs at its end."""
    chapters = path_story(image.stack, path)
    lines: list[Chapters] = []
    before: Entry | None = None
    for number, chapter in enumerate(chapters):
        command = command_of(image.stack[chapter.position - 1].created_by)
        later = chapters[number + 1].position if number + 1 < len(chapters) else 0
        head, body = _head(chapter, before, lang), _body(chapter, later, lang)
        lines.append(Chapters(chapter.position, head, body, command))
        before = chapter.entry
    vain = [one for one in chapters if one.bytes and not one.seen]
    if vain:
        size = size_words(sum(one.bytes for one in vain), lang)
        layers = listed([str(one.position) for one in vain], lang)
        lines.append(Chapters(0, tr(lang, "explore.in_vain", count=len(vain), size=size, layers=layers), mark="bad"))
    elif (name := names_in(image, paths.parent(path)).at(path)) is not None and name.giving:
        layers = listed(runs(name.giving), lang)
        given = tr(lang, "explore.giving", count=len(name.giving), entries=name.below, layers=layers)
        lines.append(Chapters(0, given, mark="plain"))
    return Story(paths.display(path), tr(lang, "explore.story"), tuple(lines), "path", _pasteable(path))


def _pasteable(path: str) -> str:
    """The path as it is where text can hold it, else as it is shown."""
    try:
        path.encode()
    except UnicodeEncodeError:
        return paths.display(path)
    return path


def _head(chapter: Chapter, before: Entry | None, lang: Lang) -> str:
    entry = chapter.entry
    if entry is None:
        by = paths.display(chapter.by)
        return tr(lang, f"explore.chapter.{chapter.what}", path=by)
    size = size_words(chapter.bytes, lang)
    mode = f"{entry.mode:o}"
    match chapter.what:
        case "written" if entry.kind is Kind.DIR:
            return tr(lang, "explore.chapter.made", mode=mode)
        case "written" | "rewritten" if entry.kind is Kind.SYMLINK:
            return tr(lang, "explore.chapter.link", target=paths.display(entry.linkname))
        case "written" | "rewritten":
            return tr(lang, f"explore.chapter.{chapter.what}", size=size, mode=mode)
        case "attributes":
            return _attributes(entry, before, size, lang)
        case "linked":
            return tr(lang, "explore.chapter.linked", target=paths.display(entry.linkname))
        case _:
            kind = tr(lang, f"app.facts.kind_{entry.kind}")
            return tr(lang, "explore.chapter.type_changed", kind=kind)


def _attributes(entry: Entry, before: Entry | None, size: str, lang: Lang) -> str:
    if before is None or before.mode != entry.mode:
        what = tr(lang, "explore.chapter.mode", mode=f"{entry.mode:o}")
    elif (before.uid, before.gid) != (entry.uid, entry.gid):
        what = tr(lang, "explore.chapter.owner", owner=f"{entry.uid}:{entry.gid}")
    else:
        what = tr(lang, "explore.chapter.time")
    return tr(lang, "explore.chapter.again", what=what, size=size) if entry.kind is Kind.FILE else what


def _body(chapter: Chapter, later: int, lang: Lang) -> str:
    if chapter.entry is None:
        return tr(lang, "explore.chapter.no_more")
    if chapter.seen:
        return tr(lang, "explore.chapter.seen")
    if chapter.entry.kind is Kind.DIR or not later:
        return ""
    return tr(lang, "explore.chapter.hidden_since", n=later)


# Efficiency and findings


def efficiency_words(waste: Waste, base_bytes: int, lang: Lang) -> str:
    """ "32,025 of 1,220,598 bytes are wasted: 48 % of the 66,237 that the build added to its base."."""
    if not waste.wasted_bytes:
        return tr(lang, "explore.no_waste", size=f"{waste.size_bytes:,}")
    added = waste.size_bytes - base_bytes
    values = {"wasted": f"{waste.wasted_bytes:,}", "size": f"{waste.size_bytes:,}"}
    if base_bytes and added and waste.wasted_bytes <= added:
        share = round(100 * waste.wasted_bytes / added)
        return tr(lang, "explore.wasted_of_added", share=share, added=f"{added:,}", **values)
    return tr(lang, "explore.wasted", **values)
