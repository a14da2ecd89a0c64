"""`$VAR` in Dockerfile instructions, as the builder replaces it, with quotes and backslashes removed.

Docker expands in ADD, COPY, ENV, EXPOSE, FROM, LABEL, ARG, STOPSIGNAL, USER, VOLUME and WORKDIR; in RUN, CMD
and ENTRYPOINT it is the shell that does (docs.docker.com, Dockerfile reference, "Environment replacement").
The rules are BuildKit's (moby v28.5.2, vendor/…/frontend/dockerfile/shell/lex.go).
"""

from __future__ import annotations

from collections.abc import Mapping


class ExpansionError(Exception):
    """A `${…}` that the builder refuses; `str` is its message."""


def expand(text: str, values: Mapping[str, str]) -> str:
    """`text` with its variables replaced and its quotes and escapes taken off."""
    try:
        return _Reader(text, values).read_until("")
    except ExpansionError as error:
        raise ExpansionError(f'failed to process "{text}": {error}') from None


class _Reader:
    def __init__(self, text: str, values: Mapping[str, str]) -> None:
        self.text = text
        self.values = values
        self.position = 0

    def next(self) -> str:
        character = self.text[self.position : self.position + 1]
        self.position += 1
        return character

    def peek(self) -> str:
        return self.text[self.position : self.position + 1]

    def read_until(self, stop: str) -> str:
        found: list[str] = []
        while (character := self.peek()) != "":
            if character == stop:
                self.next()
                return "".join(found)
            if character == "'":
                found.append(self._single())
            elif character == '"':
                found.append(self._double())
            elif character == "$":
                found.append(self._dollar())
            else:
                self.next()
                found.append(self.next() if character == "\\" else character)
        if stop:
            raise ExpansionError(f"unexpected end of statement while looking for matching {stop}")
        return "".join(found)

    def _single(self) -> str:
        end = self.text.find("'", self.position + 1)
        if end < 0:
            raise ExpansionError("unexpected end of statement while looking for matching single-quote")
        found = self.text[self.position + 1 : end]
        self.position = end + 1
        return found

    def _double(self) -> str:
        self.next()
        found: list[str] = []
        while (character := self.peek()) != '"':
            if not character:
                raise ExpansionError("unexpected end of statement while looking for matching double-quote")
            if character == "$":
                found.append(self._dollar())
                continue
            self.next()
            if character == "\\" and self.peek() in ('"', "$", "\\"):
                character = self.next()
            found.append(character)
        self.next()
        return "".join(found)

    def _dollar(self) -> str:
        self.next()
        if self.peek() != "{":
            name = self._name()
            return self.values.get(name, "") if name else "$"
        self.next()
        if self.peek() == "":
            raise ExpansionError("syntax error: missing '}'")
        if self.peek() in "{}:":
            raise ExpansionError("syntax error: bad substitution")
        name = self._name()
        operator = self.next()
        if operator == "}":
            return self.values.get(name, "")
        empty_counts_as_unset = operator == ":"
        if empty_counts_as_unset:
            operator = self.next()
        shown = ":" * empty_counts_as_unset + operator
        if operator not in ("-", "+", "?"):
            # At the end of the text Go prints the character that stands for none.
            shown = shown or "\ufffd"
            raise ExpansionError(f"unsupported modifier ({shown}) in substitution")
        try:
            word = self.read_until("}")
        except ExpansionError:
            raise ExpansionError("syntax error: missing '}'") from None
        value = self.values.get(name)
        missing = value is None or (empty_counts_as_unset and value == "")
        if operator == "-":
            return word if missing else str(value)
        if operator == "+":
            return "" if missing else word
        if missing:
            state = "unset" if value is None else "empty"
            raise ExpansionError(f"{name}: {word or f'is not allowed to be {state}'}")
        return str(value)

    def _name(self) -> str:
        start = self.position
        first = self.peek()
        if first and first in "@*#?-$!":
            return self.next()
        digits = first.isdigit()
        while (character := self.peek()) and (
            character.isdigit() or (not digits and (character.isalpha() or character == "_"))
        ):
            self.next()
        return self.text[start : self.position]
