"""What a command printed, in the colours that tell docker's words from ours."""

from PySide6.QtGui import QTextCursor
from pytestqt.qtbot import QtBot

from layerviz.app.commands_pane import Printed
from layerviz.app.lesson_panes import typed_of
from layerviz.app.look import Look
from layerviz.engine.apply import empty_world
from layerviz.shell import run_script


def colours(printed: Printed) -> dict[str, str]:
    """Each line with the colour of its last letter."""
    found: dict[str, str] = {}
    block = printed.view.document().begin()
    while block.isValid():
        cursor = QTextCursor(block)
        cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock)
        found[block.text()] = cursor.charFormat().foreground().color().name()
        block = block.next()
    return found


def test_errors_are_rose_and_the_labs_own_hints_dim(qtbot: QtBot) -> None:
    look = Look("dark", "en")
    (result,) = run_script(empty_world(), "dokcer ps\n")
    printed = Printed(look, typed_of(result))
    qtbot.addWidget(printed)
    found = colours(printed)
    assert result.hints and result.errors
    for line in result.errors.splitlines():
        assert found[line] == look.tokens.bad_text.name()
    for line in result.hints:
        assert found[line] == look.tokens.dim.name()


def test_a_command_counts_its_hints_among_the_lines_that_it_printed() -> None:
    (result,) = run_script(empty_world(), "dokcer ps\n")
    assert typed_of(result).printed.splitlines() == result.stderr.splitlines()
