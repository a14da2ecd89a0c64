"""docker run, exec, ps, diff, commit, cp, stop, start, rm (docker/cli container/*, moby daemon, v28.5.2)."""

import json
import re

import pytest

from layerviz.engine import find, merge
from layerviz.engine.world import Container, World
from tests.shell.playing import SIX, complaint, hints, last, output, play, world_of

CREATE_FAILED = (
    "docker: Error response from daemon: failed to create task for container: failed to create shim task: "
    "OCI runtime create failed: runc create failed: unable to start container process: "
)
HELP = "\n\nRun 'docker run --help' for more information"


@pytest.fixture(scope="module")
def alpine() -> World:
    return world_of("docker pull alpine")


@pytest.fixture(scope="module")
def c1() -> World:
    return world_of(SIX + "docker run -dit --name c1 six")


def container(world: World, name: str = "c1") -> Container:
    found = find.container_by_name(world, name)
    assert found is not None
    return found


def test_run_detached_prints_the_id_and_leaves_it_running(c1: World) -> None:
    text = output("docker run -dit --name c2 six", c1)
    world = world_of("docker run -dit --name c2 six", c1)
    assert text == f"{container(world, 'c2').id}\n" and re.fullmatch(r"[0-9a-f]{64}\n", text)
    assert container(world, "c2").state == "running"


def test_without_i_a_shell_reads_the_end_of_its_input_and_the_container_exits(alpine: World) -> None:
    world = world_of("docker run -d --name c1 alpine", alpine)
    assert (container(world).state, container(world).exit_code) == ("exited", 0)


def test_a_program_that_waits_keeps_its_container_running(alpine: World) -> None:
    world = world_of(
        "docker run -d --name c1 alpine sleep 100\ndocker run -d --name c2 alpine tail -f /dev/null", alpine
    )
    assert [one.state for one in world.containers] == ["running", "running"]


def test_run_gives_the_programs_output_and_status(alpine: World) -> None:
    result = last("docker run --rm alpine sh -c 'echo out; echo err >&2; exit 7'", alpine)
    assert (result.stdout, result.stderr, result.status) == ("out\n", "err\n", 7)
    assert result.world.containers == ()


def test_a_missing_image_is_pulled_with_all_lines_on_stderr() -> None:
    result = last("docker run --rm alpine echo hi")
    assert result.stdout == "hi\n"
    lines = result.stderr.splitlines()
    assert lines[:2] == ["Unable to find image 'alpine:latest' locally", "latest: Pulling from library/alpine"]
    assert lines[-1] == "Status: Downloaded newer image for alpine:latest"


@pytest.mark.parametrize(
    ("arguments", "message", "status"),
    [
        ("alpine foo", CREATE_FAILED + 'exec: "foo": executable file not found in $PATH: unknown', 127),
        ("alpine /foo", CREATE_FAILED + 'exec: "/foo": stat /foo: no such file or directory: unknown', 127),
        ("alpine /etc/passwd", CREATE_FAILED + 'exec: "/etc/passwd": permission denied: unknown', 126),
        ("alpine /bin", CREATE_FAILED + 'exec: "/bin": is a directory: unknown', 126),
        (
            "--name x! alpine",
            "docker: Error response from daemon: Invalid container name (x!), "
            "only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed",
            125,
        ),
        ("Foo", "docker: invalid reference format: repository name (library/Foo) must be lowercase", 125),
        ("--pull never nosuch", "docker: Error response from daemon: No such image: nosuch:latest", 125),
    ],
)
def test_a_run_that_fails_says_so_in_dockers_words(arguments: str, message: str, status: int, alpine: World) -> None:
    assert complaint(f"docker run {arguments}", alpine) == (message + HELP, status)


def test_a_container_whose_program_is_missing_stays_created(alpine: World) -> None:
    result = last("docker run -d --name c1 alpine foo", alpine)
    assert result.stdout == f"{container(result.world).id}\n", "-d prints the id even then"
    assert (container(result.world).state, result.status) == ("created", 127)


def test_a_name_that_is_taken_names_who_has_it(c1: World) -> None:
    assert complaint("docker run --name c1 six", c1) == (
        f'docker: Error response from daemon: Conflict. The container name "/c1" is already in use by container '
        f'"{container(c1).id}". You have to remove (or rename) that container to be able to reuse that name.{HELP}',
        125,
    )


def test_environment_directory_and_entrypoint_can_be_given(alpine: World) -> None:
    assert (
        output("docker run --rm -e A=1 -w /new/dir alpine sh -c 'echo $A $HOME; pwd'", alpine) == "1 /root\n/new/dir\n"
    )
    assert output("docker run --rm --entrypoint echo alpine hi", alpine) == "hi\n"
    world = world_of("docker run -dit --name c1 -e A=1 -w /tmp alpine", alpine)
    assert output("docker exec c1 sh -c 'echo $A; pwd'", world) == "1\n/tmp\n"


def test_input_is_passed_on_with_i_only(alpine: World) -> None:
    assert output("echo hi | docker run -i --rm alpine cat", alpine) == "hi\n"
    assert output("echo hi | docker run --rm alpine cat", alpine) == ""


@pytest.mark.parametrize(
    ("command", "message", "status"),
    [
        ("foo", 'exec: "foo": executable file not found in $PATH: unknown', 127),
        ("/etc/passwd", 'exec: "/etc/passwd": permission denied: unknown', 126),
    ],
)
def test_exec_says_on_stdout_that_a_program_is_missing(command: str, message: str, status: int, c1: World) -> None:
    result = last(f"docker exec c1 {command}", c1)
    prefix = "OCI runtime exec failed: exec failed: unable to start container process: "
    assert (result.stdout, result.status) == (f"{prefix}{message}\n", status)
    assert result.stderr.startswith("hint: programs here: apk ash ")


def test_exec_needs_a_running_container(c1: World) -> None:
    text, status = complaint("docker stop c1\ndocker exec c1 ls", c1)
    assert (text, status) == (f"Error response from daemon: container {container(c1).id} is not running", 1)
    assert complaint("docker exec nope ls", c1) == ("Error response from daemon: No such container: nope", 1)


def test_ps_shows_the_running_ones_newest_first_and_all_with_a(c1: World) -> None:
    world = world_of("docker run -d --name c2 six sleep 9\ndocker stop c1", c1)
    assert output("docker ps", world) == (
        "CONTAINER ID   IMAGE     COMMAND     CREATED          STATUS          PORTS     NAMES\n"
        f'{container(world, "c2").id[:12]}   six       "sleep 9"   12 seconds ago   Up 12 seconds             c2\n'
    )
    lines = output("docker ps -a", world).splitlines()[1:]
    assert [line.split()[-1] for line in lines] == ["c2", "c1"]
    assert "Exited (137) 1 second ago" in lines[1]
    assert output("docker ps -aq", world).split() == [container(world, name).id[:12] for name in ("c2", "c1")]


def test_ps_names_the_image_by_its_id_once_the_name_is_elsewhere(c1: World) -> None:
    world = world_of("docker tag alpine six", c1)
    assert (
        output("docker ps", world).splitlines()[1].split()[1]
        == output("docker inspect -f '{{.Image}}' c1", world)[7:19]
    )


def test_commands_longer_than_twenty_columns_are_cut(alpine: World) -> None:
    world = world_of("docker run -d alpine sleep 100000000000000000000", alpine)
    assert '"sleep 1000000000000…"' in output("docker ps", world)
    assert '"sleep 100000000000000000000"' in output("docker ps --no-trunc", world)


def test_rm_of_a_running_container_is_refused_and_forced_with_f(c1: World) -> None:
    assert complaint("docker rm c1", c1) == (
        'Error response from daemon: cannot remove container "c1": container is running: '
        "stop the container before removing or force remove",
        1,
    )
    result = last("docker rm -f c1", c1)
    assert (result.stdout, result.world.containers) == ("c1\n", ())
    assert complaint("docker rm nope", c1) == ("Error response from daemon: No such container: nope", 1)
    assert complaint("docker rm -f nope", c1) == ("Error response from daemon: No such container: nope", 0)


def test_stop_kills_a_shell_after_ten_seconds_and_start_keeps_its_layer(c1: World) -> None:
    world = world_of("docker exec c1 touch /files/new\ndocker stop c1", c1)
    assert (container(world).state, container(world).exit_code) == ("exited", 137)
    assert world.clock - c1.clock == 12, "a second for each command, and the ten that stop waits"
    assert output("docker start c1\ndocker exec c1 ls /files/new", world) == "/files/new\n"


def test_diff_lists_ancestors_and_each_new_entry_but_a_deleted_tree_once(c1: World) -> None:
    script = "rm -r /home; mkdir -p /new/dir; echo x > /new/dir/f; chmod 700 /opt; cat /files/file1"
    assert output(f"docker exec c1 sh -c '{script}' > /dev/null\ndocker diff c1", c1) == (
        "D /home\nA /new\nA /new/dir\nA /new/dir/f\nC /opt\n"
    )


def test_commit_prints_the_new_id_and_notes_command_and_message(c1: World) -> None:
    text = "docker exec c1 touch /x\ndocker commit -m 'my words' -c 'ENV A=1' c1 kept:2"
    printed = output(text, c1)
    world = world_of(text, c1)
    image = find.image_by_ref(world, "kept:2")
    assert image is not None and printed == output("docker inspect -f '{{.Id}}' kept:2", world)
    assert (image.history[-1].created_by, image.history[-1].comment) == ("/bin/sh", "my words")
    assert dict(image.config.env)["A"] == "1"
    assert container(world).state == "running", "the container goes on"


def test_an_unchanged_container_is_committed_without_a_layer(c1: World) -> None:
    image = find.image_by_ref(world_of("docker commit c1 same", c1), "same")
    assert image is not None and image.history[-1].empty_layer and len(image.layers) == 4


def test_cp_goes_both_ways_and_counts_the_tar(c1: World) -> None:
    # 2,048 bytes: a header, a padded block and the end of the tar
    result = last("docker cp a/file1 c1:/tmp/", c1)
    assert (result.stdout, result.stderr) == ("", "Successfully copied 2.05kB to c1:/tmp/\n")
    assert output("docker exec c1 cat /tmp/file1", result.world) == "File 1\n"
    world = world_of("docker cp c1:/files here\ndocker cp c1:/files .\ndocker cp c1:/files/. c", result.world)
    assert output("ls here files c", world) == (
        "c:\nfile1\nfile2\nfile3\nfile4\nfile5\nfile6\n\n"
        "files:\nfile1\nfile2\nfile3\nfile4\nfile5\nfile6\n\n"
        "here:\nfile1\nfile2\nfile3\nfile4\nfile5\nfile6\n"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("a/file1 b", "must specify at least one container source"),
        ("c1:/file1 -", "docker cp: - stands for a tar archive in a pipe"),
        ("- c1:/", "docker cp: - stands for a tar archive in a pipe"),
        ("c1:/a c2:/b", "copying between containers is not supported"),
        ("nope c1:/", "lstat /nope: no such file or directory"),
        ("c1:/nope .", "Error response from daemon: Could not find the file /nope in container c1"),
        ("a/file1 c1:/no/where", "Error response from daemon: Could not find the file /no in container c1"),
        ("nope:/x .", "Error response from daemon: No such container: nope"),
    ],
)
def test_a_cp_that_fails_says_why(arguments: str, message: str, c1: World) -> None:
    assert complaint(f"docker cp {arguments}", c1) == (message, 1)


def test_inspect_of_a_container_begins_as_dockers_does(c1: World) -> None:
    (document,) = json.loads(output("docker inspect c1", c1))
    assert list(document)[:6] == ["Id", "Created", "Path", "Args", "State", "Image"]
    assert (document["Path"], document["Name"], document["State"]["Status"]) == ("/bin/sh", "/c1", "running")
    lower = document["GraphDriver"]["Data"]["LowerDir"].split(":")
    assert lower[0].endswith("-init/diff") and len(lower) == 5


# Images without programs of their own


def scratch() -> World:
    return world_of("echo hi > f\nprintf 'FROM scratch\\nCOPY f /\\n' > Dockerfile\ndocker build -t bare .")


def test_the_lab_lends_programs_where_an_image_has_none_and_says_so_once() -> None:
    results = play("docker run -d --name c1 bare\ndocker exec c1 cat /f\ndocker exec c1 foo", scratch())
    assert container(results[-1].world).state == "running", "it is kept alive"
    assert results[0].stderr == (
        "hint: bare names no command and has no programs of its own, so the lab lends its own and keeps the container "
        "alive; docker would say: no command specified\n"
    )
    assert (results[1].stdout, results[1].stderr) == ("hi\n", "")
    assert results[2].status == 127, "what the lab does not have is missing here too"


def test_lent_programs_are_named_when_a_command_is_run() -> None:
    assert hints("docker run --rm bare cat /f", scratch()) == [
        "hint: bare has no programs of its own, so the lab lends its own and keeps the container alive; docker would "
        'say: exec: "cat": executable file not found in $PATH'
    ]


def test_an_image_with_programs_is_lent_none(alpine: World) -> None:
    assert last("docker run --rm alpine bash", alpine).status == 127
    text = "docker run -dit --name c1 alpine\ndocker exec c1 rm /bin/ls\ndocker exec c1 ls"
    assert "executable file not found" in last(text, alpine).stdout, "a program deleted is gone"


def test_ubuntu_has_the_essential_programs_that_its_small_image_leaves_out() -> None:
    world = world_of("docker run -dit --name c1 ubuntu:16.04")
    assert (
        output("docker exec c1 sh -c 'truncate -s 3 /f; printf ab >> /f; wc -c /f; which wc'", world)
        == "5 /f\n/usr/bin/wc\n"
    )
    assert output("docker exec -w /tmp c1 pwd", world) == "/tmp\n"
    assert last("docker exec c1 apk", world).status == 127
    assert last("docker exec c1 ls /usr/bin/wc", world).status == 2, "a picture shows what is stored"


def test_of_a_quoted_image_no_program_is_known() -> None:
    world = world_of("docker run -d --name cache redis")
    assert container(world, "cache").state == "running"
    result = last("docker exec cache ls", world)
    assert (result.stdout, result.status) == ("", 126)
    assert "only ids and sizes are known" in result.stderr


def test_a_container_of_a_quoted_image_holds_nothing_though_its_working_directory_is_not_known() -> None:
    world = world_of("docker run -d --name cache redis")
    assert container(world, "cache").image.config.working_dir == "/data"
    assert len(container(world, "cache").layer.entries) == 0


def test_programs_are_files_and_obey_the_layers(alpine: World) -> None:
    text = "docker run -dit --name c1 alpine\ndocker exec c1 sh -c 'cp /bin/busybox /tmp/echo; ln -s /bin/cat /tmp/k'\n"
    world = world_of(text, alpine)
    assert output("docker exec c1 /tmp/echo copied", world) == "copied\n"
    script = (
        "docker exec c1 sh -c 'printf \"#!/bin/sh\\necho script \\$1\\n\" > /s; chmod +x /s'\ndocker exec c1 /s arg"
    )
    assert output(script, world) == "script arg\n"


def test_the_merged_view_is_what_a_program_sees(c1: World) -> None:
    world = world_of("docker exec c1 sh -c 'rm -r /files; mkdir /files; touch /files/only'", c1)
    assert [found.entry.name for found in merge.children(container(world).stack, "/files")] == ["only"]
    assert output("docker exec c1 find /files", world) == "/files\n/files/only\n"
