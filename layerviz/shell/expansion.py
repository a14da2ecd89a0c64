"""What becomes of a word before a command sees it: variables, substitutions, fields, file names.

The order is that of POSIX.1-2017, XCU 2.6, after bash's braces: parameter expansion, command substitution and
arithmetic, then field splitting of what was not quoted, then file names, then the quotes go.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from layerviz.engine.entry import Entry, Kind
from layerviz.shell import arithmetic, braces, patterns
from layerviz.shell.files import Files, PathError, join
from layerviz.shell.patterns import Piece
from layerviz.shell.syntax import Arithmetic, Literal, Parameter, Part, Script, Substitution, Word


class ExpansionFailed(Exception):
    """`${x:?message}`, an unset variable under `set -u`, bad arithmetic: the shell gives up this command."""


@dataclass(slots=True)
class Scope:
    """What expansion needs to know of a shell; `substitute` runs a script and returns its output."""

    variables: dict[str, str]
    positional: tuple[str, ...]
    name: str
    status: int
    files: Files
    cwd: str
    substitute: Callable[[Script], str]
    unset_is_error: bool = False
    flags: str = ""
    has_braces: bool = False
    """Whether `{a,b}` becomes two words."""

    def value(self, name: str) -> str | None:
        if name == "?":
            return str(self.status)
        if name == "#":
            return str(len(self.positional))
        if name == "0":
            return self.name
        if name == "$":
            return "1"
        if name == "-":
            return self.flags
        if name in "@*":
            return " ".join(self.positional) if self.positional else None
        if name.isdigit():
            index = int(name)
            return self.positional[index - 1] if index <= len(self.positional) else None
        return self.variables.get(name)


def fields(words: tuple[Word, ...], scope: Scope) -> list[str]:
    """The arguments that `words` become: any number of fields each."""
    found: list[str] = []
    made = (one for word in words for one in braces.expanded(word)) if scope.has_braces else words
    for word in made:
        for pieces in _split(word, scope):
            found += _file_names(pieces, scope)
    return found


def one(word: Word, scope: Scope) -> str:
    """The word as one string: an assignment's value, a redirection's target, a here-document."""
    return "".join(text for part in _with_tilde(word, scope) for text, _ in _pieces(part, scope))


def pattern(word: Word, scope: Scope) -> str:
    """The word as a regular expression, for `${x%pattern}`."""
    return patterns.regex_of([piece for part in word.parts for piece in _pieces(part, scope)])


def _with_tilde(word: Word, scope: Scope) -> tuple[Part, ...]:
    first = word.parts[0] if word.parts else None
    if not isinstance(first, Literal) or first.quoted or not re.match(r"~(/|$)", first.text):
        return word.parts
    home = Literal(scope.variables.get("HOME", "/"), True, first.span)
    return (home, Literal(first.text[1:], False, first.span), *word.parts[1:])


def _split(word: Word, scope: Scope) -> Iterator[list[Piece]]:
    """The fields of one word as lists of pieces."""
    current: list[Piece] = []
    started = False
    for part in _with_tilde(word, scope):
        if isinstance(part, Parameter) and part.name == "@" and part.quoted and not part.operator:
            if not scope.positional and not any(text for text, _ in current):
                # `"$@"` of no arguments is no word, though quotes stand around it (XCU 2.5.2).
                started = False
            for index, value in enumerate(scope.positional):
                if index:
                    yield current
                    current = []
                current.append((value, True))
                started = True
            continue
        for text, quoted in _pieces(part, scope):
            if quoted or isinstance(part, Literal):
                started = started or quoted or bool(text)
                current.append((text, quoted))
                continue
            for run, is_field in _cut_up(text, scope.variables.get("IFS", " \t\n")):
                if not run and (started or is_field):
                    yield current
                    current, started = [], False
                elif run:
                    current.append((run, False))
                    started = True
    if started:
        yield current


def _cut_up(text: str, separators: str) -> Iterator[tuple[str, bool]]:
    """The runs of `text` between separators, and for each separator "": whether it ends a field even if that is empty,
    as all do but blanks (POSIX.1-2017, XCU 2.6.5)."""
    if not separators:
        yield text, False
        return
    blanks = "".join(sign for sign in separators if sign in " \t\n")
    others = "".join(sign for sign in separators if sign not in " \t\n")
    blank = f"[{re.escape(blanks)}]" if blanks else "(?!)"
    other = f"[{re.escape(others)}]" if others else "(?!)"
    position = 0
    for match in re.finditer(f"{blank}*({other}){blank}*|{blank}+", text):
        if match.start() > position:
            yield text[position : match.start()], False
        yield "", match[1] is not None
        position = match.end()
    if position < len(text):
        yield text[position:], False


def _pieces(part: Part, scope: Scope) -> list[Piece]:
    if isinstance(part, Literal):
        return [(part.text, part.quoted)]
    if isinstance(part, Substitution):
        return [(scope.substitute(part.script), part.quoted)]
    if isinstance(part, Arithmetic):
        try:
            return [(str(arithmetic.evaluate(part.expression, scope.variables)), part.quoted)]
        except arithmetic.BadArithmetic as error:
            raise ExpansionFailed(str(error)) from error
    return _parameter(part, scope)


def _parameter(part: Parameter, scope: Scope) -> list[Piece]:
    value = scope.value(part.name)
    operator, argument = part.operator, part.argument
    if operator == "length":
        return [(str(len(value or "")), part.quoted)]
    if operator in ("%", "%%", "#", "##") and argument is not None:
        return [(_trimmed(value or "", operator, pattern(argument, scope)), part.quoted)]
    missing = value is None or (operator.startswith(":") and value == "")
    if argument is not None and operator[-1] in "-=":
        if not missing:
            return [(str(value), part.quoted)]
        if operator[-1] == "=":
            scope.variables[part.name] = one(argument, scope)
        return [piece for inner in _with_tilde(argument, scope) for piece in _requoted(inner, part.quoted, scope)]
    if argument is not None and operator[-1] == "+":
        if missing:
            return [("", part.quoted)] if part.quoted else []
        return [piece for inner in argument.parts for piece in _requoted(inner, part.quoted, scope)]
    if argument is not None and operator[-1] == "?" and missing:
        message = one(argument, scope)
        raise ExpansionFailed(f"{part.name}: {message or 'parameter not set'}")
    if value is None and scope.unset_is_error and part.name not in ("@", "*"):
        raise ExpansionFailed(f"{part.name}: parameter not set")
    return [(value or "", part.quoted)]


def _requoted(part: Part, quoted: bool, scope: Scope) -> list[Piece]:
    return [(text, quoted or inner) for text, inner in _pieces(part, scope)]


def _trimmed(value: str, operator: str, regex: str) -> str:
    lengths = range(len(value) + 1)
    order = reversed(lengths) if len(operator) == 2 else lengths
    for length in order:
        piece = value[:length] if operator[0] == "#" else value[len(value) - length :]
        if re.fullmatch(regex, piece, re.DOTALL):
            return value[length:] if operator[0] == "#" else value[: len(value) - length]
    return value


def _file_names(pieces: list[Piece], scope: Scope) -> list[str]:
    """The files a pattern names in byte order; a pattern that names none stays as it was typed."""
    text = "".join(text for text, _ in pieces)
    if "f" in scope.flags or not patterns.has_pattern(pieces):
        return [text]
    found = [""]
    components = patterns.split_at_slashes(pieces)
    for index, component in enumerate(components):
        last = index == len(components) - 1
        found = [name for prefix in found for name in _extended(prefix, component, scope, last=last)]
    return sorted(found, key=lambda name: name.encode("utf-8", "surrogateescape")) or [text]


def _extended(prefix: str, component: list[Piece], scope: Scope, *, last: bool) -> Iterator[str]:
    """`prefix` with each name that fits `component`, and a slash unless it is the last."""
    slash = "" if last else "/"
    text = "".join(piece for piece, _ in component)
    if not patterns.has_pattern(component):
        name = f"{prefix}{text}"
        if not text or not last or scope.files.find(join(scope.cwd, name), follow=False) is not None:
            yield name + slash
        return
    try:
        directory = scope.files.resolve(join(scope.cwd, prefix or "."))
    except PathError:
        return
    regex = re.compile(patterns.regex_of(component), re.DOTALL)
    shows_hidden = text.startswith(".")
    if shows_hidden:
        yield from (f"{prefix}{name}{slash}" for name in (".", "..") if regex.fullmatch(name))
    for entry in scope.files.children(directory):
        if entry.name.startswith(".") and not shows_hidden:
            continue
        if regex.fullmatch(entry.name) and (last or _is_directory(entry, scope)):
            yield f"{prefix}{entry.name}{slash}"


def _is_directory(entry: Entry, scope: Scope) -> bool:
    return entry.kind is Kind.DIR or (entry.kind is Kind.SYMLINK and scope.files.is_directory(entry.path))
