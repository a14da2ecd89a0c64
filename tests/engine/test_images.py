"""Building, committing, bringing, tagging and removing images; containers."""

from dataclasses import replace

import pytest

from layerviz.engine import actions as do
from layerviz.engine import content
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.digests import chain_ids, diff_id, image_id
from layerviz.engine.drivers import MAX_LAYERS
from layerviz.engine.errors import AmbiguousId, EngineError
from layerviz.engine.events import (
    BuildStep,
    Committed,
    ConfigChanged,
    ContainerChanged,
    ImageDeleted,
    LayerAdded,
    LayerDeleted,
    Tagged,
    Untagged,
)
from layerviz.engine.find import (
    container_by_name,
    image_by_key,
    image_by_ref,
    normal_ref,
    place_of,
    short_ref,
    tags_of,
)
from layerviz.engine.table import Table
from layerviz.engine.world import START_OF_TIME, Config, Container, HistoryLine, Image, Layer, World
from tests.engine.drawn import after, c1, entries, outcome, upper, view, world_of

GOLDEN_IMAGE_ID = "6ede102383a5c8186042688b6ff4d8f62e460e571bfa09a80cf87840ad9645d7"
"""Of the built image below: config and layers are the same bytes on every machine."""


def line(created_by: str = "x") -> HistoryLine:
    return HistoryLine(START_OF_TIME, created_by)


def copy(text: str, instruction: str = "COPY . /", number: int = 2) -> do.AddImage:
    return do.AddImage(None, Config(), line(instruction), entries(text), instruction, number)


def built(world: World, ref: str, *layers: str) -> World:
    steps = [copy(text, f"COPY {number} /", number) for number, text in enumerate(layers, 2)]
    return after(world, do.StartBuild(ref, None), *steps, do.FinishBuild())


def container_on(world: World, ref: str, name: str) -> World:
    image = image_by_ref(world, ref)
    assert image
    return after(world, do.CreateContainer(image.key, ref, name, ("sh",)))


def image_of(world: World, ref: str) -> Image:
    image = image_by_ref(world, ref)
    assert image
    return image


def container(world: World, name: str) -> Container:
    found = container_by_name(world, name)
    assert found
    return found


def test_build_step_adds_a_layer_and_tells_where() -> None:
    world = after(empty_world(), do.StartBuild("two", None), copy("a=1"))
    done = outcome(world, copy("b=2", "COPY b/ /", 3))
    key = done.world.images[-1].layers[-1].key
    assert done.events == (
        BuildStep("two", 3, "COPY b/ /", cached=False),
        LayerAdded("two", 2, key, "COPY b/ /"),
    )
    assert view(done.world.images[-1].layers) == "a=1 b=2"


def test_config_step_adds_no_layer_but_a_line_of_history() -> None:
    world = after(empty_world(), do.StartBuild("two", None), copy("a=1"))
    step = do.AddImage(None, Config(cmd=("sh",)), line("CMD"), None, 'CMD ["sh"]', 3)
    done = outcome(world, step)
    image = done.world.images[-1]
    assert done.events[-1] == ConfigChanged("two", 'CMD ["sh"]')
    assert image.layers == world.images[-1].layers
    assert [(h.created_by, h.empty_layer, h.image_key) for h in image.history] == [
        ("COPY . /", False, world.images[-1].key),
        ("CMD", True, image.key),
    ]


def test_layers_below_are_the_very_same_ones() -> None:
    world = built(empty_world(), "three", "a=1", "b=2", "c=3")
    one, two, three = world.images
    assert three.layers[:2] == two.layers
    assert two.layers[:1] == one.layers
    assert (three.parent_key, two.parent_key, one.parent_key) == (two.key, one.key, 0)


def test_same_bytes_on_the_same_layers_are_stored_once_even_without_the_cache() -> None:
    world = built(built(empty_world(), "one", "a=1", "b=2"), "two", "a=1", "b=2", "c=3")
    one, two = image_of(world, "one"), image_of(world, "two")
    assert two.layers[:2] == one.layers
    other = image_of(built(world, "other", "z=1", "b=2"), "other")
    assert other.layers[1] is not one.layers[1]


def test_finished_build_has_its_name_and_moves_it_when_built_again() -> None:
    world = built(empty_world(), "two", "a=1")
    assert world.tags == (("two:latest", world.images[-1].key),)
    again = after(world, do.StartBuild("two", None), copy("a=2"))
    done = outcome(again, do.FinishBuild())
    assert done.events == (Tagged("two", moved=True),)
    assert tags_of(done.world, world.images[0]) == ()
    assert done.world.building is None


def test_failed_build_leaves_its_images_without_a_name() -> None:
    world = after(empty_world(), do.StartBuild("two", None), copy("a=1"), do.StopBuild())
    assert (len(world.images), world.tags, world.building) == (1, (), None)


def test_cached_step_goes_on_from_the_image_that_is_there() -> None:
    world = built(empty_world(), "two", "a=1", "b=2")
    again = after(world, do.StartBuild("again", None))
    done = outcome(again, do.UseCache(world.images[0].key, 2, "COPY 2 /"))
    assert done.events == (BuildStep("again", 2, "COPY 2 /", cached=True),)
    more = after(done.world, copy("c=3"))
    assert more.images[-1].layers[0] is world.images[0].layers[0]


def test_build_step_without_a_build_is_misuse() -> None:
    with pytest.raises(EngineError):
        apply(empty_world(), do.FinishBuild())


def test_126th_layer_is_refused() -> None:
    layers = tuple(Layer(number, Table()) for number in range(MAX_LAYERS))
    world = replace(empty_world(), images=(Image(900, layers),), serial=1000)
    refused = apply(world, do.AddImage(900, Config(), line(), entries("a=1")))
    assert (refused.error, refused.world is world) == ("max depth exceeded", True)
    assert not apply(world, do.AddImage(900, Config(), line())).error


def test_same_steps_give_the_same_ids_today_and_tomorrow() -> None:
    one, two = (container_on(built(empty_world(), "two", "a=1", "b=2"), "two", "c1") for _ in range(2))
    assert list(map(image_id, one.images)) == list(map(image_id, two.images))
    assert one.containers[0].id == two.containers[0].id
    assert image_id(one.images[-1]) == "sha256:" + GOLDEN_IMAGE_ID


def test_commit_keeps_the_layer_s_key_and_gives_the_container_a_new_one() -> None:
    world = world_of("a=1")
    world = after(world, do.Write(c1(world).key, "/a", content.of(b"2")))
    key = c1(world).layer.key
    done = outcome(world, do.Commit(c1(world).key, "new", Config(), line("sh")))
    image = image_of(done.world, "new")
    assert done.events == (Committed("c1", "new", key), Tagged("new", moved=False))
    assert image.layers[-1].key == key != c1(done.world).layer.key
    assert view(image.layers) == "a=2"
    assert upper(done.world) == "a=2"


def test_commit_of_an_unchanged_container_adds_no_layer() -> None:
    world = world_of("a=1")
    done = outcome(world, do.Commit(c1(world).key, "same", Config(), line("sh")))
    image = image_of(done.world, "same")
    assert done.events[0] == Committed("c1", "same", 0)
    assert (len(image.layers), image.history[-1].empty_layer) == (1, True)


def test_commit_stores_linked_names_as_hard_links() -> None:
    world = world_of("a=1")
    world = after(world, do.Link(c1(world).key, "/a", "/z"))
    done = after(world, do.Commit(c1(world).key, "new", Config(), line()))
    table = image_of(done, "new").layers[-1].entries
    assert [(table.entry(row).kind.value, table.entry(row).linkname) for row in range(len(table))] == [
        ("file", ""),
        ("hardlink", "/a"),
    ]


def test_file_called_like_a_whiteout_becomes_one_when_committed() -> None:
    world = world_of("a=1 d/ d/x=1")
    key = c1(world).key
    world = after(
        world,
        do.Write(key, "/.wh.a", content.EMPTY),
        do.Write(key, "/d/.wh..wh..opq", content.EMPTY),
        do.Commit(key, "new", Config(), line()),
    )
    assert view(c1(world).stack) == ".wh.a= a=1 d/ d/.wh..wh..opq= d/x=1"
    assert view(image_of(world, "new").layers) == "d/!"


def test_commit_of_a_build_goes_on_with_it() -> None:
    world = built(empty_world(), "base", "a=1")
    world = after(world, do.StartBuild("two", world.images[-1].key))
    world = container_on(world, "base", "tmp")
    key = container(world, "tmp").key
    world = after(world, do.Write(key, "/b", content.of(b"2")))
    done = outcome(world, do.Commit(key, "", Config(), line(), "RUN x", 2))
    assert done.events[0] == BuildStep("two", 2, "RUN x", cached=False)
    assert isinstance(done.events[1], Committed)
    finished = after(done.world, do.RemoveContainer(key), do.FinishBuild())
    assert view(image_of(finished, "two").layers) == "a=1 b=2"


def brought(*texts: str, config: bytes = b"{}") -> Image:
    return Image(0, tuple(Layer(0, Table.of(entries(text))) for text in texts), Config(raw=config))


def test_brought_image_shares_the_layers_that_are_stored_already() -> None:
    world = after(empty_world(), do.BringImage(brought("a=1", "b=2"), ("one",)))
    world = after(world, do.BringImage(brought("a=1", "c=3", config=b"{ }"), ("two:1",)))
    one, two = image_of(world, "one"), image_of(world, "two:1")
    assert two.layers[0] is one.layers[0]
    assert two.layers[1].key != one.layers[1].key
    assert len({layer.key for image in (one, two) for layer in image.layers}) == 3


def test_equal_layers_on_different_bases_are_not_shared() -> None:
    world = after(empty_world(), do.BringImage(brought("a=1", "b=2"), ("one",)))
    world = after(world, do.BringImage(brought("c=3", "b=2", config=b"{ }"), ("two",)))
    one, two = image_of(world, "one"), image_of(world, "two")
    assert diff_id(one.layers[1]) == diff_id(two.layers[1])
    assert two.layers[1] is not one.layers[1]


def test_one_layer_may_stand_twice_in_an_image() -> None:
    world = after(empty_world(), do.BringImage(brought("a=1", "", ""), ("one",)))
    image = image_of(world, "one")
    assert len({layer.key for layer in image.layers}) == 3
    assert len(set(chain_ids(image.layers))) == 3


def test_brought_image_that_is_there_already_gets_the_name_only() -> None:
    world = after(empty_world(), do.BringImage(brought("a=1"), ("one",)))
    image = replace(brought("a=1"), repo_digests=("one@sha256:1",))
    again = after(world, do.BringImage(image, ("two",)))
    assert len(again.images) == 1
    assert tags_of(again, again.images[0]) == ("one:latest", "two:latest")
    assert again.images[0].repo_digests == ("one@sha256:1",)


def test_removed_image_takes_the_layers_that_nobody_else_needs_top_first() -> None:
    world = after(empty_world(), do.BringImage(brought("a=1", "b=2", "c=3"), ("one",)))
    world = after(world, do.BringImage(brought("a=1", "d=4", config=b"{ }"), ("two",)))
    one = image_of(world, "one")
    chains = chain_ids(one.layers)
    done = outcome(world, do.RemoveImage(one.key))
    assert done.events == (
        Untagged("one"),
        ImageDeleted("one", image_id(one)),
        LayerDeleted("one", 3, one.layers[2].key, chains[2]),
        LayerDeleted("one", 2, one.layers[1].key, chains[1]),
    )
    assert image_by_key(done.world, one.key) is None
    assert view(image_of(done.world, "two").layers) == "a=1 d=4"


def test_removed_image_takes_the_untagged_images_of_its_build() -> None:
    world = built(empty_world(), "two", "a=1", "b=2")
    chains = chain_ids(world.images[-1].layers)
    done = outcome(world, do.RemoveImage(world.images[-1].key))
    assert done.world.images == ()
    assert [type(event).__name__ for event in done.events] == [
        "Untagged",
        "ImageDeleted",
        "LayerDeleted",
        "ImageDeleted",
        "LayerDeleted",
    ]
    assert [event.chain_id for event in done.events if isinstance(event, LayerDeleted)] == list(reversed(chains))


def test_parent_stays_while_it_is_tagged_or_another_image_stands_on_it() -> None:
    world = built(empty_world(), "one", "a=1")
    base = world.images[-1].key
    for ref, text in (("two", "b=2"), ("three", "c=3")):
        world = after(world, do.StartBuild(ref, base), copy(text), do.FinishBuild())
    left = after(world, do.Untag("one"), do.RemoveImage(image_of(world, "two").key))
    assert image_by_key(left, base)
    gone = after(left, do.RemoveImage(image_of(left, "three").key))
    assert gone.images == ()
    kept = after(world, *(do.RemoveImage(image_of(world, ref).key) for ref in ("two", "three")))
    assert [tags_of(kept, image) for image in kept.images] == [("one:latest",)]


def test_layers_stay_while_a_container_stands_on_them() -> None:
    world = container_on(built(empty_world(), "two", "a=1", "b=2"), "two", "c1")
    image = image_of(world, "two")
    done = outcome(world, do.RemoveImage(image.key))
    assert not [event for event in done.events if isinstance(event, LayerDeleted)]
    assert view(c1(done.world).stack) == "a=1 b=2"


def test_tag_and_untag() -> None:
    world = built(empty_world(), "two", "a=1")
    done = outcome(world, do.Tag(world.images[-1].key, "docker.io/library/other:v1"))
    assert done.events == (Tagged("other:v1", moved=False),)
    assert tags_of(done.world, world.images[-1]) == ("two:latest", "other:v1")
    assert outcome(done.world, do.Untag("two")).events == (Untagged("two"),)
    assert outcome(done.world, do.Untag("nosuch")).error == "ENOENT"


def test_container_goes_through_its_states() -> None:
    world = container_on(built(empty_world(), "two", "a=1"), "two", "c1")
    key = c1(world).key
    assert c1(world).state == "created"
    done = outcome(world, do.StartContainer(key))
    assert done.events == (ContainerChanged("c1", "started"),)
    later = after(done.world, do.Tick(5))
    done = outcome(later, do.StopContainer(key, 137))
    assert done.events == (ContainerChanged("c1", "stopped", 137),)
    stopped = c1(done.world)
    assert (stopped.state, stopped.exit_code, stopped.finished - stopped.started) == ("exited", 137, 5)
    assert outcome(done.world, do.RemoveContainer(key)).world.containers == ()


def test_container_s_name_is_its_own_and_a_missing_one_is_made() -> None:
    world = container_on(built(empty_world(), "two", "a=1"), "two", "c1")
    key = image_of(world, "two").key
    assert apply(world, do.CreateContainer(key, "two", "c1", ())).error == "EEXIST"
    named = after(world, do.CreateContainer(key, "two", "", ()), do.CreateContainer(key, "two", "", ()))
    names = [made.name for made in named.containers]
    assert len(set(names)) == 3
    assert all("_" in name for name in names[1:])


def test_two_containers_on_one_image_do_not_see_each_other_s_files() -> None:
    world = built(empty_world(), "two", "a=1")
    world = container_on(container_on(world, "two", "c1"), "two", "c2")
    one, two = world.containers
    changed = after(world, do.Write(one.key, "/a", content.of(b"new")), do.Unlink(two.key, "/a"))
    assert [view(made.stack) for made in changed.containers] == ["a=new", ""]
    assert view(image_of(changed, "two").layers) == "a=1"


def test_container_ids_are_64_hex_digits_that_do_not_begin_with_a_number() -> None:
    world = built(empty_world(), "two", "a=1")
    for number in range(30):
        world = container_on(world, "two", f"c{number}")
    ids = {made.id for made in world.containers}
    assert len(ids) == 30
    assert all(len(name) == 64 and int(name, 16) >= 0 and not name[:12].isdecimal() for name in ids)


@pytest.mark.parametrize(
    ("text", "ref"),
    [
        ("redis", "redis:latest"),
        ("redis:6", "redis:6"),
        ("library/redis", "redis:latest"),
        ("docker.io/library/redis:6", "redis:6"),
        ("docker.io/me/app", "me/app:latest"),
        ("me/app:1", "me/app:1"),
        ("localhost:5000/app", "localhost:5000/app:latest"),
        ("localhost:5000/library/app:1", "localhost:5000/library/app:1"),
        ("redis@sha256:12", "redis@sha256:12"),
    ],
)
def test_references_have_one_form(text: str, ref: str) -> None:
    assert normal_ref(text) == ref


def test_short_form_leaves_latest_out() -> None:
    assert (short_ref("redis:latest"), short_ref("redis:6")) == ("redis", "redis:6")


def test_images_are_found_by_name_id_and_prefix() -> None:
    world = built(built(empty_world(), "two", "a=1"), "three:x", "b=2")
    two = image_of(world, "two")
    digits = image_id(two).removeprefix("sha256:")
    for text in ("two", "two:latest", digits, digits[:12], digits[:4], "sha256:" + digits, "sha256:" + digits[:8]):
        assert image_by_ref(world, text) is two
    assert image_by_ref(world, "three") is None
    assert image_by_ref(world, "zzz") is None
    untagged = after(world, do.Untag("two"))
    assert place_of(untagged, two) == digits[:12]


def test_prefix_of_two_ids_is_ambiguous() -> None:
    world = empty_world()
    while len({image_id(image)[7] for image in world.images}) == len(world.images):
        world = built(world, f"i{len(world.images)}", f"f{len(world.images)}=1")
    first = next(
        digit for digit in "0123456789abcdef" if sum(image_id(image)[7] == digit for image in world.images) > 1
    )
    with pytest.raises(AmbiguousId, match=f"multiple IDs found with provided prefix: {first}"):
        image_by_ref(world, first)


def test_containers_are_found_by_name_id_and_prefix() -> None:
    world = container_on(built(empty_world(), "two", "a=1"), "two", "web")
    web = world.containers[0]
    for text in ("web", "/web", web.id, web.id[:12], web.id[:3]):
        assert container_by_name(world, text) is web
    assert container_by_name(world, "we") is None
    assert container_by_name(world, "") is None


def test_unknown_action_and_unknown_keys_are_misuse() -> None:
    for action in (do.Action(), do.RemoveImage(5), do.StartContainer(5), do.Read(5, "/"), do.Tag(5, "x")):
        with pytest.raises(EngineError):
            apply(empty_world(), action)


def test_time_passes_by_ticks_alone() -> None:
    world = empty_world()
    assert after(world, do.Mkdir("host", "/a"), do.ChangeDirectory("/a/../b/")).clock == START_OF_TIME
    assert after(world, do.Tick(), do.Tick(3)).clock == START_OF_TIME + 4
    assert after(world, do.ChangeDirectory("/a/../b/")).cwd == "/b"
