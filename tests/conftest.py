"""Every test runs without a display, unless the one who starts it chose a Qt platform."""

import os

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
