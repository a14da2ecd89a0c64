"""What the inspector says of a thing, computed from the world."""

import hashlib
from dataclasses import replace

import pytest

from layerviz.app.facts import Facts, facts_of
from layerviz.engine.apply import empty_world
from layerviz.engine.world import World
from layerviz.shell import run_script

SCRIPT = """\
mkdir a c
echo "File 1" > a/file1; echo "File 5" > a/file5; echo "File 7" > c/file5
printf 'FROM scratch\\nCOPY a/ /\\nCOPY c/ /\\n' > Dockerfile
docker build -t two .
docker run -d --name c1 two
docker exec c1 rm /file1
docker exec c1 ln -s file5 /link
"""


@pytest.fixture(scope="module")
def world() -> World:
    return run_script(empty_world(), SCRIPT, keep_going=True)[-1].world


def facts(world: World, address: str) -> Facts:
    found = facts_of(world, address, "en")
    assert found is not None
    return found


def rows(found: Facts) -> list[tuple[str, str]]:
    return [(fact.name, fact.value) for fact in found.rows]


def test_a_covered_file_is_hidden_and_never_asked_for(world: World) -> None:
    found = facts(world, "two[1]:/file5")
    assert found.what == "file, hidden, still stored"
    assert [(one.position, one.state) for one in found.asked] == [(2, "found"), (1, "not_asked")]
    assert found.asked[1].text == "older file5, never asked"


def test_the_digest_of_the_content_is_real(world: World) -> None:
    digest = "sha256:" + hashlib.sha256(b"File 7\n").hexdigest()
    assert ("Content", digest) in rows(facts(world, "two:/file5"))


def test_a_whiteout_ends_the_search_and_the_file_is_still_stored(world: World) -> None:
    assert facts(world, "c1[3]:/file1").what.startswith("whiteout")
    gone = facts(world, "c1:/file1")
    assert gone.what == "no longer seen; still stored below"
    assert gone.asked[0].state == "stop"


def test_a_link_says_where_it_points(world: World) -> None:
    assert ("Points to", "file5") in rows(facts(world, "c1:/link"))


def test_a_layer_knows_its_ids_and_who_uses_it(world: World) -> None:
    found = dict(rows(facts(world, "two[2]")))
    assert found["Layer DiffID"].startswith("sha256:") and found["ChainID"].startswith("sha256:")
    assert found["Needed by"] == "two, c1"
    assert found["Layer"] == "2 of 2, read-only"


def test_a_shared_layer_names_all_who_need_it_and_an_image_what_its_removal_frees() -> None:
    text = (
        SCRIPT.partition("docker run")[0] + "printf 'FROM scratch\\nCOPY a/ /\\n' > Dockerfile\ndocker build -t one .\n"
    )
    world = run_script(empty_world(), text)[-1].world
    assert dict(rows(facts(world, "two[1]")))["Needed by"] == "one, two"
    assert dict(rows(facts(world, "two[2]")))["Needed by"] == "two"
    assert dict(rows(facts(world, "two")))["rmi frees"] == "1 of 2 layers, 7 B"
    assert dict(rows(facts(world, "one")))["rmi frees"] == "nothing, its layers are needed"


def test_a_containers_own_layer_is_writable_and_has_no_digest(world: World) -> None:
    found = facts(world, "c1[rw]")
    assert found.what == "the container's own layer, writable"
    assert all(not fact.digest for fact in found.rows)
    assert found.commands == ("docker diff c1",)


def test_an_address_of_nothing_has_no_facts(world: World) -> None:
    assert facts_of(world, "nowhere[3]", "en") is None
    assert facts_of(world, "two[1]:/nothing", "en") is None


@pytest.mark.parametrize(
    ("driver", "first_write", "in_memory"),
    [
        ("overlay2", "copies 7 B up (overlay2)", "a lower file once, for all its containers"),
        ("vfs", "copies 0 B up (vfs)", "a lower file once for each container"),
        ("zfs", "copies 7 B up (zfs)", "not known"),
        ("windowsfilter", "not known", "not known"),
    ],
)
def test_what_a_container_costs_depends_on_the_storage_driver(
    world: World, driver: str, first_write: str, in_memory: str
) -> None:
    under = replace(world, driver=driver)
    assert ("First write", first_write) in rows(facts(under, "c1:/file5"))
    assert {("Driver", driver), ("In memory", in_memory)} <= set(rows(facts(under, "c1")))


def test_only_a_file_of_a_layer_below_a_container_has_a_first_write(world: World) -> None:
    for address in ("two:/file5", "c1:/link", "c1[1]:/file5"):
        assert "First write" not in dict(rows(facts(world, address)))


def test_a_directory_is_joined_with_those_below_it() -> None:
    script = "mkdir -p a/d c/d; echo 1 > a/d/x; echo 2 > c/d/y\n"
    script += "printf 'FROM scratch\\nCOPY a/ /\\nCOPY c/ /\\n' > Dockerfile"
    world = run_script(empty_world(), f"{script}\ndocker build -t two .\ndocker run -d --name c1 two\n")[-1].world
    asked = [(one.position, one.text) for one in facts(world, "c1:/d").asked]
    assert asked == [(3, "not here"), (2, "found here"), (1, "has it too: joined")]
