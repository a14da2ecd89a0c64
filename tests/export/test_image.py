"""Exporting a directory of an image: from archives, scripts and lessons, as what Explore shows."""

from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import pytest

from layerviz.export.image import ImageStory, image_story, is_image
from layerviz.export.request import BadRequest, ExportProblem, ExportRequest
from layerviz.export.run import run
from layerviz.images.problems import ImageProblem
from layerviz.picture.layout import View
from tests.cli.made import image
from tests.images.archives import File

Story = Callable[..., ImageStory]


@pytest.fixture
def archive(tmp_path: Path) -> str:
    return image(
        tmp_path / "made",
        [File("etc/a", b"x" * 500), File("etc/gone/b", b"1"), File("etc/old", b"1")],
        [File("etc/a", b"y" * 700), File("etc/.wh.old"), File("etc/.wh.gone")],
        [File("else/c", b"z")],
        created_by=("COPY etc /etc", "RUN change", "RUN else"),
    )


def said(story: ImageStory) -> str:
    frame = story.frame(1, View())
    return " ".join(shape.alt for shape in frame.shapes if shape.alt)


def test_a_directory_is_drawn_with_title_and_caption(archive: str) -> None:
    story = image_story(archive, "/etc")
    assert (story.count, story.name, story.title("en"), story.words(1, "en")) == (1, "made-etc", "made", "/etc")
    assert "/etc/a" in said(story)


def test_layers_that_have_nothing_there_are_left_out_and_told(archive: str) -> None:
    story = image_story(archive, "/etc")
    assert "RUN else" not in said(story)
    assert "3" in story.small("en")
    assert image_story(archive, "/").small("en") == ""


def test_of_a_file_its_directory_is_drawn_with_its_column_framed(archive: str) -> None:
    place = image_story(archive, "etc/a").place
    assert (place.directory, place.column) == ("/etc", "/etc/a")


def test_a_directory_that_was_deleted_can_still_be_looked_at(archive: str) -> None:
    assert image_story(archive, "/etc/gone").place.directory == "/etc/gone"


def test_what_no_layer_has_is_told(archive: str) -> None:
    with pytest.raises(ExportProblem, match=r"no layer of .* has anything there"):
        image_story(archive, "/nosuch")


def test_files_of_every_format_are_written(archive: str, tmp_path: Path) -> None:
    for form, start in (("png", b"\x89PNG"), ("svg", b"<"), ("pdf", b"%PDF")):
        file = tmp_path / f"out.{form}"
        assert run(ExportRequest(archive, str(file), "/etc", format=form)) == (file,)  # type: ignore[arg-type]  # forms
        assert file.read_bytes().startswith(start)


def test_the_picture_is_the_same_each_time_and_another_without_its_caption(archive: str, tmp_path: Path) -> None:
    first, second, bare = (tmp_path / f"{name}.svg" for name in ("first", "second", "bare"))
    run(ExportRequest(archive, str(first), "/etc", format="svg"))
    run(ExportRequest(archive, str(second), "/etc", format="svg"))
    run(ExportRequest(archive, str(bare), "/etc", format="svg", caption=False))
    assert first.read_bytes() == second.read_bytes() != bare.read_bytes()
    assert ElementTree.parse(first).getroot().tag.endswith("svg")


def test_the_image_of_a_script_is_drawn(tmp_path: Path) -> None:
    script = tmp_path / "build.sh"
    script.write_text(
        "mkdir c\necho hi > c/a\nprintf 'FROM scratch\\nCOPY a /a\\n' > c/Dockerfile\ndocker build -t one c\n"
    )
    assert not is_image(str(script))
    assert "/a" in said(image_story(f"script:{script}:one"))


def test_an_archive_is_told_from_a_file_of_commands_by_its_content(archive: str, tmp_path: Path) -> None:
    assert is_image(archive)
    assert is_image("docker://alpine")
    assert is_image("lesson:two-layers-six-files:three")
    assert is_image(str(tmp_path)), "a folder may be a layout"
    squeezed = tmp_path / "squeezed"
    squeezed.write_bytes(b"\x1f\x8b\x08")
    assert is_image(str(squeezed))
    assert not is_image("two-layers-six-files")


def test_a_path_of_what_is_no_image_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(BadRequest):
        run(ExportRequest("two-layers-six-files", str(tmp_path), "/etc"))


def test_a_broken_archive_writes_nothing(tmp_path: Path) -> None:
    broken = tmp_path / "broken.tar"
    broken.write_bytes(b"\0" * 2000)
    with pytest.raises(ImageProblem):
        run(ExportRequest(str(broken), str(tmp_path / "out.png")))
    assert not (tmp_path / "out.png").exists()
