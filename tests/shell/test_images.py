"""docker pull, images, tag, rmi, prune, history, inspect, info, save, load (docker/cli image/*, moby v28.5.2)."""

import gzip
import hashlib
import json
import struct
import zlib

import pytest

from layerviz.engine import digests, find, merge
from layerviz.engine.entry import Kind
from layerviz.engine.events import PullProgress
from layerviz.engine.world import Image, World
from layerviz.shell import Brought, PortError, Ports, catalogue, run_script
from tests.shell.playing import SIX, THREE, complaint, hints, last, output, play, world_of


@pytest.fixture(scope="module")
def three() -> World:
    return world_of(THREE)


@pytest.fixture(scope="module")
def redis() -> World:
    return world_of("docker pull redis")


def image(world: World, name: str) -> Image:
    found = find.image_by_ref(world, name)
    assert found is not None
    return found


def short(world: World, name: str) -> str:
    return digests.image_id(image(world, name))[7:19]


# pull


def progress(world: World, name: str) -> list[PullProgress]:
    result = last(f"docker pull {name}", world)
    return [event for moment in result.moments for event in moment.events if isinstance(event, PullProgress)]


def test_three_layers_download_at_once_and_the_others_wait(redis: World) -> None:
    del redis
    events = progress(world_of("true"), "redis")
    begun = [(event.position, event.status) for event in events[:9]]
    assert begun[:6] == [(position, "Pulling fs layer") for position in range(1, 7)]
    assert begun[6:] == [(position, "Waiting") for position in (4, 5, 6)]


def test_layers_are_unpacked_bottom_up_whatever_came_first() -> None:
    events = progress(world_of("true"), "redis")
    done = [event.position for event in events if event.status == "Pull complete"]
    downloaded = [event.position for event in events if event.status == "Download complete"]
    assert done == [1, 2, 3, 4, 5, 6]
    assert downloaded != done, "downloads end in an order of their own"
    for position in done:
        order = [event.status for event in events if event.position == position and event.status != "Downloading"]
        tail = ["Verifying Checksum", "Download complete", "Extracting", "Pull complete"]
        assert order[-4:] == tail


def test_a_slot_is_free_when_a_download_ends_not_when_it_is_unpacked() -> None:
    active: set[int] = set()
    for event in progress(world_of("true"), "redis"):
        if event.status == "Downloading":
            active.add(event.position)
        if event.status == "Download complete":
            active.discard(event.position)
        assert len(active) <= 3


def test_a_size_that_is_not_known_has_no_total() -> None:
    totals = {
        event.position: event.total_bytes
        for event in progress(world_of("true"), "redis")
        if event.status == "Downloading"
    }
    assert totals == {1: 27108069, 2: 1729, 3: 1417718, 4: None, 5: None, 6: None}


def test_only_layers_below_the_first_missing_one_are_found_in_the_store(redis: World) -> None:
    statuses = {event.position: event.status for event in progress(redis, "nginx")}
    assert statuses == {1: "Already exists", **dict.fromkeys((2, 3, 4, 5), "Pull complete")}


def test_without_a_terminal_every_status_is_a_line() -> None:
    (result,) = run_script(world_of("true"), "docker pull alpine", Ports(terminal=False))
    blob = catalogue.offers()["alpine:latest"].image.layers[0].blob_digest[:12]
    assert result.stdout.splitlines()[1:6] == [
        "latest: Pulling from library/alpine",
        f"{blob}: Pulling fs layer",
        f"{blob}: Verifying Checksum",
        f"{blob}: Download complete",
        f"{blob}: Pull complete",
    ]


def test_a_second_pull_fetches_nothing(redis: World) -> None:
    result = last("docker pull redis:latest", redis)
    assert result.stdout == (
        "latest: Pulling from library/redis\n"
        "Digest: sha256:0f97c1c9daf5b69b93390ccbe8d3e2971617ec4801fd0882c72bf7cad3a13494\n"
        "Status: Image is up to date for redis:latest\n"
        "docker.io/library/redis:latest\n"
    )
    assert result.moments == ()


def test_a_pull_of_an_image_that_is_here_under_another_name_only_adds_the_name(redis: World) -> None:
    digest = "sha256:0f97c1c9daf5b69b93390ccbe8d3e2971617ec4801fd0882c72bf7cad3a13494"
    assert output(f"docker pull redis@{digest}", redis) == (
        f"{digest}: Pulling from library/redis\n"
        f"Digest: {digest}\n"
        f"Status: Image is up to date for redis@{digest}\n"
        f"docker.io/library/redis@{digest}\n"
    )
    again = output("docker pull alpine:3.13", world_of("docker pull alpine"))
    assert [line.split(":")[0] for line in again.splitlines()] == [
        "3.13",
        "Digest",
        "Status",
        "docker.io/library/alpine",
    ]
    assert "Status: Downloaded newer image for alpine:3.13\n" in again


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "nosuch",
            "Error response from daemon: pull access denied for nosuch, repository does not exist or may require "
            "'docker login': denied: requested access to the resource is denied",
        ),
        (
            "redis:nope",
            "Error response from daemon: manifest for redis:nope not found: manifest unknown: manifest unknown",
        ),
        ("Foo", "invalid reference format: repository name (library/Foo) must be lowercase"),
        ("a:b:c", "invalid reference format"),
        ("scratch", "Error response from daemon: 'scratch' is a reserved name"),
    ],
)
def test_what_cannot_be_pulled_is_worded_as_docker_does(name: str, message: str) -> None:
    assert complaint(f"docker pull {name}") == (message, 1)


# images, tag


def test_images_are_listed_newest_first_one_row_for_each_tag(three: World) -> None:
    world = world_of(
        "docker tag three again:2\nprintf 'FROM three\\nENV A=b\\n' > Dockerfile\ndocker build -t four .", three
    )
    lines = [line.split() for line in output("docker images", world).splitlines()]
    assert [line[:3] for line in lines] == [
        ["REPOSITORY", "TAG", "IMAGE"],
        ["four", "latest", short(world, "four")],
        ["again", "2", short(world, "three")],
        ["three", "latest", short(world, "three")],
    ]
    assert output("docker images again", world).splitlines()[1].startswith("again        2 ")
    assert output("docker images -q", world).split() == [short(world, name) for name in ("four", "three", "three")]


def test_steps_of_a_build_are_shown_with_a_only(three: World) -> None:
    assert len(output("docker images", three).splitlines()) == 2
    assert output("docker images -a", three).count("<none>") == 4


def test_an_empty_list_still_has_its_header() -> None:
    assert output("docker images") == "REPOSITORY   TAG       IMAGE ID   CREATED   SIZE\n"


def test_tag_is_silent_and_a_missing_image_is_named(three: World) -> None:
    assert output("docker tag three x/y:z", three) == ""
    assert complaint("docker tag nope x", three) == ("Error response from daemon: No such image: nope:latest", 1)
    assert complaint("docker tag three X", three)[0] == (
        'Error parsing reference: "X" is not a valid repository/tag: '
        "invalid reference format: repository name (library/X) must be lowercase"
    )


# rmi


def test_removing_one_of_two_names_frees_nothing(three: World) -> None:
    world = world_of("docker tag three again", three)
    result = last("docker rmi again", world)
    assert (result.stdout, len(result.world.images)) == ("Untagged: again:latest\n", len(world.images))


def test_removing_a_built_image_removes_its_untagged_steps_layer_by_layer(three: World) -> None:
    chain = digests.chain_ids(image(three, "three").layers)
    ids = [digests.image_id(one) for one in three.images]
    assert output("docker rmi three", three) == (
        "Untagged: three:latest\n"
        f"Deleted: {ids[2]}\nDeleted: {chain[2]}\n"
        f"Deleted: {ids[1]}\nDeleted: {chain[1]}\n"
        f"Deleted: {ids[0]}\nDeleted: {chain[0]}\n"
    )


def test_conflicts_are_worded_as_docker_does() -> None:
    world = world_of(SIX + "docker run -dit --name c1 six\ndocker tag six more")
    six, c1 = short(world, "six"), world.containers[0].id[:12]
    assert complaint(f"docker rmi {six}", world) == (
        f"Error response from daemon: conflict: unable to delete {six} (cannot be forced) - "
        f"image is being used by running container {c1}",
        1,
    )
    stopped = world_of("docker stop c1", world)
    assert complaint(f"docker rmi {six}", stopped)[0] == (
        f"Error response from daemon: conflict: unable to delete {six} (must be forced) - "
        "image is referenced in multiple repositories"
    )
    single = world_of("docker rmi more", stopped)
    assert complaint("docker rmi six", single)[0] == (
        f'Error response from daemon: conflict: unable to remove repository reference "six" (must force) - '
        f"container {c1} is using its referenced image {six}"
    )
    assert complaint(f"docker rmi {six}", single)[0] == (
        f"Error response from daemon: conflict: unable to delete {six} (must be forced) - "
        f"image is being used by stopped container {c1}"
    )
    assert hints("docker rmi six", single) == ["hint: docker rm c1 first, or docker rmi -f"]


def test_an_image_that_others_were_built_on_stays(three: World) -> None:
    world = world_of("printf 'FROM three\\nENV A=b\\n' > Dockerfile\ndocker build -t four .", three)
    identifier = short(world, "three")
    assert complaint(f"docker rmi {identifier}", world)[0] == (
        f"Error response from daemon: conflict: unable to delete {identifier} (cannot be forced) - "
        "image has dependent child images"
    )
    assert output("docker rmi three", world) == "Untagged: three:latest\n"


def test_prune_removes_dangling_images_and_says_what_it_freed(three: World) -> None:
    world = world_of("echo more > a/file1\ndocker build -t three .", three)
    text = output("docker image prune -f", world)
    assert text.startswith("Deleted Images:\ndeleted: sha256:") and text.endswith("\n\nTotal reclaimed space: 49B\n")
    assert output("docker image prune -f", three) == "Total reclaimed space: 0B\n"


# history, inspect, info


def test_history_of_a_built_image_names_each_step_and_ends_at_what_was_pulled() -> None:
    world = world_of(SIX)
    lines = output("docker history six", world).splitlines()[1:]
    assert [line.split()[0] for line in lines[:3]] == [digests.image_id(one)[7:19] for one in world.images[:0:-1]]
    assert [line.split()[0] for line in lines[3:]] == [short(world, "alpine"), "<missing>"]
    exact = output("docker history -H=false --no-trunc -q six", world).splitlines()
    assert exact[0] == digests.image_id(image(world, "six"))
    assert "2021-02-01T00:00:" in output("docker history -H=false six", world)


def test_inspect_has_dockers_fields_in_dockers_order(three: World) -> None:
    text = output("docker image inspect three", three)
    assert text.startswith('[\n    {\n        "Id": "sha256:')
    (document,) = json.loads(text)
    assert list(document) == [
        "Id",
        "RepoTags",
        "RepoDigests",
        "Parent",
        "Comment",
        "Created",
        "DockerVersion",
        "Author",
        "Config",
        "Architecture",
        "Os",
        "Size",
        "GraphDriver",
        "RootFS",
        "Metadata",
    ]
    data = document["GraphDriver"]["Data"]
    assert len(data["LowerDir"].split(":")) == 2 and data["UpperDir"].endswith("/diff")
    assert document["RootFS"]["Layers"] == [digests.diff_id(layer) for layer in image(three, "three").layers]


def test_a_base_of_one_layer_has_no_lower_directory() -> None:
    (document,) = json.loads(output("docker pull alpine\ndocker image inspect alpine"))
    assert list(document["GraphDriver"]["Data"]) == ["MergedDir", "UpperDir", "WorkDir"]


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("{{.Id}}", "ID"),
        ("{{.Os}}/{{.Architecture}}", "linux/amd64"),
        ("{{len .RootFS.Layers}}", "3"),
        ("{{json .RepoTags}}", '["three:latest"]'),
        ("{{.RepoTags}}", "[three:latest]"),
        ("{{range .RepoTags}}<{{.}}>{{end}}", "<three:latest>"),
        ('{{join .RepoTags ","}} {{index .RepoTags 0}}', "three:latest three:latest"),
    ],
)
def test_a_format_is_filled_in(form: str, expected: str, three: World) -> None:
    expected = expected.replace("ID", digests.image_id(image(three, "three")))
    assert output(f"docker inspect -f '{form}' three", three) == f"{expected}\n"


def test_what_is_not_there_is_an_empty_list_and_a_message(three: World) -> None:
    result = last("docker image inspect nope", three)
    assert (result.stdout, result.status) == ("[]\n", 1)
    assert result.stderr.splitlines()[0] == "Error response from daemon: No such image: nope:latest"
    assert complaint("docker inspect nope", three) == ("Error: No such object: nope", 1)


def test_info_names_the_storage_driver_as_docker_does(three: World) -> None:
    lines = output("docker info", three).splitlines()
    at = lines.index(" Storage Driver: overlay2")
    assert lines[at + 1 : at + 6] == [
        "  Backing Filesystem: extfs",
        "  Supports d_type: true",
        "  Using metacopy: false",
        "  Native Overlay Diff: true",
        "  userxattr: false",
    ]


# save, load


def test_in_a_lesson_no_real_file_can_be_saved_or_loaded(three: World) -> None:
    assert complaint("docker save -o x.tar three", three) == ("open x.tar: no such file or directory", 1)
    assert complaint("docker load -i x.tar", three) == ("open x.tar: no such file or directory", 1)
    assert hints("docker load -i x.tar", three) == ["hint: in a lesson there are no real files"]
    text = "cowardly refusing to save to a terminal. Use the -o flag or redirect"
    assert complaint("docker save three", three) == (text, 1)
    assert hints("docker save three > x.tar", three) == ["hint: in a lesson there are no real files"]


def test_save_and_load_go_through_the_ports(three: World) -> None:
    saved: list[tuple[tuple[str, ...], str]] = []

    def save(world: World, refs: tuple[str, ...], file: str) -> None:
        saved.append((refs, file))

    def load(file: str) -> tuple[Brought, ...]:
        if file != "x.tar":
            raise PortError(f"open {file}: no such file or directory")
        return (Brought(catalogue.offers()["alpine:latest"].image, ("brought:1",)),)

    reach = Ports(save=save, load=load, terminal=False)
    results = play("docker save -o x.tar three\ndocker load -i x.tar\ndocker load -i y.tar", three, reach)
    piped = play("docker save three > x.tar\ndocker load < x.tar", three, reach)
    assert piped[0].stderr.endswith("\nhint: only docker save -o FILE reaches a file here, a real one\n")
    assert piped[1].stderr.endswith("\nhint: only docker load -i FILE reaches a file here, a real one\n")
    assert saved == [(("three:latest",), "x.tar")]
    assert results[1].stdout == "Loaded image: brought:1\n"
    assert find.image_by_ref(results[1].world, "brought:1") is not None
    assert (results[2].stderr, results[2].status) == ("open y.tar: no such file or directory\n", 1)


def test_a_quoted_image_cannot_be_saved(redis: World) -> None:
    result = last("docker save -o x.tar redis", redis)
    assert result.status == 1 and "only quoted" in result.stderr


# the catalogue


def test_quoted_images_have_their_published_ids_and_chains() -> None:
    # Recomputed from the DiffIDs of public logs of January 2021; the ChainIDs are what rmi printed.
    chains = {
        "redis:latest": [
            "cb42413394c4",
            "b51317bef36f",
            "8c41f4e708c3",
            "1d047d19be36",
            "79b2381e3542",
            "de66cfbf4712",
        ],
        "nginx:latest": ["cb42413394c4", "a3ee2510dcf0", "a1c538085c6f", "3c90a0917c79", "4dfe71c4470c"],
    }
    for name, expected in chains.items():
        offer = catalogue.offers()[name]
        assert [chain[7:19] for chain in digests.chain_ids(offer.image.layers)] == expected
        assert all(len(layer.entries) == 0 for layer in offer.image.layers), "no file of theirs is invented"


def test_illustrative_images_have_real_bytes_and_two_names_a_layer() -> None:
    for name in ("alpine:latest", "ubuntu:16.04"):
        (layer,) = catalogue.offers()[name].image.layers
        assert not layer.is_quoted
        assert layer.blob_digest != digests.diff_id(layer).removeprefix("sha256:")
        shell = merge.seen((layer,), "/bin/sh")
        assert shell is not None and shell.entry.kind is Kind.SYMLINK


def test_the_blob_of_an_illustrative_layer_is_a_gzip_that_unpacks_to_its_tar() -> None:
    (layer,) = catalogue.offers()["alpine:latest"].image.layers
    tar = b"".join(digests.tar_of(layer))
    pieces = b""
    for chunk in digests.tar_of(layer):
        for start in range(0, len(chunk), 0xFFFF):
            part = chunk[start : start + 0xFFFF]
            pieces += struct.pack("<BHH", 0, len(part), len(part) ^ 0xFFFF) + part
    end = struct.pack("<BHHII", 1, 0, 0xFFFF, zlib.crc32(tar), len(tar))
    blob = b"\x1f\x8b\x08\0\0\0\0\0\0\xff" + pieces + end
    assert gzip.decompress(blob) == tar
    assert (hashlib.sha256(blob).hexdigest(), len(blob)) == catalogue.blob(layer)
