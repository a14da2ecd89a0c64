"""`layerviz run` prints what the commands print, and stops at the first that fails."""

import os
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from layerviz.cli.root import layerviz

Call = Callable[..., "subprocess.CompletedProcess[str]"]

ARTICLE = """\
mkdir a b c
echo "File 1" > a/file1; echo "File 2" > a/file2; echo "File 3" > a/file3
echo "File 4" > b/file4; echo "File 5" > b/file5; echo "File 6" > b/file6
echo "File 7" > c/file5
printf 'FROM scratch\\nCOPY a/ /\\nCOPY b/ /\\nCOPY c/ /\\n' > Dockerfile
docker build -q -t three .
"""


def test_only_the_output_of_the_commands_is_printed(call: Call) -> None:
    played = call("run", "-", stdin='echo "File 1" > file1\ncat file1\n')
    assert (played.returncode, played.stdout, played.stderr) == (0, "File 1\n", "")


def test_a_script_is_a_file(call: Call, tmp_path: Path) -> None:
    script = tmp_path / "demo.sh"
    script.write_text("echo one\necho two\n", encoding="utf-8")
    assert call("run", str(script)).stdout == "one\ntwo\n"


def test_it_stops_at_the_first_command_that_fails_and_names_file_and_line(call: Call) -> None:
    played = call("run", "-", stdin="echo one\n\ncat nothing\necho three\n")
    assert played.returncode == 1
    assert played.stdout == "one\n"
    told = played.stderr.splitlines()
    assert "cat: nothing: No such file or directory" in told
    assert "line 3" in told[-1]


def test_the_command_that_failed_is_told_in_one_short_line_without_escapes(call: Call) -> None:
    played = call("run", "-", stdin=f"false '\x1b[31m\x07' {'long ' * 40}\n")
    told = played.stderr.splitlines()[-1]
    assert "\\x1b[31m\\x07" in told and told.endswith("…")
    assert len(told) < 160


def test_keep_going_plays_the_rest_and_still_ends_with_status_1(call: Call) -> None:
    played = call("run", "-", "--keep-going", stdin="cat nothing\necho three\n")
    assert (played.returncode, played.stdout) == (1, "three\n")


def test_a_script_that_is_not_there_is_one_sentence(call: Call, tmp_path: Path) -> None:
    played = call("run", str(tmp_path / "none.sh"))
    assert played.returncode == 1
    assert len(played.stderr.splitlines()) == 1
    assert "none.sh" in played.stderr


@pytest.mark.skipif(os.name == "nt", reason="Windows gives a process no bytes as text")
def test_bytes_that_are_no_text_come_out_as_they_went_in(tmp_path: Path) -> None:
    script = tmp_path / "bytes.sh"
    script.write_bytes(b"echo '\xff\xfe' > f\ncat f\n")
    played = subprocess.run([sys.executable, "-m", "layerviz", "run", str(script)], capture_output=True, check=True)
    assert played.stdout == b"\xff\xfe\n"


def test_docker_save_writes_a_real_file_relative_to_the_current_folder(
    call: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PYTHONPATH", os.getcwd())
    monkeypatch.chdir(tmp_path)
    script = ARTICLE + "docker save -o three.tar three\n"
    played = call("run", "-", stdin=script)
    assert played.returncode == 0, played.stderr
    listed = call("tree", "docker-archive:three.tar")
    assert [line.split()[-1] for line in listed.stdout.splitlines()] == [f"/file{n}" for n in range(1, 7)]
    (file5,) = (line for line in listed.stdout.splitlines() if line.endswith("/file5"))
    assert file5.startswith("[3]")
    loaded = call("run", "-", stdin="docker load -i three.tar\ndocker images -q three\n")
    assert loaded.stdout.splitlines()[0] == "Loaded image: three:latest"


def test_the_same_script_prints_the_same_ids_each_time(call: Call) -> None:
    script = ARTICLE + "docker images --no-trunc three\n"
    first, second = call("run", "-", stdin=script), call("run", "-", stdin=script)
    assert first.returncode == 0, first.stderr
    assert "sha256:" in first.stdout
    assert first.stdout == second.stdout


@pytest.mark.skipif(os.name == "nt", reason="Windows has no named pipes in folders")
def test_what_a_command_prints_is_there_before_the_next_one_ends(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    words = [sys.executable, "-m", "layerviz", "run", "-"]
    with subprocess.Popen(words, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as playing:
        late = threading.Timer(30, playing.kill)
        late.start()
        try:
            assert playing.stdin and playing.stdout
            playing.stdin.write(f"echo one\ndocker load -i {pipe}\n")
            playing.stdin.close()
            assert playing.stdout.readline() == "one\n", "nothing is printed until somebody writes into the pipe"
        finally:
            late.cancel()
            playing.kill()


def test_a_script_whose_lines_all_end_as_on_windows_is_played_and_one_carriage_return_is_kept(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_bytes(b"echo a > f\r\ncat <<E\r\nb\r\nE\r\n")
    assert CliRunner().invoke(layerviz, ["run", str(script)]).stdout_bytes == b"b\n"
    script.write_bytes(b"echo a\r\necho b\n")
    assert CliRunner().invoke(layerviz, ["run", str(script)]).stdout_bytes == b"a\r\nb\n"


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no file without an end")
def test_a_file_of_commands_without_an_end_is_one_sentence(call: Call) -> None:
    result = call("run", "/dev/zero")
    assert result.returncode == 1
    assert result.stderr.startswith("layerviz: /dev/zero") and "more than 16" in result.stderr
    assert result.stderr.count("\n") == 1
