"""What may be asked for, and what is refused before anything is drawn."""

import pytest

from layerviz.export.request import BadRequest, ExportRequest, chosen, size


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"at": 1.1}, "the moment must lie between 0 and 1, not 1.1"),
        ({"at": -0.1}, "the moment must lie between 0 and 1"),
        ({"at": float("nan")}, "the moment must lie between 0 and 1"),
        ({"scale": 5}, "the scale must lie between 1 and 4"),
        ({"width": 0}, "is no size of a picture"),
        ({"width": 10_000, "scale": 4}, "10000x1080 times 4 is no size of a picture"),
        ({"steps": "two"}, "two names no steps"),
    ],
)
def test_what_makes_no_sense_is_refused_in_one_sentence_in_both_languages(wrong: dict[str, object], words: str) -> None:
    with pytest.raises(BadRequest) as caught:
        ExportRequest("lesson", "out", **wrong)  # type: ignore[arg-type] # some of them are wrong on purpose
    assert words in str(caught.value)
    assert caught.value.said("zh_CN") != str(caught.value)


def test_steps_are_a_number_a_range_or_all() -> None:
    assert list(chosen("all", 4, "x")) == [1, 2, 3, 4]
    assert list(chosen("3", 4, "x")) == [3]
    assert list(chosen("2-4", 4, "x")) == [2, 3, 4]


@pytest.mark.parametrize("steps", ["0", "5", "3-2", "2-5"])
def test_steps_that_are_not_there_are_refused_with_those_that_are(steps: str) -> None:
    with pytest.raises(BadRequest, match=f"x has no step {steps}; it has the steps 1 to 4"):
        chosen(steps, 4, "x")


def test_a_size_is_two_numbers() -> None:
    assert size("1920x1080") == (1920, 1080)
    with pytest.raises(BadRequest, match="write it as WIDTHxHEIGHT"):
        size("large")
