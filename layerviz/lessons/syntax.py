"""The little language of answers, goals and placeholders: its text, and the tree of it.

    count(view(three)) == 6        who(three, /file5) == three[3]        holds(c1, /a) without who(c1, /a)

Names of things are addresses as everywhere (`three`, `three[3]`, `three[3]:/file5`, `c1[rw]`, `host:/a`); a path
begins with `/`; text stands in double quotes; numbers may have a unit (`50MB`, `4kB`, decimal as docker counts);
`{…}` gathers values to one set. `-` and `+` stand between blanks, for names have dashes."""

import re
from dataclasses import dataclass
from typing import Literal, NamedTuple

from layerviz.strings.problem import SpokenProblem
from layerviz.strings.saying import Saying, saying

UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "KiB": 2**10, "MiB": 2**20, "GiB": 2**30}


class ExpressionError(SpokenProblem):
    """An expression cannot be read, or makes no sense. `at` is the letter of the expression, from 0, where it
    breaks."""

    def __init__(self, text: str, sentence: Saying, advice: Saying | None = None, at: int = 0) -> None:
        super().__init__(text, sentence, advice)
        self.args = (text, sentence, advice, at)
        self.at = at


@dataclass(frozen=True, slots=True)
class Constant:
    """A number or a text."""

    value: int | str
    at: int


@dataclass(frozen=True, slots=True)
class Name:
    """An address, as written."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class PathName:
    """A path, for a function that looks for it."""

    text: str
    at: int


@dataclass(frozen=True, slots=True)
class Call:
    """A function by name; a word of the world (`disk`, `layers`) is one without arguments."""

    name: str
    arguments: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Operation:
    """`not x` has one operand, all others two."""

    operator: Literal["or", "and", "not", "==", "!=", "<", "<=", ">", ">=", "+", "-", "*", "without"]
    operands: tuple["Node", ...]
    at: int


@dataclass(frozen=True, slots=True)
class Gathered:
    """`{a, b}`: one set of all of them; sets among them are joined."""

    parts: tuple["Node", ...]
    at: int


Node = Constant | Name | PathName | Call | Operation | Gathered


class Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKENS = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<text>"(?:[^"\\]|\\.)*")
    | (?P<number>[0-9]+(?:\.[0-9]+)?(?:kB|MB|GB|KiB|MiB|GiB|B)?(?![\w./:-]))
    | (?P<call>[a-z_]+(?=\())
    | (?P<operator>==|!=|<=|>=|<|>|[+*-](?=\s))
    | (?P<mark>[(){},])
    | (?P<path>/[^\s(){},"]*)
    | (?P<name>[A-Za-z0-9_][A-Za-z0-9_./:@-]*?(?:\[(?:[0-9]+|rw)\])?(?::/[^\s(){},"]*|(?=[\s(){},"=!<>]|$)))
    """,
    re.VERBOSE,
)
_WORDS = ("or", "and", "not", "without")
_ESCAPES = {"n": "\n", "t": "\t", '"': '"', "\\": "\\"}


def parse(text: str, words_of_the_world: frozenset[str] = frozenset()) -> Node:
    """The tree of `text`. Raises `ExpressionError` naming the letter where it breaks."""
    reader = _Reader(text, tuple(_tokens(text)), words_of_the_world)
    node = reader.either()
    if reader.next.kind != "end":
        raise reader.broken(saying("check.unexpected", text=reader.next.text))
    return node


def _tokens(text: str) -> list[Token]:
    found: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKENS.match(text, at)
        if match is None or not match.group():
            open_text = text[at] == '"'
            what = saying("check.text_open") if open_text else saying("check.unexpected", text=text[at])
            raise ExpressionError(text, what, saying("check.mend.equality") if text[at] == "=" else None, at)
        kind = str(match.lastgroup)
        if kind != "blank":
            found.append(Token("word" if match.group() in _WORDS else kind, match.group(), at))
        at = match.end()
    return [*found, Token("end", "", len(text))]


class _Reader:
    """Recursive descent, one method for each strength of binding, weakest first."""

    def __init__(self, text: str, tokens: tuple[Token, ...], words_of_the_world: frozenset[str]) -> None:
        self.text = text
        self.tokens = tokens
        self.words_of_the_world = words_of_the_world
        self.position = 0

    @property
    def next(self) -> Token:
        return self.tokens[self.position]

    def take(self) -> Token:
        token = self.next
        self.position = min(self.position + 1, len(self.tokens) - 1)
        return token

    def broken(self, sentence: Saying, advice: Saying | None = None) -> ExpressionError:
        return ExpressionError(self.text, sentence, advice, self.next.at)

    def want(self, mark: str) -> None:
        if self.next.text != mark:
            raise self.broken(saying("check.mark_missing", mark=mark, next=self._shown(self.next)))
        self.take()

    def either(self) -> Node:
        left = self.both()
        while self.next.text == "or":
            at = self.take().at
            left = Operation("or", (left, self.both()), at)
        return left

    def both(self) -> Node:
        left = self.negated()
        while self.next.text == "and":
            at = self.take().at
            left = Operation("and", (left, self.negated()), at)
        return left

    def negated(self) -> Node:
        if self.next.text == "not":
            at = self.take().at
            return Operation("not", (self.negated(),), at)
        return self.compared()

    def compared(self) -> Node:
        left = self.added()
        token = self.next
        if token.kind == "operator" and token.text in ("==", "!=", "<", "<=", ">", ">="):
            self.take()
            left = Operation(token.text, (left, self.added()), token.at)  # type: ignore[arg-type]  # one of the six
            if self.next.kind == "operator":
                raise self.broken(saying("check.two_comparisons"), saying("check.mend.join"))
        return left

    def added(self) -> Node:
        left = self.multiplied()
        while self.next.text in ("+", "-", "without"):
            token = self.take()
            left = Operation(token.text, (left, self.multiplied()), token.at)  # type: ignore[arg-type]  # one of the three
        return left

    def multiplied(self) -> Node:
        left = self.single()
        while self.next.text == "*":
            at = self.take().at
            left = Operation("*", (left, self.single()), at)
        return left

    def single(self) -> Node:
        token = self.take()
        if token.kind == "number":
            return Constant(_number(token.text), token.at)
        if token.kind == "text":
            return Constant(re.sub(r"\\(.)", lambda m: _ESCAPES.get(m[1], m[0]), token.text[1:-1]), token.at)
        if token.kind == "path":
            return PathName(token.text, token.at)
        if token.kind == "name":
            word = token.text in self.words_of_the_world
            return Call(token.text, (), token.at) if word else Name(token.text, token.at)
        if token.kind == "call":
            self.want("(")
            return Call(token.text, self._listed(")"), token.at)
        if token.text == "{":
            return Gathered(self._listed("}"), token.at)
        if token.text == "(":
            inner = self.either()
            self.want(")")
            return inner
        self.position = self.tokens.index(token)
        raise self.broken(saying("check.value_missing", next=self._shown(token)))

    def _listed(self, end: str) -> tuple[Node, ...]:
        parts: list[Node] = []
        while self.next.text != end:
            parts.append(self.either())
            if self.next.text != end:
                self.want(end if self.next.kind == "end" else ",")
        self.take()
        return tuple(parts)

    @staticmethod
    def _shown(token: Token) -> Saying | str:
        return saying("check.the_end") if token.kind == "end" else f"“{token.text}”"


def _number(text: str) -> int:
    digits = text.rstrip("BKMGki")
    return round(float(digits) * UNITS.get(text[len(digits) :], 1))
