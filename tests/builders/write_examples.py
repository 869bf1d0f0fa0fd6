"""Writes the published workflows for n8n and Node-RED: `python tests/builders/write_examples.py`. A test compares."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from builders import n8n_examples, node_red_examples
from workflow_stories import WORKFLOWS

from connector.manifest.manifest import Manifest


def build_files(manifest: Manifest) -> dict[Path, str]:
    """Every file and what is in it."""
    built: dict[str, Mapping[str, Any]] = {
        "n8n": n8n_examples.build_all(manifest),
        "node-red": node_red_examples.build_all(manifest),
    }
    return {
        WORKFLOWS / builder / f"{name}.json": json.dumps(document, indent=2, ensure_ascii=False) + "\n"
        for builder, documents in built.items()
        for name, document in documents.items()
    }


if __name__ == "__main__":
    for path, text in build_files(Manifest.load()).items():
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
