"""Panels next to the stage: a pull's lines, what inspect and history print, blocks on disk and in memory, driver cards.

`box(page, place, has_stack)` is the room a panel takes, `shapes(…)` what stands in it."""

from layerviz.picture.layout.beside.panels import box, shapes

__all__ = ["box", "shapes"]
