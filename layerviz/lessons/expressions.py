"""Expressions with their meaning: `evaluate("count(view(three)) == 6", scene)`.

Every expression has a kind that is known without a world, so a lesson's mistakes are found before it is played.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from layerviz.engine import sizes
from layerviz.engine.address import Address, AddressError
from layerviz.engine.address import parse as parse_address
from layerviz.engine.content import Range
from layerviz.lessons import values
from layerviz.lessons.syntax import Call, Constant, ExpressionError, Gathered, Name, Node, Operation, PathName, parse
from layerviz.lessons.values import At, File, Missing, Scene
from layerviz.shell.units import size as docker_size
from layerviz.strings.saying import Saying, saying

Kind = Literal["number", "text", "truth", "layers", "files", "names"]
Value = int | str | bool | tuple[At, ...] | tuple[File, ...] | frozenset[str]
Wanted = Literal["stack", "file", "path", "layer"] | Kind


@dataclass(frozen=True, slots=True)
class Function:
    """What a function takes, what it gives, and how. For each argument several kinds may do."""

    takes: tuple[tuple[Wanted, ...], ...]
    gives: Kind
    call: Callable[..., Value | None]
    example: str


def evaluate(expression: str, scene: Scene) -> Value:
    """The value of `expression` in `scene`.

    Raises `ExpressionError` where it makes no sense, or names something that does not exist in this world.
    """
    node, _ = checked(expression)
    try:
        return evaluate_node(expression, node, scene)
    except Missing as missing:
        from layerviz.lessons.nodes import did_you_mean

        meant = did_you_mean(str(missing), values.names_of_the_world(scene))
        what = saying("check.not_in_world", name=str(missing))
        raise ExpressionError(expression, what, meant, _place_of(node, str(missing))) from None


def holds(expression: str, scene: Scene) -> bool:
    """Whether the condition is true; one about something that does not exist is not."""
    node, _ = checked(expression, "truth")
    try:
        return bool(evaluate_node(expression, node, scene))
    except Missing:
        return False


@cache
def checked(expression: str, wanted: Kind | None = None) -> tuple[Node, Kind]:
    """The tree of `expression` and its kind. Raises `ExpressionError` if it has none, or another than `wanted`."""
    node = parse(expression, frozenset(WORDS))
    kind = _kind(expression, node)
    if wanted is not None and kind != wanted:
        raise ExpressionError(expression, saying("check.kind_unfit", kind=_called(kind), wanted=_called(wanted)))
    return node, kind


def _called(kind: Kind) -> Saying:
    return saying(f"check.kind.{kind}")


def _kind(text: str, node: Node) -> Kind:
    match node:
        case Constant(value):
            return "number" if isinstance(value, int) else "text"
        case Name(name, at):
            if _address(text, node).layer is None or _address(text, node).path is not None:
                hint = saying("check.mend.say_what", name=name)
                raise ExpressionError(text, saying("check.alone", name=name), hint, at)
            return "layers"
        case PathName(path, at):
            raise ExpressionError(text, saying("check.alone", name=path), saying("check.mend.say_whose"), at)
        case Call("before", arguments, at):
            if len(arguments) != 1:
                example = saying("check.mend.example", example="before(stack(six))")
                raise ExpressionError(text, saying("check.before"), example, at)
            return _kind(text, arguments[0])
        case Call():
            return _kind_of_call(text, node)
        case Gathered(parts, at):
            kinds = {"names" if kind == "text" else kind for kind in (_kind(text, part) for part in parts)}
            if len(kinds) != 1 or not kinds <= {"names", "layers", "files"}:
                raise ExpressionError(text, saying("check.gathers"), at=at)
            return cast(Kind, kinds.pop())
        case Operation():
            return _kind_of_operation(text, node)


def _kind_of_call(text: str, node: Call) -> Kind:
    function = FUNCTIONS.get(node.name) or WORDS.get(node.name)
    if function is None:
        from layerviz.lessons.nodes import did_you_mean

        there_are = saying("check.mend.there_are", names=tuple(sorted(FUNCTIONS)))
        hint = did_you_mean(node.name, [*FUNCTIONS, "before"]) or there_are
        raise ExpressionError(text, saying("check.no_function", name=node.name), hint, node.at)
    example = saying("check.mend.example", example=function.example)
    if len(node.arguments) != len(function.takes):
        what = saying("check.takes", name=node.name, count=len(function.takes))
        raise ExpressionError(text, what, example, node.at)
    for argument, wanted in zip(node.arguments, function.takes, strict=True):
        if not _fits(text, argument, wanted):
            raise ExpressionError(text, saying("check.cannot_take", name=node.name), example, argument.at)
    return function.gives


def _fits(text: str, argument: Node, wanted: tuple[Wanted, ...]) -> bool:
    if isinstance(argument, PathName):
        return "path" in wanted
    if isinstance(argument, Name):
        asked = _address(text, argument)
        if asked.path is not None:
            return "file" in wanted
        return ("stack" if asked.layer is None else "layer") in wanted
    return _kind(text, argument) in wanted


def _kind_of_operation(text: str, node: Operation) -> Kind:
    kinds = [_kind(text, operand) for operand in node.operands]
    if node.operator in ("and", "or", "not"):
        for operand, kind in zip(node.operands, kinds, strict=True):
            if kind != "truth":
                what = saying("check.wants_truth", operator=node.operator, kind=_called(kind))
                raise ExpressionError(text, what, at=operand.at)
        return "truth"
    left, right = kinds
    kinds_called = {"left": _called(left), "right": _called(right)}
    if node.operator in ("==", "!="):
        if left != right:
            raise ExpressionError(text, saying("check.never_equal", **kinds_called), at=node.at)
        return "truth"
    if node.operator == "without":
        if left != right or left not in ("layers", "files", "names"):
            raise ExpressionError(text, saying("check.no_without", **kinds_called), at=node.at)
        return left
    if left != "number" or right != "number":
        raise ExpressionError(text, saying("check.between_numbers", operator=node.operator), at=node.at)
    return "number" if node.operator in ("+", "-", "*") else "truth"


def evaluate_node(text: str, node: Node, scene: Scene) -> Value:
    """The value of a part of the expression `text`. Raises `Missing` where it names something that does not exist."""
    match node:
        case Constant(value):
            return value
        case Name(name):
            return values.stack_of(scene, name)
        case Call("before", (inner,)):
            return evaluate_node(text, inner, scene.earlier())
        case Call(name, arguments):
            function = FUNCTIONS.get(name) or WORDS[name]
            given = [_argument(text, argument, scene) for argument in arguments]
            result = function.call(scene, *given)
            if result is None:
                raise ExpressionError(text, saying("check.size_unknown"), saying("check.mend.size_unknown"), node.at)
            return result
        case Gathered(parts):
            return _gathered([evaluate_node(text, part, scene) for part in parts])
        case Operation(operator, operands):
            return _operated(text, operator, operands, scene)
        case PathName():
            raise AssertionError("a path alone has no kind")


def _argument(text: str, node: Node, scene: Scene) -> Value:
    return node.text if isinstance(node, Name | PathName) else evaluate_node(text, node, scene)


def _operated(text: str, operator: str, operands: tuple[Node, ...], scene: Scene) -> Value:
    left = evaluate_node(text, operands[0], scene)
    if operator == "not":
        return not left
    if operator == "and":
        return bool(left) and bool(evaluate_node(text, operands[1], scene))
    if operator == "or":
        return bool(left) or bool(evaluate_node(text, operands[1], scene))
    right = evaluate_node(text, operands[1], scene)
    if operator == "without":
        if isinstance(left, frozenset):
            return left - cast("frozenset[str]", right)
        return cast(
            Value, tuple(each for each in cast("tuple[At, ...]", left) if each not in cast("tuple[At, ...]", right))
        )
    return _ARITHMETIC[operator](left, right)


_ARITHMETIC: dict[str, Callable[..., int | bool]] = {
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "<": lambda a, b: a < b,
    "<=": lambda a, b: a <= b,
    ">": lambda a, b: a > b,
    ">=": lambda a, b: a >= b,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
}


def _gathered(parts: list[Value]) -> Value:
    if any(isinstance(part, str | frozenset) for part in parts):
        return frozenset(
            name for part in parts for name in ([part] if isinstance(part, str) else cast("Iterable[str]", part))
        )
    return cast(Value, tuple(dict.fromkeys(each for part in parts for each in cast("tuple[At, ...]", part))))


def _address(text: str, node: Name) -> Address:
    try:
        return parse_address(node.text)
    except AddressError:
        raise ExpressionError(text, saying("check.no_address"), saying("check.mend.address"), node.at) from None


def _place_of(node: Node, missing: str) -> int:
    match node:
        case Name(name, at) if name == missing or name.startswith(missing.split("[")[0]):
            return at
        case Call(_, parts) | Operation(_, parts) | Gathered(parts):
            return max((_place_of(part, missing) for part in parts), default=0)
    return 0


def _count(scene: Scene, things: tuple[object, ...] | frozenset[str]) -> int:
    return len(things)


def _size(scene: Scene, thing: str | tuple[At, ...] | tuple[File, ...]) -> int | None:
    if isinstance(thing, str):
        return values.size_of(scene, thing)
    if all(isinstance(each, File) for each in thing):
        return sum(each.size_bytes for each in cast("tuple[File, ...]", thing))
    return values.summed(cast("tuple[At, ...]", thing))


def _reads(scene: Scene, name: str) -> str:
    entry = values.entry_at(scene, name)
    if entry is None or entry.is_whiteout or any(isinstance(extent, Range) for extent in entry.content.extents):
        raise Missing(name)
    return entry.content.read(_READ_AT_MOST).decode("utf-8", "surrogateescape")


_READ_AT_MOST = 1 << 20


def _mode(scene: Scene, name: str) -> str:
    entry = values.entry_at(scene, name)
    if entry is None:
        raise Missing(name)
    return f"{entry.mode:o}"


def _kind_at(scene: Scene, name: str) -> str:
    entry = values.entry_at(scene, name)
    return str(entry.kind) if entry else "none"


def _cmd(scene: Scene, name: str) -> str:
    return " ".join(values.image_of(scene, name).config.cmd or ())


FUNCTIONS: dict[str, Function] = {
    "view": Function((("stack", "file"),), "files", values.files_seen, "view(three), view(c1:/files)"),
    "stored": Function((("stack", "file", "layer"),), "files", values.files_stored, "stored(three), stored(three[2])"),
    "stack": Function((("stack",),), "layers", values.stack_of, "stack(three)"),
    "names": Function((("stack", "file"),), "names", values.names_in, "names(c1:/files)"),
    "who": Function((("stack",), ("path",)), "layers", values.layer_that_answers, "who(three, /file5)"),
    "holds": Function((("stack",), ("path",)), "layers", values.layers_that_hold, "holds(three, /file5)"),
    "count": Function((("layers", "files", "names"),), "number", _count, "count(view(three))"),
    "size": Function((("stack", "file", "layer", "layers", "files"),), "number", _size, "size(three), size(c1[rw]:/f)"),
    "reads": Function((("file",),), "text", _reads, "reads(mine:/file2)"),
    "mode": Function((("file",),), "text", _mode, 'mode(mine:/run.sh) == "755"'),
    "kind": Function((("file",),), "text", _kind_at, 'kind(c1[rw]:/f) == "whiteout"'),
    "exists": Function((("stack", "file", "layer"),), "truth", values.is_there, "exists(mine), exists(mine:/f)"),
    "bytes": Function((("number",),), "text", lambda s, n: docker_size(n), 'bytes(disk) == "168MB"'),
    "cmd": Function((("stack",),), "text", _cmd, 'cmd(mine) != ""'),
    "packed": Function((("text",),), "layers", values.packed_as, 'packed("a076a628af6f")'),
    "digest": Function((("layer",),), "text", values.blob_digest, "digest(redis[1])"),
    "diff_id": Function((("layer",),), "text", values.diff_id, "diff_id(redis[1])"),
    "kept": Function((("text",), ("file",)), "names", values.kept_on_disk, 'kept("btrfs", six[4]:/files)'),
    "copied": Function((("stack",),), "number", values.copied_into, "copied(c1)"),
}
"""Each takes the scene first. `before(…)` is no function: it is its expression in the world before the commands."""

WORDS: dict[str, Function] = {
    "disk": Function((), "number", lambda s: sizes.disk_bytes(s.world), "disk"),
    "layers": Function((), "layers", values.layers_on_disk, "layers"),
    "images": Function((), "names", values.image_names, "images"),
    "containers": Function((), "names", lambda s: frozenset(c.name for c in s.world.containers), "containers"),
}
"""Words that stand for something of the whole world."""
