"""A small world for the tests of exports, and frames of it."""

from functools import cache

from layerviz.engine.actions import AddImage, FinishBuild, StartBuild
from layerviz.engine.apply import apply, empty_world
from layerviz.engine.content import of
from layerviz.engine.entry import Entry
from layerviz.engine.world import START_OF_TIME, Config, HistoryLine, World
from layerviz.picture.layout import Place, View, layout
from layerviz.picture.shapes import Frame

LAYERS = ({"/file1": "File 1", "/file5": "File 5"}, {"/file5": "File 7"})


@cache
def world() -> World:
    """The image `two`: two layers, the upper one covers /file5."""
    made = apply(empty_world(), StartBuild("two", None)).world
    for number, files in enumerate(LAYERS, 1):
        entries = tuple(Entry(path, content=of(f"{text}\n".encode())) for path, text in files.items())
        instruction = f"COPY {'abc'[number - 1]}/ /"
        history = HistoryLine(START_OF_TIME + number, instruction)
        made = apply(made, AddImage(None, Config(), history, entries, instruction, number)).world
    return apply(made, FinishBuild()).world


def frame(title: str = "Two layers", caption: str = "Three stored, two seen.", **view: object) -> Frame:
    """The image on its stage."""
    shown = View(title=title, caption=caption, step=(2, 5), **view)  # type: ignore[arg-type] # keywords of View
    return layout(world(), Place(("two",)), shown).frame
