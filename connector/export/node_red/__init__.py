"""A Node-RED palette: an npm package with one node a block, which calls the blocks of an HTTP runner.

Made from the manifest alone, by `build_package`; the JavaScript in `runtime/` and `editor/` knows no block.
"""

from connector.export.node_red.files import build_package, export

__all__ = ["build_package", "export"]
