"""Every command of lessons 0 to 6 as the storyboards give them: it succeeds and prints what docker prints.

Layers, counts and bytes of lesson 3 were checked with buildah and umoci, those of 4 to 6 with buildah on overlayfs.
"""

import json

from layerviz.engine import digests, find, merge, sizes
from layerviz.engine.entry import Kind
from layerviz.engine.events import CopiedUp, LookedUp, WhiteoutWritten
from layerviz.engine.world import Image, World
from tests.shell.playing import FILES, SIX, THREE, last, output, play, world_of

GROW_3 = """\
cat > Dockerfile <<EOF
FROM ubuntu:16.04
EOF
docker build -t grow:1 .
echo "RUN apt-get update && apt-get install -y python3" >> Dockerfile
docker build -t grow:2 .
echo "RUN apt-get update && apt-get install -y --only-upgrade apt" >> Dockerfile
docker build -t grow:3 .
"""
GROW = GROW_3 + 'echo "ENV LANG=C.UTF-8" >> Dockerfile\ndocker build -t grow:4 .\n'
APP = """\
mkdir app; echo "print('hello')" > app/main.py; echo "token=1234" > app/secret.env
truncate -s 50MB app/model.bin
cat > Dockerfile <<EOF
FROM alpine
COPY app/ /app/
EOF
docker build -t big .
"""


def image(world: World, name: str) -> Image:
    found = find.image_by_ref(world, name)
    assert found is not None, name
    return found


def names(world: World, name: str, directory: str) -> list[str]:
    return [found.entry.name for found in merge.children(image(world, name).layers, directory)]


def stored(world: World, name: str) -> int:
    return len(sizes.stored(image(world, name).layers))


def seen(world: World, name: str) -> int:
    return len(sizes.seen(image(world, name).layers))


def cells(table: str, column: str) -> list[str]:
    """The cells of one column of a table that docker printed."""
    header, *rows = table.splitlines()
    start = header.index(column)
    return [row[start:].split("   ")[0].strip() for row in rows]


def test_lesson_3_two_layers_six_files_three_layers_still_six() -> None:
    world = world_of(THREE)
    assert (len(image(world, "three").layers), stored(world, "three"), seen(world, "three")) == (3, 7, 6)
    found = merge.seen(image(world, "three").layers, "/file5")
    assert found is not None and (found.position, found.entry.content.read()) == (3, b"File 7\n")


def test_lesson_3_history_reads_7_21_21_bytes() -> None:
    table = output("docker history three", world_of(THREE))
    assert cells(table, "SIZE") == ["7B", "21B", "21B"]
    assert {cell[:27] for cell in cells(table, "CREATED BY")} == {"/bin/sh -c #(nop) COPY dir:"}


def test_lesson_3_the_same_bytes_under_another_name_cover_nothing() -> None:
    text = (
        'mkdir d\necho "File 7" > d/file7\n'
        "printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\nCOPY d/ /\\n' > Dockerfile\ndocker build -t seven .\n"
    )
    world = world_of(text, world_of(THREE))
    assert (stored(world, "seven"), seen(world, "seven")) == (7, 7)
    shared = zip(image(world, "three").layers[:2], image(world, "seven").layers[:2], strict=True)
    assert all(one is other for one, other in shared), "the cache builds on the same layers"


def test_lesson_1_pull_prints_six_lines_and_then_shares_the_base_with_nginx() -> None:
    # facts of January 2021: the log of redis on an empty machine, nginx with the base already there
    results = play("docker pull redis\ndocker pull nginx\ndocker images")
    assert results[0].stdout == (
        "Using default tag: latest\n"
        "latest: Pulling from library/redis\n"
        "a076a628af6f: Pull complete\n"
        "f40dd07fe7be: Pull complete\n"
        "ce21c8a3dbee: Pull complete\n"
        "ee99c35818f8: Pull complete\n"
        "56b9a72e68ff: Pull complete\n"
        "3f703e7f380f: Pull complete\n"
        "Digest: sha256:0f97c1c9daf5b69b93390ccbe8d3e2971617ec4801fd0882c72bf7cad3a13494\n"
        "Status: Downloaded newer image for redis:latest\n"
        "docker.io/library/redis:latest\n"
    )
    assert "a076a628af6f: Already exists\n0732ab25fa22: Pull complete\n" in results[1].stdout
    assert results[2].stdout == (
        "REPOSITORY   TAG       IMAGE ID       CREATED       SIZE\n"
        "redis        latest    621ceef7494a   2 weeks ago   104MB\n"
        "nginx        latest    f6d0b4767a6c   2 weeks ago   133MB\n"
    )
    assert sizes.disk_bytes(results[2].world) == 168_000_000


def test_lesson_1_inspect_lists_the_diff_ids_base_first() -> None:
    (document,) = json.loads(output("docker pull redis\ndocker image inspect redis"))
    assert document["Id"] == "sha256:621ceef7494adfcbe0e523593639f6625795cc0dc91a750629367a8c7b3ccebb"
    assert [layer[7:19] for layer in document["RootFS"]["Layers"]] == [
        "cb42413394c4",
        "8e14cb7841fa",
        "1450b8f0019c",
        "f927192cc30c",
        "a24a292d0184",
        "3480f9cdd491",
    ]


def test_lesson_1_rmi_deletes_chain_ids_top_first_and_keeps_the_shared_base() -> None:
    # The ids are those that `docker rmi redis` printed in public logs.
    text = (
        "docker pull redis\ndocker pull nginx\ndocker run -d --name cache redis\ndocker rm -f cache\ndocker rmi redis"
    )
    assert output(text) == (
        "Untagged: redis:latest\n"
        "Untagged: redis@sha256:0f97c1c9daf5b69b93390ccbe8d3e2971617ec4801fd0882c72bf7cad3a13494\n"
        "Deleted: sha256:621ceef7494adfcbe0e523593639f6625795cc0dc91a750629367a8c7b3ccebb\n"
        "Deleted: sha256:de66cfbf4712b8ba9ef292e08ef7487be26d9d21b350548e400ae351405d820e\n"
        "Deleted: sha256:79b2381e35429e8fc04d31b3445f069c22d288bf5c4cba7b7c10004ff78ae201\n"
        "Deleted: sha256:1d047d19be363b00139990d4d7f392dabdb0809dbc9d0fbe67c1f15b8caed27a\n"
        "Deleted: sha256:8c41f4e708c37059df28ae1cabc200a6db2fee45bd3a2cadcf70f2765bb68730\n"
        "Deleted: sha256:b51317bef36fe1900be48402c8a41fcd9cdb6b8950c10209f764473cb8323371\n"
    )


def test_lesson_1_redis_has_sixteen_lines_of_history_ten_of_them_without_a_layer() -> None:
    shown = cells(output("docker pull redis\ndocker history redis"), "SIZE")
    assert len(shown) == 16
    assert shown.count("0B") == 10
    assert shown.count("?") == 5, "sizes that are not published are not invented"


def test_lesson_2_each_build_reuses_the_layers_below() -> None:
    world = world_of(GROW)
    assert [len(image(world, f"grow:{number}").layers) for number in (1, 2, 3, 4)] == [1, 2, 3, 3]
    assert len(sizes.layers_on_disk(world)) == 3
    assert names(world, "grow:2", "/usr/bin") == ["apt", "apt-get", "env", "perl", "python3", "python3.5"]
    top = image(world, "grow:3").layers[2].entries
    assert [top.entry(row).name for row in top.children("/usr/bin")] == ["apt"]
    assert top.row("/var/lib/dpkg/status") is not None, "status is covered, not edited"


def test_lesson_2_ls_in_a_container_that_goes_away() -> None:
    result = last("docker run --rm grow:2 ls /usr/bin", world_of(GROW))
    assert result.stdout == "apt\napt-get\nenv\nperl\npython3\npython3.5\n"
    assert result.world.containers == ()


def test_lesson_2_own_program_makes_one_layer_and_a_command() -> None:
    text = (
        "mkdir app; echo \"print('hello')\" > app/main.py\n"
        'echo "COPY app/ /app/" >> Dockerfile\necho "CMD python3 /app/main.py" >> Dockerfile\ndocker build -t mine .\n'
    )
    base = world_of(GROW_3)
    mine = image(world_of(text, base), "mine")
    assert [layer.key for layer in mine.layers[:3]] == [layer.key for layer in image(base, "grow:3").layers]
    assert len(mine.layers) == 4
    assert mine.config.cmd == ("/bin/sh", "-c", "python3 /app/main.py")


def test_lesson_4_a_read_asks_from_the_top_down_and_stops_at_the_first_hit() -> None:
    world = world_of(SIX + "docker run -dit --name view six")
    assert output("docker exec view ls /files", world) == "file1\nfile2\nfile3\nfile4\nfile5\nfile6\n"
    result = last("docker exec view cat /files/file1", world)
    assert result.stdout == "File 1\n"
    (event,) = [one for one in result.moments[-1].events if isinstance(one, LookedUp) and one.path == "/files/file1"]
    assert (event.asked, event.found) == (((5, "absent"), (4, "absent"), (3, "absent"), (2, "found")), 2)
    assert output("docker exec view cat /files/file5", world) == "File 7\n"


def test_lesson_5_the_writable_layer_from_run_to_commit() -> None:
    world = world_of(SIX + "docker run -dit --name c1 six")
    appended = last("docker exec c1 sh -c 'echo more >> /files/file1'", world)
    copied = [one for moment in appended.moments for one in moment.events if isinstance(one, CopiedUp)]
    assert [(one.path, one.size_bytes) for one in copied if one.path == "/files/file1"] == [("/files/file1", 7)]
    text = "docker exec c1 sh -c 'echo \"File 8\" > /files/file8'\ndocker exec c1 rm /files/file2"
    removed = last(text, appended.world)
    whiteouts = [one for moment in removed.moments for one in moment.events if isinstance(one, WhiteoutWritten)]
    assert [(one.path, one.hides) for one in whiteouts] == [("/files/file2", 2)]
    assert output("docker diff c1", removed.world) == "C /files\nC /files/file1\nD /files/file2\nA /files/file8\n"
    both = world_of("docker run -dit --name c2 six", removed.world)
    assert output("docker exec c2 ls /files", both) == "file1\nfile2\nfile3\nfile4\nfile5\nfile6\n"
    assert [cell.split(" ")[0] for cell in cells(output("docker ps -s", both), "SIZE")] == ["0B", "19B"]
    kept = world_of("docker commit c1 kept", both)
    assert len(image(kept, "kept").layers) == 5
    entries = image(kept, "kept").layers[4].entries
    kinds = {entries.entry(row).path: entries.entry(row).kind for row in entries.children("/files")}
    assert kinds == {"/files/file1": Kind.FILE, "/files/file2": Kind.WHITEOUT, "/files/file8": Kind.FILE}


def test_lesson_6_rm_in_a_later_step_frees_nothing() -> None:
    world = world_of(APP + 'echo "RUN rm /app/model.bin" >> Dockerfile\ndocker build -t small .\n')
    assert sizes.size_of_image(image(world, "small")) == sizes.size_of_image(image(world, "big"))
    assert cells(output("docker history small", world), "SIZE")[:2] == ["0B", "50MB"]


def test_lesson_6_the_secret_is_still_in_the_layer_that_everyone_pulls() -> None:
    world = world_of(APP + 'echo "RUN rm /app/secret.env" >> Dockerfile\ndocker build -t safe .\n')
    assert output("docker run --rm safe ls /app", world) == "main.py\nmodel.bin\n"
    assert output("docker run --rm big cat /app/secret.env", world) == "token=1234\n"
    versions = merge.versions(image(world, "safe").layers, "/app/secret.env")
    assert [(found.position, found.entry.is_whiteout) for found in versions] == [(3, True), (2, False)]


def test_lesson_6_chmod_copies_the_whole_file_and_a_step_keeps_only_what_is_left() -> None:
    mode = (
        "printf 'FROM alpine\\nCOPY app/ /app/\\nRUN chmod 600 /app/model.bin\\n' > Dockerfile\ndocker build -t mode ."
    )
    tidy = "printf 'FROM alpine\\nRUN truncate -s 50MB /tmp/big && rm /tmp/big\\n' > Dockerfile\ndocker build -t tidy ."
    world = world_of(f"{mode}\n{tidy}", world_of(APP))
    assert image(world, "mode").layers[2].size_bytes == 50_000_000
    assert [layer.size_bytes for layer in image(world, "tidy").layers[1:]] == [0], "the layer exists: it holds /tmp"


def test_stopping_keeps_the_container_layer() -> None:
    text = "docker run -dit --name c1 six\ndocker exec c1 sh -c 'echo \"File 9\" > /files/file9'\ndocker stop c1\n"
    world = world_of(text, world_of(SIX))
    assert output("docker start c1\ndocker exec c1 cat /files/file9", world) == "File 9\n"


def test_the_same_script_gives_the_same_ids_and_bytes() -> None:
    one, other = world_of(THREE), world_of(THREE)
    assert [digests.image_id(item) for item in one.images] == [digests.image_id(item) for item in other.images]
    assert output("docker images", one) == output("docker images", other)


def test_files_of_your_computer_are_made_by_the_setup() -> None:
    assert output(FILES + "cat a/file1 b/file6 c/file5") == "File 1\nFile 6\nFile 7\n"
