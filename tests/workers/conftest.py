"""What workers within the process of the tests leave behind."""

from collections.abc import Iterator

import pytest
from celery.signals import setup_logging


@pytest.fixture(autouse=True, scope="session")
def _logging_as_it_is() -> Iterator[None]:
    """A worker here leaves logging as it is: other tests look at what is logged."""

    def leave(**_: object) -> None:
        """Whoever hears of it has set logging up."""

    setup_logging.connect(leave)
    yield
    setup_logging.disconnect(leave)
