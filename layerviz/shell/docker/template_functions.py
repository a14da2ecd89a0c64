"""The functions of templates: Go's (text/template/funcs.go) and docker's (docker/cli templates/templates.go)."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable

VERB = re.compile(r"%([-+ #0]*)(\d+)?(?:\.(\d+))?([a-zA-Z%])")


class Refused(Exception):
    """A function that its arguments do not fit; `is_type`: the first of them is of another type."""

    def __init__(self, message: str, *, is_type: bool = False) -> None:
        super().__init__(message)
        self.is_type = is_type


def shown(value: object) -> str:
    """As Go's fmt prints it: lists in brackets, maps as `map[a:b]`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "<nil>"
    if isinstance(value, list):
        return "[" + " ".join(shown(item) for item in value) + "]"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{shown(item)}" for key, item in sorted(value.items())) + "]"
    return str(value)


def is_true(value: object) -> bool:
    """Go's truth: what is empty, zero or nothing is false."""
    return bool(value)


def as_json(value: object) -> str:
    """JSON without blanks; Go's encoding/json writes three characters as escapes."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return re.sub(r"[<>&]", lambda match: f"\\u{ord(match[0]):04x}", text)


def _text(value: object, wanted: str = "string") -> str:
    if not isinstance(value, str):
        raise Refused(f"wrong type for value; expected {wanted}; got {go_type(value)}", is_type=True)
    return value


def go_type(value: object) -> str:
    """The type that Go says a value of JSON has."""
    kinds = {bool: "bool", str: "string", int: "float64", float: "float64", dict: "map[string]interface {}"}
    return kinds.get(type(value), "[]interface {}" if isinstance(value, list) else "interface {}")


def _join(value: object, separator: object) -> str:
    if not isinstance(value, list):
        raise Refused(f"wrong type for value; expected []string; got {go_type(value)}", is_type=True)
    return _text(separator).join(shown(item) for item in value)


def _length(value: object) -> int:
    if isinstance(value, str):
        return len(value.encode("utf-8", "surrogateescape"))
    if isinstance(value, list | dict):
        return len(value)
    raise Refused(f"error calling len: len of type {go_type(value)}")


def _index(value: object, *keys: object) -> object:
    for key in keys:
        if isinstance(value, list) and isinstance(key, int):
            if not 0 <= key < len(value):
                raise Refused(f"error calling index: index out of range: {key}")
            value = value[key]
        elif isinstance(value, dict):
            value = value.get(key, "" if all(isinstance(one, str) for one in value.values()) else None)
        else:
            raise Refused(f"error calling index: can't index item of type {go_type(value)}")
    return value


def _slice(value: object, *bounds: object) -> object:
    if not isinstance(value, str | list):
        raise Refused(f"error calling slice: can't slice item of type {go_type(value)}")
    first, *rest = (bound for bound in (*bounds, *((0,) if not bounds else ())) if isinstance(bound, int))
    last = rest[0] if rest else len(value)
    if not 0 <= first <= last <= len(value):
        raise Refused(f"error calling slice: index out of range: {first if first > len(value) else last}")
    return value[first:last]


def _equal(first: object, *others: object) -> bool:
    if not others:
        raise Refused("error calling eq: missing argument for comparison")
    for other in others:
        if go_type(first) != go_type(other) and None not in (first, other):
            raise Refused("error calling eq: incompatible types for comparison")
    return any(first == other for other in others)


def _compare(test: Callable[[float], bool]) -> Callable[[object, object], bool]:
    def compared(first: object, second: object) -> bool:
        if isinstance(first, int | float) and isinstance(second, int | float):
            return test((first > second) - (first < second))
        if isinstance(first, str) and isinstance(second, str):
            return test((first > second) - (first < second))
        raise Refused("error calling lt: incompatible types for comparison")

    return compared


def _and(*values: object) -> object:
    return next((value for value in values if not is_true(value)), values[-1])


def _or(*values: object) -> object:
    return next((value for value in values if is_true(value)), values[-1])


def _print(*values: object) -> str:
    """Blanks stand between neighbours of which neither is a text."""
    found = ""
    for place, value in enumerate(values):
        blank = place > 0 and not isinstance(value, str) and not isinstance(values[place - 1], str)
        found += " " * blank + shown(value)
    return found


def _printf(form: object, *values: object) -> str:
    rest = list(values)

    def filled(match: re.Match[str]) -> str:
        flags, width, precision, verb = match.groups()
        if verb == "%":
            return "%"
        if not rest:
            return f"%!{verb}(MISSING)"
        value = rest.pop(0)
        shape = f"%{flags}{width or ''}" + (f".{precision}" if precision else "")
        if verb in "sv":
            return (shape + "s") % shown(value)
        if verb == "t" and isinstance(value, bool):
            return (shape + "s") % shown(value)
        if verb == "q" and isinstance(value, str):
            return (shape + "s") % json.dumps(value, ensure_ascii=False)
        if verb in "dxXob" and isinstance(value, int) and not isinstance(value, bool):
            return format(value, "b") if verb == "b" else (shape + verb) % value
        if verb in "feEgG" and isinstance(value, int | float):
            return (shape + verb) % value
        if verb in "xX" and isinstance(value, str):
            return (shape + "s") % value.encode("utf-8", "surrogateescape").hex()
        return f"%!{verb}({go_type(value)}={shown(value)})"

    text = VERB.sub(filled, _text(form))
    if rest:
        text += "%!(EXTRA " + ", ".join(f"{go_type(value)}={shown(value)}" for value in rest) + ")"
    return text


def _truncate(value: object, length: object) -> str:
    return _text(value)[: length if isinstance(length, int) else None]


def _pad(value: object, before: object, after: object) -> str:
    text = _text(value)
    return " " * int(shown(before)) + text + " " * int(shown(after)) if text else text


FUNCTIONS: dict[str, Callable[..., object]] = {
    "and": _and,
    "eq": _equal,
    "ge": _compare(lambda order: order >= 0),
    "gt": _compare(lambda order: order > 0),
    "html": lambda *values: html.escape(_print(*values)).replace("&quot;", "&#34;").replace("&#x27;", "&#39;"),
    "index": _index,
    "join": _join,
    "json": as_json,
    "le": _compare(lambda order: order <= 0),
    "len": _length,
    "lower": lambda value: _text(value).lower(),
    "lt": _compare(lambda order: order < 0),
    "ne": lambda first, second: not _equal(first, second),
    "not": lambda value: not is_true(value),
    "or": _or,
    "pad": _pad,
    "print": _print,
    "printf": _printf,
    "println": lambda *values: " ".join(shown(value) for value in values) + "\n",
    "slice": _slice,
    "split": lambda value, separator: _text(value).split(_text(separator)),
    "title": lambda value: re.sub(r"\b\w", lambda match: match[0].upper(), _text(value)),
    "truncate": _truncate,
    "upper": lambda value: _text(value).upper(),
}
