"""From the text of a YAML file to values of the schema, with a place in the file for everything that is wrong.

Every scalar is read as a string (so `on`, `0755` and `16.04` stay what was typed) and made a number where the schema
wants one. All errors are found at once: a teacher mends a file once, not once for each."""

import difflib
import types
import typing
from dataclasses import dataclass, field
from typing import Any, Literal, NamedTuple, Union, get_args, get_origin

import msgspec
import yaml

from layerviz.lessons.schema import Text
from layerviz.strings.saying import Saying, saying

Path = tuple[str | int, ...]
"""Where a value stands: ("steps", 2, "caption", "en")."""


class Mark(NamedTuple):
    """A place in a file: line and column from 1. `scale` is 0 for text that does not stand in the file letter by
    letter."""

    line: int
    column: int
    scale: int = 1

    def moved(self, letters: int) -> "Mark":
        return Mark(self.line, self.column + letters * self.scale, self.scale)


class Wrong(NamedTuple):
    """One thing that is wrong: where, in which field ("steps.2.caption"), what, and what to do."""

    mark: Mark
    field: str
    what: Saying
    hint: Saying | None = None


@dataclass(slots=True)
class Reading:
    """What was found in a text: where every value stands, and all that is wrong.

    `spots` are the values that are not what the text was meant to say: they are wrong, or missing. `guess` is what was
    read all the same, with something empty in their places; None where the text is no YAML."""

    marks: dict[Path, Mark] = field(default_factory=dict)
    wrong: list[Wrong] = field(default_factory=list)
    spots: set[Path] = field(default_factory=set)
    guess: Any = None

    def note(
        self, node: yaml.Node, path: Path, what: Saying, hint: Saying | None = None, spot: Path | None = None
    ) -> None:
        self.wrong.append(Wrong(_mark(node), ".".join(map(str, path)), what, hint))
        self.spots.add(path if spot is None else spot)


def read(text: str, wanted: type[msgspec.Struct]) -> tuple[Any, Reading]:
    """The value of `wanted` that `text` describes (None if anything is wrong), and what was found."""
    reading = Reading()
    try:
        node = yaml.compose(text, Loader=yaml.CSafeLoader)
    except yaml.MarkedYAMLError as error:
        reading.wrong.append(_syntax(error, text))
        return None, reading
    except yaml.YAMLError as error:
        reading.wrong.append(Wrong(Mark(1, 1), "", saying("check.no_utf8", reason=str(error))))
        return None, reading
    if node is None:
        reading.wrong.append(Wrong(Mark(1, 1), "", saying("check.empty_file"), saying("check.mend.start_from")))
        return None, reading
    reading.guess = _value(node, wanted, (), reading)
    reading.wrong.sort(key=lambda wrong: (wrong.mark, wrong.field))
    return (None if reading.wrong else reading.guess), reading


def _value(node: yaml.Node, wanted: Any, path: Path, reading: Reading) -> Any:
    reading.marks[path] = _mark(node)
    if get_origin(wanted) in (Union, types.UnionType):
        wanted = next(option for option in get_args(wanted) if option is not type(None))
    if get_origin(wanted) is tuple:
        return _sequence(node, get_args(wanted)[0], path, reading)
    if isinstance(wanted, type) and issubclass(wanted, msgspec.Struct):
        return _struct(node, wanted, path, reading)
    if not isinstance(node, yaml.ScalarNode):
        reading.note(node, path, saying("check.want_value"))
        return _empty(wanted)
    return _scalar(node, wanted, path, reading)


def _scalar(node: yaml.ScalarNode, wanted: Any, path: Path, reading: Reading) -> Any:
    text = str(node.value)
    if get_origin(wanted) is Literal:
        choices = tuple(str(choice) for choice in get_args(wanted))
        if text not in choices:
            named = tuple(choice for choice in choices if choice)
            reading.note(node, path, saying("check.no_choice", text=text, names=named), did_you_mean(text, choices))
            return _empty(wanted)
        return text
    if wanted is bool:
        if text not in ("true", "false"):
            reading.note(node, path, saying("check.no_truth", text=text))
        return text == "true"
    if wanted is int:
        if not text.isascii() or not text.isdigit():
            reading.note(node, path, saying("check.no_whole_number", text=text))
            return 0
        return int(text)
    # Scripts keep their line ends; of anything else what stands around it is the file's layout, not the text.
    return text if node.style == "|" else text.strip()


def _sequence(node: yaml.Node, item: Any, path: Path, reading: Reading) -> tuple[Any, ...]:
    if not isinstance(node, yaml.SequenceNode):
        reading.note(node, path, saying("check.want_list"), saying("check.mend.list"))
        return ()
    return tuple(_value(part, item, (*path, number), reading) for number, part in enumerate(node.value))


def _struct(node: yaml.Node, wanted: type[msgspec.Struct], path: Path, reading: Reading) -> Any:
    fields = {given.encode_name: given for given in msgspec.structs.fields(wanted)}
    if not isinstance(node, yaml.MappingNode):
        named = tuple(name for name, given in fields.items() if given.required)
        reading.note(node, path, saying("check.want_mapping", names=named))
        return _empty(wanted)
    if node.flow_style:
        reading.note(node, path, saying("check.braces"), saying("check.mend.own_line"))
    values: dict[str, Any] = {}
    seen: set[str] = set()
    misspelt: set[str] = set()
    for key, part in node.value:
        name = str(key.value)
        if name in seen:
            reading.note(key, (*path, name), saying("check.twice", name=name), saying("check.mend.keep_one"))
        elif name not in fields:
            meant = difflib.get_close_matches(name, fields, n=1)
            hint = saying("check.mend.did_you_mean", name=meant[0]) if meant else None
            reading.note(key, (*path, name), saying("check.unknown_key", name=name), hint)
            misspelt.update(meant)
            reading.spots.update((*path, one) for one in meant)
        else:
            values[fields[name].name] = _value(part, fields[name].type, (*path, name), reading)
            if not isinstance(part, yaml.ScalarNode):
                reading.marks[(*path, name)] = _mark(key)
        seen.add(name)
    for name, given in fields.items():
        if given.required and name not in seen | misspelt:
            reading.note(node, path, saying("check.missing", name=name), spot=(*path, name))
        elif wanted is Text and name in seen and not values.get(name):
            reading.note(node, (*path, name), saying("check.empty_text"))
    missing = {given.name: _empty(given.type) for given in fields.values() if given.required}
    return wanted(**missing | values)


def _empty(wanted: Any) -> Any:
    """What stands for a value that could not be read."""
    if get_origin(wanted) is tuple:
        return ()
    if get_origin(wanted) is Literal:
        return get_args(wanted)[0]
    if get_origin(wanted) in (Union, types.UnionType):
        return None
    if issubclass(wanted, msgspec.Struct):
        return wanted(**{given.name: _empty(given.type) for given in msgspec.structs.fields(wanted) if given.required})
    return wanted()


def did_you_mean(name: str, known: typing.Iterable[str]) -> Saying | None:
    """A hint that names the choice that is written nearly so."""
    near = difflib.get_close_matches(name, [choice for choice in known if choice], n=1)
    return saying("check.mend.did_you_mean", name=near[0]) if near else None


def _mark(node: yaml.Node) -> Mark:
    start = node.start_mark
    block = isinstance(node, yaml.ScalarNode) and node.style in ("|", ">")
    quoted = isinstance(node, yaml.ScalarNode) and node.style in ('"', "'")
    return Mark(start.line + 1, start.column + 1 + quoted, 0 if block else 1)


def _syntax(error: yaml.MarkedYAMLError, text: str) -> Wrong:
    mark = error.problem_mark or error.context_mark
    line = mark.line if mark else 0
    lines = text.splitlines()
    # A text that breaks the syntax is often noticed only a line or more later.
    near = [lines[at].strip() for at in range(line, max(-1, line - 3), -1) if at < len(lines)]
    problem = error.problem or ""
    what = saying("check.yaml", problem=problem) if problem else saying("check.no_yaml")
    return Wrong(Mark(line + 1, (mark.column if mark else 0) + 1), "", what, _syntax_hint(near, problem))


def _syntax_hint(near: list[str], problem: str) -> Saying:
    for line in near:
        if "\t" in line or "tab" in problem:
            return saying("check.mend.tabs")
        value = line.removeprefix("- ").partition(": ")[2].lstrip()
        if value and value[0] in "`*@%&!,":
            return saying("check.mend.quote_sign", sign=value[0])
        if value.startswith("{"):
            return saying("check.mend.quote_sign", sign="{")
        if ": " in value and value[0] not in "\"'":
            return saying("check.mend.quote_colon")
        if value[:1] in ('"', "'") and value.count(value[0]) % 2:
            return saying("check.mend.quote_open")
    return saying("check.mend.indentation")
