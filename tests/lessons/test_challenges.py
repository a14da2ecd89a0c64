"""Challenges: the start does not fulfil the goal, the example does, and attempts hear what still differs."""

import pytest

from layerviz.engine.world import World
from layerviz.lessons import challenge, playing
from layerviz.lessons.loading import lesson, lessons
from layerviz.lessons.playing import ChallengeRun, play
from layerviz.shell import run_script

WITH_CHALLENGE = [found.id for found in lessons() if found.challenge]


def start_of(lesson_id: str) -> ChallengeRun:
    start = play(lesson(lesson_id)).challenge
    assert start is not None
    return start


def attempt(lesson_id: str, script: str) -> World:
    results = run_script(start_of(lesson_id).world, script)
    assert all(result.status == 0 for result in results), [r.stderr for r in results]
    return results[-1].world


def test_the_six_lessons_of_the_story_end_in_a_challenge() -> None:
    assert len(WITH_CHALLENGE) == 6


@pytest.mark.parametrize("lesson_id", WITH_CHALLENGE)
def test_the_start_does_not_fulfil_the_goal(lesson_id: str) -> None:
    start = start_of(lesson_id)
    assert not challenge.is_reached(start.lesson, start.world)


@pytest.mark.parametrize("lesson_id", WITH_CHALLENGE)
def test_the_example_fulfils_every_line_within_par(lesson_id: str) -> None:
    start = start_of(lesson_id)
    results = playing.example(start)
    goal = start.lesson.challenge
    assert goal is not None
    assert [result.status for result in results] == [0] * len(results)
    assert len(results) <= goal.par
    judged = challenge.judge(start.lesson, results[-1].world)
    assert [ok for _, ok in judged] == [True] * len(goal.checks)


@pytest.mark.parametrize("lesson_id", WITH_CHALLENGE)
def test_every_line_of_the_goal_matters(lesson_id: str) -> None:
    """Half an example leaves at least one line open."""
    start = start_of(lesson_id)
    results = playing.example(start)
    for result in results[:-1]:
        assert not challenge.is_reached(start.lesson, result.world)


REACTIONS = [
    (
        "one-image-six-layers",
        "docker rm -f cache",
        "cache must stay: undo.",
    ),
    (
        "an-image-grows",
        'echo "COPY app/ /app/" >> Dockerfile\necho "RUN touch /app/x" >> Dockerfile\ndocker build -t mine .',
        "One line made a layer too many: which?",
    ),
    (
        "two-layers-six-files",
        'mkdir e\necho "File 8" > e/file8\n'
        "printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\nCOPY e/ /\\n' > Dockerfile\ndocker build -t mine .",
        "A new name appeared. Which one did you want to cover?",
    ),
    (
        "two-layers-six-files",
        "echo \"File 8\" > a/file2\nprintf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\n' > Dockerfile\n"
        "docker build -t mine .",
        "You changed a/file2 itself: the old one is in no layer.",
    ),
    (
        "one-unified-view",
        "printf 'FROM alpine\\nCOPY a/ /files/\\nCOPY b/ /files/\\n' > Dockerfile\ndocker build -t mine .",
        "Fewer files stored: you dropped a line.",
    ),
    (
        "the-writable-layer",
        "docker run -dit --name w1 six\ndocker exec w1 rm /files/file3\ndocker commit w1 half\ndocker rm -f w1\n"
        "docker run -dit --name w1 half\ndocker exec w1 touch /files/file9\ndocker commit w1 mine\ndocker rm -f w1",
        "You committed twice; one commit takes all changes.",
    ),
    (
        "deleting-does-not-shrink",
        "docker build -t clean .",
        "Still in clean[2].",
    ),
    (
        "deleting-does-not-shrink",
        "rm app/secret.env\nprintf 'FROM alpine\\nCOPY app/ /app/\\nRUN chmod 600 /app/model.bin\\n' > Dockerfile\n"
        "docker build -t clean .",
        "A later step touched model.bin: which?",
    ),
]


@pytest.mark.parametrize(("lesson_id", "script", "said"), REACTIONS)
def test_an_attempt_that_misses_in_a_known_way_hears_so(lesson_id: str, script: str, said: str) -> None:
    world = attempt(lesson_id, script)
    assert challenge.reaction(lesson(lesson_id), world, "en") == said
    assert challenge.reaction(lesson(lesson_id), world, "zh_CN") != said


def test_extras_do_no_harm() -> None:
    start = start_of("two-layers-six-files")
    done = playing.example(start)[-1].world
    more = run_script(done, "mkdir other\necho x > other/x\ndocker tag mine mine:again")[-1].world
    assert challenge.is_reached(start.lesson, more)


def test_another_way_to_the_goal_is_as_good() -> None:
    world = attempt(
        "the-writable-layer",
        "docker run -dit --name x1 six\ndocker exec x1 sh -c 'rm /files/file3; echo hi > /files/file9'\n"
        "docker commit x1 mine\ndocker stop x1\ndocker rm x1",
    )
    assert challenge.is_reached(lesson("the-writable-layer"), world)


WAYS = [
    ("one-image-six-layers", "docker stop web; docker rm web; docker rmi nginx"),
    ("one-image-six-layers", "docker rmi -f nginx; docker rm -f web; docker image prune -af"),
    ("one-image-six-layers", "docker container rm -f web; docker image rm nginx:latest"),
    ("one-image-six-layers", "docker rm -f $(docker ps -q --filter name=web); docker image prune -a -f"),
    (
        "an-image-grows",
        "echo 'COPY app /app' >> Dockerfile; "
        'echo \'CMD ["python3","/app/main.py"]\' >> Dockerfile; '
        "docker build -t mine .",
    ),
    (
        "an-image-grows",
        "printf 'FROM grow:3\\nCOPY app/main.py /app/\\nCMD python3 /app/main.py\\n' > Dockerfile; "
        "docker build -t mine .",
    ),
    (
        "an-image-grows",
        "docker create --name xx grow:3; "
        "docker cp app xx:/; "
        'docker commit -c \'CMD ["python3","/app/main.py"]\' xx mine',
    ),
    (
        "an-image-grows",
        "echo 'RUN mkdir /app && echo hi > /app/main.py' >> Dockerfile; "
        "echo 'ENTRYPOINT [\"python3\"]' >> Dockerfile; "
        "echo 'CMD [\"/app/main.py\"]' >> Dockerfile; "
        "docker build -t mine .",
    ),
    (
        "two-layers-six-files",
        "mkdir z; "
        "echo 'File 8' > z/file2; "
        "printf 'FROM two\\nCOPY z/file2 /file2\\n' > Dockerfile; "
        "docker build -t mine .",
    ),
    (
        "two-layers-six-files",
        "docker create --name xx two; echo 'File 8' > file2; docker cp file2 xx:/file2; docker commit xx mine",
    ),
    (
        "two-layers-six-files",
        "echo 'File 8' > n; "
        "printf 'FROM scratch\\nADD a /\\nADD b /\\nADD n /file2\\n' > Dockerfile; "
        "docker build -t mine .",
    ),
    ("two-layers-six-files", "printf 'FROM two\\nRUN echo \"File 8\" > /file2\\n' | docker build -t mine -"),
    (
        "one-unified-view",
        "printf 'FROM alpine\\nCOPY c/ /files/\\nCOPY a/ /files/\\nCOPY b/ /files/\\n' > Dockerfile; "
        "docker build -t mine .",
    ),
    (
        "one-unified-view",
        "printf 'FROM alpine\\nCOPY c /files\\nCOPY b /files\\nCOPY a /files\\n' > Dockerfile; docker build -t mine .",
    ),
    (
        "one-unified-view",
        "printf 'FROM alpine\\nCOPY a/ /files/\\nCOPY c/ /files/\\nCOPY b/ /files/\\n' > D2; "
        "docker build -f D2 -t mine .",
    ),
    (
        "the-writable-layer",
        "docker run --name xx six sh -c 'rm /files/file3 && touch /files/file9'; docker commit xx mine; docker rm xx",
    ),
    (
        "the-writable-layer",
        "docker run -dit --name xx six; "
        "echo hi > file9; "
        "docker cp file9 xx:/files/; "
        "docker exec xx rm -f /files/file3; "
        "docker commit -m x xx mine; "
        "docker container prune -f; "
        "docker rm -f xx",
    ),
    (
        "deleting-does-not-shrink",
        "rm app/secret.env; "
        "chmod 600 app/model.bin; "
        "printf 'FROM alpine\\nCOPY app /app\\n' > Dockerfile; "
        "docker build -t clean .",
    ),
    (
        "deleting-does-not-shrink",
        "echo secret.env > .dockerignore; "
        "echo app/secret.env >> .dockerignore; "
        "chmod 600 app/model.bin; "
        "printf 'FROM alpine\\nCOPY app/ /app/\\n' > Dockerfile; "
        "docker build -t clean .",
    ),
    (
        "deleting-does-not-shrink",
        "chmod 600 app/model.bin; "
        "printf 'FROM alpine\\nCOPY app/main.py app/model.bin /app/\\n' > Dockerfile; "
        "docker build -t clean .",
    ),
    (
        "deleting-does-not-shrink",
        "printf 'FROM alpine\\nRUN mkdir /app && truncate -s 50MB /app/model.bin && chmod 600 "
        "/app/model.bin\\nCOPY app/main.py /app/\\n' > Dockerfile; "
        "docker build -t clean .",
    ),
    (
        "deleting-does-not-shrink",
        "printf 'FROM alpine AS b\\nCOPY app/ /app/\\nRUN rm /app/secret.env && chmod 600 "
        "/app/model.bin\\nFROM alpine\\nCOPY --from=b /app/ /app/\\n' > Dockerfile; "
        "docker build -t clean .",
    ),
]
"""Legitimate ways to the goals that are none of the examples."""


@pytest.mark.parametrize(("lesson_id", "script"), WAYS)
def test_every_legitimate_way_reaches_the_goal(lesson_id: str, script: str) -> None:
    results = run_script(start_of(lesson_id).world, script, keep_going=True)
    assert challenge.is_reached(lesson(lesson_id), results[-1].world), [result.stderr for result in results]


def test_what_still_differs_is_said_line_by_line() -> None:
    world = attempt(
        "two-layers-six-files",
        "printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\n' > Dockerfile\ndocker build -t mine .",
    )
    judged = challenge.still_differs(lesson("two-layers-six-files"), world, "en")
    assert [(line.ok, line.now) for line in judged] == [
        (False, "2 is there now"),
        (True, ""),
        (False, "File 2 is there now"),
        (False, "6 is there now"),
    ]


def test_before_anything_is_built_the_goal_says_what_is_not_there() -> None:
    start = start_of("two-layers-six-files")
    judged = challenge.still_differs(start.lesson, start.world, "en")
    assert [line.now for line in judged] == ["mine is not there yet"] * 2 + [
        "mine:/file2 is not there yet",
        "mine is not there yet",
    ]


@pytest.mark.parametrize("lesson_id", WITH_CHALLENGE)
def test_success_is_said_in_both_languages(lesson_id: str) -> None:
    start = start_of(lesson_id)
    done = playing.example(start)[-1].world
    said = [challenge.success(start, done, lang) for lang in ("en", "zh_CN")]
    assert all(said)
    assert said[0] != said[1]


def test_the_success_of_lesson_1_counts_what_was_freed() -> None:
    start = start_of("one-image-six-layers")
    done = playing.example(start)[-1].world
    assert challenge.success(start, done, "en") == "133 MB listed, 64 MB freed: redis keeps the base."
    assert challenge.success(start, done, "zh_CN") == "列表写 133 MB，只释放 64 MB：基础层 redis 还在用。"
