"""Shell text to syntax tree: lists, pipelines, commands and redirections, by recursive descent.

The grammar is that of POSIX.1-2017, XCU 2.10, without `case`, functions and background jobs.
A here-document's body lies behind the line it is announced on, so the reader looks ahead to the end
of that line, reads the body there, and jumps over it when it gets to the newline.
"""

from __future__ import annotations

import re

from layerviz.shell.syntax import (
    AndOr,
    Assignment,
    Command,
    For,
    Group,
    If,
    Literal,
    Pipeline,
    Redirect,
    Script,
    Simple,
    Span,
    While,
    Word,
)
from layerviz.shell.words import METACHARACTERS, NAME_REST, NAME_START, Mark, WordReader

OPERATORS = ("<<-", "&&", "||", ";;", "<<", ">>", "<&", ">&", ">|", "&", "|", ";", "<", ">", "(", ")")
CLOSING_WORDS = frozenset(("then", "elif", "else", "fi", "do", "done", "}"))
OPENING_WORDS = frozenset(("if", "for", "while", "until", "{", "!"))
OPERATOR = re.compile("|".join(map(re.escape, OPERATORS)))
REDIRECTION = re.compile(r"([0-9]*)(<<-|<<|>>|<&|>&|>\||<|>)")
BLANK = re.compile(r"(?:[ \t]|\\\n)*")
UP_TO_BLANK = re.compile(r"[^ \t\n;&|<>()]*")
FUNCTION = re.compile(r"\(\s*\)")
NOT_HERE = frozenset(("case", "function", "select", "[["))


def parse(text: str, line: int = 1) -> Script:
    """The commands of `text`. Raises `ShellSyntaxError`, or `Incomplete` where more text could mend it."""
    return Parser(text, line).read_script_until("")


class Parser(WordReader):
    """One pass over a text; `read_next` gives the next command of the top level."""

    def __init__(self, text: str, line: int = 1) -> None:
        super().__init__(text, line)
        self.here_documents: dict[int, int] = {}
        self._last_keyword = ""

    def read_next(self) -> AndOr | None:
        self._skip_newlines()
        if self.at_end:
            return None
        item = self._read_whole()
        self._read_separator("")
        return item

    def read_line(self) -> tuple[AndOr, ...]:
        """The commands up to the end of a line, and of those that begin in it; none at the end of the text.

        Shells read so far before they run anything of it.
        """
        items: list[AndOr] = []
        while (item := self.read_next()) is not None:
            items.append(item)
            self.skip_blanks()
            if self.at_end or self.peek() == "\n":
                break
        return tuple(items)

    def _read_whole(self) -> AndOr:
        """The next command, however deep; one that is deeper than Python can follow is a fault of its first line."""
        start = self.position
        try:
            return self._read_and_or()
        except RecursionError:
            raise self.fault("nested", "", start) from None

    def read_script_until(self, closing: str) -> Script:
        start = self.position
        items: list[AndOr] = []
        while True:
            self._skip_newlines()
            if self.at_end:
                if closing:
                    raise self.incomplete("end", closing)
                break
            if closing == ")" and self.peek() == ")":
                self.position += 1
                break
            if closing != ")" and closing and self._peek_keyword() in CLOSING_WORDS:
                break
            items.append(self._read_and_or() if closing else self._read_whole())
            self._read_separator(closing)
        return Script(tuple(items), Span(start, self.position))

    def _read_separator(self, closing: str) -> None:
        self.skip_blanks()
        if self.at_end or self.peek() == "\n" or (closing == ")" and self.peek() == ")"):
            return
        operator = self.peek_operator()
        if operator == ";":
            self.position += 1
            self.mark(self.position - 1, "operator")
            return
        if operator == "&":
            raise self.fault("unsupported", "&")
        raise self.fault("unexpected", operator or self._peek_text())

    def _read_and_or(self) -> AndOr:
        first = self._read_pipeline()
        rest: list[tuple[str, Pipeline]] = []
        while (operator := self.peek_operator()) in ("&&", "||"):
            self._take_operator(operator)
            self._skip_newlines()
            rest.append((operator, self._read_pipeline()))
        end = rest[-1][1].span.end if rest else first.span.end
        return AndOr(first, tuple(rest), Span(first.span.start, end))

    def _read_pipeline(self) -> Pipeline:
        self.skip_blanks()
        start = self.position
        negated = self._take_keyword("!")
        commands = [self._read_command()]
        while self.peek_operator() == "|":
            self._take_operator("|")
            self._skip_newlines()
            commands.append(self._read_command())
        return Pipeline(tuple(commands), negated, Span(start, commands[-1].span.end))

    def _read_command(self) -> Command:
        self.skip_blanks()
        if self.at_end:
            raise self.incomplete("end", "")
        if self.peek() == "(":
            start = self.position
            self._take_operator("(")
            body = self.read_script_until(")")
            self.mark(self.position - 1, "operator")
            if not body.items:
                raise self.fault("unexpected", ")", self.position - 1)
            return Group(body, True, self._read_redirects(), Span(start, self.position))
        keyword = self._peek_keyword()
        if keyword in NOT_HERE:
            raise self.fault("unsupported", keyword)
        if keyword in CLOSING_WORDS:
            raise self.fault("unexpected", keyword)
        if keyword in OPENING_WORDS:
            return self._read_compound(keyword)
        return self._read_simple()

    def _read_compound(self, keyword: str) -> Command:
        start = self.position
        self._take_keyword(keyword)
        if keyword == "{":
            body = self._read_body("}")
            return Group(body, False, self._read_redirects(), Span(start, self.position))
        if keyword == "if":
            return self._read_if(start)
        if keyword == "for":
            return self._read_for(start)
        if keyword == "!":
            raise self.fault("unexpected", "!", start)
        condition = self._read_body("do")
        loop = self._read_body("done")
        return While(condition, loop, keyword == "until", self._read_redirects(), Span(start, self.position))

    def _read_if(self, start: int) -> If:
        branches: list[tuple[Script, Script]] = []
        otherwise: Script | None = None
        keyword = "elif"
        while keyword == "elif":
            condition = self._read_body("then")
            body = self._read_body("fi", "elif", "else")
            keyword = self._last_keyword
            branches.append((condition, body))
        if keyword == "else":
            otherwise = self._read_body("fi")
        return If(tuple(branches), otherwise, self._read_redirects(), Span(start, self.position))

    def _read_for(self, start: int) -> For:
        self.skip_blanks()
        word = self.read_word()
        name = _plain_text(word) if word else None
        if not name or not _is_name(name):
            if self.at_end:
                raise self.incomplete("end", "")
            raise self.fault("for", name or "newline")
        self._skip_newlines()
        words: list[Word] | None = None
        if self._take_keyword("in"):
            words = []
            self.skip_blanks()
            while (word := self.read_word()) is not None:
                self.marks.append(Mark((*word.span, "argument")))
                words.append(word)
                self.skip_blanks()
        self.skip_blanks()
        if self.peek_operator() == ";":
            self._take_operator(";")
        self._skip_newlines()
        if not self._take_keyword("do"):
            raise self.incomplete("end", "do") if self.at_end else self.fault("unexpected", self._peek_text())
        body = self._read_body("done")
        chosen = None if words is None else tuple(words)
        return For(name, chosen, body, self._read_redirects(), Span(start, self.position))

    def _read_body(self, *closing: str) -> Script:
        """The commands up to and over one of the closing keywords, which `_last_keyword` then names."""
        script = self.read_script_until(closing[0])
        keyword = self._peek_keyword()
        if keyword not in closing:
            raise self.fault("unexpected", keyword)
        if not script.items:
            raise self.fault("unexpected", keyword)
        self._take_keyword(keyword)
        self._last_keyword = keyword
        return script

    def _read_simple(self) -> Simple:
        start = self.position
        assignments: list[Assignment] = []
        words: list[Word] = []
        redirects: list[Redirect] = []
        while True:
            self.skip_blanks()
            redirect = self._read_redirect()
            if redirect is not None:
                redirects.append(redirect)
                continue
            at = self.position
            marks = len(self.marks)
            word = self.read_word()
            if word is None:
                break
            assignment = None if words else _assignment(word)
            if assignment is not None:
                assignments.append(assignment)
                self.marks.insert(marks, Mark((at, self.position, "assignment")))
                continue
            self.marks.insert(marks, Mark((at, self.position, self._kind_of_word(word, words))))
            words.append(word)
        if not words and not assignments and not redirects:
            raise self.fault("unexpected", self._peek_text())
        if len(words) == 1 and FUNCTION.match(self.text, self.position):
            raise self.fault("unsupported", "()")
        spans = [one.span for one in assignments] + [one.span for one in words] + [one.span for one in redirects]
        span = Span(start, max(one.end for one in spans))
        return Simple(tuple(assignments), tuple(words), tuple(redirects), span, self.line_at(start))

    def _kind_of_word(self, word: Word, before: list[Word]) -> str:
        text = self.text[word.span.start : word.span.end]
        if not before:
            return "command"
        if len(before) == 1 and _plain_text(before[0]) == "docker" and not text.startswith("-"):
            return "command"
        return "option" if text.startswith("-") and len(text) > 1 else "argument"

    def _read_redirects(self) -> tuple[Redirect, ...]:
        found: list[Redirect] = []
        while True:
            self.skip_blanks()
            redirect = self._read_redirect()
            if redirect is None:
                return tuple(found)
            found.append(redirect)

    def _read_redirect(self) -> Redirect | None:
        start = self.position
        match = REDIRECTION.match(self.text, start)
        if match is None:
            return None
        number, operator = match.groups()
        fd = int(number) if number else (0 if operator.startswith("<") else 1)
        self.position = match.end()
        self.mark(start, "operator")
        self.skip_blanks()
        at = self.position
        target = self.read_word()
        if target is None:
            raise self.fault("unexpected", self._peek_text())
        self.marks.append(Mark((at, self.position, "argument")))
        after = self.position
        if operator in ("<<", "<<-"):
            target = self._here_document(target, operator)
        return Redirect(fd, operator, target, Span(start, after))

    def _here_document(self, delimiter: Word, operator: str) -> Word:
        newline = self._end_of_line()
        start = self.here_documents.get(newline, newline + 1)
        text = "".join(part.text for part in delimiter.parts if isinstance(part, Literal))
        expand = not any(part.quoted for part in delimiter.parts)
        body, end = self.read_here_document(start, text, strip_tabs=operator == "<<-", expand=expand)
        self.here_documents[newline] = end
        return body

    def _end_of_line(self) -> int:
        """Where the newline stands that ends the line of the cursor; quotes may hold others."""
        position, marks = self.position, len(self.marks)
        while not self.at_end and self.peek() != "\n":
            if self.peek() == "#" and self._at_word_start():
                self._skip_comment()
            elif self.read_word() is None:
                self.position += 1
        found = self.position
        self.position = position
        del self.marks[marks:]
        return found

    def skip_blanks(self) -> None:
        """Over blanks, continued lines, and a comment up to its end."""
        while True:
            match = BLANK.match(self.text, self.position)
            self.position = match.end() if match else self.position
            if self.peek() != "#" or not self._at_word_start():
                return
            self._skip_comment()

    def _at_word_start(self) -> bool:
        return self.position == 0 or self.text[self.position - 1] in METACHARACTERS

    def _skip_comment(self) -> None:
        start = self.position
        end = self.text.find("\n", start)
        self.position = len(self.text) if end < 0 else end
        self.mark(start, "comment")

    def _skip_newlines(self) -> None:
        while True:
            self.skip_blanks()
            if self.peek() != "\n":
                return
            self.position = self.here_documents.get(self.position, self.position + 1)

    def peek_operator(self) -> str:
        self.skip_blanks()
        match = OPERATOR.match(self.text, self.position)
        return match[0] if match else ""

    def _take_operator(self, operator: str) -> None:
        self.position += len(operator)
        self.mark(self.position - len(operator), "operator")

    def _peek_keyword(self) -> str:
        """The word at the cursor if it is a reserved one."""
        self.skip_blanks()
        word = self._up_to_blank()
        known = word in CLOSING_WORDS or word in OPENING_WORDS or word in NOT_HERE or word == "in"
        return word if known else ""

    def _take_keyword(self, keyword: str) -> bool:
        if self._peek_keyword() != keyword:
            return False
        self.position += len(keyword)
        self.mark(self.position - len(keyword), "keyword")
        return True

    def _peek_text(self) -> str:
        """What stands at the cursor, for a message: an operator, a word, or a newline."""
        if self.at_end or self.peek() == "\n":
            return "newline"
        operator = self.peek_operator()
        if operator:
            return operator
        return self._up_to_blank()

    def _up_to_blank(self) -> str:
        match = UP_TO_BLANK.match(self.text, self.position)
        return match[0] if match else ""


def _plain_text(word: Word) -> str | None:
    """The text of a word without quotes and expansions."""
    if len(word.parts) == 1 and isinstance(word.parts[0], Literal) and not word.parts[0].quoted:
        return word.parts[0].text
    return None


def _is_name(text: str) -> bool:
    return bool(text) and text[0] in NAME_START and all(character in NAME_REST for character in text)


def _assignment(word: Word) -> Assignment | None:
    first = word.parts[0]
    if not isinstance(first, Literal) or first.quoted:
        return None
    name, equals, value = first.text.partition("=")
    if not equals or not _is_name(name):
        return None
    value_start = word.span.start + len(name) + 1
    parts = word.parts[1:]
    if value:
        parts = (Literal(value, False, Span(value_start, first.span.end)), *parts)
    return Assignment(name, Word(parts, Span(value_start, word.span.end)), word.span)
