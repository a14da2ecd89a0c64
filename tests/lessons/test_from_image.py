"""A lesson made of an image is sound, says what the image's history says, and rebuilds its layers."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from layerviz.engine import merge
from layerviz.engine.content import zeros
from layerviz.engine.entry import Entry, Kind
from layerviz.engine.table import Table
from layerviz.engine.world import HistoryLine, Image, Layer
from layerviz.images.opening import image_of
from layerviz.lessons.checking import check
from layerviz.lessons.from_image import MOST_LAYERS, lesson_of, ref_of
from layerviz.lessons.loading import load
from layerviz.lessons.playing import play
from tests.cli.made import REAL, needs_the_real_one
from tests.engine.test_properties import STACKS

COPY = "COPY file:0123456789ab in /"


def layer(created_by: str, *entries: Entry) -> Layer:
    return Layer(0, Table.of(entries), created_by=created_by)


def file(path: str, size: int = 10, mode: int = 0o644) -> Entry:
    return Entry(path, mode=mode, content=zeros(size))


def gone(path: str) -> Entry:
    return Entry(path, Kind.WHITEOUT)


def image(*layers: Layer) -> Image:
    return Image(0, layers, history=tuple(HistoryLine(0, one.created_by) for one in layers))


def written(folder: Path, made: Image, name: str = "demo:latest") -> Path:
    target = folder / f"{ref_of(name)}.yaml"
    target.write_text(lesson_of(made, name), encoding="utf-8")
    return target


def sound(target: Path) -> None:
    assert [f"{one.line}: {one.said('en')}" for one in check(target)] == []


def stack_of(target: Path) -> tuple[Layer, ...]:
    """The layers of the image that the lesson builds, at its end."""
    return play(load(target)).steps[-1].after.images[-1].layers


@needs_the_real_one
def test_the_real_archive_becomes_a_sound_lesson_whose_steps_are_its_layers(tmp_path: Path) -> None:
    target = written(tmp_path, image_of(str(REAL)).image, "dive-test:latest")
    sound(target)
    lesson = load(target)
    assert [step.id for step in lesson.steps] == [*(f"layer-{n}" for n in range(1, 15)), "history"]
    assert lesson.steps[9].caption.en == "Layer 10: rm -rf /root/example/"
    assert "RUN rm -rf /root/example/" in lesson.steps[9].run
    built = stack_of(target)
    assert len(built) == 14
    assert [one.size_bytes for one in built[1:]] == [6405, 0, 6405, 6405, 6405, 6405, 6405, 6405, 0, 2187, *[6405] * 3]
    assert merge.seen(built, "/root/example") is None
    found = merge.seen(built, "/root/saved.txt")
    assert found is not None
    assert (found.position, found.entry.mode) == (14, 0o755)


def test_covering_removing_and_modes_are_built_again(tmp_path: Path) -> None:
    target = written(
        tmp_path,
        image(
            layer(COPY, file("/etc/a", 100), file("/etc/d/b", 50), file("/etc/c", 70)),
            layer("RUN change", file("/etc/a", 200), gone("/etc/d")),
            layer("RUN mode", file("/etc/c", 70, 0o4755)),
            layer("RUN again", file("/etc/c", 70, 0o4755)),
        ),
    )
    sound(target)
    built = stack_of(target)
    assert [one.size_bytes for one in built[1:]] == [200, 70, 70]
    assert merge.seen(built, "/etc/d") is None
    mode = merge.seen(built, "/etc/c")
    assert mode is not None
    assert mode.entry.mode == 0o4755
    asked = [step.id for step in load(target).steps if step.ask]
    assert asked == ["layer-2", "layer-3", "layer-4"]


@pytest.mark.parametrize(
    "instruction",
    [
        'RUN echo {"a": "b"} && cat <<EOF',
        "RUN " + "x" * 500,
        "RUN install 12 files and 3 layers",
        "# escape=`",
        "RUN trailing \\",
        "RUN \x1b[31mred\x1b[0m\ttab",
        'CMD ["sh"] : # "quoted" \'too\'',
        "安装三个文件",
        "",
        "{}",
        "%YAML 1.2",
        "- a: b",
    ],
)
def test_whatever_the_history_says_the_lesson_is_sound(tmp_path: Path, instruction: str) -> None:
    sound(written(tmp_path, image(layer(instruction, file("/a")), layer(instruction, file("/a", 20)))))


@pytest.mark.parametrize(
    "entries",
    [
        (file("/with blank"), file("/quo'te"), file("/$(rm -rf x)"), file("/bra{ce}"), file("/new\nline")),
        (file("/caf\udce9"), file("/中文"), file("/-rf"), file("/~"), file("/a" * 100)),
        (Entry("/l", Kind.SYMLINK, linkname="nowhere"), Entry("/m", Kind.SYMLINK, linkname="a b")),
        (Entry("/p", Kind.FIFO), Entry("/c", Kind.CHAR, device=(1, 3)), Entry("/h", Kind.HARDLINK, linkname="/p")),
        (file("/bin/sh"), file("/usr/bin/env"), file("/lib/x"), Entry("/usr/bin", Kind.DIR)),
        (Entry("/only", Kind.DIR), Entry("/only/dirs", Kind.DIR)),
        (),
    ],
)
def test_whatever_the_layers_hold_the_lesson_is_sound(tmp_path: Path, entries: tuple[Entry, ...]) -> None:
    sound(written(tmp_path, image(layer(COPY, *entries), layer("RUN x", *entries), layer(COPY, file("/z")))))


def test_a_file_takes_the_place_of_a_directory_that_was_emptied_before(tmp_path: Path) -> None:
    emptied = layer("", Entry("/b/a", Kind.DIR, opaque=True))
    target = written(tmp_path, image(layer("", file("/b/a")), emptied, layer("", file("/a"), file("/b"))))
    sound(target)
    made = stack_of(target)[2].entries.at("/b")
    assert made and made.kind is Kind.FILE


@given(STACKS.filter(lambda layers: len(layers) > 0))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_stacks_made_by_chance_become_sound_lessons(tmp_path: Path, layers: tuple[Layer, ...]) -> None:
    target = written(tmp_path, image(*(replace(one, created_by="RUN x") for one in layers)))
    sound(target)
    assert len(stack_of(target)) == len(layers)


def test_types_that_change_are_built_again(tmp_path: Path) -> None:
    link, directory = Entry("/l", Kind.SYMLINK, linkname="nowhere"), file("/d/x/y", 7)
    target = written(
        tmp_path,
        image(
            layer(COPY, link, directory, file("/f", 5), *(file(f"/big{number}", 900 + number) for number in range(9))),
            layer("RUN x", file("/l", 0), file("/d", 0), file("/f/below", 1)),
            layer("RUN y", Entry("/f", Kind.SYMLINK, linkname="d"), file("/l/x", 2)),
        ),
    )
    sound(target)
    assert len(stack_of(target)) == 3
    loop = Entry("/l", Kind.SYMLINK, linkname="l")
    sound(written(tmp_path, image(layer(COPY, loop), layer("RUN x", loop), layer("RUN y", loop))))
    bare = layer("RUN x", Entry("/d", Kind.DIR), Entry("/d/e", Kind.DIR))
    sound(written(tmp_path, image(layer(COPY), bare, layer("RUN y", file("/d")))))


def test_a_layer_that_is_known_by_its_ids_only_is_walked_past(tmp_path: Path) -> None:
    sound(
        written(tmp_path, image(layer(COPY, file("/a")), Layer(0, Table(), "ADD x", quoted_diff_id=f"sha256:{1:064x}")))
    )


def test_of_very_many_layers_the_lower_ones_are_walked_through(tmp_path: Path) -> None:
    many = image(*(layer(f"RUN {number}", file(f"/f{number}")) for number in range(MOST_LAYERS + 20)))
    lesson = load(written(tmp_path, many))
    assert len(lesson.steps) == MOST_LAYERS + 1
    assert str(MOST_LAYERS + 20) in (lesson.steps[-1].notes or lesson.title).en


def test_an_image_without_layers_is_refused() -> None:
    with pytest.raises(ValueError, match="no layers"):
        lesson_of(image(), "empty")


@pytest.mark.parametrize(
    ("name", "ref"),
    [
        ("dive-test:latest", "dive-test"),
        ("registry.example/Some/App_Name:1.2", "app-name-1-2"),
        ("redis@sha256:0123", "redis"),
        ("3scale", "image-3scale"),
        ("disk", "image-disk"),
        ("…", "image"),
    ],
)
def test_the_lessons_id_is_its_images_name_in_small_letters(name: str, ref: str) -> None:
    assert ref_of(name) == ref
