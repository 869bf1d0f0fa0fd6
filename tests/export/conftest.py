"""The Node.js in which the JavaScript of the palettes is tried."""

import pytest
from builders.provision import CannotInstall, find_node
from giving_up import give_up


@pytest.fixture(scope="session")
def node() -> str:
    """Node.js as a command."""
    try:
        return str(find_node().program)
    except CannotInstall as problem:
        give_up(problem)
