"""Dockerfile text to instructions, with the words of the classic builder for what it refuses.

The rules are those of BuildKit's parser, which the classic builder of Docker 28 uses as well
(moby v28.5.2, vendor/github.com/moby/buildkit/frontend/dockerfile/parser and instructions).
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

KEYWORDS = (
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER",
    "ONBUILD", "RUN", "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
)  # fmt: skip
JSON_OR_TEXT = frozenset(("RUN", "CMD", "ENTRYPOINT", "SHELL"))
JSON_OR_WORDS = frozenset(("COPY", "ADD", "VOLUME"))
ONE_STRING = frozenset(("WORKDIR", "USER", "STOPSIGNAL", "MAINTAINER"))
EXACTLY_ONE = frozenset(("WORKDIR", "USER", "STOPSIGNAL", "MAINTAINER"))
AT_LEAST_ONE = frozenset(("ENV", "LABEL", "EXPOSE", "VOLUME", "ARG", "ONBUILD", "HEALTHCHECK", "SHELL"))
CONTINUATION = re.compile(r"([^\\])\\[ \t]*$|^\\[ \t]*$")
BLANK = re.compile(r"[\t\v\f\r ]+")
HEREDOC = re.compile(r"(?:^|\s)\d*<<-?\s*[\"']?[A-Za-z_]")


class DockerfileError(Exception):
    """A Dockerfile that the builder refuses to read; `str` is the daemon's own message."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


@dataclass(frozen=True, slots=True)
class Instruction:
    """One instruction. `code` is its text as the builder prints it, continuation lines joined.

    `arguments` are words with their quotes still on (they go when variables are expanded), or for
    the exec form, which `is_json` names, the strings of the array. `pairs` are those of ENV and LABEL.
    """

    keyword: str
    code: str
    line: int
    last_line: int
    arguments: tuple[str, ...] = ()
    is_json: bool = False
    flags: tuple[tuple[str, str], ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()


def parse(text: str, name: str = "Dockerfile") -> tuple[Instruction, ...]:
    """The instructions of a Dockerfile in order. Raises `DockerfileError`."""
    if not text:
        raise DockerfileError(f"the Dockerfile ({name}) cannot be empty", 1)
    found: list[Instruction] = []
    lines = text.removeprefix("\ufeff").split("\n")
    if lines[-1] == "":
        lines.pop()
    index = 0
    while index < len(lines):
        start = index
        piece = lines[index].rstrip("\r").lstrip()
        index += 1
        if piece.startswith("#"):
            continue
        joined, more = _without_continuation(piece)
        if not more and not joined:
            continue
        while more and index < len(lines):
            piece = lines[index].rstrip("\r")
            index += 1
            if piece.lstrip().startswith("#") or not piece.strip():
                continue
            part, more = _without_continuation(piece)
            joined += part
        found.append(_instruction(joined, start + 1, index, name))
    if not found:
        raise DockerfileError(f"failed to parse {name}: file with no instructions", len(lines))
    _check_order(found)
    return tuple(found)


def _without_continuation(line: str) -> tuple[str, bool]:
    match = CONTINUATION.search(line)
    if match is None:
        return line, False
    return line[: match.start()] + (match.group(1) or ""), True


def _instruction(line: str, first: int, last: int, name: str) -> Instruction:
    code = line.strip()
    words = BLANK.split(code, maxsplit=1)
    keyword = words[0].upper()
    if keyword not in KEYWORDS:
        raise _parse_error(first, f"unknown instruction: {words[0]}{_suggestion(words[0])}")
    try:
        flags, rest = _flags(words[1] if len(words) == 2 else "")
        instruction = _with_arguments(keyword, code, rest.strip(), first, last, flags)
    except ValueError as error:
        raise DockerfileError(f"failed to parse {name}: {error}", first) from error
    _check(instruction)
    return instruction


def _with_arguments(
    keyword: str, code: str, rest: str, first: int, last: int, flags: tuple[tuple[str, str], ...]
) -> Instruction:
    arguments: tuple[str, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    is_json = False
    if keyword in ("ENV", "LABEL"):
        pairs = _pairs(rest, keyword)
    elif keyword in JSON_OR_TEXT or keyword in JSON_OR_WORDS:
        array = _json_array(rest)
        if array is not None:
            arguments, is_json = array, True
        elif rest:
            arguments = (rest,) if keyword in JSON_OR_TEXT else tuple(BLANK.split(rest))
    elif keyword in ONE_STRING or keyword in ("ONBUILD", "HEALTHCHECK"):
        arguments = (rest,) if rest else ()
    elif keyword == "ARG":
        arguments = tuple(split_words(rest))
    elif rest:
        arguments = tuple(BLANK.split(rest))
    return Instruction(keyword, code, first, last, arguments, is_json, flags, pairs)


def _check(instruction: Instruction) -> None:
    keyword, arguments, line = instruction.keyword, instruction.arguments, instruction.line
    if keyword in ("RUN", "COPY", "ADD") and HEREDOC.search(instruction.code):
        raise _parse_error(line, "here-documents in a Dockerfile need BuildKit; put the text into a file and COPY it")
    if keyword in ("COPY", "ADD") and len(arguments) < 2:
        message = "requires at least two arguments, but only one was provided. Destination could not be determined"
        raise _parse_error(line, f"{keyword} {message}")
    if keyword == "FROM":
        if not (len(arguments) == 1 or (len(arguments) == 3 and arguments[1].lower() == "as")):
            raise _parse_error(line, "FROM requires either one or three arguments")
    elif keyword in EXACTLY_ONE and len(arguments) != 1:
        raise _parse_error(line, f"{keyword} requires exactly one argument")
    elif keyword in AT_LEAST_ONE and not arguments and not instruction.pairs:
        raise _parse_error(line, f"{keyword} requires at least one argument")
    if any(not name for name, _ in instruction.pairs):
        raise _parse_error(line, f"{keyword} names can not be blank")
    if keyword == "SHELL" and not instruction.is_json:
        raise _parse_error(line, f"SHELL requires the arguments to be in JSON form: {instruction.code}")


def _check_order(instructions: list[Instruction]) -> None:
    for instruction in instructions:
        if instruction.keyword == "FROM":
            return
        if instruction.keyword != "ARG":
            raise DockerfileError("no build stage in current context", instruction.line)
    raise DockerfileError("no build stage in current context", instructions[-1].line)


def _parse_error(line: int, message: str) -> DockerfileError:
    return DockerfileError(f"dockerfile parse error on line {line}: {message}", line)


def _flags(rest: str) -> tuple[tuple[tuple[str, str], ...], str]:
    """`--name=value` before the arguments, and what follows them."""
    found: list[tuple[str, str]] = []
    rest = rest.lstrip()
    while rest.startswith("--"):
        word, _, rest = (*BLANK.split(rest, maxsplit=1), "")[0], "", (*BLANK.split(rest, maxsplit=1), "")[1]
        if word == "--":
            break
        name, _, value = word[2:].partition("=")
        found.append((name, value.strip("\"'")))
    return tuple(found), rest


def _pairs(rest: str, keyword: str) -> tuple[tuple[str, str], ...]:
    words = split_words(rest)
    if not words:
        return ()
    if "=" not in words[0]:
        parts = BLANK.split(rest, maxsplit=1)
        if len(parts) < 2:
            raise ValueError(f"{keyword} must have two arguments")
        return ((parts[0], parts[1]),)
    for word in words:
        if "=" not in word:
            quoted = json.dumps(word, ensure_ascii=False)
            raise ValueError(f"Syntax error - can't find = in {quoted}. Must be of the form: name=value")
    return tuple((word.split("=", 1)[0], word.split("=", 1)[1]) for word in words)


def _json_array(rest: str) -> tuple[str, ...] | None:
    """The strings of an exec form, None where the text is no JSON array and so meant for a shell."""
    if not rest.startswith("["):
        return None
    try:
        values = json.loads(rest)
    except ValueError:
        return None
    if not all(isinstance(value, str) for value in values):
        raise ValueError("when using JSON array syntax, arrays must be comprised of strings only")
    return tuple(values)


def split_words(rest: str) -> list[str]:
    """The words of ENV, LABEL and ARG: blanks separate, quotes and backslashes hold together and stay on."""
    words: list[str] = []
    word = ""
    inside = False
    quote = ""
    position = 0
    while position < len(rest):
        character = rest[position]
        if not quote and character.isspace():
            if inside:
                words.append(word)
            word, inside = "", False
        elif character == "\\" and quote != "'":
            word += rest[position : position + 2] if position + 1 < len(rest) else ""
            position += 1
            inside = True
        else:
            if not quote and character in "\"'":
                quote = character
            elif quote == character:
                quote = ""
            word += character
            inside = True
        position += 1
    if inside and word:
        words.append(word)
    return words


def _suggestion(word: str) -> str:
    """BuildKit's "did you mean": the keyword at an edit distance below three."""
    best, nearest = 3, ""
    for keyword in KEYWORDS:
        distance = _edit_distance(word.lower(), keyword.lower())
        if distance < best:
            best, nearest = distance, keyword
    if not nearest:
        return ""
    return f" (did you mean {nearest.lower() if word == word.lower() else nearest}?)"


def _edit_distance(left: str, right: str) -> int:
    row = list(range(len(right) + 1))
    for i, a in enumerate(left, 1):
        previous, row[0] = row[0], i
        for j, b in enumerate(right, 1):
            previous, row[j] = row[j], min(row[j] + 1, row[j - 1] + 1, previous + (a != b))
    return row[-1]
