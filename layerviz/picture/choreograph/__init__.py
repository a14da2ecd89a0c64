"""From picture to picture in time: `choreograph(before, events, after) -> Timeline`.

`score` matches the shapes of both pictures, `changes` moves what differs, the other modules give each kind of event its
motion."""

from layerviz.picture.choreograph.play import choreograph, cross_fade
from layerviz.picture.timeline import Timeline

__all__ = ["Timeline", "choreograph", "cross_fade"]
