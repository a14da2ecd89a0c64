"""What a click or a drag could have been typed as."""

import pytest

from layerviz.app.hand_commands import Refused, offer
from layerviz.engine.apply import empty_world
from layerviz.engine.world import World
from layerviz.shell import run_script

SETUP = """\
mkdir e
echo "File 8" > e/file2
printf 'FROM alpine\\nCOPY e/ /files/\\n' > Dockerfile
docker build -t six .
docker run -dit --name c1 six
"""


@pytest.fixture(scope="module")
def world() -> World:
    return run_script(empty_world(), SETUP)[-1].world


def test_a_folder_on_an_image_becomes_a_layer(world: World) -> None:
    assert offer(world, "host:/e", "six[1]", ("six",)) == ('echo "COPY e/ /" >> Dockerfile', "docker build -t six .")


def test_the_suggested_copy_has_something_to_copy(world: World) -> None:
    """Nobody who drags an instruction into a new Build has made a folder before."""
    assert offer(world, "instruction:COPY a/ /", "", ("six",)) == (
        'echo "COPY e/ /" >> Dockerfile',
        "docker build -t six .",
    )
    made = offer(empty_world(), "instruction:COPY a/ /", "", ())
    assert isinstance(made, tuple)
    built = run_script(empty_world(), "\n".join(made) + "\n")[-1]
    assert built.status == 0 and [image.layers[-1].created_by for image in built.world.images] == ["COPY a/ /"]


def test_a_file_goes_where_the_stage_stands(world: World) -> None:
    made = offer(world, "host:/e/file2", "", ("six",), "/files")
    assert made == ('echo "COPY e/file2 /files/" >> Dockerfile', "docker build -t six .")


def test_a_folder_on_a_containers_own_layer_is_copied_into_it(world: World) -> None:
    assert offer(world, "host:/e", "c1[3]", ("c1",), "/files") == ("docker cp e/. c1:/files",)


def test_a_layer_of_the_image_below_a_container_takes_nothing(world: World) -> None:
    assert offer(world, "host:/e", "c1[2]", ("c1",), "/files") == Refused("build.read_only", (("n", 2),))


def test_the_dockerfile_itself_is_built(world: World) -> None:
    assert offer(world, "host:/Dockerfile", "", ("six",)) == ("docker build -t six .",)


def test_an_instruction_begins_from_scratch_where_there_is_no_dockerfile() -> None:
    made = offer(empty_world(), "instruction:ENV A=b", "", ())
    assert made == ('echo "FROM scratch" > Dockerfile', 'echo "ENV A=b" >> Dockerfile', "docker build -t mine .")


def test_quotes_in_an_instruction_survive_the_shell(world: World) -> None:
    made = offer(world, 'instruction:CMD ["sh", "-c", "echo $HOME \'x\'"]', "", ("six",))
    assert not isinstance(made, Refused)
    after = run_script(world, "\n".join(made))[-1].world
    image = next(image for image in after.images if image.config.cmd == ("sh", "-c", "echo $HOME 'x'"))
    assert image is not None


def test_a_container_takes_the_next_free_name(world: World) -> None:
    assert offer(world, "run:", "", ("six",)) == ("docker run -dit --name c2 six",)


def test_without_an_image_nothing_can_be_run() -> None:
    assert offer(empty_world(), "run:", "", ()) == Refused("build.no_image_yet")


def test_an_instruction_on_a_pulled_image_stands_on_it_and_leaves_its_name_alone() -> None:
    pulled = run_script(empty_world(), "docker pull alpine\ndocker run -dit --name c1 alpine\n")[-1].world
    for shown in (("alpine",), ("c1",)):
        made = offer(pulled, "instruction:RUN touch /new", "", shown)
        assert isinstance(made, tuple)
        assert made[0].startswith('echo "FROM alpine') and made[-1] == "docker build -t mine ."
        built = run_script(pulled, "\n".join(made) + "\n")[-1]
        assert built.status == 0
        new = next(image for image in built.world.images if image.layers[-1].created_by.endswith("touch /new"))
        assert len(new.layers) == 2 and built.world.containers[0].image in built.world.images


def test_a_container_is_run_of_the_image_on_the_stage_wherever_it_came_from() -> None:
    pulled = run_script(empty_world(), "docker pull alpine\n")[-1].world
    assert offer(pulled, "run:", "", ("alpine",)) == ("docker run -dit --name c1 alpine",)
