"""The rows of a list that is painted, as Qt takes them, and what every painted row has."""

from collections.abc import Callable, Sequence
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QRectF, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem

Index = QModelIndex | QPersistentModelIndex
R = TypeVar("R")


class RowsModel(QAbstractListModel, Generic[R]):
    """`text` is what is shown of a row, `said` what a screen reader says, `tip` what stands in its tip (the text where
    there is none); `can_be_chosen` tells whether it is more than a remark between others.

    A view is told of `at_once` rows at first, and of more as one comes to the last of them: rows that are not looked at
    cost nothing.
    """

    def __init__(
        self,
        text: Callable[[R], str],
        said: Callable[[R], str],
        tip: Callable[[R], str] | None = None,
        can_be_chosen: Callable[[R], bool] = lambda row: True,
        at_once: int = 200,
    ) -> None:
        super().__init__()
        self._text, self._said, self._tip, self._can_be_chosen = text, said, tip or text, can_be_chosen
        self._at_once = at_once
        self.rows: tuple[R, ...] = ()
        self._known = 0

    def show(self, rows: Sequence[R]) -> None:
        """Other rows in place of those that are there."""
        self.beginResetModel()
        self.rows, self._known = tuple(rows), min(len(rows), self._at_once)
        self.endResetModel()

    def renew(self, rows: Sequence[R]) -> None:
        """The same rows, of which something else is known now."""
        self.rows = tuple(rows)
        if self._known:
            self.dataChanged.emit(self.index(0), self.index(self._known - 1))

    def reach(self, row: int) -> QModelIndex:
        """The index of a row, which the view knows of from now on."""
        self._tell_of(row + 1)
        return self.index(row)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 # as Qt declares it
        return 0 if parent.isValid() else self._known

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._known < len(self.rows)

    def fetchMore(self, parent: Index) -> None:
        self._tell_of(self._known + self._at_once)

    def _tell_of(self, count: int) -> None:
        count = min(count, len(self.rows))
        if count > self._known:
            self.beginInsertRows(QModelIndex(), self._known, count - 1)
            self._known = count
            self.endInsertRows()

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = Qt.ItemFlag.ItemIsEnabled
        return flags | Qt.ItemFlag.ItemIsSelectable if self._can_be_chosen(self.rows[index.row()]) else flags

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        row = self.rows[index.row()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return self._text(row)
            case Qt.ItemDataRole.AccessibleTextRole:
                return self._said(row)
            case Qt.ItemDataRole.ToolTipRole:
                return self._tip(row)
        return None


class RowPainter(QStyledItemDelegate, Generic[R]):
    """Paints the rows of a model, each as `draw` does."""

    def __init__(self, model: RowsModel[R]) -> None:
        super().__init__()
        self._model = model

    def row(self, index: Index) -> R:
        return self._model.rows[index.row()]

    def draw(self, p: QPainter, r: QRectF, row: R, option: QStyleOptionViewItem) -> None:
        """`row` within `r`."""
        raise NotImplementedError

    def paint(self, p: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        p.save()
        try:
            p.setRenderHint(QPainter.RenderHint.Antialiasing)
            self.draw(p, QRectF(option.rect), self.row(index), option)
        finally:
            p.restore()


def is_chosen(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_Selected)


def is_pointed_at(option: QStyleOptionViewItem) -> bool:
    return bool(option.state & QStyle.StateFlag.State_MouseOver)
