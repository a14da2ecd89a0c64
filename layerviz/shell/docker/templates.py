"""`--format`: Go's text/template as docker's client speaks it.

Fields, pipelines, variables, `if`, `range` and `with`, and the functions that people type. `define`, `template`,
`break` and `continue` are not there.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from layerviz.shell.docker.template_functions import FUNCTIONS, Refused, is_true, shown
from layerviz.shell.docker.template_syntax import (
    Branch,
    Call,
    Chain,
    Dot,
    Expression,
    Literal,
    Node,
    TemplateError,
    Text,
    Variable,
    parse,
)

NOTHING = "<no value>"
_NO_FIELDS: Mapping[str, object] = MappingProxyType({})


class Struct(dict[str, object]):
    """A Go struct: `empty` are the fields that JSON leaves out because they are empty, with what they are then."""

    empty: Mapping[str, object] = _NO_FIELDS


class StringMap(dict[str, object]):
    """A Go map: a key that it lacks has no value, and is no error."""


class _Scope(NamedTuple):
    """The template, what the dot and the variables stand for, and the type of a row, "" where data are maps."""

    form: str
    dot: object
    variables: dict[str, object]
    kind: str


def render(form: str, document: object, kind: str = "") -> str:
    """`form` filled with `document`. Raises `TemplateError` with Go's message.

    `kind` names the type that a row of a list has ("*formatter.imageContext"); a field that it lacks is missed in other
    words than one of a map. A row's field may be a function: a method that takes arguments.
    """
    return _rendered(parse(form, FUNCTIONS), _Scope(form, document, {"$": document}, kind))


def _rendered(nodes: tuple[Node, ...], scope: _Scope) -> str:
    found: list[str] = []
    for node in nodes:
        if isinstance(node, Text):
            found.append(node.text)
        elif isinstance(node, Branch):
            found.append(_branched(node, scope))
        else:
            value = _value(node.expression, scope)
            if node.variable:
                scope.variables[node.variable] = value
            else:
                found.append(NOTHING if value is None else shown(value))
    return "".join(found)


def _branched(node: Branch, scope: _Scope) -> str:
    value = _value(node.expression, scope)
    inner = scope._replace(variables=dict(scope.variables))
    if node.keyword == "range":
        rounds = _rounds(value, getattr(node.expression, "source", "."))
        if not rounds:
            return _rendered(node.otherwise, inner)
        found: list[str] = []
        for key, item in rounds:
            named = node.variables[:2]
            inner.variables.update(zip(named, (key, item) if len(named) == 2 else (item,), strict=False))
            found.append(_rendered(node.body, inner._replace(dot=item)))
        return "".join(found)
    if node.variables:
        inner.variables[node.variables[0]] = value
    if not is_true(value):
        return _rendered(node.otherwise, inner)
    return _rendered(node.body, inner._replace(dot=value) if node.keyword == "with" else inner)


def _rounds(value: object, source: str) -> list[tuple[object, object]]:
    if isinstance(value, Mapping):
        return sorted(value.items())
    if isinstance(value, list | tuple):
        return list(enumerate(value))
    if value is None:
        return []
    raise TemplateError(f'template: :1:8: executing "" at <{source}>: range can\'t iterate over {shown(value)}')


def _value(expression: Expression, scope: _Scope) -> object:
    match expression:
        case Literal(value):
            return value
        case Dot():
            return scope.dot
        case Variable(name):
            if name not in scope.variables:
                raise TemplateError(f'template: :1: undefined variable "{name}"')
            return scope.variables[name]
        case Chain():
            return _field(expression, scope)
        case Call():
            return _called(expression, scope)


def _field(chain: Chain, scope: _Scope) -> object:
    value = _value(chain.of, scope)
    offset = chain.offset
    for name in chain.fields:
        if isinstance(value, Mapping):
            if name not in value and isinstance(value, StringMap):
                return None
            if isinstance(value, Struct) and name not in value and name in value.empty:
                value = value.empty[name]
                continue
            if name not in value:
                raise _failed(scope, offset, chain.source, _missing(name, value, scope))
            value = value[name]
        elif value is None:
            raise _failed(scope, offset, chain.source, f'nil data; no entry for key "{name}"')
        else:
            raise _failed(scope, offset, chain.source, f"can't evaluate field {name} in type interface {{}}")
    if callable(value):
        return value(*(_value(argument, scope) for argument in chain.arguments))
    return value


def _missing(name: str, value: Mapping[str, object], scope: _Scope) -> str:
    if scope.kind and value is scope.dot:
        return f"can't evaluate field {name} in type {scope.kind}"
    return f'map has no entry for key "{name}"'


def _called(call: Call, scope: _Scope) -> object:
    arguments = [_value(argument, scope) for argument in call.arguments]
    try:
        return FUNCTIONS[call.name](*arguments)
    except Refused as error:
        first = call.arguments[0] if call.arguments else None
        if error.is_type and isinstance(first, Chain):
            raise _failed(scope, first.offset, first.source, str(error)) from error
        raise _failed(scope, call.offset, call.source, str(error)) from error
    except (TypeError, IndexError) as error:
        message = f"wrong number of args for {call.name}: got {len(arguments)}"
        raise _failed(scope, call.offset, call.name, message) from error


def _failed(scope: _Scope, offset: int, source: str, message: str) -> TemplateError:
    line_start = scope.form.rfind("\n", 0, offset) + 1
    place = f"{scope.form.count(chr(10), 0, offset) + 1}:{offset - line_start}"
    return TemplateError(f'template: :{place}: executing "" at <{source}>: {message}')
