"""The export dialog: which steps, how they look, a preview, the command that does the same, save or copy."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QIntValidator, QKeyEvent
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QHBoxLayout,
    QLineEdit,
    QMessageBox,
    QProgressBar,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from layerviz.app.build_story import BuildStory, script_of
from layerviz.app.commands_pane import Printed, Typed
from layerviz.app.export_job import ExportJob
from layerviz.app.export_preview import Preview
from layerviz.app.look import Look
from layerviz.app.parts import Button, CopyButton, Rule, Section, Segments, Words, column, row
from layerviz.app.settings import SettingsError, write_atomically
from layerviz.app.sheet import Floating
from layerviz.app.tokens import BODY, NOTE, TITLE, font
from layerviz.export.request import ExportProblem, ExportRequest, Format
from layerviz.export.run import Sheet, frame_of, plan, theme_of
from layerviz.export.stories import LessonStory, Story
from layerviz.picture.paint import image
from layerviz.strings import LANGUAGES, Lang

if TYPE_CHECKING:
    from layerviz.app.build import Build
    from layerviz.app.explore import Explore
    from layerviz.app.player import Player

SCRIPT_NAME = "build.sh"
SIZES = ((1280, 720), (1600, 900), (1920, 1080), (3840, 2160), (1600, 1200), (1080, 1080))
SCALES = (1, 2, 3, 4)
MOST_NUMBERS = 16
"""Steps that have a button of their own below the preview."""
SEGMENT_PX = 90
LOW_PX = 700
"""In a window less high than this, the dialog is denser."""
PNG_BYTES_PER_PX = 0.11
"""About: measured on the lessons' pictures."""


class ExportDialog(Floating):
    """`saved` carries the files that were written."""

    saved = Signal(list)

    def __init__(
        self, window: QWidget, look: Look, story: Story, step: int, script: str = "", target: str = ""
    ) -> None:
        """`script` are the commands that make what was built; `target` is what the command line calls an image."""
        super().__init__(window, look)
        self.story, self._script, self._target = story, script, target
        self._shown = min(max(step, 1), story.count)
        self._here = self._shown
        self._job: ExportJob | None = None
        self.setWindowTitle(look.say("export.title"))
        self._is_low = window.height() < LOW_PX
        self._make_parts()
        self._place_parts()
        self._refresh()
        self.centre(window, 1040, 680)
        first = self.format.button("png") if target else self.steps.button("this")
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    # Parts

    def _make_parts(self) -> None:
        look = self._look
        self.preview = Preview(look)
        self.under_left, self.under_right = Words("", NOTE, 400, "dim"), Words("", NOTE, 400, "dim")
        self.numbers: list[Button] = []
        has_numbers = self.story.count <= MOST_NUMBERS and not self._target
        for number in range(1, self.story.count + 1) if has_numbers else ():
            button = Button(look, on=False)
            button.setText(str(number))
            button.setMinimumWidth(24)
            button.setFixedHeight(36 if self._is_low else 44)
            button.clicked.connect(lambda _=False, number=number: self._look_at(number))
            self.numbers.append(button)
        self.steps = Segments(
            look, (("this", "export.this"), ("range", "export.range"), ("all", "export.all")), "this", SEGMENT_PX
        )
        self.first, self.last = self._number_field(self._here), self._number_field(self._here)
        self.format = Segments(
            look, (("png", "export.png"), ("svg", "export.svg"), ("pdf", "export.pdf")), "png", SEGMENT_PX
        )
        themes = (("dark", "theme.dark"), ("light", "theme.light"), ("projector", "theme.projector"))
        self.theme = Segments(look, themes, look.theme_name, SEGMENT_PX)
        languages = (("en", "lang.en"), ("zh_CN", "lang.zh_CN"), ("both", "export.both"))
        self.language = Segments(look, languages, look.lang, SEGMENT_PX)
        self.size_box, self.scale_box = QComboBox(), QComboBox()
        for width, height in SIZES:
            self.size_box.addItem(f"{width} × {height}", (width, height))
        self.size_box.setCurrentIndex(2)
        for scale in SCALES:
            self.scale_box.addItem(f"{scale}×", scale)
        self.size_box.setFixedWidth(164)
        self.scale_box.setFixedWidth(80)
        self.caption = self._check("export.caption", True)
        self.crop = self._check("export.crop", False)
        self.transparent = self._check("export.transparent", False)
        self.ask = self._check("export.ask", False)
        self.ask.setVisible(isinstance(self.story, LessonStory))
        self.writes = Words("", NOTE, 400, "dim", wrap=True)
        self.names = Words("", NOTE, 500, mono=True, wrap=True)
        self.copy = Button(look, "export.copy", glyph="copy")
        self.save = Button(look, "export.save", kind="main")
        self.cancel = Button(look, "common.cancel")
        self.bar = QProgressBar()
        self.copy.setFixedHeight(40)
        self.cancel.setFixedHeight(40)
        self.bar.hide()
        self.cancel.hide()
        for segments in (self.steps, self.format, self.theme, self.language):
            segments.chosen.connect(self._refresh)
        for field in (self.first, self.last):
            field.textEdited.connect(self._refresh)
        for box_ in (self.size_box, self.scale_box):
            box_.setFont(font(BODY, 500))
            box_.activated.connect(self._refresh)
        for check in (self.caption, self.crop, self.transparent, self.ask):
            check.toggled.connect(self._refresh)
        self.copy.clicked.connect(self.copy_picture)
        self.save.clicked.connect(self.ask_where)
        self.cancel.clicked.connect(self._cancel)

    def _number_field(self, value: int) -> QLineEdit:
        field = QLineEdit(str(value))
        field.setValidator(QIntValidator(1, self.story.count, field))
        field.setFixedWidth(80)
        field.setTextMargins(10, 0, 4, 0)
        return field

    def _check(self, key: str, on: bool) -> QCheckBox:
        check = QCheckBox(self._look.say(key))
        check.setChecked(on)
        check.setFixedHeight(28)
        check.setAttribute(Qt.WidgetAttribute.WA_Hover)
        return check

    def _place_parts(self) -> None:
        look = self._look
        close = Button(look, kind="quiet", glyph="cross", tip="common.close")
        close.clicked.connect(self.reject)
        head = row(Words(look.say("export.title"), TITLE, 600), None, close)
        strip = QHBoxLayout()
        strip.setSpacing(8)
        for button in self.numbers:
            button.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
            strip.addWidget(button)
        self._typed = QVBoxLayout()
        left = column(self.preview, spacing=10)
        left.addLayout(row(self.under_left, None, self.under_right))
        left.addLayout(strip)
        left.addSpacing(4)
        left.addWidget(Section(look, "build.could_have_typed", CopyButton(look, lambda: self.command)))
        left.addLayout(self._typed)
        right = QVBoxLayout()
        right.setSpacing(7 if self._is_low else 12)
        between = row(self.first, Words(look.say("export.to"), BODY, 400, "dim"), self.last, None, spacing=12)
        sizes = row(self.size_box, self.scale_box, None, spacing=12)
        for key, item in (
            ("export.steps", self.steps),
            ("export.from_to", between),
            ("export.format", self.format),
            ("export.theme", self.theme),
            ("export.language", self.language),
            ("export.size", sizes),
        ):
            if self._target and key in ("export.steps", "export.from_to"):
                continue  # an image is one picture
            label = Words(look.say(key), BODY, 400, "dim")
            label.setFixedWidth(104)
            line = row(label, spacing=0)
            if isinstance(item, QWidget):
                line.addWidget(item)
            else:
                line.addLayout(item)
            line.addStretch(1)
            right.addLayout(line)
        right.addSpacing(4)
        for check in (self.caption, self.crop, self.transparent, self.ask):
            right.addWidget(check)
        right.addWidget(Rule(look))
        right.addWidget(self.writes)
        right.addWidget(self.names)
        right.addStretch(1)
        right.addWidget(self.bar)
        right.addLayout(row(None, self.cancel, self.copy, self.save, spacing=12))
        body = QHBoxLayout()
        body.setSpacing(40)
        body.addLayout(left, 56)
        body.addLayout(right, 38)
        whole = column(spacing=8 if self._is_low else 14, margins=(32, 12 if self._is_low else 20, 32, 20))
        whole.addLayout(head)
        whole.addLayout(body, 1)
        self.setLayout(whole)

    # What is asked for

    def request(self, output: str = "") -> ExportRequest:
        """What the dialog says. Raises `ExportProblem` for what makes no sense."""
        lang = self.language.current
        width, height = cast("tuple[int, int]", tuple(self.size_box.currentData()))
        return ExportRequest(
            target=self.story.name,
            output=output or self._default_output(),
            steps=self._steps_text(),
            format=cast("Format", self.format.current),
            theme=self.theme.current,
            languages=LANGUAGES if lang == "both" else (cast("Lang", lang),),
            width=width,
            height=height,
            scale=float(self.scale_box.currentData()),
            view="auto",
            caption=self.caption.isChecked(),
            crop=self.crop.isChecked(),
            transparent=self.transparent.isChecked(),
            ask=self.ask.isChecked() and isinstance(self.story, LessonStory),
        )

    def _steps_text(self) -> str:
        match self.steps.current:
            case "all":
                return "all"
            case "range":
                first, last = self._range()
                return f"{first}-{last}" if first != last else str(first)
            case _:
                return str(self._here)

    def _range(self) -> tuple[int, int]:
        first = min(max(int(self.first.text() or 1), 1), self.story.count)
        last = min(max(int(self.last.text() or first), 1), self.story.count)
        return (first, last) if first <= last else (last, first)

    def chosen(self) -> tuple[int, ...]:
        """The steps that will be written."""
        match self.steps.current:
            case "all":
                return tuple(range(1, self.story.count + 1))
            case "range":
                first, last = self._range()
                return tuple(range(first, last + 1))
            case _:
                return (self._here,)

    def _default_output(self) -> str:
        many = len(self.chosen()) > 1
        suffix = self.format.current
        if self._target and not many:
            return f"{self.story.name}.{suffix}"
        return "slides" if many else f"{self.story.name}-{self._here:02}.{suffix}"

    @property
    def command(self) -> str:
        """The command that does the same."""
        asked = self.request()
        target = asked.target if not self._script else "build.sh"
        steps = "" if self._target else f" --step {self._typed_steps(asked.steps)}"
        parts = [f"layerviz export {self._target or target}{steps} --format {asked.format}"]
        look = f"--theme {asked.theme} --lang {'both' if len(asked.languages) > 1 else asked.languages[0]}"
        parts.append(f"{look} --size {asked.width}x{asked.height}")
        flags = [f"--scale {asked.scale:g}"] if asked.scale != 1 else []
        flags += [] if asked.caption else ["--no-caption"]
        flags += [
            f"--{name}"
            for name, on in (("crop", asked.crop), ("transparent", asked.transparent), ("ask", asked.ask))
            if on
        ]
        parts.append(" ".join([*flags, f"-o {shlex.quote(asked.output)}"]))
        return " \\\n    ".join(parts)

    def _typed_steps(self, steps: str) -> str:
        """The steps as the command line counts them: in a script every command is one."""
        story, chosen = self.story, self.chosen()
        if not isinstance(story, BuildStory):
            return steps
        first, last = story.script_number(chosen[0]), story.script_number(chosen[-1])
        return f"{first}-{last}" if first != last else str(first)

    # Showing

    def _look_at(self, number: int) -> None:
        self._shown = number
        if self.steps.current == "this":
            self._here = number
        self._refresh()

    def _refresh(self) -> None:
        chosen = self.chosen()
        if self._shown not in chosen:
            self._shown = chosen[0]
        for field in (self.first, self.last):
            field.setEnabled(self.steps.current == "range")
        for number, button in enumerate(self.numbers, 1):
            button.setChecked(number in chosen)
            button.setProperty("here", number == self._shown)
            button.update()
        asked = self.request()
        self.preview.tell(self.story, self._shown, asked)
        look, at = self._look, chosen.index(self._shown) + 1
        key = "export.page_one" if len(chosen) == 1 else "export.page"
        where = self.story.words(1, look.lang) if self._target else ""
        self.under_left.setText(where or look.say(key, at=at, count=len(chosen), step=self._shown))
        wide, high = round(asked.width * asked.scale), round(asked.height * asked.scale)
        size = f"{wide * high * PNG_BYTES_PER_PX / 1e6:.1f}"
        of_png = look.say("export.pixels_about", width=wide, height=high, size=size)
        plain = look.say("export.pixels", width=wide, height=high)
        self.under_right.setText(of_png if asked.format == "png" else plain)
        while (item := self._typed.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self._typed.addWidget(Printed(look, Typed(self.command)))
        count = len(chosen) * len(asked.languages)
        self.writes.be("dim")
        self.writes.setText(look.say("export.writes", count=count + bool(self._script)))
        names = [f"{self.story.name}-{number:02}.{asked.format}" for number in chosen[:3]]
        names += ["…"] if len(chosen) > 3 else []
        names = [self._default_output()] if self._target else names
        self.names.setText(", ".join(names + ([SCRIPT_NAME] if self._script else [])))
        self.save.setText(look.say("export.save_n", count=count))
        self.save.setAccessibleName(self.save.text())
        self.copy.setEnabled(asked.format == "png")

    # Doing

    def copy_picture(self) -> None:
        """Puts the picture that is previewed on the clipboard."""
        asked = self.request()
        frame = frame_of(self.story, self._shown, asked.languages[0], asked)
        QGuiApplication.clipboard().setImage(image(frame, theme_of(asked), asked.scale, asked.transparent))
        self.writes.setText(self._look.say("common.copied"))

    def ask_where(self) -> None:
        """Asks for a file, or for several steps a folder, and saves."""
        asked, look = self.request(), self._look
        if len(self.chosen()) * len(asked.languages) == 1:
            kinds = f"{asked.format.upper()} (*.{asked.format})"
            file, _ = QFileDialog.getSaveFileName(self, look.say("export.title"), self._default_output(), kinds)
        else:
            file = QFileDialog.getExistingDirectory(self, look.say("export.folder"))
        if file:
            self.save_to(Path(file))

    def save_to(self, output: Path) -> None:
        """Writes the pictures to `output`, a file or a folder. What is there already is asked about once."""
        try:
            asked = self.request(str(output))
            sheets = self._sheets(asked)
        except ExportProblem as problem:
            self._say_failed(str(problem))
            return
        there = [sheet for sheet in sheets if sheet.file.exists()]
        if there and (len(sheets) > 1 or sheets[0].in_folder):
            answer = self._ask_replace(len(there))
            if answer is None:
                return
            if answer == "keep":
                sheets = tuple(replace(sheet, file=_free(sheet.file)) for sheet in sheets)
        try:
            self._write_script(output if output.is_dir() else output.parent)
        except SettingsError as problem:
            self._say_failed(str(problem))
            return
        job = self._job = ExportJob(sheets, asked)
        job.went_on.connect(lambda done, count: self.bar.setValue(round(done * 100 / count)))
        job.ended.connect(self._ended)
        job.failed.connect(self._say_failed)
        self.bar.setValue(0)
        self.bar.show()
        self.cancel.show()
        self.save.hide()
        job.start()

    def _write_script(self, folder: Path) -> None:
        """The commands of a build beside its pictures; another script of that name stays. Raises `SettingsError`."""
        if not self._script:
            return
        file, text = folder / SCRIPT_NAME, self._script.encode()
        try:
            is_another = file.exists() and file.read_bytes() != text
        except OSError:
            is_another = True
        write_atomically(_free(file) if is_another else file, text)

    def _sheets(self, asked: ExportRequest) -> tuple[Sheet, ...]:
        if isinstance(self.story, LessonStory):
            return plan(asked)
        output, chosen = Path(asked.output), self.chosen()
        if len(chosen) * len(asked.languages) == 1:
            return (Sheet(self.story, chosen, asked.languages[0], output),)
        many = len(asked.languages) > 1
        return tuple(
            Sheet(
                self.story,
                (number,),
                lang,
                output / f"{self.story.name}-{number:02}{f'.{lang}' if many else ''}.{asked.format}",
                in_folder=True,
            )
            for lang in asked.languages
            for number in chosen
        )

    def _ask_replace(self, count: int) -> Literal["replace", "keep"] | None:
        look = self._look
        asking = QMessageBox(self)
        asking.setText(look.say("export.exists", count=count))
        over = asking.addButton(look.say("export.replace"), QMessageBox.ButtonRole.AcceptRole)
        keep = asking.addButton(look.say("export.keep_both"), QMessageBox.ButtonRole.ActionRole)
        asking.addButton(look.say("common.cancel"), QMessageBox.ButtonRole.RejectRole)
        asking.exec()
        clicked = asking.clickedButton()
        return "replace" if clicked is over else "keep" if clicked is keep else None

    def _ended(self, files: list[Path]) -> None:
        self._job_over()
        self.saved.emit(files)
        self.accept()

    def _say_failed(self, text: str) -> None:
        self._job_over()
        self.writes.be("bad")
        self.writes.setText(text)

    def _job_over(self) -> None:
        self._job = None
        self.bar.hide()
        self.cancel.hide()
        self.save.show()

    def _cancel(self) -> None:
        if self._job is not None:
            self._job.cancel()

    # Qt's events

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.ask_where()
        else:
            super().keyPressEvent(event)


def _free(file: Path) -> Path:
    """A name beside `file` that is not taken."""
    number = 2
    while (other := file.with_stem(f"{file.stem}-{number}")).exists():
        number += 1
    return other


def open_export(window: QWidget, look: Look, page: "Player | Build | Explore") -> ExportDialog | None:
    """Opens the dialog for what `page` shows."""
    from layerviz.app.build import Build
    from layerviz.app.explore import Explore

    if isinstance(page, Explore):
        story: Story | None = page.as_story()
        if story is None:
            return None
        dialog = ExportDialog(window, look, story, 1, target=page.export_target())
    elif isinstance(page, Build):
        session = page.session
        story = BuildStory(session)
        dialog = ExportDialog(window, look, story, story.count, script_of(session))
    else:
        walk = page.walk
        if walk is None:
            return None
        dialog = ExportDialog(window, look, LessonStory(walk.lesson), walk.step + 1)
    dialog.open()
    return dialog
