"""Sentences kept as key and values are said in the language asked for, and each that the code names can be said."""

import ast
import pickle
import string
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pytest

import layerviz
from layerviz.strings import LANGUAGES
from layerviz.strings.catalogue import area
from layerviz.strings.problem import SpokenProblem
from layerviz.strings.saying import saying


class Named(NamedTuple):
    """A saying in the code: the parts of its key that are written there, "*" for what is computed, and its values."""

    key: str
    values: frozenset[str] | None
    where: str


def sayings() -> Iterator[Named]:
    for file in sorted(Path(layerviz.__file__).parent.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "saying"
            if called and not (file.name == "problem.py" and file.parent.name == "strings"):
                assert isinstance(node, ast.Call)
                given = [keyword.arg for keyword in node.keywords]
                values = None if None in given else frozenset(name for name in given if name)
                yield Named(_key(node.args[0]), values, f"{file.name}:{node.lineno}")


def _key(node: ast.expr) -> str:
    if isinstance(node, ast.Constant):
        return str(node.value)
    assert isinstance(node, ast.JoinedStr)
    return "".join(str(part.value) if isinstance(part, ast.Constant) else "*" for part in node.values)


def placeholders(key: str) -> set[str]:
    name, _, rest = key.partition(".")
    entry = area("en", name)[rest]
    texts = entry.values() if isinstance(entry, dict) else [entry]
    return {field for text in texts for _, field, _, _ in string.Formatter().parse(text) if field}


def meant(key: str) -> list[str]:
    """The keys of the catalogue that a key of the code may be."""
    name, _, rest = key.partition(".")
    before, computed, after = rest.partition("*")
    if not computed:
        return [key] if rest in area("en", name) else []
    return [f"{name}.{one}" for one in area("en", name) if one.startswith(before) and one.endswith(after)]


SAYINGS = tuple(sayings())


def test_the_code_has_sayings() -> None:
    assert len(SAYINGS) > 100


@pytest.mark.parametrize("named", SAYINGS, ids=lambda named: named.key)
def test_every_saying_of_the_code_stands_in_every_language_with_its_values(named: Named) -> None:
    keys = meant(named.key)
    assert keys, f"{named.where}: {named.key} stands nowhere"
    for key in keys:
        name, _, rest = key.partition(".")
        assert all(rest in area(lang, name) for lang in LANGUAGES)
        if named.values:
            assert placeholders(key) <= named.values | {"count"}, named.where
            assert named.values <= placeholders(key) | {"count"}, named.where


def test_every_finding_of_the_catalogue_is_found_somewhere() -> None:
    used = {key for named in SAYINGS for key in meant(named.key)}
    assert {f"check.{key}" for key in area("en", "check")} <= used


def test_a_saying_is_said_in_the_language_asked_for_and_so_are_the_sayings_in_it() -> None:
    both = saying("check.kind_unfit", kind=saying("check.kind.files"), wanted=saying("check.kind.number"))
    assert both.said("en") == "this is files, and a number is wanted here"
    assert both.said("zh_CN") == "这里给出的是文件，需要的是数字"
    assert str(both) == both.said("en")


def test_several_values_stand_one_after_the_other_as_the_language_writes_them() -> None:
    listed = saying("check.mend.there_are", names=("one", "two"))
    assert [listed.said(lang) for lang in LANGUAGES] == ["there are: one, two", "可用的有：one、two"]


def test_a_problem_of_sayings_is_one_line_in_either_language_and_survives_the_way_from_a_process() -> None:
    problem = SpokenProblem("a.yaml:1:1", saying("check.empty_file"), saying("check.mend.start_from"))
    assert str(problem) == "a.yaml:1:1: the file is empty; start from another lesson"
    assert pickle.loads(pickle.dumps(problem)).said("zh_CN") == "a.yaml:1:1: 文件是空的；请从另一课改起"
    assert SpokenProblem("", saying("check.empty_file")).said("zh_CN") == "文件是空的"
