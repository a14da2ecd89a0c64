"""What a container printed, what it is called, what is listed of many things: docker's answers to questions."""

from layerviz.engine.world import World
from tests.shell.playing import play

SETUP = (
    "mkdir c; echo one > c/f; ln -s f c/link; printf 'FROM scratch\\nCOPY c/ /c/\\nLABEL who=me\\n' > Dockerfile\n"
    "docker build -q -t box .\ndocker run --name said box sh -c 'echo out; echo err >&2; echo more; exit 3'\n"
    "docker run -dit --name runs box sh\n"
)


def asked() -> World:
    return play(SETUP)[-1].world


def test_logs_are_what_the_first_program_wrote_in_all_its_runs() -> None:
    world = play("docker start -a said", asked())[-1].world
    (result,) = play("docker logs said", world)
    assert (result.stdout, result.errors) == ("out\nmore\n" * 2, "err\n" * 2)
    (result,) = play("docker logs --tail 2 said", world)
    assert (result.stdout, result.errors) == ("more\n", "err\n")


def test_what_docker_exec_prints_is_in_no_log() -> None:
    world = play("docker exec runs echo hello", asked())[-1].world
    assert play("docker logs runs", world)[0].stdout == ""


def test_start_with_a_shows_the_output_and_ends_as_the_program_does() -> None:
    (result,) = play("docker start -a said", asked())
    assert (result.stdout, result.errors, result.status) == ("out\nmore\n", "err\n", 3)
    assert play("docker start -a said runs", asked())[0].errors == (
        "you cannot start and attach multiple containers at once\n"
    )


def test_a_container_gets_another_name_that_is_free_and_valid() -> None:
    world = play("docker rename said told", asked())[-1].world
    assert play("docker ps -a --format '{{.Names}}'", world)[0].stdout == "runs\ntold\n"
    for wrong, what in (("runs", "Conflict. The container name"), ("a/b", "Invalid container name (/a/b)")):
        (result,) = play(f"docker rename told {wrong}", world)
        assert what in result.errors
        assert result.errors.endswith("Error: failed to rename container named told\n")
        assert result.status == 1


def test_filters_choose_and_a_wrong_one_is_refused_with_those_there_are() -> None:
    world = asked()
    assert play("docker ps -aq --filter exited=3 --filter ancestor=box | wc -l", world)[0].stdout == "1\n"
    assert play("docker images -q --filter label=who=you", world)[0].stdout == ""
    (result,) = play("docker images --filter bad=x", world)
    assert (result.errors, result.status) == ("Error response from daemon: invalid filter 'bad'\n", 1)
    assert "label" in result.hints[0]


def test_sizes_count_what_a_symlink_leads_to() -> None:
    assert play("docker history -H=false --format '{{.Size}}' box", asked())[0].stdout == "0\n5\n"
    assert play("docker system df --format '{{.Size}}'", asked())[0].stdout.split()[0] == "5B"


def test_the_long_form_of_disk_usage_has_a_part_for_each_kind() -> None:
    (result,) = play("docker system df -v", asked())
    heads = [line for line in result.stdout.splitlines() if "usage:" in line]
    assert heads == [
        "Images space usage:",
        "Containers space usage:",
        "Local Volumes space usage:",
        "Build cache usage: 0B",
    ]


def test_system_prune_takes_what_does_not_run_and_what_has_no_name() -> None:
    results = play("docker build -q -t box - < /dev/null\ndocker system prune -f\ndocker ps -aq | wc -l", asked())
    assert results[-1].stdout == "1\n"


def test_a_template_that_cannot_be_read_is_refused_in_gos_words() -> None:
    world = asked()
    missing = "can't evaluate field Nope in type *formatter.imageContext"
    for form, message in (
        ("{{.Nope}}", f'template: :1:2: executing "" at <.Nope>: {missing}'),
        ("{{", "template: :1: unclosed action"),
        ("{{nope}}", 'template: :1: function "nope" not defined'),
    ):
        (result,) = play(f"docker images --format '{form}'", world)
        assert (result.errors, result.status) == (f"template parsing error: {message}\n", 1)


def test_a_tree_of_a_thousand_directories_is_built_and_searched() -> None:
    path = "/".join("d" * 1200)
    script = f"mkdir -p {path}; echo x > {path}/f\nfind d -name f | wc -l\n"
    script += "printf 'FROM scratch\\nCOPY d/ /d/\\n' > Dockerfile\n"
    results = play(script + f"docker build -q -t deep .\ndocker run --rm deep cat /{path}/f\n")
    assert [result.status for result in results if result.status] == []
    assert results[-1].stdout == "x\n"
    assert "1\n" in [result.stdout for result in results]
