"""What just happened, in words: one short sentence for an event, in either language.

Serves "what just happened" in Build, screen readers, descriptions in SVG and captions of recorded lessons.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Any

from layerviz.engine import events as did
from layerviz.engine.paths import display
from layerviz.strings.catalogue import Lang, tr

_SPOKEN = 3
"""Of many events of one kind in a row, as when a package is installed, so many are told; the rest is counted."""


def narrate(events: Sequence[did.Event], lang: Lang) -> tuple[str, ...]:
    """Sentences in the order of `events`; some events have none (a download's progress), long rows are shortened."""
    told: list[str] = []
    for _, row in groupby(_without_announcements(events), key=_sort):
        sentences = [sentence for event in row for sentence in _sentences(event, lang)]
        rest = len(sentences) - _SPOKEN
        told.extend(sentences if rest <= 0 else sentences[:_SPOKEN])
        if rest > 0:
            told.append(tr(lang, "narrate.more", count=rest))
    return tuple(told)


def _without_announcements(events: Sequence[did.Event]) -> Iterator[did.Event]:
    """A build step is not told where the next event tells what it did."""
    for event, following in zip(events, [*events[1:], None], strict=False):
        told = following.instruction if isinstance(following, did.LayerAdded | did.ConfigChanged) else ""
        if not (isinstance(event, did.BuildStep) and not event.cached and event.instruction == told):
            yield event


def _sort(event: did.Event) -> object:
    """Files written and entries made belong to one row, and so do the layers and images that go."""
    groups = (did.Written, did.Made, did.AttributesChanged), (did.LayerDeleted, did.ImageDeleted)
    return next((group for group in groups if isinstance(event, group)), type(event))


def _sentences(event: did.Event, lang: Lang) -> Iterator[str]:
    said = _SAID.get(type(event))
    if said:
        key, values = said(event, lang)
        if key:
            yield tr(lang, f"narrate.{key}", **values)


Said = tuple[str, dict[str, object]]


def _bytes(count: int, lang: Lang) -> str:
    form = tr(lang, "narrate.bytes", count=count)
    return form.replace(str(count), f"{count:,}", 1)


def _looked_up(event: did.LookedUp, lang: Lang) -> Said:
    values: dict[str, object] = {"path": display(event.path)}
    last = event.asked[-1] if event.asked else (0, "absent")
    if event.found is not None:
        own = len(event.asked) == 1
        return ("looked_up.own" if own else "looked_up.found"), {**values, "position": event.found}
    if last[1] in ("whiteout", "opaque"):
        return f"looked_up.{last[1]}", {**values, "position": last[0]}
    return "looked_up.absent", values


def _listed(event: did.Listed, lang: Lang) -> Said:
    return "listed", {"path": display(event.path), "count": len(event.names)}


def _copied_up(event: did.CopiedUp, lang: Lang) -> Said:
    key = "copied_up.data" if event.size_bytes else "copied_up.metadata"
    return key, {"path": display(event.path), "position": event.position, "size": _bytes(event.size_bytes, lang)}


def _written(event: did.Written, lang: Lang) -> Said:
    key = "written.created" if event.created else "written.changed"
    return key, {"path": display(event.path), "size": _bytes(event.size_bytes, lang)}


def _made(event: did.Made, lang: Lang) -> Said:
    return f"made.{event.kind}", {"path": display(event.path)}


def _removed(event: did.Removed, lang: Lang) -> Said:
    return "removed", {"path": display(event.path)}


def _whiteout_written(event: did.WhiteoutWritten, lang: Lang) -> Said:
    return "whiteout_written", {"path": display(event.path), "hides": event.hides}


def _opaque_marked(event: did.OpaqueMarked, lang: Lang) -> Said:
    return "opaque_marked", {"path": display(event.path)}


def _attributes_changed(event: did.AttributesChanged, lang: Lang) -> Said:
    return "attributes_changed", {"path": display(event.path)}


def _renamed(event: did.Renamed, lang: Lang) -> Said:
    return "renamed", {"old": display(event.old), "new": display(event.new)}


def _build_step(event: did.BuildStep, lang: Lang) -> Said:
    key = "build_step.cached" if event.cached else "build_step.run"
    return key, {"line": event.line, "instruction": event.instruction}


def _layer_added(event: did.LayerAdded, lang: Lang) -> Said:
    values: dict[str, object] = {"image": event.image, "position": event.position}
    if not event.instruction:
        return "layer_added_plain", values
    return "layer_added", {**values, "instruction": event.instruction}


def _config_changed(event: did.ConfigChanged, lang: Lang) -> Said:
    if not event.instruction:
        return "config_changed_plain", {}
    return "config_changed", {"instruction": event.instruction}


def _tagged(event: did.Tagged, lang: Lang) -> Said:
    return ("tagged.moved" if event.moved else "tagged.given"), {"image": event.image}


def _untagged(event: did.Untagged, lang: Lang) -> Said:
    return "untagged", {"image": event.image}


def _image_deleted(event: did.ImageDeleted, lang: Lang) -> Said:
    return "image_deleted", {"image": event.image, "id": event.image_id.removeprefix("sha256:")[:12]}


def _layer_deleted(event: did.LayerDeleted, lang: Lang) -> Said:
    return "layer_deleted", {"image": event.image, "position": event.position}


def _container_changed(event: did.ContainerChanged, lang: Lang) -> Said:
    return f"container.{event.change}", {"container": event.container, "exit_code": event.exit_code}


def _committed(event: did.Committed, lang: Lang) -> Said:
    key = "committed.layer" if event.key else "committed.nothing"
    return key, {"container": event.container, "image": event.image}


def _pull_progress(event: did.PullProgress, lang: Lang) -> Said:
    key = {"Already exists": "pull.exists", "Pull complete": "pull.complete"}.get(event.status, "")
    return key, {"image": event.image, "position": event.position}


def _host_changed(event: did.HostChanged, lang: Lang) -> Said:
    return ("host_changed.exists" if event.exists else "host_changed.gone"), {"path": display(event.path)}


def _shown(event: did.Shown, lang: Lang) -> Said:
    return "shown", {}


_SAID: dict[type[did.Event], Callable[[Any, Lang], Said]] = {
    did.LookedUp: _looked_up,
    did.Listed: _listed,
    did.CopiedUp: _copied_up,
    did.Written: _written,
    did.Made: _made,
    did.Removed: _removed,
    did.WhiteoutWritten: _whiteout_written,
    did.OpaqueMarked: _opaque_marked,
    did.AttributesChanged: _attributes_changed,
    did.Renamed: _renamed,
    did.BuildStep: _build_step,
    did.LayerAdded: _layer_added,
    did.ConfigChanged: _config_changed,
    did.Tagged: _tagged,
    did.Untagged: _untagged,
    did.ImageDeleted: _image_deleted,
    did.LayerDeleted: _layer_deleted,
    did.ContainerChanged: _container_changed,
    did.Committed: _committed,
    did.PullProgress: _pull_progress,
    did.HostChanged: _host_changed,
    did.Shown: _shown,
}
