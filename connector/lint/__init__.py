"""The manifest's linter: what a schema can see and what it can't, each finding with file, line and block."""

from connector.lint.findings import Finding, check_manifest, is_sound

__all__ = ["Finding", "check_manifest", "is_sound"]
