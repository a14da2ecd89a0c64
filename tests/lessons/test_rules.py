"""The lessons guard the rules of the merge: with any of them turned round, a lesson's own check fails."""

from collections.abc import Callable, Iterator, Sequence

import pytest

from layerviz.engine import merge, paths, remembered
from layerviz.engine.merge import Found, Lookup
from layerviz.engine.world import Entries, Layer
from layerviz.lessons.checking import check
from layerviz.lessons.loading import lesson_files
from layerviz.lessons.playing import play

FILES = {file.stem[3:]: file for file in lesson_files()}


@pytest.fixture(autouse=True)
def nothing_remembered() -> Iterator[None]:
    """What was computed by one rule must not answer for another."""
    for forget in (remembered._MEMORIES.clear, play.cache_clear):
        forget()
    yield
    for forget in (remembered._MEMORIES.clear, play.cache_clear):
        forget()


def whiteouts_ignored(patch: pytest.MonkeyPatch) -> None:
    hides = merge._hides

    def blind(entries: Entries, path: str) -> tuple[merge.Answer, bool]:
        answer, ends = hides(entries, path)
        return ("absent", False) if answer == "whiteout" else (answer, ends)

    def merged(stack: Sequence[Layer], directory: str, positions: tuple[int, ...]) -> tuple[Found, ...]:
        decided: dict[str, Found] = {}
        for position in positions:
            for row in stack[position - 1].entries.children(directory):
                entry = stack[position - 1].entries.entry(row)
                if not entry.is_whiteout:
                    decided.setdefault(entry.name, Found(position, entry))
        return tuple(sorted(decided.values(), key=lambda found: paths.key(found.entry.path)))

    patch.setattr(merge, "_hides", blind)
    patch.setattr(merge, "_merged", merged)


def lower_version_wins(patch: pytest.MonkeyPatch) -> None:
    lookup, merged = merge.lookup, merge._merged

    def from_the_bottom(stack: Sequence[Layer], path: str) -> Lookup:
        for position in range(1, len(stack) + 1):
            hit = lookup(stack[position - 1 : position], path).found
            if hit and not hit.entry.implied:
                return Lookup(path, ((position, "found"),), Found(position, hit.entry))
        return lookup(stack, path)

    def reversed_merge(stack: Sequence[Layer], directory: str, positions: tuple[int, ...]) -> tuple[Found, ...]:
        return merged(stack, directory, positions[::-1])

    patch.setattr(merge, "lookup", from_the_bottom)
    patch.setattr(merge, "_merged", reversed_merge)


def opaque_hides_its_own_layer(patch: pytest.MonkeyPatch) -> None:
    contributing = merge._contributing

    def without_opaque(stack: Sequence[Layer], directory: str, candidates: tuple[int, ...]) -> Iterator[int]:
        for position in contributing(stack, directory, candidates):
            entries = stack[position - 1].entries
            row = entries.row(directory)
            if row is None or not entries.entry(row).opaque:
                yield position

    patch.setattr(merge, "_contributing", without_opaque)


RULES: list[tuple[Callable[[pytest.MonkeyPatch], None], str]] = [
    (whiteouts_ignored, "the-writable-layer"),
    (whiteouts_ignored, "deleting-does-not-shrink"),
    (lower_version_wins, "two-layers-six-files"),
    (lower_version_wins, "one-unified-view"),
    (opaque_hides_its_own_layer, "the-writable-layer"),
]


@pytest.mark.parametrize(("turned_round", "lesson_id"), RULES)
def test_a_rule_turned_round_makes_a_lesson_s_check_fail(
    turned_round: Callable[[pytest.MonkeyPatch], None], lesson_id: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert check(FILES[lesson_id]) == ()
    remembered._MEMORIES.clear()
    play.cache_clear()
    turned_round(monkeypatch)
    assert check(FILES[lesson_id]) != ()
