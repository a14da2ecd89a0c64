import subprocess
import sys

from layerviz.engine import actions as do
from layerviz.engine.apply import empty_world
from layerviz.engine.sharing import freed_by, sharers, users_of
from layerviz.engine.table import Table
from layerviz.engine.world import Config, Image, Layer, World
from tests.engine.drawn import after, entries


def two_images() -> World:
    world = empty_world()
    for ref, texts in (("redis", ("base=1", "r=1", "r=2")), ("nginx", ("base=1", "n=1"))):
        image = Image(0, tuple(Layer(0, Table.of(entries(text))) for text in texts), Config(raw=ref.encode()))
        world = after(world, do.BringImage(image, (ref,)))
    return after(world, do.CreateContainer(world.images[1].key, "nginx", "web", ()))


def test_graph_leads_from_names_and_containers_over_images_down_the_layers() -> None:
    world = two_images()
    redis, nginx = world.images
    base, program, configuration = (layer.key for layer in redis.layers)
    drawn = world.graph()
    assert set(drawn.successors(("tag", "redis:latest"))) == {("image", redis.key)}
    assert set(drawn.successors(("image", redis.key))) == {("layer", configuration)}
    assert set(drawn.successors(("layer", program))) == {("layer", base)}
    assert set(drawn.predecessors(("layer", base))) == {("layer", program), ("layer", nginx.layers[1].key)}
    assert drawn.nodes["layer", base]["value"] is redis.layers[0]
    assert set(drawn.successors(("container", world.containers[0].key))) == {("image", nginx.key)}
    assert sum(kind == "layer" for kind, _ in drawn) == 4


def test_users_of_a_shared_layer_are_both_images_their_names_and_containers() -> None:
    world = two_images()
    redis, nginx = world.images
    assert users_of(world, redis.layers[0]) == (
        ("container", world.containers[0].key),
        ("image", redis.key),
        ("image", nginx.key),
        ("tag", "nginx:latest"),
        ("tag", "redis:latest"),
    )
    assert users_of(world, nginx.layers[1]) == (
        ("container", world.containers[0].key),
        ("image", nginx.key),
        ("tag", "nginx:latest"),
    )


def test_sharers_of_a_layer_are_the_images_and_containers_that_stand_on_it() -> None:
    world = two_images()
    redis, nginx = world.images
    web = ("container", world.containers[0].key)
    standing = sharers(world)
    assert standing[redis.layers[0].key] == {("image", redis.key), ("image", nginx.key), web}
    assert standing[redis.layers[2].key] == {("image", redis.key)}
    assert standing[nginx.layers[1].key] == {("image", nginx.key), web}
    assert world.containers[0].layer.key not in standing


def test_a_container_keeps_the_layers_of_an_image_that_is_gone() -> None:
    world = two_images()
    nginx = world.images[1]
    world = after(world, do.RemoveImage(nginx.key))
    assert sharers(world)[nginx.layers[1].key] == {("container", world.containers[0].key), ("image", nginx.key)}


def test_removing_an_image_frees_what_nobody_else_needs() -> None:
    world = two_images()
    redis, nginx = world.images
    assert freed_by(world, redis) == (redis.layers[2], redis.layers[1])
    assert freed_by(world, nginx) == ()


def test_networkx_is_not_loaded_with_the_engine() -> None:
    code = "import sys, layerviz.engine.apply, layerviz.engine.drivers; sys.exit('networkx' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
