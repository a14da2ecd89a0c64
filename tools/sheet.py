"""Contact sheets: pictures side by side, each under its name."""

from collections.abc import Sequence

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QColor, QFont, QImage, QPainter

COLUMNS, ROWS = 3, 4
CELL_WIDTH, LINE, GAP = 800, 30, 10


def sheet(cells: Sequence[tuple[str, QImage]]) -> QImage:
    """Up to twelve pictures of one shape, in three columns, each `CELL_WIDTH` wide."""
    drawn = [
        (label, picture.scaledToWidth(CELL_WIDTH, Qt.TransformationMode.SmoothTransformation))
        for label, picture in cells
    ]
    height = max(picture.height() for _, picture in drawn) + LINE + GAP
    rows = -(-len(drawn) // COLUMNS)
    page = QImage(COLUMNS * (CELL_WIDTH + GAP) + GAP, rows * height + GAP, QImage.Format.Format_RGB32)
    page.fill(QColor("#808080"))
    painter = QPainter(page)
    try:
        font = QFont("Inter")
        font.setPixelSize(18)
        painter.setFont(font)
        for index, (label, picture) in enumerate(drawn):
            left, top = GAP + index % COLUMNS * (CELL_WIDTH + GAP), GAP + index // COLUMNS * height
            painter.drawText(QRect(left, top, CELL_WIDTH, LINE), Qt.AlignmentFlag.AlignVCenter, label)
            painter.drawImage(QPoint(left, top + LINE), picture)
    finally:
        painter.end()
    return page
