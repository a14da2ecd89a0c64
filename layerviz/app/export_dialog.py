"""The export dialog: which steps, how they look, a preview, the command that does the same, save or copy."""

import shlex
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QMessageBox, QWidget

from layerviz.app.build_story import BuildStory, script_of
from layerviz.app.commands_pane import Printed, Typed
from layerviz.app.export_frame import ExportFrame
from layerviz.app.export_job import ExportJob
from layerviz.app.look import Look
from layerviz.app.parts import emptied
from layerviz.app.settings import SettingsError, write_atomically
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
PNG_BYTES_PER_PX = 0.11
"""About: measured on the lessons' pictures."""


class ExportDialog(ExportFrame):
    """`saved` carries the files that were written."""

    saved = Signal(list)

    def __init__(
        self, window: QWidget, look: Look, story: Story, step: int, script: str = "", target: str = ""
    ) -> None:
        """`script` are the commands that make what was built; `target` is what the command line calls an image, which
        is one picture."""
        self.story, self._script, self._target = story, script, target
        self._shown = min(max(step, 1), story.count)
        self._here = self._shown
        self._job: ExportJob | None = None
        is_lesson = isinstance(story, LessonStory)
        super().__init__(window, look, story.count, self._here, one_picture=bool(target), asks=is_lesson)
        self._connect()
        self._refresh()
        self.centre(window, 1040, 680)
        first = self.format.button("png") if target else self.steps.button("this")
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def _connect(self) -> None:
        for number, button in enumerate(self.numbers, 1):
            button.clicked.connect(lambda _=False, number=number: self._look_at(number))
        for segments in (self.steps, self.format, self.theme, self.language):
            segments.chosen.connect(self._refresh)
        for field in (self.first, self.last):
            field.textEdited.connect(self._refresh)
        for box in (self.size_box, self.scale_box):
            box.activated.connect(self._refresh)
        for check in (self.caption, self.crop, self.transparent, self.ask):
            check.toggled.connect(self._refresh)
        self.copy.clicked.connect(self.copy_picture)
        self.save.clicked.connect(self.ask_where)
        self.cancel.clicked.connect(self._cancel)

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
        emptied(self.typed)
        self.typed.addWidget(Printed(look, Typed(self.command)))
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
