"""`$((…))`: whole-number expressions of the shell (POSIX.1-2017, XCU 2.6.4)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, MutableMapping

TOKENS = re.compile(
    r"\s*(?:(0[xX][0-9a-fA-F]+|\d+)|([A-Za-z_]\w*)|((?:<<|>>|[-+*/%&|^])=(?!=)|&&|\|\||<<|>>|<=|>=|==|!=|[-+*/%()<>!~&|^?:=]))"
)
ASSIGNMENT = re.compile(r"(<<|>>|[-+*/%&|^]?)=")
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


def evaluate(expression: str, values: MutableMapping[str, str]) -> int:
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
    def __init__(self, tokens: list[str], values: MutableMapping[str, str], expression: str) -> None:
        self.tokens = tokens
        self.values = values
        self.expression = expression

    def conditional(self) -> int:
        if len(self.tokens) > 1 and self.tokens[0].isidentifier() and (match := ASSIGNMENT.fullmatch(self.tokens[1])):
            return self._assigned(match[1])
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

    def _assigned(self, operator: str) -> int:
        """`name = …`, `name += …`: the variable keeps the value."""
        name = self.tokens.pop(0)
        self.tokens.pop(0)
        right = self.conditional()
        value = self._computed(operator, self._variable(name), right) if operator else right
        self.values[name] = str(value)
        return value

    def _computed(self, operator: str, left: int, right: int) -> int:
        if operator in "/%" and right == 0:
            raise BadArithmetic(f'arithmetic expression: division by zero: "{self.expression}"')
        return OPERATIONS[operator](left, right)

    def level(self, depth: int) -> int:
        if depth == len(LEVELS):
            return self.primary()
        left = self.level(depth + 1)
        while self.tokens and self.tokens[0] in LEVELS[depth]:
            operator = self.tokens.pop(0)
            right = self.level(depth + 1)
            left = self._computed(operator, left, right)
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
            return _number(token)
        return self._variable(token)

    def _variable(self, name: str) -> int:
        text = self.values.get(name, "0") or "0"
        if not re.fullmatch(r"\s*[-+]?(0[xX][0-9a-fA-F]+|\d+)\s*", text):
            raise BadArithmetic(f"Illegal number: {text}")
        return _number(text)


def _number(text: str) -> int:
    """As in C: 0x begins hexadecimal numbers, 0 octal ones, which an 8 or 9 ends."""
    digits = text.strip()
    sign = -1 if digits.startswith("-") else 1
    digits = digits.lstrip("+-")
    if digits[:2].lower() == "0x":
        return sign * int(digits, 16)
    if digits.startswith("0"):
        octal = re.match(r"[0-7]*", digits)
        return sign * int((octal[0] if octal else "") or "0", 8)
    return sign * int(digits)
