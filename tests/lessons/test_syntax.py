"""Expressions: what is read, what is refused, and at which letter."""

import pytest

from layerviz.lessons.expressions import FUNCTIONS, checked
from layerviz.lessons.syntax import Call, Constant, ExpressionError, Name, Operation, PathName, parse


def test_addresses_are_names_with_all_their_parts() -> None:
    for text in ("three", "three[3]", "three[3]:/file5", "c1[rw]", "host:/a", "grow:3[1]", "ubuntu:16.04", "my-app_1"):
        assert parse(f"exists({text})") == Call("exists", (Name(text, 7),), 0)


def test_a_comparison_binds_weaker_than_what_it_compares_and_stronger_than_and() -> None:
    node = parse("count(stack(a)) + 1 == 2 and not exists(b) or exists(c)")
    assert isinstance(node, Operation)
    assert node.operator == "or"
    left = node.operands[0]
    assert isinstance(left, Operation)
    assert [left.operator, *(o.operator for o in left.operands if isinstance(o, Operation))] == ["and", "==", "not"]


def test_numbers_take_units_as_docker_counts_them() -> None:
    for text, value in (("50MB", 50_000_000), ("4kB", 4000), ("1.5GB", 1_500_000_000), ("64KiB", 65_536), ("7", 7)):
        assert parse(text) == Constant(value, 0)


def test_texts_know_line_ends_and_quotes() -> None:
    assert parse(r'"File 8\n"') == Constant("File 8\n", 0)
    assert parse(r'"a \"b\" \\ c"') == Constant('a "b" \\ c', 0)


def test_a_dash_in_a_name_is_no_minus() -> None:
    assert parse("size(my-app) - size(big)") == Operation(
        "-", (Call("size", (Name("my-app", 5),), 0), Call("size", (Name("big", 20),), 15)), 13
    )


def test_a_path_is_an_argument_of_its_own() -> None:
    assert parse("who(c1, /files/file.1)") == Call("who", (Name("c1", 4), PathName("/files/file.1", 8)), 0)


REFUSED = [
    ("count(view(three)", "“)” is missing before the end", 17),
    ("count(view(three))) == 6", "“)” is not expected here", 18),
    ("1 < 2 < 3", "one comparison cannot follow another", 6),
    ('reads(a:/b) == "x', "a text is not closed", 15),
    ("== 3", "a value is missing before “==”", 0),
    ("", "a value is missing before the end", 0),
    ("size(a)-size(b)", "“-” is not expected here", 7),
    ("cuont(view(a)) == 1", "cuont is no function", 0),
    ("count(three) == 3", "count cannot take this", 6),
    ("count(stack(three:/a)) == 1", "stack cannot take this", 12),
    ("count(holds(three[2], /a)) == 1", "holds cannot take this", 12),
    ("who(three) == three[3]", "who takes 2 values", 0),
    ("view(three) == 6", "files can never equal a number", 12),
    ("three == 3", "three alone has no value", 0),
    ("/file5 == 3", "/file5 alone has no value", 0),
    ("count(view(a)) and exists(a)", "and wants yes or no, and this is a number", 0),
    ("size(a) - names(b)", "- stands between numbers", 8),
    ("exists(a[0])", "this is no address", 7),
    ('{"a", 3} == names(b)', "gathers names, or layers, or files", 0),
    ("names(a) without stack(a) == names(b)", "names without layers makes no sense", 9),
]


@pytest.mark.parametrize(("text", "what", "at"), REFUSED)
def test_what_makes_no_sense_is_refused_at_its_letter(text: str, what: str, at: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        checked(text)
    assert what in refused.value.what
    assert refused.value.at == at


def test_a_misspelt_function_gets_the_near_one() -> None:
    with pytest.raises(ExpressionError, match="did you mean stored"):
        checked("count(storde(a)) == 1")


def test_every_function_s_example_is_right() -> None:
    for name, function in FUNCTIONS.items():
        for example in function.example.split("), "):
            text = example if example.endswith((")", '"')) else f"{example})"
            _, kind = checked(text)
            assert kind == function.gives or "==" in text or "!=" in text, name
