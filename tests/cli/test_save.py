"""`layerviz save` writes an image from wherever it is to where other tools find it."""

import json
import os
import signal
import subprocess
import sys
import tarfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from layerviz.engine.digests import image_id
from layerviz.images.opening import image_of
from layerviz.lessons import lessons, play
from tests.cli import made
from tests.images import archives, layouts
from tests.images.archives import File

Invoke = Callable[..., Result]
LAYER = archives.layer([File("a", b"1")])


def test_an_archive_becomes_a_layout_and_its_id_is_printed(invoke: Invoke, tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.old([LAYER]))
    done = invoke("save", file, f"oci:{tmp_path}/out:x")
    assert (done.exit_code, done.stderr) == (0, "")
    assert done.stdout == f"sha256:{archives.digest(archives.config([LAYER]))}\n"
    assert done.stdout.strip() == image_id(image_of(f"oci:{tmp_path}/out:x").image)
    quiet = invoke("save", "--quiet", file, f"oci-archive:{tmp_path}/out.tar:x")
    assert (quiet.exit_code, quiet.stdout) == (0, done.stdout)


def test_an_image_that_a_script_makes_is_saved_with_its_id(invoke: Invoke, tmp_path: Path) -> None:
    script = tmp_path / "make.sh"
    script.write_text("echo 1 > f\nprintf 'FROM scratch\\nCOPY f /\\n' > Dockerfile\ndocker build -q -t one .\n")
    done = invoke("save", f"script:{script}:one", f"docker-archive:{tmp_path}/out.tar")
    assert done.exit_code == 0
    brought = image_of(f"{tmp_path}/out.tar")
    assert done.stdout.strip() == image_id(brought.image)
    assert brought.refs == ("one:latest",)


def test_an_image_of_a_lesson_is_saved(invoke: Invoke, tmp_path: Path) -> None:
    lesson, ref, image = next(
        (lesson, ref, image)
        for lesson in lessons()
        for ref, key in play(lesson).steps[-1].after.tags
        for image in play(lesson).steps[-1].after.images
        if image.key == key and image.layers and not image.quoted
    )
    done = invoke("save", f"lesson:{lesson.id}:{ref}", f"docker-archive:{tmp_path}/out.tar")
    assert (done.exit_code, done.stdout) == (0, f"{image_id(image)}\n")
    assert image_id(image_of(f"{tmp_path}/out.tar").image) == image_id(image)


def test_the_platform_is_chosen(invoke: Invoke, tmp_path: Path) -> None:
    layout = layouts.Layout()
    layout.list(layout.index(layout.image([LAYER], on="linux/amd64"), layout.image([LAYER], on="linux/s390x")), "x")
    folder = layout.folder(tmp_path / "in")
    done = invoke("save", folder, f"docker-archive:{tmp_path}/out.tar", "--platform", "linux/s390x")
    assert done.exit_code == 0
    with tarfile.open(tmp_path / "out.tar") as tar:
        said = tar.extractfile(json.load(tar.extractfile("manifest.json"))[0]["Config"])  # type: ignore[arg-type] # it is a file
        assert said is not None
        assert json.load(said)["architecture"] == "s390x"
    wrong = invoke("save", folder, f"docker-archive:{tmp_path}/other.tar", "--platform", "linux/arm64")
    assert wrong.exit_code == 1
    assert "it has linux/amd64, linux/s390x; choose one of these with --platform" in wrong.stderr


def test_what_goes_wrong_is_one_sentence_and_nothing_is_written(invoke: Invoke, tmp_path: Path) -> None:
    file = archives.written(tmp_path, archives.old([LAYER]))
    for image, target, words in (
        (file, f"{tmp_path}/out.tar", "names no place to write an image to"),
        (file, f"oci:{tmp_path}/none/out:x", "its folder does not exist"),
        (f"{file}:none", f"oci:{tmp_path}/out:x", "holds no image none"),
        ("alpine", f"oci:{tmp_path}/out:x", "is no file and no folder here"),
        ("lesson:none:x", f"oci:{tmp_path}/out:x", "none"),
    ):
        done = invoke("save", image, target)
        assert (done.exit_code, done.stdout) == (1, "")
        assert words in done.stderr
        assert len(done.stderr.splitlines()) == 1
    assert [one.name for one in tmp_path.iterdir()] == ["image.tar"]


@pytest.mark.skipif(os.name != "posix", reason="there is no SIGTERM that a program hears")
def test_a_save_that_is_ended_leaves_nothing_behind(tmp_path: Path) -> None:
    file = made.image(tmp_path / "from", [File("zeros", bytes(1 << 26))])
    target = tmp_path / "to"
    target.mkdir()
    for _ in range(5):
        command = [sys.executable, "-m", "layerviz", "save", file, f"docker-archive:{target / 'x.tar'}"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE) as saving:
            while saving.poll() is None and not any(target.iterdir()):
                time.sleep(0.001)
            saving.terminate()
            told = saving.communicate(timeout=60)[1]
        if saving.returncode == 128 + signal.SIGTERM:
            break
        (target / "x.tar").unlink()
    assert (saving.returncode, told) == (128 + signal.SIGTERM, b"")
    assert list(target.iterdir()) == []


@pytest.mark.parametrize("text", ["nonsense", "linux/", "linux/amd64/", "linux amd64", "plan9/amd64"])
def test_what_names_no_platform_is_wrong_usage(invoke: Invoke, tmp_path: Path, text: str) -> None:
    wrong = invoke("tree", f"{tmp_path}/any.tar", "--platform", text)
    assert wrong.exit_code == 2
    assert "names no platform" in wrong.stderr and "linux/amd64" in wrong.stderr
