"""docker build in the classic form (moby builder/dockerfile, v28.5.2; sample of moby#46270)."""

import re

import pytest

from layerviz.engine import find, merge
from layerviz.engine.actions import AddImage, Commit, UseCache
from layerviz.engine.entry import Kind
from layerviz.engine.world import Image, World
from tests.shell.playing import FILES, complaint, hints, last, output, play, world_of


def dockerfile(*lines: str) -> str:
    return "cat > Dockerfile <<'END'\n" + "\n".join(lines) + "\nEND\n"


def build(*lines: str, setup: str = FILES, flags: str = "-t made") -> str:
    return f"{setup}{dockerfile(*lines)}docker build {flags} ."


def made(world: World, name: str = "made") -> Image:
    image = find.image_by_ref(world, name)
    assert image is not None
    return image


def plain(text: str) -> str:
    """Ids replaced: those of images by <image>, those of containers by <container>."""
    text = re.sub(r"(Running in|intermediate container) [0-9a-f]{12}", r"\1 <container>", text)
    return re.sub(r"(--->|built) [0-9a-f]{12}", r"\1 <image>", text)


def test_every_step_prints_its_number_its_text_and_one_id() -> None:
    assert plain(output(build("FROM scratch", "copy a/ /", "ENV A=b", 'CMD ["/x"]'))) == (
        "Sending build context to Docker daemon  10.75kB\n"
        "Step 1/4 : FROM scratch\n"
        " ---> \n"
        "Step 2/4 : copy a/ /\n"
        " ---> <image>\n"
        "Step 3/4 : ENV A=b\n"
        " ---> Running in <container>\n"
        " ---> Removed intermediate container <container>\n"
        " ---> <image>\n"
        'Step 4/4 : CMD ["/x"]\n'
        " ---> Running in <container>\n"
        " ---> Removed intermediate container <container>\n"
        " ---> <image>\n"
        "Successfully built <image>\n"
        "Successfully tagged made:latest\n"
    )


def test_a_run_prints_what_its_command_prints_between_the_container_lines() -> None:
    text = output(build("FROM alpine", "RUN echo hello && \\", "    ls /nope || true"), world_of("docker pull alpine"))
    assert plain(text) == (
        "Sending build context to Docker daemon  10.75kB\n"
        "Step 1/2 : FROM alpine\n"
        " ---> <image>\n"
        "Step 2/2 : RUN echo hello &&     ls /nope || true\n"
        " ---> Running in <container>\n"
        "hello\n"
        "ls: /nope: No such file or directory\n"
        " ---> Removed intermediate container <container>\n"
        " ---> <image>\n"
        "Successfully built <image>\n"
        "Successfully tagged made:latest\n"
    )


def test_a_missing_base_is_pulled_within_its_step() -> None:
    assert "Step 1/1 : FROM alpine\nlatest: Pulling from library/alpine\n" in output(build("FROM alpine"))


def test_an_empty_context_with_a_dockerfile_is_two_kilobytes() -> None:
    # The well-known first line of every small build: a header, the file, and the end of the tar.
    assert output(build("FROM alpine", setup="")).startswith("Sending build context to Docker daemon  2.048kB\n")


def test_quiet_prints_the_whole_id_and_nothing_else() -> None:
    assert re.fullmatch(r"sha256:[0-9a-f]{64}\n", output(build("FROM alpine", "RUN true", flags="-q")))


def test_history_has_the_classic_builders_words() -> None:
    lines = (
        "FROM scratch",
        "COPY a/ /d/",
        "ENV A=b C='d e'",
        "LABEL l=1",
        "WORKDIR /w",
        "EXPOSE 80",
        "VOLUME /v",
        "USER me",
        'ENTRYPOINT ["/e", "x"]',
        "CMD run it",
        "RUN true",
    )
    created_by = [line.created_by for line in made(world_of(build(*lines))).history]
    assert re.fullmatch(r"/bin/sh -c #\(nop\) COPY dir:[0-9a-f]{64} in /d/ ", created_by[0])
    assert created_by[1:] == [
        "/bin/sh -c #(nop)  ENV A=b C=d e",
        "/bin/sh -c #(nop)  LABEL l=1",
        "/bin/sh -c #(nop) WORKDIR /w",
        "/bin/sh -c #(nop)  EXPOSE 80",
        "/bin/sh -c #(nop)  VOLUME [/v]",
        "/bin/sh -c #(nop)  USER me",
        '/bin/sh -c #(nop)  ENTRYPOINT ["/e" "x"]',
        '/bin/sh -c #(nop)  CMD ["/bin/sh" "-c" "run it"]',
        "/bin/sh -c true",
    ]


def test_config_holds_what_the_instructions_say() -> None:
    lines = (
        "FROM scratch",
        "ENV A=1",
        "ENV B=$A$A C=${NO:-c}",
        "WORKDIR /w",
        "WORKDIR x",
        "USER $A",
        "EXPOSE 80 53/udp",
        "CMD a $B",
    )
    config = made(world_of(build(*lines))).config
    assert dict(config.env) | {"PATH": ""} == {"A": "1", "B": "11", "C": "c", "PATH": ""}
    assert (config.working_dir, config.user, config.exposed_ports) == ("/w/x", "1", ("53/udp", "80/tcp"))
    assert config.cmd == ("/bin/sh", "-c", "a $B"), "in CMD the shell expands, not the builder"


@pytest.mark.parametrize(
    ("line", "layers"),
    [
        ("ENV A=b", 0),
        ("LABEL a=b", 0),
        ("CMD x", 0),
        ("EXPOSE 80", 0),
        ("WORKDIR /", 0),
        ("WORKDIR /new", 1),
        ("COPY a/file1 /", 1),
        ("RUN echo x > /x", 1),
        ("RUN true", 0),
        ("RUN touch /x && rm /x", 0),
    ],
)
def test_only_changed_files_make_a_layer(line: str, layers: int) -> None:
    base = len(made(world_of(build("FROM scratch", "COPY b/ /"))).layers)
    assert len(made(world_of(build("FROM scratch", "COPY b/ /", line))).layers) == base + layers


def test_the_same_steps_come_from_the_cache_until_the_first_that_differs() -> None:
    world = world_of(build("FROM scratch", "COPY a/ /", "ENV A=b", "COPY b/ /"))
    again = last("docker build -t made .", world)
    assert again.stdout.count(" ---> Using cache\n") == 3
    assert [type(moment.action) for moment in again.moments].count(UseCache) == 3
    changed = last('echo "File 9" > a/file9\ndocker build -t made .', world)
    assert changed.stdout.count(" ---> Using cache\n") == 0, "what stands on a changed step is made again"
    later = last('echo "File 9" > b/file9\ndocker build -t made .', world)
    assert later.stdout.count(" ---> Using cache\n") == 2
    assert "Using cache" not in output("docker build --no-cache -t made .", world)


def test_touching_a_file_does_not_spoil_the_cache_but_another_mode_does() -> None:
    # The sum of a source leaves the time out (moby pkg/tarsum, version 1).
    world = world_of(build("FROM scratch", "COPY a/ /"))
    assert "Using cache" in output("touch a/file1\ndocker build .", world)
    assert "Using cache" not in output("chmod 600 a/file1\ndocker build .", world)


def test_a_new_build_takes_the_name_and_the_old_image_is_dangling() -> None:
    world = world_of(build("FROM scratch", "COPY a/ /"))
    table = output(f"{dockerfile('FROM scratch', 'COPY b/ /')}docker build -t made .\ndocker images", world)
    assert [line.split()[:2] for line in table.splitlines()[1:]] == [["made", "latest"], ["<none>", "<none>"]]


def test_each_step_is_one_moment_of_its_own() -> None:
    result = last(build("FROM scratch", "COPY a/ /", "ENV A=b", "RUN rm /file1"))
    actions = [moment.action for moment in result.moments if isinstance(moment.action, AddImage | Commit)]
    assert [(action.line, action.instruction) for action in actions] == [
        (2, "COPY a/ /"),
        (3, "ENV A=b"),
        (4, "RUN rm /file1"),
    ]


def test_copy_puts_a_directorys_content_and_a_file_under_its_name() -> None:
    world = world_of(build("FROM scratch", "COPY a /x", "COPY a/file1 b/file4 /y/", "COPY a/file1 /z", "COPY c* /"))
    paths = [found.entry.path for found in merge.walk(made(world).layers) if found.entry.kind is Kind.FILE]
    assert paths == [
        "/file5",
        "/x/file1",
        "/x/file2",
        "/x/file3",
        "/y/file1",
        "/y/file4",
        "/z",
    ]


def test_chown_gives_away_what_a_file_needs_above_it_but_above_a_folder_only_the_folder() -> None:
    world = world_of(build("FROM scratch", "COPY --chown=5:6 a/file1 /new/deep/", "COPY --chown=7 a /other/place"))
    seen = {found.entry.path: (found.entry.uid, found.entry.gid) for found in merge.walk(made(world).layers)}
    assert seen == {
        "/new": (5, 6),
        "/new/deep": (5, 6),
        "/new/deep/file1": (5, 6),
        "/other": (0, 0),
        "/other/place": (7, 7),
        **{f"/other/place/{name}": (7, 7) for name in ("file1", "file2", "file3")},
    }


def test_copy_keeps_mode_and_time_and_gives_the_files_to_root_or_to_whom_chown_names() -> None:
    before = world_of(FILES + "chmod 640 a/file1\nchown 9 a/file1 a/file2\n")
    on_host = merge.seen((before.host,), "/a/file1")
    world = world_of(build("FROM scratch", "COPY a/file1 /", "COPY --chown=5:6 a/file2 /", setup=""), before)
    first, second = merge.children(made(world).layers, "/")
    assert on_host is not None and on_host.entry.uid == 9
    assert (first.entry.mode, first.entry.uid, first.entry.mtime_ns) == (0o640, 0, on_host.entry.mtime_ns)
    assert (second.entry.uid, second.entry.gid) == (5, 6)


def test_copy_from_an_earlier_stage_takes_what_that_stage_shows() -> None:
    lines = (
        "FROM alpine AS one",
        "RUN echo hi > /f",
        "FROM scratch",
        "COPY --from=one /f /from-one",
        "COPY --from=0 /etc/os-release /d/",
    )
    world = world_of(build(*lines))
    assert [found.entry.path for found in merge.walk(made(world).layers)] == ["/d", "/d/os-release", "/from-one"]


def test_dockerignore_keeps_files_out_of_the_context() -> None:
    setup = FILES + "printf '# no\\na/*\\n!a/file2\\n**/file4\\n' > .dockerignore\n"
    world = world_of(build("FROM scratch", "COPY . /", setup=setup))
    paths = {found.entry.path for found in merge.walk(made(world).layers) if found.entry.kind is Kind.FILE}
    assert paths == {"/.dockerignore", "/Dockerfile", "/a/file2", "/b/file5", "/b/file6", "/c/file5"}


def test_build_arguments_are_seen_by_run_and_noted_in_the_history() -> None:
    lines = ("ARG TAG=latest", "FROM alpine:$TAG", "ARG WHO=nobody", "RUN echo $WHO > /who")
    world = world_of(build(*lines, flags="-t made --build-arg WHO=me"))
    assert output("docker run --rm made cat /who", world) == "me\n"
    assert made(world).history[-1].created_by == "|1 WHO=me /bin/sh -c echo $WHO > /who"
    assert "WHO" not in dict(made(world).config.env)


@pytest.mark.parametrize(
    ("lines", "message", "status"),
    [
        (("FROM alpine", "RUN false"), "The command '/bin/sh -c false' returned a non-zero code: 1", 1),
        (("FROM alpine", "RUN exit 7"), "The command '/bin/sh -c exit 7' returned a non-zero code: 7", 7),
        (
            ("FROM alpine", "COPY nope /"),
            "COPY failed: file not found in build context or excluded by .dockerignore: stat nope: file does not exist",
            1,
        ),
        (("FROM alpine", "COPY ../a /"), "COPY failed: forbidden path outside the build context: ../a ()", 1),
        (("FROM alpine", "ADD a/../../b /"), "ADD failed: forbidden path outside the build context: a/../../b ()", 1),
        (("FROM alpine", "COPY *.nope /"), "COPY failed: no source files were specified", 1),
        (
            ("FROM alpine", "COPY a b /x"),
            "When using COPY with more than one source file, the destination must be a directory and end with a /",
            1,
        ),
        (
            ("FROM nosuch",),
            "pull access denied for nosuch, repository does not exist or may require 'docker login': "
            "denied: requested access to the resource is denied",
            1,
        ),
        (("FROM scratch",), "No image was generated. Is your Dockerfile empty?", 1),
        (
            ("FROM alpine", "FORM x"),
            "Error response from daemon: dockerfile parse error on line 2: unknown instruction: FORM "
            "(did you mean FROM?)",
            1,
        ),
        (("FROM alpine", "ENV A=${B:?no}"), 'failed to process "${B:?no}": B: no', 1),
        (
            ("FROM alpine", "COPY --chmod=600 a/ /"),
            "the --chmod option requires BuildKit. Refer to https://docs.docker.com/go/buildkit/ to learn how to "
            "build images with BuildKit enabled",
            1,
        ),
        (
            ("FROM alpine", "ONBUILD RUN x"),
            "Error response from daemon: dockerfile parse error on line 2: ONBUILD does not exist here",
            1,
        ),
    ],
)
def test_a_build_that_fails_says_why_and_ends_with_its_status(
    lines: tuple[str, ...], message: str, status: int
) -> None:
    assert complaint(build(*lines)) == (message, status)
    assert len(hints(build(*lines))) <= 1


def test_a_failed_build_keeps_the_images_of_its_steps_and_the_container_that_failed() -> None:
    text = build("FROM alpine", "RUN echo x > /x", "RUN false")
    results = play(f"{text}\ndocker ps -a")
    assert results[-2].world.building is None
    assert len(results[-2].world.images) == 2
    assert "Exited (1)" in results[-1].stdout


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("docker build nope", 'unable to prepare context: path "nope" not found'),
        (
            "docker build .",
            "unable to prepare context: unable to evaluate symlinks in Dockerfile path: "
            "lstat /Dockerfile: no such file or directory",
        ),
    ],
)
def test_a_context_that_is_not_there_is_named(command: str, message: str) -> None:
    assert complaint(command) == (message, 1)
    assert len(hints(command)) == 1


def test_a_dockerfile_may_come_from_standard_input() -> None:
    text = "docker build -t made - <<END\nFROM alpine\nRUN echo x > /x\nEND"
    assert output(text).startswith("Sending build context to Docker daemon  2.048kB\nStep 1/2 : FROM alpine\n")
