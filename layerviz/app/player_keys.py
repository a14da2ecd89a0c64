"""What the keys do while the player has them."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent

if TYPE_CHECKING:
    from layerviz.app.player import Player

Key = Qt.Key
NEXT = (Key.Key_Right, Key.Key_Space, Key.Key_PageDown, Key.Key_Return, Key.Key_Enter)
BACK = (Key.Key_Left, Key.Key_PageUp, Key.Key_Backspace)
BLANK = ("b", ".")


def act_of(player: "Player", event: QKeyEvent) -> Callable[[], object] | None:
    """What a key does; None where it is not one of the player's."""
    key = Key(event.key())
    modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if modifiers == Qt.KeyboardModifier.ShiftModifier and key == Key.Key_F5:
        return player.present_from_start
    if modifiers != Qt.KeyboardModifier.NoModifier:
        return None
    if player.is_full_screen and event.text().lower() in BLANK:
        return player.blank_out
    if key in NEXT:
        return player.next
    return player.back if key in BACK else _others(player).get(key)


def _others(player: "Player") -> dict[Key, Callable[[], object]]:
    def present() -> None:
        player.presented.emit(not player.is_full_screen)

    return {
        Key.Key_Home: player.to_start,
        Key.Key_End: player.to_end,
        Key.Key_R: player.stage.replay,
        Key.Key_N: lambda: player.set_notes(not player.has_notes),
        Key.Key_F5: present,
        Key.Key_F11: present,
        Key.Key_F6: player.next_pane,
    }
