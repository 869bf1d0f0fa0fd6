"""The command line: a thin door onto `Connector`, derived from the manifest."""

from connector.cli.app import main

__all__ = ["main"]
