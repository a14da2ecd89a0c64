"""Which rows are folded: as told one at a time, and of a thousand at once."""

import random
import time

from layerviz.picture.layout.folding import runs


def one_at_a_time(busy: list[bool], most: int) -> list[range]:
    """The rule as it is said, without haste."""
    rows = [range(n, n + 1) for n in range(len(busy))]
    while len(rows) > max(most, 2):

        def cost(n: int) -> tuple[int, bool, int]:
            low, high = rows[n], rows[n + 1]
            return any(busy[i] for i in low) + any(busy[i] for i in high), len(low) == len(high) == 1, n

        n = min(range(len(rows) - 2), key=cost)
        rows[n : n + 2] = [range(rows[n].start, rows[n + 1].stop)]
    return rows


def test_rows_that_hold_nothing_here_are_folded_first_and_the_topmost_never() -> None:
    assert runs([True, False, False, False, True, True], 4) == [range(1), range(1, 4), range(4, 5), range(5, 6)]
    assert runs([True] * 4, 3) == [range(2), range(2, 3), range(3, 4)]
    assert runs([False] * 9, 1) == [range(8), range(8, 9)]


def test_any_stack_is_folded_as_the_rule_says_step_by_step() -> None:
    chance = random.Random(1)
    for _ in range(2000):
        share = chance.choice((0, 0.1, 0.5, 0.9, 1))
        busy = [chance.random() < share for _ in range(chance.randrange(40))]
        most = chance.randrange(20)
        assert runs(busy, most) == one_at_a_time(busy, most), (busy, most)


def test_ten_thousand_rows_take_no_longer_than_they_must() -> None:
    before = time.process_time()
    together = runs([True] * 10_000, 12)
    assert time.process_time() - before < 2
    assert together == [range(9989), *(range(n, n + 1) for n in range(9989, 10_000))]
