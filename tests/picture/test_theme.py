"""Colours: what may be read on what, and hues that people with any eyes can tell apart."""

import itertools

import pytest
from coloraide import Color

from layerviz.picture.shapes import Hue
from layerviz.picture.theme import (
    BLACK,
    CONTAINER_HUE,
    INK_ON_TILE,
    LAYER_HUES,
    THEMES,
    WHITE,
    Theme,
    code_of,
    contrast,
    deep,
    mix,
    rgba,
    second_round,
    tint,
)

EVERY_THEME = pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
HUES: tuple[Hue, ...] = (*range(1, 17), "rw", "bad", "dim", "ink", "accent")


def test_contrast_is_that_of_wcag() -> None:
    assert contrast(WHITE, BLACK) == pytest.approx(21)
    for a, b in itertools.combinations((*LAYER_HUES, INK_ON_TILE, WHITE), 2):
        other = Color(code_of(a)).contrast(Color(code_of(b)))
        assert contrast(a, b) == pytest.approx(other, rel=0.01)


def test_a_numeral_reads_on_every_tile() -> None:
    for hue in (*LAYER_HUES, CONTAINER_HUE):
        assert contrast(INK_ON_TILE, hue) >= 7


@EVERY_THEME
def test_every_hue_becomes_text_that_reads_on_every_part_of_the_ground(theme: Theme) -> None:
    least = 7.0 if theme.name == "projector" else 4.5
    for hue in HUES:
        assert all(contrast(theme.text(hue), part) >= least for part in theme.ground), hue


@EVERY_THEME
def test_text_reads_on_panels_and_cards_too(theme: Theme) -> None:
    least = 7.0 if theme.name == "projector" else 4.5
    for under in (theme.panel, mix(theme.panel, theme.ink, 0.06)):
        assert all(contrast(theme.text(hue), under) >= least for hue in HUES)


@EVERY_THEME
def test_the_writing_on_a_slab_reads_on_its_front(theme: Theme) -> None:
    for hue in LAYER_HUES:
        front = mix(hue if theme.flat else deep(hue), theme.base, theme.front)
        assert contrast(theme.front_ink, front) >= (7.0 if theme.flat else 4.5)


@EVERY_THEME
def test_a_tile_has_the_same_colour_in_every_theme(theme: Theme) -> None:
    assert [theme.tile(n) for n in range(1, 9)] == list(LAYER_HUES)
    assert theme.tile("rw") == CONTAINER_HUE


def test_layers_nine_to_sixteen_use_the_hues_again_and_are_marked() -> None:
    theme = THEMES["dark"]
    for n in range(1, 9):
        assert theme.tile(n + 8) == theme.tile(n)
        assert second_round(n + 8) and not second_round(n)
    assert not second_round("rw")


@pytest.mark.parametrize("eyes", ["", "deutan", "protan", "tritan"])
def test_neighbours_in_a_stack_differ_for_all_eyes(eyes: str) -> None:
    seen = [Color(code_of(hue)) for hue in LAYER_HUES]
    if eyes:
        seen = [colour.filter(eyes) for colour in seen]
    for low, high in itertools.pairwise(seen):
        assert low.delta_e(high, method="ok") >= 0.07


def test_a_fuller_shade_keeps_the_hue_and_is_no_greyer() -> None:
    for hue in LAYER_HUES:
        before, after = (Color(code_of(colour)).convert("hsv") for colour in (hue, deep(hue)))
        assert after["hue"] == pytest.approx(before["hue"], abs=2)
        assert after["saturation"] >= before["saturation"] - 0.01


def test_mixing_and_tinting_touch_only_what_they_should() -> None:
    a, b = rgba("#102030"), rgba("#506070")
    assert mix(a, b, 0) == a
    assert mix(a, b, 1) == b
    assert mix(a, b, 0.5) == rgba("#304050")
    assert tint(a, 0.25) == (16, 32, 48, 0.25)


@EVERY_THEME
def test_dark_themes_know_that_they_are_dark(theme: Theme) -> None:
    assert theme.dark is (theme.name != "light")
