"""Shell text to trees. The trees of shfmt, another parser of the same grammar, are the measure."""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerviz.shell.grammar import Parser, parse
from layerviz.shell.prompt import needs_more, spans
from layerviz.shell.syntax import (
    AndOr,
    For,
    Group,
    If,
    Literal,
    Pipeline,
    Script,
    ShellSyntaxError,
    Simple,
    While,
    Word,
)

SHFMT = shutil.which("shfmt") or shutil.which("shfmt", path=str(Path(sys.executable).parent))


def lines_read(text: str) -> Iterator[AndOr]:
    """The commands as a shell reads them: those before a fault come first."""
    parser = Parser(text)
    while items := parser.read_line():
        yield from items


def words(script: Script) -> list[str]:
    """The words of the first simple command, quotes gone."""
    command = script.items[0].first.commands[0]
    assert isinstance(command, Simple)
    return ["".join(part.text for part in word.parts if isinstance(part, Literal)) for word in command.words]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("echo 'a b' \"c d\" e\\ f", ["echo", "a b", "c d", "e f"]),
        ("echo a'b'\"c\"d", ["echo", "abcd"]),
        ('echo ""', ["echo", ""]),
        ("echo a \\\n  b", ["echo", "a", "b"]),
        ("echo a # not this", ["echo", "a"]),
        ("echo a#this", ["echo", "a#this"]),
        ("echo '\\n'", ["echo", "\\n"]),
        ('echo "a\\"b\\x"', ["echo", 'a"b\\x']),
    ],
)
def test_words_are_separated_by_blanks_outside_quotes(text: str, expected: list[str]) -> None:
    assert words(parse(text)) == expected


def test_here_document_is_read_behind_its_line_and_the_rest_of_the_line_still_runs() -> None:
    script = parse("cat > f <<A && cat <<'B'\none $x\nA\ntwo $x\nB\necho end")
    first = script.items[0].first.commands[0]
    second = script.items[0].rest[0][1].commands[0]
    assert isinstance(first, Simple) and isinstance(second, Simple)
    assert [type(part).__name__ for part in first.redirects[1].target.parts] == ["Literal", "Parameter", "Literal"]
    (literal,) = second.redirects[0].target.parts
    assert isinstance(literal, Literal) and literal.text == "two $x\n"
    assert words(Script(script.items[1:], script.span)) == ["echo", "end"]


def test_tabs_are_taken_off_a_here_document_announced_with_a_dash() -> None:
    command = parse("cat <<-E\n\t\tdeep\n\tE\n").items[0].first.commands[0]
    assert isinstance(command, Simple)
    (literal,) = command.redirects[0].target.parts
    assert isinstance(literal, Literal) and literal.text == "deep\n"


def test_every_command_knows_the_line_it_stands_on() -> None:
    lines = [
        command.line
        for item in parse("a\n\nb; c\n# no\ncat <<E\nx\ny\nE\nd").items
        for command in item.first.commands
        if isinstance(command, Simple)
    ]
    assert lines == [1, 3, 3, 5, 9]


@pytest.mark.parametrize(
    "text",
    [
        "echo 'a",
        'echo "a',
        "echo `a",
        "echo $(a",
        "echo ${a",
        "a &&",
        "a ||",
        "a |",
        "cat <<E\nx",
        "a \\",
        "(a",
        "{ a",
        "if a; then",
        "for i in a; do b",
    ],
)
def test_a_prompt_asks_for_more_where_more_text_could_mend_it(text: str) -> None:
    assert needs_more(text)


@pytest.mark.parametrize(
    "text",
    ["echo a", "echo )", "&& b", "# c \\", "cat <<E\nx\nE", "cat <<E\nx\nE\n", "", "a; ;", "fi", "> ", "echo a\\\\"],
)
def test_a_prompt_asks_for_no_more_where_the_text_is_whole_or_wrong(text: str) -> None:
    assert not needs_more(text)


@pytest.mark.parametrize(
    ("text", "fault", "token", "line"),
    [
        ("echo )", "unexpected", ")", 1),
        ("a\nb ;; c", "unexpected", ";;", 2),
        ("> ", "unexpected", "newline", 1),
        ("fi", "unexpected", "fi", 1),
        ("echo ${a!}", "substitution", "${a!", 1),
        ("for 1 in a; do b; done", "for", "1", 1),
        ("a & b", "unsupported", "&", 1),
    ],
)
def test_a_fault_names_the_token_and_the_line(text: str, fault: str, token: str, line: int) -> None:
    with pytest.raises(ShellSyntaxError) as raised:
        parse(text)
    assert (raised.value.fault, raised.value.token, raised.value.line) == (fault, token, line)


def test_commands_before_a_fault_are_given_one_by_one() -> None:
    found = lines_read("echo one\necho two\necho )")
    assert words(Script((next(found),), parse("").span)) == ["echo", "one"]
    assert words(Script((next(found),), parse("").span)) == ["echo", "two"]
    with pytest.raises(ShellSyntaxError):
        next(found)


def test_spans_name_what_a_piece_of_text_is() -> None:
    text = 'A=1 docker run -d "$x" > f # end'
    found = {text[start:end]: kind for start, end, kind in spans(text)}
    assert found == {
        "A=1": "assignment",
        "docker": "command",
        "run": "command",
        "-d": "option",
        '"$x"': "quoted",
        ">": "operator",
        "f": "argument",
        "# end": "comment",
    }


def test_spans_of_unfinished_text_still_name_the_beginning() -> None:
    assert spans("cat 'a b") == ((0, 3, "command"), (4, 8, "quoted"))
    assert spans("echo ) x")[-1] == (5, 8, "error")


NAMES = st.sampled_from(["a", "b", "cd", "x1", "file.txt", "./d/e", "-l", "--all", "=", "1"])
PLAIN = st.sampled_from(["a", "b c", "$", "*", "#", "x\\", "é", "&&", "", "\t"])


@st.composite
def word_texts(draw: st.DrawFn) -> str:
    pieces = draw(
        st.lists(
            st.one_of(
                NAMES,
                PLAIN.map(lambda text: f"'{text}'"),
                NAMES.map(lambda text: f'"{text} $v"'),
                st.sampled_from(
                    ["$x", "${y}", "${z:-d}", "$(ls)", "`pwd`", "\\ ", "*", "?", "$((1 + 2))", "${#x}", "${x%.*}"]
                ),
            ),
            min_size=1,
            max_size=3,
        )
    )
    return "".join(pieces)


@st.composite
def simple_texts(draw: st.DrawFn) -> str:
    parts = [draw(NAMES.filter(lambda name: name[0].isalpha())), *draw(st.lists(word_texts(), max_size=3))]
    if draw(st.booleans()):
        parts.append(draw(st.sampled_from(["> f", ">> f", "< f", "2> e", "2>&1", ">f 2>&1"])))
    if draw(st.booleans()):
        parts.insert(0, draw(st.sampled_from(["A=1", "B='x y'"])))
    return " ".join(parts)


@st.composite
def script_texts(draw: st.DrawFn, depth: int = 1) -> str:
    text = draw(simple_texts())
    for _ in range(draw(st.integers(0, 3))):
        text += draw(st.sampled_from([" && ", " || ", " | ", "; ", "\n", " &&\n", " # c\n"])) + draw(simple_texts())
    if depth:
        inner = draw(script_texts(depth=depth - 1))
        shape = draw(
            st.sampled_from(
                ["{}", "({})", "{{ {}; }}", "if {}\nthen x; fi", "for i in 1 2; do {}\ndone", "while {}\ndo y; done"]
            )
        )
        text += "\n" + shape.format(inner)
    return text


@pytest.mark.skipif(SHFMT is None, reason="shfmt is not installed: nothing to compare the trees with")
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(script_texts())
def test_trees_have_the_shape_that_shfmt_finds(text: str) -> None:
    found = subprocess.run(
        [str(SHFMT), "--to-json", "-ln", "posix"], input=text, capture_output=True, text=True, check=False
    )
    if found.returncode:
        with pytest.raises(ShellSyntaxError):
            parse(text)
        return
    assert shape_of_script(parse(text)) == [
        shape_of_statement(one) for one in json.loads(found.stdout).get("Stmts", [])
    ]


def shape_of_script(script: Script) -> list[Any]:
    return [shape_of_list(item) for item in script.items]


def shape_of_list(item: AndOr) -> Any:
    shape = shape_of_pipeline(item.first)
    for operator, pipeline in item.rest:
        shape = [operator, shape, shape_of_pipeline(pipeline)]
    return shape


def shape_of_pipeline(pipeline: Pipeline) -> Any:
    shapes = [shape_of_command(command) for command in pipeline.commands]
    return shapes[0] if len(shapes) == 1 else ["|", *shapes]


def shape_of_command(command: Any) -> Any:
    redirects = [one.operator for one in command.redirects]
    if isinstance(command, Simple):
        return ["call", len(command.assignments), [shape_of_word(word) for word in command.words], redirects]
    if isinstance(command, Group):
        return ["subshell" if command.subshell else "block", shape_of_script(command.body), redirects]
    if isinstance(command, If):
        condition, body = command.branches[0]
        return ["if", shape_of_script(condition), shape_of_script(body), redirects]
    if isinstance(command, For):
        return ["for", len(command.words or ()), shape_of_script(command.body), redirects]
    assert isinstance(command, While)
    return ["while", shape_of_script(command.condition), shape_of_script(command.body), redirects]


def shape_of_word(word: Word) -> list[Any]:
    """Literal texts joined, and a mark for each expansion."""
    found: list[Any] = []
    for part in word.parts:
        if isinstance(part, Literal):
            if found and isinstance(found[-1], str):
                found[-1] += part.text
            else:
                found.append(part.text)
        else:
            found.append([type(part).__name__, getattr(part, "name", "")])
    return [one for one in found if one != ""]


def shape_of_statement(statement: dict[str, Any]) -> Any:
    command = statement.get("Cmd", {"Type": "CallExpr"})
    redirects = [one["Op"] for one in statement.get("Redirs", [])]
    kind = command["Type"]
    if kind == "CallExpr":
        arguments = [shape_of_shfmt_word(word) for word in command.get("Args", [])]
        return ["call", len(command.get("Assigns", [])), arguments, redirects]
    if kind == "BinaryCmd":
        left, right = shape_of_statement(command["X"]), shape_of_statement(command["Y"])
        if command["Op"] == "|" and left[0] == "|":
            return [*left, right]
        return [command["Op"], left, right]
    if kind in ("Subshell", "Block"):
        return [kind.lower(), [shape_of_statement(one) for one in command["Stmts"]], redirects]
    if kind == "IfClause":
        condition = [shape_of_statement(one) for one in command["Cond"]]
        return ["if", condition, [shape_of_statement(one) for one in command["Then"]], redirects]
    body = [shape_of_statement(one) for one in command["Do"]]
    if kind == "ForClause":
        return ["for", len(command["Loop"].get("Items", [])), body, redirects]
    assert kind == "WhileClause", kind
    return ["while", [shape_of_statement(one) for one in command["Cond"]], body, redirects]


def shape_of_shfmt_word(word: dict[str, Any]) -> list[Any]:
    found: list[Any] = []

    def gather(parts: list[dict[str, Any]], *, quoted: bool) -> None:
        for part in parts:
            kind = part["Type"]
            if kind in ("Lit", "SglQuoted"):
                text = part.get("Value", "")
                if kind == "Lit":
                    text = unescaped(text, quoted=quoted)
                if found and isinstance(found[-1], str):
                    found[-1] += text
                else:
                    found.append(text)
            elif kind == "DblQuoted":
                gather(part.get("Parts", []), quoted=True)
            elif kind == "ParamExp":
                found.append(["Parameter", part["Param"]["Value"]])
            elif kind == "CmdSubst":
                found.append(["Substitution", ""])
            else:
                assert kind == "ArithmExp", kind
                found.append(["Arithmetic", ""])

    gather(word["Parts"], quoted=False)
    return [one for one in found if one != ""]


def unescaped(text: str, *, quoted: bool) -> str:
    found, position = "", 0
    while position < len(text):
        if text[position] == "\\" and position + 1 < len(text) and (not quoted or text[position + 1] in '$`"\\'):
            position += 1
        found += text[position]
        position += 1
    return found
