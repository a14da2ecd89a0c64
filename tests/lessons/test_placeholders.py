"""Texts are filled from the world, in the form and the language asked for."""

import pytest

from layerviz.engine.apply import empty_world
from layerviz.lessons.placeholders import fill, placeholders
from layerviz.lessons.syntax import ExpressionError
from layerviz.lessons.values import Scene
from layerviz.shell import run_script
from layerviz.strings import Lang

SCRIPT = """\
mkdir a b
echo "File 1" > a/file1; echo "File 2" > a/file2
echo "File 9" > b/file1
truncate -s 69295768 b/big
printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\n' > Dockerfile
docker build -t two .
docker tag two grow:2
"""


@pytest.fixture(scope="module")
def scene() -> Scene:
    return Scene(run_script(empty_world(), SCRIPT)[-1].world)


FORMS: list[tuple[str, Lang, str]] = [
    ("{count(view(two))} seen", "en", "3 seen"),
    ("{count(view(two)):Words} seen", "en", "Three seen"),
    ("{count(view(grow:2)):words}个", "zh_CN", "三个"),
    ("{count(stack(two)):measured}层", "zh_CN", "两层"),
    ("{count(stack(two)):measured} layers", "en", "two layers"),
    ("{size(two[2]:/big):bytes}", "en", "69.3MB"),
    ("{size(two[2]:/big):size}", "en", "69.3 MB"),
    ("{size(two[2]:/big):whole}", "en", "69 MB"),
    ("{size(two[1]):size}", "en", "14 B"),
    ("{who(two, /file1)}", "en", "two[2]"),
    ("{holds(two, /file1)}", "zh_CN", "two[1]、two[2]"),
    ("{who(two, /file1):number}", "en", "2"),
    ("{stack(two):span}", "en", "1 to 2"),
    ("{stack(two):span}", "zh_CN", "1～2"),
    ("{reads(two:/file1):line}.", "en", "File 9."),
    ("{size(view(two)) - size(two[2]:/big)}", "en", "14"),
    ('{count({"a", "b"}):words}', "en", "two"),
    ("{count(names(host:/a)):words}", "en", "two"),
    ("{quote:ubuntu.layers.2021:words}", "zh_CN", "四"),
    ("{quote:ubuntu.support.end}", "en", "April 2021"),
    ("nothing to fill", "en", "nothing to fill"),
]


@pytest.mark.parametrize(("text", "lang", "filled"), FORMS)
def test_a_placeholder_is_written_in_its_form(scene: Scene, text: str, lang: Lang, filled: str) -> None:
    assert fill(text, scene, lang) == filled


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("{count(view(three))}", "there is no three in this world"),
        ("{count(view(two)):letters}", "there is no form letters"),
        ("{reads(two:/file1):words}", "the form words is not for this"),
        ("{exists(two)}", "the form without a name is not for this"),
        ("{quote:nobody}", "there is no quotation nobody"),
        ("a { b", "“{” is not closed"),
        ("a } b", "“}” closes nothing"),
        ("{reads(two:/none)}", "there is no two:/none in this world"),
    ],
)
def test_what_cannot_be_filled_says_why(scene: Scene, text: str, what: str) -> None:
    with pytest.raises(ExpressionError) as refused:
        fill(text, scene, "en")
    assert what in refused.value.what


def test_where_placeholders_stand() -> None:
    (one, other) = placeholders('a {count(view(x)):words} b {names(x) == {"}"}} c')
    assert (one.start, one.end, one.expression, one.form) == (2, 24, "count(view(x))", "words")
    assert other.expression == 'names(x) == {"}"}'
