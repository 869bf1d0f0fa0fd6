"""Doors for platforms that call in: each is derived from the manifest and hands over to `Connector`."""
