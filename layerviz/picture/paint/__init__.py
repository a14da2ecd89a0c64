"""The one painter: `paint(frame, theme, painter, sprites)` onto a window or a page of a PDF, `image(frame, theme)`.

The only part of the picture that knows Qt. `load_fonts` and `draw` serve widgets that draw icons or text themselves."""

from layerviz.picture.paint.drawing import draw, load_fonts, painting, qcolour
from layerviz.picture.paint.frames import image, paint
from layerviz.picture.paint.sprites import Sprites

__all__ = ["Sprites", "draw", "image", "load_fonts", "paint", "painting", "qcolour"]
