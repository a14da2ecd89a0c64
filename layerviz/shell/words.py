"""Reading words: quotes, escapes, `$` expansions and here-document bodies, character by character.

Quoting follows POSIX.1-2017, XCU 2.2; the reader keeps what was quoted, because quoted text is
neither split into fields nor matched against file names.
"""

from __future__ import annotations

import re

from layerviz.shell.syntax import (
    Arithmetic,
    Incomplete,
    Literal,
    Parameter,
    Part,
    Script,
    ShellSyntaxError,
    Span,
    Substitution,
    Word,
)

METACHARACTERS = " \t\n;&|<>()"
NAME_START = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_")
NAME_REST = NAME_START | frozenset("0123456789")
SPECIAL_PARAMETERS = "?#@*$!-"
PLAIN = re.compile(r"[^ \t\n;&|<>()'\"\\$`]+")
PLAIN_IN_QUOTES = re.compile(r'[^"\\$`}]+')
"""Text that means itself: outside of quotes, and inside of double ones."""
PARAMETER_OPERATORS = (":-", ":=", ":?", ":+", "%%", "##", "-", "=", "?", "+", "%", "#")


class Mark(tuple[int, int, str]):
    """Start, end and kind of a piece of text, for highlighting."""

    __slots__ = ()


class WordReader:
    """A cursor over one text. `marks` collects what was recognised, in the order of reading."""

    def __init__(self, text: str, line: int = 1) -> None:
        self.text = text
        self.position = 0
        self.first_line = line
        self._counted = (0, line)
        self.marks: list[Mark] = []
        self.ends_in_backslash = False
        self.opened_at = 0

    def read_script_until(self, closing: str) -> Script:
        """The commands of a substitution, up to and over `closing`."""
        raise NotImplementedError

    def mark(self, start: int, kind: str) -> None:
        if self.position > start:
            self.marks.append(Mark((start, self.position, kind)))

    def line_at(self, offset: int) -> int:
        before, line = self._counted
        if offset < before:
            return self.first_line + self.text.count("\n", 0, offset)
        # Counted on from the last place: counting a long text from its beginning for each command takes a square of it.
        line += self.text.count("\n", before, offset)
        self._counted = (offset, line)
        return line

    def fault(self, fault: str, token: str, offset: int | None = None) -> ShellSyntaxError:
        where = self.position if offset is None else offset
        return ShellSyntaxError(fault, token, where, self.line_at(where))

    def incomplete(self, fault: str, token: str) -> Incomplete:
        return Incomplete(fault, token, len(self.text), self.line_at(len(self.text)))

    def peek(self, count: int = 1) -> str:
        return self.text[self.position : self.position + count]

    @property
    def at_end(self) -> bool:
        return self.position >= len(self.text)

    def read_word(self) -> Word | None:
        """The word at the cursor, or None where an operator, a newline or the end stands."""
        start = self.position
        parts = _Parts()
        while not self.at_end:
            plain = PLAIN.match(self.text, self.position)
            if plain:
                self.position = plain.end()
                parts.add(plain[0], False, *plain.span())
            elif self.peek(2) == "\\\n":
                self.position += 2
            elif self.peek() in METACHARACTERS:
                break
            else:
                self._read_piece(parts)
        found = parts.finish()
        if not found:
            # Nothing, or only line continuations, before an operator or the end.
            return None
        return Word(found, Span(start, self.position))

    def _read_piece(self, parts: _Parts) -> None:
        start = self.position
        character = self.peek()
        if character == "'":
            closing = self.text.find("'", start + 1)
            self.opened_at = start
            if closing < 0:
                raise self.incomplete("quote", "'")
            self.position = closing + 1
            parts.add(self.text[start + 1 : closing], True, start, self.position)
            self.mark(start, "quoted")
        elif character == '"':
            self.position += 1
            self.opened_at = start
            parts.add("", True, start, start + 1)
            self._read_double(parts, '"')
            self.mark(start, "quoted")
        elif character == "\\":
            self.position += 2
            if self.position > len(self.text):
                # A backslash at the very end stands for itself, as in dash and bash.
                self.position = len(self.text)
                self.ends_in_backslash = True
                parts.add("\\", True, start, self.position)
            else:
                parts.add(self.text[start + 1], True, start, self.position)
        elif character in "$`":
            self._read_dollar(parts, quoted=False)
        else:
            self.position += 1
            parts.add(character, False, start, self.position)

    def _read_double(self, parts: _Parts, closing: str) -> None:
        """Text in which only `$`, backquote and some backslashes are special, over `closing`."""
        escapable = "$`\\\n" + closing
        while True:
            if self.at_end:
                if closing == "":
                    return
                raise self.incomplete("quote" if closing == '"' else "brace", closing)
            start = self.position
            plain = PLAIN_IN_QUOTES.match(self.text, start)
            if plain:
                self.position = plain.end()
                parts.add(plain[0], True, *plain.span())
                continue
            character = self.peek()
            if closing and character == closing:
                self.position += 1
                return
            if character == "\\" and self.text[start + 1 : start + 2] in tuple(escapable):
                self.position += 2
                if self.text[start + 1] != "\n":
                    parts.add(self.text[start + 1], True, start, self.position)
            elif character in "$`":
                self._read_dollar(parts, quoted=True)
            elif character == '"' and closing == "}":
                self.position += 1
                self._read_double(parts, '"')
            else:
                self.position += 1
                parts.add(character, True, start, self.position)

    def _read_dollar(self, parts: _Parts, *, quoted: bool) -> None:
        start = self.position
        if self.peek() == "`":
            parts.put(self._read_backquotes(quoted))
        elif self.peek(3) == "$((":
            parts.put(self._read_arithmetic(quoted))
        elif self.peek(2) == "$(":
            self.position += 2
            script = self.read_script_until(")")
            parts.put(Substitution(script, quoted, Span(start, self.position)))
            self.mark(start, "variable")
        elif self.peek(2) == "${":
            parts.put(self._read_braced(quoted))
        else:
            name = self._read_parameter_name(start + 1)
            if not name:
                self.position += 1
                parts.add("$", quoted, start, self.position)
                return
            self.position = start + 1 + len(name)
            parts.put(Parameter(name, "", None, quoted, Span(start, self.position)))
            self.mark(start, "variable")

    def _read_parameter_name(self, start: int) -> str:
        first = self.text[start : start + 1]
        if not first:
            return ""
        if first in SPECIAL_PARAMETERS or first.isdigit():
            return first
        end = start
        if first in NAME_START:
            while self.text[end : end + 1] and self.text[end] in NAME_REST:
                end += 1
        return self.text[start:end]

    def _read_braced(self, quoted: bool) -> Parameter:
        start = self.position
        self.position += 2
        if self.peek() == "#" and self.peek(2) != "#}":
            name = self._read_parameter_name(start + 3)
            self.position += 1 + len(name)
            if not name or self.peek() != "}":
                raise self.fault("substitution", self.text[start : self.position + 1], start)
            self.position += 1
            self.mark(start, "variable")
            return Parameter(name, "length", None, quoted, Span(start, self.position))
        name = self._read_parameter_name(self.position)
        while name.isdigit() and self.text[self.position + len(name) : self.position + len(name) + 1].isdigit():
            name += self.text[self.position + len(name)]
        self.position += len(name)
        if self.at_end:
            raise self.incomplete("brace", "}")
        operator = next((o for o in PARAMETER_OPERATORS if self.text.startswith(o, self.position)), "")
        if not name or (not operator and self.peek() != "}"):
            raise self.fault("substitution", self.text[start : self.position + 1], start)
        self.position += len(operator)
        argument: Word | None = None
        if operator:
            argument = self._read_brace_argument(quoted)
        else:
            self.position += 1
        self.mark(start, "variable")
        return Parameter(name, operator, argument, quoted, Span(start, self.position))

    def _read_brace_argument(self, quoted: bool) -> Word:
        start = self.position
        parts = _Parts()
        if quoted:
            self._read_double(parts, "}")
        else:
            while self.peek() != "}":
                if self.at_end:
                    raise self.incomplete("brace", "}")
                if self.peek(2) == "\\\n":
                    self.position += 2
                else:
                    self._read_piece(parts)
            self.position += 1
        return Word(parts.finish(), Span(start, self.position - 1))

    def _read_arithmetic(self, quoted: bool) -> Part:
        start = self.position
        depth = 2
        self.position += 3
        while depth:
            if self.at_end:
                raise self.incomplete("end", "))")
            depth += {"(": 1, ")": -1}.get(self.peek(), 0)
            self.position += 1
        self.mark(start, "variable")
        return Arithmetic(self.text[start + 3 : self.position - 2], quoted, Span(start, self.position))

    def _read_backquotes(self, quoted: bool) -> Substitution:
        start = self.position
        self.position += 1
        inner: list[str] = []
        self.opened_at = start
        while self.peek() != "`":
            if self.at_end:
                raise self.incomplete("quote", "`")
            if self.peek() == "\\" and self.text[self.position + 1 : self.position + 2] in ("\\", "`", "$"):
                self.position += 1
            inner.append(self.peek())
            self.position += 1
        self.position += 1
        nested = type(self)("".join(inner), self.line_at(start))
        script = nested.read_script_until("")
        self.mark(start, "variable")
        return Substitution(script, quoted, Span(start, self.position))

    def read_here_document(self, start: int, delimiter: str, *, strip_tabs: bool, expand: bool) -> tuple[Word, int]:
        """The body of a here-document whose first line begins at `start`, and where it ends."""
        lines: list[str] = []
        position = start
        while True:
            if position >= len(self.text):
                raise self.incomplete("here-document", delimiter)
            end = self.text.find("\n", position)
            line = self.text[position:] if end < 0 else self.text[position:end]
            position = len(self.text) if end < 0 else end + 1
            if strip_tabs:
                line = line.lstrip("\t")
            if line == delimiter:
                break
            if end < 0:
                raise self.incomplete("here-document", delimiter)
            lines.append(line + "\n")
        body = "".join(lines)
        self.marks.append(Mark((start, position, "heredoc")))
        span = Span(start, position)
        if not expand:
            return Word((Literal(body, True, span),), span), position
        nested = type(self)(body, self.line_at(start))
        parts = _Parts()
        nested._read_double(parts, "")
        return Word(parts.finish(), span), position


class _Parts:
    """The parts of a word being read; neighbouring text of the same quoting becomes one literal."""

    def __init__(self) -> None:
        self.parts: list[Part] = []
        self.pending: list[str] = []
        self.pending_quoted = False
        self.pending_span = Span(0, 0)

    def add(self, text: str, quoted: bool, start: int, end: int) -> None:
        if self.pending and self.pending_quoted == quoted:
            self.pending.append(text)
            self.pending_span = Span(self.pending_span.start, end)
            return
        self._flush()
        self.pending = [text]
        self.pending_quoted = quoted
        self.pending_span = Span(start, end)

    def put(self, part: Part) -> None:
        self._flush()
        self.parts.append(part)

    def finish(self) -> tuple[Part, ...]:
        self._flush()
        return tuple(self.parts)

    def _flush(self) -> None:
        if self.pending:
            self.parts.append(Literal("".join(self.pending), self.pending_quoted, self.pending_span))
        self.pending = []
