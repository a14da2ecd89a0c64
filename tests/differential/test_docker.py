"""Docker itself: what it prints of a script, does in a container, builds, loads and saves is what layerviz says."""

import json
import os
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner

from layerviz.cli.root import layerviz
from layerviz.engine.apply import empty_world
from layerviz.engine.digests import diff_id, image_id
from layerviz.engine.find import image_by_ref
from layerviz.engine.sizes import size_of_layer
from layerviz.engine.world import Image, Layer, World
from layerviz.images.opening import image_of, images_of
from layerviz.images.ports import ports
from layerviz.images.saving import save, save_image, target
from layerviz.images.verifying import check_diff_ids
from layerviz.shell import run_script
from layerviz.shell.units import size
from tests.differential.docker_engine import Docker, comparable, docker
from tests.differential.peers import shown
from tests.differential.scripts import BASE, BY_HAND, by_chance, dockerfile_by_chance
from tests.differential.test_built_images import CONTEXT, PLACES, REAL

needs_programs = pytest.mark.skipif(
    not REAL.is_file(), reason=f"there is no real archive at {REAL} (LAYERVIZ_TEST_IMAGE)"
)
DAY = r"""
docker load -i {real}
mkdir files; echo one > files/one; echo two > files/two
printf 'FROM dive-test\nENV A=b\nCOPY files/ /files/\nRUN echo more >> /files/one; rm /files/two\n' > Dockerfile
printf 'WORKDIR /w/x\nLABEL who=me\nENTRYPOINT ["sh"]\nCMD ["-l"]\n' >> Dockerfile
docker build -t six .
docker build -q -t six .
docker run -dit --name c1 six >/dev/null
docker exec c1 sh -c 'echo more >> /files/one; rm -r /tmp; mkdir /n; touch /n/x; chmod 700 /etc; mv /etc/group /etc/g'
docker diff c1 | sort
sleep 1
docker commit -m 'some words' c1 kept >/dev/null
docker images
docker history six
docker history kept
docker history --no-trunc -H=false kept
docker ps -a
docker ps -s
docker tag kept kept:2
docker rmi kept
docker rmi six
docker rm -f c1
docker save -o kept.tar kept:2
docker rmi kept:2
docker load -i kept.tar
docker load -q -i kept.tar
docker images
docker image prune -f
docker system df
docker run --rm --entrypoint cat kept:2 /files/one
docker run --name c2 kept:2 -c false; echo $?
docker ps -a --format '{{{{.Names}}}} {{{{.Status}}}} {{{{.Image}}}} {{{{.Command}}}}'
docker run --entrypoint nosuch kept:2; echo $?
docker rmi kept:2; echo $?
docker image inspect -f '{{{{.Comment}}}} {{{{json .Config}}}} {{{{.Os}}}} {{{{json .RootFS.Layers}}}}' kept:2
docker inspect -f '{{{{.Path}}}} {{{{json .Args}}}} {{{{json .State.Status}}}} {{{{.Image}}}} {{{{.Name}}}}' c2
docker images -aq | wc -l
docker images 'k*'
docker system df
docker container prune -f
docker rmi kept:2 six
docker images -aq | wc -l
"""


ASKED = r"""
docker load -q -i {real}
mkdir files; echo one > files/one
printf 'FROM dive-test\nENV A=b\nCOPY files/ /files/\nRUN echo more >> /files/one\n' > Dockerfile
printf 'LABEL who=me\nCMD ["sh"]\n' >> Dockerfile
docker build -t six . >/dev/null 2>&1
docker run -dit --name c1 -e X=y six >/dev/null
docker run --name c2 six sh -c 'echo out; echo more; echo err >&2; exit 3' 2>/dev/null
docker start -a c2 2>/dev/null; echo $?
docker start c1 c1; echo $?
docker start nosuch c1 nosuch2 2>&1; echo $?
docker start -a c1 c2 2>&1; echo $?
docker logs c2 2>/dev/null
docker logs c2 2>&1 >/dev/null
docker logs --tail 2 c2 2>&1 | wc -l
docker logs c1
docker rename c2 c3; docker rename c3 c1 2>&1; echo $?
docker rename nosuch x1 2>&1; docker rename c3 c3 2>&1; docker rename c3 '' 2>&1; docker rename c3 'a b' 2>&1
docker rename c3 c2; docker ps -a --format '{{{{.Names}}}}'
docker info --format '{{{{.Driver}}}} {{{{.Images}}}} {{{{.Containers}}}} {{{{.ContainersRunning}}}} {{{{.OSType}}}}'
docker system df; docker system df -v
docker system df --format '{{{{.Type}}}}: {{{{.TotalCount}}}} {{{{.Active}}}} {{{{.Size}}}} {{{{.Reclaimable}}}}'
docker images --filter reference='six*' -q
docker images --filter label=who=me -q | wc -l; docker images --filter label=who=you -q | wc -l
docker images --filter before=six --format '{{{{.Repository}}}}'
docker images --filter since=dive-test --format '{{{{.Repository}}}}'
docker images --filter dangling=maybe 2>&1 | tr I i; docker images --filter bad=x 2>&1 | tr I i
docker images --filter nonsense 2>&1; echo $?
docker ps -a --filter status=exited --format '{{{{.Names}}}}'; docker ps --filter exited=3 --format '{{{{.Names}}}}'
docker ps -a --filter ancestor=dive-test --format '{{{{.Names}}}}'
docker ps -a --filter since=c1 --format '{{{{.Names}}}}'; docker ps -n 1 --format '{{{{.Names}}}}'
docker ps -a --filter status=nope 2>&1 | tr I i
docker inspect -s -f '{{{{.SizeRw}}}} {{{{.SizeRootFs}}}}' c1
docker system prune -f
docker rm -f c1
docker image prune -f
docker system prune -af | tail -1
docker images -aq | wc -l
"""


@pytest.fixture(scope="module")
def there() -> Iterator[Docker]:
    with docker() as engine:
        yield engine


@pytest.fixture(autouse=True)
def asked(there: Docker, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DOCKER_HOST", there.socket)
    monkeypatch.setenv("LAYERVIZ_CACHE", str(tmp_path / "cache"))


def played(script: str, folder: Path, world: World | None = None) -> tuple[str, World]:
    """What a script prints here, and the world after it."""
    results = run_script(world or empty_world(), script, ports(str(folder)), keep_going=True)
    return "".join(result.stdout for result in results), results[-1].world


def named(world: World, ref: str) -> Image:
    image = image_by_ref(world, ref)
    assert image is not None, ref
    return image


def empty(there: Docker) -> None:
    for one in there("ps", "-aq").split():
        there("rm", "-f", one)
    there("image", "prune", "-af")


def folders(tmp_path: Path) -> tuple[Path, Path]:
    here, yonder = tmp_path / "here", tmp_path / "there"
    here.mkdir()
    yonder.mkdir()
    return here, yonder


@needs_programs
def test_a_day_with_docker_prints_the_same(there: Docker, tmp_path: Path) -> None:
    here, yonder = folders(tmp_path)
    script = DAY.format(real=shlex.quote(str(REAL.resolve())))
    assert comparable(played(script, here)[0]) == comparable(there.play(script, yonder))


@needs_programs
def test_what_people_ask_docker_is_answered_alike(there: Docker, tmp_path: Path) -> None:
    here, yonder = folders(tmp_path)
    empty(there)
    script = ASKED.format(real=shlex.quote(str(REAL.resolve())))
    assert comparable(played(script, here)[0]) == comparable(there.play(script, yonder))


@needs_programs
def test_what_programs_change_in_a_container_is_what_docker_diff_and_commit_say(there: Docker, tmp_path: Path) -> None:
    changes = [*BY_HAND.values(), *(f"{by_chance(seed, 10, PLACES)}; true" for seed in range(2))]
    here, yonder = folders(tmp_path)
    start = f"docker load -q -i {REAL.resolve()}\n{BASE.replace('FROM scratch', 'FROM dive-test')}"
    _, world = played(start, here)
    save(world, ["base:latest"], str(tmp_path / "base.tar"))
    there("load", "-q", "-i", tmp_path / "base.tar")
    for number, commands in enumerate(changes):
        lines = (
            f"docker run --name c{number} base sh -c {shlex.quote(commands)} >/dev/null\ndocker diff c{number} | sort\n"
        )
        lines += f"docker commit c{number} r{number} >/dev/null\n"
        ours, world = played(lines, here, world)
        assert ours == there.play(lines, yonder), commands
        if number % 4 and number < len(BY_HAND):
            continue
        brought = image_of(f"docker-daemon:r{number}")
        assert shown(brought.image.layers) == shown(named(world, f"r{number}").layers), commands
    told = {ref: one.image for one in images_of("docker-daemon:") for ref in one.refs}
    for number, commands in enumerate(changes):
        mine, theirs = (image.layers[-1] for image in (named(world, f"r{number}"), told[f"r{number}:latest"]))
        assert theirs.size_bytes == size_of_layer(mine), commands


LINKED = r"""
mkdir -p c/bin; head -c 3000 /dev/zero > c/bin/tool; ln c/bin/tool c/bin/same; ln -s bin/tool c/short
ln -s /a/very/long/way/to/nothing/that/there/is/at/all/so/that/it/counts/in/the/sizes/that/are/printed c/long
printf 'FROM scratch\nCOPY c/ /\n' | cat - > Dockerfile
docker build -q -t scratch-links . >/dev/null
printf 'FROM dive-test\nCOPY c/ /c/\nRUN ln /c/bin/tool /hard; ln -s /hard /soft; ln -s x /c/bin/y\n' > Dockerfile
printf 'RUN rm /c/long; mv /soft /hard2; chmod 700 /hard\n' >> Dockerfile
docker build -q -t links . >/dev/null
docker run --name l1 links sh -c 'ln -s /way/to/nothing /n; ln /hard /again; rm /c/short; echo 1 >> /c/bin/same'
docker ps -as --format '{{.Names}} {{.Size}}'
docker commit l1 more >/dev/null
docker history -H=false --format '{{.Size}}' more
docker history --format '{{.Size}}' scratch-links
docker image inspect -f '{{.Size}}' scratch-links links more
docker images --format '{{.Repository}} {{.Size}}' | sort
docker system df --format '{{.Type}} {{.Size}} {{.Reclaimable}}'
docker rm l1
docker rmi more >/dev/null
docker rmi scratch-links links >/dev/null; docker image prune -f | tail -1
"""


@needs_programs
def test_symlinks_and_hard_links_count_for_docker_as_they_do_here(there: Docker, tmp_path: Path) -> None:
    here, yonder = folders(tmp_path)
    empty(there)
    script = f"docker load -q -i {shlex.quote(str(REAL.resolve()))}{LINKED}"
    assert played(script, here)[0].splitlines() == there.play(script, yonder).splitlines()


def test_dockerfiles_made_by_chance_are_built_into_the_same_layers(there: Docker, tmp_path: Path) -> None:
    here, yonder = folders(tmp_path)
    for seed in range(4):
        context = yonder / str(seed)
        lines = []
        for name, text in (CONTEXT | {"Dockerfile": dockerfile_by_chance(seed) + "\n"}).items():
            (context / name).parent.mkdir(parents=True, exist_ok=True)
            (context / name).write_text(text)
            lines.append(f"mkdir -p {os.path.dirname(name) or '.'}; cat > {name} <<'X'\n{text}X\n")
        (context / "run.sh").chmod(0o755)
        script = (
            "docker build -t built . | grep Step\ndocker history --no-trunc --format '{{.CreatedBy}}|{{.Size}}' built"
        )
        script += "\ndocker image inspect -f '{{json .Config}}' built"
        ours, world = played("".join(lines) + f"chmod 755 run.sh\n{script}", here)
        assert ours == there.play(script, context), (context / "Dockerfile").read_text()
        image, built = named(world, "built"), image_of("docker-daemon:built").image
        assert shown(image.layers) == shown(built.layers)
        assert [names(layer) for layer in image.layers] == [names(layer) for layer in built.layers]


def names(layer: Layer) -> set[str]:
    entries = layer.entries
    found = map(entries.entry, range(len(entries)))
    return {("-" if one.is_whiteout else "") + one.path for one in found if not one.implied}


def test_what_is_saved_here_docker_loads_under_its_id_and_gives_back_byte_by_byte(
    there: Docker, tmp_path: Path
) -> None:
    _, world = played(BASE.replace("-t base", "-t alone"), tmp_path)
    image = named(world, "alone")
    save(world, ["alone:latest"], str(tmp_path / "alone.tar"))
    assert there("load", "-i", tmp_path / "alone.tar") == "Loaded image: alone:latest"
    assert there("image", "inspect", "-f", "{{.Id}}", "alone") == image_id(image)
    assert there.layers("alone") == [diff_id(layer) for layer in image.layers]
    brought = image_of("docker-daemon:alone")
    assert image_id(brought.image) == image_id(image)
    assert shown(brought.image.layers) == shown(image.layers)
    there("save", "-o", tmp_path / "back.tar", "alone")
    back = image_of(str(tmp_path / "back.tar"))
    check_diff_ids([back])
    assert image_id(back.image) == image_id(image)


def test_of_an_image_of_docker_that_is_saved_every_form_is_loaded_again(there: Docker, tmp_path: Path) -> None:
    there("load", "-q", "-i", REAL)
    there.play(
        "printf 'FROM dive-test\\nRUN echo 1 > /x; ln /x /y; rm -r /root\\n' | docker build -q -t built -", tmp_path
    )
    expected, layers = there("image", "inspect", "-f", "{{.Id}}", "built"), there.layers("built")
    brought = image_of("docker-daemon:built")
    for form in ("docker-archive", "oci-archive", "oci"):
        save_image(
            brought, target(f"{form}:{tmp_path}/{form}:built:1" if form[0] == "d" else f"{form}:{tmp_path}/{form}:1")
        )
        there("rmi", "-f", "built", "built:1")
        again = image_of(f"{form}:{tmp_path}/{form}")
        assert (image_id(again.image), [diff_id(layer) for layer in again.image.layers]) == (expected, layers)
        if form == "docker-archive":
            # Since 25 docker also loads layouts.
            assert there("load", "-q", "-i", tmp_path / form) == "Loaded image: built:1"
            assert (there("image", "inspect", "-f", "{{.Id}}", "built:1"), there.layers("built:1")) == (
                expected,
                layers,
            )


@needs_programs
def test_what_docker_counts_as_shared_and_unique_is_what_is_listed_here(there: Docker, tmp_path: Path) -> None:
    there("load", "-q", "-i", REAL)
    script = "printf 'FROM dive-test\\nRUN echo 1 > /one\\nENV A=b\\nRUN true\\n' | docker build -q -t one -\n"
    script += "printf 'FROM one\\nRUN head -c 5000 /dev/zero > /two\\n' | docker build -q -t two -"
    there.play(script, tmp_path)
    told = CliRunner().invoke(layerviz, ["images", "docker-daemon:", "--json"])
    assert told.exit_code == 0, told.stderr
    ours = {
        one["id"]: [size(one[f"{what}_bytes"], 4) for what in ("shared", "unique")]
        for one in json.loads(told.stdout)["images"]
    }
    lines = [
        line.split() for line in there("system", "df", "-v").partition("Containers space")[0].splitlines()[3:] if line
    ]
    # REPOSITORY TAG ID, CREATED in several words, SIZE, SHARED SIZE, UNIQUE SIZE, CONTAINERS.
    theirs = {line[2]: line[-3:-1] for line in lines}
    assert {digits.removeprefix("sha256:")[:12]: sizes for digits, sizes in ours.items()} == theirs
    assert ["1.221MB", "5kB"] in theirs.values()
