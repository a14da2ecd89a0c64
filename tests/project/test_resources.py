"""Data is found in a checkout; problems are one sentence and survive a process boundary."""

import pickle

import pytest

from layerviz.resources import Problem, ResourceError, assets, lessons_folder


def test_assets_and_lessons_are_found() -> None:
    assert assets("strings", "en", "common.yaml").is_file()
    assert lessons_folder().is_dir()


def test_a_missing_asset_is_named() -> None:
    with pytest.raises(ResourceError, match=r"fonts.No-such\.ttf: .*missing.*; install layerviz again"):
        assets("fonts", "No-such.ttf")


def test_a_problem_says_where_what_and_what_to_do() -> None:
    assert str(Problem("a.tar", "layer 3 ends early", "save it again")) == "a.tar: layer 3 ends early; save it again"
    assert str(Problem("", "nothing is open")) == "nothing is open"


def test_a_problem_comes_back_whole_from_another_process() -> None:
    sent = ResourceError("a.tar", "layer 3 ends early", "save it again")
    received = pickle.loads(pickle.dumps(sent))
    assert (type(received), received.where, received.what, received.hint) == (
        ResourceError,
        "a.tar",
        "layer 3 ends early",
        "save it again",
    )
