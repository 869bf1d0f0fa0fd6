"""What is declared: blocks, their fields and routes, schema files, and the YAML that says it."""

from connector.manifest.manifest import Manifest

__all__ = ["Manifest"]
