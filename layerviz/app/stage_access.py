"""The stage for a screen reader: a group whose children are the layers and files that stand on it, in reading order."""

from PySide6.QtCore import QObject, QPoint, QPointF, QRect
from PySide6.QtGui import QAccessible, QAccessibleInterface, QWindow

from layerviz.app.reach import Spot
from layerviz.app.stage import Stage


class StageAccess(QAccessibleInterface):
    """The stage itself. Its children are kept by their place, for Qt remembers interfaces by their address."""

    def __init__(self, stage: Stage) -> None:
        super().__init__()
        self._stage = stage
        self._children: list[SpotAccess] = []

    @property
    def spots(self) -> tuple[Spot, ...]:
        return self._stage.spots()

    @property
    def stage(self) -> Stage:
        return self._stage

    def isValid(self) -> bool:
        return True

    def object(self) -> QObject:
        return self._stage

    def window(self) -> QWindow:
        handle = self._stage.window().windowHandle()
        assert handle is not None
        return handle

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.Grouping

    def state(self) -> QAccessible.State:
        state = QAccessible.State()
        state.focusable = True
        state.focused = self._stage.hasFocus()
        return state

    def text(self, kind: QAccessible.Text) -> str:
        return self._stage.said() if kind in (QAccessible.Text.Name, QAccessible.Text.Description) else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """What is said of the stage comes from what stands on it."""

    def rect(self) -> QRect:
        return QRect(self._stage.mapToGlobal(QPoint(0, 0)), self._stage.size())

    def parent(self) -> QAccessibleInterface:
        above = self._stage.parentWidget()
        assert above is not None
        return QAccessible.queryAccessibleInterface(above)

    def childCount(self) -> int:
        return len(self.spots)

    def child(self, index: int) -> QAccessibleInterface:
        while len(self._children) <= index:
            self._children.append(SpotAccess(self, len(self._children)))
        return self._children[index]

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        shape = self._stage.shape_at(QPointF(self._stage.mapFromGlobal(QPoint(x, y))))
        for index, spot in enumerate(self.spots):
            if shape is not None and spot.shape_id == shape.id:
                return self.child(index)
        return self

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return child.index if isinstance(child, SpotAccess) else -1

    def focusChild(self) -> QAccessibleInterface:
        for index, spot in enumerate(self.spots):
            if spot.address and spot.address == self._stage.pointed_address:
                return self.child(index)
        return self


class SpotAccess(QAccessibleInterface):
    """The layer or file at a place of the list."""

    def __init__(self, stage: StageAccess, index: int) -> None:
        super().__init__()
        self._stage, self.index = stage, index

    def _spot(self) -> Spot | None:
        spots = self._stage.spots
        return spots[self.index] if self.index < len(spots) else None

    def isValid(self) -> bool:
        return self._spot() is not None

    def object(self) -> QObject:
        # Not a QObject of its own: the stage draws it.
        return None  # type: ignore[return-value]

    def window(self) -> QWindow:
        return self._stage.window()

    def role(self) -> QAccessible.Role:
        return QAccessible.Role.ListItem

    def state(self) -> QAccessible.State:
        state, spot = QAccessible.State(), self._spot()
        state.selectable = True
        state.selected = spot is not None and spot.address == self._stage.stage.chosen_address
        state.focused = spot is not None and spot.address == self._stage.stage.pointed_address
        return state

    def text(self, kind: QAccessible.Text) -> str:
        spot = self._spot()
        return (spot.alt or spot.address) if spot is not None and kind == QAccessible.Text.Name else ""

    def setText(self, kind: QAccessible.Text, text: str) -> None:
        """What is said of a thing comes from the picture."""

    def rect(self) -> QRect:
        spot, stage = self._spot(), self._stage.stage
        if spot is None:
            return QRect()
        corners = stage.outline_of(spot.shape_id)
        xs, ys = [round(c.x()) for c in corners], [round(c.y()) for c in corners]
        return QRect(stage.mapToGlobal(QPoint(min(xs), min(ys))), stage.mapToGlobal(QPoint(max(xs), max(ys))))

    def parent(self) -> QAccessibleInterface:
        return self._stage

    def childCount(self) -> int:
        return 0

    def child(self, index: int) -> QAccessibleInterface:
        return None  # type: ignore[return-value] # it has none

    def childAt(self, x: int, y: int) -> QAccessibleInterface:
        return self

    def indexOfChild(self, child: QAccessibleInterface) -> int:
        return -1


_known: dict[int, StageAccess] = {}


def install() -> None:
    """Lets Qt ask for the stage's own interface."""
    QAccessible.installFactory(_made)


def _made(class_name: str, thing: QObject | None) -> QAccessibleInterface | None:
    if not isinstance(thing, Stage):
        return None
    known = _known.get(id(thing))
    if known is None:
        known = _known[id(thing)] = StageAccess(thing)
        key = id(thing)
        thing.destroyed.connect(lambda: _known.pop(key, None))
    return known
