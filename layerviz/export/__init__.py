"""Frames as files: `svg.svg(frame, theme)` and its neighbours. Each format is one module, imported where it is used."""
