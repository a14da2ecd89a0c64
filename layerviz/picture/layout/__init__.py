"""From a world to a picture: `layout(world, place, view) -> Picture`.

`Place` says what of the world stands on the stage, `View` how large and in which language it is drawn."""

from layerviz.picture.layout.compose import layout
from layerviz.picture.layout.place import Card, Column, Picture, Place, Slot, Vacated, View

__all__ = ["Card", "Column", "Picture", "Place", "Slot", "Vacated", "View", "layout"]
