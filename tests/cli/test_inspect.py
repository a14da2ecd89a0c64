"""`layerviz inspect` and `layerviz history`: docker's own forms."""

import json
from collections.abc import Callable
from pathlib import Path

from click.testing import Result

from tests.cli.made import REAL, image, needs_the_real_one
from tests.images.archives import File

Invoke = Callable[..., Result]


def inspected(invoke: Invoke, *arguments: str) -> dict[str, object]:
    told = invoke("inspect", *arguments)
    assert told.exit_code == 0, told.stderr
    (document,) = json.loads(told.stdout)
    assert isinstance(document, dict)
    return document


@needs_the_real_one
def test_the_real_archive_is_inspected_in_the_words_of_its_own_config(invoke: Invoke) -> None:
    said = inspected(invoke, str(REAL))
    assert said["Id"] == "sha256:75ae28b8ebf89b203319069ddcbecdf5c3838503bbebc0d0d85e4b8589c5de3a"
    assert said["RepoTags"] == ["dive-test:latest"]
    assert said["Created"] == "2018-12-28T20:44:23.030424642Z"
    assert said["DockerVersion"] == "18.09.0"
    assert said["Size"] == 1_220_598
    rootfs = said["RootFS"]
    assert isinstance(rootfs, dict)
    assert len(rootfs["Layers"]) == 14
    assert "GraphDriver" not in said


def test_fields_that_layerviz_itself_does_not_need_are_shown_too(invoke: Invoke, tmp_path: Path) -> None:
    healthcheck = {"Test": ["CMD", "true"], "Interval": 5_000_000_000}
    made = image(
        tmp_path,
        [File("a", b"1")],
        architecture="arm64",
        variant="v8",
        author="me",
        config={"Healthcheck": healthcheck, "StopSignal": "SIGQUIT", "Shell": ["/bin/bash", "-c"], "Cmd": None},
    )
    said = inspected(invoke, made)
    assert (said["Architecture"], said["Variant"], said["Author"]) == ("arm64", "v8", "me")
    assert said["Config"] == {"StopSignal": "SIGQUIT", "Healthcheck": healthcheck, "Shell": ["/bin/bash", "-c"]}
    assert list(said)[:3] == ["Id", "RepoTags", "RepoDigests"]


def test_the_array_is_indented_and_escaped_as_docker_does(invoke: Invoke, tmp_path: Path) -> None:
    made = image(tmp_path, [File("a", b"1")], config={"Cmd": ["sh", "-c", "a && b < c"]})
    told = invoke("inspect", made).stdout
    assert told.startswith('[\n    {\n        "Id": "sha256:')
    assert "a \\u0026\\u0026 b \\u003c c" in told
    assert told.endswith("]\n")


def test_the_image_of_a_script_is_inspected(invoke: Invoke, tmp_path: Path) -> None:
    script = tmp_path / "build.sh"
    script.write_text(
        "mkdir c\necho hi > c/a\nprintf 'FROM scratch\\nCOPY a /a\\n' > c/Dockerfile\ndocker build -t one c\n"
    )
    assert inspected(invoke, f"script:{script}:one")["RepoTags"] == ["one:latest"]


@needs_the_real_one
def test_the_history_has_dockers_columns_and_its_missing_ids(invoke: Invoke) -> None:
    lines = invoke("history", str(REAL)).stdout.splitlines()
    assert lines[0].split() == ["IMAGE", "CREATED", "CREATED", "BY", "SIZE", "COMMENT"]
    assert len(lines) == 16
    assert lines[1].startswith("75ae28b8ebf8   ")
    assert "/bin/sh -c chmod +x /root/saved.txt" in lines[1]
    assert lines[1].rstrip().endswith("6.41kB")
    assert lines[2].startswith("<missing>")
    assert '/bin/sh -c #(nop)  CMD ["sh"]' in lines[14]
    assert "0B" in lines[14]


@needs_the_real_one
def test_the_history_is_shown_whole_or_as_json_lines_when_asked_for(invoke: Invoke) -> None:
    whole = invoke("history", str(REAL), "--no-trunc").stdout
    assert "cp /root/saved.txt /root/.data/saved.again2.txt" in whole
    assert "sha256:75ae28b8ebf89b203319069ddcbecdf5c3838503bbebc0d0d85e4b8589c5de3a" in whole
    first = json.loads(invoke("history", str(REAL), "--json").stdout.splitlines()[0])
    assert (first["ID"], first["Size"]) == ("75ae28b8ebf8", "6.41kB")


def test_what_is_not_there_is_one_sentence(invoke: Invoke, tmp_path: Path) -> None:
    for command in ("inspect", "history", "report"):
        told = invoke(command, str(tmp_path / "none.tar"))
        assert (told.exit_code, told.stdout) == (1, "")
        assert len(told.stderr.splitlines()) == 1
