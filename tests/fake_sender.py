"""A sender for the plans of `connector.many` whose answers come from a function."""

from connector.wire.deadline import Cancel


class FakeSender:
    """Answers by `fetch`; `pressure` counts how often the service has pushed back. Keeps the warnings."""

    def __init__(self, fetch, width=8, cancel=None, pressure=None):
        self.send = fetch
        self.width = width
        self.cancel = cancel or Cancel()
        self.feel_pressure = pressure or (lambda: 0)
        self.count_left = lambda: None
        self.warnings = []

    def warn(self, text):
        self.warnings.append(text)
