"""Exporting lessons and files of commands: which files there are, and what is in them."""

import os
import subprocess
import sys
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pypdfium2
import pytest
from PIL import Image
from pypdf import PdfReader

from layerviz.export.png import png
from layerviz.export.request import BadRequest, ExportProblem, ExportRequest
from layerviz.export.run import run
from layerviz.lessons import lesson, lessons, play, stage
from layerviz.picture.layout import View
from layerviz.picture.theme import DARK

LESSON = "two-layers-six-files"
STEPS = len(lesson(LESSON).steps)
ASKED = next(number for number, step in enumerate(lesson(LESSON).steps, 1) if step.ask)
SMALL: dict[str, Any] = {"width": 320, "height": 180}

SCRIPT = """\
mkdir a; echo "File 1" > a/file1
printf 'FROM scratch\\nCOPY a/ /\\n' > Dockerfile
docker build -t one .
docker run -d --name c1 one
docker exec c1 sh -c 'echo new > /file2'
"""


def export(target: str, output: Path, **how: Any) -> list[Path]:
    return list(run(ExportRequest(target, str(output), **(SMALL | how))))


def only(target: str, folder: Path, **how: Any) -> bytes:
    """The bytes of the one file that is written."""
    (file,) = export(target, folder / "picture", **how)
    return file.read_bytes()


def test_one_step_is_a_file_and_nothing_else_is_written(tmp_path: Path) -> None:
    assert export(LESSON, tmp_path / "three.png", steps="3") == [tmp_path / "three.png"]
    assert os.listdir(tmp_path) == ["three.png"]


def test_several_steps_are_a_folder_with_numbers_from_01(tmp_path: Path) -> None:
    files = export(LESSON, tmp_path / "new" / "out", steps="2-4")
    assert files == [tmp_path / "new" / "out" / f"{LESSON}-{number:02}.png" for number in (2, 3, 4)]
    assert sorted(os.listdir(tmp_path / "new" / "out")) == [file.name for file in files]


def test_one_step_goes_into_a_folder_that_is_there(tmp_path: Path) -> None:
    assert export(LESSON, tmp_path, steps="3") == [tmp_path / f"{LESSON}-03.png"]


def test_a_lesson_may_be_named_by_its_number_or_its_file(tmp_path: Path) -> None:
    by_id = only(LESSON, tmp_path, steps="2")
    assert only("3", tmp_path, steps="2") == by_id
    assert only("lessons/03-two-layers-six-files.yaml", tmp_path, steps="2", caption=False) == only(
        LESSON, tmp_path, steps="2", caption=False
    )


def test_all_is_a_folder_for_each_lesson_in_the_order_of_the_story(tmp_path: Path) -> None:
    files = export("all", tmp_path / "out", steps="1", format="svg")
    assert files == [tmp_path / "out" / one.id / f"{one.id}-01.svg" for one in lessons()]


def test_in_both_languages_each_name_ends_in_its_language(tmp_path: Path) -> None:
    both = ("en", "zh_CN")
    files = export(LESSON, tmp_path / "x.png", steps="2", languages=both)
    assert files == [tmp_path / "x.en.png", tmp_path / "x.zh_CN.png"]
    assert files[0].read_bytes() != files[1].read_bytes()
    files = export(LESSON, tmp_path / "out", steps="1-2", languages=both)
    assert {file.name for file in files} == {f"{LESSON}-{number:02}.{lang}.png" for number in (1, 2) for lang in both}


def test_a_png_is_the_picture_that_the_lesson_shows(tmp_path: Path) -> None:
    step = play(lesson(LESSON)).steps[2]
    view = stage.captioned(step, View(width=640, height=360))
    data = only(LESSON, tmp_path, steps="3", width=640, height=360, scale=2)
    assert data == png(stage.picture(step, view).frame, DARK, 2)
    assert Image.open(BytesIO(data)).size == (1280, 720)


@pytest.mark.parametrize("form", ["png", "svg", "pdf"])
def test_the_same_request_gives_the_same_bytes(tmp_path: Path, form: str) -> None:
    assert only(LESSON, tmp_path, steps="3", format=form) == only(LESSON, tmp_path, steps="3", format=form)


def test_an_svg_has_an_id_for_each_shape_of_the_frame(tmp_path: Path) -> None:
    step = play(lesson(LESSON)).steps[2]
    frame = stage.picture(step, stage.captioned(step, View(width=320, height=180))).frame
    root = ElementTree.fromstring(only(LESSON, tmp_path, steps="3", format="svg", scale=2))
    assert {shape.id for shape in frame.shapes} <= {element.get("id") for element in root.iter()}
    assert (root.get("width"), root.get("height")) == ("640", "360")
    assert root[0].text == lesson(LESSON).title.of("en")


def test_a_pdf_of_several_steps_has_a_page_for_each_and_a_folder_gets_one_file_a_step(tmp_path: Path) -> None:
    (document,) = export(LESSON, tmp_path / "deck.pdf", format="pdf")
    pages = pypdfium2.PdfDocument(document.read_bytes())
    assert len(pages) == STEPS
    texts = [page.extract_text().replace("\t", " ") for page in PdfReader(document).pages]
    assert all(lesson(LESSON).title.of("en").upper() in text for text in texts)
    files = export(LESSON, tmp_path / "out", format="pdf", steps="1-2")
    assert [len(pypdfium2.PdfDocument(file.read_bytes())) for file in files] == [1, 1]


def test_the_end_of_a_motion_is_the_picture_and_its_beginning_another(tmp_path: Path) -> None:
    whole = only(LESSON, tmp_path, steps="3")
    assert only(LESSON, tmp_path, steps="3", at=1.0) == whole
    step = play(lesson(LESSON)).steps[2]
    first = stage.timeline(step, stage.captioned(step, View(**SMALL))).at(0)
    assert only(LESSON, tmp_path, steps="3", at=0.0) == png(first, DARK) != whole
    assert only(LESSON, tmp_path, steps="3", at=0.5) not in (whole, png(first, DARK))


def test_a_question_is_drawn_as_it_is_asked_only_where_that_is_wanted(tmp_path: Path) -> None:
    step = str(ASKED)
    assert only(LESSON, tmp_path, steps=step, ask=True) != only(LESSON, tmp_path, steps=step)
    assert only(LESSON, tmp_path, steps=step, ask=True) != only(LESSON, tmp_path, steps=step, at=0.0)


def test_neighbouring_steps_never_look_the_same(tmp_path: Path) -> None:
    for one in lessons():
        seen = [file.read_bytes() for file in export(one.id, tmp_path / one.id)]
        assert all(before != after for before, after in pairwise(seen)), one.id


def test_all_steps_of_a_lesson_share_one_crop_also_when_only_one_is_exported(tmp_path: Path) -> None:
    sizes = {Image.open(file).size for file in export(LESSON, tmp_path / "out", crop=True, caption=False)}
    assert len(sizes) == 1
    alone = Image.open(BytesIO(only(LESSON, tmp_path, steps="2", crop=True, caption=False)))
    assert {alone.size} == sizes
    assert alone.size < (320, 180)


def test_without_caption_the_stage_stands_alone(tmp_path: Path) -> None:
    data = only(LESSON, tmp_path, steps="3", format="pdf", caption=False)
    text = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    assert "COPY a/ /" in text
    assert lesson(LESSON).title.of("en") not in text


def test_slabs_and_flat_are_two_views_of_one_step(tmp_path: Path) -> None:
    assert only(LESSON, tmp_path, steps="3", view="flat") != only(LESSON, tmp_path, steps="3", view="slabs")


def test_a_file_of_commands_has_a_step_for_each_command(tmp_path: Path) -> None:
    (tmp_path / "story.sh").write_text(SCRIPT)
    files = export(str(tmp_path / "story.sh"), tmp_path / "out")
    commands = SCRIPT.count("\n") + SCRIPT.count("; ")
    assert [file.name for file in files] == [f"story-{number:02}.png" for number in range(1, commands + 1)]
    deck = export(str(tmp_path / "story.sh"), tmp_path / "deck.pdf", format="pdf", width=1600, height=900)[0]
    texts = [page.extract_text().replace("\t", " ") for page in PdfReader(deck).pages]
    built = next(text for text in texts if "docker build -t one ." in text)
    assert "COPY a/ /" in built
    assert "Your computer" in texts[0] and "file1" in texts[1]
    assert "file2" in texts[-1]
    assert "docker exec c1" in texts[-1]


def test_drawing_a_file_of_commands_writes_nothing_but_its_pictures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("story.sh").write_text(SCRIPT + "docker save -o one.tar one\n")
    export("story.sh", Path("out"), steps="1")
    assert sorted(os.listdir(tmp_path)) == ["out", "story.sh"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (b"", "holds no command"),
        (b"# nothing\n", "holds no command"),
        (b"mkdir a\nls nosuch\n", "story.sh:2: the command failed: ls: cannot access 'nosuch'"),
        (b"\xff\xfe", "this is no text in UTF-8"),
    ],
)
def test_a_file_that_cannot_be_played_is_one_sentence(tmp_path: Path, text: bytes, words: str) -> None:
    (tmp_path / "story.sh").write_bytes(text)
    with pytest.raises(ExportProblem) as caught:
        export(str(tmp_path / "story.sh"), tmp_path / "out")
    assert words in str(caught.value)
    assert not (tmp_path / "out").exists()


def test_what_is_not_there_is_said_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(ExportProblem, match="neither a lesson nor a file; the lessons are: start, "):
        export("nosuch", tmp_path / "out")
    with pytest.raises(ExportProblem, match="did you mean two-layers-six-files"):
        export("two-layer", tmp_path / "out")
    with pytest.raises(BadRequest, match=f"has no step {STEPS + 1}; it has the steps 1 to {STEPS}"):
        export(LESSON, tmp_path / "out", steps=str(STEPS + 1))
    with pytest.raises(ExportProblem, match="there are: dark, light, projector"):
        export(LESSON, tmp_path / "out", theme="pink")
    assert os.listdir(tmp_path) == []


def test_a_place_that_cannot_be_written_is_one_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(ExportProblem, match="its folder does not exist"):
        export(LESSON, tmp_path / "none" / "x.png", steps="1")
    with pytest.raises(ExportProblem, match="several pictures need a folder, and this is a file"):
        export(LESSON, tmp_path / "file")
    if os.path.exists("/dev/full"):
        with pytest.raises(ExportProblem, match="the disk is full"):
            export(LESSON, Path("/dev/full"), steps="1")
    assert os.listdir(tmp_path) == ["file"]


def test_progress_counts_files_and_can_stop_between_two(tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []

    def progress(done: int, total: int, file: Path) -> bool:
        seen.append((done, total, file.name))
        return done < 2

    files = run(ExportRequest(LESSON, str(tmp_path / "out"), **SMALL), progress)
    assert seen == [(number, STEPS, f"{LESSON}-{number + 1:02}.png") for number in range(3)]
    assert sorted(os.listdir(tmp_path / "out")) == [file.name for file in files] == [s[2] for s in seen[:2]]


def test_it_works_in_a_process_without_a_display_and_gives_the_same_bytes_there(tmp_path: Path) -> None:
    program = (
        "import sys; from layerviz.export.request import ExportRequest; from layerviz.export.run import run;"
        f"run(ExportRequest({LESSON!r}, sys.argv[1], steps='3', format=sys.argv[2], width=320, height=180))"
    )
    environment = {name: value for name, value in os.environ.items() if name not in ("DISPLAY", "QT_QPA_PLATFORM")}
    for form in ("png", "svg", "pdf"):
        for name in ("a", "b"):
            command = [sys.executable, "-c", program, str(tmp_path / f"{name}.{form}"), form]
            subprocess.run(command, check=True, env=environment, cwd=Path(__file__).parents[2])
        assert (tmp_path / f"a.{form}").read_bytes() == (tmp_path / f"b.{form}").read_bytes()
    assert (tmp_path / "a.png").read_bytes() == only(LESSON, tmp_path, steps="3")
