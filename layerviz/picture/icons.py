"""Icons as paths: our fonts have neither locks nor eyes.

Each stands in a square of 14 and is written as SVG path data; what is filled comes first, what is stroked second.
"""

import math
import re
from collections.abc import Iterator
from functools import lru_cache

from layerviz.picture.primitives import Path, Point, Rgba, Segment, Stroke

GRID = 14.0
_LOCK_BODY = (
    "M3.7 6.8H10.3A1.2 1.2 0 0 1 11.5 8V11.6A1.2 1.2 0 0 1 10.3 12.8H3.7A1.2 1.2 0 0 1 2.5 11.6V8"
    "A1.2 1.2 0 0 1 3.7 6.8Z"
)
_ICONS: dict[str, tuple[str, str]] = {
    "lock": (
        _LOCK_BODY,
        "M4 7V4.5A3 3 0 0 1 10 4.5V7" + _LOCK_BODY,
    ),
    "lock-open": (
        _LOCK_BODY,
        "M4 7V4.5A3 3 0 0 1 9.6 3" + _LOCK_BODY,
    ),
    "hidden": ("", "M1 7Q7 .6 13 7Q7 13.4 1 7ZM8.7 7A1.7 1.7 0 1 1 5.3 7A1.7 1.7 0 1 1 8.7 7ZM2.2 12L11.8 2"),
    "eye": ("", "M1 7Q7 .6 13 7Q7 13.4 1 7ZM8.7 7A1.7 1.7 0 1 1 5.3 7A1.7 1.7 0 1 1 8.7 7Z"),
    "check": ("", "M1.5 7.5L5.5 11.5L12.5 3"),
    "cross": ("", "M3 3L11 11M11 3L3 11"),
    "wait": ("", "M13 7A6 6 0 1 1 1 7A6 6 0 1 1 13 7ZM7 3.5V7.2L9.6 8.6"),
    "dir": (
        "M1.4 2H4.8A1.4 1.4 0 0 1 6.2 3.4V5H12.6A1.4 1.4 0 0 1 14 6.4V11.1A1.4 1.4 0 0 1 12.6 12.5H1.4"
        "A1.4 1.4 0 0 1 0 11.1V3.4A1.4 1.4 0 0 1 1.4 2Z",
        "",
    ),
    "file": ("", "M3 1.5H8L11.5 5V12.5H3ZM8 1.5V5H11.5"),
    "link": ("", "M2 2V7.5Q2 9 3.5 9H12M8.6 5.4L12.2 9L8.6 12.6"),
    "device": (
        "",
        "M3.5 3.5H10.5V10.5H3.5ZM5.5 3.5V1M8.5 3.5V1M5.5 13V10.5M8.5 13V10.5"
        "M3.5 5.5H1M3.5 8.5H1M13 5.5H10.5M13 8.5H10.5",
    ),
    "up": ("", "M7 12V2M3.2 5.8L7 2L10.8 5.8"),
    "down": ("", "M7 2V12M3.2 8.2L7 12L10.8 8.2"),
    "left": ("", "M12 7H2M5.8 3.2L2 7L5.8 10.8"),
    "right": ("", "M2 7H12M8.2 3.2L12 7L8.2 10.8"),
    "play": ("M4 2.5L11.5 7L4 11.5Z", "M4 2.5L11.5 7L4 11.5Z"),
    "plus": ("", "M7 2V12M2 7H12"),
    "minus": ("", "M2 7H12"),
    "ask": ("", "M4.2 4.6A2.9 2.9 0 1 1 8.4 7.2Q7 8 7 9.2M7 12.2V12.3"),
    "info": ("", "M13 7A6 6 0 1 1 1 7A6 6 0 1 1 13 7ZM7 6.4V10M7 3.9V4"),
}


def names() -> tuple[str, ...]:
    """Every icon there is."""
    return tuple(_ICONS)


@lru_cache(maxsize=1024)
def icon(name: str, x: float, y: float, size: float, colour: Rgba, line: float = 1.7) -> tuple[Path, ...]:
    """The paths of `name` in the square of `size` px at (x, y); `line` is its strokes' width at 14 px.

    KeyError for an unknown one.
    """
    filled, stroked = _ICONS[name]
    scale = size / GRID
    stroke = Stroke(colour, line * scale, cap="round")
    parts: list[Path] = []
    if filled:
        parts.append(Path(placed(path_data(filled), x, y, scale), fill=colour))
    if stroked:
        parts.append(Path(placed(path_data(stroked), x, y, scale), stroke=stroke))
    return tuple(parts)


def placed(segments: tuple[Segment, ...], x: float, y: float, scale: float = 1.0) -> tuple[Segment, ...]:
    """The same path scaled about its origin, then moved by (x, y)."""
    return tuple(
        (segment[0], *((x + px * scale, y + py * scale) for px, py in segment[1:]))  # type: ignore[misc]  # same kind, same number of points
        for segment in segments
    )


@lru_cache(maxsize=256)
def path_data(text: str) -> tuple[Segment, ...]:
    """SVG path data as segments; quadratic pieces and arcs become cubics. Raises ValueError for anything else."""
    return tuple(_segments(text))


_TOKENS = re.compile(r"([MmLlHhVvCcSsQqAaZz])|(-?(?:\d+\.?\d*|\.\d+)(?:e-?\d+)?)")
_NUMBERS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "S": 4, "Q": 4, "A": 7, "Z": 0}


def _commands(text: str) -> Iterator[tuple[str, list[float]]]:
    """(command, its numbers), a command written once for several of them repeated."""
    tokens = [match.groups() for match in _TOKENS.finditer(text)]
    at = 0
    command = ""
    while at < len(tokens):
        letter, _ = tokens[at]
        if letter:
            command, at = letter, at + 1
        elif not command or command in "Zz":
            raise ValueError(f"not path data: {text!r}")
        count = _NUMBERS[command.upper()]
        numbers = [float(number) for _, number in tokens[at : at + count] if number]
        if len(numbers) < count:
            raise ValueError(f"{command} needs {count} numbers: {text!r}")
        at += count
        yield command, numbers
        command = {"M": "L", "m": "l"}.get(command, command)


def _segments(text: str) -> Iterator[Segment]:
    here: Point = (0.0, 0.0)
    start = here
    handle: Point | None = None
    for command, numbers in _commands(text):
        ox, oy = here if command.islower() else (0.0, 0.0)
        kind = command.upper()
        if kind == "A":
            radius_x, radius_y, turn, large, sweep, x, y = numbers
            end = (ox + x, oy + y)
            yield from _arc(here, end, radius_x, radius_y, turn, large != 0, sweep != 0)
            here, handle = end, None
            continue
        if kind == "H":
            points = [(ox + numbers[0], here[1])]
        elif kind == "V":
            points = [(here[0], oy + numbers[0])]
        else:
            points = [(ox + x, oy + y) for x, y in zip(numbers[::2], numbers[1::2], strict=True)]
        match kind:
            case "M":
                yield "M", points[0]
                start = points[0]
            case "L" | "H" | "V":
                yield "L", points[0]
            case "C":
                yield "C", points[0], points[1], points[2]
            case "S":
                first = here if handle is None else (2 * here[0] - handle[0], 2 * here[1] - handle[1])
                yield "C", first, points[0], points[1]
            case "Q":
                middle, end = points
                yield "C", _towards(here, middle, 2 / 3), _towards(end, middle, 2 / 3), end
            case _:
                yield ("Z",)
        handle = points[-2] if kind in "CS" else None
        here = points[-1] if points else start


def _towards(a: Point, b: Point, share: float) -> Point:
    return a[0] + (b[0] - a[0]) * share, a[1] + (b[1] - a[1]) * share


def _arc(start: Point, end: Point, rx: float, ry: float, turn: float, large: bool, sweep: bool) -> Iterator[Segment]:
    """An elliptical arc as cubics (SVG 1.1, appendix F.6.5: from end points to centre)."""
    cos, sin = math.cos(math.radians(turn)), math.sin(math.radians(turn))
    half_x, half_y = (start[0] - end[0]) / 2, (start[1] - end[1]) / 2
    x1, y1 = cos * half_x + sin * half_y, -sin * half_x + cos * half_y
    too_far = (x1 / rx) ** 2 + (y1 / ry) ** 2
    if too_far > 1:
        rx, ry = rx * math.sqrt(too_far), ry * math.sqrt(too_far)
    rest = (rx * ry) ** 2 / ((rx * y1) ** 2 + (ry * x1) ** 2) - 1
    factor = math.sqrt(max(0.0, rest)) * (-1 if large == sweep else 1)
    cx1, cy1 = factor * rx * y1 / ry, -factor * ry * x1 / rx
    cx = cos * cx1 - sin * cy1 + (start[0] + end[0]) / 2
    cy = sin * cx1 + cos * cy1 + (start[1] + end[1]) / 2
    first = math.atan2((y1 - cy1) / ry, (x1 - cx1) / rx)
    last = math.atan2((-y1 - cy1) / ry, (-x1 - cx1) / rx)
    if sweep and last < first:
        last += 2 * math.pi
    elif not sweep and last > first:
        last -= 2 * math.pi
    count = max(1, math.ceil(abs(last - first) / (math.pi / 2) - 1e-9))
    step = (last - first) / count
    reach = 4 / 3 * math.tan(step / 4)

    def at(x: float, y: float) -> Point:
        return cx + cos * x * rx - sin * y * ry, cy + sin * x * rx + cos * y * ry

    for k in range(count):
        a, b = first + k * step, first + (k + 1) * step
        yield (
            "C",
            at(math.cos(a) - reach * math.sin(a), math.sin(a) + reach * math.cos(a)),
            at(math.cos(b) + reach * math.sin(b), math.sin(b) - reach * math.cos(b)),
            at(math.cos(b), math.sin(b)),
        )
