"""The ways to see a change. Each gives, for a `Watch` and the memory of the look before, what it `Seen`."""
