"""Go's text/template to a tree: text, actions, `if`, `range` and `with` (text/template/parse)."""

from __future__ import annotations

import json
import re
from collections.abc import Container
from typing import NamedTuple, NoReturn

ACTION = re.compile(r"\{\{(-(?=\s))?")
TOKEN = re.compile(
    r"""\s+|(?P<string>"(?:[^"\\\n]|\\.)*"|`[^`]*`)|(?P<number>[-+]?\d+(?:\.\d+)?(?![\w.]))"""
    r"""|(?P<variable>\$\w*)|(?P<field>\.\w+)|(?P<dot>\.)|(?P<word>\w+)|(?P<sign>:=|[|(),=])"""
)
KEYWORDS = frozenset(("if", "range", "with"))


class TemplateError(Exception):
    """A template that cannot be read or filled in, in Go's words."""


class Literal(NamedTuple):
    value: object


class Variable(NamedTuple):
    """`$name`; `$` is the whole document."""

    name: str


class Dot(NamedTuple):
    """`.`"""


class Call(NamedTuple):
    """A function with its arguments; `source` is how it was written, from `offset` on."""

    name: str
    arguments: tuple[Expression, ...]
    source: str
    offset: int


class Chain(NamedTuple):
    """`.A.B`, `$x.A` or `(…).A`: fields of `of`. A method's arguments follow the last one.

    Go takes the place of the second part for that of the whole.
    """

    of: Expression
    fields: tuple[str, ...]
    source: str
    offset: int
    arguments: tuple[Expression, ...] = ()


Expression = Literal | Variable | Dot | Call | Chain


class Text(NamedTuple):
    text: str


class Action(NamedTuple):
    """`{{expression}}`, or `{{$variable := expression}}`, which prints nothing."""

    expression: Expression
    variable: str = ""


class Branch(NamedTuple):
    """`if`, `range` or `with`; `variables` are those that it declares."""

    keyword: str
    expression: Expression
    variables: tuple[str, ...]
    body: tuple[Node, ...]
    otherwise: tuple[Node, ...]


Node = Text | Action | Branch


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int
    after_space: bool


class _Piece(NamedTuple):
    """Text up to an action, and the action's tokens (None behind the last text)."""

    text: str
    tokens: list[_Token] | None


def parse(form: str, functions: Container[str]) -> tuple[Node, ...]:
    """The tree of a template whose functions are `functions`. Raises `TemplateError`."""
    return _Parser(form, functions).whole()


class _Parser:
    def __init__(self, form: str, functions: Container[str]) -> None:
        self.form = form
        self.functions = functions
        self.pieces = _pieces(form)
        self.at = 0
        self.tokens: list[_Token] = []

    def whole(self) -> tuple[Node, ...]:
        nodes, ended_by = self.nodes()
        if ended_by:
            fault(self.form, f"unexpected {{{{{ended_by}}}}}")
        return nodes

    def nodes(self) -> tuple[tuple[Node, ...], str]:
        """Nodes up to the end, or to `{{end}}` or `{{else}}`, whose word is told."""
        found: list[Node] = []
        while self.at < len(self.pieces):
            text, tokens = self.pieces[self.at]
            self.at += 1
            if text:
                found.append(Text(text))
            if tokens is None:
                continue
            self.tokens = tokens
            word = tokens[0].text if tokens and tokens[0].kind == "word" else ""
            if word in ("end", "else"):
                tokens.pop(0)
                return tuple(found), word
            if word in KEYWORDS:
                tokens.pop(0)
                found.append(self.branch(word))
            elif tokens or not text:
                variables = self.declared()
                found.append(Action(self.pipeline(), variables[0] if variables else ""))
                self.finish()
        return tuple(found), ""

    def branch(self, keyword: str) -> Branch:
        variables = self.declared()
        expression = self.pipeline(keyword)
        self.finish()
        body, ended_by = self.nodes()
        otherwise: tuple[Node, ...] = ()
        if ended_by == "else":
            if self.tokens and self.tokens[0].text in KEYWORDS:
                otherwise = (self.branch(self.tokens.pop(0).text),)
                return Branch(keyword, expression, variables, body, otherwise)
            otherwise, ended_by = self.nodes()
        if not ended_by:
            fault(self.form, "unexpected EOF")
        return Branch(keyword, expression, variables, body, otherwise)

    def declared(self) -> tuple[str, ...]:
        """The variables before `:=`, or `=`."""
        signs = [place for place, token in enumerate(self.tokens) if token.text in (":=", "=")]
        if not signs:
            return ()
        names = tuple(token.text for token in self.tokens[: signs[0]] if token.kind == "variable")
        del self.tokens[: signs[0] + 1]
        return names

    def pipeline(self, within: str = "command") -> Expression:
        if not self.tokens:
            fault(self.form, f"missing value for {within}")
        found = self.command(None)
        while self.tokens and self.tokens[0].text == "|":
            self.tokens.pop(0)
            if not self.tokens:
                fault(self.form, "missing value for command")
            found = self.command(found)
        return found

    def command(self, piped: Expression | None) -> Expression:
        """A function or a field with its arguments; what is piped into it comes last."""
        first = self.tokens[0]
        name = self.tokens.pop(0).text if first.kind == "word" and first.text not in ("true", "false", "nil") else ""
        if name and name not in self.functions:
            fault(self.form, f'function "{name}" not defined')
        head = None if name else self.operand()
        arguments: list[Expression] = []
        while self.tokens and self.tokens[0].text not in ("|", ")"):
            arguments.append(self.operand())
        end = self.form_end(first)
        if piped is not None:
            arguments.append(piped)
        if name:
            return Call(name, tuple(arguments), self.form[first.start : end], first.start)
        assert head is not None
        if not arguments:
            return head
        if not isinstance(head, Chain):
            fault(self.form, f"can't give argument to non-function {self.form[first.start : first.end]}")
        return head._replace(arguments=tuple(arguments))

    def form_end(self, first: _Token) -> int:
        """Where the text of a command ends that began with `first`: before what is left of its action."""
        rest = self.form[first.start : self.tokens[0].start] if self.tokens else None
        if rest is not None:
            return first.start + len(rest.rstrip())
        closing = self.form.find("}}", first.start)
        return first.start + len(self.form[first.start : closing].rstrip("- \t\n"))

    def operand(self) -> Expression:
        token = self.tokens.pop(0)
        found: Expression
        if token.kind == "string":
            text = token.text
            found = Literal(text[1:-1] if text[0] == "`" else json.loads(text, strict=False))
        elif token.kind == "number":
            found = Literal(float(token.text) if "." in token.text else int(token.text))
        elif token.kind == "variable":
            found = Variable(token.text)
        elif token.kind == "dot":
            found = Dot()
        elif token.kind == "field":
            self.tokens.insert(0, token)
            found = Dot()
        elif token.text in ("true", "false", "nil"):
            found = Literal({"true": True, "false": False}.get(token.text))
        elif token.text == "(":
            found = self.pipeline()
            if not self.tokens or self.tokens.pop(0).text != ")":
                fault(self.form, "unclosed left paren")
        elif token.kind == "word":
            if token.text not in self.functions:
                fault(self.form, f'function "{token.text}" not defined')
            found = Call(token.text, (), token.text, token.start)
        else:
            fault(self.form, f"unexpected {json.dumps(token.text)} in operand")
        fields: list[_Token] = []
        while (
            self.tokens
            and self.tokens[0].kind == "field"
            and ((token.kind == "field" and not fields) or not self.tokens[0].after_space)
        ):
            fields.append(self.tokens.pop(0))
        if not fields:
            return found
        second = fields[1] if isinstance(found, Dot) and len(fields) > 1 else fields[0]
        source = self.form[token.start : fields[-1].end]
        return Chain(found, tuple(field.text[1:] for field in fields), source, second.start)

    def finish(self) -> None:
        if self.tokens:
            fault(self.form, f"unexpected {json.dumps(self.tokens[0].text)} in command")


def fault(form: str, message: str, offset: int = 0) -> NoReturn:
    raise TemplateError(f"template: :{form.count(chr(10), 0, offset) + 1}: {message}")


def _pieces(form: str) -> list[_Piece]:
    found: list[_Piece] = []
    position, trims = 0, False
    while True:
        start = ACTION.search(form, position)
        text = form[position : start.start() if start else len(form)]
        text = text.lstrip() if trims else text
        if start is None:
            found.append(_Piece(text, None))
            return found
        text = text.rstrip() if start[1] else text
        comment = re.compile(r"\s*/\*.*?\*/\s*(-?)\}\}", re.DOTALL).match(form, start.end())
        if comment:
            found.append(_Piece(text, None))
            position, trims = comment.end(), bool(comment[1])
            continue
        tokens, position, trims = _tokens(form, start.end())
        found.append(_Piece(text, tokens))


def _tokens(form: str, position: int) -> tuple[list[_Token], int, bool]:
    """The tokens of the action that begins at `position`, where it ends, and whether it trims what follows."""
    found: list[_Token] = []
    spaced = True
    while True:
        closing = re.compile(r"\s+-\}\}|\s*\}\}").match(form, position)
        if closing:
            return found, closing.end(), "-" in closing[0]
        match = TOKEN.match(form, position)
        if match is None:
            rest = form[position : position + 1]
            if rest in ('"', "`"):
                fault(form, "unterminated quoted string" if rest == '"' else "unterminated raw quoted string")
            fault(form, f"unexpected {json.dumps(rest)} in command" if rest and rest not in "{" else "unclosed action")
        if match.lastgroup:
            found.append(_Token(match.lastgroup, match[0], match.start(), match.end(), spaced))
        spaced = match.lastgroup is None
        position = match.end()
