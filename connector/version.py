"""The version, which the CHANGELOG's newest heading repeats."""

__version__ = "0.1.0"
