"""Images damaged by chance, always the same ones: `tools.fuzz` tries others for as long as one likes."""

from pathlib import Path

import pytest

from tools import fuzz

CASES = 150


@pytest.mark.usefixtures("both_ways")
@pytest.mark.parametrize("first", range(0, 4 * CASES, CASES))
def test_a_damaged_image_comes_to_a_sentence_or_is_opened(first: int, tmp_path: Path) -> None:
    taken = set()
    for number in range(first, first + CASES):
        folder = tmp_path / str(number)
        folder.mkdir()
        fault, key = fuzz.judged(number, folder)
        assert not fault, f"case {number}: {fault}"
        taken.add(key)
    # The damage reaches far: into headers, compression, JSON and digests, and now and then does no harm.
    assert {"opened", "cut", "checksum", "compression", "wrong_diff_id"} <= taken
