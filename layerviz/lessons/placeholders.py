"""Texts with placeholders: `{expression}`, `{expression:form}` and `{quote:name}`, filled from a scene.

{count(view(three))}         6             {count(view(three)):words}    six, 六
{size(big):bytes}            50MB          {count(stack(two)):measured}  two, 两 (before 层, 个 …)
{size(big):size}             50 MB         {who(three, /file5)}          three[3]
{who(three, /file5):number}  3             {reads(host:/c/file5):line}   File 7
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import cast

from layerviz.lessons.expressions import WORDS, Kind, Value, checked, evaluate
from layerviz.lessons.quotations import quoted
from layerviz.lessons.syntax import ExpressionError
from layerviz.lessons.values import At, Scene
from layerviz.shell.units import size as docker_size
from layerviz.strings import Lang, tr, words
from layerviz.strings.saying import saying

_QUOTE = "quote:"


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A placeholder in a text: from its `{` at letter `start` to after its `}` at `end`."""

    start: int
    end: int
    expression: str
    form: str


@dataclass(frozen=True, slots=True)
class Form:
    """How a value is written."""

    of: tuple[Kind, ...]
    write: Callable[[Value, Lang], str]


def fill(text: str, scene: Scene, lang: Lang) -> str:
    """`text` with all placeholders filled. Raises `ExpressionError`."""
    filled: list[str] = []
    at = 0
    for placeholder in placeholders(text):
        filled.append(text[at : placeholder.start])
        filled.append(_written(placeholder, scene, lang))
        at = placeholder.end
    return "".join(filled) + text[at:]


def placeholders(text: str) -> tuple[Placeholder, ...]:
    """The placeholders of `text`, in order. Raises `ExpressionError` where a brace has no partner."""
    found: list[Placeholder] = []
    at = 0
    while (start := text.find("{", at)) >= 0:
        end = _closing(text, start)
        inner = text[start + 1 : end - 1]
        expression, form = _parted(inner)
        found.append(Placeholder(start, end, expression, form))
        at = end
    if "}" in text[at:]:
        raise ExpressionError(text, saying("check.closes_nothing", mark="}"), at=text.index("}", at))
    return tuple(found)


def check_placeholder(placeholder: Placeholder) -> None:
    """Raises `ExpressionError`, its letter counted from the placeholder's `{`, if it can never be filled."""
    try:
        if placeholder.expression.startswith(_QUOTE):
            kind: Kind = "number" if isinstance(quoted(placeholder.expression.removeprefix(_QUOTE)), int) else "text"
        else:
            _, kind = checked(placeholder.expression)
    except ExpressionError as wrong:
        raise ExpressionError(wrong.where, wrong.sentence, wrong.advice, wrong.at + 1) from None
    form = placeholder.form
    if form not in FORMS:
        there_are = saying("check.mend.there_are", names=tuple(name for name in FORMS if name))
        raise ExpressionError(placeholder.expression, saying("check.no_form", form=form), there_are, 1)
    if kind not in FORMS[form].of:
        what = saying("check.form_unfit", form=form) if form else saying("check.plain_unfit")
        raise ExpressionError(placeholder.expression, what, at=1)


def _written(placeholder: Placeholder, scene: Scene, lang: Lang) -> str:
    check_placeholder(placeholder)
    name = placeholder.expression
    value: Value = quoted(name.removeprefix(_QUOTE)) if name.startswith(_QUOTE) else evaluate(name, scene)
    return FORMS[placeholder.form].write(value, lang)


def _closing(text: str, start: int) -> int:
    """The letter after the brace that closes the one at `start`; braces in it and in its quotes belong to the
    expression."""
    depth = 0
    in_text = False
    for at in range(start, len(text)):
        letter = text[at]
        if letter == '"' and text[at - 1] != "\\":
            in_text = not in_text
        elif not in_text and letter in "{}":
            depth += 1 if letter == "{" else -1
            if depth == 0:
                return at + 1
    raise ExpressionError(text, saying("check.not_closed", mark="{"), at=start)


def _parted(inner: str) -> tuple[str, str]:
    expression, colon, form = inner.rpartition(":")
    # The last colon may belong to the expression itself: `grow:3`, `host:/c`.
    ends = expression.endswith((")", "}", *WORDS)) or expression.startswith(_QUOTE)
    if colon and form.isalpha() and ends:
        return expression, form
    return inner, ""


def _plain(value: Value, lang: Lang) -> str:
    if isinstance(value, tuple):
        return "、".join(map(str, value)) if lang == "zh_CN" else ", ".join(map(str, value))
    return str(value)


def _line(value: Value, lang: Lang) -> str:
    return str(value).split("\n", 1)[0]


def _size(value: Value, lang: Lang) -> str:
    return re.sub(r"(?<=\d)(?=[A-Za-z]+$)", " ", docker_size(cast(int, value)))


def _whole(value: Value, lang: Lang) -> str:
    size = cast(int, value)
    unit, name = next((u, n) for u, n in ((10**9, "GB"), (10**6, "MB"), (10**3, "kB"), (1, "B")) if size >= u or u == 1)
    return f"{round(size / unit)} {name}"


def _span(value: Value, lang: Lang) -> str:
    positions = sorted(at.position for at in cast("tuple[At, ...]", value))
    if positions != list(range(positions[0], positions[-1] + 1)):
        return _number(value, lang)
    return tr(lang, "lessons.span", first=positions[0], last=positions[-1])


def _number(value: Value, lang: Lang) -> str:
    return _plain(tuple(at.position for at in cast("tuple[At, ...]", value)), lang)  # type: ignore[arg-type]  # numbers, joined


def _capitalised(value: Value, lang: Lang) -> str:
    text = words(lang, cast(int, value))
    return text[0].upper() + text[1:]


def _short(value: Value, lang: Lang) -> str:
    return str(value).removeprefix("sha256:")[:12]


FORMS: dict[str, Form] = {
    "": Form(("number", "text", "layers"), _plain),
    "words": Form(("number",), lambda value, lang: words(lang, cast(int, value))),
    "Words": Form(("number",), _capitalised),
    "measured": Form(("number",), lambda value, lang: words(lang, cast(int, value), measured=True)),
    "bytes": Form(("number",), lambda value, lang: docker_size(cast(int, value))),
    "size": Form(("number",), _size),
    "whole": Form(("number",), _whole),
    "number": Form(("layers",), _number),
    "span": Form(("layers",), _span),
    "line": Form(("text",), _line),
    "short": Form(("text",), _short),
}
"""`bytes` is docker's own writing of a size, `size` the one of prose, `whole` without decimals; `number` a layer's
place from the bottom, `span` the first and last of several; `line` a text's first line; `short` a digest's first
twelve digits."""
