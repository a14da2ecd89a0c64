"""History lines as docker, BuildKit and `docker commit` write them, and the instruction each stands for."""

import pytest

from layerviz.images.instruction import instruction


@pytest.mark.parametrize(
    ("created_by", "expected"),
    [
        ('/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'),
        (f"/bin/sh -c #(nop) ADD file:{'ce026b62356eec3a'.ljust(64, '0')} in / ", "ADD file:ce026b62356e in /"),
        (
            "/bin/sh -c apt-get update \t&& apt-get install -y python3",
            "RUN apt-get update && apt-get install -y python3",
        ),
        ("|1 VERSION=3 /bin/sh -c make install", "RUN make install"),
        ("RUN /bin/sh -c apt-get update # buildkit", "RUN apt-get update"),
        ("RUN |1 VERSION=3 /bin/sh -c make install # buildkit", "RUN make install"),
        ("COPY a/ / # buildkit", "COPY a/ /"),
        ("WORKDIR /src", "WORKDIR /src"),
        ('CMD ["sh"]', 'CMD ["sh"]'),
        ("bash", "bash"),
        ("", ""),
    ],
)
def test_a_history_line_is_shown_as_the_instruction_that_made_it(created_by: str, expected: str) -> None:
    assert instruction(created_by) == expected
