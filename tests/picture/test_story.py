"""Commands told in pictures: which moments show, and on what stage."""

from dataclasses import replace

import pytest

from layerviz.engine.apply import empty_world
from layerviz.engine.events import CopiedUp, LookedUp
from layerviz.engine.world import World
from layerviz.picture.layout import Place, View, layout
from layerviz.picture.shapes import Beam, Slab, Tile
from layerviz.picture.story import tell, traces
from layerviz.picture.timeline import Timeline
from layerviz.shell import Moment, run_script
from tests.picture.judging import problems

VIEW = View(fixed=True, width=900, height=640)
FILES = """
mkdir a b c
echo "File 1" > a/file1; echo "File 2" > a/file2; echo "File 3" > a/file3
echo "File 4" > b/file4; echo "File 5" > b/file5; echo "File 6" > b/file6
echo "File 7" > c/file5
printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\n' > Dockerfile
docker build -t two .
printf 'FROM alpine\\nCOPY a/ /files/\\nCOPY b/ /files/\\nCOPY c/ /files/\\n' > six.Dockerfile
docker build -t six -f six.Dockerfile .
"""


@pytest.fixture(scope="module")
def start() -> World:
    return run_script(empty_world(), FILES)[-1].world


def play(world: World, script: str) -> tuple[list[Moment], World]:
    results = run_script(world, script)
    assert all(result.status == 0 for result in results), [result.stderr for result in results]
    return [moment for result in results for moment in result.moments], results[-1].world


def told(world: World, script: str, before: Place, after: Place, view: View = VIEW) -> Timeline:
    """The story of a script, held against what must hold for any."""
    moments, last = play(world, script)
    timeline = tell(moments, before, after, view)
    assert timeline.at(0) == layout(world, before, view).frame
    assert timeline.at(timeline.duration_ms) == layout(last, after, view).frame
    for n in range(1, 24):
        assert problems(timeline.at(timeline.duration_ms * n / 24), moving=True) == []
    return timeline


def slabs(timeline: Timeline, ms: float) -> int:
    shapes = timeline.at(ms).shapes
    return sum(isinstance(s, Slab) and s.style != "view" and not s.id.startswith("was.") for s in shapes)


def test_a_build_shows_only_the_steps_that_were_not_in_the_cache(start: World) -> None:
    script = 'echo "COPY c/ /" >> Dockerfile\ndocker build -t three .'
    timeline = told(start, script, Place(("two",)), Place(("three",)))
    assert len(timeline.marks) == 1  # one motion: two layers stand, the third falls
    assert slabs(timeline, 50) == 2 and slabs(timeline, timeline.duration_ms) == 3


def test_a_build_of_three_layers_is_three_motions(start: World) -> None:
    script = "printf 'FROM scratch\\nCOPY c/ /\\nCOPY b/ /\\nCOPY a/ /\\n' > Dockerfile\ndocker build -t other ."
    timeline = told(start, script, Place(()), Place(("other",)))
    assert len(timeline.marks) == 3
    ends = [slabs(timeline, mark - 1) for mark in timeline.marks]
    assert ends == [1, 2, 3]


def test_a_container_arrives_is_written_to_and_goes(start: World) -> None:
    on = Place(("c1",), "/files")
    _, world = play(start, "docker run -dit --name c1 six")
    told(start, "docker run -dit --name c1 six", Place(("six",), "/files"), on)
    timeline = told(world, "docker exec c1 sh -c 'echo more >> /files/file1'", on, on)
    ghosts = [
        shape
        for n in range(60)
        for shape in timeline.at(timeline.duration_ms * n / 60).shapes
        if isinstance(shape, Tile) and shape.look == "ghost"
    ]
    assert {ghost.tag for ghost in ghosts} == {"7 B"}
    told(world, "docker exec c1 rm /files/file2", on, on)
    told(world, "docker rm -f c1", on, Place(("six",), "/files"))


def test_what_a_throwaway_container_reads_is_told_of_its_image(start: World) -> None:
    on = Place(("six",), "/files")
    timeline = told(start, "docker run --rm six cat /files/file1", on, on)
    rising = [
        s
        for n in range(60)
        for s in timeline.at(timeline.duration_ms * n / 60).shapes
        if s.id.startswith("moving.rise")
    ]
    assert rising and all(isinstance(s, Beam) and s.hue == 2 for s in rising)


def test_a_short_name_that_begins_an_id_is_not_taken_for_its_image(start: World) -> None:
    timeline = told(start, "docker run -dit --name c1 six", Place(("six",), "/files"), Place(("c1",), "/files"))
    for n in range(20):
        assert slabs(timeline, timeline.duration_ms * n / 20) in (4, 5)


def test_a_directory_that_changes_first_opens_before_anything_happens(start: World) -> None:
    _, world = play(start, "docker run -dit --name c1 six")
    timeline = told(world, "docker exec c1 rm /files/file2", Place(("c1",), "/"), Place(("c1",), "/files"))
    assert len(timeline.marks) == 2
    opened = timeline.at(timeline.marks[0]).shapes
    assert {s.address for s in opened if isinstance(s, Tile)} >= {"c1:/files/file2"}


def test_a_build_that_copies_a_file_up_tells_how(start: World) -> None:
    script = "printf 'FROM six\\nRUN chmod 600 /files/file1\\n' > Dockerfile\ndocker build -t mode ."
    timeline = told(start, script, Place(("six",), "/files"), Place(("mode",), "/files"))
    styles = [
        {s.style for s in timeline.at(timeline.duration_ms * n / 40).shapes if isinstance(s, Slab)} for n in range(41)
    ]
    assert any("container" in found for found in styles) and "container" not in styles[-1]
    script = "printf 'FROM six\\nRUN mkdir /new\\n' > Dockerfile\ndocker build -t plain ."
    timeline = told(start, script, Place(("six",), "/files"), Place(("plain",), "/files"))
    assert len(timeline.marks) == 1  # its layer just falls


def test_with_reduced_motion_a_story_is_a_row_of_cross_fades(start: World) -> None:
    calm = replace(VIEW, reduced_motion=True)
    script = 'echo "COPY c/ /" >> Dockerfile\ndocker build -t three .'
    assert told(start, script, Place(("two",)), Place(("three",)), calm).duration_ms <= 300


def test_a_story_needs_a_moment() -> None:
    with pytest.raises(ValueError, match="at least one moment"):
        tell((), Place(()), Place(()), VIEW)


def test_traces_are_what_a_picture_can_keep(start: World) -> None:
    moments, _ = play(start, "docker run -dit --name c1 six\ndocker exec c1 chmod 600 /files/file1")
    kept = traces([event for moment in moments for event in moment.events])
    assert {LookedUp, CopiedUp} <= {type(event) for event in kept}
