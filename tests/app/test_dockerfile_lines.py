"""Which layer each line of a Dockerfile made."""

from layerviz.app.dockerfile_lines import Line, dockerfile_text, lines_of
from layerviz.engine.apply import empty_world
from layerviz.shell import run_script

SCRIPT = """\
mkdir a
echo "File 1" > a/file1
cat > Dockerfile <<'EOF'
# a comment
FROM alpine
COPY a/ /files/
ENV COLOUR=green
RUN touch /new \\
  && rm /files/file1
EOF
"""


def lines(*more: str) -> list[tuple[str, tuple[int, ...]]]:
    world = run_script(empty_world(), SCRIPT + "".join(more))[-1].world
    found: tuple[Line, ...] = lines_of(dockerfile_text(world), world, ("mine",))
    return [(line.fate, line.positions) for line in found]


def test_each_line_names_the_layer_it_made_or_that_it_made_none() -> None:
    assert lines("docker build -t mine .\n") == [
        ("text", ()),
        ("layer", (1,)),
        ("layer", (2,)),
        ("config_only", ()),
        ("layer", (3,)),
        ("text", ()),
    ]


def test_a_line_that_is_not_built_yet_comes_next() -> None:
    assert lines("docker build -t mine .\n", "echo 'LABEL a=b' >> Dockerfile\n")[-1] == ("next", ())


def test_before_the_first_build_everything_comes_next() -> None:
    assert [fate for fate, _ in lines()] == ["text", "text", "next", "next", "next", "text"]


def test_scratch_is_no_layer() -> None:
    assert lines("printf 'FROM scratch\\nCOPY a/ /\\n' > Dockerfile\n", "docker build -t mine .\n") == [
        ("no_layer", ()),
        ("layer", (1,)),
    ]


def test_a_line_that_no_builder_reads_is_text() -> None:
    assert lines("echo 'FROMM scratch' > Dockerfile\n") == [("text", ())]
