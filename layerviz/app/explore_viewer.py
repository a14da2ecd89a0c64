"""The sheet that shows the text of a file's version, or how two versions differ."""

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtGui import QColor, QTextBlockFormat, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QComboBox, QFileDialog, QFrame, QPlainTextEdit, QWidget

from layerviz.app.beside import RunBeside, raised
from layerviz.app.explore_texts import DiffLine, Text, attributes_words, diff_of, text_of
from layerviz.app.explore_words import size_words
from layerviz.app.look import Look
from layerviz.app.opening import ReadBeside
from layerviz.app.parts import Button, Surface, Words, column, row
from layerviz.app.sheet import Sheet
from layerviz.app.tokens import BODY, NOTE, font, mix
from layerviz.engine import paths
from layerviz.engine.content import Content, Reader
from layerviz.engine.merge import Found
from layerviz.images import contents
from layerviz.resources import Problem
from layerviz.writing import whole

WIDE_PX, HIGH_PX = 980, 660


class Well(Surface):
    """Lines of text, each perhaps on a ground of its own."""

    def __init__(self, look: Look) -> None:
        super().__init__(look, "well")
        self.view = QPlainTextEdit()
        self.view.setReadOnly(True)
        self.view.setFrameShape(QFrame.Shape.NoFrame)
        self.view.setFont(font(NOTE, 400, True))
        self.view.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.view.viewport().setAutoFillBackground(False)
        self.view.setProperty("rings", True)
        self.setLayout(column(self.view, margins=(12, 8, 4, 8)))

    def write(self, lines: Sequence[DiffLine]) -> None:
        t, view = self._look.tokens, self.view
        view.setUpdatesEnabled(False)
        view.clear()
        if all(line.kind == " " for line in lines):
            view.setPlainText("\n".join(_printable(line.text) for line in lines))
        else:
            cursor = view.textCursor()
            for number, line in enumerate(lines):
                ink, ground = {
                    "+": (t.good_text, mix(t.good, t.well, 0.86)),
                    "-": (t.bad_text, mix(t.bad, t.well, 0.86)),
                    "@": (t.dim, t.card),
                    " ": (t.ink, None),
                }[line.kind]
                _append(cursor, number > 0, ("" if line.kind == "@" else line.kind + " ") + line.text, ink, ground)
        view.moveCursor(QTextCursor.MoveOperation.Start)
        view.setUpdatesEnabled(True)


def _append(cursor: QTextCursor, new: bool, text: str, ink: QColor, ground: QColor | None) -> None:
    block, letters = QTextBlockFormat(), QTextCharFormat()
    letters.setForeground(ink)
    if ground is not None:
        block.setBackground(ground)
    if new:
        cursor.insertBlock(block, letters)
    else:
        cursor.setBlockFormat(block)
    cursor.insertText(_printable(text), letters)


def _printable(text: str) -> str:
    """Control characters as their signs; a tab stays one."""
    return "".join(chr(0x2400 + ord(letter)) if letter < " " and letter != "\t" else letter for letter in text)


class Viewer(Sheet):
    """The version at `at` (`compares` False), or held against the one before. What is read is read beside it."""

    def __init__(
        self, window: QWidget, look: Look, path: str, versions: Sequence[Found], compares: bool, at: int
    ) -> None:
        super().__init__(window, look, WIDE_PX, HIGH_PX, mono=True)
        self._versions = tuple(versions)
        self._beside: RunBeside | None = None
        self._saving: RunBeside | None = None
        self.name(paths.display(path))
        self.first, self.second = self._choice(), self._choice()
        self._between = Words("", BODY, 400, "dim")
        self.summary = Words("", NOTE, 400, "dim", wrap=True)
        self.well = Well(look)
        self.text_button = Button(look, "explore.view_text", kind="segment", on=not compares)
        self.diff_button = Button(look, "explore.compare_both", kind="segment", on=compares)
        for button in (self.text_button, self.diff_button):
            button.setVisible(len(self._versions) > 1)
        self.save_button = Button(look, "explore.write_version", kind="quiet")
        self.save_button.clicked.connect(self._ask_save)
        line = row(self.first, self._between, self.second, self.save_button, None, spacing=10)
        for button in (self.text_button, self.diff_button):
            line.addWidget(button)
        self.body.addLayout(line)
        self.body.addWidget(self.summary)
        self.body.addWidget(self.well, 1)
        self.second.setCurrentIndex(max(at, 1) if compares else at)
        self.first.setCurrentIndex(self.second.currentIndex() - 1 if compares else at)
        for box in (self.first, self.second):
            box.activated.connect(self._show)
        self.text_button.clicked.connect(lambda: self.compare(False))
        self.diff_button.clicked.connect(lambda: self.compare(True))
        self._name_parts()
        self.compare(compares)
        self.well.view.setFocus()

    def _choice(self) -> QComboBox:
        box = QComboBox()
        box.setFont(font(BODY, 500))
        for one in self._versions:
            box.addItem(str(one.position))
        box.setMinimumWidth(120)
        return box

    def translate(self) -> None:
        self._name_parts()
        self._show()

    def recolour(self) -> None:
        super().recolour()
        # The lines have colours of their own.
        self._show()

    def _name_parts(self) -> None:
        look = self._look
        self._between.setText(look.say("explore.against"))
        for box in (self.first, self.second):
            box.setAccessibleName(look.say("explore.version"))
            for number, one in enumerate(self._versions):
                box.setItemText(number, look.say("facts.layer_n", n=one.position))

    def compare(self, on: bool) -> None:
        """Two versions, or the text of one."""
        self._compares = on
        self.text_button.setChecked(not on)
        self.diff_button.setChecked(on)
        self.second.setVisible(on)
        self._between.setVisible(on)
        self.save_button.setVisible(not on)
        if on and self.first.currentIndex() == self.second.currentIndex():
            self.first.setCurrentIndex(max(self.second.currentIndex() - 1, 0))
        self._show()

    def _show(self) -> None:
        if self._beside is not None:
            self._beside.give_up()
        wanted = [self._versions[self.first.currentIndex()]]
        if self._compares:
            wanted.append(self._versions[self.second.currentIndex()])
        self.summary.setText(self._look.say("explore.being_read"))
        beside = self._beside = RunBeside(lambda: _read(wanted))
        beside.ended.connect(lambda read: self._told(beside, wanted, read))
        beside.broke.connect(raised)
        beside.start()

    def _ask_save(self) -> None:
        name = paths.display(paths.base(self._version.entry.path))
        title = self._look.say("explore.write_version")
        file, _ = QFileDialog.getSaveFileName(self, title, name)
        if file:
            self.save(Path(file))

    @property
    def _version(self) -> Found:
        return self._versions[self.first.currentIndex()]

    def save(self, file: Path) -> None:
        """Writes the version that is shown to a file, its bytes as they are."""
        content = self._version.entry.content
        self.summary.setText(self._look.say("explore.being_written"))
        beside = self._saving = ReadBeside(lambda reader: _written(content, file, reader))
        beside.ended.connect(lambda problem: self._saved(file, problem))
        beside.broke.connect(raised)
        beside.start()

    def _saved(self, file: Path, problem: Problem | None) -> None:
        self.summary.be("bad" if problem else "dim")
        self.summary.setText(str(problem) if problem else self._look.say("explore.is_saved", file=file))

    def _told(
        self, beside: RunBeside, wanted: list[Found], read: Problem | tuple[tuple[Text, ...], tuple[DiffLine, ...]]
    ) -> None:
        if beside is not self._beside:
            return
        self._beside = None
        self.summary.be("dim")
        if isinstance(read, Problem):
            self.summary.be("bad")
            self.summary.setText(str(read))
            self.well.write(())
            return
        texts, differs = read
        if len(texts) == 1:
            self._tell_one(texts[0])
        else:
            self._tell_two(wanted, texts, differs)

    def _tell_one(self, text: Text) -> None:
        look = self._look
        size = size_words(text.size_bytes, look.lang)
        key = "text_empty" if not text.size_bytes else "text_binary" if text.is_binary else "text_size"
        said = look.say(f"explore.{key}", size=size, count=len(text.lines))
        if text.is_cut:
            said += " " + look.say("explore.binary_cut" if text.is_binary else "explore.text_cut")
        self.summary.setText(said)
        self.well.write([DiffLine(" ", line) for line in text.lines])

    def _tell_two(self, wanted: list[Found], texts: Sequence[Text], differs: Sequence[DiffLine]) -> None:
        look, (before, after) = self._look, wanted
        beside_it = attributes_words(before.entry, after.entry, look.lang)
        if any(text.is_binary for text in texts):
            same = texts[0].lines == texts[1].lines and before.entry.size_bytes == after.entry.size_bytes
            said = look.say("explore.both_binary_alike" if same else "explore.both_binary")
        elif differs:
            added, gone = (sum(line.kind == kind for line in differs) for kind in "+-")
            said = look.say("explore.lines_differ", added=added, gone=gone)
        else:
            said = look.say("explore.same_content")
        self.summary.setText("   ".join((said, *beside_it)))
        shown = differs or [DiffLine(" ", line) for line in texts[1].lines]
        self.well.write(shown)

    def done(self, result: int) -> None:
        for beside in (self._beside, self._saving):
            if beside is not None:
                beside.give_up()
        super().done(result)


def _written(content: Content, file: Path, reader: Reader) -> Problem | None:
    """What was in the way, if anything was; then there is no file, or the one that was there."""
    try:
        with whole(str(file)) as out:
            for chunk in content.chunks(reader):
                out.write(chunk)
    except Problem as problem:
        return problem
    except OSError as error:
        return Problem(file, error.strerror or str(error))
    return None


def _read(wanted: Sequence[Found]) -> Problem | tuple[tuple[Text, ...], tuple[DiffLine, ...]]:
    try:
        texts = tuple(text_of(one.entry, contents.read) for one in wanted)
    except Problem as problem:
        return problem
    return texts, diff_of(*texts) if len(texts) == 2 else ()
