"""One Dockerfile built here and by buildah on the kernel's overlayfs: the same tree, the same names in each layer."""

import os
from pathlib import Path

import pytest

from layerviz.engine.apply import empty_world
from layerviz.engine.find import image_by_ref
from layerviz.engine.world import Image
from layerviz.images.opening import images_in
from layerviz.images.ports import ports
from layerviz.shell import run_script
from tests.differential.peers import Node, Store, needs, shown, store
from tests.differential.scripts import by_chance, dockerfile_by_chance

REAL = Path(
    os.environ.get("LAYERVIZ_TEST_IMAGE")
    or Path(__file__).parents[2] / ".." / "shared" / "data" / "test-docker-image.tar"
)
CONTEXT = {
    "a/one": "1\n",
    "a/two": "2\n",
    "a/sub/three": "3\n",
    "a/sub/.hidden": "h\n",
    "b/one": "other\n",
    "top.txt": "top\n",
    "top.log": "log\n",
    "run.sh": "#!/bin/sh\n",
}
COPIES = {
    "folders and single files": """\
COPY a/ /
COPY a /dest/
COPY a /other
COPY top.txt /
COPY top.txt /new/name.txt
COPY top.txt run.sh a/one /bin/
COPY top.* /data/
COPY ["a/one", "a/two", "/json/"]
COPY . /all/""",
    "one over the other, and the same twice": """\
COPY a/ /
COPY b/ /
COPY a/ /x/
COPY a/ /x/""",
    "working directories and variables": """\
WORKDIR /w/x
COPY a/one .
COPY a/two ./z/
ENV TO=/var/lib N=two
COPY a/$N ${TO}/
ENV TO $TO/deeper
WORKDIR $TO
COPY b/one .""",
}
# What buildah itself puts into a layer to mount things there.
MOUNTED = {"/etc", "/etc/hostname", "/etc/hosts", "/etc/resolv.conf", "/proc", "/run", "/sys", "/dev"}
CHANCES = 16
PLACES = ("p", "q", "r", "root", "saved.txt", ".data")


def built_here(dockerfile: str, load: Path | None = None) -> Image:
    lines = [f"docker load -q -i '{load}'"] if load else []
    for name, text in CONTEXT.items():
        folder = os.path.dirname(name)
        lines += [f"mkdir -p {folder}"] if folder else []
        lines.append(f"cat > {name} <<'X'\n{text}X")
    lines += ["chmod 755 run.sh", f"cat > Dockerfile <<'X'\n{dockerfile}\nX", "docker build -t built ."]
    results = run_script(empty_world(), "\n".join(lines), ports("/"))
    assert results[-1].status == 0, results[-1].stderr
    image = image_by_ref(results[-1].world, "built")
    assert image is not None
    return image


def built_there(there: Store, folder: Path, dockerfile: str, *how: str) -> Image:
    context = folder / "context"
    for name, text in CONTEXT.items():
        (context / name).parent.mkdir(parents=True, exist_ok=True)
        (context / name).write_text(text)
    (context / "run.sh").chmod(0o755)
    (context / "Dockerfile").write_text(f"{dockerfile}\n")
    there.buildah("bud", "-q", "--isolation", "chroot", "--format", "docker", *how, "-t", "built", str(context))
    there.buildah("push", "-q", "built", f"docker-archive:{folder}/built.tar:built")
    (brought,) = images_in(str(folder / "built.tar"))
    return brought.image


def names(image: Image) -> list[set[str]]:
    """What each layer with anything in it holds: paths, whiteouts marked.

    Docker's WORKDIR makes a layer of the directory; buildah leaves it to the next instruction, and here both are one.
    """
    layers: list[set[str]] = []
    waiting: set[str] = set()
    for layer in image.layers:
        waiting |= {
            f"{'-' if entry.is_whiteout else ''}{entry.path}"
            for entry in map(layer.entries.entry, range(len(layer.entries)))
            if entry.path not in MOUNTED and not entry.implied
        }
        if waiting and not layer.created_by.startswith("WORKDIR"):
            layers.append(waiting)
            waiting = set()
    return layers


def tree(image: Image) -> dict[str, Node]:
    return {path: node for path, node in shown(image.layers).items() if path not in MOUNTED}


@needs("buildah")
def test_copies_in_all_their_forms_end_in_the_same_trees(tmp_path: Path) -> None:
    with store() as there:
        for number, (form, lines) in enumerate(COPIES.items()):
            folder = tmp_path / str(number)
            folder.mkdir()
            dockerfile = f"FROM scratch\n{lines}"
            assert tree(built_here(dockerfile)) == tree(built_there(there, folder, dockerfile)), form


@needs("buildah")
@pytest.mark.parametrize("first", range(0, CHANCES, 4))
def test_dockerfiles_made_by_chance_end_in_the_same_layers(tmp_path: Path, first: int) -> None:
    with store("overlay") as there:
        for seed in range(first, first + 4):
            folder = tmp_path / str(seed)
            folder.mkdir()
            dockerfile = dockerfile_by_chance(seed)
            ours, theirs = built_here(dockerfile), built_there(there, folder, dockerfile, "--layers")
            assert tree(ours) == tree(theirs), dockerfile
            assert names(ours) == names(theirs), dockerfile


@needs("buildah")
@pytest.mark.skipif(not REAL.is_file(), reason=f"there is no real archive at {REAL} (LAYERVIZ_TEST_IMAGE)")
def test_what_real_programs_do_on_overlayfs_is_what_ours_do_here(tmp_path: Path) -> None:
    runs = [f"RUN {by_chance(seed, 8, PLACES)}; true" for seed in range(6)]
    dockerfile = "\n".join(["FROM dive-test", *runs])
    with store("overlay") as there:
        there.buildah("pull", "-q", f"docker-archive:{REAL}")
        theirs = built_there(there, tmp_path, dockerfile, "--layers")
    ours = built_here(dockerfile, REAL.resolve())
    assert tree(ours) == tree(theirs)
    assert names(ours) == names(theirs)
