"""Dockerfile text to instructions, by BuildKit's rules (moby v28.5.2, frontend/dockerfile/parser)."""

import pytest

from layerviz.shell.dockerfile import DockerfileError, parse
from layerviz.shell.variables import ExpansionError, expand


def test_keywords_are_read_in_any_case_and_printed_as_typed() -> None:
    first, second = parse("from scratch\nCopy a/ /\n")
    assert (first.keyword, first.code, first.arguments) == ("FROM", "from scratch", ("scratch",))
    assert (second.keyword, second.code, second.arguments) == ("COPY", "Copy a/ /", ("a/", "/"))


def test_continuation_lines_are_joined_and_comments_between_them_are_left_out() -> None:
    (_, run, env) = parse("FROM a\nRUN one && \\\n# no\n    two\n\nENV A=b\n")
    assert (run.code, run.line, run.last_line) == ("RUN one &&     two", 2, 4)
    assert run.arguments == ("one &&     two",)
    assert env.line == 6


def test_exec_form_is_a_json_array_and_everything_else_is_for_the_shell() -> None:
    _, array, text, broken = parse('FROM a\nCMD ["a", "b c"]\nCMD a "b c"\nCMD ["a", b]\n')
    assert (array.arguments, array.is_json) == (("a", "b c"), True)
    assert (text.arguments, text.is_json) == (('a "b c"',), False)
    assert (broken.arguments, broken.is_json) == (('["a", b]',), False)


def test_copy_takes_words_or_a_json_array_and_flags_before_them() -> None:
    _, words, array = parse('FROM a\nCOPY --chown=1:2 --from=b x y /d/\nCOPY ["a b", "/"]\n')
    assert (words.flags, words.arguments) == ((("chown", "1:2"), ("from", "b")), ("x", "y", "/d/"))
    assert array.arguments == ("a b", "/")


@pytest.mark.parametrize(
    ("line", "pairs"),
    [
        ("ENV A=b", (("A", "b"),)),
        ("ENV A=b C='d e' F=g\\ h", (("A", "b"), ("C", "'d e'"), ("F", "g\\ h"))),
        ("ENV A b  c", (("A", "b  c"),)),
        ("LABEL a=1 b=2", (("a", "1"), ("b", "2"))),
    ],
)
def test_pairs_are_read_in_the_new_form_and_in_the_old_one(line: str, pairs: tuple[tuple[str, str], ...]) -> None:
    assert parse(f"FROM a\n{line}\n")[1].pairs == pairs


@pytest.mark.parametrize(
    ("text", "message", "line"),
    [
        ("FROM a\nFORM b", "dockerfile parse error on line 2: unknown instruction: FORM (did you mean FROM?)", 2),
        ("FROM a\nxyzzy", "dockerfile parse error on line 2: unknown instruction: xyzzy", 2),
        ("FROM", "dockerfile parse error on line 1: FROM requires either one or three arguments", 1),
        (
            "FROM a\n\nCOPY b",
            "dockerfile parse error on line 3: COPY requires at least two arguments, "
            "but only one was provided. Destination could not be determined",
            3,
        ),
        ("FROM a\nENV x", "failed to parse Dockerfile: ENV must have two arguments", 2),
        (
            "FROM a\nENV x=1 y",
            'failed to parse Dockerfile: Syntax error - can\'t find = in "y". Must be of the form: name=value',
            2,
        ),
        ("FROM a\nWORKDIR", "dockerfile parse error on line 2: WORKDIR requires exactly one argument", 2),
        ("FROM a\nEXPOSE", "dockerfile parse error on line 2: EXPOSE requires at least one argument", 2),
        ("", "the Dockerfile (Dockerfile) cannot be empty", 1),
        ("# nothing\n", "failed to parse Dockerfile: file with no instructions", 1),
        ("RUN a\nFROM b", "no build stage in current context", 1),
        (
            'FROM a\nCMD ["a", 1]',
            "failed to parse Dockerfile: when using JSON array syntax, arrays must be comprised of strings only",
            2,
        ),
    ],
)
def test_a_fault_is_worded_as_the_builder_does(text: str, message: str, line: int) -> None:
    with pytest.raises(DockerfileError) as raised:
        parse(text)
    assert (str(raised.value), raised.value.line) == (message, line)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("$A/b", "1/b"),
        ("${A}b", "1b"),
        ("${NO:-x}${NO-y}${A:-x}${A:+z}${NO:+z}", "xy1z"),
        ("${EMPTY-x}${EMPTY:-x}", "x"),
        ("'$A'", "$A"),
        ('"$A b"', "1 b"),
        ("\\$A", "$A"),
        ("a\\ b", "a b"),
        ("$", "$"),
        ("$NO", ""),
    ],
)
def test_variables_are_replaced_and_quotes_taken_off(text: str, expected: str) -> None:
    assert expand(text, {"A": "1", "EMPTY": ""}) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("${A:-", "failed to process \"${A:-\": syntax error: missing '}'"),
        ("${A", 'failed to process "${A": unsupported modifier (\ufffd) in substitution'),
        ("${}", 'failed to process "${}": syntax error: bad substitution'),
        ("${NO:?must be}", 'failed to process "${NO:?must be}": NO: must be'),
        ("'a", 'failed to process "\'a": unexpected end of statement while looking for matching single-quote'),
    ],
)
def test_a_wrong_substitution_is_worded_as_the_builder_does(text: str, message: str) -> None:
    with pytest.raises(ExpansionError) as raised:
        expand(text, {"A": "1"})
    assert str(raised.value) == message
