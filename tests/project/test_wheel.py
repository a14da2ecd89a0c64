"""The wheel stands alone: installed away from the checkout it has its lessons, fonts and commands."""

import os
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

import layerviz
from layerviz.app import small_pictures

CHECKOUT = Path(layerviz.__file__).resolve().parent.parent


def called(command: Sequence[str | Path], folder: Path) -> "subprocess.CompletedProcess[str]":
    environment = {**os.environ, "LAYERVIZ_LANG": "en", "QT_QPA_PLATFORM": "offscreen"}
    environment.pop("PYTHONPATH", None)
    return subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(CHECKOUT)]
    built = called(build, folder)
    assert built.returncode == 0, built.stderr
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def layerviz_command(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The command `layerviz` of an environment that holds the wheel, and this one's libraries behind it."""
    environment = tmp_path_factory.mktemp("installed")
    venv.create(environment, with_pip=False, symlinks=os.name != "nt")
    scheme = sysconfig.get_paths("venv", vars={"base": str(environment), "platbase": str(environment)})
    pip = [sys.executable, "-m", "pip", "--python", str(environment), "install", "--quiet", "--no-deps", str(wheel)]
    installed = called(pip, environment)
    assert installed.returncode == 0, installed.stderr
    # Only the libraries: a path added by a .pth file has its own .pth files left alone, the editable checkout's too.
    Path(scheme["purelib"], "libraries.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    where = called(
        [environment / scheme["scripts"] / "python", "-c", "import layerviz; print(layerviz.__file__)"], environment
    )
    assert Path(where.stdout.strip()).is_relative_to(environment), where
    return environment / scheme["scripts"] / "layerviz"


def test_the_wheel_holds_data_and_licences_and_nothing_of_the_workshop(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    for folder in ("lessons", "assets"):
        shipped = {f"layerviz/_data/{file.relative_to(CHECKOUT).as_posix()}" for file in files_in(CHECKOUT / folder)}
        assert shipped <= names
        assert shipped
    assert any(name.endswith("licenses/LICENSE") for name in names)
    assert "layerviz/py.typed" in names
    assert not [name for name in names if name.startswith(("tests/", "tools/", "docs/"))]


def files_in(folder: Path) -> list[Path]:
    return [file for file in folder.rglob("*") if file.is_file()]


def test_the_installed_command_says_its_version(layerviz_command: Path, tmp_path: Path) -> None:
    assert called([layerviz_command, "--version"], tmp_path).stdout == f"layerviz {layerviz.__version__}\n"


def test_the_installed_pictures_are_of_the_installed_lessons(layerviz_command: Path, tmp_path: Path) -> None:
    code = "from layerviz.app import small_pictures; print(small_pictures.fingerprint())"
    said = called([layerviz_command.parent / "python", "-c", code], tmp_path)
    assert said.stdout.strip() == small_pictures.fingerprint(), said.stderr


def test_the_installed_lessons_are_sound(layerviz_command: Path, tmp_path: Path) -> None:
    checked = called([layerviz_command, "lessons", "check"], tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")


def test_the_installed_command_exports_a_picture(layerviz_command: Path, tmp_path: Path) -> None:
    exported = called(
        [layerviz_command, "export", "two-layers-six-files", "--step", "3", "--format", "png", "-o", "step.png"],
        tmp_path,
    )
    assert (exported.returncode, exported.stderr) == (0, "")
    assert (tmp_path / "step.png").read_bytes().startswith(b"\x89PNG\r\n\x1a\n")
