"""`check` finds what is wrong with a lesson before a class does: each fault one sentence, at its line and column."""

import re
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from layerviz.lessons.checking import check
from layerviz.lessons.loading import lesson_files
from tests.lessons.writing import LESSON, lesson_file, line_of


@pytest.mark.parametrize("file", lesson_files(), ids=lambda file: file.stem)
def test_the_lessons_shipped_are_sound(file: Path) -> None:
    assert check(file) == ()


def test_the_lesson_of_these_tests_is_sound(tmp_path: Path) -> None:
    assert check(lesson_file(tmp_path)) == ()


FAULTS = [
    # (what a teacher did, the change, the field, what is said, the line that is named)
    ("id", ("id: tiny", "id: small"), "id", "the file is called 07-tiny.yaml", "id: small"),
    ("minutes", ("minutes: 3", "minutes: 5"), "minutes", "the steps take 3 minutes, the lesson says 5", "minutes: 5"),
    ("address", ("      - one\n", '      - "one[0]"\n'), "steps.0.show.0", "this is no address", "one[0]"),
    ("function", ("answer: count(view", "answer: count(veiw"), "steps.0.ask.0.answer", "veiw is no function", "veiw"),
    (
        "kind",
        ("answer: count(view(one))", "answer: view(one)"),
        "steps.0.ask.0.answer",
        "this is files",
        "answer: view",
    ),
    (
        "placeholder",
        ('"{count(view(one)):Words} file."', '"{count(vew(one)):Words} file."'),
        "steps.0.caption.en",
        "vew is no function",
        "vew",
    ),
    (
        "form",
        ('"{count(view(one)):Words} file."', '"{count(view(one)):letters} file."'),
        "steps.0.caption.en",
        "there is no form letters",
        "letters",
    ),
    (
        "bare number",
        ('"{count(view(one)):Words} file."', '"Two files."'),
        "steps.0.caption.en",
        "“Two files” is a number about the world",
        "Two files",
    ),
    (
        "quotation",
        ('"{count(view(one)):Words} file."', '"{quote:nobody.said} file."'),
        "steps.0.caption.en",
        "there is no quotation nobody.said",
        "nobody",
    ),
    (
        "command",
        ("docker build -t one .", "docker build -t one nowhere"),
        "steps.0.run",
        "docker build -t one nowhere ends with status 1: unable to prepare context",
        "docker build -t one nowhere",
    ),
    ("setup", ("  mkdir a\n", "  mkdir a a\n"), "setup", "mkdir a a ends with status 1", "mkdir a a"),
    (
        "unknown image in an answer",
        ("answer: count(view(one))", "answer: count(view(two))"),
        "steps.0.ask.0.answer",
        "there is no two in this world",
        "answer",
    ),
    (
        "feedback for the right answer",
        ("- is: 2", "- is: 1"),
        "steps.0.ask.0.feedback.0",
        "1 is the answer and needs no feedback",
        "- is: 1",
    ),
    (
        "long caption",
        ('"{count(view(one)):Words} file."', f'"{"so long " * 12}."'),
        "steps.0.caption.en",
        "97 letters, and a caption has at most 90",
        "so long",
    ),
    (
        "long caption in Chinese",
        ('"{count(view(one)):words}个文件。"', "文件" * 21),
        "steps.0.caption.zh_CN",
        "42 letters, and a caption has at most 40",
        "文件文件",
    ),
    (
        "long title",
        ("    caption:\n", f"    title:\n      en: {'long ' * 8}\n      zh_CN: 短\n    caption:\n"),
        "steps.0.title.en",
        "39 letters, and a title has at most 34",
        "long long",
    ),
    (
        "nothing there",
        ("      - one\n", "      - none\n"),
        "steps.0.show.0",
        "there is no none after this step's commands",
        "- none",
    ),
    (
        "goal already reached",
        ("right_if: exists(mine)", "right_if: exists(one)"),
        "challenge.start",
        "the goal is reached before anything was done",
        "challenge",
    ),
    (
        "example that misses",
        ("right_if: exists(mine)", "right_if: count(view(mine)) == 7"),
        "challenge.show_me",
        "this does not fulfil line 1 of the checks (1 is there now)",
        "show_me",
    ),
    (
        "example beyond par",
        ("  show_me: |\n", "  show_me: |\n    ls a\n"),
        "challenge.par",
        "show_me takes 2 commands, par is 1",
        "par",
    ),
    (
        "example that fails",
        ("docker build -t mine .", "docker build -t mine nowhere"),
        "challenge.show_me",
        "docker build -t mine nowhere ends with status 1",
        "docker build -t mine nowhere",
    ),
    (
        "needs no lesson",
        ("minutes: 3\n", "minutes: 3\nneeds:\n  - an-image-grow\n"),
        "needs.0",
        "there is no lesson an-image-grow",
        "- an-image-grow",
    ),
    (
        "leads to no lesson",
        ("challenge:\n", "doors:\n  - to: biuld\n    text:\n      en: On\n      zh_CN: 去\nchallenge:\n"),
        "doors.0.to",
        "there is no lesson biuld",
        "to: biuld",
    ),
]


@pytest.mark.parametrize(
    ("change", "hint"),
    [
        (("docker build -t one .", "dokcer build -t one ."), "did you mean docker?"),
        (("docker build -t one .", "docker biuld -t one ."), "did you mean docker build?"),
        (("      - one\n", "      - oen\n"), "did you mean one?"),
        (("answer: count(view(one))", "answer: count(view(oen))"), "did you mean one?"),
        (("answer: count(view(one))", "answer: cuont(view(one))"), "did you mean count?"),
        (("right_if: exists(mine)", "right_if: count(view(mine)) = 1"), "equality is written =="),
        (("    show:\n      - one\n", "    show:\n      - one\n    directory: /flies\n"), "look at show:"),
    ],
    ids=lambda value: value[1].strip() if isinstance(value, tuple) else "",
)
def test_a_typo_is_answered_with_what_was_meant(tmp_path: Path, change: tuple[str, str], hint: str) -> None:
    (finding,) = check(lesson_file(tmp_path, change))
    assert str(finding.hint) == hint


def test_what_fails_after_an_earlier_failure_says_so(tmp_path: Path) -> None:
    first = ("  mkdir a\n", "  mkdir a a\n")
    one, other = check(lesson_file(tmp_path, first, ("docker build -t one .", "docker build -t one nowhere")))
    assert (one.field, one.hint) == ("setup", None)
    assert (other.field, str(other.hint)) == ("steps.0.run", "mend setup first")


def test_one_fault_in_one_place_is_told_once(tmp_path: Path) -> None:
    twice = '"{count(view(oen)):Words} file, {count(view(oen)):words}."'
    (finding,) = check(lesson_file(tmp_path, ('"{count(view(one)):Words} file."', twice)))
    assert str(finding.what) == "there is no oen in this world"


@pytest.mark.parametrize(("change", "field", "what", "line"), [f[1:] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_fault_is_one_sentence_at_its_place(
    tmp_path: Path, change: tuple[str, str], field: str, what: str, line: str
) -> None:
    file = lesson_file(tmp_path, change)
    (finding,) = check(file)
    assert finding.field == field
    assert what in str(finding.what)
    assert finding.line == line_of(file, line)
    assert finding.column >= 1


def test_a_command_that_fails_is_named_with_the_line_and_column_where_it_stands(tmp_path: Path) -> None:
    (finding,) = check(lesson_file(tmp_path, ("docker build -t one .", "docker biuld -t one .")))
    assert (finding.line, finding.column) == (line_of(finding.file, "docker biuld"), 7)
    (finding,) = check(lesson_file(tmp_path, ("  show_me: |\n    docker build -t", "  show_me: docker biuld -t")))
    assert finding.line == line_of(finding.file, "show_me")


def test_a_lesson_may_name_one_that_lies_beside_it(tmp_path: Path) -> None:
    file = lesson_file(tmp_path, ("minutes: 3\n", "minutes: 3\nneeds:\n  - another\n"))
    (tmp_path / "06-another.yaml").write_text("id: another\n", encoding="utf-8")
    assert check(file) == ()


def test_the_column_is_that_of_the_letter_where_it_breaks(tmp_path: Path) -> None:
    file = lesson_file(tmp_path, ("answer: count(view(one))", "answer: count(veiw(one))"))
    (finding,) = check(file)
    line = file.read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert line[finding.column - 1 :].startswith("veiw")
    file = lesson_file(tmp_path, ('"{count(view(one)):Words} file."', '"See: {count(vew(one)):Words} file."'))
    (finding,) = check(file)
    line = file.read_text(encoding="utf-8").splitlines()[finding.line - 1]
    assert line[finding.column - 1 :].startswith("vew")


CHOICE = """\
      - kind: choose
        text:
          en: How many?
          zh_CN: 几个？
        options:
          - text:
              en: one
              zh_CN: 一个
            right_if: count(view(one)) == 1
          - text:
              en: two
              zh_CN: 两个
            right_if: count(view(one)) == 2
            feedback:
              en: You counted the folder.
              zh_CN: 你把目录也算上了。
"""


def with_choice(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    choice = CHOICE
    for old, new in changes:
        assert old in choice
        choice = choice.replace(old, new, 1)
    return lesson_file(tmp_path, ("    ask:\n", f"    ask:\n{choice}"))


def test_exactly_one_option_is_right(tmp_path: Path) -> None:
    assert check(with_choice(tmp_path)) == ()
    (both,) = check(with_choice(tmp_path, ("(view(one)) == 2", "(view(one)) < 2")))
    assert (both.field, str(both.what)) == ("steps.0.ask.0.options", "options 1, 2 are all right")
    feedback = "\n            feedback:\n              en: No.\n              zh_CN: 不。"
    (none,) = check(with_choice(tmp_path, ("(view(one)) == 1", f"(view(one)) == 3{feedback}")))
    assert (none.field, str(none.what)) == ("steps.0.ask.0.options", "no option is right")


def test_a_wrong_option_needs_feedback_that_names_the_belief(tmp_path: Path) -> None:
    text = CHOICE[CHOICE.index("            feedback") :]
    (finding,) = check(with_choice(tmp_path, (text, "")))
    assert str(finding.what) == "this answer is not right and has no feedback"


def test_steps_that_look_alike_are_found(tmp_path: Path) -> None:
    second = """\
  - id: second
    run: |
      true
    caption:
      en: Nothing happened.
      zh_CN: 什么也没发生。
challenge:
"""
    file = lesson_file(tmp_path, ("minutes: 3", "minutes: 4"), ("challenge:\n", second))
    (finding,) = check(file)
    assert (finding.field, str(finding.what)) == ("steps.1", "its picture is the one of the step before")


def test_a_step_may_show_an_error_if_it_says_so(tmp_path: Path) -> None:
    failing = ("docker build -t one .\n", "docker build -t one .\n      cat nowhere\n")
    assert len(check(lesson_file(tmp_path, failing))) == 1
    assert check(lesson_file(tmp_path, failing, ("    run: |", "    expect_errors: true\n    run: |"))) == ()
    (finding,) = check(lesson_file(tmp_path, ("    run: |", "    expect_errors: true\n    run: |")))
    assert finding.field == "steps.0.expect_errors"


def test_all_findings_come_at_once_in_the_order_of_their_lines(tmp_path: Path) -> None:
    file = lesson_file(
        tmp_path,
        ("minutes: 3", "minutes: 5"),
        ("answer: count(view(one))", "answer: veiw(one)"),
        ('"{count(view(one)):Words} file."', '"Two files."'),
    )
    assert [finding.field for finding in check(file)] == ["minutes", "steps.0.ask.0.answer", "steps.0.caption.en"]


def test_what_is_misspelt_miscounted_and_what_fails_is_told_in_one_round(tmp_path: Path) -> None:
    file = lesson_file(
        tmp_path,
        ("minutes: 3", "minutes: 5"),
        ("kind: number", "kind: numbr"),
        ('"{count(view(one)):Words} file."', '"Two files."'),
        ("      - one\n", "      - oen\n"),
        ("par: 1", "par: one"),
        ("docker build -t mine .", "docker build -t mine nowhere"),
    )
    assert [finding.field for finding in check(file)] == [
        "minutes",
        "steps.0.show.0",
        "steps.0.ask.0.kind",
        "steps.0.caption.en",
        "challenge.par",
        "challenge.show_me",
    ]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        (("    run: |", "    rnu: |"), "steps.0.rnu"),
        (("    run: |", "    commands: |"), "steps.0.commands"),
        (("    caption:\n", "    captoin:\n"), "steps.0.captoin"),
        (("minutes: 3\nsetup", "minuets: 3\nsetup"), "minuets"),
        (("steps:\n", "stesp:\n"), "stesp"),
        (("setup: |", "setpu: |"), "setpu"),
        (("  checks:\n", "  check:\n"), "challenge.check"),
        (("        answer: count", "        anwser: count"), "steps.0.ask.0.anwser"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_what_follows_from_a_misspelt_key_is_no_news(tmp_path: Path, change: tuple[str, str], field: str) -> None:
    assert [finding.field for finding in check(lesson_file(tmp_path, change))] == [field]


def test_of_two_faults_none_hides_the_other_unless_it_follows_from_it(tmp_path: Path) -> None:
    alone = {name: check(lesson_file(tmp_path, change))[0] for name, change, *_ in FAULTS}
    for (one, first, *_), (other, second, *_) in combinations(FAULTS, 2):
        if one in _COMMANDS or other in _COMMANDS or _overlap(first[0], second[0]):
            continue
        told = {(finding.field, finding.what) for finding in check(lesson_file(tmp_path, first, second))}
        for name in (one, other):
            follows = alone[name].field.startswith("steps.0.ask") and {one, other} & _OF_THE_ANSWER
            assert follows or (alone[name].field, alone[name].what) in told, (one, other, told)


_OF_THE_ANSWER = {"function", "kind", "unknown image in an answer"}
"""While it is not known, nothing can be said about feedback."""
_COMMANDS = ("command", "setup", "goal already reached", "example that misses", "example that fails")
"""Faults of which other faults are consequences."""


def _overlap(one: str, other: str) -> bool:
    return one in other or other in one


@given(st.data())
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_is_done_to_a_lesson_the_check_has_an_answer(tmp_path: Path, data: st.DataObject) -> None:
    lines = LESSON.splitlines()
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(lines) - 1))
        match data.draw(st.sampled_from(("drop", "empty", "key", "value", "indent"))):
            case "drop":
                del lines[at]
            case "empty":
                lines[at] = lines[at].partition(":")[0] + ":"
            case "key":
                lines[at] = lines[at].replace(":", "x:", 1)
            case "value":
                lines[at] = lines[at].partition(": ")[0] + ": " + data.draw(st.sampled_from(("7", "[a, b]", "{", "no")))
            case _:
                lines[at] = "  " + lines[at]
    file = tmp_path / "07-tiny.yaml"
    file.write_text("\n".join(lines), encoding="utf-8")
    for finding in check(file):
        assert finding.said("en")
        assert 1 <= finding.line <= len(lines) + 1


@pytest.mark.parametrize("change", [f[1] for f in FAULTS], ids=[f[0] for f in FAULTS])
def test_a_finding_is_said_in_chinese_too(tmp_path: Path, change: tuple[str, str]) -> None:
    for finding in check(lesson_file(tmp_path, change)):
        assert re.search(r"[\u4e00-\u9fff]", finding.what.said("zh_CN"))
        assert finding.hint is None or finding.hint.said("zh_CN") != finding.hint.said("en")
        assert finding.said("zh_CN").startswith(f"{finding.field}: ")
