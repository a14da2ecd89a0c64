"""`$((…))`: whole-number expressions of the shell (POSIX.1-2017, XCU 2.6.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

TOKENS = re.compile(r"\s*(?:(\d+|0[xX][0-9a-fA-F]+)|([A-Za-z_]\w*)|(&&|\|\||<<|>>|<=|>=|==|!=|[-+*/%()<>!~&|^?:]))")
LEVELS: tuple[tuple[str, ...], ...] = (
    ("||",),
    ("&&",),
    ("|",),
    ("^",),
    ("&",),
    ("==", "!="),
    ("<", ">", "<=", ">="),
    ("<<", ">>"),
    ("+", "-"),
    ("*", "/", "%"),
)
OPERATIONS: Mapping[str, Callable[[int, int], int]] = {
    "||": lambda a, b: int(bool(a or b)),
    "&&": lambda a, b: int(bool(a and b)),
    "|": lambda a, b: a | b,
    "^": lambda a, b: a ^ b,
    "&": lambda a, b: a & b,
    "==": lambda a, b: int(a == b),
    "!=": lambda a, b: int(a != b),
    "<": lambda a, b: int(a < b),
    ">": lambda a, b: int(a > b),
    "<=": lambda a, b: int(a <= b),
    ">=": lambda a, b: int(a >= b),
    "<<": lambda a, b: a << (b & 63),
    ">>": lambda a, b: a >> (b & 63),
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1),
    "%": lambda a, b: abs(a) % abs(b) * (1 if a >= 0 else -1),
}


class BadArithmetic(Exception):
    """An expression that cannot be computed."""


def evaluate(expression: str, values: Mapping[str, str]) -> int:
    """The value of `expression`; an unset variable counts as 0."""
    tokens: list[str] = []
    position = 0
    expression = expression.replace("$", "").strip()
    while position < len(expression):
        match = TOKENS.match(expression, position)
        if match is None:
            raise BadArithmetic(f'arithmetic expression: expecting primary: "{expression}"')
        tokens.append(match.group().strip())
        position = match.end()
    reader = _Reader(tokens, values, expression)
    result = reader.conditional() if tokens else 0
    if reader.tokens:
        raise BadArithmetic(f'arithmetic expression: expecting EOF: "{expression}"')
    return result


class _Reader:
    def __init__(self, tokens: list[str], values: Mapping[str, str], expression: str) -> None:
        self.tokens = tokens
        self.values = values
        self.expression = expression

    def conditional(self) -> int:
        value = self.level(0)
        if self.tokens[:1] != ["?"]:
            return value
        self.tokens.pop(0)
        then = self.conditional()
        if self.tokens[:1] != [":"]:
            raise BadArithmetic(f"arithmetic expression: expecting ':': \"{self.expression}\"")
        self.tokens.pop(0)
        otherwise = self.conditional()
        return then if value else otherwise

    def level(self, depth: int) -> int:
        if depth == len(LEVELS):
            return self.primary()
        left = self.level(depth + 1)
        while self.tokens and self.tokens[0] in LEVELS[depth]:
            operator = self.tokens.pop(0)
            right = self.level(depth + 1)
            if operator in "/%" and right == 0:
                raise BadArithmetic(f'arithmetic expression: division by zero: "{self.expression}"')
            left = OPERATIONS[operator](left, right)
        return left

    def primary(self) -> int:
        if not self.tokens:
            raise BadArithmetic(f'arithmetic expression: expecting primary: "{self.expression}"')
        token = self.tokens.pop(0)
        if token == "(":
            value = self.conditional()
            if not self.tokens or self.tokens.pop(0) != ")":
                raise BadArithmetic(f"arithmetic expression: expecting ')': \"{self.expression}\"")
            return value
        if token in ("-", "+", "!", "~"):
            value = self.primary()
            return {"-": -value, "+": value, "!": int(not value), "~": ~value}[token]
        if token[0].isdigit():
            return int(token, 16 if token.lower().startswith("0x") else 10)
        text = self.values.get(token, "0") or "0"
        if not re.fullmatch(r"-?\d+", text):
            raise BadArithmetic(f"Illegal number: {text}")
        return int(text)
