"""Whatever somebody types is an outcome: a result, a message, never an exception."""

from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerviz.engine.world import World
from layerviz.shell import complete, needs_more, run_script, spans
from layerviz.shell.dockerfile import DockerfileError
from layerviz.shell.dockerfile import parse as parse_dockerfile
from layerviz.shell.grammar import parse
from layerviz.shell.syntax import ShellSyntaxError
from layerviz.shell.variables import ExpansionError, expand
from tests.shell.playing import SIX, world_of

WORLD: World = world_of(SIX + "docker run -dit --name c1 six\ndocker pull redis\ndocker run -d --name cache redis")
SYNTAX = st.sampled_from(
    [*"'\"`$(){}<>|&;#\\*?[]~=! \n\t", "&&", "||", "<<E\n", "E\n", "$(", "${", "if", "then", "fi", "for", "do"]
)
SHELL_TEXT = st.lists(
    st.one_of(SYNTAX, st.text(max_size=3), st.sampled_from(["a", "echo", "x=1", "/"])), max_size=14
).map("".join)
VOCABULARY = (
    "docker run exec rm rmi images ps -a -q -it -d --name c1 cache nope six redis scratch alpine:3.13 : a:b build -t . "
    "history inspect diff commit tag stop start cp c1:/files c1: / .. ./a a/file1 Dockerfile sh -c -- --nope -x "
    "cat ls rm -rf mkdir -p touch mv ln -s chmod 600 truncate -s 1M echo > >> < && || ; | * $( ) ' \" dd if=a of=b"
)
WORDS = st.sampled_from(VOCABULARY.split())
COMMANDS = st.lists(WORDS, min_size=1, max_size=8).map(" ".join)


@settings(max_examples=300, deadline=None)
@given(SHELL_TEXT)
def test_a_text_parses_or_is_refused_and_its_pieces_never_overlap(text: str) -> None:
    try:
        parse(text)
    except ShellSyntaxError as error:
        assert error.line >= 1
    needs_more(text)
    pieces = spans(text)
    assert all(start < end <= len(text) for start, end, _ in pieces)
    assert all(one[1] <= other[0] for one, other in pairwise(pieces))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(COMMANDS, st.integers(0, 60))
def test_commands_have_results_whose_moments_are_one_chain(text: str, cursor: int) -> None:
    results = run_script(WORLD, text, keep_going=True)
    assert all(0 <= result.status <= 255 for result in results)
    for one, other in pairwise(moment for result in results for moment in result.moments):
        assert one.after.containers == other.before.containers and one.after.images == other.before.images
    complete(WORLD, text, min(cursor, len(text)))


DOCKERFILE_PIECES = st.sampled_from(
    ["FROM a", "RUN x", "COPY a /", "ENV A=b", "ENV", "\\", "# c", "[", '["a"]', "'", "$A", " ", "\n", "\r\n"]
)


@settings(max_examples=200, deadline=None)
@given(st.lists(DOCKERFILE_PIECES, max_size=12).map("".join))
def test_a_dockerfile_parses_or_is_refused_with_its_line(text: str) -> None:
    try:
        instructions = parse_dockerfile(text)
    except DockerfileError as error:
        assert error.line >= 1 and str(error)
        return
    assert [one.line for one in instructions] == sorted(one.line for one in instructions)


@given(
    st.lists(st.sampled_from(["$", "{", "}", "A", ":-", ":", "'", '"', "\\", "x", "?", " "]), max_size=10).map("".join)
)
def test_a_substitution_is_made_or_refused(text: str) -> None:
    try:
        assert isinstance(expand(text, {"A": "1"}), str)
    except ExpansionError as error:
        assert str(error).startswith("failed to process ")


@pytest.mark.parametrize(
    "text",
    [
        "(" * 3000 + "echo x" + ")" * 3000,
        "if true; then " * 1000 + "echo x;" + " fi;" * 1000,
        "echo " + "$(echo " * 500 + "x" + ")" * 500,
        "echo " + "${x:-" * 500 + "y" + "}" * 500,
        "echo $((" + "(" * 2000 + "1" + ")" * 2000 + "))",
        "echo " + "{a," * 1000 + "b" + "}" * 1000,
        "echo 'sh x' > x; sh x",
        "echo '. ./x' > x; . ./x",
        "mkdir " + "a" * 300,
        "mkdir " + "a/" * 3000,
    ],
    ids=range(10),
)
def test_what_is_too_deep_or_too_long_is_an_outcome(text: str) -> None:
    needs_more(text)
    spans(text)
    complete(WORLD, text, len(text))
    *_, result = run_script(WORLD, f"echo before\n{text}\necho after", keep_going=True)
    deep = run_script(WORLD, text, keep_going=True)[-1]
    assert deep.status and ("nested too deep" in deep.stderr or "File name too long" in deep.stderr)
    assert result.stdout in ("after\n", "")
