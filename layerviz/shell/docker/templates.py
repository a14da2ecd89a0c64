"""`--format`: what people type of Go's templates with inspect: fields, json, len, index, join, println, range."""

from __future__ import annotations

import json
import re

TOKEN = re.compile(r"\{\{-?\s*(.*?)\s*-?\}\}", re.DOTALL)
WORD = re.compile(r'"(?:[^"\\]|\\.)*"|\S+')


class TemplateError(Exception):
    """A template that cannot be filled in."""


def render(form: str, document: object) -> str:
    """`form` filled with `document`."""
    pieces = TOKEN.split(form)
    text, rest = _render(pieces, document)
    if rest:
        raise TemplateError("unexpected {{end}}")
    return text


def _render(pieces: list[str], dot: object) -> tuple[str, list[str]]:
    """The text up to the end or to the `{{end}}` of this range, and what follows that."""
    found = [pieces[0]]
    rest = pieces[1:]
    while rest:
        action, text, rest = rest[0], rest[1], rest[2:]
        if action == "end":
            return "".join(found), [text, *rest] if rest or text else [""]
        if action.startswith("range "):
            values = _value(action.removeprefix("range "), dot)
            items = (
                list(values.items()) if isinstance(values, dict) else list(values) if isinstance(values, list) else []
            )
            after: list[str] = []
            for item in items or [None]:
                body, after = _render([text, *rest], item[1] if isinstance(item, tuple) else item)
                if items:
                    found.append(body)
            if not after:
                raise TemplateError("unexpected EOF")
            found.append(after[0])
            rest = after[1:]
            continue
        found.append(_shown(_value(action, dot)))
        found.append(text)
    return "".join(found), []


def _value(expression: str, dot: object) -> object:
    words = WORD.findall(expression)
    if not words:
        raise TemplateError("missing value for command")
    name, *arguments = words
    if name.startswith(".") or name.startswith('"'):
        return _operand(name, dot)
    values = [_operand(word, dot) for word in arguments]
    if name == "json" and len(values) == 1:
        return json.dumps(values[0], ensure_ascii=False, separators=(",", ":"))
    if name == "len" and len(values) == 1 and isinstance(values[0], list | dict | str):
        return len(values[0])
    if name == "println":
        return " ".join(_shown(value) for value in values) + "\n"
    if name == "join" and len(values) == 2 and isinstance(values[0], list):
        return str(values[1]).join(_shown(value) for value in values[0])
    if name == "index" and len(values) == 2:
        return _indexed(values[0], values[1])
    raise TemplateError(f'function "{name}" not defined')


def _operand(word: str, dot: object) -> object:
    if word.startswith('"'):
        return json.loads(word)
    if re.fullmatch(r"-?\d+", word):
        return int(word)
    if not word.startswith("."):
        raise TemplateError(f'function "{word}" not defined')
    value = dot
    for part in word.strip(".").split(".") if word != "." else []:
        if not isinstance(value, dict) or part not in value:
            raise TemplateError(f'template: :1:2: executing "" at <{word}>: map has no entry for key "{part}"')
        value = value[part]
    return value


def _indexed(value: object, key: object) -> object:
    if isinstance(value, list) and isinstance(key, int) and 0 <= key < len(value):
        return value[key]
    if isinstance(value, dict):
        return value.get(key)
    raise TemplateError(f"error calling index: index out of range: {key}")


def _shown(value: object) -> str:
    """As Go's fmt prints it: lists in brackets, maps as `map[a:b]`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "<no value>"
    if isinstance(value, list):
        return "[" + " ".join(_shown(item) for item in value) + "]"
    if isinstance(value, dict):
        return "map[" + " ".join(f"{key}:{_shown(item)}" for key, item in sorted(value.items())) + "]"
    return str(value)
