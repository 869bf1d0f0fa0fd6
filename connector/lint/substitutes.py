"""Findings on routes by another service, and on what makes a block's output of their answers."""

from __future__ import annotations

from collections.abc import Iterator

from connector.manifest.blocks import Block
from connector.manifest.expressions import compile_expression
from connector.manifest.manifest import Manifest
from connector.manifest.routes import Route
from connector.manifest.yaml_lines import Path as Place


def check_substitute(manifest: Manifest, block: Block, route: Route, where: Place) -> Iterator[tuple[Place, str]]:
    """What is wrong with a `route` of `block` that needs consent or reshapes its answer."""
    if route.reshape:
        try:
            compile_expression(route.reshape)
        except ValueError as problem:
            yield (*where, "reshape"), f"is no JMESPath expression: {' '.join(str(problem).split())}"
    if route.match and not route.reshape:
        yield (*where, "match"), "compares what reshape makes of the answer, and there is none"
    for path, name in route.match.items():
        if name not in block.fields:
            yield (*where, "match", path), f"{name} is compared and not declared"
    if route.consent is None:
        return
    if route == block.routes[0]:
        yield (*where, "consent"), "stands on the first route: a substitute stands in for another one"
    if manifest.auth.get(route.server) is not None:
        yield (*where, "request"), f"{route.server} is told who calls, and a substitute is told nothing of that"
    if block.effect != "read":
        yield (*where, "consent"), "stands on a block that changes something: a substitute only reads"
    for name in sorted(route.fields & block.fields.keys()):
        if block.fields[name].secret:
            yield where, f"{name} is a secret, and would go to another service"
