"""Verbatim, the open quote record: who said what, where it was printed, with the evidence."""

__version__ = "0.1.0"
