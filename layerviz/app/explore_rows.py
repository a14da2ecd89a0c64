"""The list of layers as rows that are painted: a layer with its bytes and what of them is never seen, or a line of the
history that made none."""

from collections.abc import Callable, Collection

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyle, QStyleOptionViewItem

from layerviz.app.explore_image import Arrival, Line
from layerviz.app.explore_model import Index, RowPainter, RowsModel, is_chosen, is_pointed_at
from layerviz.app.explore_words import size_words
from layerviz.app.look import Look
from layerviz.app.strokes import bar, box, number_tag, say, width_of
from layerviz.app.tokens import NOTE, PAD, font, tint
from layerviz.engine import paths

LAYER_PX, META_PX = 47, 34
COUNT_PX, COUNT_GAP_PX = 12, 8
ALL_LAYERS = 2000
"""More lines than any image has."""
TEXT_X = PAD + 38
EDGE_PX = 4
"""What rows leave free at the right, beside the room of the scroll bar."""


def ring(p: QPainter, look: Look, option: QStyleOptionViewItem, r: QRectF, radius: float) -> None:
    """The focus ring inside a row, after keyboard use: round the row that has the keyboard."""
    view = option.widget
    if not option.state & QStyle.StateFlag.State_HasFocus or view is None:
        return
    if view.window().testAttribute(Qt.WidgetAttribute.WA_KeyboardFocusChange):
        p.setPen(QPen(look.tokens.accent_text, 2))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRoundedRect(r.adjusted(1, 1, -1, -1), radius, radius)


def lines_model(look: Look, wrong: Callable[[], Collection[int]]) -> RowsModel[Line]:
    """The lines; `wrong` are layers that are not what their DiffIDs say."""

    def said(line: Line) -> str:
        if not line.position:
            return f"{line.text}, {look.say('player.config_only')}"
        parts = [look.say("facts.layer_n", n=line.position), line.text]
        if line.arrival is not None:
            return ", ".join((*parts, look.say(f"explore.layer_{line.arrival.step}")))
        parts.append(size_words(line.size_bytes, look.lang))
        if line.facts is not None:
            facts = line.facts
            parts.append(look.say("explore.files", added=facts.added, changed=facts.changed, removed=facts.removed))
            if facts.hidden_bytes:
                parts.append(look.say("explore.never_seen", size=size_words(facts.hidden_bytes, look.lang)))
        if line.position in wrong():
            parts.append(look.say("explore.wrong", count=1, layers=line.position))
        return ", ".join(parts)

    return RowsModel(
        lambda line: line.text,
        said,
        lambda line: paths.display(line.text),
        lambda line: bool(line.position),
        at_once=ALL_LAYERS,
    )


def counts_of(line: Line) -> tuple[str, ...]:
    """How many files a layer adds, changes and removes, as far as it does."""
    facts = line.facts
    if facts is None:
        return ()
    counts = (("+", facts.added), ("~", facts.changed), ("−", facts.removed))
    return tuple(f"{sign}{count:,}" for sign, count in counts if count)


class LinesDelegate(RowPainter[Line]):
    """Paints a line."""

    def __init__(self, look: Look, model: RowsModel[Line], wrong: Callable[[], Collection[int]]) -> None:
        super().__init__(model)
        self._look, self._wrong = look, wrong
        self._measured: tuple[tuple[Line, ...], float] = (), 0.0

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(160, LAYER_PX if self.row(index).position else META_PX)

    def draw(self, p: QPainter, r: QRectF, row: Line, option: QStyleOptionViewItem) -> None:
        if row.arrival is not None:
            self._arrival(p, r, row, row.arrival)
        elif row.position:
            self._ground(p, r.adjusted(8, 0, 0, 0), is_chosen(option), is_pointed_at(option))
            self._layer(p, r, row, is_chosen(option))
        else:
            self._meta(p, r, row)
        ring(p, self._look, option, r.adjusted(8, 0, 0, 0), 8)

    def _ground(self, p: QPainter, r: QRectF, chosen: bool, pointed: bool) -> None:
        t = self._look.tokens
        if chosen:
            box(p, t, r, t.raised, 8, t.line_strong if t.is_flat else t.raised)
        elif pointed:
            p.setPen(Qt.PenStyle.NoPen)
            p.setBrush(tint(t.ink, 16))
            p.drawRoundedRect(r, 8, 8)

    def _layer(self, p: QPainter, r: QRectF, line: Line, chosen: bool) -> None:
        t, look = self._look.tokens, self._look
        to, middle = r.right() - EDGE_PX, r.top() + 21
        wrong = line.position in self._wrong()
        number_tag(p, t, PAD, r.top() + 16, str(line.position), t.hue(line.position))
        size = size_words(line.size_bytes, look.lang)
        say(p, to, middle, size, t.bad_text if wrong else t.ink, NOTE, 500, "right")
        room = to - TEXT_X - 12 - width_of(size, font(NOTE, 500))
        text = paths.display(line.text) or look.say("explore.no_instruction")
        ink = t.bad_text if wrong else t.ink
        say(p, TEXT_X, middle, text, ink, NOTE, 500 if chosen else 400, mono=bool(line.text), room=room)
        track = QRectF(TEXT_X, r.top() + 34, to - TEXT_X, 4)
        track.setRight(to - self._counts_px())
        self._counts(p, to, r.top() + 40.5, line)
        bar(p, t, track, 1.0 if line.size_bytes else 0.0, t.hue_text(line.position, 1.8) if t.is_light else
            t.hue(line.position))  # fmt: skip
        if line.facts is not None and line.facts.hidden_bytes and line.size_bytes:
            share = min(line.facts.hidden_bytes / line.size_bytes, 1.0)
            part = QRectF(track.left(), track.top(), max(track.width() * share, 4), track.height())
            bar(p, t, part, 1.0, t.bad)

    def _counts(self, p: QPainter, to: float, y: float, line: Line) -> None:
        """How many files the layer adds, changes and removes, right of its bar."""
        t = self._look.tokens
        inks = {"+": t.good_text, "~": t.accent_text, "−": t.bad_text}
        for text in reversed(counts_of(line)):
            to -= say(p, to, y, text, inks[text[0]], COUNT_PX, 500, "right") + COUNT_GAP_PX

    def _counts_px(self) -> float:
        """The room of the longest, for all bars end at one line."""
        rows = self._model.rows
        if self._measured[0] is not rows:
            face = font(COUNT_PX, 500)
            wide = (sum(width_of(text, face) + COUNT_GAP_PX for text in counts_of(line)) for line in rows)
            self._measured = rows, max(wide, default=0.0)
        return self._measured[1]

    def _arrival(self, p: QPainter, r: QRectF, line: Line, arrival: Arrival) -> None:
        """A layer that is not read yet: an outline, and how far it is."""
        t, look = self._look.tokens, self._look
        to, middle = r.right() - EDGE_PX, r.top() + 21
        number, face = str(line.position), font(NOTE, 700)
        tag = QRectF(PAD, r.top() + 6, max(20.0, width_of(number, face) + 10), 20)
        p.setPen(QPen(t.hue_text(line.position, 3.0), 1.4, Qt.PenStyle.DashLine))
        p.setBrush(Qt.BrushStyle.NoBrush)
        p.drawRoundedRect(tag.adjusted(0.7, 0.7, -0.7, -0.7), 5, 5)
        say(p, tag.center().x(), r.top() + 20.7, number, t.dim, NOTE, 700, "centre")
        moves = arrival.step in ("coming", "being_read")
        stored = size_words(arrival.stored_bytes, look.lang) if arrival.stored_bytes is not None else ""
        what = f"{arrival.share:.0%}" if moves else stored
        say(p, to, middle, what, t.ink if moves else t.dim, NOTE, 500 if moves else 400, "right")
        room = to - TEXT_X - 12 - width_of(what, font(NOTE, 500))
        text = paths.display(line.text) or look.say("explore.no_instruction")
        say(p, TEXT_X, middle, text, t.dim, NOTE, 400, mono=bool(line.text), room=room)
        colour = t.dim if arrival.step == "coming" else t.accent
        bar(p, t, QRectF(TEXT_X, r.top() + 34, to - TEXT_X, 4), arrival.share if moves else 0.0, colour)

    def _meta(self, p: QPainter, r: QRectF, line: Line) -> None:
        t = self._look.tokens
        what = self._look.say("player.config_only")
        to = r.right() - EDGE_PX
        say(p, to, r.top() + 21, what, t.dim, NOTE, 400, "right")
        room = to - TEXT_X - 12 - width_of(what, font(NOTE))
        say(p, TEXT_X, r.top() + 21, paths.display(line.text), t.dim, NOTE, 400, mono=True, room=room)
        p.setPen(Qt.PenStyle.NoPen)
        p.setBrush(t.faint)
        p.drawEllipse(QPointF(PAD + 10, r.top() + 16.5), 2.5, 2.5)
