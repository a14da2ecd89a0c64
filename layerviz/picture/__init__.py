"""From a world to a picture, and from picture to picture in time. Only `paint` knows Qt.

`layout` makes a Picture of a world, `choreograph` and `story` a Timeline of pictures, `expand` primitives of a
frame."""
