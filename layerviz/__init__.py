"""Container image layers made visible: lessons, a lab, full-screen presenting, export."""

__version__ = "0.1.0"
