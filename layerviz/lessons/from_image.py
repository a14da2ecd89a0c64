"""Make a lesson of an image: a walk through its layers, as a lesson file to edit.

Lessons live in a world of their own, where no archive is opened. So the image is built again from a selection of its
entries: their paths, types, sizes and modes, filled with zeros, layer for layer in the order of the image's own. The
lesson says so itself, in its head and in its notes.
"""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from layerviz.engine import paths
from layerviz.engine.world import Image, Layer
from layerviz.lessons.bare_numbers import bare_numbers
from layerviz.lessons.expressions import FUNCTIONS, WORDS
from layerviz.lessons.rebuilding import Rebuilt, rebuilt
from layerviz.strings import LANGUAGES, Lang, tr

MOST_LAYERS = 40
"""Layers that a lesson walks through: more are more than anyone sits through."""
_MOST_CAPTION: dict[Lang, float] = {"en": 90, "zh_CN": 40}
_MOST_TITLE: dict[Lang, float] = {"en": 34, "zh_CN": 17}
_LONGEST_WORD = 40
"""A longer one breaks no line of a caption."""
_RESERVED = frozenset({"host", "or", "and", "not", "without", "before", "scratch", "none", *WORDS, *FUNCTIONS})


def lesson_of(image: Image, name: str) -> str:
    """The text of a lesson file about `image`, which people call `name`: `layerviz lessons check` finds nothing wrong
    with it. Raises `ValueError` for an image without layers: there is nothing to walk through."""
    if not image.layers:
        raise ValueError(f"{name} has no layers")
    stack = image.layers[:MOST_LAYERS]
    layers = rebuilt(stack)
    ref = ref_of(name)
    steps = [_layer_step(ref, stack, layers, position) for position in range(1, len(stack) + 1)]
    steps.append(_history_step(ref, image))
    return "".join(_lines(_lesson(ref, name, image, layers, steps)))


def ref_of(name: str) -> str:
    """The lesson's id, which is the name of its image too: small letters, digits and dashes."""
    slug = re.sub(r"[^a-z0-9]+", "-", _short_name(name).lower()).strip("-")
    return slug if slug[:1].isalpha() and slug not in _RESERVED else f"image-{slug}".rstrip("-")


def _short_name(name: str) -> str:
    """A name without its registry, its digest, and the tag that goes without saying."""
    return name.rpartition("/")[2].partition("@")[0].removesuffix(":latest")


@dataclass(frozen=True, slots=True)
class _Text:
    """A text in every language."""

    by_lang: dict[Lang, str]


@dataclass(frozen=True, slots=True)
class _Commands:
    """Commands, as a block of lines."""

    lines: tuple[str, ...]


def _lesson(
    ref: str, name: str, image: Image, layers: Sequence[Rebuilt], steps: list[dict[str, object]]
) -> dict[str, object]:
    minutes = sum(int(str(step.get("minutes", 1))) for step in steps)
    return {
        "id": ref,
        "title": _said("title", cut=_MOST_TITLE, name=_plain(_short_name(name))),
        "minutes": str(minutes),
        "objective": _said("objective", name=_plain(_short_name(name))),
        "takeaway": _said("takeaway"),
        "setup": _Commands(tuple(_setup(layers))),
        "steps": steps,
    }


def _setup(layers: Sequence[Rebuilt]) -> Iterator[str]:
    for layer in layers:
        yield from layer.setup


def _layer_step(ref: str, stack: Sequence[Layer], layers: Sequence[Rebuilt], position: int) -> dict[str, object]:
    layer, made = stack[position - 1], layers[position - 1]
    step: dict[str, object] = {"id": f"layer-{position}"}
    asks = position > 1 and made.hides
    if asks:
        step["minutes"] = "2"
    step |= {"show": [ref], "directory": made.directory}
    if asks:
        step["ask"] = [_question(ref, grows=made.stores)]
    instruction = _plain(layer.created_by)
    step["run"] = _Commands(
        (
            f"cat {'>' if position == 1 else '>>'} Dockerfile <<'EOF'",
            *made.dockerfile(instruction),
            "EOF",
            f"docker build -t {ref} .",
        )
    )
    if made.look:
        step["look"] = [f"{ref}[{position}]:{path}" for path in made.look]
    key = "caption" if instruction else "caption_without"
    words = " ".join(_shortened(word, _LONGEST_WORD) for word in instruction.split())
    step["caption"] = _said(key, cut=_MOST_CAPTION, position=position, instruction=words)
    step["small"] = _said("small", layer=f"{ref}[{position}]", open="{", close="}")
    key = "notes_base" if position == 1 else "notes"
    step["notes"] = _said(key, files=made.files_in_all, size=f"{layer.size_bytes or 0:,}", kept=made.files)
    return step


def _question(ref: str, *, grows: bool) -> dict[str, object]:
    options: list[dict[str, object]] = []
    for answer, sign in (("smaller", "<"), ("same", "=="), ("larger", ">")):
        option: dict[str, object] = {
            "text": _said(f"question.{answer}"),
            "right_if": f"size({ref}) {sign} before(size({ref}))",
        }
        if answer != ("larger" if grows else "same"):
            option["feedback"] = _said(f"question.{answer}_feedback" + ("" if grows else "_whiteout"))
        options.append(option)
    return {"kind": "choose", "text": _said("question.text"), "options": options}


def _history_step(ref: str, image: Image) -> dict[str, object]:
    empty = [_plain(line.created_by) for line in image.history if line.empty_layer]
    values: dict[str, Any] = {"count": len(image.layers), "kept": MOST_LAYERS}
    values["lines"] = _shortened("; ".join(empty), 400) or "-"
    return {
        "id": "history",
        "show": [ref],
        "directory": "/",
        "beside": "history",
        "run": _Commands((f"docker history {ref}",)),
        "caption": _said("history.caption"),
        "notes": _said("history.notes_cut" if len(image.layers) > MOST_LAYERS else "history.notes", **values),
    }


def _said(key: str, cut: dict[Lang, float] | None = None, **values: object) -> _Text:
    """The string in every language; with `cut`, its value `instruction` or `name` shortened until all of it fits."""
    found: dict[Lang, str] = {}
    for lang in LANGUAGES:
        text = tr(lang, f"from_image.{key}", **values)
        for long in ("instruction", "name") if cut else ():
            whole = str(values.get(long, ""))
            keep = len(whole)
            while cut and keep and (_letters(text, lang) > cut[lang] or bare_numbers(text, lang)):
                keep -= 1
                text = tr(lang, f"from_image.{key}", **(values | {long: _shortened(whole, keep)}))
        found[lang] = text
    return _Text(found)


def _letters(text: str, lang: Lang) -> float:
    return sum(0.5 if lang == "zh_CN" and letter.isascii() else 1 for letter in text)


def _plain(text: str) -> str:
    """A text of a stranger as one line without the braces that a lesson's texts would take for a placeholder."""
    line = paths.display(" ".join(text.replace("{", "(").replace("}", ")").split()))
    return line.removeprefix("RUN ")


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(most - 1, 0)].rstrip() + "…"


def _lines(lesson: dict[str, object]) -> Iterator[str]:
    """YAML in the block style of the lessons shipped."""
    for lang in LANGUAGES:
        yield from (f"# {line}\n" for line in tr(lang, "from_image.head").splitlines())
    for name, value in lesson.items():
        if name in ("setup", "steps"):
            yield "\n"
        yield from _field(name, value, 0)


def _field(name: str, value: object, depth: int) -> Iterator[str]:
    indent = "  " * depth
    match value:
        case _Text(by_lang):
            yield f"{indent}{name}:\n"
            yield from (f"{indent}  {lang}: {_scalar(text)}\n" for lang, text in by_lang.items())
        case _Commands(lines):
            yield f"{indent}{name}: |\n"
            yield from (f"{indent}  {line}\n" for line in lines)
        case list():
            yield f"{indent}{name}:\n"
            for number, item in enumerate(value):
                if isinstance(item, dict):
                    yield from "\n" * (name == "steps" and number > 0)
                    yield from _item(item, depth + 1)
                else:
                    yield f"{indent}  - {_scalar(str(item))}\n"
        case _:
            yield f"{indent}{name}: {_scalar(str(value))}\n"


def _item(item: dict[str, object], depth: int) -> Iterator[str]:
    lines = [line for name, value in item.items() for line in _field(name, value, depth + 1)]
    start = "  " * depth
    yield f"{start}- {lines[0].removeprefix(start + '  ')}"
    yield from lines[1:]


def _scalar(text: str) -> str:
    """Plain where YAML takes it so; the schema reads every scalar as a string."""
    plain = re.match(r"[\w/]", text) and text == text.strip() and text.isprintable()
    return text if plain and ": " not in text and " #" not in text and not text.endswith(":") else _quoted(text)


def _quoted(text: str) -> str:
    # JSON's strings are YAML's, too.
    return json.dumps(text, ensure_ascii=False)
